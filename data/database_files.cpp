// Database files: planning how to open one; nothing here knows SQLite.
// SPDX-License-Identifier: Apache-2.0
#include "data/database_files.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace tranchain {

namespace fs = std::filesystem;

namespace {

/// `file:` URI of a path; only the characters with a meaning in URIs are escaped.
std::string uri(const std::string& path, const char* query)
{
    std::string out = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            out += c;
        }
    }
    return out + query;
}

bool writable_beside(const std::string& path)
{
    const fs::path folder = fs::path(path).parent_path();
    return ::access(path.c_str(), W_OK) == 0 &&
           ::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0;
}

struct Stamp {
    std::uintmax_t size = 0;
    std::uintmax_t log_size = 0;
    fs::file_time_type time;
    fs::file_time_type log_time;
    bool operator==(const Stamp&) const = default;
};

Stamp stamp(const std::string& path)
{
    std::error_code problem;
    Stamp s{size_or_zero(path), size_or_zero(path + "-wal"), {}, {}};
    s.time = fs::last_write_time(path, problem);
    s.log_time = fs::last_write_time(path + "-wal", problem);
    return s;
}

/// Copies database and log to a private folder; a writer at work meanwhile makes it try again.
Result<DatabasePlan> plan_copy(const std::string& path)
{
    auto folder = std::make_unique<TemporaryFolder>();
    if (folder->path().empty()) {
        return fail(Code::io, fmt::format("cannot make a temporary folder to read '{}'", path));
    }
    const std::string target = folder->path() + "/copy.db";
    for (int attempt = 0; attempt < 5; ++attempt) {
        const Stamp before = stamp(path);
        std::error_code problem;
        fs::copy_file(path, target, fs::copy_options::overwrite_existing, problem);
        if (!problem) {
            fs::copy_file(path + "-wal", target + "-wal", fs::copy_options::overwrite_existing,
                          problem);
        }
        if (problem && fs::exists(path + "-wal")) {
            return fail(Code::io, fmt::format("cannot copy '{}' to '{}': {}", path, folder->path(),
                                              problem.message()));
        }
        std::error_code ignored;
        fs::permissions(target, fs::perms::owner_read | fs::perms::owner_write, ignored);
        fs::permissions(target + "-wal", fs::perms::owner_read | fs::perms::owner_write, ignored);
        if (stamp(path) == before) {
            return DatabasePlan{uri(target, "?mode=rw"), false, std::move(folder)};
        }
    }
    return fail(Code::busy, fmt::format("database '{}' changes while it is read", path));
}

Result<DatabasePlan> plan_read(const std::string& path)
{
    const bool log_has_content = size_or_zero(path + "-wal") > 0;
    if (!writable_beside(path)) {
        if (log_has_content) {
            return plan_copy(path);
        }
        return DatabasePlan{uri(path, "?mode=ro&immutable=1"), false, nullptr};
    }
    // A living writer has a -shm; a log without one was left by a dead one or came by mail.
    if (log_has_content && !fs::exists(path + "-shm")) {
        return plan_copy(path);
    }
    return DatabasePlan{uri(path, "?mode=rw"), log_has_content, nullptr};
}

} // namespace

TemporaryFolder::TemporaryFolder()
{
    std::error_code ignored;
    std::string name = (fs::temp_directory_path(ignored) / "tranchain-copy-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) {
        path_ = name;
    }
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    if (!path_.empty()) {
        fs::remove_all(path_, ignored);
    }
}

std::uintmax_t size_or_zero(const std::string& path)
{
    std::error_code problem;
    const auto size = fs::file_size(path, problem);
    return problem ? 0 : size;
}

Result<DatabasePlan> plan_database(const std::string& path, Open how)
{
    std::error_code ignored;
    if (how == Open::create) {
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno == EEXIST) {
            return fail(Code::invalid_input, fmt::format("'{}' already exists", path), {path, 0, 0},
                        "choose another name, or remove it first");
        }
        if (fd < 0) {
            return fail(errno == ENOENT ? Code::not_found : Code::io,
                        fmt::format("cannot create '{}': {}", path, std::generic_category().message(errno)),
                        {path, 0, 0});
        }
        ::close(fd);
        return DatabasePlan{uri(path, "?mode=rw"), false, nullptr};
    }
    if (!fs::exists(path, ignored)) {
        return fail(Code::not_found, fmt::format("no database '{}'", path), {path, 0, 0});
    }
    if (how == Open::read) {
        return plan_read(path);
    }
    if (!writable_beside(path)) {
        return fail(Code::io, fmt::format("database '{}' cannot be written here", path),
                    {path, 0, 0});
    }
    return DatabasePlan{uri(path, "?mode=rw"), false, nullptr};
}

void sync_folder(const std::string& path)
{
    const fs::path folder = fs::path(path).parent_path();
    const int fd =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    ::fsync(fd);
    ::close(fd);
}

} // namespace tranchain
