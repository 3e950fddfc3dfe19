// Folder: a private temporary folder of one test, removed at its end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

namespace tranchain {

class TestFolder {
public:
    /// In memory where that is possible: tests wait for thousands of syncs, and kill no kernel.
    TestFolder()
    {
        std::string form = (root() / "tranchain-XXXXXX").string();
        path_ = ::mkdtemp(form.data()) ? form : std::string();
    }
    ~TestFolder()
    {
        std::error_code ec;
        std::filesystem::remove_all(path_, ec);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    static std::filesystem::path root()
    {
        const bool chosen = std::getenv("TMPDIR") != nullptr;
        if (!chosen && ::access("/dev/shm", W_OK) == 0) return "/dev/shm";
        return std::filesystem::temp_directory_path();
    }

    std::string path_;
};

}  // namespace tranchain
