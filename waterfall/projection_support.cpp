// Player, support: what the supporter pays, where a scenario says that he does.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/support.hpp"
#include "waterfall/projection_player.hpp"

namespace tranchain {

/// Pays every claim on the day it is due, or on the next bank day. What these days have paid is no
/// longer claimed once they are closed.
void Player::pay_support(Date day, ProjectionStep& step)
{
    Money due;
    for (const Demand& d : judge_.state().demands) {
        if (booking_day(d.by) <= day) due += open_claim(d);
    }
    due -= supported_;
    if (due <= zero || booking_day(day) != day) return;
    StatementEntry entry;
    entry.entry = static_cast<std::int64_t>(step.entries.size()) + 1;
    entry.date = day;
    entry.amount = due;
    entry.reference = "support";
    step.allocations.push_back(
        {day, entry_key("plan", step.number, entry.entry), "", AllocationKind::support, due});
    step.entries.push_back(std::move(entry));
    supported_ += due;
}

} // namespace tranchain
