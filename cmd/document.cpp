// document: which papers are anchored, and whether the file in hand is one of them.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/as_of.hpp"
#include "cmd/commands.hpp"
#include "cmd/documents.hpp"
#include "cmd/output.hpp"
#include "cmd/replica.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "waterfall/exact/business_day.hpp"

namespace tranchain {

namespace {

struct DocumentListOptions {
    std::string deal;
};
struct DocumentCheckOptions {
    std::string paper, deal;
    std::optional<std::string> receivable;
};

/// The papers up to the block of --as-of, and the day on which the reader looks at them.
struct PaperDesk {
    std::string path;
    Date today;
    std::vector<SealedDocument> papers;
};

Result<PaperDesk> open_papers(const Globals& globals, const std::string& deal)
{
    PaperDesk desk;
    TRANCHAIN_TRY(desk.path, chain_path(globals));
    TRANCHAIN_TRY(Store store, Store::open(desk.path, Open::read));
    std::optional<std::int64_t> last;
    if (globals.as_of_height) {
        TRANCHAIN_TRY(last, height_as_of(source_of(store), globals));
    }
    TRANCHAIN_TRY(std::int64_t time, time_now());
    if (last) {
        TRANCHAIN_TRY(const auto block, store.block(*last));
        if (!block) return fail(Code::not_found, fmt::format("there is no block {}", *last));
        TRANCHAIN_TRY(const Header header, one(Header::parse(block->header)));
        time = header.time;
    }
    desk.today = globals.as_of.value_or(business_day(time));
    TRANCHAIN_TRY(desk.papers, sealed_documents(store, deal, last));
    return desk;
}

const char* standing_of(const SealedDocument& d, Date today)
{
    if (d.expired(today)) return "expired";
    return d.dated && *d.dated > today ? "dated later" : "good";
}

Table& papers_table(Answer& answer, const std::string& title)
{
    return answer.table("documents",
                        {{"height", "block"},
                         {"deal"},
                         {"type"},
                         {"dated"},
                         {"expires"},
                         {"standing"},
                         {"author"},
                         {"count", "receivables"},
                         {"number"},
                         {"sha256", "SHA-256"},
                         {"record"},
                         {"receivables", "which", true}},
                        title);
}

/// Programs get hashes whole.
void add_paper(const SealedDocument& d, Date today, Format format, Table& table)
{
    const std::size_t length = format == Format::table ? 12 : std::string::npos;
    const auto day = [](const std::optional<Date>& date) { return date ? Value(*date) : Value(); };
    const bool there = d.rows && !d.rows->empty();
    table.add({d.place.height, d.place.deal, d.part.kind, day(d.dated), day(d.part.expires),
               standing_of(d, today), d.place.author, d.part.count,
               there ? Value(d.rows->front().number) : Value(),
               hex(d.part.sha256).substr(0, length), d.place.hash.substr(0, length),
               there ? Value::texts(d.assets()) : Value()});
}

/// Rows that were never here are no news of one paper; rows that differ are.
void note_withheld(const std::vector<const SealedDocument*>& papers, Answer& answer)
{
    if (std::ranges::any_of(papers, [](const auto* d) { return !d->rows && d->problem.empty(); }))
        answer.note("receivables and numbers are in rows, which members have");
    std::vector<std::string> problems;
    for (const SealedDocument* d : papers)
        if (!d->problem.empty()) problems.push_back(withheld_words(*d));
    for (const std::string& problem : problems) answer.note(problem);
    answer.data("problems", Value::texts(problems));
}

Outcome run_document_list(const DocumentListOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const PaperDesk desk, open_papers(globals, o.deal));
    Answer answer("tranchain.document.list/1");
    answer.field("today", "today", desk.today).field("count", "documents", desk.papers.size());
    Table& table = papers_table(answer, "");
    std::vector<const SealedDocument*> papers;
    for (const SealedDocument& d : desk.papers) {
        add_paper(d, desk.today, out.format(), table);
        papers.push_back(&d);
    }
    note_withheld(papers, answer);
    return out.write(answer);
}

/// Whether one of the papers is about the receivable: an error says why not, or that nobody knows.
Result<> bound_to_receivable(const std::vector<const SealedDocument*>& papers,
                             const std::string& receivable,
                             const PaperDesk& desk,
                             const std::string& file)
{
    bool of_deal = false;
    const SealedDocument* withheld = nullptr;
    for (const SealedDocument* d : papers) {
        const auto ids = d->assets();
        if (std::ranges::find(ids, receivable) != ids.end()) return {};
        if (d->part.count == 0)
            of_deal = true; // public, so rows need not say it
        else if (!d->rows)
            withheld = d;
    }
    if (withheld)
        return fail(Code::not_found,
                    withheld->problem.empty() ? "the rows that name receivables are not here"
                                              : withheld_words(*withheld),
                    {desk.path}, "a member's database has them");
    return tl::make_unexpected(Error{
        Code::answer_no,
        of_deal ? fmt::format("it is anchored for the deal as a whole, not for receivable '{}'",
                              receivable)
                : fmt::format("it is anchored, but not for receivable '{}'", receivable),
        {file},
        {},
        "not-anchored"});
}

Outcome run_document_check(const DocumentCheckOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const std::string bytes, read_file(o.paper));
    TRANCHAIN_TRY(const PaperDesk desk, open_papers(globals, o.deal));
    const Hash hash = sha256(bytes);
    Answer answer("tranchain.document.check/1");
    answer.field("file", "file", o.paper)
        .field("size", "bytes", bytes.size())
        .field("sha256", "SHA-256", hex(hash))
        .field("today", "today", desk.today);
    Table& table = papers_table(answer, "anchored as");
    std::vector<const SealedDocument*> papers;
    for (const SealedDocument& d : desk.papers) {
        if (d.part.sha256 != hash) continue;
        add_paper(d, desk.today, out.format(), table);
        papers.push_back(&d);
    }
    Result<> bound;
    if (o.receivable && !papers.empty())
        bound = bound_to_receivable(papers, *o.receivable, desk, o.paper);
    if (!bound && bound.error().code == Code::not_found) return bound.error();
    answer.field("good", "the file is anchored", !papers.empty() && bound.has_value());
    note_withheld(papers, answer);
    if (!papers.empty())
        answer.note("signatures and roots of the chain itself: run 'chain verify'");
    TRANCHAIN_DO(out.write(answer));
    if (papers.empty())
        return Error{Code::answer_no,
                     "no document of this chain is this file",
                     {o.paper},
                     "one byte more or less is another file; 'document list' shows those there are",
                     "not-anchored"};
    if (!bound) return bound.error();
    return {};
}

} // namespace

void add_document(Tree& tree)
{
    tree.noun("document", "papers bound to receivables and deals by their hash");
    tree.add<DocumentListOptions>("document", "list",
                                  "the papers that are anchored, and which expired",
                                  run_document_list, [](Setup& s, DocumentListOptions& o) {
                                      s.option("--deal", o.deal, "ID", "only of this deal");
                                      s.as_of(AsOf::block);
                                  });
    tree.add<DocumentCheckOptions>(
        "document", "check", "whether the file in hand is one that was anchored",
        run_document_check, [](Setup& s, DocumentCheckOptions& o) {
            s.positional("PAPER", o.paper, "the file").file();
            s.option("--receivable", o.receivable, "ID", "it must be about this one");
            s.option("--deal", o.deal, "ID", "only of this deal");
            s.as_of(AsOf::block);
        });
}

} // namespace tranchain
