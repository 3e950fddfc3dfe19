// waterfall: run a deal from closing to its last payment, and compare it with what was really paid.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/waterfall_scenarios.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compare.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/analytics.hpp"
#include "waterfall/exact/names.hpp"
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

struct CompareOptions {
    std::string deal;
    std::string actual;
    bool all = false;
};

// ---- what comes out ----------------------------------------------------------------------------

Money sum_between(const std::map<Date, Money>& days, Date from, Date to)
{
    Money sum;
    for (auto it = days.lower_bound(from); it != days.end() && it->first <= to; ++it) sum += it->second;
    return sum;
}

const ProjectionDay* day_of(const Projection& p, Date date)
{
    const auto found = std::lower_bound(p.days.begin(), p.days.end(), date,
                                        [](const ProjectionDay& d, Date at) { return d.date < at; });
    return found != p.days.end() && found->date == date ? &*found : nullptr;
}

std::vector<Column> period_columns(const Program& program)
{
    std::vector<Column> columns{{"date"},
                                {"paid"},
                                {"from"},
                                {"to"},
                                {"state"},
                                {"income_collected", "income"},
                                {"principal_collected", "principal"},
                                {"bought"},
                                {"loan", "lent to income"},
                                {"covered", "losses covered"},
                                {"fees"}};
    for (const Tranche& t : program.tranches) {
        columns.push_back({t.id + "_interest", t.id + " interest"});
        columns.push_back({t.id + "_principal", t.id + " principal"});
        columns.push_back({t.id + "_balance", t.id + " balance"});
    }
    for (const char* key : {"cash_left", "pool_balance", "test_value", "margin", "lowest_margin"}) {
        std::string title = key;
        std::replace(title.begin(), title.end(), '_', ' ');
        columns.push_back({key, title});
    }
    return columns;
}

void add_period(Table& table, const Projection& p, const Distribution& d)
{
    const Date to = d.date.calculation;
    const Money collected = sum_between(p.collected, d.collection_from, to);
    Money fees;
    for (const FeeLine& fee : d.fees) fees += fee.paid + fee.above_cap_paid;
    const ProjectionDay* day = day_of(p, to);
    const auto lowest = lowest_margin(p, d.collection_from, to);
    std::vector<Value> row{d.date.unadjusted,
                           d.booked,
                           d.collection_from,
                           to,
                           name_of(d.priority),
                           d.income_collected,
                           collected - d.income_collected,
                           sum_between(p.bought, d.collection_from, to),
                           d.loan,
                           d.covered,
                           fees};
    for (const TrancheLine& t : d.tranches) {
        row.insert(row.end(), {t.interest_paid + t.residual_paid, t.principal_paid, t.closing});
    }
    const bool judged = day != nullptr && day->judged;
    row.insert(row.end(), {d.income_left + d.principal_left,
                           day != nullptr ? Value(day->figures.pool_balance) : Value(),
                           judged ? Value(day->value) : Value(), judged ? Value(day->margin()) : Value(),
                           lowest ? Value(*lowest) : Value()});
    table.add(std::move(row));
}

std::string four_places(double value) { return fmt::format("{:.4f}", value); }

void add_tranches(Answer& answer, const Program& program, const Projection& p)
{
    Table& table = answer.table("tranches", {{"tranche"},
                                             {"face"},
                                             {"wal", "WAL, years"},
                                             {"yield", "yield at par"},
                                             {"last_payment", "last payment"},
                                             {"unpaid_interest", "interest unpaid"},
                                             {"unpaid_principal", "principal unpaid"},
                                             {"demanded", "demanded of support"},
                                             {"interest_per_100", "interest per 100"},
                                             {"principal_per_100", "principal per 100"}});
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        const Tranche& t = program.tranches[i];
        std::vector<HolderPayment> payments;
        Money demanded;
        for (const Distribution& d : p.distributions) {
            const TrancheLine& line = d.tranches[i];
            payments.push_back({d.booked, line.interest_paid + line.residual_paid, line.principal_paid});
            for (const Demand& demand : d.demands) {
                if (demand.covers.ends_with(" " + t.id)) demanded += demand.amount;
            }
        }
        const Analytics a = analyse(payments, t.face, t.face, program.closing);
        const TrancheLine* last = p.distributions.empty() ? nullptr : &p.distributions.back().tranches[i];
        table.add({t.id, t.face, a.average_life ? Value(four_places(*a.average_life)) : Value(),
                   a.yield ? Value(four_places(100 * *a.yield) + "%") : Value(),
                   a.last_payment ? Value(*a.last_payment) : Value(),
                   last != nullptr ? last->arrears_after : zero,
                   last != nullptr ? last->closing : t.face, demanded, four_places(a.interest_per_100),
                   four_places(a.principal_per_100)});
    }
}

void add_demands(Answer& answer, const Projection& p)
{
    Table& table = answer.table("demands", {{"distribution", "support demanded on"},
                                            {"covers"},
                                            {"amount"},
                                            {"by"},
                                            {"paid"}});
    for (const Distribution& d : p.distributions) {
        for (const Demand& demand : d.demands) {
            table.add({demand.distribution, demand.covers, demand.amount, demand.by, zero});
        }
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

Outcome show_run(const RunOptions& o, const Program& deal, const Projection& p, Output& out)
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
    Table& periods = answer.table("periods", period_columns(*program));
    for (const Distribution& d : p.distributions) add_period(periods, p, d);
    add_tranches(answer, *program, p);
    add_demands(answer, p);
    add_months(answer, p);
    if (o.days) add_days(answer, p);
    for (const std::string& remark : p.remarks) answer.note(remark);
    if (program->support) {
        answer.note("support is never assumed: with it, the amounts demanded would be paid too");
    }
    return out.write(answer);
}

Outcome run_run(const RunOptions& o, const Globals&, Output& out)
{
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    TRANCHAIN_TRY(const auto names, scenario_names(o.scenarios));
    if (names.size() > 1) return compare_scenarios(*program, o.pool, names, o.threads, out);
    const auto input = read_pool(*program, o.pool, names.front());
    if (!input) return input.error();
    TRANCHAIN_TRY(const Projection p, project(*input));
    return show_run(o, *program, p, out);
}

// ---- compare -----------------------------------------------------------------------------------

Outcome run_compare(const CompareOptions& o, const Globals&, Output& out)
{
    auto program = compile_file(o.deal);
    if (!program) return program.error();
    auto actual = read_actual(o.actual, *program);
    if (!actual) return actual.error();
    TRANCHAIN_TRY(const Comparison c, compare(*program, *actual));
    Answer answer("tranchain.waterfall.compare/1");
    answer.field("deal", "deal", program->id);
    answer.field("name", "name", program->name);
    answer.field("months", "months", static_cast<std::int64_t>(c.months.size()));
    answer.field("principal_equal", "principal to the cent in", c.principal_equal);
    answer.field("interest_equal", "amounts of interest to the cent", c.interest_equal);
    answer.field("interest_compared", "amounts of interest compared", c.interest_compared);
    answer.field("thirty_360_equal", "of those on 30/360 to the cent", c.thirty_360_equal);
    answer.field("thirty_360_compared", "of those on 30/360 compared", c.thirty_360_compared);
    Table& table = answer.table("differences", {{"period"},
                                                {"date", "payment date"},
                                                {"tranche"},
                                                {"item"},
                                                {"by_rule", "by the deal"},
                                                {"actual"},
                                                {"difference"},
                                                {"why", "", true}});
    for (const Difference& d : c.differences) {
        table.add({d.period, d.date, d.tranche.empty() ? Value("all") : Value(d.tranche), d.item,
                   d.by_rule, d.actual, d.actual - d.by_rule, d.why});
    }
    if (o.all) {
        Table& months = answer.table("all", {{"period"}, {"date"}, {"by_rule", "principal by the deal"},
                                             {"actual", "actual principal"}});
        for (const ComparedMonth& m : c.months) months.add({m.period, m.date, m.principal, m.actual});
    }
    TRANCHAIN_DO(out.write(answer));
    if (!c.differences.empty()) return answer_no();
    return {};
}

}  // namespace

void add_waterfall(Tree& tree)
{
    tree.noun("waterfall", "run a deal, and compare it with what was really paid");
    tree.add<RunOptions>(
        "waterfall", "run", "cash flows from closing to the last payment", run_run,
        [](Setup& s, RunOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            s.option("--pool", o.pool, "POOL", "a folder of 'pool generate', or the tape of closing")
                .file()
                .required();
            s.option("--scenario", o.scenarios, "NAME",
                     "base, stressed, a scenario file or a folder of them; several are compared")
                .file();
            s.option("--threads", o.threads, "N",
                     "threads for several scenarios; as many as the machine has if left out");
            s.flag("--days", o.days, "every day of the test too");
        });
    tree.add<CompareOptions>(
        "waterfall", "compare", "run one month at a time against reported payments", run_compare,
        [](Setup& s, CompareOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            s.option("--actual", o.actual, "FILE", "reported balances and payments as CSV")
                .file()
                .required();
            s.flag("--all", o.all, "months without a difference too");
        });
}

}  // namespace tranchain
