// Player, facts: receipts, allocations, dilutions and insolvency of the days of a step.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/projection_player.hpp"

namespace tranchain {

Date Player::booking_day(Date day) const
{
    while (bank_ != nullptr && !is_business_day(*bank_, day)) ++day;
    return day;
}

void Player::own(const Receivable& receivable, Date owned)
{
    const std::size_t index = held_.size();
    held_.push_back({&receivable, receivable.current_balance, {}, {}, {}, false});
    const Scenario& scenario = input_.scenario;
    const AssumptionContext context{scenario.seed, scenario.stress, program_.closing, owned,
                                    owned > program_.closing};
    const Fate fate = assumed(scenario.assumptions, context, receivable,
                              fate_of(scenario.seed, receivable.asset_id,
                                      receivable.current_balance, receivable.due_date, owned));
    const auto delay = static_cast<std::int32_t>(input_.scenario.delay_days);
    for (const Fate::Payment& p : fate.payments) {
        const auto kind = p.by_seller ? Event::Kind::made_good : Event::Kind::payment;
        events_[booking_day(p.date + delay)].push_back({index, kind, p.amount});
    }
    if (fate.diluted_on) {
        events_[booking_day(*fate.diluted_on)].push_back(
            {index, Event::Kind::dilution, fate.dilution});
    }
}

void Player::allocate(Held& held, Event event, Date day, ProjectionStep& step,
                      StatementEntry& entry)
{
    const bool seller = event.kind == Event::Kind::made_good;
    const Receivable& r = *held.receivable;
    entry.entry = static_cast<std::int64_t>(step.entries.size()) + 1;
    entry.date = day;
    entry.amount = event.amount;
    entry.reference = r.asset_id;
    entry.counterparty = seller ? r.seller_name : r.obligor_name;
    if (!seller) entry.obligor_code = r.obligor_code;
    const std::string key = entry_key("plan", step.number, entry.entry);
    if (seller) {
        held.made_good += event.amount;
        result_.made_good += event.amount;
        step.allocations.push_back({day, key, r.asset_id, AllocationKind::dilution, event.amount});
        result_.collected[day] += event.amount;
        return;
    }
    const Money part = min(event.amount, held.unpaid());
    if (part > zero) {
        held.paid += part;
        step.allocations.push_back({day, key, r.asset_id, AllocationKind::payment, part});
        result_.collected[day] += part;
    }
    if (part < event.amount) {
        step.allocations.push_back({day, key, "", AllocationKind::unapplied, event.amount - part});
    }
}

void Player::receipts_of(Date day, ProjectionStep& step)
{
    if (const auto found = events_.find(day); found != events_.end()) {
        // Dilutions first: what is paid that day settles the rest.
        std::stable_sort(found->second.begin(), found->second.end());
        for (const Event& event : found->second) {
            Held& held = held_[event.held];
            if (event.kind == Event::Kind::dilution) {
                const Money amount = min(event.amount, held.unpaid());
                if (amount == zero) continue;
                held.diluted += amount;
                result_.diluted += amount;
                step.dilutions.push_back({held.receivable->asset_id, day, amount, "return"});
                continue;
            }
            StatementEntry entry;
            allocate(held, event, day, step, entry);
            step.entries.push_back(std::move(entry));
        }
        events_.erase(found);
    }
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
    for (auto day = events_.begin(); day != events_.end();) {
        std::erase_if(day->second, [this](const Event& e) { return held_[e.held].insolvent; });
        day = day->second.empty() ? events_.erase(day) : std::next(day);
    }
    step.insolvency = ProjectionStep::Insolvency{
        insolvency.date, insolvency.group, {obligors.begin(), obligors.end()}};
}

Result<> Player::submit_facts(const ProjectionStep& step)
{
    const RandomSource none;
    if (!step.dilutions.empty()) {
        Submission s = build_dilution(step.dilutions, none);
        TRANCHAIN_DO(must(std::move(s.record), s.rows, "servicer"));
    }
    if (step.insolvency) {
        Submission s = build_insolvency(step.insolvency->date, step.insolvency->group,
                                        step.insolvency->obligors, none);
        TRANCHAIN_DO(must(std::move(s.record), s.rows, "servicer"));
    }
    Submission statement = build_statement("plan", step.number, step.opening, step.covers,
                                           step.entries, none);
    TRANCHAIN_DO(must(std::move(statement.record), statement.rows, "custodian"));
    Submission collections = build_collections(step.covers, step.allocations, none);
    return must(std::move(collections.record), collections.rows, "servicer");
}

Result<> Player::state_facts(ProjectionStep& step)
{
    step.number = ++statements_;
    step.opening = bank_balance_;
    const auto& insolvency = input_.scenario.insolvency;
    for (Date day = step.covers.from; day <= step.covers.to; ++day) {
        if (insolvency && insolvency->date == day) make_insolvent(*insolvency, step);
        receipts_of(day, step);
    }
    for (const StatementEntry& entry : step.entries) bank_balance_ += entry.amount;
    step.closing = bank_balance_;
    TRANCHAIN_DO(submit_facts(step));
    auto closed = close(step.covers.to);
    if (closed) return {};
    // A trigger that takes effect within these days must be told before a later day is closed.
    for (Date day = closed_ + 1; day <= step.covers.to; ++day) {
        TRANCHAIN_DO(close(day));
        TRANCHAIN_DO(give_notice(step));
    }
    return {};
}

Result<> Player::close(Date through)
{
    Context context;
    context.height = ++height_;
    context.time = (std::int64_t{through.days()} + 2) * 86400;
    const Verdict verdict = judge_.close(through, context);
    if (!verdict.accepted()) {
        return fail(Code::invalid_input,
                    fmt::format("the close through {} is not accepted: {}", through.str(),
                                verdict.findings.empty() ? verdict.waits_for
                                                         : verdict.findings.front().message));
    }
    closed_ = through;
    return {};
}

}  // namespace tranchain
