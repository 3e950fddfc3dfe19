// tranche size: the largest amount of a tranche that survives every stress it is put to.
// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <set>

#include <fmt/core.h>

#include "cmd/choose.hpp"
#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/parallel.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/waterfall_scenarios.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/break_even.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t size_probes = 17;

struct SizeOptions {
    std::string deal, tranche, pool;
    std::vector<std::string> scenarios, fixed;
    std::optional<std::string> multiple, against;
    std::optional<Money> step;
    std::int64_t threads = 0;
};

/// What is sized, and at whose expense.
struct Sizing {
    Program program;
    std::size_t tranche = 0, against = 0;
    Money both; ///< of the two faces, which stays
    Money step; ///< a whole number of units

    [[nodiscard]] std::int64_t points() const { return (both.in_fen() - 1) / step.in_fen(); }
    [[nodiscard]] Money face_at(std::int64_t point) const
    {
        return Money::fen((point + 1) * step.in_fen());
    }
    [[nodiscard]] Program program_at(std::int64_t point) const
    {
        Program p = program;
        p.tranches[tranche].face = face_at(point);
        p.tranches[against].face = both - face_at(point);
        return p;
    }
};

Result<> check_face(const Program& program, Money face, const std::string& option)
{
    if (face > zero && face.in_fen() % program.unit.in_fen() == 0) return {};
    return fail(Code::usage, fmt::format("{}: {} is not a number of units of {}", option,
                                         face.str(), program.unit.str()));
}

/// What an interest-only tranche is given brings in nothing.
Result<> check_principal(const Tranche& tranche)
{
    if (tranche.notional.empty()) return {};
    return fail(Code::usage, fmt::format("tranche '{}' is interest only: it has no principal to size",
                                         tranche.id));
}

/// `A=1500000.00`: that amount, the difference taken from or given to `against`.
Result<> fix(Sizing& s, const std::string& text)
{
    const auto equals = text.find('=');
    const auto amount =
        Money::parse(equals == std::string::npos ? "" : text.substr(equals + 1));
    if (!amount) {
        return fail(Code::usage, fmt::format("--fix: '{}' is not an amount of a tranche", text), {},
                    "write A=1500000.00");
    }
    TRANCHAIN_TRY(const std::size_t i, choose({"the deal", "tranche", "--fix"},
                                              ids_of(s.program.tranches), text.substr(0, equals)));
    TRANCHAIN_DO(check_principal(s.program.tranches[i]));
    TRANCHAIN_DO(check_face(s.program, *amount, "--fix"));
    if (i == s.tranche || i == s.against) {
        return fail(Code::usage,
                    fmt::format("--fix: the amount of '{}' is looked for", s.program.tranches[i].id));
    }
    s.both += s.program.tranches[i].face - *amount;
    s.program.tranches[i].face = *amount;
    return {};
}

/// The tranche that takes what others leave: the last without a coupon.
Result<std::size_t> residual_of(const SizeOptions& o, const Program& program)
{
    if (o.against) return choose({"the deal", "tranche", "--against"}, ids_of(program.tranches), *o.against);
    for (std::size_t i = program.tranches.size(); i-- > 0;) {
        if (!program.tranches[i].coupon && program.tranches[i].notional.empty()) return i;
    }
    return fail(Code::usage, "the deal has no tranche without a coupon to size against", {},
                "name another with --against");
}

Result<Sizing> sizing_of(const SizeOptions& o, const Program& program)
{
    Sizing s;
    s.program = program;
    TRANCHAIN_TRY(s.tranche, choose({"the deal", "tranche", "TRANCHE"}, ids_of(program.tranches), o.tranche));
    TRANCHAIN_TRY(s.against, residual_of(o, program));
    TRANCHAIN_DO(check_principal(program.tranches[s.tranche]));
    TRANCHAIN_DO(check_principal(program.tranches[s.against]));
    const Tranche& sized = program.tranches[s.tranche];
    const Tranche& other = program.tranches[s.against];
    if (s.tranche == s.against || sized.rank >= other.rank) {
        return fail(Code::usage, fmt::format("tranche '{}' is not junior to '{}'", other.id,
                                             sized.id));
    }
    s.both = sized.face + other.face;
    s.step = o.step.value_or(program.unit);
    TRANCHAIN_DO(check_face(program, s.step, "--step"));
    for (const std::string& text : o.fixed) TRANCHAIN_DO(fix(s, text));
    if (s.both <= s.step) {
        return fail(Code::usage, "nothing is left to size",
                    {}, fmt::format("'{}' and '{}' have {} together", sized.id, other.id,
                                    s.both.str()));
    }
    return s;
}

/// The stresses, each under its own name.
Checked<std::vector<Scenario>> stresses_of(const SizeOptions& o, const ProjectionInput& input,
                                           const std::vector<std::string>& names)
{
    std::vector<Scenario> all;
    std::set<std::string> taken;
    for (const std::string& name : names) {
        auto scenario = named_scenario(name, input.seed);
        if (!scenario) return tl::make_unexpected(std::move(scenario.error()));
        if (Errors wrong = misfits(input, *scenario); !wrong.empty()) {
            return tl::make_unexpected(std::move(wrong));
        }
        if (o.multiple) {
            const auto factor = Rate::parse(*o.multiple);
            if (!factor || *factor < Rate{} || factor->in_ppb() > 100 * Rate::one) {
                return tl::make_unexpected(
                    Errors{{Code::usage,
                            fmt::format("--multiple: '{}' is not 0% to 10000%", *o.multiple),
                            {},
                            "write 2.5 times as 250%"}});
            }
            scenario->stress = *factor;
        }
        if (!taken.insert(scenario->name).second) {
            return tl::make_unexpected(Errors{
                {Code::usage, fmt::format("two scenarios are called '{}'", scenario->name), {}, {}}});
        }
        all.push_back(std::move(*scenario));
    }
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

/// Of all faces, to 0.01%, down.
Value part_of(const Program& program, Money amount)
{
    Money total;
    for (const Tranche& t : program.tranches) total += t.notional.empty() ? t.face : zero;
    const Int128 hundredths = Int128{amount.in_fen()} * 10'000 / total.in_fen();
    return Value::rate(
        Rate::ppb(static_cast<std::int64_t>(hundredths) * (Rate::one / 10'000)).str());
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

void add_size(Answer& answer, const Sizing& s, const std::vector<Scenario>& scenarios,
              const std::vector<BreakSearch>& searches)
{
    const BreakSearch* least = binding(searches);
    const bool some = least != nullptr && least->survives;
    const Money face = some ? s.face_at(*least->survives) : zero;
    Money junior;
    const Program sized = some ? s.program_at(*least->survives) : s.program;
    for (const Tranche& t : sized.tranches) {
        if (t.rank > sized.tranches[s.tranche].rank && t.notional.empty()) junior += t.face;
    }
    const Break* broken = least != nullptr && least->breaks ? &*least->tried.at(*least->breaks) : nullptr;
    answer.field("largest", "largest amount that survives", some ? Value(face) : Value());
    answer.field("units", "units",
                 some ? Value(face.in_fen() / sized.unit.in_fen()) : Value());
    answer.field("thickness", "thickness", some ? part_of(sized, face) : Value());
    answer.field("support", "junior to it", some ? part_of(sized, junior) : Value());
    answer.field("against", s.program.tranches[s.against].id + " then has",
                 some ? Value(s.both - face) : Value());
    const auto place = least == nullptr ? 0 : static_cast<std::size_t>(least - searches.data());
    answer.field("binding", "bound by scenario",
                 broken != nullptr ? Value(scenarios[place].name) : Value());
    answer.field("what", "which would break", broken != nullptr ? Value(broken->what) : Value());
    answer.field("on", "on", broken != nullptr ? Value(broken->on) : Value());
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
    if (least == nullptr) answer.note("no answer: in one scenario a larger amount survives again");
    else if (!some) answer.note("no amount survives");
    else if (broken == nullptr) answer.note("nothing breaks: the amount is all that can be moved");
}

Outcome run_size(const SizeOptions& o, const Globals&, Output& out)
{
    TRANCHAIN_TRY(const std::int64_t threads, thread_count(o.threads));
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    TRANCHAIN_TRY(const auto names, scenario_names(o.scenarios));
    TRANCHAIN_TRY(const Sizing sizing, sizing_of(o, *program));
    const auto input = read_pool(*program, o.pool, names.front());
    if (!input) return input.error();
    const auto scenarios = stresses_of(o, *input, names);
    if (!scenarios) return scenarios.error();
    std::vector<BreakSearch> searches(scenarios->size());
    std::vector<std::optional<Error>> wrong(scenarios->size());
    in_parallel(searches.size(), threads, [&](std::size_t i) {
        auto found = search_size(sizing, *input, (*scenarios)[i]);
        if (found) searches[i] = std::move(*found);
        else wrong[i] = std::move(found.error());
    });
    for (std::optional<Error>& error : wrong) {
        if (error) return std::move(*error);
    }
    Answer answer("tranchain.tranche.size/1");
    answer.field("deal", "deal", program->id);
    answer.field("pool", "pool", o.pool);
    answer.field("tranche", "tranche", o.tranche);
    answer.field("face", "amount in the deal", program->tranches[sizing.tranche].face);
    answer.field("resolution", "resolution", sizing.step);
    add_size(answer, sizing, *scenarios, searches);
    TRANCHAIN_DO(add_inputs(answer, {o.deal, o.pool, names, {}}, out));
    TRANCHAIN_DO(out.write(answer));
    const BreakSearch* least = binding(searches);
    return least != nullptr && least->survives ? Outcome() : answer_no();
}

} // namespace

void add_tranche_size(Tree& tree)
{
    tree.add<SizeOptions>(
        "tranche", "size", "the largest amount that survives every stress", run_size,
        [](Setup& s, SizeOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            s.positional("TRANCHE", o.tranche, "its id, such as A");
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenarios, "NAME",
                     "stresses: base, stressed, scenario files or folders of them")
                .file();
            s.option("--multiple", o.multiple, "FACTOR",
                     "stress factor of each scenario, such as 250%");
            s.option("--against", o.against, "TRANCHE",
                     "whose amount shrinks; the last without a coupon if left out");
            s.option("--fix", o.fixed, "T=AMOUNT", "another tranche at this amount");
            s.option("--step", o.step, "AMOUNT", "resolution; one unit if left out");
            bind_threads(s, o.threads);
        });
}

} // namespace tranchain
