// Counting breach days, and the clocks that start at a payment date.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/trigger.hpp"

#include <algorithm>
#include <utility>

#include "data/assert.hpp"

namespace tranchain {

namespace {

const Calendar* calendar_of(const Program& program, const std::string& name)
{
    for (const Calendar& c : program.calendars) {
        if (c.name == name) return &c;
    }
    return nullptr;
}

/// What counts as a reading on a missing day: the last one, or a breach once it is too old.
Reading missing_reading(const Trigger& trigger, TriggerState& state, Date day)
{
    Reading reading;
    if (!state.run.empty()) reading = state.run.back();
    ++state.missing;
    if (state.missing > trigger.carry_forward_days || state.run.empty()) reading.breach = true;
    reading.date = day;
    reading.stale = true;
    return reading;
}

/// The payment date or legal final whose clock runs out on `day`.
bool clock_runs_out(const Program& program,
                    const DealState& state,
                    const Trigger& trigger,
                    Date day)
{
    const Calendar* calendar = calendar_of(program, trigger.calendar);
    const Calendar plain;
    const Calendar& c = calendar != nullptr ? *calendar : plain;
    const int n = std::max(trigger.days, 1);
    if (trigger.clock == Trigger::Clock::days_after_final) {
        return add_business_days(c, program.legal_final, n) == day;
    }
    if (!is_business_day(c, day)) return false;
    const auto dates = payment_dates(program, state);
    return std::any_of(dates.begin(), dates.end(), [&](const PaymentDate& d) {
        return d.adjusted < day && day - d.adjusted < 7 * n + 30 &&
               add_business_days(c, d.adjusted, n) == day;
    });
}

/// A clause judged at one moment: true there, and it takes effect.
bool judge_clock(const Program& program,
                 const DealState& state,
                 const Trigger& trigger,
                 TriggerState& t,
                 Date day,
                 const Observation& observed)
{
    Reading reading{day, observed.value, observed.threshold, false, 0, false};
    reading.breach = compares(observed.value, trigger.when.compare, observed.threshold);
    const bool over = clock_runs_out(program, state, trigger, day);
    const bool fires = over && reading.breach && !t.effective;
    reading.count = fires || t.effective ? trigger.days : 0;
    t.count = reading.count;
    t.run = {reading};
    if (fires) t.effective = day;
    return fires;
}

} // namespace

bool count_day(const Trigger& trigger,
               TriggerState& state,
               Date day,
               std::optional<Observation> observed)
{
    Reading reading;
    if (observed) {
        state.missing = 0;
        reading = {day, observed->value, observed->threshold, false, 0, false};
        reading.breach = compares(observed->value, trigger.when.compare, observed->threshold);
    } else {
        reading = missing_reading(trigger, state, day);
    }
    if (state.effective) {
        // Fired once and for all: the count stays, the values are still shown.
        reading.count = state.count;
        state.run = {reading};
        return false;
    }
    const bool running = state.count > 0;
    state.count = reading.breach ? state.count + 1 : 0;
    reading.count = state.count;
    if (!reading.breach || !running) state.run.clear();
    state.run.push_back(reading);
    if (state.count < trigger.days || !reading.breach) return false;
    state.effective = day;
    return true;
}

std::vector<Fired> judge_triggers(const Program& program, DealState& state, Date day)
{
    std::vector<Fired> fired;
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        const Trigger& trigger = program.triggers[i];
        TriggerState& t = state.triggers[i];
        if (trigger.during && !t.effective && state.phase != *trigger.during) {
            if (t.count > 0) t.lapsed = true;
            t.count = 0;
            t.run.clear();
            continue;
        }
        const Observation observed{evaluate(program, state, trigger.when.left),
                                   evaluate(program, state, trigger.when.right)};
        const bool fires = trigger.clock == Trigger::Clock::consecutive_days
                               ? count_day(trigger, t, day, observed)
                               : judge_clock(program, state, trigger, t, day, observed);
        if (fires) fired.push_back({static_cast<int>(i), day});
    }
    // On one day an event of default outranks acceleration, whatever the order of the clauses.
    const auto effect = [&](const Fired& f) {
        return program.triggers[static_cast<std::size_t>(f.trigger)].effect;
    };
    std::stable_sort(fired.begin(), fired.end(), [&](const Fired& a, const Fired& b) {
        const bool first = effect(a) == Trigger::Effect::event_of_default;
        const bool second = effect(b) == Trigger::Effect::event_of_default;
        return first && !second;
    });
    return fired;
}

} // namespace tranchain
