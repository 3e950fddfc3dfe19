// Collection periods: where one ends, and what is averaged over the last ones.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "data/assert.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

namespace {

int longest_average(const Expr& e)
{
    int most = e.kind == Expr::Kind::average ? e.periods : 0;
    for (const Expr& operand : e.operands) most = std::max(most, longest_average(operand));
    return most;
}

} // namespace

bool ends_period(const Program& program, const DealState& state, Date day)
{
    const auto ends = [&](const std::vector<PaymentDate>& dates, bool revolving) {
        return std::any_of(dates.begin(), dates.end(), [&](const PaymentDate& d) {
            if (d.calculation != day || day < program.closing) return false;
            const bool before = !state.revolving_ended || d.unadjusted <= *state.revolving_ended;
            return before == revolving;
        });
    };
    return ends(program.revolving_dates, true) || ends(program.monthly_dates, false);
}

int periods_kept(const Program& program)
{
    int most = 0;
    for_each_formula(program, [&](const Expr& e) {
        const int periods = longest_average(e);
        if (periods > 0) most = std::max(most, periods + 1); // growth needs the one before, too
    });
    for (const Trigger& t : program.triggers) {
        if (t.clock == Trigger::Clock::calculation_dates) most = std::max(most, 1);
    }
    return most;
}

std::optional<Money> figure_of(const Figures& f, Measure what)
{
    switch (what) {
    case Measure::pool_balance:
        return f.pool_balance;
    case Measure::principal_cash:
        return f.principal;
    case Measure::income_cash:
        return f.income;
    case Measure::collection_account:
        return f.collection;
    case Measure::unapplied_cash:
        return f.unapplied;
    case Measure::defaulted_cumulative:
        return f.defaulted_to_date;
    case Measure::bought_cumulative:
        return f.bought_to_date;
    case Measure::income_cumulative:
        return f.income_to_date;
    case Measure::losses_cumulative:
        return f.losses_to_date;
    case Measure::recovered_cumulative:
        return f.recovered_to_date;
    default:
        return std::nullopt;
    }
}

Money average_of(const Program& program, const DealState& state, const Expr& average)
{
    const std::vector<Mark>& periods = state.periods;
    const auto figure = [&](const Figures& f) {
        const auto value = figure_of(f, average.measure);
        invariant(value.has_value());
        return *value;
    };
    if (periods.empty()) return average.flow ? zero : figure(state.totals);
    const std::size_t n = std::min(periods.size(), static_cast<std::size_t>(average.periods));
    const std::size_t first = periods.size() - n;
    Int128 sum = 0;
    if (average.flow) { // what it grew by over all of them together
        const Money before = first == 0 ? zero : figure(periods[first - 1].figures);
        sum = (figure(periods.back().figures) - before).in_fen();
    } else {
        for (std::size_t i = first; i < periods.size(); ++i)
            sum += figure(periods[i].figures).in_fen();
    }
    return Money::fen(
        divide_rounded(sum, Int128{static_cast<std::int64_t>(n)}, program.amount_rounding));
}

} // namespace tranchain
