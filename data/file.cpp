// Files: read whole, write whole or not at all.
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "data/csv.hpp"

namespace tranchain {

namespace {

tl::unexpected<Error> system_error(const std::string& what, const std::string& path, int number)
{
    const Code code = number == ENOENT ? Code::not_found : Code::io;
    return fail(code, fmt::format("{} '{}': {}", what, path, std::generic_category().message(number)), {path, 0, 0});
}

/// Closes on every way out.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (fd_ > 2) {
            ::close(fd_);
        }
    }
    [[nodiscard]] int get() const { return fd_; }
    int close()
    {
        const int rc = ::close(fd_);
        fd_ = -1;
        return rc;
    }

private:
    int fd_;
};

int write_all(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno;
        }
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return 0;
}

std::string folder_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) {
        return ".";
    }
    return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

Result<std::string> read_file(const std::string& path)
{
    const bool standard_input = path == "-";
    const Descriptor fd(standard_input ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) {
        return system_error("cannot open", path, errno);
    }
    std::string bytes;
    struct stat info {};
    if (::fstat(fd.get(), &info) == 0 && S_ISDIR(info.st_mode)) {
        return fail(Code::io, fmt::format("'{}' is a folder", path), {path, 0, 0});
    }
    if (S_ISREG(info.st_mode)) {
        bytes.reserve(static_cast<std::size_t>(info.st_size) + 1);
    }
    constexpr std::size_t piece = 1U << 16;
    for (;;) {
        const std::size_t old = bytes.size();
        const std::size_t room = std::max(piece, bytes.capacity() - old);
        bytes.resize(old + room);
        const ssize_t n = ::read(fd.get(), bytes.data() + old, room);
        bytes.resize(old + static_cast<std::size_t>(n > 0 ? n : 0));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return system_error("cannot read", path, errno);
        }
        if (n == 0) {
            return bytes;
        }
    }
}

Result<> write_file(const std::string& path, std::string_view bytes)
{
    struct stat info {};
    const bool exists = ::stat(path.c_str(), &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) { // a device or pipe is written, never replaced
        Descriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (fd.get() < 0) {
            return system_error("cannot open", path, errno);
        }
        if (const int e = write_all(fd.get(), bytes)) {
            return system_error("cannot write", path, e);
        }
        return {};
    }
    const std::string beside = fmt::format("{}.{}.tmp", path, ::getpid());
    const mode_t mode = exists ? info.st_mode & 07777U : 0666U;
    Descriptor fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (fd.get() < 0) {
        return system_error("cannot create", path, errno);
    }
    int problem = write_all(fd.get(), bytes);
    if (problem == 0 && ::fsync(fd.get()) != 0) {
        problem = errno;
    }
    if (fd.close() != 0 && problem == 0) {
        problem = errno;
    }
    if (problem == 0 && ::rename(beside.c_str(), path.c_str()) != 0) {
        problem = errno;
    }
    if (problem != 0) {
        ::unlink(beside.c_str());
        return system_error("cannot write", path, problem);
    }
    const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0) {
        ::fsync(folder.get());
    }
    return {};
}

} // namespace tranchain
