// waterfall compare: a deal against what was really paid, or against a counterparty's run of it.
// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/periods.hpp"
#include "cmd/pool_input.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compare.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/projection.hpp"
#include "waterfall/run_table.hpp"

namespace tranchain {

namespace {

struct CompareOptions {
    std::string deal;
    std::optional<std::string> actual, theirs, pool, scenario;
    bool all = false;
};

Outcome compare_reported(const CompareOptions& o, const Program& program, Output& out)
{
    auto actual = read_actual(*o.actual, program);
    if (!actual) return actual.error();
    TRANCHAIN_TRY(const Comparison c, compare(program, *actual));
    Answer answer("tranchain.waterfall.compare/1");
    answer.field("deal", "deal", program.id);
    answer.field("name", "name", program.name);
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

RunTable run_table(const Table& table)
{
    RunTable out;
    for (const Column& c : table.columns()) out.columns.push_back(c.key);
    for (const auto& row : table.rows()) {
        out.rows.emplace_back();
        for (const Value& v : row) out.rows.back().push_back(v.text());
    }
    return out;
}

Value figure(const FigureDifference* d)
{
    if (d == nullptr) return {};
    return Value::object(
        {{"date", d->date}, {"column", d->column}, {"ours", d->ours}, {"theirs", d->theirs}});
}

/// What to look at first, in a sentence.
std::string first_words(const RunComparison& c)
{
    if (c.agree()) return "every figure that both have agrees";
    if (c.differences.empty()) return "the payment dates differ";
    const FigureDifference* input = c.first_input();
    const FigureDifference& first = c.differences.front();
    std::string words;
    if (input == nullptr || first.date < input->date) {
        words = fmt::format("on {} all inputs agree: a clause is read in two ways; the first result "
                            "that differs: {}, ours {}, theirs {}",
                            first.date, first.column, first.ours, first.theirs);
    }
    if (input != nullptr) {
        words += fmt::format("{}the first input that differs: {} of {}, ours {}, theirs {}",
                             words.empty() ? "" : "\n", input->column, input->date, input->ours,
                             input->theirs);
    }
    return words;
}

Outcome compare_counterparty(const CompareOptions& o, const Program& program, Output& out)
{
    const auto theirs = read_run_table(*o.theirs);
    if (!theirs) return theirs.error();
    const auto input = read_pool(program, *o.pool, o.scenario.value_or("base"));
    if (!input) return input.error();
    TRANCHAIN_TRY(const Projection p, project(*input));
    Answer run("run");
    const RunComparison c = compare_runs(run_table(add_periods(run, program, p)), *theirs);
    Answer answer("tranchain.waterfall.compare_run/1");
    answer.field("deal", "deal", program.id);
    answer.field("compared", "figures compared", c.compared);
    answer.field("equal", "figures that agree", c.equal);
    answer.data("first_input", figure(c.first_input()));
    Table& table = answer.table("differences", {{"date"}, {"kind"}, {"figure"}, {"ours"}, {"theirs"}});
    for (const FigureDifference& d : c.differences)
        table.add({d.date, d.input ? "input" : "result", d.column, d.ours, d.theirs});
    const auto missing = [&](const char* key, const char* title, const std::vector<std::string>& what) {
        answer.data(key, Value::texts(what));
        if (!what.empty()) answer.note(fmt::format("{}: {}", title, join(what, ", ")));
    };
    missing("dates_missing", "dates that theirs lacks", c.dates_missing);
    missing("dates_unknown", "dates that only theirs has", c.dates_unknown);
    missing("columns_missing", "not compared, theirs lacks them", c.columns_missing);
    missing("columns_unknown", "not compared, unknown here", c.columns_unknown);
    answer.note(first_words(c));
    TRANCHAIN_DO(out.write(answer));
    if (!c.agree()) return answer_no();
    return {};
}

Outcome run_compare(const CompareOptions& o, const Globals&, Output& out)
{
    if (o.actual.has_value() == o.theirs.has_value())
        return fail(Code::usage, "give either --actual or --theirs", {},
                    "--actual compares reported payments, --theirs a counterparty's run");
    if (o.theirs && !o.pool) return fail(Code::usage, "--theirs needs --pool", {},
                                         "the tape of closing, as for 'waterfall run'");
    if (o.actual && (o.pool || o.scenario))
        return fail(Code::usage, "--pool and --scenario go with --theirs");
    if (o.theirs && o.all) return fail(Code::usage, "--all goes with --actual");
    auto program = compile_file(o.deal);
    if (!program) return program.error();
    return o.actual ? compare_reported(o, *program, out) : compare_counterparty(o, *program, out);
}

}  // namespace

void add_waterfall_compare(Tree& tree)
{
    tree.add<CompareOptions>(
        "waterfall", "compare", "a deal against reported payments or a counterparty's run", run_compare,
        [](Setup& s, CompareOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            s.option("--actual", o.actual, "FILE", "reported balances and payments as CSV").file();
            s.option("--theirs", o.theirs, "FILE", "a counterparty's 'waterfall run -f csv'").file();
            s.option("--pool", o.pool, "POOL", "with --theirs: as for 'waterfall run'").file();
            s.option("--scenario", o.scenario, "NAME", "with --theirs: base, stressed or a file")
                .file();
            s.flag("--all", o.all, "with --actual: months without a difference too");
        });
}

}  // namespace tranchain
