// Periods: what a run shows of each payment date.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cmd/output.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// One row for each distribution: what was collected, bought and paid, and what was left.
Table& add_periods(Answer& answer, const Program& program, const Projection& projection);
/// Lowest margin of the test over the judged days of [from, to]; none if none was judged.
std::optional<Money> lowest_margin(const Projection& projection, Date from, Date to);

}  // namespace tranchain
