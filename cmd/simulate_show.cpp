// What a simulation found: means and shares with their standard errors.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/simulate_show.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "waterfall/desk/simulation_estimate.hpp"

namespace tranchain {

namespace {

/// Of so many means the scatter has an error of an eighth.
constexpr std::int64_t chunks_enough = 30;

Value share_text(double value) { return Value::number(fmt::format("{:.6f}", value)); }
Value four_decimals(double value) { return Value::number(fmt::format("{:.4f}", value)); }
Money rounded(double fen) { return Money::fen(std::llround(fen)); }

/// Parts of 10,000 as a percentage.
std::string percent_of(std::int64_t parts)
{
    return parts % 100 == 0 ? fmt::format("{}%", parts / 100)
                            : fmt::format("{}.{}%", parts / 100, parts % 100 / 10);
}

std::string band_name(std::size_t band)
{
    constexpr auto& ends = SimulationSums::band_ends;
    if (band == 0) return "none";
    if (band == ends.size()) return "above " + percent_of(ends[band - 1]);
    return "up to " + percent_of(ends[band]);
}

/// As many paths as were counted; weighted, as many plain ones as they stand for, rounded to the nearest
/// whole one, halves up: a number in every sampling.
std::int64_t paths_stood_for(std::int64_t count, const Sampling& sampling)
{
    if (sampling.is_plain()) return count;
    const std::int64_t total = sampling.total();
    return (2 * count * Sampling::strata + total) / (2 * total);
}

void add_simulated_tranches(Answer& answer, const Simulated& what, const SimulationSums& sums,
                            const Estimates& found)
{
    Table& table = answer.table("tranches", {{"tranche"},
                                             {"face"},
                                             {"expected_loss", "expected loss"},
                                             {"expected_loss_error", "error"},
                                             {"worst_loss", "worst loss"},
                                             {"interest_missed", "P(interest missed)"},
                                             {"interest_missed_error", "error"},
                                             {"principal_missed", "P(principal missed)"},
                                             {"principal_missed_error", "error"}});
    for (std::size_t i = 0; i < sums.tranches.size(); ++i) {
        const SimulationSums::OfTranche& t = sums.tranches[i];
        const Estimate loss = found.loss(i);
        const Estimate interest = found.interest_missed(i);
        const Estimate principal = found.principal_missed(i);
        table.add({what.tranches[i].first, what.tranches[i].second, rounded(loss.mean),
                   rounded(loss.error), Money::fen(t.worst), share_text(interest.mean),
                   share_text(interest.error), share_text(principal.mean),
                   share_text(principal.error)});
    }
}

void add_simulated_losses(Answer& answer, const Simulated& what, const SimulationSums& sums,
                          const Estimates& found)
{
    Table& table = answer.table("losses", {{"tranche"},
                                           {"loss", "loss of face"},
                                           {"paths"},
                                           {"share"},
                                           {"share_error", "error"}});
    for (std::size_t i = 0; i < sums.tranches.size(); ++i) {
        for (std::size_t band = 0; band < sums.tranches[i].bands.size(); ++band) {
            const std::int64_t n = sums.tranches[i].bands[band];
            if (n == 0) continue;
            const Estimate e = found.band(i, band);
            table.add({what.tranches[i].first, band_name(band), paths_stood_for(n, what.sampling), share_text(e.mean),
                       share_text(e.error)});
        }
    }
}

/// How often each tranche lost more than the upper end of each band.
Chart losses_chart(const Simulated& what, const SimulationSums& sums, const Estimates& found)
{
    Chart chart{"losses", {"Paths on which a tranche loses more than", "损失超过该比例的路径"},
                Chart::Kind::steps};
    chart.along = {"loss of face", "面值损失比例"};
    chart.unit = {"% of paths", "路径占比（%）"};
    for (const std::int64_t end : SimulationSums::band_ends) chart.points.push_back(percent_of(end));
    for (std::size_t i = 0; i < sums.tranches.size(); ++i) {
        const std::string& id = what.tranches[i].first;
        Chart::Series series{{id, id}, std::vector<std::optional<double>>(chart.points.size())};
        std::int64_t above = 0;
        for (std::size_t band = chart.points.size(); band-- > 0;) {
            above += sums.tranches[i].bands[band + 1];
            series.values[band] = 100 * found.share(above);
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

void add_simulated_triggers(Answer& answer, const Simulated& what, const SimulationSums& sums,
                            const Estimates& found)
{
    Table& table = answer.table("triggers", {{"trigger"},
                                             {"fired", "fired on paths"},
                                             {"share"},
                                             {"share_error", "error"},
                                             {"mean_day", "mean day"},
                                             {"mean_day_error", "error"}});
    Table& months = answer.table("trigger_months", {{"trigger"}, {"month", "fired in month"}, {"paths"}, {"share"}});
    for (std::size_t i = 0; i < sums.triggers.size(); ++i) {
        const SimulationSums::OfTrigger& t = sums.triggers[i];
        const Estimate e = found.fired(i);
        std::vector<Value> row{what.triggers[i], paths_stood_for(t.fired, what.sampling), share_text(e.mean), share_text(e.error),
                               Value(), Value()};
        if (t.fired > 0) {
            const Estimate day = found.day(i);
            row[4] = four_decimals(day.mean);
            row[5] = four_decimals(day.error);
        }
        table.add(std::move(row));
        for (const auto& [month, n] : t.months) {
            months.add({what.triggers[i], month, paths_stood_for(n, what.sampling),
                        share_text(found.share(n))});
        }
    }
}

/// The errors beside those of as many plain paths, and by what factor they fell.
void add_sampling(Answer& answer, const Simulated& what, const SimulationSums& sums,
                  const Estimates& found)
{
    Table& table = answer.table("errors", {{"figure"},
                                           {"of"},
                                           {"error"},
                                           {"plain_error", "error of plain paths"},
                                           {"factor", "fell by the factor"}});
    const auto add = [&](const char* figure, const std::string& of, const Estimate& e, bool is_money) {
        if (e.plain_error <= 0) return;
        const auto shown = [&](double error) {
            return is_money ? Value(rounded(error)) : share_text(error);
        };
        table.add({figure, of, shown(e.error), shown(e.plain_error),
                   e.error > 0 ? Value::number(fmt::format("{:.2f}", e.plain_error / e.error)) : Value()});
    };
    add("defaults", "pool", found.defaults(), false);
    for (std::size_t i = 0; i < sums.tranches.size(); ++i) {
        add("expected loss", what.tranches[i].first, found.loss(i), true);
        add("P(interest missed)", what.tranches[i].first, found.interest_missed(i), false);
        add("P(principal missed)", what.tranches[i].first, found.principal_missed(i), false);
    }
    for (std::size_t i = 0; i < sums.triggers.size(); ++i) {
        add("P(fired)", what.triggers[i], found.fired(i), false);
    }
}

} // namespace

Answer simulation_answer(const Simulated& what, const SimulationSums& sums)
{
    Answer answer("tranchain.simulate/1");
    answer.field("deal", "deal", what.deal);
    answer.field("paths", "paths", sums.paths);
    answer.field("seed", "seed", what.seed);
    const Estimates found(sums, what.sampling);
    if (!what.sampling.is_plain()) answer.field("sampling", "sampling", what.sampling.name());
    const Estimate defaults = found.defaults();
    answer.field("defaults", "obligors in default, mean", four_decimals(defaults.mean));
    answer.field("defaults_error", "error", four_decimals(defaults.error));
    add_simulated_tranches(answer, what, sums, found);
    add_simulated_losses(answer, what, sums, found);
    add_simulated_triggers(answer, what, sums, found);
    if (!what.sampling.is_plain()) add_sampling(answer, what, sums, found);
    answer.chart(losses_chart(what, sums, found));
    answer.data("plan", what.plan);
    answer.data("version", what.version);
    const double unseen = 3 * what.sampling.heaviest() / static_cast<double>(sums.paths);
    answer.note(fmt::format("errors are one standard error; what no path showed has a chance below "
                            "{} with 95% confidence",
                            share_text(std::min(1.0, unseen)).text()));
    const std::int64_t chunks = sums.paths / Sampling::strata;
    if (!what.sampling.is_plain() && chunks < chunks_enough) {
        answer.note(fmt::format("errors are rough: they follow from {} chunks, and need about {}, {} paths",
                                chunks, chunks_enough, chunks_enough * Sampling::strata));
    }
    return answer;
}

} // namespace tranchain
