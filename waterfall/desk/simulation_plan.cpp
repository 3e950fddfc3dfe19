// Simulation plan: made from tapes and model.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/simulation_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

namespace tranchain {

namespace {

/// One receivable of each obligor, by code: the first that the tapes name.
std::map<std::string, const Receivable*> obligors_of(const ProjectionInput& input)
{
    std::map<std::string, const Receivable*> out;
    for (const Receivable& r : input.opening) out.emplace(r.obligor_code, &r);
    for (const CandidateTape& tape : input.candidates) {
        for (const Receivable& r : tape.rows) out.emplace(r.obligor_code, &r);
    }
    return out;
}

bool has_invoice(const ProjectionInput& input)
{
    const auto among = [](const std::vector<Receivable>& rows) {
        return std::any_of(rows.begin(), rows.end(), [](const Receivable& r) {
            return r.asset_type == AssetType::factoring;
        });
    };
    return among(input.opening) ||
           std::any_of(input.candidates.begin(), input.candidates.end(),
                       [&](const CandidateTape& tape) { return among(tape.rows); });
}

} // namespace

std::int64_t SimulationPlan::paths_of(std::int64_t index) const
{
    return std::min(chunk, paths - index * chunk);
}

Checked<SimulationPlan> plan_simulation(const ProjectionInput& input, const SimulationModel& model)
{
    SimulationPlan plan;
    std::vector<Rate> yearly;
    for (const SimulationModel::Class& c : model.classes) yearly.push_back(c.yearly);
    plan.copula = make_copula(model.correlation, model.sector_correlation, model.months,
                              model.degrees ? std::vector<Rate>{} : yearly);
    if (model.degrees) {
        plan.student = make_student(*model.degrees, model.correlation, model.sector_correlation,
                                    model.months, yearly);
    }
    plan.recovery = model.recovery;
    const auto below = [](std::int64_t ppb) {
        return static_cast<std::int64_t>((Int128{ppb} << 32) / Rate::one);
    };
    std::int64_t sum = 0;
    for (const SimulationModel::Late& late : model.late) {
        sum += late.share.in_ppb();
        plan.late.push_back({below(sum), late.days});
    }
    sum = 0;
    for (const SimulationModel::Dilution& d : model.dilution) {
        sum += d.share.in_ppb();
        plan.dilution.push_back({below(sum), d.rate, d.made_good});
    }
    const auto obligors = obligors_of(input);
    std::set<std::string> industries;
    for (const auto& [code, r] : obligors) industries.insert(r->obligor_industry);
    std::vector<bool> covers(model.classes.size());
    for (const auto& [code, r] : obligors) {
        SimulationPlan::Obligor& o = plan.obligors.emplace_back();
        o.code = code;
        o.sector = std::distance(industries.begin(), industries.find(r->obligor_industry));
        for (std::size_t i = 0; i < model.classes.size(); ++i) {
            if (!model.classes[i].of.covers(*r, false)) continue;
            covers[i] = true;
            o.class_index = static_cast<std::int64_t>(i);
        }
    }
    Errors wrong;
    for (std::size_t i = 0; i < covers.size(); ++i) {
        if (covers[i]) continue;
        wrong.push_back({Code::invalid_input,
                         fmt::format("no obligor of the tapes is in {}", model.classes[i].of.words()),
                         model.classes[i].where, "leave the class out, or name one that is there"});
    }
    if (!model.dilution.empty() && !has_invoice(input)) {
        wrong.push_back({Code::invalid_input, "dilution: no receivable of the tapes is an invoice",
                         model.dilution.front().where, "leave [[dilution]] out"});
    }
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return plan;
}

} // namespace tranchain
