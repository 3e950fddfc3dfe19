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

namespace tranchain {

namespace {

Json reading_json(const Reading& r)
{
    return Json::object({{"date", r.date},
                         {"value", r.value},
                         {"threshold", r.threshold},
                         {"breach", r.breach},
                         {"count", r.count}});
}

Json fired_json(const Program& program, const DealState& state, const Fired& fired)
{
    if (fired.trigger < 0) {
        const Money balance = measure(program, state, Measure::senior_balance, {});
        Json::Array days{reading_json({fired.effective, balance, zero, true, 1, false})};
        return Json::object({{"id", "expected-maturity"},
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
    return Json::object({{"id", t.id},
                         {"clause", t.clause.text},
                         {"number", t.clause.number},
                         {"effect", name_of(t.effect)},
                         {"effective", fired.effective},
                         {"days", std::move(days)}});
}

Date next_bank_day(const Program& program, Date day)
{
    for (const Calendar& c : program.calendars) {
        if (c.name == "china-bank") return add_business_days(c, day, 1);
    }
    return add_business_days(Calendar{}, day, 1);
}

bool is_default(const Program& program, const std::vector<Fired>& fired)
{
    return std::any_of(fired.begin(), fired.end(), [&](const Fired& f) {
        return f.trigger >= 0 && program.triggers[static_cast<std::size_t>(f.trigger)].effect ==
                                     Trigger::Effect::event_of_default;
    });
}

} // namespace

std::vector<Addressee>
addressees(const Program& program, const DealState& state, const std::vector<Fired>& fired)
{
    invariant(!fired.empty());
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
    if (is_default(program, fired)) {
        return {
            {"custodian", "pay by the default priority only", soon},
            {"plan_manager", fmt::format("merge the ledgers; next distribution: {}", next), pay},
            {"servicer", "collect and remit everything to the plan account", soon}};
    }
    return {{"custodian", "pay for no purchase that settles later; hold principal cash", soon},
            {"plan_manager",
             fmt::format("buy nothing more; distribute monthly; next distribution: {}", next), pay},
            {"servicer", "offer nothing for purchase; go on collecting and remitting", soon}};
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
