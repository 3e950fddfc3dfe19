// Lines that draw on facilities and those that pay them.
// SPDX-License-Identifier: Apache-2.0
#include "data/assert.hpp"
#include "waterfall/exact/priority.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

/// What is repaid today can be drawn from the next payment date on.
void PriorityRun::open_facilities()
{
    for (const FacilityLine& f : out_.facilities) rooms_.push_back(f.undrawn);
}

Money PriorityRun::room_of(const Step& step, const std::string& id) const
{
    if (const int i = facility_index(p_, id); i >= 0) return rooms_[static_cast<std::size_t>(i)];
    if (!may_draw(p_, step, id, out_.date.unadjusted)) return zero;
    return pots_[pot_of(id)].funds;
}

Money PriorityRun::draw(const Step& step, const std::string& id, Money wanted, Source& source)
{
    const Money part = min(room_of(step, id), wanted);
    if (const int i = facility_index(p_, id); i >= 0) {
        rooms_[static_cast<std::size_t>(i)] -= part;
        out_.facilities[static_cast<std::size_t>(i)].drawn += part;
        source.borrowed += part;
    } else {
        pots_[pot_of(id)].funds -= part;
        out_.reserves[pot_of(id)].drawn += part;
        source.drawn += part;
    }
    return part;
}

/// The rest of a reserve is no one else's; that of a facility is not lent on this date.
void PriorityRun::keep_rounding_of(const Step& step, const std::string& id)
{
    if (!may_draw(p_, step, id, out_.date.unadjusted)) return;
    if (const int i = facility_index(p_, id); i >= 0) {
        rooms_[static_cast<std::size_t>(i)] = zero;
        return;
    }
    Pot& pot = pots_[pot_of(id)];
    pot.kept += pot.funds;
    pot.funds = zero;
}

void PriorityRun::pay_facility(const Step& step, Book& book)
{
    const int i = facility_index(p_, step.payees.front());
    invariant(i >= 0);
    FacilityLine& f = out_.facilities[static_cast<std::size_t>(i)];
    const bool interest = step.kind == Step::Kind::pay_facility_interest;
    const bool premium = step.kind == Step::Kind::pay_facility_premium;
    Money& done = interest ? f.interest_paid : premium ? f.premium_paid : f.repaid;
    const Money all = interest  ? f.interest_due
                      : premium ? f.premium_due
                                : f.opening + f.drawn;
    const Money due = all - done;
    const Money paid = most(step, due, own_funds(step, book));
    take(step, book, paid);
    done += paid;
    line(step, book, f.id, due, paid);
}

} // namespace tranchain
