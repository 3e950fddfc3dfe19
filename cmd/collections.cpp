// collections propose: which receivable each receipt seems to pay, as a file to edit and sign.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/submit.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/matching.hpp"
#include "waterfall/record_files.hpp"

namespace tranchain {

namespace {

struct MatchOptions {
    SubmitOptions submit;
    std::string file;
};

using Receivables = std::map<std::string, OpenReceivable>; ///< by asset_id, without the asset
using Entries = std::map<std::string, StatementEntry>;

/// What the rows of one record say of receivables or of receipts.
Result<> read_rows(const std::string& type, const std::vector<Row>& rows, Receivables& receivables,
                   Entries& entries)
{
    for (const Row& row : rows) {
        if (type == record_type::statement) {
            TRANCHAIN_TRY(StatementRow read, read_statement_row(row));
            entries[entry_key(read.account, read.number, read.entry.entry)] = std::move(read.entry);
            continue;
        }
        OpenReceivable& r = receivables[row.key];
        for (const auto& [column, value] : row.fields) {
            if (column == "invoice_no") r.invoice_no = value;
            if (column == "obligor_code") r.obligor_code = value;
            if (column == "obligor_name") r.obligor_name = value;
        }
    }
    return {};
}

/// The rows of all snapshots, purchases and statements of the deal, sealed or submitted.
Result<> read_records(Composer& c, Receivables& receivables, Entries& entries)
{
    std::vector<std::pair<std::string, std::string>> records; // hash, type
    TRANCHAIN_TRY(const auto places, c.replica().store().records());
    for (const RecordPlace& p : places) {
        if (p.deal == c.deal()) records.emplace_back(p.hash, p.type);
    }
    TRANCHAIN_TRY(const auto open, c.replica().open_submissions());
    for (const SignedRecord& s : open) {
        if (s.record.deal == c.deal()) records.emplace_back(hex(s.record.hash()), s.record.type);
    }
    for (const auto& [hash, type] : records) {
        if (type != record_type::statement && type != record_type::snapshot &&
            type != record_type::purchase)
            continue;
        TRANCHAIN_TRY(const auto rows, c.replica().store().rows(hash));
        if (!rows)
            return fail(Code::not_found, fmt::format("the rows of a {} are not here", type),
                        {c.replica().store().path()}, "a member's database has them");
        TRANCHAIN_DO(read_rows(type, *rows, receivables, entries));
    }
    return {};
}

/// The days that the next collections declare: from the first that is not, to the last of statements.
Result<Record::Covers> next_days(const Judge& judge)
{
    std::optional<Date> declared, stated;
    for (const DaySource& source : judge.program().sources) {
        const Date through = judge.state().sources.at(source.id).complete_through;
        std::optional<Date>& of = source.type == record_type::statement ? stated : declared;
        of = of ? std::min(*of, through) : through;
    }
    if (!declared || !stated)
        return fail(Code::answer_no, "the deal asks for no statements or no collections");
    if (*stated <= *declared)
        return fail(Code::answer_no,
                    fmt::format("collections are declared to {}, statements to {}: nothing is left to "
                                "match", declared->str(), stated->str()),
                    {}, "'anchor statement' comes first");
    return Record::Covers{*declared + 1, *stated};
}

std::vector<OpenReceipt> open_receipts(const Pool& pool, const Entries& entries, Date last)
{
    std::vector<OpenReceipt> receipts;
    for (const auto& [key, r] : pool.open_receipts()) {
        if (r.date > last) continue;
        OpenReceipt one{key, r.date, r.amount - r.booked, r.unapplied, {}, {}, {}};
        if (const auto at = entries.find(key); at != entries.end()) {
            one.reference = at->second.reference;
            one.counterparty = at->second.counterparty;
            one.obligor_code = at->second.obligor_code;
        }
        receipts.push_back(std::move(one));
    }
    return receipts;
}

/// What stays in unapplied cash, with its age on the last day.
void add_unapplied(Answer& answer, const std::vector<OpenReceipt>& receipts,
                   const std::vector<ProposedAllocation>& proposed, Date last)
{
    std::map<std::string, Money> change;
    for (const ProposedAllocation& p : proposed)
        if (p.allocation.kind == AllocationKind::unapplied)
            change[p.allocation.receipt] += p.allocation.amount;
    Money sum;
    std::vector<std::vector<Value>> rows;
    for (const OpenReceipt& r : receipts) {
        const Money left = r.unapplied + change[r.key];
        if (left == zero) continue;
        sum += left;
        rows.push_back({r.key, r.date, left, std::int64_t{last - r.date},
                        r.counterparty.empty() ? Value() : Value(r.counterparty),
                        r.reference.empty() ? Value() : Value(r.reference)});
    }
    answer.field("unapplied", "unapplied cash then", sum);
    Table& table = answer.table("unapplied_receipts", {{"receipt"}, {"received"}, {"unapplied"},
                                                       {"days", "days old"}, {"payer"}, {"reference"}});
    for (auto& row : rows) table.add(std::move(row));
}

/// What the supporter still owes; money booked on days not closed yet is his already.
Money unmet_claims(const Judge& judge)
{
    if (!receives_support(judge.program())) return zero;
    Money sum = open_claims(judge.state());
    for (const auto& [day, open] : judge.state().open) sum -= open.support;
    return max(zero, sum);
}

Outcome run_match(const MatchOptions& o, const Globals& g, Output& out)
{
    TRANCHAIN_TRY(Composer c, Composer::open(o.submit, g));
    TRANCHAIN_DO(c.needs_terms());
    if (!c.judge().has_rows())
        return fail(Code::not_found, "this database has no rows to match", {}, "use a member's own");
    const Pool& pool = c.judge().pool();
    TRANCHAIN_TRY(const Record::Covers days, next_days(c.judge()));
    Receivables known;
    Entries entries;
    TRANCHAIN_DO(read_records(c, known, entries));
    std::vector<OpenReceivable> receivables;
    for (const Asset& a : pool.assets()) {
        if (a.status == Asset::Status::dropped) continue;
        OpenReceivable r = known[a.id];
        r.asset = &a;
        receivables.push_back(std::move(r));
    }
    const auto receipts = open_receipts(pool, entries, days.to);
    const auto proposed =
        propose_allocations(receivables, receipts, days.from, unmet_claims(c.judge()));
    const std::string csv = proposal_csv(days, proposed);
    if (auto again = parse_collections_file(csv, o.file.empty() ? "proposal" : o.file); !again)
        return again.error();
    Answer answer("tranchain.collections.propose/1");
    answer.field("deal", "deal", c.deal());
    answer.field("from", "first day", days.from);
    answer.field("to", "last day", days.to);
    answer.field("receipts", "receipts", static_cast<std::int64_t>(receipts.size()));
    std::map<Confidence, std::int64_t> lines;
    for (const ProposedAllocation& p : proposed) lines[p.confidence] += !p.allocation.asset_id.empty();
    for (const Confidence one : {Confidence::exact, Confidence::likely, Confidence::weak})
        answer.field(std::string(name(one)), fmt::format("{} lines to receivables", name(one)), lines[one]);
    Table& table = answer.table("lines", {{"date"}, {"receipt"}, {"asset_id", "receivable"}, {"kind"},
                                          {"amount"}, {"confidence"}, {"reason"}});
    for (const auto& [a, confidence, reason] : proposed)
        table.add({a.date, a.receipt, a.asset_id.empty() ? Value() : Value(a.asset_id),
                   std::string(name(a.kind)), a.amount, std::string(name(confidence)), reason});
    add_unapplied(answer, receipts, proposed, days.to);
    if (!o.file.empty() && !g.dry_run) TRANCHAIN_DO(write_file(o.file, csv));
    return out.write(answer);
}

} // namespace

void add_collections(Tree& tree)
{
    tree.noun("collections", "match what was received to what is owed");
    tree.add<MatchOptions>(
        "collections", "propose", "which receivable each receipt seems to pay, and why", run_match,
        [](Setup& s, MatchOptions& o) {
            s.option("--deal", o.submit.deal, "ID", "which deal, if the chain has several");
            s.option("--file", o.file, "FILE", "write the lines as 'anchor collections' takes them").file();
        });
}

} // namespace tranchain
