// Bundle: the archive and the file, byte for byte.
// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chain/bundle.hpp"
#include "chain/finding.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::size_t unit = 512;

std::string tar_header(const std::string& name, std::size_t size)
{
    std::string h(unit, '\0');
    const auto put = [&](std::size_t at, std::string_view text) {
        h.replace(at, text.size(), text);
    };
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, fmt::format("{:011o}", size));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, std::string_view("ustar\0" "00", 8));
    unsigned sum = 0;
    for (const char c : h) sum += static_cast<unsigned char>(c);
    put(148, fmt::format("{:06o}", sum));
    h[154] = '\0';
    return h;
}

}  // namespace

tl::unexpected<Error> bad_bundle(const std::string& file, const std::string& what)
{
    auto e = fail(Code::answer_no, what, {file}, "get the bundle again from its author");
    e.value().id = finding::bad_bundle;
    return e;
}

std::string write_tar(const Entries& entries)
{
    std::string out;
    for (const auto& [name, bytes] : entries) {
        out += tar_header(name, bytes.size());
        out += bytes;
        out.append((unit - bytes.size() % unit) % unit, '\0');
    }
    out.append(2 * unit, '\0');
    return out;
}

Result<Entries> read_tar(std::string_view bytes, const std::string& file)
{
    if (bytes.empty()) return fail(Code::invalid_input, "the file is empty", {file});
    if (bytes.size() < unit || bytes.substr(257, 5) != "ustar")
        return fail(Code::invalid_input, "this is not a bundle", {file},
                    "'chain export' of another member writes one");
    Entries entries;
    std::size_t at = 0;
    for (;;) {
        if (bytes.size() - at < unit) return bad_bundle(file, "the bundle is cut short");
        const std::string_view h = bytes.substr(at, unit);
        if (h.find_first_not_of('\0') == std::string_view::npos) break;
        const std::string name(h.substr(0, std::min<std::size_t>(h.find('\0'), 100)));
        std::size_t size = 0;
        for (const char c : h.substr(124, 11)) {
            if (c < '0' || c > '7') return bad_bundle(file, fmt::format("byte {}: not a bundle", at));
            size = size * 8 + static_cast<std::size_t>(c - '0');
        }
        // One comparison refuses every link, device, owner, time, prefix and odd padding.
        if (h != tar_header(name, size))
            return bad_bundle(file, fmt::format("byte {}: entry '{}' is not as bundles are written", at,
                                         is_signable_text(name) ? name : "?"));
        at += unit;
        const std::size_t padded = (size + unit - 1) / unit * unit;
        if (bytes.size() - at < padded) return bad_bundle(file, "the bundle is cut short in " + name);
        if (bytes.substr(at + size, padded - size).find_first_not_of('\0') !=
            std::string_view::npos)
            return bad_bundle(file, "bytes after the end of entry '" + name + "'");
        entries.emplace_back(name, bytes.substr(at, size));
        if (entries.size() > bundle_entries_limit) return bad_bundle(file, "too many entries");
        at += padded;
    }
    if (bytes.size() - at != 2 * unit ||
        bytes.substr(at).find_first_not_of('\0') != std::string_view::npos)
        return bad_bundle(file, "bytes after the end of the bundle");
    return entries;
}

Result<> write_file(const std::string& path, std::string_view bytes, unsigned mode)
{
    const std::string fresh = path + ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                          static_cast<mode_t>(mode));
    if (fd < 0)
        return fail(Code::io, std::string("cannot write: ") + std::strerror(errno), {path});
    bool good = true;
    for (std::size_t done = 0; good && done < bytes.size();) {
        const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
        good = n > 0;
        if (good) done += static_cast<std::size_t>(n);
    }
    good = good && ::fsync(fd) == 0;
    const int error = errno;
    ::close(fd);
    if (!good) {
        ::unlink(fresh.c_str());
        return fail(Code::io, std::string("cannot write: ") + std::strerror(error), {path});
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0)
        return fail(Code::io, std::string("cannot write: ") + std::strerror(errno), {path});
    return {};
}

Result<std::string> read_file(const std::string& path, std::size_t limit)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(errno == ENOENT ? Code::not_found : Code::io,
                    std::string("cannot read: ") + std::strerror(errno), {path});
    std::string bytes;
    std::string buffer(1 << 16, '\0');
    for (;;) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n <= 0 || bytes.size() > limit) {
            const int error = errno;
            ::close(fd);
            if (n < 0)
                return fail(Code::io, std::string("cannot read: ") + std::strerror(error), {path});
            if (bytes.size() > limit) return fail(Code::invalid_input, "the file is too large",
                                                  {path});
            return bytes;
        }
        bytes.append(buffer, 0, static_cast<std::size_t>(n));
    }
}

}  // namespace tranchain
