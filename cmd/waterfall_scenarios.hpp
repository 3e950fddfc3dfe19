// Waterfall scenarios: many runs of one deal on one pool, a line for each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/outcome.hpp"
#include "cmd/output.hpp"
#include "data/error.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// The names given, a folder replaced by the scenario files in it, in order of name; `base` if none.
[[nodiscard]] Result<std::vector<std::string>>
scenario_names(const std::vector<std::string>& given);

/// The scenarios of these names; the first is that of `input`, which is read and fits. Errors: what
/// is wrong with any of the others, also where it does not fit the input.
[[nodiscard]] Checked<std::vector<Scenario>> read_scenarios(const ProjectionInput& input,
                                                            const std::vector<std::string>& names);
/// An answer tells scenarios by their names. Errors: usage, two of one name.
[[nodiscard]] Result<> named_apart(const std::vector<Scenario>& scenarios);

/// Reads deal and pool once and plays every scenario on them. The answer does not depend on
/// `threads`, which is 1 to 256, or 0 for as many as the machine has.
/// Shows progress. `deal` is the file that `program` was compiled from.
Outcome compare_scenarios(const Program& program, const std::string& deal, const std::string& pool,
                          const std::vector<std::string>& names, std::int64_t threads, const Globals& globals,
                          Output& out);

}  // namespace tranchain
