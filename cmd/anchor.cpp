// anchor: one command for each record of a deal; the next block takes what is submitted.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/submit.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/tape.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/record_files.hpp"

namespace tranchain {

namespace {

struct FileOptions {
    SubmitOptions submit;
    std::string file;
};

struct DateOptions {
    SubmitOptions submit;
    Date date;
    bool approve = false;
};

/// Opens the composer with a deal that has terms and hands it on.
template <class Body> Outcome with_deal(const SubmitOptions& o, const Globals& g, Body body)
{
    auto composer = Composer::open(o, g);
    if (!composer) return composer.error();
    TRANCHAIN_DO(composer->needs_terms());
    return body(*composer);
}

Outcome run_terms(const FileOptions& o, const Globals& g, Output& out)
{
    const auto program = compile_file(o.file);
    if (!program) return program.error();
    const auto source = read_file(o.file);
    if (!source) return source.error();
    SubmitOptions submit = o.submit;
    submit.deal.clear();
    auto composer = Composer::open(submit, g);
    if (!composer) return composer.error();
    if (auto begun = composer->begin(program->id); !begun) return begun;
    return composer->submit(build_terms(*program, sha256(*source)), {}, out);
}

Result<Submission> receivables_of(const std::string& type, Composer& c, const Tape& tape)
{
    std::vector<Row> rows = to_rows(tape, c.random(type));
    const Program& program = c.judge().program();
    if (type == "snapshot") return build_snapshot(program.closing, std::move(rows));
    const Date day = tape.receivables.front().snapshot_date;
    return build_purchase(day, settlement_day(program, day), std::move(rows));
}

Outcome run_tape(const std::string& type, const FileOptions& o, const Globals& g, Output& out)
{
    const auto tape = read_tape(o.file);
    if (!tape) return tape.error();
    if (tape->receivables.empty())
        return fail(Code::invalid_input, "the tape holds no receivable", {o.file});
    return with_deal(o.submit, g, [&](Composer& c) -> Outcome {
        auto built = receivables_of(type, c, *tape);
        if (!built) return built.error();
        return c.submit(std::move(built->record), std::move(built->rows), out);
    });
}

Outcome run_statement(const FileOptions& o, const Globals& g, Output& out)
{
    auto file = read_statement_file(o.file);
    if (!file) return file.error();
    return with_deal(o.submit, g, [&](Composer& c) -> Outcome {
        match_references(*file, c.judge().state());
        Submission s = build_statement(file->account, file->number, file->opening, file->covers,
                                       std::move(file->entries), c.random("statement"));
        return c.submit(std::move(s.record), std::move(s.rows), out);
    });
}

Outcome run_collections(const FileOptions& o, const Globals& g, Output& out)
{
    auto file = read_collections_file(o.file);
    if (!file) return file.error();
    return with_deal(o.submit, g, [&](Composer& c) -> Outcome {
        Submission s = build_collections(file->covers, std::move(file->allocations),
                                         c.random("collections"));
        return c.submit(std::move(s.record), std::move(s.rows), out);
    });
}

Outcome run_dilution(const FileOptions& o, const Globals& g, Output& out)
{
    auto file = read_dilutions_file(o.file);
    if (!file) return file.error();
    return with_deal(o.submit, g, [&](Composer& c) -> Outcome {
        Submission s = build_dilution(std::move(*file), c.random("dilution"));
        return c.submit(std::move(s.record), std::move(s.rows), out);
    });
}

Outcome run_insolvency(const FileOptions& o, const Globals& g, Output& out)
{
    auto file = read_insolvency_file(o.file);
    if (!file) return file.error();
    return with_deal(o.submit, g, [&](Composer& c) -> Outcome {
        Submission s = build_insolvency(file->date, file->group, std::move(file->obligors),
                                        c.random("insolvency"));
        return c.submit(std::move(s.record), std::move(s.rows), out);
    });
}

Outcome computed(Result<Record> record, Composer& c, Output& out)
{
    if (!record) {
        Error e = record.error();
        if (e.code == Code::busy) {
            e.code = Code::answer_no;
            e.message = "not yet: " + e.message;
        }
        return e;
    }
    return c.submit(std::move(*record), {}, out);
}

Outcome run_close(const DateOptions& o, const Globals& g, Output& out)
{
    return with_deal(o.submit, g, [&](Composer& c) {
        return computed(c.judge().make_close(o.date), c, out);
    });
}

struct NoticeOptions {
    SubmitOptions submit;
};

Outcome run_notice(const NoticeOptions& o, const Globals& g, Output& out)
{
    return with_deal(o.submit, g, [&](Composer& c) {
        return computed(c.judge().make_notice(), c, out);
    });
}

/// The open distribution of that date, which another member made.
std::optional<SignedRecord> open_distribution(Composer& c, const Record& wanted)
{
    auto open = c.replica().open_submissions();
    if (!open) return std::nullopt;
    for (SignedRecord& s : *open)
        if (s.record.type == "distribution" && s.record.deal == c.deal() &&
            s.record.public_part == wanted.public_part)
            return std::move(s);
    return std::nullopt;
}

Outcome run_distribution(const DateOptions& o, const Globals& g, Output& out)
{
    return with_deal(o.submit, g, [&](Composer& c) -> Outcome {
        auto record = c.judge().make_distribution(o.date);
        if (!record || !o.approve) return computed(std::move(record), c, out);
        // Approval is given to what was recomputed here, figure by figure, and to nothing else.
        const auto entry = open_distribution(c, *record);
        if (!entry)
            return fail(Code::answer_no,
                        fmt::format("no submitted distribution of {} says what is computed here",
                                    o.date.str()), {},
                        "import the plan manager's bundle; if it is there, its figures differ");
        return c.approve(*entry, out);
    });
}

struct AcknowledgeOptions {
    SubmitOptions submit;
    std::optional<std::string> notice;
};

Outcome run_acknowledge(const AcknowledgeOptions& o, const Globals& g, Output& out)
{
    return with_deal(o.submit, g, [&](Composer& c) -> Outcome {
        const auto& given = c.judge().state().notices;
        for (auto n = given.rbegin(); n != given.rend(); ++n) {
            if (o.notice && !n->hash.starts_with(*o.notice)) continue;
            const auto hash = hash_from_hex(n->hash);
            if (!hash) return hash.error();
            return c.submit(build_acknowledgement(*hash), {}, out);
        }
        return fail(Code::not_found, o.notice ? fmt::format("no notice begins with '{}'", *o.notice)
                                              : "no notice was given yet", {},
                    "a notice follows the close that finds a trigger true");
    });
}

void add_file_command(Tree& tree, const std::string& verb, const std::string& help,
                      const std::string& what,
                      Outcome (*run)(const FileOptions&, const Globals&, Output&))
{
    tree.add<FileOptions>("anchor", verb, help, run, [&](Setup& s, FileOptions& o) {
        s.positional(verb == "terms" ? "DEAL" : "FILE", o.file, what).file();
        bind_submit(s, o.submit);
    });
}

Outcome run_snapshot(const FileOptions& o, const Globals& g, Output& out)
{
    return run_tape("snapshot", o, g, out);
}

Outcome run_purchase(const FileOptions& o, const Globals& g, Output& out)
{
    return run_tape("purchase", o, g, out);
}

}  // namespace

void add_anchor(Tree& tree)
{
    tree.noun("anchor", "submit the records of a deal, signed, for the next block");
    add_file_command(tree, "terms", "the deal itself, compiled", "the deal file", run_terms);
    add_file_command(tree, "snapshot", "the pool at closing", "a tape", run_snapshot);
    add_file_command(tree, "purchase", "receivables bought", "a tape with prices", run_purchase);
    add_file_command(tree, "statement", "what the bank booked", "a statement", run_statement);
    add_file_command(tree, "collections", "which receipt paid what", "allocations",
                     run_collections);
    add_file_command(tree, "dilution", "face lost to returns and rebates", "dilutions",
                     run_dilution);
    add_file_command(tree, "insolvency", "obligors that failed", "one group and day",
                     run_insolvency);
    tree.add<DateOptions>("anchor", "close", "days that are complete, up to a date", run_close,
                          [](Setup& s, DateOptions& o) {
                              s.positional("DATE", o.date, "the last of them");
                              bind_submit(s, o.submit);
                          });
    tree.add<NoticeOptions>("anchor", "notice", "the triggers that fired", run_notice,
                            [](Setup& s, NoticeOptions& o) { bind_submit(s, o.submit); });
    tree.add<AcknowledgeOptions>("anchor", "acknowledge", "that a notice was received",
                                 run_acknowledge, [](Setup& s, AcknowledgeOptions& o) {
                                     s.positional("NOTICE", o.notice, "its hash; the newest if unsaid");
                                     bind_submit(s, o.submit);
                                 });
    tree.add<DateOptions>("anchor", "distribution", "a payment date, computed by the contract",
                          run_distribution, [](Setup& s, DateOptions& o) {
                              s.positional("DATE", o.date, "its unadjusted date");
                              s.flag("--approve", o.approve, "approve the one that is submitted");
                              bind_submit(s, o.submit);
                          });
}

}  // namespace tranchain
