// Player, facts: receipts, allocations, dilutions and insolvency of the days of a step.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/asset/adapter.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/projection_player.hpp"

namespace tranchain {

Date Player::booking_day(Date day) const
{
    while (bank_ != nullptr && !is_business_day(*bank_, day)) ++day;
    return day;
}

std::vector<Player::Event>& Player::events_on(Date day)
{
    const auto place = static_cast<std::size_t>(std::max(0, day - program_.closing));
    if (place >= events_.size()) events_.resize(place + 1);
    return events_[place];
}

void Player::own(const Receivable& receivable, Date owned, Money price)
{
    const std::size_t index = held_.size();
    held_.push_back(
        {&receivable, receivable.current_balance, {}, {}, {}, owned, price, false, false});
    AssumptionContext context{scenario_.seed,  scenario_.stress, scenario_.factors,
                              program_.closing, owned,           owned > program_.closing};
    const ObligorFuture* future =
        scenario_.futures ? scenario_.futures->find(receivable.obligor_code) : nullptr;
    if (future != nullptr) context.drawn = future->dilution_of(receivable);
    Fate fate =
        assumed(scenario_.assumptions, context, receivable,
                adapter_of(receivable.asset_type).fate(scenario_.seed, receivable, owned));
    if (future != nullptr) fate = scenario_.futures->applied(*future, receivable, std::move(fate));
    const auto delay = static_cast<std::int32_t>(scenario_.delay_days);
    for (const Fate::Payment& p : fate.payments) {
        if (p.amount == zero) continue; // a part of a fen: no bank books it
        ++events_left_;
        const auto kind = p.by_seller ? Event::Kind::made_good : Event::Kind::payment;
        events_on(booking_day(p.date + delay)).push_back({index, kind, p.amount});
    }
    if (fate.diluted_on) {
        events_on(booking_day(*fate.diluted_on))
            .push_back({index, Event::Kind::dilution, fate.dilution});
    }
    if (fate.repurchased_on) {
        events_on(booking_day(*fate.repurchased_on))
            .push_back({index, Event::Kind::repurchase, {}});
    }
    events_left_ += std::size_t{fate.diluted_on.has_value()} + std::size_t{fate.repurchased_on.has_value()};
}

Money Player::dilute(Held& held, Money amount, Date day, ProjectionStep& step)
{
    amount = min(amount, held.unpaid());
    if (amount == zero) return zero;
    held.diluted += amount;
    step.dilutions.push_back({held.receivable->asset_id, day, amount, "return"});
    return amount;
}

/// The credit that an event brings. Where nobody reads the steps, one credit a day holds them all.
void Player::receive(const Held& held, const Event& event, Date day, ProjectionStep& step)
{
    if (!on_step_ && !step.entries.empty() && step.entries.back().date == day) {
        step.entries.back().amount += event.amount;
        return;
    }
    StatementEntry entry;
    entry.entry = static_cast<std::int64_t>(step.entries.size()) + 1;
    entry.date = day;
    entry.amount = event.amount;
    receipt_ = entry_key("plan", step.number, entry.entry);
    if (on_step_) {
        const Receivable& r = *held.receivable;
        const bool seller = event.kind != Event::Kind::payment;
        entry.reference = r.asset_id;
        entry.counterparty = seller ? r.seller_name : r.obligor_name;
        if (!seller) entry.obligor_code = r.obligor_code;
    }
    step.entries.push_back(std::move(entry));
}

/// Books the newest credit; what is returned is the receivable's.
Money Player::allocate(Held& held, const Event& event, Date day, ProjectionStep& step)
{
    const std::string& id = held.receivable->asset_id;
    if (event.kind == Event::Kind::made_good) {
        held.made_good += event.amount;
        result_.made_good += event.amount;
        step.allocations.push_back({day, receipt_, id, AllocationKind::dilution, event.amount});
        return event.amount;
    }
    const Money part = min(event.amount, held.unpaid());
    if (part > zero) {
        held.paid += part;
        step.allocations.push_back({day, receipt_, id, AllocationKind::payment, part});
    }
    if (part < event.amount) {
        step.allocations.push_back(
            {day, receipt_, "", AllocationKind::unapplied, event.amount - part});
    }
    return part;
}

/// The seller pays the price of what is unpaid.
Money Player::take_back(Held& held, Event event, Date day, ProjectionStep& step)
{
    if (held.unpaid() == zero) return zero;
    const Receivable& r = *held.receivable;
    Asset a;
    a.status = Asset::Status::live;
    a.settle = held.owned;
    a.due = due_of(r);
    a.face = held.face;
    a.price = held.price;
    a.paid = held.paid;
    a.diluted = held.diluted;
    a.made_good = held.made_good;
    event.amount = repurchase_price(a, day);
    if (event.amount == zero) return zero;
    receive(held, event, day, step);
    step.allocations.push_back(
        {day, receipt_, r.asset_id, AllocationKind::repurchase, event.amount});
    result_.repurchased += held.unpaid();
    held.repurchased = true;
    return event.amount;
}

void Player::receipts_of(Date day, ProjectionStep& step)
{
    std::vector<Event> events = std::move(events_on(day));
    events_on(day).clear();
    events_left_ -= events.size();
    // Dilutions first: what is paid that day settles the rest.
    std::stable_sort(events.begin(), events.end());
    Money collected;
    for (const Event& event : events) {
        Held& held = held_[event.held];
        if (event.kind == Event::Kind::dilution) {
            result_.diluted += dilute(held, event.amount, day, step);
            continue;
        }
        if (event.kind == Event::Kind::repurchase) {
            collected += take_back(held, event, day, step);
            continue;
        }
        // Who pays what the plan does not own any more pays the seller.
        if (held.repurchased && event.kind == Event::Kind::payment) continue;
        receive(held, event, day, step);
        collected += allocate(held, event, day, step);
    }
    if (collected > zero) result_.collected[day] += collected;
    if (const auto found = debits_.find(day); found != debits_.end()) {
        for (const Debit& debit : found->second) {
            StatementEntry entry;
            entry.entry = static_cast<std::int64_t>(step.entries.size()) + 1;
            entry.date = day;
            entry.amount = -debit.amount;
            entry.reference = debit.reference;
            step.entries.push_back(std::move(entry));
        }
        debits_.erase(found);
    }
}

void Player::make_insolvent(const Scenario::Insolvency& insolvency, ProjectionStep& step)
{
    std::set<std::string> obligors;
    for (Held& held : held_) {
        if (held.receivable->obligor_group != insolvency.group) continue;
        held.insolvent = true;
        obligors.insert(held.receivable->obligor_code);
        result_.insolvent_face += held.unpaid();
    }
    for (std::vector<Event>& events : events_) {
        events_left_ -=
            std::erase_if(events, [this](const Event& e) { return held_[e.held].insolvent; });
    }
    step.insolvency = ProjectionStep::Insolvency{
        insolvency.date, insolvency.group, {obligors.begin(), obligors.end()}};
}

Result<> Player::submit_facts(const ProjectionStep& step)
{
    if (!step.dilutions.empty()) {
        TRANCHAIN_DO(must(record_type::dilution, judge_.take_dilutions(step.dilutions)));
        ++servicer_seq_;
    }
    if (step.insolvency) {
        const auto& one = *step.insolvency;
        TRANCHAIN_DO(must(record_type::insolvency,
                          judge_.take_insolvency(one.date, one.group, one.obligors)));
        ++servicer_seq_;
    }
    TRANCHAIN_DO(must(record_type::statement,
                      judge_.take_statement(step.covers, "plan", step.number, step.opening,
                                            step.entries)));
    ++servicer_seq_;
    return must(record_type::collections,
                judge_.take_collections(step.covers, step.allocations));
}

Result<> Player::state_facts(ProjectionStep& step)
{
    step.number = ++statements_;
    step.opening = bank_balance_;
    supported_ = zero;
    const auto& insolvency = scenario_.insolvency;
    if (call_on_ && *call_on_ <= step.covers.from) exercise_call(step.covers.from, step);
    for (Date day = step.covers.from; day <= step.covers.to; ++day) {
        if (insolvency && insolvency->date == day) make_insolvent(*insolvency, step);
        receipts_of(day, step);
        if (scenario_.support_where) pay_support(day, step);
        if (scenario_.earnings) earn(day, step);
    }
    for (const StatementEntry& entry : step.entries) bank_balance_ += entry.amount;
    step.closing = bank_balance_;
    TRANCHAIN_DO(submit_facts(step));
    return close(step.covers.to, step);
}

/// A trigger that takes effect within these days must be told before a later day is closed.
Result<> Player::close(Date through, ProjectionStep& step)
{
    while (closed_ < through) {
        TRANCHAIN_DO(must(record_type::day_close, judge_.take_close(through, ++height_)));
        closed_ = judge_.state().closed_through;
        if (closed_ < through) TRANCHAIN_DO(give_notice(step));
    }
    return {};
}

}  // namespace tranchain
