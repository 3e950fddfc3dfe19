// scenario grid: every combination of default, recovery, dilution and delay, a line for each run.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/parallel.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/run_measures.hpp"
#include "cmd/scenario_axes.hpp"
#include "cmd/value_change.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"

namespace tranchain {

namespace {

constexpr std::size_t runs_max = 1'000'000;

struct GridOptions {
    std::string deal, pool;
    std::string scenario = "base";
    AxisWords axes;
    std::vector<std::string> measures;
    std::int64_t threads = 0;
};

/// The index on each axis of run `number`: the last axis turns fastest.
std::vector<std::size_t> place_of(std::size_t number, const std::vector<Axis>& axes)
{
    std::vector<std::size_t> place(axes.size());
    for (std::size_t i = axes.size(); i-- > 0;) {
        place[i] = number % axes[i].values.size();
        number /= axes[i].values.size();
    }
    return place;
}

Result<std::size_t> runs_of(const std::vector<Axis>& axes)
{
    if (axes.empty()) {
        return fail(Code::usage, "a grid needs an axis", {},
                    "give one of --default, --recovery, --dilution and --delay");
    }
    std::size_t runs = 1;
    for (const Axis& axis : axes) {
        runs *= axis.values.size();
        if (runs > runs_max) {
            return fail(Code::usage, fmt::format("the grid has more than {} runs", runs_max));
        }
    }
    return runs;
}

/// The first measure over the axes: a line over one, a heat map over two, nothing over more.
void add_grid_chart(Answer& answer, const std::vector<Axis>& axes, const Table& table)
{
    if (axes.size() > 2 || table.columns().size() == axes.size()) return;
    const Column& measure = table.columns()[axes.size()];
    const Axis& along = axes.back();
    Chart chart{"grid", {measure.heading(), measure.heading()},
                axes.size() == 1 ? Chart::Kind::lines : Chart::Kind::heat};
    chart.along = {along.key(), along.key()};
    chart.money = true;
    for (const std::int64_t v : along.values) chart.points.push_back(along.shown(v).text());
    if (axes.size() == 1) {
        chart.series = {{{measure.heading(), measure.heading()}, {}}};
    } else {
        chart.right = {axes.front().key(), axes.front().key()};
        for (const std::int64_t v : axes.front().values) {
            const std::string name = axes.front().shown(v).text();
            chart.series.push_back({{name, name}, {}});
        }
    }
    bool any = false;
    for (std::size_t number = 0; number < table.rows().size(); ++number) {
        const auto value = number_of(table.rows()[number][axes.size()]);
        any = any || value;
        chart.series[number / chart.points.size()].values.push_back(value);
    }
    if (any) answer.chart(std::move(chart));
}

Outcome run_grid(const GridOptions& o, const Globals&, Output& out)
{
    TRANCHAIN_TRY(const std::int64_t threads, thread_count(o.threads));
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    const auto input = read_pool(*program, o.pool, o.scenario);
    if (!input) return input.error();
    TRANCHAIN_TRY(const auto axes, read_axes(o.axes, input->scenario));
    TRANCHAIN_TRY(const std::size_t runs, runs_of(axes));
    const std::vector<Column> known = run_measures(*program);
    TRANCHAIN_TRY(const auto chosen,
                  chosen_measures(known, o.measures.empty() ? usual_measures(*program)
                                                            : o.measures));
    const auto scenario_at = [&](std::size_t number) {
        Stress stress;
        stress.recovery_days = o.axes.recovery_days;
        const auto place = place_of(number, axes);
        for (std::size_t i = 0; i < axes.size(); ++i) axes[i].put(place[i], stress);
        return with_stress(input->scenario, stress);
    };
    if (Errors wrong = misfits(*input, scenario_at(0)); !wrong.empty()) return wrong;
    std::vector<Result<std::vector<Value>>> lines(runs);
    in_parallel(runs, threads, [&](std::size_t number) {
        const auto played = project(*input, scenario_at(number));
        lines[number] = played ? Result<std::vector<Value>>(measures_of(*program, *played))
                               : tl::make_unexpected(played.error());
    });
    Answer answer("tranchain.scenario.grid/1");
    answer.field("deal", "deal", program->id);
    answer.field("pool", "pool", o.pool);
    answer.field("scenario", "scenario", input->scenario.name);
    answer.field("runs", "runs", static_cast<std::int64_t>(runs));
    std::vector<Column> columns;
    for (const Axis& axis : axes) columns.push_back({axis.key()});
    for (const std::size_t i : chosen) columns.push_back(known[i]);
    Table& table = answer.table("grid", std::move(columns));
    for (std::size_t number = 0; number < runs; ++number) {
        const auto place = place_of(number, axes);
        std::vector<Value> row;
        for (std::size_t i = 0; i < axes.size(); ++i) {
            row.push_back(axes[i].shown(axes[i].values[place[i]]));
        }
        if (!lines[number]) {
            Error error = std::move(lines[number].error());
            error.message = fmt::format("run {}: {}", number + 1, error.message);
            return error;
        }
        for (const std::size_t i : chosen) row.push_back((*lines[number])[i]);
        table.add(std::move(row));
    }
    add_grid_chart(answer, axes, table);
    TRANCHAIN_DO(add_inputs(answer, {o.deal, o.pool, {o.scenario}, {}}, out));
    return out.write(answer);
}

} // namespace

void add_scenario(Tree& tree)
{
    tree.noun("scenario", "run a deal through many assumptions, and find where it breaks");
    tree.add<GridOptions>(
        "scenario", "grid", "every combination of default, recovery, dilution and delay", run_grid,
        [](Setup& s, GridOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenario, "NAME",
                     "what is assumed beside the axes: base, stressed or a scenario file")
                .file();
            add_axis_options(s, o.axes);
            s.option("--measure", o.measures, "NAME", "figures to show, such as A_unpaid_principal");
            bind_threads(s, o.threads);
        });
}

} // namespace tranchain
