// scenario fit: a scenario file from a seller's ledger.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/pool_ledger.hpp"
#include "data/attempt.hpp"
#include "data/input_name.hpp"
#include "waterfall/scenario_fit.hpp"

namespace tranchain {

namespace {

struct FitOptions {
    LedgerOptions files{.ledger = {}, .map = {}, .events = {}, .default_days = 30};
    std::string by = "pool";
};

Scope::Kind scope_of(const std::string& by)
{
    if (by == "obligor_group") return Scope::Kind::group;
    if (by == "obligor_rating") return Scope::Kind::rating;
    if (by == "obligor_region") return Scope::Kind::region;
    if (by == "obligor_industry") return Scope::Kind::industry;
    return Scope::Kind::pool;
}

/// `# ledger: NAME, sha256 HEX`, for what was read from a file.
std::string source_line(const LedgerInput& input)
{
    std::string shown = input_name(input.file);
    std::replace_if(shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
    return fmt::format("# {}: {}, sha256 {}\n", input.what, shown, input.sha256);
}

/// To which day recoveries are told; with several scopes, from the least to the most.
std::string not_seen(const ScenarioFit& fit)
{
    std::optional<std::int64_t> least;
    std::int64_t most = 0;
    for (const FittedScope& s : fit.scopes) {
        if (s.defaulted_amount == zero) continue;
        least = std::min(least.value_or(s.recovery_seen), s.recovery_seen);
        most = std::max(most, s.recovery_seen);
    }
    if (!least) return "# not derived: recovery, for nothing defaulted";
    if (*least == most) return fmt::format("# not derived: recovery more than {} days after due", most);
    return fmt::format("# not derived: recovery more than {} to {} days after due", *least, most);
}

std::string head_of(const FitOptions& o, const SellerLedger& ledger, const ScenarioFit& fit)
{
    std::string out = "# Made by `tranchain scenario fit`, version " TRANCHAIN_VERSION
                      ": what a ledger says, weighted by amount.\n";
    for (const LedgerInput& input : ledger.inputs) out += source_line(input);
    out += fmt::format("# period: invoices of {} to {}, known to {}\n", fit.first.str(), fit.last.str(),
                       ledger.observed.str());
    out += fmt::format("# used: {} invoices of {} {}\n", fit.invoices, ledger.currency, fit.amount.str());
    out += fmt::format("# left out: {} of {}, whose fate was not known by then\n", fit.open,
                       fit.open_amount.str());
    if (fit.unnamed > 0) {
        out += fmt::format("# left out: {} of {} without {}; nothing is assumed of the like\n", fit.unnamed,
                           fit.unnamed_amount.str(), o.by);
    }
    for (const std::string& line : left_out_lines(ledger)) out += "# left out: " + line + "\n";
    out += fmt::format("# method: default is more than {} days past due, or what is written off; timing is of\n"
                       "#   what was paid before default; recovery in spans of 30 days after due, as far\n"
                       "#   as half of the defaults by amount have seen, of these alone\n",
                       o.files.default_days);
    return out + not_seen(fit) + "; who makes dilution good (nobody\n"
                 "#   here); shares that change with time; repurchases; what is offered for purchase\n";
}

Answer fit_answer(const FitOptions& o, const SellerLedger& ledger, const ScenarioFit& fit)
{
    Answer answer("tranchain.scenario.fit/1");
    describe_ledger(answer, ledger, o.files);
    answer.field("by", "by", o.by);
    answer.field("used", "invoices used", fit.invoices);
    answer.field("used_amount", "their amount", fit.amount);
    answer.field("open", "fate not known", fit.open);
    answer.field("open_amount", "their amount", fit.open_amount);
    answer.field("unnamed", "without a value", fit.unnamed);
    Table& table = answer.table(
        "assumptions", {{"of"}, {"invoices"}, {"amount"}, {"kind"}, {"days"}, {"share"}, {"rate"}});
    Table& spans = answer.table("spans", {{"of"}, {"to"}, {"seen"}, {"at_risk", "at risk"}, {"back"}},
                                "What came back within thirty days, of defaults that saw all of these");
    for (const FittedScope& s : fit.scopes) {
        const auto add = [&](const char* kind, Value days, Rate share, Value rate) {
            table.add({s.of.words(), s.invoices, s.amount, kind, std::move(days), Value::rate(share.str()),
                       std::move(rate)});
        };
        for (const auto& [days, share] : s.paid) add("timing", days, share, {});
        add("dilution", {}, s.diluted, Value::rate(s.dilution.str()));
        add("default", {}, s.defaulted, {});
        for (const auto& [days, share] : s.recovery) add("recovery", days, share, {});
        for (const FittedSpan& span : s.spans) {
            spans.add({s.of.words(), span.to, span.seen, s.at_risk, span.back});
        }
    }
    add_ledger_inputs(answer, ledger);
    return answer;
}

Outcome run_fit(const FitOptions& o, const Globals& globals, Output& out)
{
    const auto ledger = open_ledger(o.files, globals);
    if (!ledger) return ledger.error();
    TRANCHAIN_TRY(const ScenarioFit fit, fit_scenario(*ledger, scope_of(o.by),
                                                      static_cast<std::int32_t>(o.files.default_days)));
    if (out.format() != Format::table) return out.write(fit_answer(o, *ledger, fit));
    const std::string head = head_of(o, *ledger, fit);
    const std::string name = fmt::format("name = \"fitted to {}\"\n", ledger->observed.str());
    return out.write_raw(head + name + assumptions_toml(fit));
}

} // namespace

void add_scenario_fit(Tree& tree)
{
    tree.add<FitOptions>(
        "scenario", "fit", "a scenario file from a seller's ledger", run_fit, [](Setup& s, FitOptions& o) {
            bind_ledger(s, o.files);
            s.option("--by", o.by, "COLUMN", "assumptions for each value of a column")
                .choices({"obligor_group", "obligor_rating", "obligor_region", "obligor_industry"});
        });
}

} // namespace tranchain
