// anchor document: binds a paper by its hash to receivables, or to the deal.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/submit.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"
#include "waterfall/exact/document.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

namespace {

struct DocumentOptions {
    SubmitOptions submit;
    std::string paper, kind, number;
    std::vector<std::string> receivables, parties;
    std::optional<std::string> list;
    std::optional<Date> dated, expires;
    bool approve = false;
};

Result<std::vector<DocumentParty>> parties_of(const DocumentOptions& o)
{
    std::vector<DocumentParty> parties;
    for (const std::string& text : o.parties) {
        const auto mark = text.rfind('=');
        if (mark == std::string::npos)
            return fail(Code::usage, fmt::format("--party '{}' has no role", text), {},
                        "write NAME=ROLE, such as 'Acme Ltd=obligor'");
        parties.push_back({text.substr(0, mark), text.substr(mark + 1)});
    }
    return parties;
}

/// A receivable, and where the user named it: nowhere in a file for --receivable.
struct NamedReceivable {
    std::string id;
    Source where;
};

/// Column asset_id of a tape, or of any table that has one.
Result<> add_listed(const std::string& path, std::vector<NamedReceivable>& named)
{
    TRANCHAIN_TRY(const CsvTable table, one(read_csv(path)));
    const int column = table.column("asset_id");
    if (column < 0)
        return fail(Code::invalid_input, "there is no column asset_id", {path, 1, 0},
                    "a tape has one");
    for (const auto& row : table.rows) {
        std::string id(trim(row.fields[static_cast<std::size_t>(column)]));
        named.push_back({std::move(id), {path, row.line, 0}});
    }
    if (table.rows.empty())
        return fail(Code::invalid_input, "the table names no receivable", {path});
    return {};
}

Result<std::vector<std::string>> bound_to(const DocumentOptions& o)
{
    std::vector<NamedReceivable> named;
    for (const std::string& id : o.receivables) named.push_back({id, {}});
    if (o.list) TRANCHAIN_DO(add_listed(*o.list, named));
    std::vector<std::string> ids;
    std::set<std::string> seen;
    for (const auto& [id, where] : named) {
        const Code code = where.file.empty() ? Code::usage : Code::invalid_input;
        if (id.empty() || !is_signable_text(id))
            return fail(code,
                        fmt::format("{} is empty or not plain text",
                                    where.file.empty() ? "--receivable" : "asset_id"),
                        where);
        if (!seen.insert(id).second)
            return fail(code, fmt::format("receivable '{}' is named twice", id), where);
        ids.push_back(id);
    }
    return ids;
}

/// A token of a time stamp is checked before it is anchored, by `chain timestamp`.
std::vector<std::string> kinds_by_hand()
{
    std::vector<std::string> kinds(document_kinds.begin(), document_kinds.end());
    std::erase(kinds, "timestamp");
    return kinds;
}

Outcome run_document(const DocumentOptions& o, const Globals& g, Output& out)
{
    TRANCHAIN_TRY(const std::string bytes, read_file(o.paper));
    if (bytes.empty())
        return fail(Code::invalid_input, "the file is empty, which any empty file proves",
                    {o.paper});
    if (o.dated && o.expires && *o.expires < *o.dated)
        return fail(Code::usage, fmt::format("it expires {}, before the day it is dated, {}",
                                             o.expires->str(), o.dated->str()));
    TRANCHAIN_TRY(const std::vector<std::string> ids, bound_to(o));
    DocumentRow common;
    common.number = o.number;
    TRANCHAIN_TRY(common.parties, parties_of(o));
    if (const std::string wrong = wrong_in(common); !wrong.empty()) return fail(Code::usage, wrong);
    TRANCHAIN_TRY(Composer c, Composer::open(o.submit, g));
    TRANCHAIN_DO(c.needs_terms());
    DocumentPart part;
    part.kind = o.kind;
    part.sha256 = sha256(bytes);
    part.size = static_cast<std::int64_t>(bytes.size());
    part.expires = o.expires;
    Submission s = build_document(std::move(part), o.dated, ids, common, c.random("document"));
    return o.approve ? c.approve_same(s.record, out, &s.rows)
                     : c.submit(std::move(s.record), std::move(s.rows), out);
}

} // namespace

void add_anchor_document(Tree& tree)
{
    tree.add<DocumentOptions>(
        "anchor", "document", "a paper, by its hash, of receivables or of the deal", run_document,
        [](Setup& s, DocumentOptions& o) {
            s.positional("PAPER", o.paper, "the file; it stays where it is").file();
            s.option("--type", o.kind, "TYPE",
                     "what kind of paper it is (time stamps: 'chain timestamp')")
                .choices(kinds_by_hand())
                .required();
            s.option("--receivable", o.receivables, "ID", "it is about this one; may be repeated");
            s.option("--receivables", o.list, "FILE", "about all of column asset_id of this CSV")
                .file();
            s.option("--party", o.parties, "NAME=ROLE", "who is named in it; may be repeated");
            s.option("--number", o.number, "TEXT", "its own number, such as the registry's");
            s.option("--dated", o.dated, "DATE", "the day written on it");
            s.option("--expires", o.expires, "DATE", "the last day on which it is good");
            s.flag("--approve", o.approve, "approve the one that is submitted");
            bind_submit(s, o.submit);
        });
}

} // namespace tranchain
