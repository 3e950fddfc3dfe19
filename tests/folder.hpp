// Folder: a private temporary folder of one test, removed at its end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tranchain {

class TestFolder {
public:
    TestFolder()
    {
        std::string form = (std::filesystem::temp_directory_path() / "tranchain-XXXXXX").string();
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
    std::string path_;
};

}  // namespace tranchain
