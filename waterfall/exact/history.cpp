// History: totals by differences, then one pass over the days.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/history.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "data/assert.hpp"
#include "data/rate.hpp"
#include "waterfall/exact/trigger.hpp"

namespace tranchain {

namespace {

/// Whether an expression asks only for what a ledger has.
bool is_of_ledger(const Expr& expr)
{
    if (expr.kind == Expr::Kind::measure) {
        return expr.measure == Measure::pool_balance;
    }
    if (expr.kind > Expr::Kind::maximum) return false;
    return std::all_of(expr.operands.begin(), expr.operands.end(), is_of_ledger);
}

Money value_of(const Expr& expr, Money balance, Rounding rounding)
{
    const auto operand = [&](std::size_t i) {
        return value_of(expr.operands.at(i), balance, rounding);
    };
    switch (expr.kind) {
    case Expr::Kind::constant:
        return expr.constant;
    case Expr::Kind::measure:
        return balance;
    case Expr::Kind::scale:
        return share(operand(0), expr.rate, rounding);
    case Expr::Kind::add:
    case Expr::Kind::subtract:
    case Expr::Kind::minimum:
    case Expr::Kind::maximum:
    case Expr::Kind::rate: // from here on not of a ledger
    case Expr::Kind::amount_table:
    case Expr::Kind::rate_table:
    case Expr::Kind::product:
    case Expr::Kind::compare:
    case Expr::Kind::every:
    case Expr::Kind::some:
    case Expr::Kind::negate:
    case Expr::Kind::fired:
    case Expr::Kind::since:
    case Expr::Kind::choose:
    case Expr::Kind::count:
    case Expr::Kind::times:
        break;
    }
    invariant(!expr.operands.empty());
    Money result = operand(0);
    for (std::size_t i = 1; i < expr.operands.size(); ++i) {
        const Money next = operand(i);
        if (expr.kind == Expr::Kind::add) {
            result += next;
        } else if (expr.kind == Expr::Kind::subtract) {
            result -= next;
        } else if (expr.kind == Expr::Kind::minimum) {
            result = min(result, next);
        } else {
            result = max(result, next);
        }
    }
    return result;
}

tl::unexpected<Error> refuse(const Trigger& trigger, const std::string& why, std::string hint)
{
    return fail(Code::invalid_input, fmt::format("trigger '{}' {}", trigger.id, why),
                {"", trigger.clause.line, trigger.clause.column}, std::move(hint));
}

} // namespace

std::vector<Money> outstanding_totals(std::span<const Invoice> invoices, Date from, Date to)
{
    invariant(from <= to);
    const std::int32_t days = to - from + 1;
    std::vector<std::int64_t> change(static_cast<std::size_t>(days) + 1, 0);
    const auto index = [&](Date day) {
        return static_cast<std::size_t>(std::clamp(day - from, 0, days));
    };
    for (const Invoice& invoice : invoices) {
        change[index(invoice.invoice_date)] += invoice.amount.in_fen();
        if (invoice.settled_date) {
            // One settled before it was invoiced is never outstanding.
            change[index(std::max(invoice.invoice_date, *invoice.settled_date))] -=
                invoice.amount.in_fen();
        }
    }
    std::vector<Money> totals;
    totals.reserve(static_cast<std::size_t>(days));
    std::int64_t total = 0;
    for (std::int32_t i = 0; i < days; ++i) {
        total += change[static_cast<std::size_t>(i)];
        totals.push_back(Money::fen(total));
    }
    return totals;
}

Result<History> judge_history(const Program& program,
                              const Trigger& trigger,
                              std::span<const Invoice> invoices,
                              Date from,
                              Date to)
{
    if (to < from) {
        return fail(Code::usage, fmt::format("the scan ends on {}, before it begins on {}",
                                             to.str(), from.str()));
    }
    if (trigger.clock != Trigger::Clock::consecutive_days) {
        return refuse(trigger, "does not count consecutive days", "for = \"30 consecutive days\"");
    }
    if (trigger.during) {
        return refuse(trigger, "is judged in one state only, and a ledger has none",
                      "leave out 'during'");
    }
    if (!is_of_ledger(trigger.when.left) || !is_of_ledger(trigger.when.right)) {
        return refuse(trigger, "asks for something a ledger does not have",
                      "a ledger gives 'pool balance' only");
    }
    const std::vector<Money> totals = outstanding_totals(invoices, from, to);
    History history;
    history.days.reserve(totals.size());
    int count = 0;
    Date day = from;
    for (const Money balance : totals) {
        const Money left = value_of(trigger.when.left, balance, program.amount_rounding);
        const Money right = value_of(trigger.when.right, balance, program.amount_rounding);
        const bool breach = compares(left, trigger.when.compare, right);
        count = breach ? count + 1 : 0;
        history.days.push_back({day, balance, left, right, breach, count});
        if (count == trigger.days && !history.fired_on) {
            history.fired_on = day;
        }
        if (count > history.longest_run) {
            history.longest_run = count;
            history.longest_from = day - (count - 1);
        }
        ++day;
    }
    return history;
}

} // namespace tranchain
