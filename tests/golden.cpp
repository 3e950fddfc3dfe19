// Golden: the runner of case files.
// SPDX-License-Identifier: Apache-2.0
#include "tests/golden.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace fs = std::filesystem;
namespace but = boost::unit_test;

namespace tranchain::golden {

namespace {

constexpr std::string_view no_newline = " (no newline)";

std::string environment(const char* name, const char* otherwise)
{
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : value;
}

/// A folder that is gone afterwards.
class Folder {
public:
    Folder()
    {
        std::string pattern = (fs::temp_directory_path() / "tranchain-golden-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) { throw std::runtime_error("mkdtemp failed"); }
        path_ = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

void write_text(const fs::path& path, const std::string& text)
{
    if (path.has_parent_path()) { fs::create_directories(path.parent_path()); }
    std::ofstream(path, std::ios::binary) << text;
}

void check_case(const Case& c)
{
    std::string script;
    for (const std::string& line : c.commands) { script += line + "\n"; }
    const Ran ran = run_script(script, c.files);
    if (environment("UPDATE", "") == "1") {
        Case updated = c;
        updated.out = ran.out;
        updated.err = ran.err;
        updated.status = ran.status;
        write_text(c.path, write_case(updated));
        BOOST_TEST(true);
        return;
    }
    BOOST_TEST_CONTEXT(c.path << (c.comments.empty() ? "" : ": " + c.comments.front()))
    {
        BOOST_TEST(ran.out == c.out, "stdout differs; got:\n" << ran.out);
        BOOST_TEST(ran.err == c.err, "stderr differs; got:\n" << ran.err);
        BOOST_TEST(ran.status == c.status, "exit status " << ran.status << ", not " << c.status);
    }
}

}  // namespace

std::string read_text(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Case read_case(const std::string& path)
{
    Case c;
    c.path = path;
    c.name = fs::path(path).stem().string();
    std::istringstream lines(read_text(path));
    std::string* section = nullptr;
    std::string* strip = nullptr;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("--- ")) {
            if (section != nullptr) { *section += line + "\n"; }
            else if (line.starts_with("# ")) { c.comments.push_back(line.substr(2)); }
            else if (line.starts_with("$ ")) { c.commands.push_back(line.substr(2)); }
            else if (!line.empty()) { throw std::runtime_error(path + ": what is '" + line + "'?"); }
            continue;
        }
        if (strip != nullptr && !strip->empty()) { strip->pop_back(); }
        strip = nullptr;
        std::string head = line.substr(4);
        if (head == "stdout") { section = &c.out; }
        else if (head == "stderr") { section = &c.err; }
        else if (head.starts_with("status ")) { c.status = std::stoi(head.substr(7)); }
        else if (head.starts_with("label ")) { c.labels.push_back(head.substr(6)); }
        else if (head.starts_with("file ")) {
            const bool cut = head.ends_with(no_newline);
            const std::string name =
                head.substr(5, head.size() - 5 - (cut ? no_newline.size() : 0));
            section = &c.files.emplace_back(name, "").second;
            if (cut) { strip = section; }
        }
        else { throw std::runtime_error(path + ": what is '" + line + "'?"); }
    }
    return c;
}

std::string write_case(const Case& c)
{
    std::string text;
    for (const std::string& line : c.comments) { text += "# " + line + "\n"; }
    for (const std::string& line : c.commands) { text += "$ " + line + "\n"; }
    for (const std::string& label : c.labels) { text += "--- label " + label + "\n"; }
    for (const auto& [name, body] : c.files) {
        const bool cut = !body.empty() && body.back() != '\n';
        text += fmt::format("--- file {}{}\n{}{}", name, cut ? no_newline : "", body, cut ? "\n" : "");
    }
    if (!c.out.empty()) { text += "--- stdout\n" + c.out; }
    if (!c.out.empty() && c.out.back() != '\n') { text += '\n'; }
    if (!c.err.empty()) { text += "--- stderr\n" + c.err; }
    return text + fmt::format("--- status {}\n", c.status);
}

Ran run_script(const std::string& script,
               const std::vector<std::pair<std::string, std::string>>& files)
{
    const Folder folder;
    const fs::path work = folder.path() / "work";
    const fs::path bin = folder.path() / "bin";
    fs::create_directories(work);
    fs::create_directories(bin);
    const fs::path program = fs::absolute(environment("TRANCHAIN", "build/release/tranchain"));
    if (!fs::exists(program)) { throw std::runtime_error(program.string() + " is not built"); }
    fs::create_symlink(program, bin / "tranchain");
    for (const char* shared : {"data", "tests", "man"}) {
        fs::create_directory_symlink(fs::absolute(shared), work / shared);
    }
    for (const auto& [name, body] : files) { write_text(work / name, body); }
    write_text(folder.path() / "script", script);
    std::string kept;
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "GLIBC_TUNABLES"}) {
        if (const std::string value = environment(name, ""); !value.empty()) {
            kept += fmt::format(" {}='{}'", name, value);
        }
    }
    const std::string root = folder.path().string();
    const std::string line = fmt::format(
        "cd {0}/work && exec env -i PATH={0}/bin:/usr/bin:/bin HOME={0}/work LC_ALL=C{1} "
        "timeout 300 sh {0}/script >{0}/out 2>{0}/err </dev/null",
        root, kept);
    const int status = std::system(line.c_str());
    return {read_text(root + "/out"), read_text(root + "/err"),
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

std::vector<Case> find_cases(const std::string& folder)
{
    std::vector<std::string> paths;
    if (!fs::exists(folder)) { return {}; }
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".test") { paths.push_back(entry.path().string()); }
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Case> cases;
    std::set<std::string> names;
    for (const std::string& path : paths) {
        cases.push_back(read_case(path));
        if (!names.insert(cases.back().name).second) {
            throw std::runtime_error("two golden cases are named " + cases.back().name);
        }
    }
    return cases;
}

void register_cases(const std::string& folder)
{
    but::test_suite* suite = BOOST_TEST_SUITE("golden");
    static const std::vector<Case> cases = find_cases(folder);  // Boost.Test keeps views of the names
    for (const Case& c : cases) {
        but::test_case* test = but::make_test_case([&c] { check_case(c); }, c.name, c.path, 1);
        for (const std::string& label : c.labels) { test->add_label(label); }
        suite->add(test);
    }
    but::framework::master_test_suite().add(suite);
}

}  // namespace tranchain::golden
