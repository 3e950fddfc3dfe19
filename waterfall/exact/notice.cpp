// Wording a notice.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/notice.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

std::string fired_id(const Program& program, const Fired& fired)
{
    if (fired.trigger == Fired::support) return "support";
    if (fired.trigger == Fired::expected_maturity) return "expected-maturity";
    return program.triggers[static_cast<std::size_t>(fired.trigger)].id;
}

namespace {

Json reading_json(const Reading& r)
{
    return Json::object({{"date", r.date},
                         {"value", r.value},
                         {"threshold", r.threshold},
                         {"breach", r.breach},
                         {"count", r.count}});
}

/// At the end of the day of effect: nothing is closed before the notice is given.
Money call_price(const Program& program, const DealState& state, const Trigger& trigger)
{
    return max(zero, evaluate(program, state, *trigger.price));
}

/// The claims that were made on that day; those of earlier payment dates stay as they were told.
Json demand_json(const Program& program, const DealState& state, Date day)
{
    Json::Array demands;
    for (const Demand& d : state.demands) {
        if (d.distribution != state.support_judged || open_claim(d) <= zero) continue;
        demands.push_back(Json::object(
            {{"covers", d.covers}, {"amount", open_claim(d)}, {"by", d.by}}));
    }
    return Json::object({{"id", fired_id(program, {Fired::support, day})},
                         {"clause", program.support->clause.text},
                         {"number", program.support->clause.number},
                         {"effect", "demand"},
                         {"effective", day},
                         {"distribution", state.support_judged},
                         {"days", Json::Array{}},
                         {"demands", std::move(demands)}});
}

Json fired_json(const Program& program, const DealState& state, const Fired& fired)
{
    if (fired.trigger == Fired::support) return demand_json(program, state, fired.effective);
    if (fired.trigger == Fired::expected_maturity) {
        const Money balance = measure(program, state, Measure::senior_balance, {});
        Json::Array days{reading_json({fired.effective, balance, zero, true, 1, false})};
        return Json::object({{"id", fired_id(program, fired)},
                             {"clause", "senior principal outstanding on the expected maturity"},
                             {"number", "deal.expected_maturity"},
                             {"effect", name_of(Trigger::Effect::accelerate)},
                             {"effective", fired.effective},
                             {"days", std::move(days)}});
    }
    const auto i = static_cast<std::size_t>(fired.trigger);
    const Trigger& t = program.triggers[i];
    Json::Array days;
    for (const Reading& r : state.triggers[i].run) days.push_back(reading_json(r));
    Json json = Json::object({{"id", fired_id(program, fired)},
                         {"clause", t.clause.text},
                         {"number", t.clause.number},
                         {"effect", name_of(t.effect)},
                         {"effective", fired.effective},
                         {"days", std::move(days)}});
    if (t.price) json["price"] = call_price(program, state, t);
    return json;
}

Date next_bank_day(const Program& program, Date day)
{
    for (const Calendar& c : program.calendars) {
        if (c.name == "china-bank") return add_business_days(c, day, 1);
    }
    return add_business_days(Calendar{}, day, 1);
}

/// The gravest effect of those that fired; the end, since nothing is done after it.
Trigger::Effect gravest(const Program& program, const std::vector<Fired>& fired)
{
    Trigger::Effect most = Trigger::Effect::notice;
    for (const Fired& f : fired) {
        const auto effect = f.trigger < 0
                                ? Trigger::Effect::accelerate
                                : program.triggers[static_cast<std::size_t>(f.trigger)].effect;
        if (effect == Trigger::Effect::end) return effect;
        if (gravity(effect) > gravity(most)) most = effect;
    }
    return most;
}

std::vector<Addressee> told_of_triggers(const Program& program,
                                        const DealState& state,
                                        const std::vector<Fired>& fired)
{
    const Date effective = fired.front().effective;
    const Date soon = next_bank_day(program, effective);
    Date pay = soon;
    std::string next = "none is left";
    for (const PaymentDate& d : payment_dates(program, state)) {
        if (d.unadjusted <= effective) continue;
        pay = d.adjusted;
        next = d.unadjusted.str();
        break;
    }
    switch (gravest(program, fired)) {
    case Trigger::Effect::event_of_default:
        return {
            {"custodian", "pay by the default priority only", soon},
            {"plan_manager", fmt::format("merge the ledgers; next distribution: {}", next), pay},
            {"servicer", "collect and remit everything to the plan account", soon}};
    case Trigger::Effect::enforce:
        return {{"custodian", "pay by the enforcement priority only", soon},
                {"plan_manager",
                 fmt::format("enforce what secures the notes; next distribution: {}", next), pay},
                {"servicer", "hand over what is needed to enforce the receivables", soon}};
    case Trigger::Effect::end:
        return {{"custodian", "pay nothing more; hold what still comes in", soon},
                {"plan_manager", "wind the deal up: nothing more is distributed", soon},
                {"servicer", "report what still comes in", soon}};
    case Trigger::Effect::call:
        return {{"custodian", "pay for no purchase that settles later", soon},
                {"plan_manager",
                 fmt::format("offer the pool to the originator; next distribution: {}", next), pay},
                {"servicer", "book what the originator pays as repurchases; go on collecting", pay}};
    case Trigger::Effect::stop_buying:
        return {{"custodian", "pay for no purchase that settles later", soon},
                {"plan_manager", fmt::format("buy nothing; next distribution: {}", next), pay},
                {"servicer", "offer nothing for purchase; go on collecting and remitting", soon}};
    case Trigger::Effect::notice:
        return {{"custodian", "take note", soon},
                {"plan_manager",
                 fmt::format("apply the clauses that name it; next distribution: {}", next), pay},
                {"servicer", "take note", soon}};
    case Trigger::Effect::accelerate:
        break;
    }
    return {{"custodian", "pay for no purchase that settles later; hold principal cash", soon},
            {"plan_manager",
             fmt::format("buy nothing more; distribute monthly; next distribution: {}", next), pay},
            {"servicer", "offer nothing for purchase; go on collecting and remitting", soon}};
}

/// The supporter pays, the custodian and the manager see to it, by the day on which he must.
std::vector<Addressee> told_of_support(const Program& program, const DealState& state, Date demanded)
{
    Date by = next_bank_day(program, demanded);
    for (const Demand& d : state.demands) {
        if (d.distribution == state.support_judged) by = d.by;
    }
    return {{"custodian", "say when the supporter's money is in", by},
            {"plan_manager", fmt::format("call what is missing from the {}", program.support->by), by},
            {program.support->by, "pay what is missing into the plan account", by}};
}

/// One entry for each party, whatever it must do.
void add_to(std::vector<Addressee>& list, const Addressee& one)
{
    const auto at = std::find_if(list.begin(), list.end(),
                                 [&](const Addressee& a) { return a.party == one.party; });
    if (at == list.end()) return list.push_back(one);
    at->action += "; " + one.action;
    at->by = std::min(at->by, one.by);
}

} // namespace

std::vector<Addressee>
addressees(const Program& program, const DealState& state, const std::vector<Fired>& fired)
{
    invariant(!fired.empty());
    const bool demanded = fired.back().trigger == Fired::support;
    if (!demanded) return told_of_triggers(program, state, fired);
    std::vector<Addressee> list;
    if (fired.size() > 1) list = told_of_triggers(program, state, {fired.begin(), fired.end() - 1});
    for (const Addressee& a : told_of_support(program, state, fired.back().effective)) add_to(list, a);
    return list;
}

Record build_notice(const Program& program, const DealState& state)
{
    invariant(state.notice_owed.has_value());
    const NoticeOwed& owed = *state.notice_owed;
    Json::Array triggers;
    for (const Fired& f : owed.fired) triggers.push_back(fired_json(program, state, f));
    Json::Array parties;
    for (const Addressee& a : addressees(program, state, owed.fired)) {
        parties.push_back(Json::object({{"party", a.party}, {"action", a.action}, {"by", a.by}}));
    }
    Record r;
    r.type = record_type::notice;
    r.business_date = owed.fired.front().effective;
    r.public_part = Json::object({{"triggers", std::move(triggers)},
                                  {"revealed", owed.revealed},
                                  {"addressees", std::move(parties)}});
    return r;
}

} // namespace tranchain
