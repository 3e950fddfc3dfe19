// Trigger: a clause that is judged once for every calendar day, and what is kept of its count.
//
// The value is taken at the end of the day. One compliant day sets the count to zero; the n-th
// breach day in a row is the effective day, and the count stays there. A day is missing only if
// nothing was closed for it; then the policy of the clause speaks: the last value is carried so
// many days, after that a missing day is a breach. A count still running when its phase ends
// lapses. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// The two sides of the condition on one day.
struct Observation {
    Money value, threshold;
};

/// Moves a counting clause (consecutive_days) on by one calendar day; no observation = missing.
/// True when the clause takes effect at the end of `day`.
bool count_day(const Trigger& trigger,
               TriggerState& state,
               Date day,
               std::optional<Observation> observed);

/// Judges every trigger at the end of `day` (= state.closed_through) and returns those that take
/// effect, in rank order; appends nothing to state.fired.
std::vector<Fired> judge_triggers(const Program& program, DealState& state, Date day);

bool compares(Money left, Compare compare, Money right);

} // namespace tranchain
