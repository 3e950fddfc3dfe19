// Bounds.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/bounds.hpp"

#include <algorithm>

namespace tranchain {

void Gross::add(const Json& json)
{
    if (json.is_string()) {
        if (const auto amount = Money::parse(json.as_string())) add(*amount);
    } else if (json.is_array()) {
        for (const Json& one : json.as_array()) add(one);
    } else if (json.is_object()) {
        for (const auto& [key, value] : json.as_object()) add(value);
    }
}

bool asks_for(const Expr& expr, std::initializer_list<Measure> measures)
{
    if (expr.kind == Expr::Kind::measure) return std::ranges::find(measures, expr.measure) != measures.end();
    return std::any_of(expr.operands.begin(), expr.operands.end(),
                       [&](const Expr& operand) { return asks_for(operand, measures); });
}

bool asks_target(const Expr& expr)
{
    return asks_for(expr, {Measure::reserve_required, Measure::reserve_shortfall});
}

bool asks_undrawn(const Expr& expr)
{
    return asks_for(expr, {Measure::facility_undrawn});
}

Int128 reach(const Expr& expr)
{
    constexpr Int128 most = Int128{1} << 100;
    Int128 sum = 0;
    Int128 largest = 0;
    for (const Expr& operand : expr.operands) {
        const Int128 one = reach(operand);
        sum = std::min(most, sum + one);
        largest = std::max(largest, one);
    }
    const auto size = [](std::int64_t n) { return Int128{n < 0 ? -n : n}; };
    switch (expr.kind) {
    case Expr::Kind::constant:
        return size(expr.constant.in_fen());
    case Expr::Kind::average:
    case Expr::Kind::measure:
        return 2 * amount_limit; // a balance, or what has been unpaid on it for years
    case Expr::Kind::add:
    case Expr::Kind::subtract:
        return sum;
    case Expr::Kind::scale: {
        const Int128 rate = size(expr.rate.in_ppb()); // up to 2^40
        return largest > (Int128{1} << 80) ? most : largest * rate / Rate::one + 1;
    }
    case Expr::Kind::product: // by a rate of up to 100%
        return largest + 1;
    case Expr::Kind::amount_table:
        return amount_limit;
    case Expr::Kind::minimum:
    case Expr::Kind::maximum:
    case Expr::Kind::choose:
        return largest;
    case Expr::Kind::times:
        return largest > (Int128{1} << 70) ? most : largest * count_limit;
    case Expr::Kind::count:
    case Expr::Kind::rate: // and tests: no amount
    case Expr::Kind::rate_table:
    case Expr::Kind::compare:
    case Expr::Kind::every:
    case Expr::Kind::some:
    case Expr::Kind::negate:
    case Expr::Kind::fired:
    case Expr::Kind::since:
        return 0;
    }
    return most;
}

} // namespace tranchain
