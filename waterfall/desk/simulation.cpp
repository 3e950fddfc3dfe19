// Simulation: one path, and sums over paths.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/simulation.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"

namespace tranchain {

ObligorFutures draw_futures(Draw& draw, Date closing, std::int64_t path)
{
    const SimulationPlan& plan = draw.plan();
    ObligorFutures out;
    out.recovery = plan.recovery;
    for (const DrawnObligor& drawn : draw.path(path)) {
        ObligorFuture future;
        if (drawn.month > 0) future.defaults_on = closing.plus_months(drawn.month - 1) + 1;
        if (drawn.late >= 0) future.late_days = plan.late[static_cast<std::size_t>(drawn.late)].days;
        if (drawn.dilution >= 0) {
            const auto& dilution = plan.dilution[static_cast<std::size_t>(drawn.dilution)];
            future.dilution = dilution.rate;
            future.made_good = dilution.made_good;
        }
        out.of.emplace_hint(out.of.end(), plan.obligors[drawn.index].code, future);
    }
    return out;
}

Result<PathResult> run_path(Draw& draw, const ProjectionInput& input, std::int64_t path)
{
    const Program& program = input.program;
    PathResult out;
    Scenario scenario = input.scenario;
    auto futures =
        std::make_shared<const ObligorFutures>(draw_futures(draw, program.closing, path));
    for (const auto& [code, future] : futures->of) out.defaults += future.defaults_on ? 1 : 0;
    scenario.futures = std::move(futures);
    auto played = project(input, scenario);
    if (!played) {
        Error error = std::move(played.error());
        error.message = fmt::format("path {}: {}", path, error.message);
        return tl::make_unexpected(std::move(error));
    }
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        PathResult::OfTranche t;
        t.face = t.loss = program.tranches[i].face;
        for (const Distribution& d : played->distributions) {
            const TrancheLine& line = d.tranches[i];
            t.loss = line.closing + line.arrears_after;
            t.interest_missed = t.interest_missed || line.arrears_after > zero;
            t.principal_missed = line.closing > zero;
        }
        if (played->distributions.empty()) t.principal_missed = t.face > zero;
        out.tranches.push_back(t);
    }
    out.fired.resize(program.triggers.size());
    for (const Fired& f : played->fired) {
        if (f.trigger < 0) continue;
        auto& first = out.fired[static_cast<std::size_t>(f.trigger)];
        const std::int64_t days = f.effective - program.closing;
        first = first ? std::min(*first, days) : days;
    }
    return out;
}

namespace {

/// What is weighted is squared and has to fit: see Sampling::loss_max_fen.
Result<> check_loss(const PathResult& path, const Program& program, std::int64_t number)
{
    for (std::size_t i = 0; i < path.tranches.size(); ++i) {
        if (path.tranches[i].loss.in_fen() <= Sampling::loss_max_fen) continue;
        return fail(Code::invalid_input,
                    fmt::format("path {}: tranche '{}' loses {}, too much to be weighted", number,
                                program.tranches[i].id, path.tranches[i].loss.str()),
                    {}, "make the plan without --sampling");
    }
    return {};
}

} // namespace

Result<SimulationSums>
run_chunk(Draw draw, const ProjectionInput& input, std::int64_t index)
{
    const SimulationPlan& plan = draw.plan();
    SimulationSums sums;
    for (std::int64_t i = 0; i < plan.paths_of(index); ++i) {
        const std::int64_t number = index * SimulationPlan::chunk + i;
        TRANCHAIN_TRY(const PathResult path, run_path(draw, input, number));
        if (!plan.sampling.is_plain()) TRANCHAIN_DO(check_loss(path, input.program, number));
        sums.add(path, plan.sampling.weight(number));
    }
    if (!plan.sampling.is_plain()) sums.square();
    return sums;
}

void SimulationSums::add(const PathResult& path, std::int64_t weight)
{
    SimulationSums one;
    one.paths = 1;
    one.defaults = Int128{weight} * path.defaults;
    one.defaults_squared = one.defaults * path.defaults;
    for (const PathResult::OfTranche& t : path.tranches) {
        OfTranche& s = one.tranches.emplace_back();
        const std::int64_t fen = t.loss.in_fen();
        s.interest_missed = t.interest_missed ? weight : 0;
        s.principal_missed = t.principal_missed ? weight : 0;
        s.worst = fen;
        s.loss = Int128{weight} * fen;
        s.loss_squared = s.loss * fen;
        std::size_t band = 0;
        while (band < band_ends.size() &&
               Int128{fen} * 10'000 > Int128{t.face.in_fen()} * band_ends[band]) {
            ++band;
        }
        s.bands[band] = weight;
    }
    for (const auto& days : path.fired) {
        OfTrigger& s = one.triggers.emplace_back();
        if (!days) continue;
        s.fired = weight;
        s.days = weight * *days;
        s.days_squared = Int128{s.days} * *days;
        s.months[*days / 30 + 1] = weight;
    }
    add(one);
}

void SimulationSums::add(const SimulationSums& other)
{
    tranches.resize(other.tranches.size());
    triggers.resize(other.triggers.size());
    paths += other.paths;
    defaults += other.defaults;
    defaults_squared += other.defaults_squared;
    for (std::size_t i = 0; i < tranches.size(); ++i) {
        OfTranche& t = tranches[i];
        const OfTranche& o = other.tranches[i];
        t.interest_missed += o.interest_missed;
        t.principal_missed += o.principal_missed;
        t.loss += o.loss;
        t.loss_squared += o.loss_squared;
        t.worst = std::max(t.worst, o.worst);
        for (std::size_t b = 0; b < t.bands.size(); ++b) t.bands[b] += o.bands[b];
    }
    for (std::size_t i = 0; i < triggers.size(); ++i) {
        OfTrigger& t = triggers[i];
        const OfTrigger& o = other.triggers[i];
        t.fired += o.fired;
        t.days += o.days;
        t.days_squared += o.days_squared;
        for (const auto& [month, count] : o.months) t.months[month] += count;
    }
    if (squares.size() < other.squares.size()) squares.resize(other.squares.size());
    for (std::size_t i = 0; i < other.squares.size(); ++i) squares[i] += other.squares[i];
}

namespace {

constexpr std::size_t tranche_squares = 3 + SimulationSums::band_ends.size() + 1;
constexpr std::size_t trigger_squares = 3;

} // namespace

void SimulationSums::square()
{
    squares = {defaults * defaults};
    for (const OfTranche& t : tranches) {
        squares.push_back(t.loss * t.loss);
        squares.push_back(Int128{t.interest_missed} * t.interest_missed);
        squares.push_back(Int128{t.principal_missed} * t.principal_missed);
        for (const std::int64_t n : t.bands) squares.push_back(Int128{n} * n);
    }
    for (const OfTrigger& t : triggers) {
        squares.push_back(Int128{t.fired} * t.fired);
        squares.push_back(Int128{t.days} * t.days);
        squares.push_back(Int128{t.fired} * t.days);
    }
}

std::size_t SimulationSums::place_of_tranche(std::size_t i) const { return 1 + tranche_squares * i; }

std::size_t SimulationSums::place_of_trigger(std::size_t i) const
{
    return place_of_tranche(tranches.size()) + trigger_squares * i;
}

} // namespace tranchain
