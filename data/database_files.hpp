// Database files: where SQLite looks for a database, so that readers change nothing and leave
// nothing. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "data/database.hpp"
#include "data/error.hpp"

namespace tranchain {

/// A private folder that vanishes with its owner.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    [[nodiscard]] const std::string& path() const { return path_; } ///< empty if none could be made

private:
    std::string path_;
};

/// How one file is opened: where SQLite looks, and what happens to the log at close.
struct DatabasePlan {
    std::string uri;
    bool keep_log = false; ///< a log with content is left exactly as it was
    std::unique_ptr<TemporaryFolder> copy;
};

/// Creates an empty file for Open::create, copies database and log to a private folder where a
/// reader could not work beside them, and so on; see Database::open.
[[nodiscard]] Result<DatabasePlan> plan_database(const std::string& path, Open how);

std::uintmax_t size_or_zero(const std::string& path);
/// Makes a new name in the folder of `path` durable.
void sync_folder(const std::string& path);

} // namespace tranchain
