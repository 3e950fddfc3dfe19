// waterfall run: a deal from closing to its last payment, in one or several scenarios.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/periods.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/run_charts.hpp"
#include "cmd/waterfall_scenarios.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/analytics.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

namespace {

struct RunOptions {
    std::string deal;
    std::string pool;
    std::vector<std::string> scenarios;
    std::int64_t threads = 0;
    bool days = false;
};

// ---- what comes out ----------------------------------------------------------------------------

Value four_places(double value, const char* end = "")
{
    return Value::number(fmt::format("{:.4f}{}", value, end));
}

void add_tranches(Answer& answer, const Program& program, const Projection& p, const char* name,
                  const char* heading = "")
{
    Table& table = answer.table(name, {{"tranche"},
                                             {"face"},
                                             {"wal", "WAL, years"},
                                             {"yield", "yield at par"},
                                             {"last_payment", "last payment"},
                                             {"unpaid_interest", "interest unpaid"},
                                             {"unpaid_principal", "principal unpaid"},
                                             {"demanded", "demanded of support"},
                                             {"interest_per_100", "interest per 100"},
                                             {"principal_per_100", "principal per 100"}},
                                heading);
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        const Tranche& t = program.tranches[i];
        std::vector<HolderPayment> payments;
        for (const Distribution& d : p.distributions) {
            const TrancheLine& line = d.tranches[i];
            payments.push_back({d.booked, line.interest_paid + line.residual_paid, line.principal_paid});
        }
        Money demanded;
        for (const Demand& claim : p.claims) {
            if (claim.covers.ends_with(" " + t.id)) demanded += claim.amount;
        }
        const Analytics a = analyse(payments, t.face, t.face, program.closing);
        const TrancheLine* last = p.distributions.empty() ? nullptr : &p.distributions.back().tranches[i];
        table.add({t.id, t.face, a.average_life ? four_places(*a.average_life) : Value(),
                   a.yield && t.notional.empty() ? four_places(100 * *a.yield, "%") : Value(),
                   a.last_payment ? Value(*a.last_payment) : Value(),
                   last != nullptr ? last->arrears_after : zero,
                   last != nullptr ? last->closing : t.face, demanded, four_places(a.interest_per_100),
                   four_places(a.principal_per_100)});
    }
}

/// How near a reading is to a breach: what is smaller is nearer. Of equality, how far they differ.
Money headroom(const Trigger& t, const TriggerReading& r)
{
    const Money margin = r.value - r.threshold;
    switch (t.when.compare) {
    case Compare::greater:
    case Compare::greater_equal:
        return -margin;
    case Compare::less:
    case Compare::less_equal:
        return margin;
    case Compare::equal:
    case Compare::not_equal:
        break;
    }
    return margin < zero ? -margin : margin;
}

/// Each trigger at the end of the month in which it came nearest to its effect.
void add_triggers(Answer& answer, const Program& program, const Projection& p)
{
    Table& table = answer.table("triggers", {{"trigger"},
                                             {"consequence"},
                                             {"nearest", "nearest on"},
                                             {"value"},
                                             {"threshold"},
                                             {"margin"},
                                             {"count"},
                                             {"days_left", "days left"},
                                             {"fired_on", "fired on"}});
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        const Trigger& t = program.triggers[i];
        const TriggerReading* nearest = nullptr;
        for (const TriggerReading& r : p.readings) {
            if (r.trigger != i || !r.judged || r.effective) continue;
            const bool nearer = nearest == nullptr || r.breach > nearest->breach ||
                                (r.breach == nearest->breach && r.count > nearest->count) ||
                                (r.breach == nearest->breach && r.count == nearest->count &&
                                 headroom(t, r) < headroom(t, *nearest));
            if (nearer) nearest = &r;
        }
        Value fired;
        for (const Fired& f : p.fired) {
            if (f.trigger == static_cast<int>(i) && fired.is_null()) fired = f.effective;
        }
        const bool read = nearest != nullptr;
        table.add({t.id, name_of(t.effect), read ? Value(nearest->date) : Value(),
                   read ? Value(nearest->value) : Value(),
                   read ? Value(nearest->threshold) : Value(),
                   read ? Value(nearest->value - nearest->threshold) : Value(),
                   read ? Value(nearest->count) : Value(),
                   read && nearest->days_left ? Value(*nearest->days_left) : Value(), fired});
    }
}

void add_demands(Answer& answer, const Projection& p)
{
    Table& table = answer.table("demands", {{"distribution", "support demanded on"},
                                            {"covers"},
                                            {"amount"},
                                            {"by"},
                                            {"paid"},
                                            {"lapsed"},
                                            {"open"}});
    for (const Demand& d : p.claims) {
        table.add({d.distribution, d.covers, d.amount, d.by, d.received, d.lapsed, open_claim(d)});
    }
}

void add_months(Answer& answer, const Projection& p)
{
    std::map<Date, Money> months;
    for (const auto& [day, price] : p.bought) months[day.end_of_month()] += price;
    Value list = Value::array();
    for (const auto& [month, price] : months) {
        list.push(Value::object({{"month", month.str().substr(0, 7)}, {"bought", price}}));
    }
    answer.data("bought_by_month", list);
}

void add_days(Answer& answer, const Projection& p)
{
    Table& table = answer.table("days", {{"date"},
                                         {"state"},
                                         {"pool_balance", "pool balance"},
                                         {"principal_cash", "principal cash"},
                                         {"senior_balance", "senior balance"},
                                         {"test_value", "test value"},
                                         {"margin"},
                                         {"count"}});
    for (const ProjectionDay& d : p.days) {
        table.add({d.date, name_of(d.phase), d.figures.pool_balance, d.figures.principal, d.senior, d.value,
                   d.margin(), d.count});
    }
}

const char* support_note(const Program& program, const Projection& p)
{
    if (!receives_support(program))
        return "support is never assumed: with it, the amounts demanded would be paid too";
    if (p.scenario.support_where) return "the supporter is assumed to pay every claim on its day";
    if (p.claims.empty()) return "nothing is demanded of the supporter";
    return "nothing of the supporter is assumed; the second table has the tranches with all of it paid";
}

/// `supported`: the same run with every claim paid, where that makes a difference.
Outcome show_run(const RunOptions& o, const Program& deal, const Projection& p,
                 const std::optional<Projection>& supported,
                 const std::vector<std::string>& scenarios, Output& out)
{
    const Program* program = &deal;
    Answer answer("tranchain.waterfall.run/1");
    answer.field("deal", "deal", program->id);
    answer.field("pool", "pool", o.pool);
    answer.field("scenario", "scenario", p.scenario.name);
    answer.field("seed", "seed of payments", static_cast<std::int64_t>(p.scenario.seed));
    std::optional<Date> breach;
    std::optional<Date> lowest_on;
    const auto lowest = lowest_margin(p, program->closing, program->legal_final);
    for (const ProjectionDay& d : p.days) {
        if (!d.judged) continue;
        if (!breach && d.count > 0) breach = d.date;
        if (!lowest_on && lowest && d.margin() == *lowest) lowest_on = d.date;
    }
    answer.field("lowest_margin", "lowest margin", lowest ? Value(*lowest) : Value());
    answer.field("lowest_on", "on", lowest_on ? Value(*lowest_on) : Value());
    answer.field("first_breach", "first breach day", breach ? Value(*breach) : Value());
    answer.field("fired_on", "trigger fired on",
                 p.fired.empty() ? Value() : Value(p.fired.front().effective));
    if (p.insolvent_face > zero) {
        answer.field("insolvent_face", "face of the insolvent group", p.insolvent_face);
    }
    add_periods(answer, *program, p);
    add_tranches(answer, *program, p, "tranches");
    if (supported) add_tranches(answer, *program, *supported, "supported", "with the support paid");
    add_triggers(answer, *program, p);
    add_demands(answer, p);
    add_months(answer, p);
    if (o.days) add_days(answer, p);
    add_run_charts(answer, *program, p);
    TRANCHAIN_DO(add_inputs(answer, {o.deal, o.pool, scenarios, {}}, out));
    for (const std::string& remark : p.remarks) answer.note(remark);
    if (program->support) answer.note(support_note(*program, p));
    return out.write(answer);
}

Outcome run_run(const RunOptions& o, const Globals& globals, Output& out)
{
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    TRANCHAIN_TRY(const auto names, scenario_names(o.scenarios));
    if (names.size() > 1) {
        return compare_scenarios(*program, o.deal, o.pool, names, o.threads, globals, out);
    }
    const auto input = read_pool(*program, o.pool, names.front());
    if (!input) return input.error();
    TRANCHAIN_TRY(const Projection p, project(*input));
    std::optional<Projection> supported;
    if (receives_support(*program) && !p.claims.empty() && !p.scenario.support_where) {
        Scenario paid = input->scenario;
        paid.support_where = Source{};
        TRANCHAIN_TRY(supported, project(*input, paid));
    }
    return show_run(o, *program, p, supported, names, out);
}

}  // namespace

void add_waterfall(Tree& tree)
{
    tree.noun("waterfall", "run a deal, and compare it with what was really paid");
    tree.add<RunOptions>(
        "waterfall", "run", "cash flows from closing to the last payment", run_run,
        [](Setup& s, RunOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenarios, "NAME",
                     "base, stressed, a scenario file or a folder of them; several are compared")
                .file();
            s.option("--threads", o.threads, "N",
                     "threads for several scenarios; as many as the machine has if left out");
            s.flag("--days", o.days, "every day of the test too");
        });
}

}  // namespace tranchain
