// Player, earnings: interest that the bank credits on the cash of the account.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "waterfall/projection_player.hpp"

namespace tranchain {

/// Credits what the days before earned, if the bank does so on `day`; then counts the day itself.
/// What the account earns after the last credit is not seen.
void Player::earn(Date day, ProjectionStep& step)
{
    const Scenario::Earnings& terms = *scenario_.earnings;
    if (!days_of(terms.credited, day, day).empty()) credit_on_ = booking_day(day);
    if (credit_on_ == day) {
        const Money interest = Money::fen(
            divide_rounded(earning_ * terms.rate.in_ppb(), Int128{Rate::one} * terms.basis,
                           program_.amount_rounding));
        earning_ = 0;
        credit_on_.reset();
        if (interest > zero) {
            StatementEntry entry;
            entry.entry = static_cast<std::int64_t>(step.entries.size()) + 1;
            entry.date = day;
            entry.amount = interest;
            entry.reference = "interest on cash";
            step.allocations.push_back({day, entry_key("plan", step.number, entry.entry), "",
                                        AllocationKind::income, interest});
            step.entries.push_back(std::move(entry));
            result_.collected[day] += interest;
        }
    }
    Money balance = step.opening;
    for (const StatementEntry& entry : step.entries) balance += entry.amount;
    earning_ += balance.in_fen();
}

} // namespace tranchain
