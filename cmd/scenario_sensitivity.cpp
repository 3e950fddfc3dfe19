// scenario sensitivity: one thing moved at a time, down and up, and what each does to a figure.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/parallel.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/run_measures.hpp"
#include "cmd/value_change.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/stress.hpp"

namespace tranchain {

namespace {

struct SensitivityOptions {
    std::string deal, pool;
    std::string scenario = "base";
    std::vector<std::string> by, measures;
    std::int64_t threads = 0;
};

/// What can be moved in a scenario, and by how much if nothing is said.
struct Movable {
    const char* name;
    Moved what;
    std::int64_t step; ///< ppb or days
    bool days;
};
constexpr std::int64_t percent_ppb = Rate::one / 100;
constexpr std::array<Movable, 5> movables{{
    {"default", Moved::default_share, percent_ppb, false},
    {"recovery", Moved::recovery, 10 * percent_ppb, false},
    {"recovery_days", Moved::recovery_days, 30, true},
    {"dilution", Moved::dilution, percent_ppb, false},
    {"delay", Moved::delay, 10, true},
}};
constexpr std::int64_t coupon_step = percent_ppb / 10;

/// One thing to move: of the scenario, or the coupon of a tranche.
struct Lever {
    std::string name;
    std::optional<Moved> what;
    std::size_t tranche = 0;
    std::int64_t step = 0;
    bool days = false;
    std::optional<std::int64_t> base = {}; ///< none: it has several values, or a rule gives them
    [[nodiscard]] Value shown(std::int64_t value) const
    {
        return days ? Value(value) : Value::rate(Rate::ppb(value).str());
    }
};

/// Every one there is for the deal; `coupon` stands for that of each tranche.
std::vector<Lever> all_levers(const Program& program)
{
    std::vector<Lever> levers;
    for (const Movable& m : movables) levers.push_back({m.name, m.what, 0, m.step, m.days});
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        const Tranche& t = program.tranches[i];
        if (!t.coupon) continue;
        levers.push_back({t.id + "_coupon", std::nullopt, i, coupon_step, false});
    }
    return levers;
}

Result<std::int64_t> parse_step(const std::string& word, const std::string& text, bool days)
{
    std::int64_t step = 0;
    if (days) {
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, step);
        if (read.ec == std::errc{} && read.ptr == end && step > 0 && step <= 365) return step;
    } else if (const auto rate = Rate::parse(text);
               rate && *rate > Rate{} && rate->in_ppb() <= Rate::one) {
        return rate->in_ppb();
    }
    return fail(Code::usage,
                fmt::format("--by: '{}' is not a step of {}", text,
                            days ? "1 to 365 days" : "up to 100%"),
                {}, fmt::format("write {}={}", word, days ? "10" : "0.50%"));
}

/// Those named by --by, at the steps it says.
Result<std::vector<Lever>> chosen_levers(const std::vector<Lever>& all,
                                         const std::vector<std::string>& by)
{
    std::vector<Lever> chosen;
    for (const std::string& given : by) {
        const auto equals = given.find('=');
        const std::string word = given.substr(0, equals);
        bool found = false;
        for (Lever lever : all) {
            if (lever.name != word && (word != "coupon" || lever.what)) continue;
            found = true;
            if (equals != std::string::npos) {
                TRANCHAIN_TRY(lever.step, parse_step(word, given.substr(equals + 1), lever.days));
            }
            const bool twice = std::any_of(chosen.begin(), chosen.end(), [&](const Lever& other) {
                return other.name == lever.name;
            });
            if (twice) return fail(Code::usage, fmt::format("--by: {} is named twice", lever.name));
            chosen.push_back(std::move(lever));
        }
        if (found) continue;
        if (word == "coupon") {
            return fail(Code::not_found, "--by coupon: no tranche of the deal has a coupon");
        }
        std::vector<std::string> names;
        for (const Lever& lever : all) names.push_back(lever.name);
        const auto near = closest(word, names);
        return fail(Code::not_found, fmt::format("--by: nothing called '{}' can be moved", word), {},
                    near ? fmt::format("did you mean '{}'?", *near)
                         : fmt::format("one of: coupon, {}", join(names, ", ")));
    }
    return chosen;
}

/// A run with one lever moved; none where its value would leave its range.
struct Pull {
    std::optional<Program> program; ///< none: that of the input
    Scenario scenario;
};

std::optional<Pull> pull(const ProjectionInput& input, const Lever& lever, std::int64_t by)
{
    if (lever.what) {
        auto scenario = with_moved(input.scenario, *lever.what, by);
        if (!scenario) return std::nullopt;
        return Pull{std::nullopt, std::move(*scenario)};
    }
    Pull moved{input.program, input.scenario};
    Tranche& t = moved.program->tranches[lever.tranche];
    if (t.coupon_rule) {
        Expr step;
        step.kind = Expr::Kind::rate;
        step.rate = Rate::ppb(by);
        Expr sum;
        sum.kind = Expr::Kind::add;
        sum.operands = {std::move(*t.coupon_rule), std::move(step)};
        t.coupon_rule = std::move(sum);
        return moved;
    }
    const std::int64_t coupon = t.coupon->in_ppb() + by;
    if (coupon < 0 || coupon > Rate::one) return std::nullopt;
    t.coupon = Rate::ppb(coupon);
    return moved;
}

constexpr const char* absent_lever = "nothing of it is in the scenario";
constexpr const char* wide_lever = "the step leads out of its range, down and up";

/// What to write instead.
std::string lever_hint(const std::string& why)
{
    if (why == absent_lever) return "write it into a scenario file, see tranchain-scenario(5)";
    return why == wide_lever ? "write a smaller step" : "";
}

/// Why the lever can be moved neither up nor down; empty if it can.
std::string unfit_lever(const ProjectionInput& input, const Lever& lever)
{
    const auto up = pull(input, lever, lever.step);
    if (!up) return pull(input, lever, -lever.step) ? "" : wide_lever;
    const Errors misfit = misfits(input, up->scenario);
    return misfit.empty() ? "" : misfit.front().message;
}

/// Sets what each has in the scenario; drops, with a note, those that there is nothing of, unless
/// the user asked for them.
Checked<std::vector<Lever>> fitting(std::vector<Lever> levers, const ProjectionInput& input,
                                    bool asked, std::vector<std::string>& notes)
{
    std::vector<Lever> fit;
    Errors wrong;
    for (Lever& lever : levers) {
        std::string why;
        if (lever.what) {
            const auto values = values_of(input.scenario, *lever.what);
            if (values.size() == 1) lever.base = *values.begin();
            if (values.empty()) why = absent_lever;
        } else if (const Tranche& t = input.program.tranches[lever.tranche]; !t.coupon_rule) {
            lever.base = t.coupon->in_ppb();
        }
        if (why.empty()) why = unfit_lever(input, lever);
        if (why.empty()) fit.push_back(std::move(lever));
        else if (asked) wrong.push_back({Code::usage, fmt::format("--by {}: {}", lever.name, why), {},
                                        lever_hint(why)});
        else notes.push_back(fmt::format("{} is not moved: {}", lever.name, why));
    }
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return fit;
}

/// What one lever did to one measure.
struct LeverEffect {
    const Lever* lever = nullptr;
    Value down, base, up, change_down, change_up;
    bool down_run = false, up_run = false; ///< else the value would have left its range
    double size = 0; ///< the larger change; infinite where a figure appears or goes

    LeverEffect(const Lever& l, Value low, Value middle, Value high, bool has_down, bool has_up)
        : lever(&l), down(std::move(low)), base(std::move(middle)), up(std::move(high)),
          change_down(change_between(base, down)), change_up(change_between(base, up)),
          down_run(has_down), up_run(has_up)
    {
        if (has_down) size = std::max(size, size_of(down, change_down));
        if (has_up) size = std::max(size, size_of(up, change_up));
    }
    [[nodiscard]] double size_of(const Value& at, const Value& change) const
    {
        if (at.is_null() != base.is_null()) return std::numeric_limits<double>::infinity();
        return std::abs(number_of(change).value_or(0));
    }
};

/// Two runs for each lever after that of the base; null where one was not made.
using LeverLines = std::vector<std::optional<std::vector<Value>>>;

Result<LeverLines> play_levers(const ProjectionInput& input, const std::vector<Lever>& levers,
                          std::int64_t threads)
{
    LeverLines lines(1 + 2 * levers.size());
    std::vector<std::optional<Error>> wrong(lines.size());
    in_parallel(lines.size(), threads, [&](std::size_t i) {
        std::optional<Pull> run = Pull{std::nullopt, input.scenario};
        if (i > 0) {
            const Lever& lever = levers[(i - 1) / 2];
            run = pull(input, lever, i % 2 == 1 ? -lever.step : lever.step);
        }
        if (!run) return;
        const auto play = [&](const ProjectionInput& played_input) {
            const auto played = project(played_input, run->scenario);
            if (played) lines[i] = measures_of(played_input.program, *played);
            else wrong[i] = played.error();
        };
        if (!run->program) return play(input);
        ProjectionInput changed = input;
        changed.program = std::move(*run->program);
        play(changed);
    });
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        if (!wrong[i]) continue;
        if (i > 0) {
            wrong[i]->message = fmt::format("{} {}: {}", levers[(i - 1) / 2].name,
                                            i % 2 == 1 ? "down" : "up", wrong[i]->message);
        }
        return tl::make_unexpected(std::move(*wrong[i]));
    }
    return lines;
}

/// The largest first; equal ones in the order of the levers.
std::vector<LeverEffect> ranked(const std::vector<Lever>& levers, const LeverLines& lines, std::size_t measure)
{
    std::vector<LeverEffect> effects;
    for (std::size_t i = 0; i < levers.size(); ++i) {
        const auto at = [&](std::size_t run) {
            return lines[run] ? (*lines[run])[measure] : Value();
        };
        effects.emplace_back(levers[i], at(1 + 2 * i), at(0), at(2 + 2 * i),
                             lines[1 + 2 * i].has_value(), lines[2 + 2 * i].has_value());
    }
    std::stable_sort(effects.begin(), effects.end(),
                     [](const LeverEffect& a, const LeverEffect& b) { return a.size > b.size; });
    return effects;
}

void add_tornado(Answer& answer, const Column& measure, const std::vector<LeverEffect>& effects,
                 const std::string& currency)
{
    const std::string& name = measure.heading();
    Chart chart{"tornado", {"Sensitivity of " + name, name + " 敏感性"}, Chart::Kind::tornado};
    chart.series = {{{"base", "基准"}, {}}, {{"one step down", "下调一步"}, {}},
                    {{"one step up", "上调一步"}, {}}};
    for (const LeverEffect& e : effects) {
        const auto base = number_of(e.base);
        if (!base) return;
        if (e.base.money() != nullptr) {
            chart.money = true;
            chart.unit = chart_currency(currency);
        }
        chart.points.push_back(fmt::format("{} +/- {}", e.lever->name,
                                           e.lever->shown(e.lever->step).text()));
        chart.series[0].values.push_back(base);
        chart.series[1].values.push_back(number_of(e.down));
        chart.series[2].values.push_back(number_of(e.up));
    }
    answer.chart(std::move(chart));
}

void add_effects(Table& table, const Column& measure, const std::vector<LeverEffect>& effects)
{
    std::int64_t rank = 0;
    for (const LeverEffect& e : effects) {
        const Lever& l = *e.lever;
        table.add({measure.key, ++rank, l.name, l.shown(l.step), l.base ? l.shown(*l.base) : Value(),
                   e.down, e.base, e.up, e.change_down, e.change_up, e.down_run, e.up_run});
    }
}

/// Before all runs are made: whether the figure of the chart is a number in the scenario itself.
Result<> check_tornado(const ProjectionInput& input, const Column& measure, std::size_t index)
{
    TRANCHAIN_TRY(const Projection run, project(input, input.scenario));
    if (number_of(measures_of(input.program, run)[index])) return {};
    return fail(Code::usage, fmt::format("{} is no number that a chart could show", measure.key), {},
                "name an amount first, such as --measure " + input.program.tranches.back().id +
                    "_interest");
}

Outcome run_sensitivity(const SensitivityOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const std::int64_t threads, thread_count(o.threads));
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    const auto input = read_pool(*program, o.pool, o.scenario);
    if (!input) return input.error();
    const std::vector<Column> known = run_measures(*program);
    TRANCHAIN_TRY(const auto measures,
                  chosen_measures(known, o.measures.empty()
                                             ? std::vector{program->tranches.back().id + "_interest"}
                                             : o.measures));
    std::vector<Lever> all = all_levers(*program);
    if (!o.by.empty()) {
        TRANCHAIN_TRY(all, chosen_levers(all, o.by));
    }
    std::vector<std::string> notes;
    const auto levers = fitting(std::move(all), *input, !o.by.empty(), notes);
    if (!levers) return levers.error();
    if (!globals.chart.empty() || out.format() == Format::svg) {
        TRANCHAIN_DO(check_tornado(*input, known[measures.front()], measures.front()));
    }
    TRANCHAIN_TRY(const LeverLines lines, play_levers(*input, *levers, threads));
    Answer answer("tranchain.scenario.sensitivity/1");
    answer.field("deal", "deal", program->id);
    answer.field("pool", "pool", o.pool);
    answer.field("scenario", "scenario", input->scenario.name);
    Table& table = answer.table("sensitivity", {{"measure"}, {"rank"}, {"moved"}, {"step", "+/-"},
                                                {"at", "from"}, {"down"}, {"base"}, {"up"},
                                                {"change_down", "change down"},
                                                {"change_up", "change up"},
                                                {"down_run", "down was run"},
                                                {"up_run", "up was run"}});
    for (const std::size_t m : measures) {
        const auto effects = ranked(*levers, lines, m);
        add_effects(table, known[m], effects);
        if (m == measures.front()) add_tornado(answer, known[m], effects, program->currency);
    }
    for (const std::string& note : notes) answer.note(note);
    TRANCHAIN_DO(add_inputs(answer, {o.deal, o.pool, {o.scenario}, {}}, out));
    return out.write(answer);
}

} // namespace

void add_scenario_sensitivity(Tree& tree)
{
    tree.add<SensitivityOptions>(
        "scenario", "sensitivity", "one thing moved at a time, and what it does, ranked",
        run_sensitivity, [](Setup& s, SensitivityOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenario, "NAME",
                     "what is moved: base, stressed or a scenario file")
                .file();
            s.option("--by", o.by, "THING[=STEP]",
                     "what to move, such as default=2% or coupon; everything if left out");
            s.option("--measure", o.measures, "NAME",
                     "figures to look at; interest of the last tranche if left out");
            bind_threads(s, o.threads);
        });
}

} // namespace tranchain
