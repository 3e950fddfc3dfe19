// Run measures: the figures by which runs of a deal are compared, each under its name.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cmd/output.hpp"
#include "cmd/value.hpp"
#include "data/error.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// Every measure a run of the deal has; tranchain-scenario(1) says what each means.
std::vector<Column> run_measures(const Program& program);
/// Their values, in the same order; null where there is none.
std::vector<Value> measures_of(const Program& program, const Projection& run);
/// Names of those shown when none are asked for.
std::vector<std::string> usual_measures(const Program& program);
/// Places of `names` in `known`, in their order. Errors: a name that is not there, with the closest.
[[nodiscard]] Result<std::vector<std::size_t>>
chosen_measures(const std::vector<Column>& known, const std::vector<std::string>& names);

} // namespace tranchain
