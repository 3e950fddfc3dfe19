// Business days of a compiled program: integers only, no calendar library.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/program.hpp"

#include <algorithm>

#include "data/assert.hpp"

namespace tranchain {

bool is_business_day(const Calendar& calendar, Date day)
{
    const bool weekday = day.weekday() <= 5;
    if (day < calendar.from || day > calendar.to) return weekday;
    const bool excepted =
        std::binary_search(calendar.exceptions.begin(), calendar.exceptions.end(), day);
    return weekday != excepted;
}

Date add_business_days(const Calendar& calendar, Date day, int n)
{
    invariant(n >= 1);
    while (n > 0) {
        ++day;
        if (is_business_day(calendar, day)) --n;
    }
    return day;
}

ExprType type_of(const Expr& e)
{
    switch (e.kind) {
    case Expr::Kind::rate:
    case Expr::Kind::rate_table:
        return ExprType::rate;
    case Expr::Kind::compare:
    case Expr::Kind::every:
    case Expr::Kind::some:
    case Expr::Kind::negate:
    case Expr::Kind::fired:
    case Expr::Kind::since:
        return ExprType::truth;
    case Expr::Kind::count:
        return ExprType::number;
    case Expr::Kind::choose:
        return e.operands.size() == 3 ? type_of(e.operands[1]) : ExprType::amount;
    case Expr::Kind::add:
    case Expr::Kind::subtract:
    case Expr::Kind::minimum:
    case Expr::Kind::maximum:
        return e.operands.empty() ? ExprType::amount : type_of(e.operands.front());
    case Expr::Kind::constant:
    case Expr::Kind::measure:
    case Expr::Kind::amount_table:
    case Expr::Kind::scale:
    case Expr::Kind::product:
    case Expr::Kind::times:
        return ExprType::amount;
    }
    return ExprType::amount;
}

} // namespace tranchain
