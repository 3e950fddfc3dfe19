// Guard: small files, replaced by rename: canonical JSON, and for an endorsement the body below.
// SPDX-License-Identifier: Apache-2.0
#include "chain/guard.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chain/finding.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

/// A descriptor closed at the end of its scope.
struct Descriptor {
    explicit Descriptor(int fd) : value(fd) {}
    ~Descriptor()
    {
        if (value >= 0) ::close(value);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int value;
};

tl::unexpected<Error> io_error(const std::string& path, const char* what)
{
    return fail(Code::io, std::string("cannot ") + what + ": " + std::strerror(errno), {path});
}

std::string member_list(const OwnReady& r, const std::string& chain)
{
    return Json::object({{"attempt", r.attempt},
                         {"chain", chain},
                         {"epoch", r.epoch},
                         {"header", hex(r.hash)},
                         {"height", r.height},
                         {"v", 1}})
        .canonical();
}

std::string member_list(const OwnEndorsement& e, const std::string& chain)
{
    return Json::object({{"attempt", e.attempt},
                         {"chain", chain},
                         {"epoch", e.epoch},
                         {"header", e.header},
                         {"height", e.height},
                         {"time", e.time},
                         {"v", 1}})
               .canonical() +
           "\n" + e.body;
}

}  // namespace

std::string Guard::folder_of(const std::string& key_path)
{
    return key_path + ".guard";
}

Guard::Guard(Guard&& other) noexcept
    : folder_(std::move(other.folder_)), stem_(std::move(other.stem_)), lock_(other.lock_),
      ready_(std::move(other.ready_)), endorsement_(std::move(other.endorsement_)),
      freeze_(std::move(other.freeze_))
{
    other.lock_ = -1;
}

Guard::~Guard()
{
    if (lock_ >= 0) ::close(lock_);
}

Result<Guard> Guard::open(const std::string& folder, const std::string& chain, bool create)
{
    std::string stem = chain;
    std::replace(stem.begin(), stem.end(), '/', '-');
    if (create && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return io_error(folder, "make the guard folder");
    const std::string lock_path = folder + "/lock";
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 && errno == ENOENT) {
        auto e = fail(Code::denied, "the guard folder is missing, but the database holds answers "
                                    "of this key", {folder},
                      "put the folder back; it keeps the key from signing twice");
        e.value().id = finding::missing_guard;
        return e;
    }
    if (lock < 0) return io_error(lock_path, "open the guard");
    Guard guard(folder, stem, lock);
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
        return fail(Code::busy, "another command is using this key", {folder});
    if (create) {
        // The folder's own entry must survive a power cut before anything relies on it.
        const std::size_t slash = folder.find_last_of('/');
        const std::string parent = slash == std::string::npos ? "." : folder.substr(0, slash + 1);
        const Descriptor dir(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (dir.value < 0 || ::fsync(dir.value) != 0) return io_error(parent, "sync the folder");
    }
    TRANCHAIN_DO(guard.load());
    return guard;
}

Result<> Guard::load()
{
    TRANCHAIN_TRY(const auto ready_text, read("ready"));
    if (ready_text) {
        TRANCHAIN_TRY(const Json json, parse_canonical(*ready_text));
        Fields f(json, "guard");
        OwnReady r;
        r.attempt = f.integer("attempt");
        r.epoch = f.integer("epoch");
        r.height = f.integer("height");
        static_cast<void>(f.text("chain"));
        static_cast<void>(f.integer("v"));
        TRANCHAIN_TRY(r.hash, hash_from_hex(f.hash("header")));
        if (auto e = f.finish(); !e.empty()) return tl::make_unexpected(first_of(e));
        ready_ = r;
    }
    TRANCHAIN_TRY(const auto endorsement_text, read("endorsement"));
    if (endorsement_text) {
        const std::size_t line = endorsement_text->find('\n');
        if (line == std::string::npos)
            return fail(Code::invalid_input, "the guard's endorsement is cut short", {folder_});
        TRANCHAIN_TRY(const Json json,
                      parse_canonical(std::string_view(*endorsement_text).substr(0, line)));
        Fields f(json, "guard");
        OwnEndorsement e;
        e.attempt = f.integer("attempt");
        e.epoch = f.integer("epoch");
        e.height = f.integer("height");
        e.time = f.integer("time");
        e.header = f.text("header");
        e.body = endorsement_text->substr(line + 1);
        e.hash = sha256(e.header);
        static_cast<void>(f.text("chain"));
        static_cast<void>(f.integer("v"));
        if (auto errors = f.finish(); !errors.empty())
            return tl::make_unexpected(first_of(errors));
        endorsement_ = std::move(e);
    }
    TRANCHAIN_TRY(const auto freeze_text, read("freeze"));
    if (freeze_text) {
        TRANCHAIN_TRY(Freeze f, one(Freeze::from_intent(*freeze_text)));
        freeze_ = std::move(f);
    }
    return {};
}

Result<std::optional<std::string>> Guard::read(const std::string& name) const
{
    const std::string path = folder_ + "/" + stem_ + "." + name;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.value < 0) {
        if (errno == ENOENT) return std::optional<std::string>{};
        return io_error(path, "read the guard");
    }
    std::string bytes;
    char buffer[65536];
    for (;;) {
        const ssize_t n = ::read(file.value, buffer, sizeof buffer);
        if (n < 0) return io_error(path, "read the guard");
        if (n == 0) break;
        bytes.append(buffer, static_cast<std::size_t>(n));
    }
    return std::optional<std::string>(std::move(bytes));
}

Result<> Guard::write(const std::string& name, const std::string& bytes) const
{
    const std::string path = folder_ + "/" + stem_ + "." + name;
    const std::string fresh = path + ".new";
    {
        const Descriptor file(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (file.value < 0) return io_error(fresh, "write the guard");
        for (std::size_t done = 0; done < bytes.size();) {
            const ssize_t n = ::write(file.value, bytes.data() + done, bytes.size() - done);
            if (n <= 0) return io_error(fresh, "write the guard");
            done += static_cast<std::size_t>(n);
        }
        if (::fsync(file.value) != 0) return io_error(fresh, "sync the guard");
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) return io_error(path, "replace the guard");
    const Descriptor dir(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir.value < 0 || ::fsync(dir.value) != 0) return io_error(folder_, "sync the guard folder");
    return {};
}

Result<> Guard::put(const OwnReady& ready)
{
    if (ready_ == ready) return {};
    const auto rank = [](const OwnReady& r) { return std::tuple(r.epoch, r.height, r.attempt); };
    if (ready_ && rank(*ready_) >= rank(ready))
        return fail(Code::denied, "the guard holds a newer ready answer, or another one in its place",
                    {folder_}, "import a bundle of another member, then run the command again");
    TRANCHAIN_DO(write("ready", member_list(ready, stem_)));
    ready_ = ready;
    return {};
}

Result<> Guard::put(const OwnEndorsement& endorsement)
{
    if (endorsement_ == endorsement) return {};
    TRANCHAIN_DO(write("endorsement", member_list(endorsement, stem_)));
    endorsement_ = endorsement;
    return {};
}

Result<> Guard::put(const Freeze& freeze)
{
    if (freeze_ && freeze_->intent() == freeze.intent()) return {};
    TRANCHAIN_DO(write("freeze", freeze.intent()));
    freeze_ = freeze;
    return {};
}

}  // namespace tranchain
