// Making a simulation ready to run.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/simulate_prepare.hpp"

#include <algorithm>

#include "cmd/pool_input.hpp"
#include "data/csv.hpp"
#include "data/digest.hpp"
#include "waterfall/compile.hpp"

namespace tranchain {

namespace {

Errors changed_files(const SimulationPlan& plan, const std::vector<InputDigest>& now)
{
    Errors wrong;
    const char* hint = "make a new plan, or bring the old file back";
    for (std::size_t i = 0; i < std::max(plan.files.size(), now.size()); ++i) {
        const bool here = i < now.size();
        const bool named = i < plan.files.size() && here && plan.files[i].name == now[i].file;
        if (named && plan.files[i].sha256 == now[i].sha256) continue;
        wrong.push_back({Code::invalid_input, "the plan was made from other bytes than these",
                         {here ? now[i].file : plan.files[i].name, 0, 0, 0}, hint});
    }
    return wrong;
}

} // namespace

RunInputs inputs_of(const SimulationPlan& plan)
{
    return {plan.deal, plan.pool, {plan.scenario, plan.model}, {}};
}

Checked<PreparedSimulation> prepare_simulation(const std::string& plan_file)
{
    const auto bytes = read_file(plan_file);
    if (!bytes) return tl::make_unexpected(Errors{bytes.error()});
    auto plan = read_plan(*bytes, plan_file);
    if (!plan) return tl::make_unexpected(std::move(plan.error()));
    const auto now = digests_of(inputs_of(*plan));
    if (!now) return tl::make_unexpected(Errors{now.error()});
    if (Errors wrong = changed_files(*plan, *now); !wrong.empty()) {
        return tl::make_unexpected(std::move(wrong));
    }
    const auto program = compile_file(plan->deal);
    if (!program) return tl::make_unexpected(program.error());
    auto input = read_pool(*program, plan->pool, plan->scenario);
    if (!input) return tl::make_unexpected(std::move(input.error()));
    Simulated what = simulated(*plan, hex(sha256(*bytes)), TRANCHAIN_VERSION, *program);
    return PreparedSimulation{std::move(*plan), std::move(*input), std::move(what)};
}

} // namespace tranchain
