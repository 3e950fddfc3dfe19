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
    if (!deal.empty()) {
        TRANCHAIN_TRY(const auto places, store.records());
        const auto named = [&](const RecordPlace& p) { return p.deal == deal; };
        if (std::ranges::none_of(places, named))
            return fail(Code::not_found, "the chain has no deal '" + deal + "'", {desk.path});
    }
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

void add_paper(const SealedDocument& d, Date today, Table& table)
{
    const auto day = [](const std::optional<Date>& date) { return date ? Value(*date) : Value(); };
    const bool there = d.rows && !d.rows->empty();
    table.add({d.place.height, d.place.deal, d.part.kind, day(d.dated), day(d.part.expires),
               standing_of(d, today), d.place.author, d.part.count,
               there ? Value(d.rows->front().number) : Value(), hex(d.part.sha256).substr(0, 12),
               d.place.hash.substr(0, 12), there ? Value::texts(d.assets()) : Value()});
}

bool is_withheld(const SealedDocument& d)
{
    return !d.rows;
}

constexpr const char* rows_elsewhere = "receivables and numbers are in rows, which members have";

Outcome run_document_list(const DocumentListOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const PaperDesk desk, open_papers(globals, o.deal));
    Answer answer("tranchain.document.list/1");
    answer.field("today", "today", desk.today).field("count", "documents", desk.papers.size());
    Table& table = papers_table(answer, "");
    for (const SealedDocument& d : desk.papers) add_paper(d, desk.today, table);
    if (std::ranges::any_of(desk.papers, is_withheld)) answer.note(rows_elsewhere);
    return out.write(answer);
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
    bool anchored = false;
    bool bound = !o.receivable;
    bool withheld = false;
    for (const SealedDocument& d : desk.papers) {
        if (d.part.sha256 != hash) continue;
        anchored = true;
        add_paper(d, desk.today, table);
        withheld = withheld || is_withheld(d);
        const auto ids = d.assets();
        bound = bound || std::ranges::find(ids, o.receivable.value_or("")) != ids.end();
    }
    answer.field("good", "the file is anchored", anchored && bound);
    if (withheld) answer.note(rows_elsewhere);
    if (anchored) answer.note("signatures and roots of the chain itself: run 'chain verify'");
    if (anchored && !bound && withheld)
        return fail(Code::not_found, "the rows that name receivables are not here", {desk.path},
                    "a member's database has them");
    TRANCHAIN_DO(out.write(answer));
    if (!anchored)
        return Error{Code::answer_no,
                     "no document of this chain is this file",
                     {o.paper},
                     "one byte more or less is another file; 'document list' shows those there are",
                     "not-anchored"};
    if (!bound)
        return Error{Code::answer_no,
                     fmt::format("it is anchored, but not for receivable '{}'", *o.receivable),
                     {o.paper},
                     {},
                     "not-anchored"};
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
