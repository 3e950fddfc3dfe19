// Player, call: the originator takes the whole pool back for the price of the deal.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "waterfall/exact/pool.hpp"
#include "waterfall/projection_player.hpp"

namespace tranchain {

/// Pays on the payment date after the notice what the formula gives at the end of the day before.
/// Each live receivable goes for what any repurchase costs; what the price has above that is
/// income, and what has defaulted stays. A price below it cannot buy the pool back.
void Player::exercise_call(Date day, ProjectionStep& step)
{
    call_on_.reset();
    const Money price = evaluate(program_, judge_.state(), *call_->price);
    Money left = price;
    std::vector<Allocation> taken;
    for (Held& held : held_) {
        const Asset* asset = judge_.pool().find(held.receivable->asset_id);
        if (asset == nullptr || asset->status != Asset::Status::live) continue;
        const Money cost = repurchase_price(*asset, day);
        left -= cost;
        taken.push_back({day, {}, asset->id, AllocationKind::repurchase, cost});
    }
    if (taken.empty()) return;
    if (left < zero) {
        result_.remarks.push_back(
            fmt::format("{}: the call '{}' is not exercised: its price {} is {} below what its "
                        "receivables cost",
                        day.str(), call_->id, price.str(), (-left).str()));
        return;
    }
    StatementEntry entry;
    entry.entry = static_cast<std::int64_t>(step.entries.size()) + 1;
    entry.date = day;
    entry.amount = price;
    entry.reference = "call/" + call_->id;
    receipt_ = entry_key("plan", step.number, entry.entry);
    step.entries.push_back(std::move(entry));
    if (left > zero) taken.push_back({day, {}, {}, AllocationKind::income, left});
    for (Allocation& a : taken) {
        a.receipt = receipt_;
        step.allocations.push_back(std::move(a));
    }
    for (Held& held : held_) {
        const Asset* asset = judge_.pool().find(held.receivable->asset_id);
        if (asset == nullptr || asset->status != Asset::Status::live) continue;
        result_.repurchased += held.unpaid();
        held.repurchased = true;
    }
    for (std::vector<Event>& events : events_) {
        events_left_ -= std::erase_if(events, [this](const Event& e) {
            const Held& held = held_[e.held];
            const bool owes = e.kind == Event::Kind::made_good && held.diluted > held.made_good;
            return held.repurchased && !owes; // the seller still makes good what was diluted
        });
    }
    result_.collected[day] += price;
    result_.remarks.push_back(fmt::format("{}: the originator takes the pool back for {} (call '{}')",
                                          day.str(), price.str(), call_->id));
}

}  // namespace tranchain
