// waterfall trace: every line of every distribution, and every trigger as it stood.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/run_charts.hpp"
#include "data/attempt.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

struct TraceOptions {
    std::string deal, pool;
    std::string scenario = "base";
    std::optional<Date> date;
    bool esma = false;
};

/// Line of the deal file by the number of the clause.
std::map<std::string, int> clause_lines(const Program& program)
{
    std::map<std::string, int> lines;
    for (const auto& [phase, priority] : program.priorities) {
        for (const Step* s : lines_of(priority)) lines[s->clause.number] = s->clause.line;
    }
    return lines;
}

std::string status(const TriggerReading& r)
{
    if (r.effective) return "fired " + r.effective->str();
    if (!r.judged) return "not judged";
    return r.breach ? "breach" : "kept";
}

void add_items(Answer& answer, const Program& program, const std::vector<const Distribution*>& list)
{
    const auto lines = clause_lines(program);
    std::vector<Column> columns{{"date"}, {"book"}, {"clause"}, {"line"}, {"item"},
                                {"payee"}, {"due"}, {"paid"}, {"lent"}};
    const bool reserves = !program.reserves.empty();
    if (reserves) columns.push_back({"drawn", "from reserves"});
    const bool facilities = !program.facilities.empty();
    if (facilities) columns.push_back({"borrowed", "from facilities"});
    columns.push_back({"left", "funds left"});
    Table& table = answer.table("items", std::move(columns));
    for (const Distribution* d : list) {
        for (const Line& l : d->lines) {
            const auto at = lines.find(l.number);
            std::vector<Value> row{d->date.unadjusted, l.book, l.number,
                                   at == lines.end() ? Value() : Value(at->second), l.clause,
                                   l.payee, l.due, l.paid, l.lent};
            if (reserves) row.emplace_back(l.drawn);
            if (facilities) row.emplace_back(l.borrowed);
            row.emplace_back(l.left);
            table.add(std::move(row));
        }
    }
}

void add_triggers(Answer& answer,
                  const Program& program,
                  const Projection& p,
                  const std::vector<const Distribution*>& list)
{
    Table& table = answer.table("triggers", {{"date", "judged on"},
                                             {"trigger"},
                                             {"line"},
                                             {"formula"},
                                             {"threshold"},
                                             {"actual"},
                                             {"margin"},
                                             {"status"},
                                             {"count"},
                                             {"days_left", "days left"},
                                             {"consequence"}});
    for (const Distribution* d : list) {
        for (const TriggerReading& r : p.readings) {
            if (r.date != d->date.calculation) continue;
            const Trigger& t = program.triggers[r.trigger];
            const bool counts = r.judged && !r.effective;
            table.add({r.date, t.id, t.clause.line, explain_test(t, program, Language::english),
                       r.threshold, r.value, r.value - r.threshold, status(r),
                       r.judged ? Value(r.count) : Value(),
                       counts && r.days_left ? Value(*r.days_left) : Value(), name_of(t.effect)});
        }
    }
}

/// Cash flows of Annex XII (IVSF): in each book what is there, then line after line, each in a row
/// of its own. What comes in is positive, what goes out negative (ESMA's answer 1430), so every
/// row's funds are those of the row before it plus its own amount.
class CashFlows {
public:
    CashFlows(Answer& answer, const Program& program)
        : program_(program), table_(answer.table("cash_flows", {{"date"},
                                                                {"IVSF1"},
                                                                {"IVSF2"},
                                                                {"IVSF3"},
                                                                {"IVSF4"},
                                                                {"IVSF5"},
                                                                {"IVSF6"}}))
    {
    }

    void add(const Distribution& d)
    {
        std::string book;
        for (const Line& l : d.lines) {
            if (l.book != book) open(d, book = l.book);
            come(d, l.number + ".lent", "lent by the principal ledger", l.lent);
            come(d, l.number + ".drawn", "drawn from reserves", l.drawn);
            come(d, l.number + ".borrowed", "borrowed from facilities", l.borrowed);
            const bool comes_in = l.paid > zero && funds_ + l.paid == l.left; // a released reserve
            funds_ = l.left;
            row(d, l.number, l.clause, comes_in ? l.paid : -l.paid);
        }
    }

private:
    void open(const Distribution& d, const std::string& book)
    {
        funds_ = zero;
        const bool principal = book == "principal";
        const std::string list = fmt::format("priority.{}.{}", name_of(d.priority), book);
        come_always(d, list + ".available", "available funds",
                    principal ? d.principal_available : d.income_available);
        if (!principal) return;
        come(d, list + ".later", "received since the calculation date, to be lent",
             max(zero, d.loan - d.principal_available));
        come(d, list + ".received", "from income", d.covered + d.to_principal);
    }
    void come(const Distribution& d, const std::string& id, const char* item, Money amount)
    {
        if (amount != zero) come_always(d, id, item, amount);
    }
    void come_always(const Distribution& d, const std::string& id, const char* item, Money amount)
    {
        funds_ += amount;
        row(d, id, item, amount);
    }
    void row(const Distribution& d, const std::string& id, const std::string& item, Money amount)
    {
        table_.add({d.date.unadjusted, program_.id, id, id, item, amount, funds_});
    }

    const Program& program_;
    Table& table_;
    Money funds_;
};

/// Days from one judgement to the next: every day, or from payment to payment in months of thirty.
int calculation_frequency(const Program& program, const Trigger& t, const Distribution& d)
{
    if (!is_dated(t.clock)) return 1;
    for (const auto* dates : {&program.revolving_dates, &program.monthly_dates}) {
        for (std::size_t i = 1; i < dates->size(); ++i) {
            const Date from = (*dates)[i - 1].unadjusted;
            const Date to = (*dates)[i].unadjusted;
            if (to != d.date.unadjusted && from != d.date.unadjusted) continue;
            return (to - from + 15) / 30 * 30;
        }
    }
    return 30;
}

/// Tests of Annex XII (IVSR). Of the consequences it knows a change of the priority of payments;
/// what stops purchases, calls or only tells is another.
void add_tests(Answer& answer,
               const Program& program,
               const Projection& p,
               const std::vector<const Distribution*>& list)
{
    Table& tests = answer.table("tests", {{"date"},
                                          {"IVSR1"},
                                          {"IVSR2"},
                                          {"IVSR3"},
                                          {"IVSR4"},
                                          {"IVSR5"},
                                          {"IVSR6"},
                                          {"IVSR7"},
                                          {"IVSR8"},
                                          {"IVSR9"},
                                          {"IVSR10"}});
    for (const Distribution* d : list) {
        for (const TriggerReading& r : p.readings) {
            if (r.date != d->date.calculation || !r.judged) continue;
            const Trigger& t = program.triggers[r.trigger];
            const bool reorders = t.effect == Trigger::Effect::accelerate ||
                                  t.effect == Trigger::Effect::event_of_default ||
                                  (t.effect == Trigger::Effect::enforce &&
                                   program.priorities.contains(Phase::enforcement));
            tests.add({r.date, program.id, t.id, t.id, t.clause.text, r.threshold, r.value,
                       r.breach || r.effective ? "Y" : "N",
                       t.clock == Trigger::Clock::consecutive_days ? t.days : 0,
                       calculation_frequency(program, t, *d), reorders ? "CHPP" : "OTHR"});
        }
    }
}

/// Annex XII of Regulation (EU) 2020/1224. Identifiers are the deal's own; a form of 16 or more
/// characters for reporting is the reporting entity's to give.
void add_esma(Answer& answer,
              const Program& program,
              const Projection& p,
              const std::vector<const Distribution*>& list)
{
    CashFlows flows(answer, program);
    for (const Distribution* d : list) flows.add(*d);
    add_tests(answer, program, p, list);
}

Outcome run_trace(const TraceOptions& o, const Globals&, Output& out)
{
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    const auto input = read_pool(*program, o.pool, o.scenario);
    if (!input) return input.error();
    TRANCHAIN_TRY(const Projection p, project(*input));
    std::vector<const Distribution*> list;
    for (const Distribution& d : p.distributions) {
        if (!o.date || d.date.unadjusted == *o.date) list.push_back(&d);
    }
    if (list.empty()) {
        const std::string when = o.date ? " named " + o.date->str() : "";
        return Error{Code::not_found,
                     fmt::format("there is no distribution{}", when),
                     {},
                     "'tranchain deal timetable' lists them"};
    }
    Answer answer(o.esma ? "tranchain.waterfall.trace-esma/1" : "tranchain.waterfall.trace/1");
    answer.field("deal", "deal", program->id);
    answer.field("scenario", "scenario", p.scenario.name);
    if (o.esma) {
        add_esma(answer, *program, p, list);
    } else {
        add_items(answer, *program, list);
        add_triggers(answer, *program, p, list);
        add_distribution_chart(answer, *program, *list.front());
    }
    return out.write(answer);
}

} // namespace

void add_waterfall_trace(Tree& tree)
{
    tree.add<TraceOptions>(
        "waterfall", "trace", "every line that was paid and every trigger that was judged",
        run_trace, [](Setup& s, TraceOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenario, "NAME", "base, stressed, or a scenario file").file();
            s.option("--date", o.date, "DATE", "one distribution only, by its unadjusted date");
            s.flag("--esma", o.esma, "the columns of Annex XII (IVSF, IVSR)");
        });
}

} // namespace tranchain
