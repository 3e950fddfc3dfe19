// help, version: texts from the tree, manual pages where they are installed.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/help.hpp"

#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/terminal.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

std::string two_columns(const std::vector<std::pair<std::string, std::string>>& lines)
{
    constexpr std::size_t widest = 26;
    std::size_t width = 0;
    for (const auto& [left, right] : lines) {
        if (left.size() <= widest) { width = std::max(width, left.size()); }
    }
    std::string text;
    for (const auto& [left, right] : lines) {
        if (left.size() > width) {
            text += fmt::format("  {}\n  {:{}}  {}\n", left, "", width, right);
        }
        else { text += fmt::format("  {:{}}  {}\n", left, width, right); }
    }
    return text;
}

std::pair<std::string, std::string> line_of(const Parameter& p)
{
    std::string left = p.name();
    if (p.letter() != 0) { left = fmt::format("-{}, {}", p.letter(), left); }
    if (!p.is_positional() && !p.is_flag()) { left += " " + p.value_name(); }
    std::string right = p.help();
    if (!p.choices().empty()) { right += ": " + join(p.choices(), ", "); }
    return {left, right};
}

std::string synopsis(const Command& command)
{
    std::string text = "tranchain " + command.name();
    for (const bool positional : {false, true}) {
        for (const Parameter& p : command.parameters) {
            if (p.is_positional() == positional) { text += " " + p.synopsis(); }
        }
    }
    return text;
}

std::string global_options()
{
    Globals globals;
    GlobalWords words;
    std::deque<Parameter> parameters;
    Setup setup(parameters);
    add_globals(setup, globals, words);
    std::vector<std::pair<std::string, std::string>> lines;
    for (const Parameter& p : parameters) { lines.push_back(line_of(p)); }
    lines.emplace_back("-h, --help", "this text");
    lines.emplace_back("--version", "the version");
    return two_columns(lines);
}

struct HelpOptions {
    std::vector<std::string> words;
};

/// Runs man(1) on the page; false when there is no man or no such page.
bool show_manual(const std::string& page, const Globals& globals)
{
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child < 0) { return false; }
    if (child == 0) {
        if (std::freopen("/dev/null", "w", stderr) == nullptr) { std::_Exit(127); }
        if (globals.pager) { ::execlp("man", "man", page.c_str(), static_cast<char*>(nullptr)); }
        else { ::execlp("man", "man", "-P", "cat", page.c_str(), static_cast<char*>(nullptr)); }
        std::_Exit(127);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Outcome run_help(const HelpOptions& o, const Globals& globals, Output& out)
{
    const Tree tree = all_commands();
    const std::string noun = o.words.empty() ? "" : o.words[0];
    std::string text;
    if (noun.empty()) { text = help_text(tree); }
    else if (o.words.size() == 1) { text = help_text(tree, noun); }
    if (text.empty()) {
        const Command* command = tree.find(noun, o.words.size() > 1 ? o.words[1] : "");
        if (command == nullptr) {
            return fail(Code::usage, fmt::format("no help for '{}'", join(o.words, " ")), {},
                        "see 'tranchain help'");
        }
        text = help_text(tree, *command);
    }
    const std::string page = noun.empty() ? "tranchain" : "tranchain-" + noun;
    if (o.words.size() <= 1 && is_terminal(STDOUT_FILENO) && show_manual(page, globals)) { return {}; }
    return out.write_raw(text);
}

struct NoOptions {};

Outcome run_version(const NoOptions&, const Globals&, Output& out)
{
    Answer answer("tranchain.version/1");
    answer.data("version", TRANCHAIN_VERSION).note(version_text());
    return out.write(answer);
}

}  // namespace

std::string help_text(const Tree& tree)
{
    std::string text = "usage: tranchain COMMAND [OPTION...]\n\n"
                       "Structures receivable-backed notes and anchors what happens to them.\n";
    std::vector<std::pair<std::string, std::string>> lines;
    for (const Tree::Noun& noun : tree.nouns()) {
        std::string left = noun.name;
        std::string verbs;
        for (const Command* c : tree.of(noun.name)) {
            if (!c->verb.empty()) { verbs += (verbs.empty() ? "" : "|") + c->verb; }
        }
        lines.emplace_back(left, noun.help);
    }
    text += "\ncommands:\n" + two_columns(lines);
    text += "\noptions of every command:\n" + global_options();
    return text + "\nsee 'tranchain COMMAND --help', 'tranchain help COMMAND'\n";
}

std::string help_text(const Tree& tree, std::string_view noun)
{
    if (tree.find(noun, "") != nullptr || tree.of(noun).empty()) { return ""; }
    std::string text = fmt::format("usage: tranchain {} COMMAND [OPTION...]\n\ncommands:\n", noun);
    std::vector<std::pair<std::string, std::string>> lines;
    for (const Command* c : tree.of(noun)) { lines.emplace_back(c->name(), c->help); }
    return text + two_columns(lines) + fmt::format("\nsee 'tranchain {} COMMAND --help'\n", noun);
}

std::string help_text(const Tree&, const Command& command)
{
    std::string text = fmt::format("usage: {}\n\n{}\n", synopsis(command), command.help);
    for (const bool positional : {true, false}) {
        std::vector<std::pair<std::string, std::string>> lines;
        for (const Parameter& p : command.parameters) {
            if (p.is_positional() == positional) { lines.push_back(line_of(p)); }
        }
        if (lines.empty()) { continue; }
        text += (positional ? "\narguments:\n" : "\noptions:\n") + two_columns(lines);
    }
    return text + "\noptions of every command: see 'tranchain --help'\n";
}

std::string version_text() { return "tranchain " TRANCHAIN_VERSION "\n"; }

void add_help(Tree& tree)
{
    tree.noun("help", "explain a command");
    tree.add<HelpOptions>("help", "", "explain a command", run_help,
                          [](Setup& s, HelpOptions& o) {
                              s.positional("COMMAND", o.words, "a command, such as chain verify");
                          });
    tree.noun("version", "print the version");
    tree.add<NoOptions>("version", "", "print the version", run_version,
                        [](Setup&, NoOptions&) {});
}

}  // namespace tranchain
