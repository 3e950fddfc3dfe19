// Reading the amounts of a deal that have names: measures.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "waterfall/exact/formula_parser.hpp"

namespace tranchain {

namespace {

struct MeasureWords {
    std::string_view words;
    Measure measure;
};
constexpr std::array<MeasureWords, 15> plain_measures{{
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
}};

bool is_one_of(const std::vector<std::string>& ids, const std::string& id)
{
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

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
        const bool tranche = is_one_of(names_.tranches, r_.peek(1).text);
        if (interest || tranche) return unpaid(interest);
    }
    if (r_.accept("balance")) return measure(Measure::tranche_balance, tranche());
    if (r_.accept("face")) return measure(Measure::tranche_face, tranche());
    if (r_.accept("reserve")) return measure(Measure::reserve_balance, reserve());
    if (r_.accept("required")) return measure(Measure::reserve_required, reserve());
    if (r_.accept("shortfall")) return measure(Measure::reserve_shortfall, reserve());
    std::vector<std::string> phrases = plain_phrases();
    phrases.insert(phrases.end(), {"interest", "principal", "balance", "face", "min", "max", "if",
                                    "receivable count", "reserve", "required", "shortfall"});
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
    Expr out = measure(m, tranche());
    while (r_.accept(",") || r_.accept("or") || r_.accept("and")) {
        out = sum_of(std::move(out), measure(m, tranche()));
    }
    r_.expect("unpaid");
    return out;
}

} // namespace tranchain
