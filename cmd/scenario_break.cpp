// scenario break-even: the smallest stress, or coupon, at which a tranche loses or a trigger fires.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/core.h>

#include "cmd/choose.hpp"
#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/parallel.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/scenario_axes.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/break_even.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t probes_least = 17;

struct BreakOptions {
    std::string deal, pool;
    std::string scenario = "base";
    AxisWords axes;
    std::optional<std::string> coupon, coupon_of, tranche, loses, trigger;
    bool every = false;
    std::int64_t threads = 0;
};

Result<Watched> watched_of(const BreakOptions& o, const Program& program)
{
    Watched w;
    if (o.trigger) {
        TRANCHAIN_TRY(w.index, choose({"the deal", "trigger", "--trigger"}, ids_of(program.triggers), *o.trigger));
        w.kind = Watched::Kind::trigger;
        return w;
    }
    TRANCHAIN_TRY(w.index, choose({"the deal", "tranche", "--tranche"}, ids_of(program.tranches), *o.tranche));
    if (o.loses) {
        w.kind = *o.loses == "interest" ? Watched::Kind::interest : Watched::Kind::principal;
    }
    if (w.kind == Watched::Kind::interest && !program.tranches[w.index].coupon) {
        return fail(Code::usage, fmt::format("tranche '{}' has no coupon to lose", *o.tranche));
    }
    return w;
}

/// The one that is named; else everything that can be lost, and every trigger.
Result<std::vector<Watched>> all_watched(const BreakOptions& o, const Program& program)
{
    if (o.tranche && o.trigger) {
        return fail(Code::usage, "name what may not break with either --tranche or --trigger", {},
                    "without both, all of them are shown");
    }
    if (o.loses && !o.tranche) return fail(Code::usage, "--loses is said of a tranche");
    if (o.tranche || o.trigger) {
        TRANCHAIN_TRY(const Watched one, watched_of(o, program));
        return std::vector{one};
    }
    std::vector<Watched> all;
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        if (program.tranches[i].coupon) all.push_back({Watched::Kind::interest, i});
        if (program.tranches[i].notional.empty()) all.push_back({Watched::Kind::principal, i});
    }
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        all.push_back({Watched::Kind::trigger, i});
    }
    return all;
}

/// The tranche whose coupon is varied.
Result<std::size_t> coupon_tranche(const BreakOptions& o, const Program& program)
{
    if (!o.coupon_of && !o.tranche) {
        return fail(Code::usage, "whose coupon is it?", {}, "say --coupon-of TRANCHE");
    }
    const std::string& id = o.coupon_of ? *o.coupon_of : *o.tranche;
    TRANCHAIN_TRY(const std::size_t index, choose({"the deal", "tranche", "--coupon-of"}, ids_of(program.tranches), id));
    const Tranche& t = program.tranches[index];
    if (!t.coupon || t.coupon_rule) {
        return fail(Code::usage, fmt::format("the coupon of tranche '{}' is not a fixed one", id));
    }
    return index;
}

/// Sets the axes of one value, and leaves the one that is varied.
Result<Axis> varied_axis(const std::vector<Axis>& axes, Stress& fixed)
{
    std::optional<Axis> varied;
    for (const Axis& axis : axes) {
        if (axis.values.size() == 1) {
            axis.put(0, fixed);
            continue;
        }
        if (varied || axis.kind == Axis::Kind::recovery) {
            return fail(Code::usage, "one of default, dilution, delay and coupon is varied", {},
                        "give the others a single value");
        }
        varied = axis;
    }
    if (!varied) {
        return fail(Code::usage, "nothing is varied", {},
                    "give one of --default, --dilution, --delay and --coupon a range, such as "
                    "0%:100%:0.1%");
    }
    return *varied;
}

std::string what_breaks(const BreakOptions& o)
{
    if (o.trigger) return fmt::format("trigger {} fires", *o.trigger);
    return fmt::format("{} loses {}", *o.tranche, o.loses.value_or("interest or principal"));
}

/// The widest step between two values.
Value resolution_of(const Axis& axis)
{
    std::int64_t widest = 0;
    for (std::size_t i = 1; i < axis.values.size(); ++i) {
        widest = std::max(widest, axis.values[i] - axis.values[i - 1]);
    }
    return axis.shown(widest);
}

void add_verdict(Answer& answer, const Axis& axis, const BreakSearch& s)
{
    const auto at = [&](std::optional<std::int64_t> point) {
        return point ? axis.shown(axis.values[static_cast<std::size_t>(*point)]) : Value();
    };
    const bool sure = s.certain();
    answer.field("survives", "highest value that holds", sure ? at(s.survives) : Value());
    answer.field("breaks", "lowest value that breaks", sure ? at(s.breaks) : Value());
    const Break* broken = sure && s.breaks ? &*s.tried.at(*s.breaks) : nullptr;
    answer.field("what", "what breaks first", broken != nullptr ? Value(broken->what) : Value());
    answer.field("on", "on", broken != nullptr ? Value(broken->on) : Value());
    answer.field("missing", "missing",
                 broken != nullptr && broken->what != "trigger" ? Value(broken->missing) : Value());
    answer.field("monotone", "once broken, stays broken", !s.contradiction);
    answer.field("every_point", "every point was run", s.complete);
    Table& table = answer.table("runs", {{axis.key()}, {"holds"}, {"what"}, {"on"}, {"missing"}});
    for (const auto& [point, found] : s.tried) {
        const bool money = found && found->what != "trigger";
        table.add({at(point), !found, found ? Value(found->what) : Value(),
                   found ? Value(found->on) : Value(), money ? Value(found->missing) : Value()});
    }
    if (s.contradiction) {
        const std::string low = at(s.contradiction->first).text();
        const std::string high = at(s.contradiction->second).text();
        answer.note(sure ? fmt::format("not monotone: it breaks at {} and holds at {}", low, high)
                         : fmt::format("no answer: it breaks at {} and holds at {}, so halving may "
                                       "miss the lowest; --every runs every point",
                                       low, high));
    } else if (!s.breaks) {
        answer.note("nothing breaks within the range");
    } else if (*s.breaks == 0) {
        answer.note("it breaks at the lowest value of the range already");
    }
}

/// What is varied, and the run at each point of it.
struct Varied {
    const ProjectionInput& input;
    Stress fixed;
    Axis axis;
    std::size_t coupon_of = 0;
    std::vector<std::int64_t> coupons; ///< one for each point, or one for all; none: the deal's

    [[nodiscard]] Scenario scenario_at(std::int64_t point) const
    {
        Stress stress = fixed;
        axis.put(static_cast<std::size_t>(point), stress);
        return with_stress(input.scenario, stress);
    }
    [[nodiscard]] Result<Projection> play(std::int64_t point) const
    {
        if (coupons.empty()) return project(input, scenario_at(point));
        ProjectionInput changed = input;
        const bool one = coupons.size() == 1;
        changed.program.tranches[coupon_of].coupon =
            Rate::ppb(coupons[one ? 0 : static_cast<std::size_t>(point)]);
        return project(changed, scenario_at(point));
    }
};

Result<Varied> varied_of(const BreakOptions& o, const ProjectionInput& input)
{
    Varied v{input, {}, {}, 0, {}};
    TRANCHAIN_TRY(auto axes, read_axes(o.axes, input.scenario));
    if (o.coupon) {
        TRANCHAIN_TRY(v.coupon_of, coupon_tranche(o, input.program));
        TRANCHAIN_TRY(const Axis coupon, parse_axis(Axis::Kind::coupon, *o.coupon));
        v.coupons = coupon.values;
        axes.push_back(coupon);
    }
    v.fixed.recovery_days = o.axes.recovery_days;
    TRANCHAIN_TRY(v.axis, varied_axis(axes, v.fixed));
    return v;
}

/// Every point is run once, whatever is asked of it.
class BreakRuns {
public:
    BreakRuns(const Varied& varied, const std::vector<Watched>& watched, std::int64_t threads)
        : varied_(varied), watched_(watched), threads_(threads)
    {
    }

    /// Until no search has looked at a point that another did not.
    [[nodiscard]] Result<std::vector<BreakSearch>> search_all_watched(bool every)
    {
        std::vector<BreakSearch> searches;
        std::size_t before = 0;
        do {
            before = known_.size();
            searches.clear();
            for (std::size_t i = 0; i < watched_.size(); ++i) {
                TRANCHAIN_TRY(BreakSearch found, search(i, every));
                searches.push_back(std::move(found));
            }
        } while (known_.size() != before);
        return searches;
    }

private:
    [[nodiscard]] Result<BreakSearch> search(std::size_t which, bool every)
    {
        const auto points = static_cast<std::int64_t>(varied_.axis.values.size());
        return search_break(points, every ? points : probes_least,
                            [&](const std::vector<std::int64_t>& asked)
                                -> Result<std::vector<std::optional<Break>>> {
                                TRANCHAIN_DO(run(asked));
                                std::vector<std::optional<Break>> found;
                                for (const std::int64_t p : asked) found.push_back(known_.at(p)[which]);
                                return found;
                            },
                            known_of(which));
    }
    [[nodiscard]] std::map<std::int64_t, std::optional<Break>> known_of(std::size_t which) const
    {
        std::map<std::int64_t, std::optional<Break>> of;
        for (const auto& [point, found] : known_) of[point] = found[which];
        return of;
    }
    Result<> run(std::vector<std::int64_t> points)
    {
        std::erase_if(points, [&](std::int64_t p) { return known_.contains(p); });
        std::vector<std::vector<std::optional<Break>>> found(points.size());
        std::vector<std::optional<Error>> wrong(points.size());
        in_parallel(points.size(), threads_, [&](std::size_t i) {
            const auto played = varied_.play(points[i]);
            if (!played) {
                wrong[i] = played.error();
                return;
            }
            for (const Watched& w : watched_) {
                found[i].push_back(break_of(varied_.input.program, *played, w));
            }
        });
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (wrong[i]) return tl::make_unexpected(std::move(*wrong[i]));
            known_[points[i]] = std::move(found[i]);
        }
        return {};
    }

    const Varied& varied_;
    const std::vector<Watched>& watched_;
    std::int64_t threads_;
    std::map<std::int64_t, std::vector<std::optional<Break>>> known_;
};

/// A line for each loss and each trigger: where it first happens.
void add_first_losses(Answer& answer, const Program& program, const Axis& axis,
                      const std::vector<Watched>& watched, const std::vector<BreakSearch>& searches)
{
    Table& table = answer.table("first_losses", {{"of"}, {"what"}, {"survives", "holds at"},
                                                 {"breaks", "breaks at"}, {"on"}, {"missing"},
                                                 {"monotone", "once broken, stays broken"}});
    bool unsure = false;
    bool some_break = false;
    for (std::size_t i = 0; i < watched.size(); ++i) {
        const Watched& w = watched[i];
        const BreakSearch& s = searches[i];
        const bool trigger = w.kind == Watched::Kind::trigger;
        const bool sure = s.certain();
        unsure = unsure || !sure;
        some_break = some_break || s.breaks;
        const auto at = [&](std::optional<std::int64_t> point) {
            return sure && point ? axis.shown(axis.values[static_cast<std::size_t>(*point)]) : Value();
        };
        const Break* broken = sure && s.breaks ? &*s.tried.at(*s.breaks) : nullptr;
        table.add({trigger ? program.triggers[w.index].id : program.tranches[w.index].id,
                   trigger                                ? "trigger"
                   : w.kind == Watched::Kind::interest    ? "interest"
                                                          : "principal",
                   at(s.survives), at(s.breaks), broken != nullptr ? Value(broken->on) : Value(),
                   broken != nullptr && !trigger ? Value(broken->missing) : Value(),
                   !s.contradiction});
    }
    if (unsure) {
        answer.note("no answer where what breaks holds again at a higher value; --every runs every point");
    }
    if (!some_break) answer.note("nothing breaks within the range");
}

Outcome run_break_even(const BreakOptions& o, const Globals&, Output& out)
{
    TRANCHAIN_TRY(const std::int64_t threads, thread_count(o.threads));
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    const auto input = read_pool(*program, o.pool, o.scenario);
    if (!input) return input.error();
    TRANCHAIN_TRY(const auto watched, all_watched(o, *program));
    TRANCHAIN_TRY(const Varied varied, varied_of(o, *input));
    if (Errors wrong = misfits(*input, varied.scenario_at(0)); !wrong.empty()) return wrong;
    BreakRuns runs(varied, watched, threads);
    TRANCHAIN_TRY(const std::vector<BreakSearch> searches, runs.search_all_watched(o.every));
    const bool sure = std::all_of(searches.begin(), searches.end(),
                                  [](const BreakSearch& s) { return s.certain(); });
    const Axis& axis = varied.axis;
    const bool one = o.tranche || o.trigger;
    Answer answer(one ? "tranchain.scenario.break-even/1" : "tranchain.scenario.first-loss/1");
    answer.field("deal", "deal", program->id);
    answer.field("pool", "pool", o.pool);
    answer.field("scenario", "scenario", input->scenario.name);
    if (one) answer.field("question", "when", what_breaks(o));
    answer.field("varied", "varied", axis.key());
    answer.field("from", "from", axis.shown(axis.values.front()));
    answer.field("to", "to", axis.shown(axis.values.back()));
    answer.field("resolution", "resolution", resolution_of(axis));
    if (one) add_verdict(answer, axis, searches.front());
    else add_first_losses(answer, *program, axis, watched, searches);
    TRANCHAIN_DO(add_inputs(answer, {o.deal, o.pool, {o.scenario}, {}}, out));
    TRANCHAIN_DO(out.write(answer));
    return sure ? Outcome() : answer_no();
}

} // namespace

void add_scenario_break(Tree& tree)
{
    tree.add<BreakOptions>(
        "scenario", "break-even", "the smallest stress, or coupon, at which something breaks",
        run_break_even, [](Setup& s, BreakOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenario, "NAME",
                     "what is assumed beside the axes: base, stressed or a scenario file")
                .file();
            s.option("--tranche", o.tranche, "TRANCHE", "breaks when this tranche loses; all, and all triggers, if left out");
            s.option("--loses", o.loses, "WHAT", "which loss counts; either if left out")
                .choices({"interest", "principal"});
            s.option("--trigger", o.trigger, "TRIGGER", "breaks when this trigger fires");
            add_axis_options(s, o.axes);
            s.option("--coupon", o.coupon, "RATES", "coupon of a tranche: 3%:12%:0.01%");
            s.option("--coupon-of", o.coupon_of, "TRANCHE",
                     "whose coupon; that of --tranche if left out");
            s.flag("--every", o.every, "run every point of the range");
            bind_threads(s, o.threads);
        });
}

} // namespace tranchain
