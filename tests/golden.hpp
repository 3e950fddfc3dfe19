// Golden: cases kept as text files: commands, attached files, and what must come out.
//
//     # A rate with the letter O is refused with its place.
//     $ tranchain deal check bad.toml
//     --- file bad.toml
//     rate = "5.8O%"
//     --- stdout
//     --- stderr
//     bad.toml:1:8: error: ...
//     --- status 3
//
// The `$` lines run in one shell, in a folder of their own in which `data` is the repository's
// data/ and `tests` its tests/; the last one's exit status counts. Environment: LC_ALL=C, HOME and
// PATH only. `--- label slow` leaves a case out of the quick set. `--- file NAME` may end in
// `(no newline)`. Sections that are left out are empty, the status then 0. UPDATE=1 rewrites stdout,
// stderr and status.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tranchain::golden {

struct Case {
    std::string path, name;
    std::vector<std::string> comments, commands, labels;
    std::vector<std::pair<std::string, std::string>> files;
    std::string out, err;
    int status = 0;
};

struct Ran {
    std::string out, err;
    int status = 0;
};

/// All cases under `folder`, by path. Two of one name are refused.
std::vector<Case> find_cases(const std::string& folder);
Case read_case(const std::string& path);
std::string write_case(const Case& c);
/// Runs the shell script in a new folder that holds `files`.
Ran run_script(const std::string& script,
               const std::vector<std::pair<std::string, std::string>>& files);
/// Registers every case with Boost.Test as golden/<name>.
void register_cases(const std::string& folder);

std::string read_text(const std::string& path);

}  // namespace tranchain::golden
