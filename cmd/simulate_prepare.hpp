// A simulation's plan, ready to run: with the inputs it names, which have the bytes they had.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cmd/inputs.hpp"
#include "data/error.hpp"
#include "waterfall/desk/simulation_part.hpp"
#include "waterfall/desk/simulation_plan.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

struct PreparedSimulation {
    SimulationPlan plan;
    ProjectionInput input;
    Simulated what;
};
/// Errors: a plan that cannot be read; each input that cannot be, or has other bytes than the plan
/// was made from.
[[nodiscard]] Checked<PreparedSimulation> prepare_simulation(const std::string& plan_file);

/// The files a plan is made from.
RunInputs inputs_of(const SimulationPlan& plan);

} // namespace tranchain
