// Stress: a scenario with its defaults, recoveries, dilution and delay put to given values.
//
// A value given replaces everything the scenario assumes of that kind, for the whole pool, as if
// its file said so: the same lots are drawn, so a run can be repeated from a file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

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

} // namespace tranchain
