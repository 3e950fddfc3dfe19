// deal: read, judge, explain and show a deal file.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/diagnostic.hpp"
#include "cmd/output.hpp"
#include "data/csv.hpp"
#include "data/digest.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/exact/timetable.hpp"

namespace tranchain {

namespace {

struct DealOptions {
    std::string deal;
    std::string program;    // check: a stored program this deal must compile to
    bool canonical = false; // show: nothing but the program's bytes
};

/// The program as it is stored, and the digests by which a terms record names it and its source.
struct Stored {
    std::string program;
    std::string program_sha256;
    std::string source_sha256;
};

Stored stored(const DealFile& deal, const Program& program)
{
    Stored out;
    out.program = to_json(program).canonical();
    out.program_sha256 = hex(sha256(out.program));
    out.source_sha256 = hex(sha256(deal.text));
    return out;
}

/// A stored program: the output of `deal show --json`, or of `deal show --canonical`.
Result<std::string> read_program(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) {
        return tl::make_unexpected(std::move(bytes.error()));
    }
    auto json = parse_json(*bytes);
    if (!json) {
        json.error().where.file = path;
        return tl::make_unexpected(std::move(json.error()));
    }
    const Json* inner = json->is_object() ? json->find("program") : nullptr;
    return (inner != nullptr ? *inner : *json).canonical();
}

void add_findings(Answer& answer, const std::string& key, const Errors& errors)
{
    Table& table =
        answer.table(key, {{"id"}, {"file"}, {"line"}, {"column"}, {"message"}, {"hint"}}, key);
    for (const Error& e : errors) {
        table.add({e.id, e.where.file, e.where.line, e.where.column, e.message, e.hint});
    }
}

/// What a terms record would hold differs from the program at hand.
Result<> compare_program(const std::string& path, const std::string& program, Errors& findings)
{
    const auto other = read_program(path);
    if (!other) {
        return tl::make_unexpected(other.error());
    }
    if (*other != program) {
        findings.push_back({Code::answer_no,
                            "this deal file does not compile to that program",
                            {path, 0, 0, 0},
                            "compare with 'tranchain deal show --canonical'",
                            "program-differs"});
    }
    return {};
}

Outcome run_deal_check(const DealOptions& o, const Globals&, Output& out)
{
    const auto deal = read_deal(o.deal);
    if (!deal) {
        return deal.error();
    }
    const auto program = compile(*deal);
    DealJudgement judged = check_deal(*deal, program ? &*program : nullptr);
    if (!program && judged.findings.empty()) {
        return program.error();
    }
    Stored bytes;
    if (program) {
        bytes = stored(*deal, *program);
    }
    if (program && !o.program.empty()) {
        if (const auto compared = compare_program(o.program, bytes.program, judged.findings);
            !compared) {
            return compared.error();
        }
    }
    const Format format = out.format();
    const bool good = judged.findings.empty();
    if (format == Format::table && !good) {
        return judged.findings;
    }
    Answer answer("tranchain.deal.check/1");
    answer.data("ok", good);
    answer.field("deal", "deal", deal->program.id);
    answer.field("tranches", "tranches", static_cast<int>(deal->program.tranches.size()));
    answer.field("fees", "fees", static_cast<int>(deal->program.fees.size()));
    answer.field("triggers", "triggers", static_cast<int>(deal->program.triggers.size()));
    if (program) {
        const auto dates = program->revolving_dates.size() + program->monthly_dates.size();
        answer.field("payment_dates", "payment dates", static_cast<int>(dates));
        answer.field("program_sha256", "program", bytes.program_sha256);
        answer.field("source_sha256", "source", bytes.source_sha256);
    }
    if (format != Format::table) {
        add_findings(answer, "findings", judged.findings);
        add_findings(answer, "notes", judged.notes);
    } else {
        for (const Error& note : judged.notes) {
            out.say("note: " + note.message);
        }
        answer.note("no finding");
    }
    if (auto written = out.write(answer); !written) {
        return written.error();
    }
    return good ? Outcome() : answer_no();
}

Outcome run_explain(const DealOptions& o, const Globals& globals, Output& out)
{
    const auto program = compile_file(o.deal);
    if (!program) {
        return program.error();
    }
    const Format format = out.format();
    const Language language = globals.lang == "zh" ? Language::chinese : Language::english;
    Answer answer("tranchain.deal.explain/1");
    answer.data("deal", program->id);
    answer.data("lang", globals.lang);
    const auto clauses = explain(*program, language);
    if (format == Format::table) {
        std::string section;
        for (const Explanation& e : clauses) {
            if (e.section != section) {
                answer.note((section.empty() ? "" : "\n") + e.section);
                section = e.section;
            }
            answer.note(fmt::format("  {}  [{}]", e.sentence, e.number));
        }
    } else {
        Table& table = answer.table("clauses", {{"section"}, {"number"}, {"sentence"}});
        for (const Explanation& e : clauses) {
            table.add({e.section, e.number, e.sentence});
        }
    }
    return out.write(answer);
}

void add_dates(Table& table,
               std::string_view schedule,
               const Program& program,
               const std::vector<PaymentDate>& dates)
{
    for (const PaymentDate& d : dates) {
        std::vector<Value> row{schedule, d.unadjusted, d.adjusted, d.calculation, d.provisional};
        for (const Milestone& m : program.timetable) row.emplace_back(milestone_day(program, m, d));
        if (program.support) row.emplace_back(support_day(program, *program.support, d));
        table.add(std::move(row));
    }
}

Table& timetable(Answer& answer, const Program& program)
{
    std::vector<Column> columns{{"schedule"},
                                {"unadjusted", "due"},
                                {"adjusted", "paid"},
                                {"calculation", "calculated"},
                                {"provisional"}};
    for (const Milestone& m : program.timetable) {
        std::string title(name_of(m.kind));
        std::replace(title.begin(), title.end(), '_', ' ');
        columns.push_back({std::string(name_of(m.kind)), title});
    }
    if (program.support) columns.push_back({"support", "support paid"});
    Table& table = answer.table("payment_dates", columns, "payment dates");
    add_dates(table, "revolving", program, program.revolving_dates);
    add_dates(table, "monthly", program, program.monthly_dates);
    return table;
}

/// The dates, and what is wrong with their order.
Outcome run_timetable(const DealOptions& o, const Globals&, Output& out)
{
    const auto deal = read_deal(o.deal);
    if (!deal) return deal.error();
    const auto program = compile(*deal);
    if (!program) return program.error();
    Answer answer("tranchain.deal.timetable/1");
    answer.data("deal", program->id);
    timetable(answer, *program);
    if (auto written = out.write(answer); !written) return written.error();
    Errors findings = check_deal(*deal, &*program).findings;
    std::erase_if(findings, [](const Error& e) { return !e.id.starts_with("timetable-"); });
    return findings;
}

Value coupon_of(const Tranche& t)
{
    return t.coupon ? Value::rate(t.coupon->str()) : Value();
}

void show_tables(Answer& answer, const Program& p)
{
    Table& tranches = answer.table(
        "tranches",
        {{"id"}, {"rank"}, {"face"}, {"coupon"}, {"day_count", "day count"}, {"rating"}},
        "tranches");
    for (const Tranche& t : p.tranches) {
        tranches.add({t.id, t.rank, t.face, coupon_of(t), name_of(t.day_count), t.rating});
    }
    Table& clauses = answer.table("clauses", {{"number"}, {"words"}}, "clauses");
    const auto add = [&](const Clause& c) { clauses.add({c.number, c.text}); };
    for (const Fee& f : p.fees) {
        add(f.clause);
    }
    if (p.purchase) {
        add(p.purchase->clause);
    }
    for (const Criterion& c : p.criteria) {
        add(c.clause);
    }
    for (const Limit& l : p.limits) {
        add(l.clause);
    }
    for (const Trigger& t : p.triggers) {
        add(t.clause);
    }
    if (p.support) {
        add(p.support->clause);
    }
    for (const auto& [phase, priority] : p.priorities) {
        for (const auto* steps : {&priority.income, &priority.principal, &priority.all}) {
            for (const Step& s : *steps) {
                add(s.clause);
            }
        }
    }
    timetable(answer, p);
}

Outcome run_deal_show(const DealOptions& o, const Globals&, Output& out)
{
    const auto deal = read_deal(o.deal);
    if (!deal) {
        return deal.error();
    }
    const auto program = compile(*deal);
    if (!program) {
        return program.error();
    }
    const Stored bytes = stored(*deal, *program);
    if (o.canonical) {
        return out.write_raw(bytes.program);
    }
    const Format format = out.format();
    Answer answer("tranchain.deal.show/1");
    answer.field("deal", "deal", program->id);
    answer.field("name", "name", program->name);
    answer.field("program_sha256", "program", bytes.program_sha256);
    answer.field("source_sha256", "source", bytes.source_sha256);
    if (format == Format::json) {
        answer.data("program", to_json(*program));
    } else {
        show_tables(answer, *program);
    }
    return out.write(answer);
}

} // namespace

void add_deal(Tree& tree)
{
    tree.noun("deal", "read, judge and explain a deal file");
    const auto file = [](Setup& s, DealOptions& o) {
        s.positional("DEAL", o.deal, "the deal file, - for standard input").file();
    };
    tree.add<DealOptions>("deal", "check", "find contradictions in a deal file", run_deal_check,
                          [file](Setup& s, DealOptions& o) {
                              file(s, o);
                              s.option("--program", o.program, "FILE",
                                       "a stored program the deal must compile to")
                                  .file();
                          });
    tree.add<DealOptions>("deal", "explain", "say every clause in one plain sentence", run_explain,
                          file);
    tree.add<DealOptions>("deal", "show", "show the program that members execute", run_deal_show,
                          [file](Setup& s, DealOptions& o) {
                              file(s, o);
                              s.flag("--canonical", o.canonical,
                                     "only the program's canonical bytes, as they are signed");
                          });
    tree.add<DealOptions>("deal", "timetable", "list every payment date", run_timetable, file);
}

} // namespace tranchain
