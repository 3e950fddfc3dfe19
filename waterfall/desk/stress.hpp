// Stress: a scenario with its defaults, recoveries, dilution and delay put to given values.
//
// A value given replaces everything the scenario assumes of that kind, for the whole pool, as if
// its file said so: the same lots are drawn, so a run can be repeated from a file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "data/rate.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

struct Stress {
    std::optional<Rate> default_share;     ///< of receivables, 0% to 100%
    std::optional<Rate> recovery;          ///< of what is unpaid at default, 0% to 100%
    std::int64_t recovery_days = 180;      ///< after the due date, 1 to 1000
    std::optional<Rate> dilution;          ///< of the face of each receivable, 0% to 100%
    std::optional<std::int64_t> delay_days; ///< 0 to 365
};

/// What is not given stays. A default share without a recovery keeps the recovery of the first
/// `[[default]]` of `base`; a delay replaces `delay_days` and every `[[delay]]`.
Scenario with_stress(const Scenario& base, const Stress& stress);

/// A figure that a scenario assumes, moved by the same amount wherever it stands; its stress and
/// other factors multiply it afterwards. One that is nowhere is zero for the whole pool. The lots of
/// all assumptions stay: the same receivables are struck, by more or by less.
enum class Moved : std::uint8_t {
    default_share, ///< ppb; of every default, at each point of its curve
    recovery,      ///< ppb; the last recovery of every default, after 180 days if it has none
    recovery_days, ///< of every recovery
    dilution,      ///< ppb of face; the rate of every dilution
    delay,         ///< days; `delay_days`, no delay of a part of the pool
};
/// The values it has in `base`; none where there is nothing to move: a recovery without a default.
std::set<std::int64_t> values_of(const Scenario& base, Moved what);
/// None if nothing is there to move, or if any would leave its range: shares 0% to 100%, recoveries
/// of one default 100% in all, 1 to 1000 days of recovery, 0 to 365 of delay.
std::optional<Scenario> with_moved(const Scenario& base, Moved what, std::int64_t by);

} // namespace tranchain
