// audit why: one paid fen back to its clause, its ledger, its records, rows and statement entries.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <fmt/core.h>

#include "cmd/accepted.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/choose.hpp"
#include "cmd/commands.hpp"
#include "cmd/why_answer.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/working.hpp"

namespace tranchain {

namespace {

struct WhyOptions {
    Date date;
    std::string item;
    CopyOptions copy;
    std::optional<std::string> deal, terms;
    bool all = false;
};

Result<std::size_t> choose_why_distribution(const WhyDeal& deal, Date date)
{
    std::vector<std::string> known;
    for (std::size_t i = 0; i < deal.distributions.size(); ++i) {
        const Json& part = deal.records[deal.distributions[i].record].record.public_part;
        if (date_in(part, "date") == date || date_in(part, "paid_on") == date) return i;
        known.push_back(date_in(part, "date").str());
    }
    if (known.empty()) return fail(Code::not_found, "nothing has been distributed yet");
    return fail(Code::not_found, fmt::format("there is no distribution of {}", date.str()), {},
                "there are " + join(known, ", "));
}

/// By its name, or by a line's number, short or whole.
Result<WhyItem> choose_item(const Program& program, const Distribution& d, const std::string& asked)
{
    const auto items = why_items(program, d);
    std::vector<std::string> known;
    for (const WhyItem& item : items) {
        if (item.id == asked) return item;
        known.push_back(item.id);
    }
    WhyItem line{asked, {}};
    for (std::size_t i = 0; i < d.lines.size(); ++i) {
        const std::string& number = d.lines[i].number;
        if (number == asked || short_number(number) == asked) line.lines.push_back(i);
        known.push_back(short_number(number));
    }
    if (!line.lines.empty()) return line;
    std::vector<std::string> once;
    if (auto near = closest(asked, known)) once.push_back(*near);
    const bool guessed = !once.empty();
    for (const std::string& one : known)
        if (std::find(once.begin(), once.end(), one) == once.end()) once.push_back(one);
    return fail(Code::not_found,
                fmt::format("the distribution of {} has no item '{}'", d.date.unadjusted.str(), asked), {},
                guessed ? fmt::format("did you mean '{}'? there are {}", once.front(), join(once, ", "))
                        : "there are " + join(once, ", "));
}

/// The deal file whose bytes the terms record names, for the places of clauses.
Outcome read_source(const std::string& file, WhySubject& s)
{
    const auto bytes = read_file(file);
    if (!bytes) return bytes.error();
    for (const WhyRecord& r : s.deal.records) {
        if (r.record.type != record_type::terms) continue;
        const auto part = parse_terms(r.record.public_part);
        const std::string hash = hex(sha256(*bytes));
        if (part && part->source_sha256 != hash)
            return Error{Code::answer_no, "this deal file is not the one that was anchored", {file},
                         fmt::format("its SHA-256 is {}, the terms name {}", hash, part->source_sha256)};
    }
    auto program = compile_file(file);
    if (!program) return program.error();
    s.source = std::move(*program);
    s.source_file = file;
    return {};
}

void not_checked_notes(const VerifyReport& report, const PaperWords& w, Answer& answer)
{
    answer.field("chain", w("chain", "链"), report.chain)
        .field("newest", w("recomputed from blocks 0 to", "由以下区块重新计算：0至"), report.newest)
        .field("executed", w("records judged again", "重新判定的记录数"), report.executed)
        .data("not_checked", Value::texts({report.not_checked.begin(), report.not_checked.end()}));
    for (const std::string& what : report.not_checked) answer.note(w("not checked: ", "未核对：") + what);
}

Outcome answer_why(const WhyOptions& o, Opened& opened, const VerifyReport& report, const WhyBooks& books,
                   const Globals& globals, Output& out)
{
    std::vector<std::string> ids;
    for (const auto& [id, deal] : books.deals()) ids.push_back(id);
    TRANCHAIN_TRY(const std::size_t at, choose({"the chain", "deal", "--deal"}, ids, o.deal.value_or("")));
    const WhyDeal& deal = books.deals().at(ids[at]);
    const ReportDeal& paper = books.reports().deals().at(ids[at]);
    TRANCHAIN_TRY(const std::size_t index, choose_why_distribution(deal, o.date));
    const WhyDistribution& asked = deal.distributions[index];
    const Date date = date_in(deal.records[asked.record].record.public_part, "date");
    TRANCHAIN_TRY(Distribution d, distribute(paper.program, asked.before, date));
    TRANCHAIN_TRY(WhyItem item, choose_item(paper.program, d, o.item));
    RecordRefs refs(deal, opened.source());
    WhySubject s{deal, paper, asked, std::move(d), std::move(item), {}, {}, {}, o.all,
                 PaperWords{globals.lang == "zh"}, refs};
    if (opened.has_rows()) s.rows = opened.source().rows;
    if (o.terms)
        if (Outcome read = read_source(*o.terms, s); !read.ok()) return read;
    Answer answer("tranchain.audit.why/1");
    why_head(s, answer);
    TRANCHAIN_DO(why_funds(s, answer));
    TRANCHAIN_DO(why_payment(s, answer));
    not_checked_notes(report, s.w, answer);
    return out.write(answer);
}

Outcome run_why(const WhyOptions& o, const Globals& globals, Output& out)
{
    auto opened = open_copy(o.copy, globals);
    if (!opened) return opened.error();
    WhyBooks books(std::numeric_limits<std::int64_t>::max());
    VerifyOptions options;
    options.on_record = [&](std::int64_t height, const Record& record, Session& session) {
        books.follow(height, record, session);
    };
    const auto report = check_copy(*opened, o.copy, std::move(options), "reading blocks", globals);
    if (!report) return report.error();
    if (Errors wrong = problems_of(*report, opened->path); !wrong.empty()) {
        wrong.insert(wrong.begin(), {Code::answer_no, "no answer is given from a copy that does not hold",
                                     {opened->path}, "see 'tranchain audit run'"});
        return wrong;
    }
    return answer_why(o, *opened, *report, books, globals, out);
}

} // namespace

void add_audit_why(Tree& tree)
{
    tree.add<WhyOptions>(
        "audit", "why", "one paid amount back to clause, ledger, records, rows and statement entries", run_why,
        [](Setup& s, WhyOptions& o) {
            s.positional("DATE", o.date, "the distribution, by its unadjusted date or the day it is paid");
            s.positional("ITEM", o.item, "such as A.interest, fee.vat, reserve.x, or a line: income.4");
            bind_copy(s, o.copy);
            s.option("--deal", o.deal, "ID", "which deal of the chain");
            s.option("--terms", o.terms, "FILE", "the deal file that was anchored, for line and column").file();
            s.flag("--all", o.all, "every movement and receipt, not only the ten largest");
        });
}

} // namespace tranchain
