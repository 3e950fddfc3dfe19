// What a simulation found, as an answer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cmd/output.hpp"
#include "waterfall/desk/simulation_part.hpp"

namespace tranchain {

/// The same for a run and for merged parts. sums.paths >= 1.
Answer simulation_answer(const Simulated& what, const SimulationSums& sums);

} // namespace tranchain
