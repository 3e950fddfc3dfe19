// audit: recomputes everything a copy holds, and says what it could not check.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/audit_books.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/commands.hpp"

namespace tranchain {

namespace {

void describe_books(const AuditBooks& books, Answer& answer)
{
    const AuditCounts& c = books.counts();
    answer.field("deals", "deals", c.deals)
        .field("days", "days rolled forward", c.days)
        .field("postings", "postings that sum to zero", c.postings)
        .field("balances", "opening + in - out = closing", c.balances)
        .field("statements", "statements added up", c.statements)
        .field("bank", "days on which book and bank agree", c.bank)
        .field("readings", "clauses read and recounted", c.readings)
        .field("distributed", "distributions recomputed", books.distributions().size())
        .field("lines", "their lines, to the fen", c.lines);
    if (books.distributions().empty()) {
        answer.data("distributions", Value::array());
    } else {
        Table& t = answer.table(
            "distributions",
            {{"deal"}, {"date"}, {"paid_on", "paid on"}, {"priority"}, {"lines"}, {"total"}},
            "distributions recomputed to the fen");
        for (const AuditedDistribution& d : books.distributions())
            t.add({d.deal, d.date, d.paid_on, d.priority, d.lines, d.total});
    }
    if (books.triggers().empty()) {
        answer.data("triggers", Value::array());
        return;
    }
    Table& t = answer.table("triggers", {{"deal"}, {"trigger"}, {"effective"}, {"days"}},
                            "clauses that took effect");
    for (const AuditedTrigger& f : books.triggers()) t.add({f.deal, f.id, f.effective, f.count});
}

Outcome run_audit(const CopyOptions& o, const Globals& globals, Output& out)
{
    auto opened = open_copy(o, globals);
    if (!opened) return opened.error();
    AuditBooks books;
    VerifyOptions options;
    options.on_record = [&](std::int64_t height, const Record& record, Session& session) {
        books.follow(height, record, session);
    };
    auto report = check_copy(*opened, o, std::move(options), "auditing blocks", globals);
    if (!report) return report.error();
    report->findings.insert(report->findings.end(), books.findings().begin(),
                            books.findings().end());
    Answer answer("tranchain.audit.run/1");
    describe_books(books, answer);
    describe(*report, answer);
    answer.note(
        fmt::format("checked: {} blocks, {} records, {} rows, {} endorsements; not checked: "
                    "{} kinds of things; found: {}",
                    report->blocks, report->records, report->rows, report->endorsements,
                    report->not_checked.size(), report->findings.size()));
    if (auto written = out.write(answer); !written) return written;
    return problems_of(*report, opened->path);
}

} // namespace

void add_audit(Tree& tree)
{
    tree.noun("audit", "recompute everything a copy holds");
    tree.add<CopyOptions>("audit", "run",
                          "check a whole chain and recompute every day, clause and distribution",
                          run_audit, bind_copy);
}

} // namespace tranchain
