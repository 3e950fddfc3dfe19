// Trigger: a clause that is judged once for every calendar day, or on dates of the deal, and what
// is kept of its count.
//
// The value is taken at the end of the day. One compliant judgement sets the count to zero, unless
// the clause counts breaches among the last so many; the n-th breach is the effective day, and the
// count stays there. A day is missing only if nothing was closed for it; then the policy of the
// clause speaks: the last value is carried so many days, after that a missing day is a breach. A
// count still running when its phase ends lapses. With a grace, the effect waits so many days after
// the n-th breach and comes only if no day of them is compliant. What can be cured ends after so
// many compliant judgements in a row, and then counts again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// A trigger on one day: the two amounts it shows, and whether its test holds.
struct Observation {
    Money value, threshold;
    std::optional<bool> breach = {}; ///< none: what the comparison of the two says
};

/// Moves a counting clause (consecutive_days) without grace on by one calendar day; no observation
/// = missing. True when the clause takes effect at the end of `day`.
bool count_day(const Trigger& trigger,
               TriggerState& state,
               Date day,
               std::optional<Observation> observed);

/// Moves a trigger that lines judge on by one judgement, made on `date`; true when it takes effect.
bool count_judgement(const Program& program,
                     DealState& state,
                     const LineJudgement& judgement,
                     Date date);

/// Judges every trigger at the end of `day` (= state.closed_through) and returns those that take
/// effect, the gravest first, else in rank order; appends nothing to state.fired.
std::vector<Fired> judge_triggers(const Program& program, DealState& state, Date day);

/// The day at whose end trigger `index` takes effect if it is in breach from now on; none if it is
/// in effect, its dates have run out, or the deal has ended.
std::optional<Date>
earliest_effect(const Program& program, const DealState& state, std::size_t index);

/// A trigger in effect forbids purchases.
bool buying_stopped(const Program& program, const DealState& state);

bool compares(Money left, Compare compare, Money right);

} // namespace tranchain
