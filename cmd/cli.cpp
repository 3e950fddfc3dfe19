// Cli: the one file that includes CLI11. It builds a parser for the named command only, so that the
// size of the tree costs nothing at start.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/cli.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>

#include "cmd/config.hpp"
#include "cmd/help.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

using Parameters = std::deque<Parameter>;

Error usage(std::string message, std::string hint)
{
    return {Code::usage, std::move(message), {}, std::move(hint)};
}

std::string see_help(const std::string& command)
{
    return command.empty() ? "see 'tranchain --help'"
                           : fmt::format("see 'tranchain {} --help'", command);
}

const Parameter* option_named(const Parameters& parameters, const std::string& word)
{
    const std::string name = word.substr(0, word.find('='));
    for (const Parameter& p : parameters) {
        if (p.is_positional()) { continue; }
        if (p.name() == name) { return &p; }
        if (p.letter() != 0 && name == std::string{'-', p.letter()}) { return &p; }
    }
    return nullptr;
}

/// The command's words, found by skipping global options and their values.
struct Named {
    std::string noun, verb, config;
    bool help = false, version = false;
};

Named find_names(const Parameters& globals, const std::vector<std::string>& words)
{
    Named named;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const std::string& word = words[i];
        if (word == "-h" || word == "--help") { named.help = true; }
        if (word == "--version") { named.version = true; }
        if (word.size() > 1 && word[0] == '-') {
            const Parameter* option = option_named(globals, word);
            const bool value_follows =
                option != nullptr && !option->is_flag() && word.find('=') == std::string::npos;
            if (option != nullptr && option->name() == "--config") {
                named.config = !value_follows ? word.substr(word.find('=') + 1)
                               : i + 1 < words.size() ? words[i + 1] : "";
            }
            if (value_follows) { ++i; }
            continue;
        }
        if (named.noun.empty()) { named.noun = word; }
        else if (named.verb.empty()) { named.verb = word; }
    }
    return named;
}

Error unknown(const std::string& what, const std::string& word,
              const std::vector<std::string>& known, const std::string& prefix)
{
    const auto near = closest(word, known);
    return usage(fmt::format("unknown {} '{}'", what, word),
                 near ? fmt::format("did you mean '{}{}'?", prefix, *near)
                 : prefix.empty() ? see_help("")
                                  : fmt::format("one of: {}", join(known, ", ")));
}

Result<const Command*> find_command(const Tree& tree, const Named& named)
{
    std::vector<std::string> nouns;
    for (const Tree::Noun& n : tree.nouns()) { nouns.push_back(n.name); }
    if (named.noun.empty()) { return tl::make_unexpected(usage("a command is missing", see_help(""))); }
    if (std::find(nouns.begin(), nouns.end(), named.noun) == nouns.end()) {
        return tl::make_unexpected(unknown("command", named.noun, nouns, ""));
    }
    if (const Command* alone = tree.find(named.noun, "")) { return alone; }
    std::vector<std::string> verbs;
    for (const Command* c : tree.of(named.noun)) { verbs.push_back(c->verb); }
    if (named.verb.empty()) {
        return tl::make_unexpected(usage(fmt::format("'{}' needs a command after it", named.noun),
                                         fmt::format("one of: {}", join(verbs, ", "))));
    }
    if (const Command* found = tree.find(named.noun, named.verb)) { return found; }
    return tl::make_unexpected(
        unknown(named.noun + " command", named.verb, verbs, named.noun + " "));
}

using Bound = std::vector<std::pair<const Parameter*, CLI::Option*>>;

void bind(CLI::App& app, const Parameters& parameters, Bound& bound)
{
    for (const Parameter& p : parameters) {
        std::string spec = p.name();
        if (p.letter() != 0) { spec = fmt::format("-{},{}", p.letter(), spec); }
        CLI::Option* option = p.is_flag() ? app.add_flag(spec)
                                          : app.add_option(spec, [](const CLI::results_t&) { return true; });
        if (!p.is_flag() && p.takes_many()) {
            option->take_all()->expected(p.is_positional() ? -1 : 1);
            option->allow_extra_args(p.is_positional())->take_all();
        }
        else if (!p.is_flag()) { option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw); }
        bound.emplace_back(&p, option);
    }
}

/// CLI11 says which words were left over, but neither what they are nor what was meant.
Error leftover(const std::string& word, const Parameters& globals, const Command& command)
{
    if (word.size() < 2 || word[0] != '-') {
        return usage(fmt::format("unexpected argument '{}'", word), see_help(command.name()));
    }
    std::vector<std::string> known{"--help", "--version"};
    for (const Parameters* list : {&globals, &command.parameters}) {
        for (const Parameter& p : *list) {
            if (!p.is_positional()) { known.push_back(p.name()); }
        }
    }
    const std::string name = word.substr(0, word.find('='));
    const auto near = closest(name, known);
    return usage(fmt::format("unknown option '{}'", name),
                 near ? fmt::format("did you mean '{}'?", *near) : see_help(command.name()));
}

Errors store_all(const Bound& bound, const Command& command)
{
    Errors errors;
    for (const auto& [parameter, option] : bound) {
        if (option->count() == 0) {
            if (parameter->is_required()) {
                errors.push_back(usage(fmt::format("{} is missing", parameter->name()),
                                       see_help(command.name())));
            }
            continue;
        }
        if (parameter->is_flag()) {
            const bool odd = option->results().back() != "true" && option->results().back() != "1";
            if (odd) {
                errors.push_back(usage(fmt::format("'{}' does not fit {}", option->results().back(),
                                                   parameter->name()),
                                       fmt::format("write {} alone", parameter->name())));
                continue;
            }
        }
        if (auto stored = parameter->store(option->results()); !stored) {
            errors.push_back(std::move(stored.error()));
        }
    }
    return errors;
}

/// Runs CLI11 on the words; its exceptions and exit codes end here.
Errors run_parser(const Parameters& globals, const Command& command,
                  const std::vector<std::string>& words)
{
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    CLI::App* inner = &app;
    Bound bound;
    bind(app, globals, bound);
    for (const std::string& name : {command.noun, command.verb}) {
        if (name.empty()) { continue; }
        inner = inner->add_subcommand(name);
        inner->set_help_flag();
        inner->fallthrough();
        inner->allow_extras();
    }
    bind(*inner, command.parameters, bound);
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ArgumentMismatch& e) {
        const std::string text = e.what();
        return {usage(text.find("received") != std::string::npos
                          ? fmt::format("{} is given twice", text.substr(0, text.find(':')))
                          : fmt::format("{} needs a value", text.substr(0, text.find(':'))),
                      see_help(command.name()))};
    } catch (const CLI::ParseError& e) {
        std::string text = e.what();
        while (!text.empty() && (text.back() == '.' || text.back() == '\n')) { text.pop_back(); }
        return {usage(std::move(text), see_help(command.name()))};
    }
    Errors errors;
    for (const std::string& word : app.remaining(true)) {
        if (word != "--") { errors.push_back(leftover(word, globals, command)); }
    }
    return errors.empty() ? store_all(bound, command) : errors;
}

/// A day, or the height of a block.
Errors translate_as_of(const std::string& word, Globals& globals)
{
    if (word.empty()) { return {}; }
    if (all_digits(word) && word.size() <= 9) {
        globals.as_of_height = std::stoll(word);
        return {};
    }
    const auto date = Date::parse(word);
    if (!date) {
        return {usage("--as-of: " + date.error().message,
                      "write a date such as 2018-11-08, or the height of a block")};
    }
    globals.as_of = *date;
    return {};
}

/// What would be passed over is refused.
Errors refuse_as_of(const Command& command, const Globals& globals)
{
    if ((globals.as_of || globals.as_of_height) && command.as_of == AsOf::nothing) {
        return {usage(fmt::format("--as-of means nothing to '{}'", command.name()),
                      see_help(command.name()))};
    }
    if (globals.as_of_height && command.as_of == AsOf::day) {
        return {usage(fmt::format("'{}' reads no block; --as-of is a day here", command.name()),
                      "write a date such as 2018-11-08")};
    }
    return {};
}

Errors translate(const GlobalWords& words, Globals& globals)
{
    const std::string format = words.as_json ? "json" : words.format;
    for (const auto& [word, is] : format_words) {
        if (format == word) { globals.format = is; }
    }
    if (words.color == "always") { globals.color = ColorMode::always; }
    else if (words.color == "never") { globals.color = ColorMode::never; }
    else if (words.color == "auto") { globals.color = ColorMode::automatic; }
    if (words.no_pager) { globals.pager = false; }
    if (words.no_input) { globals.input = false; }
    return translate_as_of(words.as_of, globals);
}

Result<std::string> help_for(const Tree& tree, const Named& named)
{
    if (named.noun.empty()) { return help_text(tree); }
    if (named.verb.empty()) {
        if (auto text = help_text(tree, named.noun); !text.empty()) { return text; }
    }
    auto command = find_command(tree, named);
    if (!command) { return tl::make_unexpected(std::move(command.error())); }
    return help_text(tree, **command);
}

}  // namespace

Checked<Parsed> parse_command_line(const Tree& tree, const std::vector<std::string>& words,
                                   Globals& globals)
{
    GlobalWords global_words;
    Parameters parameters;
    Setup setup(parameters);
    add_globals(setup, globals, global_words);
    const Named named = find_names(parameters, words);
    if (named.help) {
        auto text = help_for(tree, named);
        if (!text) { return tl::make_unexpected(Errors{std::move(text.error())}); }
        return Parsed{nullptr, std::move(*text)};
    }
    if (named.version) { return Parsed{nullptr, version_text()}; }
    const auto command = find_command(tree, named);
    if (!command) { return tl::make_unexpected(Errors{command.error()}); }

    globals.config = named.config;
    if (Errors e = read_surroundings(globals); !e.empty()) { return tl::make_unexpected(std::move(e)); }
    if (Errors e = run_parser(parameters, **command, words); !e.empty()) {
        return tl::make_unexpected(std::move(e));
    }
    if (Errors e = translate(global_words, globals); !e.empty()) {
        return tl::make_unexpected(std::move(e));
    }
    if (Errors e = refuse_as_of(**command, globals); !e.empty()) { return tl::make_unexpected(std::move(e)); }
    return Parsed{*command, {}};
}

bool wants_json(const std::vector<std::string>& words)
{
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const std::string& w = words[i];
        if (w == "--json" || w == "--json=1" || w == "-fjson" || w == "--format=json") { return true; }
        const bool next = i + 1 < words.size() && words[i + 1] == "json";
        if (next && (w == "-f" || w == "--format")) { return true; }
    }
    return false;
}

}  // namespace tranchain
