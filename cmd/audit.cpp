// audit: recomputes everything a copy holds, and says what it could not check.
// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <fmt/core.h>

#include "cmd/audit_books.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/commands.hpp"
#include "cmd/contract.hpp"
#include "cmd/replica.hpp"
#include "cmd/terminal.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

struct AuditRunOptions {
    std::optional<std::string> file;
    std::optional<std::string> against;
};

Result<VerifyReport> recompute(Opened& opened, const AuditRunOptions& o, const Globals& globals,
                               AuditBooks& books)
{
    VerifyOptions options;
    if (o.against) {
        TRANCHAIN_TRY(const std::string bytes, read_file(*o.against, 1 << 20));
        TRANCHAIN_TRY(options.against, Note::parse(bytes));
    }
    std::vector<std::string> damage;
    if (opened.store) { TRANCHAIN_TRY(damage, opened.store->integrity_check()); }
    options.on_record = [&](std::int64_t height, const Record& record, Session& session) {
        books.follow(height, record, session);
    };
    std::optional<Progress> progress;
    options.progress = [&](std::int64_t done, std::int64_t all) {
        if (!progress) progress.emplace("auditing blocks", static_cast<std::uint64_t>(all), globals);
        progress->at(static_cast<std::uint64_t>(done));
    };
    const DealContract contract(opened.has_rows());
    TRANCHAIN_TRY(VerifyReport report, verify_chain(opened.source(), contract, options));
    for (const std::string& d : damage)
        report.findings.push_back(make_finding(finding::bad_database, d));
    report.findings.insert(report.findings.end(), books.findings().begin(),
                           books.findings().end());
    return report;
}

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
        Table& t = answer.table("distributions", {{"deal"}, {"date"}, {"paid_on", "paid on"},
                                                  {"priority"}, {"lines"}, {"total"}},
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

Outcome run_audit(const AuditRunOptions& o, const Globals& globals, Output& out)
{
    std::string path = o.file.value_or("");
    if (path.empty()) {
        const auto given = chain_path(globals);
        if (!given) return given.error();
        path = *given;
    }
    auto opened = open_any(path);
    if (!opened) return opened.error();
    AuditBooks books;
    const auto report = recompute(*opened, o, globals, books);
    if (!report) return report.error();
    Answer answer("tranchain.audit.run/1");
    describe_books(books, answer);
    describe(*report, answer);
    answer.note(fmt::format("checked: {} blocks, {} records, {} rows, {} endorsements; not checked: "
                            "{} kinds of things; found: {}", report->blocks, report->records,
                            report->rows, report->endorsements, report->not_checked.size(),
                            report->findings.size()));
    if (auto written = out.write(answer); !written) return written;
    if (report->good()) return {};
    Errors errors;
    for (const Finding& f : report->findings) {
        if (errors.size() == 20) {
            errors.push_back({Code::answer_no, fmt::format("and {} more findings",
                                                           report->findings.size() - 20), {path}, {}});
            break;
        }
        errors.push_back({Code::answer_no, f.str(), {path}, {}, f.id});
    }
    return errors;
}

}  // namespace

void add_audit(Tree& tree)
{
    tree.noun("audit", "recompute everything a copy holds");
    tree.add<AuditRunOptions>(
        "audit", "run", "check a whole chain and recompute every day, clause and distribution",
        run_audit, [](Setup& s, AuditRunOptions& o) {
            s.positional("FILE", o.file, "a database or a bundle; otherwise the one of -C").file();
            s.option("--against", o.against, "CHECKPOINT", "a checkpoint this copy must contain")
                .file();
        });
}

}  // namespace tranchain
