// Two debtors: the small deal that tests of simulations draw from.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/desk/simulation.hpp"

namespace tranchain::two_debtors {

inline Date day(const char* text) { return Date::parse(text).value(); }
inline Money amount(const char* text) { return Money::parse(text).value(); }
inline Rate rate(const char* text) { return Rate::parse(text).value(); }

inline Receivable owed(const char* id, const char* obligor, const char* industry)
{
    Receivable r;
    r.asset_type = AssetType::scheduled;
    r.asset_id = id;
    r.obligor_code = r.obligor_group = obligor;
    r.obligor_industry = industry;
    r.snapshot_date = r.purchase_date = day("2018-11-08");
    r.due_date = day("2019-02-20");
    r.original_balance = r.current_balance = r.purchase_price = amount("1200000.00");
    r.financed_amount = r.purchase_price;
    return r;
}

/// Two obligors owe 1,200,000.00 each, bought at face with the 2,400,000.00 of the notes, which
/// bear no interest: so only defaults cost anything.
inline ProjectionInput two()
{
    auto program = compile_file("tests/golden/simulate/two.toml");
    if (!program) BOOST_FAIL(program.error().front().message);
    ProjectionInput input;
    input.program = std::move(*program);
    input.opening = {owed("R1", "O1", "steel"), owed("R2", "O2", "steel")};
    return input;
}

inline SimulationModel model(const char* yearly, std::int64_t months, const char* correlation = "0%",
                             const char* sector = "0%")
{
    SimulationModel m;
    m.months = months;
    m.correlation = rate(correlation);
    m.sector_correlation = rate(sector);
    m.classes.push_back({{}, rate(yearly), {}});
    return m;
}

inline SimulationPlan planned(const ProjectionInput& input, const SimulationModel& m, std::int64_t paths)
{
    auto plan = plan_simulation(input, m);
    if (!plan) BOOST_FAIL(plan.error().front().message);
    plan->paths = paths;
    plan->seed = 2018;
    return std::move(*plan);
}

} // namespace tranchain::two_debtors
