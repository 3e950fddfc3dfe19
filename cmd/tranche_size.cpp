// tranche size: the largest amount of a tranche that survives every stress it is put to.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/parallel.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/reserve_bound.hpp"
#include "cmd/sizing.hpp"
#include "cmd/structure_figures.hpp"
#include "cmd/waterfall_scenarios.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/break_even.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t size_probes = 17;

struct SizeOptions {
    std::string deal, pool;
    SizingWords sizing;
    ReserveWords reserve;
    std::vector<std::string> scenarios;
    std::optional<std::string> multiple;
    std::int64_t threads = 0;
};

/// What every scenario is multiplied by, in the place of its own factor; none leaves that.
Result<std::optional<Rate>> multiple_of(const SizeOptions& o, bool some_scenario)
{
    if (!o.multiple) {
        if (!o.reserve.rating) return std::optional<Rate>();
        return std::optional(Rate::ppb(rating_factor(*o.reserve.rating)));
    }
    if (o.reserve.rating) {
        return fail(Code::usage, "one of --multiple and --rating is enough", {},
                    "a rating is a multiple by itself");
    }
    if (!some_scenario) {
        return fail(Code::usage, "--multiple multiplies scenarios, and none is played", {},
                    "name one with --scenario; --rating is the factor of a reserve");
    }
    const auto factor = Rate::parse(*o.multiple);
    if (!factor || *factor < Rate{} || factor->in_ppb() > 100 * Rate::one) {
        return fail(Code::usage, fmt::format("--multiple: '{}' is not 0% to 10000%", *o.multiple), {},
                    "write 2.5 times as 250%");
    }
    return std::optional(*factor);
}

/// The stresses, each under its own name.
Checked<std::vector<Scenario>> stresses_of(const std::optional<Rate>& multiple,
                                           const ProjectionInput& input,
                                           const std::vector<std::string>& names)
{
    if (names.empty()) return std::vector<Scenario>{};
    auto all = read_scenarios(input, names);
    if (!all) return all;
    if (const auto apart = named_apart(*all); !apart) return tl::make_unexpected(Errors{apart.error()});
    for (Scenario& scenario : *all) scenario.stress = multiple.value_or(scenario.stress);
    return all;
}

/// What breaks first of the tranche and of those senior to it.
std::optional<Break> loss_of(const Program& program, const Projection& run, std::size_t sized)
{
    std::optional<Break> first;
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        const Tranche& t = program.tranches[i];
        const bool watched = i == sized || t.rank < program.tranches[sized].rank;
        if (!watched || !t.notional.empty()) continue;
        auto found = break_of(program, run, {Watched::Kind::loss, i});
        if (!found || (first && first->on <= found->on)) continue;
        found->what = fmt::format("{} of {}", found->what, t.id);
        first = std::move(found);
    }
    return first;
}

Result<BreakSearch>
search_size(const Sizing& s, const ProjectionInput& input, const Scenario& scenario)
{
    return search_break(s.points(), size_probes, [&](const std::vector<std::int64_t>& points)
                            -> Result<std::vector<std::optional<Break>>> {
        std::vector<std::optional<Break>> found;
        ProjectionInput sized = input;
        for (const std::int64_t point : points) {
            sized.program = s.program_at(point);
            auto played = project(sized, scenario);
            if (!played) {
                Error error = std::move(played.error());
                error.message = fmt::format("scenario '{}': {}", scenario.name, error.message);
                return tl::make_unexpected(std::move(error));
            }
            found.push_back(loss_of(sized.program, *played, s.tranche));
        }
        return found;
    });
}

/// The scenario that leaves the least; none if one has no answer.
const BreakSearch* binding(const std::vector<BreakSearch>& searches)
{
    const BreakSearch* least = &searches.front();
    for (const BreakSearch& s : searches) {
        if (!s.certain()) return nullptr;
        if (s.survives.value_or(-1) < least->survives.value_or(-1)) least = &s;
    }
    return least;
}

/// The answer: the smallest of what the scenarios and the reserve leave.
struct SizeFound {
    bool sure = true;           ///< no scenario is without an answer
    std::optional<Money> face;  ///< none: no amount survives
    std::string bound;          ///< by which scenario, or what of the reserve
    const Break* broken = nullptr;
};

SizeFound smallest(const Sizing& s, const std::vector<Scenario>& scenarios,
                   const std::vector<BreakSearch>& searches, const ReserveBound* reserve)
{
    SizeFound found;
    if (!searches.empty()) {
        const BreakSearch* least = binding(searches);
        if (least == nullptr) return {false, std::nullopt, "", nullptr};
        if (least->survives) found.face = s.face_at(*least->survives);
        if (least->breaks) {
            found.broken = &*least->tried.at(*least->breaks);
            found.bound = scenarios[static_cast<std::size_t>(least - searches.data())].name;
        }
    }
    const bool tighter = reserve != nullptr &&
                         (searches.empty() || reserve->face.value_or(zero) < found.face.value_or(zero));
    if (!tighter) return found;
    return {true, reserve->face, reserve->capped ? "" : reserve->binding, nullptr};
}

void add_size(Answer& answer, const Sizing& s, const SizeFound& found, bool by_reserve)
{
    const bool some = found.sure && found.face;
    const Money face = some ? *found.face : zero;
    Money junior;
    const Program sized = some ? s.program_at(face.in_fen() / s.step.in_fen() - 1) : s.program;
    for (const Tranche& t : sized.tranches) {
        if (t.rank > sized.tranches[s.tranche].rank && t.notional.empty()) junior += t.face;
    }
    answer.field("largest", "largest amount that survives", some ? Value(face) : Value());
    answer.field("units", "units",
                 some ? Value(face.in_fen() / sized.unit.in_fen()) : Value());
    answer.field("thickness", "thickness", some ? share_of_faces(sized, face) : Value());
    answer.field("support", "junior to it", some ? share_of_faces(sized, junior) : Value());
    answer.field("against", s.program.tranches[s.against].id + " then has",
                 some ? Value(s.both - face) : Value());
    answer.field("binding", by_reserve ? "bound by" : "bound by scenario",
                 found.bound.empty() ? Value() : Value(found.bound));
    const Break* broken = found.broken;
    answer.field("what", "which would break", broken != nullptr ? Value(broken->what) : Value());
    answer.field("on", "on", broken != nullptr ? Value(broken->on) : Value());
}

void add_searches(Answer& answer, const Sizing& s, const std::vector<Scenario>& scenarios,
                  const std::vector<BreakSearch>& searches)
{
    if (searches.empty()) return;
    Table& table = answer.table("scenarios", {{"scenario"}, {"largest"}, {"breaks", "breaks at"},
                                              {"what"}, {"on"}, {"missing"},
                                              {"monotone", "once broken, stays broken"}});
    for (std::size_t i = 0; i < searches.size(); ++i) {
        const BreakSearch& found = searches[i];
        const bool sure = found.certain();
        const Break* b = sure && found.breaks ? &*found.tried.at(*found.breaks) : nullptr;
        table.add({scenarios[i].name,
                   sure && found.survives ? Value(s.face_at(*found.survives)) : Value(),
                   b != nullptr ? Value(s.face_at(*found.breaks)) : Value(),
                   b != nullptr ? Value(b->what) : Value(), b != nullptr ? Value(b->on) : Value(),
                   b != nullptr ? Value(b->missing) : Value(), !found.contradiction});
    }
}

Checked<std::vector<BreakSearch>> search_all(const Sizing& sizing, const ProjectionInput& input,
                                             const std::vector<Scenario>& scenarios,
                                             std::int64_t threads)
{
    std::vector<BreakSearch> searches(scenarios.size());
    std::vector<std::optional<Error>> wrong(scenarios.size());
    in_parallel(searches.size(), threads, [&](std::size_t i) {
        auto found = search_size(sizing, input, scenarios[i]);
        if (found) searches[i] = std::move(*found);
        else wrong[i] = std::move(found.error());
    });
    for (std::optional<Error>& error : wrong) {
        if (error) return tl::make_unexpected(Errors{std::move(*error)});
    }
    return searches;
}

/// A multiple of shares; insolvencies, delays and what a tape itself says have none.
bool has_multiplied(const Scenario& scenario)
{
    return std::any_of(scenario.assumptions.begin(), scenario.assumptions.end(),
                       [](const Assumption& a) {
                           return a.kind == Assumption::Kind::default_ ||
                                  a.kind == Assumption::Kind::dilution;
                       });
}

void add_size_note(Answer& answer, const SizeFound& found)
{
    if (!found.sure) answer.note("no answer: in one scenario a larger amount survives again");
    else if (!found.face) answer.note("no amount survives");
    else if (found.bound.empty()) {
        answer.note("nothing breaks: the amount is all that can be moved");
    }
}

Outcome run_size(const SizeOptions& o, const Globals&, Output& out)
{
    TRANCHAIN_TRY(const std::int64_t threads, thread_count(o.threads));
    TRANCHAIN_TRY(const bool by_reserve, o.reserve.asked());
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    std::vector<std::string> names;
    if (!by_reserve || !o.scenarios.empty()) {
        TRANCHAIN_TRY(names, scenario_names(o.scenarios));
    }
    TRANCHAIN_TRY(const auto multiple, multiple_of(o, !names.empty()));
    TRANCHAIN_TRY(const Sizing sizing, sizing_of(o.sizing, *program));
    const auto input = read_pool(*program, o.pool, names.empty() ? "base" : names.front());
    if (!input) return input.error();
    const auto scenarios = stresses_of(multiple, *input, names);
    if (!scenarios) return scenarios.error();
    std::optional<ReserveBound> reserve;
    if (by_reserve) {
        auto bound = reserve_bound(o.reserve, sizing, input->opening);
        if (!bound) return bound.error();
        reserve = std::move(*bound);
    }
    const auto searches = search_all(sizing, *input, *scenarios, threads);
    if (!searches) return searches.error();
    const SizeFound found = smallest(sizing, *scenarios, *searches, reserve ? &*reserve : nullptr);
    Answer answer("tranchain.tranche.size/1");
    answer.field("deal", "deal", program->id);
    answer.field("pool", "pool", o.pool);
    answer.field("tranche", "tranche", o.sizing.tranche);
    answer.field("face", "amount in the deal", program->tranches[sizing.tranche].face);
    answer.field("resolution", "resolution", sizing.step);
    if (multiple && !names.empty()) answer.field("multiple", "scenarios multiplied by", Value::rate(multiple->str()));
    add_size(answer, sizing, found, by_reserve);
    if (reserve) {
        reserve->lines.add_to(answer);
        add_reserve_chart(answer, reserve->reserve, reserve->terms);
    }
    add_searches(answer, sizing, *scenarios, *searches);
    add_size_note(answer, found);
    for (const Scenario& s : *scenarios) {
        if (!multiple || has_multiplied(s)) continue;
        answer.note(fmt::format("scenario '{}' has no [[default]] or [[dilution]] to multiply", s.name));
    }
    RunInputs files{o.deal, o.pool, names, {}};
    if (by_reserve) files.reserve = {*o.reserve.terms, *o.reserve.history};
    TRANCHAIN_DO(add_inputs(answer, files, out));
    TRANCHAIN_DO(out.write(answer));
    return found.sure && found.face ? Outcome() : answer_no();
}

} // namespace

void add_tranche_size(Tree& tree)
{
    tree.add<SizeOptions>(
        "tranche", "size", "the largest amount that survives every stress", run_size,
        [](Setup& s, SizeOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            s.positional("TRANCHE", o.sizing.tranche, "its id, such as A");
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenarios, "NAME",
                     "stresses: base, stressed, scenario files or folders of them")
                .file();
            s.option("--multiple", o.multiple, "FACTOR",
                     "stress factor of each scenario, such as 250%");
            s.option("--rating", o.reserve.rating, "RATING",
                     "that of a rating, for scenarios and reserve alike")
                .choices({"AAA", "AA", "A", "BBB"});
            s.option("--history", o.reserve.history, "FILE",
                     "CSV: month, sales, defaults, dilution; its required reserve binds too")
                .file();
            s.option("--terms", o.reserve.terms, "FILE", "the terms of that reserve as TOML").file();
            s.option("--limit", o.reserve.net.limit, "SHARE",
                     "of an obligor group in the eligible balance, in the place of the deal's limits");
            s.option("--deduct", o.reserve.net.deduct, "AMOUNT",
                     "unapplied cash, contra, deferred revenue");
            s.option("--against", o.sizing.against, "TRANCHE",
                     "whose amount shrinks; the last without a coupon if left out");
            s.option("--fix", o.sizing.fixed, "T=AMOUNT", "another tranche at this amount");
            s.option("--step", o.sizing.step, "AMOUNT", "resolution; one unit if left out");
            bind_threads(s, o.threads);
        });
}

} // namespace tranchain
