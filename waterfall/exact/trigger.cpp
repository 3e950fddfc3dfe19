// Counting breaches day by day and date by date, and the clocks that start at a payment date.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/trigger.hpp"

#include <algorithm>
#include <utility>

#include "data/assert.hpp"

namespace tranchain {

namespace {

using Clock = Trigger::Clock;

const Calendar& clock_calendar(const Program& program, const std::string& name)
{
    static const Calendar plain;
    for (const Calendar& c : program.calendars) {
        if (c.name == name) return c;
    }
    return plain;
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

Reading reading_of(const Trigger& trigger, Date day, const Observation& o)
{
    Reading reading{day, o.value, o.threshold, false, 0, false};
    reading.breach = o.breach.value_or(compares(o.value, trigger.when.compare, o.threshold));
    return reading;
}

/// The payment date or legal final whose clock runs out on `day`.
bool clock_runs_out(const Program& program,
                    const DealState& state,
                    const Trigger& trigger,
                    Date day)
{
    const Calendar& c = clock_calendar(program, trigger.calendar);
    const int n = std::max(trigger.days, 1);
    if (trigger.clock == Clock::days_after_final) {
        return add_business_days(c, program.legal_final, n) == day;
    }
    if (!is_business_day(c, day)) return false;
    const auto dates = payment_dates(program, state);
    return std::any_of(dates.begin(), dates.end(), [&](const PaymentDate& d) {
        return d.adjusted < day && day - d.adjusted < 7 * n + 30 &&
               add_business_days(c, d.adjusted, n) == day;
    });
}

/// The last day before a payment date, rolled or not.
Date eve_of(const PaymentDate& d)
{
    return std::min(d.unadjusted, d.adjusted) - 1;
}

/// Whether the clause is judged at the end of `day`.
bool is_judged_on(const Program& program, const DealState& state, Clock clock, Date day)
{
    if (clock == Clock::inside_payments) return true; // its readings are made by lines
    if (clock == Clock::calculation_dates) {
        return !state.periods.empty() && state.periods.back().date == day;
    }
    if (clock == Clock::after_payments) {
        return std::any_of(state.payouts.begin(), state.payouts.end(),
                           [&](const Payout& p) { return p.paid && p.booked == day; });
    }
    if (clock != Clock::before_payments) return true;
    const auto dates = payment_dates(program, state);
    return std::any_of(dates.begin(), dates.end(),
                       [&](const PaymentDate& d) { return eve_of(d) == day; });
}

/// Adds a reading to those in a row; true when there are enough.
bool count_in_a_row(const Trigger& trigger, TriggerState& t, Reading reading)
{
    const bool running = t.count > 0;
    t.count = reading.breach ? t.count + 1 : 0;
    reading.count = t.count;
    if (!reading.breach || !running) t.run.clear();
    t.run.push_back(reading);
    return reading.breach && t.count >= trigger.days;
}

/// Adds a reading to the last so many; true when enough of them are breaches.
bool count_among_last(const Trigger& trigger, TriggerState& t, Reading reading)
{
    if (t.run.size() == static_cast<std::size_t>(trigger.of_last)) t.run.erase(t.run.begin());
    t.run.push_back(reading);
    t.count = static_cast<int>(
        std::count_if(t.run.begin(), t.run.end(), [](const Reading& r) { return r.breach; }));
    t.run.back().count = t.count;
    return reading.breach && t.count >= trigger.days;
}

/// Judged at one moment only: its count is either nothing or all.
bool runs_out(const Program& program,
              const DealState& state,
              const Trigger& trigger,
              TriggerState& t,
              Reading reading)
{
    const bool reached = reading.breach && clock_runs_out(program, state, trigger, reading.date);
    t.count = reading.count = reached ? trigger.days : 0;
    t.run = {reading};
    return reached;
}

/// In effect already: the count stays, the values are shown, and it may be cured.
void stay(const Trigger& trigger, TriggerState& t, Reading reading)
{
    reading.count = t.count;
    t.run = {reading};
    if (trigger.cured_by == 0) return;
    t.compliant = reading.breach ? 0 : t.compliant + 1;
    if (t.compliant < trigger.cured_by) return;
    t.effective.reset();
    t.cured = reading.date;
    t.count = t.compliant = t.run.back().count = 0;
}

/// Enough breaches, and a grace that runs: every day of it is judged, whatever the clock.
bool wait(const Trigger& trigger, TriggerState& t, const Reading& reading)
{
    if (!reading.breach) {
        t.due.reset();
        t.count = 0;
        t.run.clear(); // a day of grace is none of the dates that the clock counts
        if (!is_dated(trigger.clock)) t.run = {reading};
        return false;
    }
    const bool over = reading.date == *t.due;
    if (trigger.clock == Clock::consecutive_days) {
        count_in_a_row(trigger, t, reading);
    } else if (over) {
        t.run.push_back(reading);
        t.run.back().count = t.count;
    }
    return over;
}

Date after_grace(const Program& program, const Trigger& trigger, Date day)
{
    if (trigger.grace_calendar.empty()) return day + trigger.grace;
    return add_business_days(clock_calendar(program, trigger.grace_calendar), day, trigger.grace);
}

/// True when it takes effect at the end of the day of the reading.
bool judge_one(const Program& program,
               const DealState& state,
               const Trigger& trigger,
               TriggerState& t,
               const Reading& reading)
{
    const bool judged = is_judged_on(program, state, trigger.clock, reading.date);
    if (t.effective) {
        if (judged) stay(trigger, t, reading);
        return false;
    }
    bool reached = false;
    if (t.due) {
        reached = wait(trigger, t, reading);
    } else if (!judged) {
        return false;
    } else if (trigger.clock == Clock::consecutive_days || is_dated(trigger.clock)) {
        reached = trigger.of_last > 0 ? count_among_last(trigger, t, reading)
                                      : count_in_a_row(trigger, t, reading);
    } else {
        reached = runs_out(program, state, trigger, t, reading);
    }
    if (!reached) return false;
    if (trigger.grace > 0 && !t.due) {
        t.due = after_grace(program, trigger, reading.date);
        return false;
    }
    t.due.reset();
    t.effective = reading.date;
    return true;
}

/// Payment dates if the revolving period ends when it should.
std::vector<PaymentDate> planned_dates(const Program& program, const DealState& state)
{
    auto dates = payment_dates(program, state);
    if (state.revolving_ended) return dates;
    for (const PaymentDate& d : program.monthly_dates) {
        if (d.unadjusted > program.revolving_until) dates.push_back(d);
    }
    return dates;
}

/// Breaches that are still missing if every later judgement is one.
int breaches_needed(const Trigger& trigger, const TriggerState& t)
{
    if (trigger.of_last == 0) return std::max(1, trigger.days - t.count);
    std::vector<bool> last;
    for (const Reading& r : t.run) last.push_back(r.breach);
    for (int more = 1;; ++more) {
        last.push_back(true);
        const auto window = std::min(last.size(), static_cast<std::size_t>(trigger.of_last));
        if (std::count(last.end() - static_cast<std::ptrdiff_t>(window), last.end(), true) >=
            trigger.days) {
            return more;
        }
    }
}

} // namespace

bool count_day(const Trigger& trigger,
               TriggerState& state,
               Date day,
               std::optional<Observation> observed)
{
    if (observed) state.missing = 0;
    const Reading reading =
        observed ? reading_of(trigger, day, *observed) : missing_reading(trigger, state, day);
    if (state.effective) {
        stay(trigger, state, reading);
        return false;
    }
    if (!count_in_a_row(trigger, state, reading)) return false;
    state.effective = day;
    return true;
}

bool count_judgement(const Program& program,
                     DealState& state,
                     const LineJudgement& judgement,
                     Date date)
{
    const auto i = static_cast<std::size_t>(judgement.trigger);
    const Reading reading{date, judgement.value, judgement.threshold, judgement.breach, 0, false};
    return judge_one(program, state, program.triggers[i], state.triggers[i], reading);
}

namespace {

/// What lines found in distributions paid on `day`; true when the trigger takes effect.
bool count_paid(const Program& program, DealState& state, int trigger, Date day)
{
    bool reached = false;
    for (const Payout& p : state.payouts) {
        if (!p.paid || p.booked != day) continue;
        for (const LineJudgement& j : p.judged) {
            if (j.trigger == trigger) reached = count_judgement(program, state, j, day) || reached;
        }
    }
    return reached;
}

} // namespace

std::vector<Fired> judge_triggers(const Program& program, DealState& state, Date day)
{
    std::vector<Fired> fired;
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        const Trigger& trigger = program.triggers[i];
        TriggerState& t = state.triggers[i];
        if (trigger.clock == Clock::inside_payments) {
            const int index = static_cast<int>(i);
            if (count_paid(program, state, index, day)) fired.push_back({index, day});
            continue;
        }
        if (trigger.during && !t.effective && state.phase != *trigger.during) {
            if (t.count > 0) t.lapsed = true;
            t.count = 0;
            t.due.reset();
            t.run.clear();
            continue;
        }
        Observation observed{evaluate(program, state, trigger.when.left),
                             evaluate(program, state, trigger.when.right)};
        if (trigger.test) observed.breach = holds(program, state, *trigger.test, day);
        t.missing = 0;
        if (judge_one(program, state, trigger, t, reading_of(trigger, day, observed)))
            fired.push_back({static_cast<int>(i), day});
    }
    // On one day the gravest effect comes first, whatever the order of the clauses.
    const auto weight = [&](const Fired& f) {
        return gravity(program.triggers[static_cast<std::size_t>(f.trigger)].effect);
    };
    std::stable_sort(fired.begin(), fired.end(), [&](const Fired& a, const Fired& b) {
        return weight(a) > weight(b);
    });
    return fired;
}

std::optional<Date>
earliest_effect(const Program& program, const DealState& state, std::size_t index)
{
    const Trigger& trigger = program.triggers[index];
    const TriggerState& t = state.triggers[index];
    const Date today = state.closed_through;
    if (t.effective || state.phase == Phase::ended) return std::nullopt;
    if (t.due) return t.due;
    std::vector<Date> dates; // on which it may be judged, or its clock may run out
    const Calendar& calendar = clock_calendar(program, trigger.calendar);
    if (trigger.clock == Clock::consecutive_days) {
        return after_grace(program, trigger, today + breaches_needed(trigger, t));
    }
    if (trigger.clock == Clock::days_after_final) {
        dates = {add_business_days(calendar, program.legal_final, trigger.days)};
    } else {
        for (const PaymentDate& d : planned_dates(program, state)) {
            dates.push_back(trigger.clock == Clock::calculation_dates  ? d.calculation
                            : trigger.clock == Clock::before_payments ? eve_of(d)
                            : is_dated(trigger.clock) // when a distribution is paid
                                ? d.adjusted
                                : add_business_days(calendar, d.adjusted, trigger.days));
        }
    }
    int needed = is_dated(trigger.clock) ? breaches_needed(trigger, t) : 1;
    for (const Date date : dates) {
        if (date > today && --needed == 0) return after_grace(program, trigger, date);
    }
    return std::nullopt;
}

bool buying_stopped(const Program& program, const DealState& state)
{
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        const auto effect = program.triggers[i].effect;
        const bool stops =
            effect == Trigger::Effect::stop_buying || effect == Trigger::Effect::call;
        if (stops && state.triggers[i].effective) {
            return true;
        }
    }
    return false;
}

} // namespace tranchain
