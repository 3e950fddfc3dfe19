// Reserve: ratios of a seller's history, each rounded once.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/reserve.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/rate.hpp"
#include "waterfall/exact/net_pool.hpp"

namespace tranchain {

namespace {

constexpr Parts one_part = 1'000'000'000;
constexpr std::size_t year = 12;

Parts ratio(Int128 numerator, Int128 denominator)
{
    return divide_rounded(numerator, denominator, Rounding::half_up);
}

Parts product(Parts a, Parts b)
{
    return ratio(Int128{a} * b, one_part);
}

std::string month_name(Date first)
{
    return first.str().substr(0, 7);
}

/// Amount of month `index` over the sales of `lag` months before.
Result<Parts>
over_sales(std::span<const ReserveMonth> history, std::size_t index, std::int64_t lag, Money amount)
{
    if (static_cast<std::int64_t>(index) < lag) {
        return fail(
            Code::invalid_input,
            fmt::format("the history starts too late: {} needs the sales of {} months before",
                        month_name(history[index].first), lag));
    }
    const ReserveMonth& base = history[index - static_cast<std::size_t>(lag)];
    if (base.sales <= zero) {
        return fail(Code::invalid_input,
                    fmt::format("{} has no sales to divide by", month_name(base.first)));
    }
    return ratio(Int128{amount.in_fen()} * one_part, base.sales.in_fen());
}

/// Sales of the last `horizon` months, the oldest of them in part, over `balance`.
Result<Parts> horizon_ratio(std::span<const ReserveMonth> history, Parts horizon, Money balance)
{
    Int128 sum = 0;
    std::size_t index = history.size();
    for (Parts left = horizon; left > 0; left -= one_part) {
        if (index == 0) {
            return fail(Code::invalid_input, "the history is shorter than the horizon");
        }
        sum += Int128{history[--index].sales.in_fen()} * std::min(left, one_part);
    }
    return ratio(sum, balance.in_fen());
}

/// Of month `begin - back`, if the history tells it: the averages of the first months need it.
std::optional<Parts> earlier_default_ratio(std::span<const ReserveMonth> history, std::size_t begin,
                                           std::size_t back, std::int64_t lag)
{
    if (begin < back || !history[begin - back].defaults) return std::nullopt;
    const auto known = over_sales(history, begin - back, lag, *history[begin - back].defaults);
    return known ? std::optional(*known) : std::nullopt;
}

Result<> judge_months(PoolReserve& r, std::span<const ReserveMonth> history, const ReserveTerms& terms)
{
    const std::size_t begin = history.size() - year;
    std::vector<std::optional<Parts>> defaults{
        earlier_default_ratio(history, begin, 2, terms.default_lag),
        earlier_default_ratio(history, begin, 1, terms.default_lag)};
    for (std::size_t i = begin; i < history.size(); ++i) {
        const ReserveMonth& m = history[i];
        PoolReserve::Month month;
        month.first = m.first;
        TRANCHAIN_TRY(month.default_ratio,
                      over_sales(history, i, terms.default_lag, m.defaults.value_or(zero)));
        TRANCHAIN_TRY(month.dilution_ratio,
                      over_sales(history, i, terms.dilution_lag, m.dilution.value_or(zero)));
        defaults.emplace_back(month.default_ratio);
        const auto last = std::span(defaults).last<3>();
        if (last[0] && last[1]) {
            month.three_months = ratio(Int128{*last[0]} + *last[1] + *last[2], 3);
            r.loss_ratio = std::max(r.loss_ratio, *month.three_months);
        }
        r.months.push_back(month);
    }
    return {};
}

void judge_dilution(PoolReserve& r, const ReserveTerms& terms)
{
    Int128 sum = 0;
    for (const PoolReserve::Month& month : r.months) {
        sum += month.dilution_ratio;
        r.spike = std::max(r.spike, month.dilution_ratio);
    }
    r.expected_dilution = ratio(sum, year);
    if (r.expected_dilution > 0) {
        r.volatility = ratio(Int128{r.spike - r.expected_dilution} * r.spike, r.expected_dilution);
    }
    // In one go, so that it is rounded once: horizon x (stress x expected + volatility).
    r.dilution = ratio(Int128{r.dilution_horizon} * (Int128{terms.stress} * r.expected_dilution +
                                                     Int128{r.volatility} * one_part),
                       Int128{one_part} * one_part);
}

} // namespace

Result<PoolReserve>
reserve_of(std::span<const ReserveMonth> history, const ReserveTerms& terms, Money balance)
{
    if (history.size() < year)
        return fail(Code::invalid_input, "a history has at least twelve months");
    PoolReserve r;
    TRANCHAIN_DO(judge_months(r, history, terms));
    TRANCHAIN_TRY(r.loss_horizon, horizon_ratio(history, terms.loss_horizon, balance));
    TRANCHAIN_TRY(r.dilution_horizon, horizon_ratio(history, terms.dilution_horizon, balance));
    r.loss =
        ratio(Int128{terms.stress} * r.loss_ratio * r.loss_horizon, Int128{one_part} * one_part);
    judge_dilution(r, terms);
    r.dynamic = r.loss + r.dilution;
    r.floor = terms.concentration + product(r.expected_dilution, r.dilution_horizon);

    for (std::size_t i = history.size() - 3; i < history.size(); ++i) {
        r.quarter_sales += history[i].sales;
        r.quarter_days += history[i].first.end_of_month() - history[i].first + 1;
    }
    if (r.quarter_sales <= zero) {
        return fail(Code::invalid_input, "the last three months have no sales to divide by");
    }
    r.days_sales =
        ratio(Int128{balance.in_fen()} * r.quarter_days * one_part, r.quarter_sales.in_fen());
    const Int128 a_year = Int128{360} * one_part;
    const Parts cost = product(terms.rate_factor, terms.rate) + terms.fees;
    r.yield = ratio(Int128{product(terms.yield_factor, cost)} * r.days_sales, a_year);
    r.servicing =
        ratio(Int128{product(terms.servicing_factor, terms.servicing_fee)} * r.days_sales, a_year);
    r.required = std::max(r.dynamic, r.floor) + r.yield + r.servicing;
    if (r.required < one_part) {
        r.fundable = Money::fen(divide_rounded(Int128{balance.in_fen()} * (one_part - r.required),
                                               one_part, Rounding::down));
    }
    return r;
}

Money excess_concentration(std::span<const Money> groups, Parts limit, Money eligible)
{
    Limit each;
    each.share = Rate::ppb(limit);
    return excess_concentration(std::vector<Limit>{each}, {groups.begin(), groups.end()}, eligible);
}

} // namespace tranchain
