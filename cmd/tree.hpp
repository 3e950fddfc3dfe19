// Tree: every command, positional and option, as plain data that the parser, the help, the shell
// completion and the drift tests all read.
//
// A noun's file registers its commands; nothing else has to change:
//
//     struct DealCheckOptions { std::string deal; bool strict = false; };
//     static Outcome run_deal_check(const DealCheckOptions& o, const Globals& g, Output& out);
//
//     void add_deal(Tree& tree)
//     {
//         tree.noun("deal", "read, judge and explain a deal file");
//         tree.add<DealCheckOptions>("deal", "check", "find contradictions in a deal file",
//                                    run_deal_check, [](Setup& s, DealCheckOptions& o) {
//             s.positional("DEAL", o.deal, "the deal file").file();
//             s.flag("--strict", o.strict, "warnings count as errors");
//         });
//     }
//
// Member types: std::string, std::int64_t, Date, Money, their std::optional, bool (flags) and
// std::vector<std::string>. A positional of type vector or optional may be left out, others not
// unless `.optional()`; options may be left out unless `.required()`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "cmd/options.hpp"
#include "cmd/outcome.hpp"
#include "data/date.hpp"
#include "data/money.hpp"

namespace tranchain {

class Output;

/// One positional, option or flag.
class Parameter {
public:
    using Target = std::variant<bool*, std::string*, std::int64_t*, Date*, Money*,
                                std::vector<std::string>*, std::optional<std::string>*,
                                std::optional<std::int64_t>*, std::optional<Date>*,
                                std::optional<Money>*>;
    Parameter(std::string name, char letter, std::string value_name, std::string help,
              Target target);

    // What a noun's file may add.
    Parameter& file() { is_file_ = true; return *this; }        ///< completion offers files
    Parameter& folder() { is_folder_ = true; return *this; }
    Parameter& required() { required_ = true; return *this; }
    Parameter& optional() { required_ = false; return *this; }
    Parameter& choices(std::vector<std::string> words) { choices_ = std::move(words); return *this; }

    // What readers ask.
    [[nodiscard]] const std::string& name() const { return name_; }    ///< "--seed" or "DEAL"
    [[nodiscard]] char letter() const { return letter_; }              ///< 0 = none
    [[nodiscard]] const std::string& value_name() const { return value_name_; }
    [[nodiscard]] const std::string& help() const { return help_; }
    [[nodiscard]] const std::vector<std::string>& choices() const { return choices_; }
    [[nodiscard]] bool is_positional() const { return name_[0] != '-'; }
    [[nodiscard]] bool is_flag() const { return std::holds_alternative<bool*>(target_); }
    [[nodiscard]] bool is_required() const { return required_; }
    [[nodiscard]] bool is_file() const { return is_file_; }
    [[nodiscard]] bool is_folder() const { return is_folder_; }
    [[nodiscard]] bool takes_many() const;
    /// "[-o FILE]", "DEAL", "[FILE...]": as a synopsis shows it.
    [[nodiscard]] std::string synopsis() const;

    /// Stores what the user wrote (for flags: how often) or says what is wrong with it.
    [[nodiscard]] Result<> store(const std::vector<std::string>& values) const;

private:
    std::string name_;
    char letter_;
    std::string value_name_;
    std::string help_;
    Target target_;
    std::vector<std::string> choices_;
    bool required_ = false;
    bool is_file_ = false;
    bool is_folder_ = false;
};

/// What --as-of is to a command: nothing, a day, or also the height of an earlier block.
enum class AsOf : std::uint8_t { nothing, day, block };

/// Collects the parameters of one command.
class Setup {
public:
    explicit Setup(std::deque<Parameter>& parameters) : parameters_(parameters) {}
    /// Nothing if not said; what would be passed over is refused.
    void as_of(AsOf meaning) { as_of_ = meaning; }
    [[nodiscard]] AsOf as_of() const { return as_of_; }
    template <class T> Parameter& positional(std::string name, T& target, std::string help)
    {
        return parameters_.emplace_back(std::move(name), '\0', "", std::move(help), &target);
    }
    template <class T>
    Parameter& option(std::string name, T& target, std::string value_name, std::string help)
    {
        static_assert(!std::is_same_v<T, bool>, "use flag()");
        return parameters_.emplace_back(std::move(name), '\0', std::move(value_name),
                                        std::move(help), &target);
    }
    Parameter& flag(std::string name, bool& target, std::string help)
    {
        return parameters_.emplace_back(std::move(name), '\0', "", std::move(help), &target);
    }
    /// Short letters are for the global options only.
    template <class T>
    Parameter& global(std::string name, char letter, T& target, std::string value_name,
                      std::string help)
    {
        return parameters_.emplace_back(std::move(name), letter, std::move(value_name),
                                        std::move(help), &target);
    }

private:
    std::deque<Parameter>& parameters_;
    AsOf as_of_ = AsOf::nothing;
};

/// One command: `noun verb`, or a noun alone when `verb` is empty.
struct Command {
    std::string noun;
    std::string verb;
    std::string help;  ///< one line, lower case, no full stop
    std::deque<Parameter> parameters;
    AsOf as_of = AsOf::nothing;
    std::function<Outcome(const Globals&, Output&)> run;

    [[nodiscard]] std::string name() const { return verb.empty() ? noun : noun + " " + verb; }
};

class Tree {
public:
    struct Noun {
        std::string name;
        std::string help;
    };

    void noun(std::string name, std::string help);
    /// The options live as long as the tree; `setup` binds them, `run` reads them.
    template <class Options, class Run, class Bind>
    void add(std::string noun, std::string verb, std::string help, Run run, Bind bind)
    {
        auto options = std::make_shared<Options>();
        Command& command = commands_.emplace_back();
        command.noun = std::move(noun);
        command.verb = std::move(verb);
        command.help = std::move(help);
        Setup setup(command.parameters);
        bind(setup, *options);
        command.as_of = setup.as_of();
        command.run = [options, run](const Globals& globals, Output& out) -> Outcome {
            return run(*options, globals, out);
        };
    }

    [[nodiscard]] const std::vector<Noun>& nouns() const { return nouns_; }
    [[nodiscard]] const std::deque<Command>& commands() const { return commands_; }
    [[nodiscard]] const Command* find(std::string_view noun, std::string_view verb) const;
    [[nodiscard]] std::vector<const Command*> of(std::string_view noun) const;

private:
    std::vector<Noun> nouns_;
    std::deque<Command> commands_;
};

/// The global options, bound to `globals` and `words` (what needs translation afterwards).
struct GlobalWords {
    std::string format, color, as_of;
    bool as_json = false, no_pager = false, no_input = false;
};
void add_globals(Setup& setup, Globals& globals, GlobalWords& words);

}  // namespace tranchain
