// Lines that judge a trigger inside a distribution.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "data/assert.hpp"
#include "waterfall/exact/priority.hpp"
#include "waterfall/exact/trigger.hpp"

namespace tranchain {

/// Cash is what is left of the funds of this distribution, merged funds being principal; interest
/// unpaid is what of the interest due on this date the lines so far have not paid.
DealState PriorityRun::seen(const Book& book) const
{
    DealState at = s_;
    at.accrued_from = out_.date.unadjusted;
    at.closed_through = std::min(at.closed_through, out_.date.adjusted - 1); // made late or not
    for (std::size_t i = 0; i < at.tranches.size(); ++i) {
        const TrancheLine& t = out_.tranches[i];
        at.tranches[i] = {t.opening - t.principal_paid, t.interest_due - t.interest_paid};
    }
    for (std::size_t i = 0; i < at.facilities.size(); ++i) {
        const FacilityLine& f = out_.facilities[i];
        at.facilities[i].drawn += f.drawn - f.repaid;
        at.facilities[i].lent_to_date += f.drawn;
    }
    for (std::size_t i = 0; i < pots_.size(); ++i) {
        at.book.restore(reserve_account(i), pots_[i].balance());
    }
    at.loans_to_date += out_.loan;
    at.covered_to_date += out_.covered;
    const Money left = book.funds + book.kept;
    Money income = out_.merged ? zero : out_.income_left;
    Money principal = left;
    if (book.name == "income") {
        income = left;
        principal = max(zero, out_.principal_available - out_.loan) + out_.covered +
                    out_.to_principal;
    }
    at.book.restore(Account::income, income);
    at.book.restore(Account::principal, principal);
    return at;
}

/// As of the day before, so that `trigger X` of later lines, which asks for an earlier day, sees it.
void PriorityRun::judge(const Step& step, const Book& book)
{
    const auto found = std::find_if(p_.triggers.begin(), p_.triggers.end(),
                                    [&](const Trigger& t) { return t.id == step.payees.front(); });
    invariant(found != p_.triggers.end());
    const Trigger& trigger = *found;
    const DealState at = seen(book);
    const Date day = out_.date.unadjusted;
    LineJudgement judged;
    judged.trigger = static_cast<int>(found - p_.triggers.begin());
    judged.value = evaluate(p_, at, trigger.when.left, day);
    judged.threshold = evaluate(p_, at, trigger.when.right, day);
    judged.breach = trigger.test ? holds(p_, at, *trigger.test, day)
                                 : compares(judged.value, trigger.when.compare, judged.threshold);
    count_judgement(p_, s_, judged, day - 1);
    const TriggerState& after = s_.triggers[static_cast<std::size_t>(judged.trigger)];
    out_.judged.push_back({trigger.id, judged.value, judged.threshold, judged.breach, after.count,
                           after.effective.has_value()});
    out_.payout.judged.push_back(judged);
    line(step, book, trigger.id, zero, zero);
}

} // namespace tranchain
