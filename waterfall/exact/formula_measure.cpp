// Reading the amounts of a deal that have names: measures.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/formula_parser.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

namespace {

struct MeasureWords {
    std::string_view words;
    Measure measure;
};
constexpr std::array<MeasureWords, 18> plain_measures{{
    {"pool balance", Measure::pool_balance},
    {"principal cash", Measure::principal_cash},
    {"income cash", Measure::income_cash},
    {"collection account", Measure::collection_account},
    {"unapplied cash", Measure::unapplied_cash},
    {"senior balance", Measure::senior_balance},
    {"outstanding notes", Measure::outstanding_notes},
    {"notes", Measure::outstanding_notes},
    {"income collected", Measure::income_collected},
    {"cumulative defaults", Measure::defaulted_cumulative},
    {"cumulative purchases", Measure::bought_cumulative},
    {"cumulative losses", Measure::losses_cumulative},
    {"cumulative recoveries", Measure::recovered_cumulative},
    {"cumulative income", Measure::income_cumulative},
    {"uncovered losses", Measure::uncovered_losses},
    {"eligible balance", Measure::eligible_balance},
    {"excess concentration", Measure::excess_concentration},
    {"net pool balance", Measure::net_pool_balance},
}};

/// What a collection period can grow by.
constexpr std::array<MeasureWords, 4> grown_measures{{
    {"new defaults", Measure::defaulted_cumulative},
    {"new income", Measure::income_cumulative},
    {"new losses", Measure::losses_cumulative},
    {"new recoveries", Measure::recovered_cumulative},
}};

} // namespace

std::vector<std::string> plain_phrases()
{
    std::vector<std::string> out;
    for (const MeasureWords& m : plain_measures) out.emplace_back(m.words);
    return out;
}

Measure plain_measure(std::string_view words)
{
    const auto* found = std::find_if(plain_measures.begin(), plain_measures.end(),
                                     [&](const MeasureWords& m) { return m.words == words; });
    return found == plain_measures.end() ? Measure::pool_balance : found->measure;
}

Expr FormulaParser::sum_of(Expr left, Expr right)
{
    if (left.kind != Expr::Kind::add) {
        Expr out;
        out.kind = Expr::Kind::add;
        out.operands.push_back(std::move(left));
        out.operands.push_back(std::move(right));
        return out;
    }
    left.operands.push_back(std::move(right));
    return left;
}

Expr FormulaParser::measure_phrase()
{
    const bool interest = r_.peek().is("interest");
    if (interest || r_.peek().is("principal")) {
        const std::string& id = r_.peek(1).text;
        const bool tranche = is_one_of(names_.tranches, id) || names_.groups.contains(id);
        if (interest || tranche) return unpaid(interest);
    }
    if (r_.accept("balance")) return sum_of(Measure::tranche_balance, members());
    if (r_.accept("face")) return sum_of(Measure::tranche_face, members());
    if (r_.accept("reserve")) return measure(Measure::reserve_balance, reserve());
    if (r_.accept("required")) return measure(Measure::reserve_required, reserve());
    if (r_.accept("shortfall")) return measure(Measure::reserve_shortfall, reserve());
    if (r_.accept("drawn")) return measure(Measure::facility_drawn, facility());
    if (r_.accept("undrawn")) return measure(Measure::facility_undrawn, facility());
    std::vector<std::string> phrases = plain_phrases();
    phrases.insert(phrases.end(), {"interest", "principal", "balance", "face", "min", "max", "if",
                                    "receivable count", "reserve", "required", "shortfall",
                                    "drawn", "undrawn", "average of"});
    phrases.insert(phrases.end(), names_.rate_tables.begin(), names_.rate_tables.end());
    phrases.insert(phrases.end(), names_.amount_tables.begin(), names_.amount_tables.end());
    const std::string words = r_.one_of(phrases, "an amount of the deal");
    if (words == "principal") {
        tranche(); // fails: it would have been taken above
        return {};
    }
    return measure(plain_measure(words));
}

Expr FormulaParser::unpaid(bool interest)
{
    r_.next();
    const Measure m = interest ? Measure::interest_unpaid : Measure::principal_unpaid;
    std::vector<std::string> of = members();
    while (r_.accept(",") || r_.accept("or") || r_.accept("and")) {
        for (std::string& id : members()) of.push_back(std::move(id));
    }
    r_.expect("unpaid");
    return sum_of(m, of);
}

std::vector<std::string> FormulaParser::members()
{
    if (const auto group = names_.groups.find(r_.peek().text); group != names_.groups.end()) {
        r_.next();
        return group->second;
    }
    return {tranche()};
}

Expr FormulaParser::sum_of(Measure m, const std::vector<std::string>& tranches)
{
    Expr out = measure(m, tranches.front());
    for (std::size_t i = 1; i < tranches.size(); ++i) {
        out = sum_of(std::move(out), measure(m, tranches[i]));
    }
    return out;
}

/// `average of pool balance over 3 periods`
Expr FormulaParser::average()
{
    r_.expect("average of");
    std::vector<std::string> words;
    for (const MeasureWords& m : plain_measures) {
        if (figure_of({}, m.measure)) words.emplace_back(m.words);
    }
    for (const MeasureWords& m : grown_measures) words.emplace_back(m.words);
    const std::string word = r_.one_of(words, "an amount that is kept for every period");
    const auto* grown = std::find_if(grown_measures.begin(), grown_measures.end(),
                                     [&](const MeasureWords& m) { return m.words == word; });
    Expr out;
    out.kind = Expr::Kind::average;
    out.flow = grown != grown_measures.end();
    out.measure = out.flow ? grown->measure : plain_measure(word);
    r_.expect("over");
    out.periods = r_.count("how many periods", periods_limit);
    if (!r_.accept("periods")) r_.expect("period");
    return out;
}

} // namespace tranchain
