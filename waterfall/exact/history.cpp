// History: totals by differences, then one pass over the days.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/history.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "data/assert.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

namespace {

/// Whether an expression asks only for what a ledger has.
bool is_of_ledger(const Expr& expr)
{
    if (expr.kind == Expr::Kind::measure) return expr.measure == Measure::pool_balance;
    if (expr.kind == Expr::Kind::fired || expr.kind == Expr::Kind::average ||
        expr.kind == Expr::Kind::count) {
        return false;
    }
    return std::all_of(expr.operands.begin(), expr.operands.end(), is_of_ledger);
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
    if (trigger.grace > 0 || trigger.cured_by > 0) {
        return refuse(trigger, "has more than a count", "leave out 'grace' and 'cured_by'");
    }
    const bool of_ledger = trigger.test ? is_of_ledger(*trigger.test)
                                        : is_of_ledger(trigger.when.left) &&
                                              is_of_ledger(trigger.when.right);
    if (!of_ledger) {
        return refuse(trigger, "asks for something a ledger does not have",
                      "a ledger gives 'pool balance' only");
    }
    const std::vector<Money> totals = outstanding_totals(invoices, from, to);
    History history;
    history.days.reserve(totals.size());
    DealState state; // as far as a ledger knows one
    int count = 0;
    Date day = from;
    for (const Money balance : totals) {
        state.closed_through = day;
        state.totals.pool_balance = balance;
        const Money left = evaluate(program, state, trigger.when.left);
        const Money right = evaluate(program, state, trigger.when.right);
        const bool breach = holds(program, state, trigger);
        count = breach ? count + 1 : 0;
        history.days.push_back({day, balance, left, right, breach, count,
                                history.fired_on ? 0 : std::max(0, trigger.days - count)});
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
