// Claims on the supporter.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/support.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/timetable.hpp"

namespace tranchain {

std::string covered_item(const Support::Cover& cover)
{
    return fmt::format("{} {}", cover.interest ? "interest" : "principal", cover.tranche);
}

bool receives_support(const Program& program)
{
    return program.support && !program.support->into.empty();
}

bool holds_support(const Program& program, std::string_view reserve)
{
    return receives_support(program) && program.support->into == reserve;
}

Account support_account(const Program& program)
{
    invariant(receives_support(program));
    const int i = reserve_index(program, program.support->into);
    invariant(i >= 0);
    return reserve_account(static_cast<std::size_t>(i));
}

bool may_draw(const Program& program, const Step& step, std::string_view helper, Date unadjusted)
{
    return !holds_support(program, helper) || step.kind != Step::Kind::pay_principal ||
           unadjusted >= program.expected_maturity;
}

bool draws_on(const Step& step, std::string_view helper)
{
    return std::find(step.supports.begin(), step.supports.end(), helper) != step.supports.end();
}

namespace {

bool is_covered(const Support& support, bool interest, const std::string& tranche)
{
    return std::any_of(support.covers.begin(), support.covers.end(), [&](const Support::Cover& c) {
        return c.interest == interest && c.tranche == tranche;
    });
}

/// Empty if the line is fit to know the reserve.
std::string misuse_of(const Support& support, const Step& s)
{
    const bool moves =
        s.kind == Step::Kind::fund_reserve || s.kind == Step::Kind::release_reserve;
    if (moves && !s.payees.empty() && s.payees.front() == support.into) {
        return fmt::format("only the supporter's money is in reserve '{}', for what he covers alone",
                           support.into);
    }
    if (!draws_on(s, support.into)) return {};
    const bool interest = s.kind == Step::Kind::pay_interest;
    if (!interest && s.kind != Step::Kind::pay_principal) {
        return fmt::format("the supporter covers no fees: reserve '{}' cannot pay them", support.into);
    }
    for (const std::string& payee : s.payees) {
        if (is_covered(support, interest, payee)) continue;
        return fmt::format("the supporter does not cover {} {}, which reserve '{}' would pay here",
                           interest ? "interest" : "principal", payee, support.into);
    }
    return {};
}

} // namespace

std::vector<SupportMisuse> misused_support(const Program& program)
{
    std::vector<SupportMisuse> out;
    if (!receives_support(program)) return out;
    const Support& support = *program.support;
    for (const Reserve& r : program.reserves) {
        if (r.id == support.into && r.opening != zero) {
            out.push_back({r.clause, fmt::format("reserve '{}' of the supporter opens with money of "
                                                 "others",
                                                 r.id)});
        }
    }
    for (const auto& [phase, priority] : program.priorities) {
        for (const Step* s : lines_of(priority)) {
            if (std::string what = misuse_of(support, *s); !what.empty()) {
                out.push_back({s->clause, std::move(what)});
            }
        }
    }
    return out;
}

Money open_claim(const Demand& demand)
{
    return demand.amount - demand.received - demand.lapsed;
}

Money open_claims(const DealState& state)
{
    Money sum;
    for (const Demand& d : state.demands) sum += open_claim(d);
    return sum;
}

namespace {

/// Takes `amount` off claims, the oldest first, and adds it to what they were met by; of one item, or
/// of all where it is empty.
void meet(std::vector<Demand>& claims, std::string_view item, Money amount, Money Demand::*met_by)
{
    for (Demand& d : claims) {
        if (!item.empty() && d.covers != item) continue;
        const Money part = min(amount, open_claim(d));
        d.*met_by += part;
        amount -= part;
    }
}

/// What a distribution leaves unpaid of what is covered. Principal counts from expected maturity on.
Money unpaid_of(const Program& program, const Support::Cover& cover, const Distribution& d)
{
    const int i = tranche_index(program, cover.tranche);
    if (i < 0) return zero;
    const TrancheLine& t = d.tranches[static_cast<std::size_t>(i)];
    if (cover.interest) return t.arrears_after;
    return d.date.unadjusted >= program.expected_maturity ? t.closing : zero;
}

Money open_on(const std::vector<Demand>& claims, const std::string& item)
{
    Money sum;
    for (const Demand& d : claims) {
        if (d.covers == item) sum += open_claim(d);
    }
    return sum;
}

/// What is to be claimed for an item: what `d` leaves unpaid of it, less what waits in the reserve.
struct Missing {
    std::string item;
    Money amount;
};
std::vector<Missing> missing_of(const Program& program, const Distribution& d)
{
    Money waiting;
    for (const ReserveLine& r : d.reserves) {
        if (holds_support(program, r.id)) waiting = r.closing;
    }
    std::vector<Missing> out;
    for (const Support::Cover& cover : program.support->covers) {
        const Money unpaid = unpaid_of(program, cover, d);
        const Money held = min(waiting, unpaid);
        waiting -= held;
        out.push_back({covered_item(cover), unpaid - held});
    }
    return out;
}

/// The day on which a demand must be met that is made at the end of `told`.
Date due_day(const Program& program, const PaymentDate& date, Date told)
{
    return std::max(support_day(program, *program.support, date), told + 1);
}

/// Until the payment date a fee's base stays what it is.
void foresee_bases(const Program& program, DealState& state, Date to)
{
    const std::int64_t days = to - (state.closed_through + 1);
    const auto known = std::any_of(state.base_marks.begin(), state.base_marks.end(),
                                   [&](const BaseMark& m) { return m.date == to; });
    if (known || days <= 0) return;
    BaseMark mark{to, {}};
    for (std::size_t i = 0; i < program.fees.size(); ++i) {
        std::int64_t sum = state.fees[i].base_days;
        if (needs_base_days(program.fees[i])) {
            sum += days * fee_base(program, state, program.fees[i], state.closed_through).in_fen();
        }
        mark.base_days.push_back(sum);
    }
    state.base_marks.push_back(std::move(mark));
}

} // namespace

void settle_claims(DealState& state, Money received)
{
    meet(state.demands, {}, received, &Demand::received);
}

std::vector<Demand>
claims_after(const Program& program, const std::vector<Demand>& claims, const Distribution& d)
{
    std::vector<Demand> after = claims;
    const Date by = due_day(program, d.date, d.booked - 1);
    for (const auto& [item, missing] : missing_of(program, d)) {
        const Money open = open_on(after, item);
        if (missing > open) after.push_back({d.date.unadjusted, item, missing - open, by, {}, {}});
        if (missing < open) meet(after, item, open - missing, &Demand::lapsed);
    }
    return after;
}

bool judge_support(const Program& program, DealState& state)
{
    if (!receives_support(program)) return false;
    const auto next = next_payment(program, state);
    if (!next || next->provisional || next->calculation > state.closed_through ||
        next->unadjusted <= state.support_judged) {
        return false;
    }
    state.support_judged = next->unadjusted;
    DealState foreseen = state;
    foresee_bases(program, foreseen, next->unadjusted);
    const auto d = foresee(program, foreseen, *next);
    if (!d) return false; // no priority of payments: the distribution says so
    const Date by = due_day(program, *next, state.closed_through);
    bool demanded = false;
    for (const auto& [item, missing] : missing_of(program, *d)) {
        const Money open = open_on(state.demands, item);
        if (missing <= open) continue;
        state.demands.push_back({next->unadjusted, item, missing - open, by, {}, {}});
        demanded = true;
    }
    return demanded;
}

} // namespace tranchain
