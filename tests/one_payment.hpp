// One payment by hand: a state the day before a payment date, and lines that pay out of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "judge_fixture.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/distribution.hpp"

namespace tranchain::test {

/// The day before a payment date, interest running from a month before, `cash` at hand.
inline DealState
before(const Program& p, const char* pay, const char* calculation, const char* cash)
{
    DealState s = opening_state(p);
    s.started = true;
    s.closed_through = date(pay) - 1;
    s.accrued_from = date(pay).plus_months(-1);
    s.book.restore(Account::principal, yuan(cash));
    s.book.restore(Account::bank, yuan(cash));
    s.totals.principal = yuan(cash);
    s.marks = {{date(calculation), Phase::amortization, s.totals}};
    return s;
}

/// The eve of 2019-03-26, 28 days after the last payment date, with these balances since the
/// calculation date; `reserve` is that of the deal's first.
inline DealState
eve_of_march(const Program& p, Money income, Money principal, Money reserve)
{
    DealState s = opening_state(p);
    s.started = true;
    s.closed_through = date("2019-03-25");
    s.accrued_from = date("2019-02-26");
    s.book.restore(Account::income, income);
    s.book.restore(Account::principal, principal);
    s.book.restore(reserve_account(0), reserve);
    s.book.restore(Account::bank, income + principal + reserve);
    s.totals.income = income;
    s.totals.principal = principal;
    s.marks = {{date("2019-02-28"), Phase::amortization, s.totals}};
    return s;
}

/// What merged lines make of `s` on that date, in amortization and after default.
inline Distribution pay_by(Program p,
                           const Names& names,
                           const DealState& s,
                           const char* day,
                           const std::vector<const char*>& lines)
{
    Priority priority;
    for (const char* line : lines) {
        auto step = parse_step({line, {}}, names);
        if (!step) BOOST_FAIL(step.error().message);
        step->clause = {"priority.amortization.all.1", line, 0, 0};
        priority.all.push_back(*step);
    }
    p.priorities = {{Phase::amortization, priority}, {Phase::defaulted, priority}};
    const auto d = distribute(p, s, date(day));
    if (!d) BOOST_FAIL(d.error().message);
    return *d;
}

} // namespace tranchain::test
