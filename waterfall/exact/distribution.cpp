// What a distribution starts from, and what it leaves.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/distribution.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/facility.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/pending.hpp"
#include "waterfall/exact/priority.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/exact/timetable.hpp"
#include "waterfall/exact/trigger.hpp"

namespace tranchain {

void take_balances(DealState& state, const Payout& payout)
{
    state.tranches = payout.tranches;
    state.facilities = payout.facilities;
    for (std::size_t i = 0; i < state.fees.size(); ++i) {
        const std::int64_t base_days = state.fees[i].base_days;
        state.fees[i] = payout.fees[i];
        state.fees[i].base_days = base_days;
    }
    state.loans_to_date += payout.loan;
    state.covered_to_date += payout.covered;
}

DealState before_lines(const Program& program, const DealState& state, const PaymentDate& date)
{
    DealState s = state;
    for (const Payout& payout : state.payouts) {
        if (payout.paid) continue;
        take_balances(s, payout);
        for (const LineJudgement& j : payout.judged) {
            count_judgement(program, s, j, payout.unadjusted);
        }
        for (std::size_t i = 0; i < payout.reserves_out.size(); ++i) {
            const Account account = reserve_account(i);
            s.book.restore(account, s.book.balance(account) - payout.reserves_out[i]);
        }
    }
    for (const Mark& m : state.marks) { // what came later is the next period's
        if (m.date == date.calculation) s.totals.income_to_date = m.figures.income_to_date;
    }
    for (std::size_t i = 0; i < s.triggers.size(); ++i) {
        if (program.triggers[i].clock != Trigger::Clock::inside_payments) continue;
        TriggerState& t = s.triggers[i];
        if (t.effective) t.effective = std::min(*t.effective, date.unadjusted - 1);
        if (t.cured) t.cured = std::min(*t.cured, date.unadjusted - 1);
    }
    return s;
}

namespace {

Result<PaymentDate> due_date(const Program& program, const DealState& state, Date unadjusted)
{
    if (state.phase == Phase::ended) {
        return fail(Code::answer_no, "the deal has ended: nothing more is distributed");
    }
    const auto next = next_payment(program, state);
    if (!next) return fail(Code::answer_no, "no payment date is left");
    if (next->unadjusted != unadjusted) {
        return fail(Code::answer_no, fmt::format("the next distribution is {}, not {}",
                                                 next->unadjusted.str(), unadjusted.str()));
    }
    if (next->provisional) {
        return fail(
            Code::answer_no,
            fmt::format("{} is provisional: the calendar does not reach it", unadjusted.str()));
    }
    if (state.closed_through < next->adjusted - 1) {
        return fail(Code::busy, fmt::format("every day before {} is closed", next->adjusted.str()));
    }
    return *next;
}

/// Funds at the calculation date, less what earlier distributions paid after it take out; never what the
/// next close takes out of the ledgers for what is explained.
void available(const DealState& state, const Mark& mark, Distribution& d)
{
    d.income_available = mark.figures.income;
    d.principal_available = mark.figures.principal;
    Money income_now = state.book.balance(Account::income) - borne_by(state, Account::income);
    Money principal_now =
        state.book.balance(Account::principal) - borne_by(state, Account::principal);
    for (const Payout& p : state.payouts) {
        if (p.booked > mark.date) {
            d.income_available -= p.income_out;
            d.principal_available -= p.principal_out;
        }
        if (!p.paid) {
            income_now -= p.income_out;
            principal_now -= p.principal_out;
        }
    }
    d.principal_held = principal_now;
    if (d.merged) {
        d.income_available =
            min(d.income_available + d.principal_available, income_now + principal_now);
        d.principal_available = zero;
    } else {
        d.income_available = min(d.income_available, income_now);
        d.principal_available = min(d.principal_available, principal_now);
    }
    d.income_available = max(d.income_available, zero);
    d.principal_available = max(d.principal_available, zero);
}

void accrue(const Program& program, const DealState& state, Distribution& d)
{
    const Date to = d.date.unadjusted;
    d.tranches.reserve(program.tranches.size());
    d.fees.reserve(program.fees.size());
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        const Tranche& t = program.tranches[i];
        const TrancheState& at = state.tranches[i];
        TrancheLine line;
        line.id = t.id;
        line.opening = at.balance;
        line.arrears_before = at.arrears;
        line.interest_exact = interest_of(program, state, i, d.interest_from, to);
        const PerUnit due = per_unit(program, t, line.interest_exact);
        line.units = due.units;
        const bool added = capitalises(program, state, i, to);
        (added ? line.capitalised : line.interest_due) = due.amount;
        line.interest_due += at.arrears;
        line.rounding_left = line.interest_exact - due.amount;
        d.tranches.push_back(std::move(line));
    }
    d.payout.fees = state.fees;
    const Date year = fee_year(program, to);
    for (std::size_t i = 0; i < program.fees.size(); ++i) {
        const Fee& fee = program.fees[i];
        FeeState& after = d.payout.fees[i];
        FeeLine line;
        line.id = fee.id;
        line.accrued = by_year(fee)
                           ? accrued_annual_fee(program, state, fee, d.interest_from, to,
                                                base_days_between(state, i, d.interest_from, to))
                           : single_fee(program, state, i, d.interest_from, to);
        after.due = min(after.due + line.accrued, Money::fen(fee_due_limit));
        if (after.due < zero) { // a target that fell below what it left due
            after.above_cap += after.due;
            after.due = zero;
        }
        line.due = after.due;
        if (after.year != year) after.paid_in_year = zero;
        after.year = year;
        d.fees.push_back(std::move(line));
    }
}

/// Where nothing of the supporter's is received: what the distribution leaves short.
void demand_support(const Program& program, Distribution& d)
{
    const Date by = support_day(program, *program.support, d.date);
    for (const Support::Cover& cover : program.support->covers) {
        const int index = tranche_index(program, cover.tranche);
        if (index < 0) continue;
        const TrancheLine& t = d.tranches[static_cast<std::size_t>(index)];
        const bool due_now =
            !cover.at_expected_maturity || d.date.unadjusted == program.expected_maturity;
        const Money amount = cover.interest ? t.arrears_after - t.arrears_before
                             : due_now && cover.at_expected_maturity ? t.closing
                                                                     : zero;
        if (amount <= zero || !due_now) continue;
        d.demands.push_back({d.date.unadjusted,
                             covered_item(cover),
                             amount, by, {}, {}});
    }
}

void settle(const Program& program, const DealState& now, Distribution& d)
{
    for (std::size_t i = 0; i < d.tranches.size(); ++i) {
        TrancheLine& t = d.tranches[i];
        t.arrears_after = t.interest_due - t.interest_paid;
        t.closing = t.opening + t.capitalised - t.principal_paid;
        d.payout.tranches.push_back({t.closing, t.arrears_after});
    }
    for (std::size_t i = 0; i < d.fees.size(); ++i) {
        d.fees[i].carried = d.payout.fees[i].due;
        d.fees[i].above_cap = d.payout.fees[i].above_cap;
        d.payout.fees[i].base_days = 0;
        if (program.fees[i].kind == Fee::Kind::target) {
            d.payout.fees[i].paid_to_date += d.fees[i].paid + d.fees[i].above_cap_paid;
        }
    }
    if (receives_support(program)) {
        d.claims = claims_after(program, now.demands, d);
        std::copy_if(d.claims.begin(), d.claims.end(), std::back_inserter(d.demands),
                     [&](const Demand& c) { return c.distribution == d.date.unadjusted; });
    } else if (program.support) {
        demand_support(program, d);
    }
    settle_facilities(program, now, d);
    Payout& p = d.payout;
    p.unadjusted = d.date.unadjusted;
    p.adjusted = d.date.adjusted;
    p.calculation = d.date.calculation;
    p.booked = d.booked;
    p.total = d.total;
    p.loan = d.loan;
    p.covered = d.covered;
    Money reserves;
    for (const ReserveLine& r : d.reserves) {
        p.reserves_out.push_back(r.opening - r.closing);
        reserves += p.reserves_out.back();
    }
    invariant(p.total == p.income_out + p.principal_out + reserves);
}

Result<Distribution>
compute(const Program& program, const DealState& state, const PaymentDate& date, Trace trace)
{
    const auto mark = std::find_if(state.marks.begin(), state.marks.end(),
                                   [&](const Mark& m) { return m.date == date.calculation; });
    invariant(mark != state.marks.end());
    Distribution d;
    d.date = date;
    d.booked = std::max(date.adjusted, state.closed_through + 1);
    d.interest_from = state.accrued_from;
    d.collection_from = state.calculated + 1;
    d.priority = state.defaulted ? std::max(mark->phase, Phase::defaulted) : mark->phase;
    const Priority* priority = priority_of(program, d.priority);
    if (priority == nullptr) {
        return fail(Code::answer_no,
                    fmt::format("the deal has no priority of payments for {}", name_of(d.priority)),
                    {}, fmt::format("write [priority.{}]", name_of(d.priority)));
    }
    d.merged = !priority->all.empty();
    available(state, *mark, d);
    d.income_collected = mark->figures.income_to_date - state.income_taken;
    DealState now = before_lines(program, state, date);
    accrue(program, now, d);
    for (std::size_t i = 0; i < program.reserves.size(); ++i) {
        const Money held = now.book.balance(reserve_account(i));
        d.reserves.push_back({program.reserves[i].id, held, {}, {}, {}, {}, held});
    }
    accrue_facilities(program, now, d);
    Gross principal;
    for (const TrancheLine& t : d.tranches) principal.add(t.opening + t.capitalised);
    if (principal.too_large()) {
        return fail(Code::answer_no, "the principal grows beyond what can be added up");
    }
    const Money losses = mark->figures.losses_to_date - mark->figures.recovered_to_date +
                         now.loans_to_date - now.covered_to_date;
    PriorityRun(program, now, d, losses, trace).run(*priority);
    settle(program, now, d);
    return d;
}

} // namespace

Result<Distribution>
distribute(const Program& program, const DealState& state, Date unadjusted, Trace trace)
{
    const auto date = due_date(program, state, unadjusted);
    if (!date) return tl::make_unexpected(date.error());
    return compute(program, state, *date, trace);
}

Result<Distribution> foresee(const Program& program, const DealState& state, const PaymentDate& next)
{
    return compute(program, state, next, Trace::off);
}

void accept(DealState& state, const Distribution& d)
{
    for (const Mark& m : state.marks) {
        if (m.date == d.date.calculation) state.income_taken = m.figures.income_to_date;
    }
    state.accrued_from = d.date.unadjusted;
    state.calculated = d.date.calculation;
    if (d.claims.empty())
        state.demands.insert(state.demands.end(), d.demands.begin(), d.demands.end());
    else
        state.demands = d.claims;
    state.payouts.push_back(d.payout);
    std::erase_if(state.payouts,
                  [&](const Payout& p) { return p.paid && p.booked <= state.calculated; });
    std::erase_if(state.marks, [&](const Mark& m) { return m.date < state.calculated; });
    std::erase_if(state.base_marks,
                  [&](const BaseMark& m) { return m.date < state.accrued_from; });
}

} // namespace tranchain
