// completion: scripts for shells, written from the tree.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

/// The tree as completion needs it: the global options beside each command's own.
struct Globally {
    Globals globals;
    GlobalWords words;
    std::deque<Parameter> parameters;
    Globally()
    {
        Setup setup(parameters);
        add_globals(setup, globals, words);
    }
};

std::string option_words(const std::deque<Parameter>& parameters)
{
    std::string words;
    for (const Parameter& p : parameters) {
        if (p.is_positional()) { continue; }
        words += (words.empty() ? "" : " ") + p.name();
        if (p.letter() != 0) { words += fmt::format(" -{}", p.letter()); }
    }
    return words;
}

std::string verb_words(const Tree& tree, const std::string& noun)
{
    std::string words;
    for (const Command* c : tree.of(noun)) {
        if (!c->verb.empty()) { words += (words.empty() ? "" : " ") + c->verb; }
    }
    return words;
}

std::string noun_words(const Tree& tree)
{
    std::string words;
    for (const Tree::Noun& n : tree.nouns()) { words += (words.empty() ? "" : " ") + n.name; }
    return words;
}

/// Words a shell may offer for the positionals of a command: its choices, if it has any.
std::string positional_words(const Command& command)
{
    std::string words;
    for (const Parameter& p : command.parameters) {
        if (p.is_positional()) { words += (words.empty() ? "" : " ") + join(p.choices(), " "); }
    }
    return words;
}

std::string option_cases(const std::deque<Parameter>& parameters)
{
    std::string cases;
    for (const Parameter& p : parameters) {
        if (p.is_positional() || p.is_flag()) { continue; }
        const std::string pattern =
            p.letter() != 0 ? fmt::format("{}|-{}", p.name(), p.letter()) : p.name();
        if (!p.choices().empty()) {
            cases += fmt::format("        {}) words='{}' ;;\n", pattern, join(p.choices(), " "));
        }
        else if (p.is_folder()) { cases += fmt::format("        {}) kind=folder ;;\n", pattern); }
        else if (p.is_file()) { cases += fmt::format("        {}) kind=file ;;\n", pattern); }
        else { cases += fmt::format("        {}) kind=none ;;\n", pattern); }
    }
    return cases;
}

std::string bash(const Tree& tree)
{
    const Globally global;
    std::string text =
        "# bash completion for tranchain, written by 'tranchain completion bash'\n"
        "_tranchain() {\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} previous= noun= verb= kind= words= i\n"
        "    [ \"$COMP_CWORD\" -gt 0 ] && previous=${COMP_WORDS[COMP_CWORD-1]}\n"
        "    COMPREPLY=()\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case ${COMP_WORDS[i]} in\n";
    std::string valued;
    for (const Parameter& p : global.parameters) {
        if (p.is_flag()) { continue; }
        valued += (valued.empty() ? "" : "|") + p.name();
        if (p.letter() != 0) { valued += fmt::format("|-{}", p.letter()); }
    }
    text += fmt::format("        {}) ((i++)) ;;\n        -*) ;;\n"
                        "        *) if [ -z \"$noun\" ]; then noun=${{COMP_WORDS[i]}}\n"
                        "           elif [ -z \"$verb\" ]; then verb=${{COMP_WORDS[i]}}; fi ;;\n"
                        "        esac\n    done\n    case $previous in\n{}    esac\n",
                        valued, option_cases(global.parameters));
    text += "    if [ -z \"$words$kind\" ]; then\n    case \"$noun $verb\" in\n";
    text += fmt::format("    ' ') words='{} {} --help --version' ;;\n", noun_words(tree),
                        option_words(global.parameters));
    std::string nouns;
    for (const Command& c : tree.commands()) {
        const std::string pattern = c.verb.empty() ? fmt::format("'{} '*", c.noun)
                                                   : fmt::format("'{} {}'", c.noun, c.verb);
        const std::string cases = option_cases(c.parameters);
        text += fmt::format("    {})\n", pattern);
        if (!cases.empty()) { text += fmt::format("        case $previous in\n{}        esac\n", cases); }
        text += fmt::format("        [ -n \"$words$kind\" ] || words='{} {} {} --help' ;;\n",
                            positional_words(c), option_words(c.parameters),
                            option_words(global.parameters));
    }
    for (const Tree::Noun& n : tree.nouns()) {
        const std::string verbs = verb_words(tree, n.name);
        if (!verbs.empty()) {
            nouns += fmt::format("    '{} '*) words='{} --help' ;;\n", n.name, verbs);
        }
    }
    text += nouns + "    esac\n    [[ $current == -* ]] || kind=${kind:-file}\n    fi\n"
                    "    [ -n \"$words\" ] && COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                    "    case $kind in\n"
                    "    file) COMPREPLY+=($(compgen -f -- \"$current\")) ;;\n"
                    "    folder) COMPREPLY+=($(compgen -d -- \"$current\")) ;;\n"
                    "    esac\n}\n"
                    "complete -o filenames -F _tranchain tranchain\n";
    return text;
}

/// Text inside single quotes of zsh or fish.
std::string quoted(std::string_view text, bool for_zsh)
{
    std::string out;
    for (const char c : text) {
        if (c == '\'') { out += for_zsh ? "'\\''" : "\\'"; }
        else if (for_zsh && (c == '[' || c == ']' || c == ':')) { out += std::string("\\") + c; }
        else { out += c; }
    }
    return out;
}

std::string zsh_action(const Parameter& p)
{
    if (!p.choices().empty()) { return "(" + join(p.choices(), " ") + ")"; }
    if (p.is_folder()) { return "_files -/"; }
    return p.is_file() ? "_files" : " ";
}

std::string zsh_specs(const std::deque<Parameter>& parameters)
{
    std::string text;
    for (const Parameter& p : parameters) {
        const std::string help = quoted(p.help(), true);
        if (p.is_positional()) {
            text += fmt::format(" \\\n        '{}:{}:{}'", p.takes_many() ? "*" : p.is_required() ? "" : ":",
                                help, zsh_action(p));
            continue;
        }
        const std::string value =
            p.is_flag() ? "" : fmt::format(":{}:{}", p.value_name(), zsh_action(p));
        text += fmt::format(" \\\n        '{}{}[{}]{}'", p.takes_many() ? "*" : "", p.name(), help, value);
        if (p.letter() != 0) {
            text += fmt::format(" \\\n        '-{}[{}]{}'", p.letter(), help, value);
        }
    }
    return text;
}

std::string zsh(const Tree& tree)
{
    const Globally global;
    std::string text = "#compdef tranchain\n"
                       "# zsh completion for tranchain, written by 'tranchain completion zsh'\n"
                       "_tranchain() {\n    local -a nouns verbs\n    local noun=$words[2] verb=$words[3]\n"
                       "    if (( CURRENT == 2 )); then\n        nouns=(\n";
    for (const Tree::Noun& n : tree.nouns()) {
        text += fmt::format("            '{}:{}'\n", n.name, quoted(n.help, true));
    }
    text += "        )\n        _describe command nouns\n        return\n    fi\n    case $noun in\n";
    for (const Tree::Noun& n : tree.nouns()) {
        text += fmt::format("    {})\n", n.name);
        if (const Command* alone = tree.find(n.name, "")) {
            text += fmt::format("        shift words; (( CURRENT-- ))\n        _arguments -s{}{}\n        ;;\n",
                                zsh_specs(alone->parameters), zsh_specs(global.parameters));
            continue;
        }
        text += "        if (( CURRENT == 3 )); then\n            verbs=(\n";
        for (const Command* c : tree.of(n.name)) {
            text += fmt::format("                '{}:{}'\n", c->verb, quoted(c->help, true));
        }
        text += "            )\n            _describe command verbs\n            return\n        fi\n"
                "        shift 2 words; (( CURRENT -= 2 ))\n        case $verb in\n";
        for (const Command* c : tree.of(n.name)) {
            text += fmt::format("        {}) _arguments -s{}{} ;;\n", c->verb, zsh_specs(c->parameters),
                                zsh_specs(global.parameters));
        }
        text += "        esac\n        ;;\n";
    }
    return text + "    esac\n}\n_tranchain \"$@\"\n";
}

std::string fish_option(const std::string& condition, const Parameter& p)
{
    if (p.is_positional()) {
        if (p.choices().empty()) { return ""; }
        return fmt::format("complete -c tranchain -n '{}' -f -a '{}'\n", condition,
                           join(p.choices(), " "));
    }
    std::string line = fmt::format("complete -c tranchain -n '{}' -l {}", condition, p.name().substr(2));
    if (p.letter() != 0) { line += fmt::format(" -s {}", p.letter()); }
    if (!p.is_flag()) { line += p.is_file() || p.is_folder() ? " -r -F" : " -x"; }
    if (!p.choices().empty()) { line += fmt::format(" -a '{}'", join(p.choices(), " ")); }
    return line + fmt::format(" -d '{}'\n", quoted(p.help(), false));
}

std::string fish(const Tree& tree)
{
    const Globally global;
    std::string text = "# fish completion for tranchain, written by 'tranchain completion fish'\n";
    for (const Tree::Noun& n : tree.nouns()) {
        text += fmt::format("complete -c tranchain -n __fish_use_subcommand -f -a {} -d '{}'\n", n.name,
                            quoted(n.help, false));
    }
    for (const Parameter& p : global.parameters) { text += fish_option("true", p); }
    for (const Command& c : tree.commands()) {
        const std::string seen = fmt::format("__fish_seen_subcommand_from {}", c.noun);
        if (!c.verb.empty()) {
            text += fmt::format("complete -c tranchain -n '{0}; and not __fish_seen_subcommand_from {1}'"
                                " -f -a {2} -d '{3}'\n",
                                seen, verb_words(tree, c.noun), c.verb, quoted(c.help, false));
        }
        const std::string here =
            c.verb.empty() ? seen : seen + fmt::format("; and __fish_seen_subcommand_from {}", c.verb);
        for (const Parameter& p : c.parameters) { text += fish_option(here, p); }
    }
    return text;
}

struct CompletionOptions {
    std::string shell;
};

Outcome run_completion(const CompletionOptions& o, const Globals&, Output& out)
{
    const Tree tree = all_commands();
    return out.write_raw(o.shell == "bash" ? bash(tree) : o.shell == "zsh" ? zsh(tree) : fish(tree));
}

}  // namespace

void add_completion(Tree& tree)
{
    tree.noun("completion", "print a completion script for a shell");
    tree.add<CompletionOptions>(
        "completion", "", "print a completion script for a shell", run_completion,
        [](Setup& s, CompletionOptions& o) {
            s.positional("SHELL", o.shell, "the shell").choices({"bash", "zsh", "fish"});
        });
}

}  // namespace tranchain
