// Facilities between distributions: limits and costs.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/facility.hpp"

#include "data/assert.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/bounds.hpp"

namespace tranchain {

namespace {

/// Not below zero and not above amount_limit.
Money limit_of(const Program& program, const DealState& state, const Facility& f, Date day)
{
    const Money limit = evaluate(program, state, f.limit, day);
    return max(zero, min(limit, Money::fen(amount_limit)));
}

/// What is left of `limit`: less what is drawn, or less all ever lent when it does not replenish.
/// Not below zero: a limit that fell recalls nothing.
Money undrawn_of(const Facility& f, const FacilityState& state, Money limit)
{
    return max(zero, limit - (f.replenishes ? state.drawn : state.lent_to_date));
}

} // namespace

Money undrawn(const Program& program, const DealState& state, std::size_t facility, Date day)
{
    const Facility& f = program.facilities[facility];
    return undrawn_of(f, state.facilities[facility], limit_of(program, state, f, day));
}

void accrue_facilities(const Program& program, const DealState& state, Distribution& d)
{
    const Date from = d.interest_from;
    const Date to = d.date.unadjusted;
    const Money most = Money::fen(fee_due_limit);
    for (std::size_t i = 0; i < program.facilities.size(); ++i) {
        const Facility& f = program.facilities[i];
        const FacilityState& at = state.facilities[i];
        FacilityLine line;
        line.id = f.id;
        line.limit = limit_of(program, state, f, to);
        line.opening = line.closing = at.drawn;
        line.undrawn = undrawn_of(f, at, line.limit);
        line.interest_accrued =
            simple_interest(program, f.rate, f.day_count, at.drawn, from, to);
        line.premium_accrued =
            simple_interest(program, f.premium, f.day_count, line.undrawn, from, to);
        line.interest_due = min(at.interest + line.interest_accrued, most);
        line.premium_due = min(at.premium + line.premium_accrued, most);
        d.facilities.push_back(std::move(line));
    }
}

void settle_facilities(const Program& program, const DealState& state, Distribution& d)
{
    for (std::size_t i = 0; i < d.facilities.size(); ++i) {
        FacilityLine& line = d.facilities[i];
        invariant(line.drawn <= line.undrawn);
        line.closing = line.opening + line.drawn - line.repaid;
        const FacilityState after{line.closing, state.facilities[i].lent_to_date + line.drawn,
                                  line.interest_due - line.interest_paid,
                                  line.premium_due - line.premium_paid};
        line.undrawn = undrawn_of(program.facilities[i], after, line.limit);
        d.payout.facilities.push_back(after);
    }
}

} // namespace tranchain
