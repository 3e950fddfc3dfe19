// Tree: registration, and reading of what the user wrote into typed members.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/tree.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "cmd/commands.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

Result<std::int64_t> parse_integer(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) {
        return fail(Code::usage, fmt::format("'{}' is not a whole number", text));
    }
    return value;
}

/// Stores one written value into one typed member.
struct Reader {
    const std::vector<std::string>& values;
    const std::string& last;

    Result<> operator()(bool* target) const
    {
        *target = true;
        return {};
    }
    Result<> operator()(std::string* target) const
    {
        *target = last;
        return {};
    }
    Result<> operator()(std::vector<std::string>* target) const
    {
        *target = values;
        return {};
    }
    Result<> operator()(std::int64_t* target) const { return put(target, parse_integer(last)); }
    Result<> operator()(Date* target) const { return put(target, Date::parse(last)); }
    Result<> operator()(Money* target) const { return put(target, Money::parse(last)); }
    template <class T> Result<> operator()(std::optional<T>* target) const
    {
        T value{};
        auto stored = (*this)(&value);
        if (stored) { *target = std::move(value); }
        return stored;
    }

private:
    template <class T> static Result<> put(T* target, Result<T> read)
    {
        if (!read) { return tl::make_unexpected(std::move(read.error())); }
        *target = std::move(*read);
        return {};
    }
};

bool may_be_absent(const Parameter::Target& target)
{
    return std::visit(
        [](auto* t) {
            using T = std::remove_pointer_t<decltype(t)>;
            return std::is_same_v<T, std::vector<std::string>> ||
                   std::is_same_v<T, std::optional<std::string>> ||
                   std::is_same_v<T, std::optional<std::int64_t>> ||
                   std::is_same_v<T, std::optional<Date>> || std::is_same_v<T, std::optional<Money>>;
        },
        target);
}

const char* right_form(const Parameter::Target& target)
{
    if (std::holds_alternative<Date*>(target) ||
        std::holds_alternative<std::optional<Date>*>(target)) {
        return "a date such as 2018-11-08";
    }
    if (std::holds_alternative<Money*>(target) ||
        std::holds_alternative<std::optional<Money>*>(target)) {
        return "an amount such as 1500000000.00";
    }
    return "a whole number such as 7";
}

}  // namespace

Parameter::Parameter(std::string name, char letter, std::string value_name, std::string help,
                     Target target)
    : name_(std::move(name)), letter_(letter), value_name_(std::move(value_name)),
      help_(std::move(help)), target_(target)
{
    required_ = is_positional() && !may_be_absent(target_);
}

bool Parameter::takes_many() const
{
    return std::holds_alternative<std::vector<std::string>*>(target_);
}

std::string Parameter::synopsis() const
{
    std::string text = name_;
    if (!is_positional() && !is_flag()) { text += " " + value_name_; }
    if (takes_many()) { text += "..."; }
    return required_ ? text : "[" + text + "]";
}

Result<> Parameter::store(const std::vector<std::string>& values) const
{
    if (values.empty()) { return {}; }
    const std::string& last = values.back();
    for (const std::string& value : values) {
        if (choices_.empty() ||
            std::find(choices_.begin(), choices_.end(), value) != choices_.end()) {
            continue;
        }
        const auto near = closest(value, choices_);
        return fail(Code::usage,
                    fmt::format("'{}' is not a value of {}", value, name_), {},
                    near ? fmt::format("did you mean '{}'?", *near)
                         : fmt::format("one of: {}", join(choices_, ", ")));
    }
    if (auto stored = std::visit(Reader{values, last}, target_); !stored) {
        return fail(Code::usage, fmt::format("{}: {}", name_, stored.error().message), {},
                    fmt::format("write {}", right_form(target_)));
    }
    return {};
}

void Tree::noun(std::string name, std::string help)
{
    nouns_.push_back({std::move(name), std::move(help)});
}

const Command* Tree::find(std::string_view noun, std::string_view verb) const
{
    for (const Command& c : commands_) {
        if (c.noun == noun && c.verb == verb) { return &c; }
    }
    return nullptr;
}

std::vector<const Command*> Tree::of(std::string_view noun) const
{
    std::vector<const Command*> found;
    for (const Command& c : commands_) {
        if (c.noun == noun) { found.push_back(&c); }
    }
    return found;
}

void add_globals(Setup& s, Globals& g, GlobalWords& words)
{
    s.global("--format", 'f', words.format, "FORMAT", "how the answer is written")
        .choices({"table", "json", "csv", "html", "svg", "xlsx"});
    s.global("--json", 0, words.as_json, "", "the same as -f json");
    s.global("--output", 'o', g.output, "FILE",
             "write the answer to a file; .csv, .json, .html, .svg or .xlsx chooses the format")
        .file();
    s.global("--chart", 0, g.chart, "NAME", "draw a chart of the answer too; a wrong name lists them");
    s.global("--chain", 'C', g.chain, "FILE", "the database of a member").file();
    s.global("--key", 0, g.key, "FILE", "the private key that signs").file();
    s.global("--passphrase-file", 0, g.passphrase_file, "FILE", "its first line opens the key").file();
    s.global("--as-of", 0, words.as_of, "DATE|HEIGHT", "the day, or the block, the answer is for");
    s.global("--dry-run", 'n', g.dry_run, "", "show what would be signed or written, and write nothing");
    s.global("--quiet", 'q', g.quiet, "", "no progress and no notes");
    s.global("--verbose", 'v', g.verbose, "", "say more on standard error");
    s.global("--color", 0, words.color, "WHEN", "color of messages").choices({"auto", "always", "never"});
    s.global("--no-pager", 0, words.no_pager, "", "never start a pager");
    s.global("--no-input", 0, words.no_input, "", "never ask on the terminal");
    s.global("--lang", 0, g.lang, "LANG", "language of explanations").choices({"en", "zh"});
    s.global("--config", 0, g.config, "FILE", "read this configuration file only").file();
}

Tree all_commands()
{
    Tree tree;
    add_deal(tree);
    add_deal_compare(tree);
    add_deal_diff(tree);
    add_deal_new(tree);
    add_pool(tree);
    add_pool_select(tree);
    add_pool_views(tree);
    add_pool_reserve(tree);
    add_pool_schedule(tree);
    add_pool_verify(tree);
    add_pool_history(tree);
    add_pool_vintage(tree);
    add_pool_turnover(tree);
    add_statement(tree);
    add_collections(tree);
    add_waterfall(tree);
    add_waterfall_trace(tree);
    add_waterfall_compare(tree);
    add_tranche(tree);
    add_tranche_size(tree);
    add_scenario(tree);
    add_scenario_break(tree);
    add_scenario_sensitivity(tree);
    add_scenario_fit(tree);
    add_simulate(tree);
    add_trigger(tree);
    add_trigger_watch(tree);
    add_chain(tree);
    add_chain_timestamp(tree);
    add_anchor(tree);
    add_anchor_payments(tree);
    add_anchor_correction(tree);
    add_anchor_document(tree);
    add_anchor_policy(tree);
    add_member(tree);
    add_key(tree);
    add_proof(tree);
    add_audit(tree);
    add_audit_why(tree);
    add_audit_diff(tree);
    add_report(tree);
    add_agenda(tree);
    add_notice(tree);
    add_document(tree);
    add_completion(tree);
    add_help(tree);
    return tree;
}

}  // namespace tranchain
