// pool verify: is the tape in the mail the one that was anchored, and is each row still owned?
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "chain/executor.hpp"
#include "chain/store.hpp"
#include "cmd/commands.hpp"
#include "cmd/contract.hpp"
#include "cmd/output.hpp"
#include "cmd/replica.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/tape.hpp"
#include "data/tape_schema.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

struct PoolVerifyOptions {
    std::string tape;
};

/// The tape in the mail: canonical text of every cell, by asset_id.
struct MailedTape {
    std::vector<std::string> columns;
    std::map<std::string, std::map<std::string, std::string>> rows;
    std::map<std::string, int> lines;
    Errors flaws; ///< why it could not be read as a sound tape; cells are then as written
};

/// A changed amount may spoil a tape for every other purpose; here it is just a difference.
Result<MailedTape> read_mail(const std::string& path)
{
    MailedTape mail;
    if (const auto tape = read_tape(path)) {
        mail.columns = tape->columns;
        for (std::size_t i = 0; i < tape->receivables.size(); ++i) {
            const Receivable& r = tape->receivables[i];
            auto& cells = mail.rows[r.asset_id];
            for (const TapeColumn& column : tape_schema())
                cells[std::string(column.name)] = canonical_text(r, column);
            mail.lines[r.asset_id] = tape->lines[i];
        }
        return mail;
    } else {
        mail.flaws = tape.error();
    }
    const auto table = read_csv(path);
    if (!table) return tl::make_unexpected(table.error().front());
    const int id = table->column("asset_id");
    if (id < 0) return tl::make_unexpected(mail.flaws.front());
    mail.columns = table->header;
    for (const auto& row : table->rows) {
        const std::string key(row.fields[static_cast<std::size_t>(id)]);
        auto& cells = mail.rows[key];
        for (std::size_t c = 0; c < row.fields.size(); ++c)
            cells[table->header[c]] = std::string(row.fields[c]);
        mail.lines[key] = row.line;
    }
    return mail;
}

/// A snapshot or purchase in the chain, with its rows.
struct Anchored {
    RecordPlace place;
    std::vector<Row> rows;
    std::size_t shared = 0; ///< rows whose ids are on the tape
};

Result<std::optional<Anchored>> nearest(Store& store, const MailedTape& mail)
{
    std::optional<Anchored> best;
    TRANCHAIN_TRY(const auto places, store.records());
    for (const RecordPlace& place : places) {
        if (place.type != "snapshot" && place.type != "purchase") continue;
        TRANCHAIN_TRY(auto rows, store.rows(place.hash));
        if (!rows)
            return fail(Code::not_found,
                        fmt::format("the rows of block {} are not here", place.height),
                        {store.path()}, "a member's database has them");
        Anchored a{place, std::move(*rows), 0};
        for (const Row& row : a.rows) a.shared += mail.rows.count(row.key);
        if (!best || a.shared > best->shared) best = std::move(a);
    }
    return best;
}

/// The record as it was signed, so that stored rows are not taken on trust.
Result<std::pair<Record, std::string>> record_at(Store& store, const RecordPlace& place)
{
    TRANCHAIN_TRY(const auto block, store.block(place.height));
    if (!block) return fail(Code::not_found, fmt::format("there is no block {}", place.height));
    TRANCHAIN_TRY(auto records, one(parse_body(block->body)));
    const auto at = static_cast<std::size_t>(place.position);
    if (at >= records.size() || hex(records[at].record.hash()) != place.hash)
        return fail(Code::answer_no,
                    fmt::format("block {}: the record index is wrong", place.height),
                    {store.path()}, "run 'chain verify'");
    Record r = std::move(records[at].record);
    std::string name = fmt::format("block {}, record {}", place.height, place_of(at, r));
    return std::pair(std::move(r), std::move(name));
}

struct TapeDifference {
    std::string row, field, anchored, mailed;
    int line = 0;
};

struct TapeComparison {
    std::vector<TapeDifference> differing; ///< every field, in the order of rows and fields
    std::vector<std::string> missing, added;
    std::int64_t equal = 0;
};

TapeComparison compare(const std::vector<Row>& rows, const MailedTape& mail)
{
    TapeComparison c;
    for (const Row& row : rows) {
        const auto at = mail.rows.find(row.key);
        if (at == mail.rows.end()) {
            c.missing.push_back(row.key);
            continue;
        }
        const std::size_t before = c.differing.size();
        for (const auto& [field, value] : row.fields) {
            const bool there =
                std::find(mail.columns.begin(), mail.columns.end(), field) != mail.columns.end();
            const std::string mailed = there ? at->second.at(field) : "(no such column)";
            if (mailed != value)
                c.differing.push_back({row.key, field, value, mailed, mail.lines.at(row.key)});
        }
        if (c.differing.size() == before) ++c.equal;
    }
    for (const auto& [key, cells] : mail.rows) {
        const auto same = [&key = key](const Row& row) { return row.key == key; };
        if (std::none_of(rows.begin(), rows.end(), same)) c.added.push_back(key);
    }
    return c;
}

/// How the plan holds the anchored receivables now.
Result<> add_ownership(Store& store, const Anchored& a, Answer& answer)
{
    TRANCHAIN_TRY(const StoredState state, store.state());
    const auto deal = state.deals.find(a.place.deal);
    if (deal == state.deals.end())
        return fail(Code::not_found, "deal '" + a.place.deal + "' is not in the state");
    TRANCHAIN_TRY(const auto held, store.private_state(a.place.deal, state.height));
    const DealContract contract(true);
    TRANCHAIN_TRY(const auto session, contract.open(a.place.deal, deal->second, held));
    const Judge& judge = judge_of(*session);
    struct Sum {
        std::int64_t count = 0;
        Money unpaid;
    };
    std::map<std::string, Sum> sums;
    Table& gone = answer.table("not_owned", {{"asset_id"}, {"status"}, {"unpaid"}},
                               "no longer owned and unpaid (at most 20)");
    for (const Row& row : a.rows) {
        const Asset* asset = judge.pool().find(row.key);
        const std::string status = asset ? std::string(name(asset->status)) : "unknown";
        Sum& sum = sums[status];
        ++sum.count;
        if (asset) sum.unpaid += asset->unpaid();
        const bool owned = status == "live" || status == "pending" || status == "closed";
        if (!owned && gone.rows().size() < 20)
            gone.add({row.key, status, asset ? asset->unpaid() : zero});
    }
    answer.field("as_of", "days closed through", judge.state().closed_through);
    Table& t = answer.table("holdings", {{"status"}, {"receivables"}, {"unpaid"}},
                            "the anchored receivables now");
    for (const auto& [status, sum] : sums) t.add({status, sum.count, sum.unpaid});
    return {};
}

void describe_differences(const TapeComparison& c, Answer& answer)
{
    if (c.differing.empty()) {
        answer.data("differences", Value::array());
    } else {
        Table& t = answer.table(
            "differences", {{"row"}, {"line"}, {"field"}, {"anchored"}, {"in_mail", "in the mail"}},
            "differences (at most 20)");
        for (std::size_t i = 0; i < std::min<std::size_t>(20, c.differing.size()); ++i) {
            const TapeDifference& d = c.differing[i];
            t.add({d.row, d.line, d.field, d.anchored, d.mailed});
        }
    }
    answer.data("missing_rows", Value::texts(c.missing));
    answer.data("added_rows", Value::texts(c.added));
}

Errors problems_of(const TapeComparison& c, const std::string& tape, const std::string& record)
{
    Errors errors;
    if (!c.differing.empty()) {
        const TapeDifference& d = c.differing.front();
        errors.push_back({Code::answer_no,
                          fmt::format("{}, row {}, field {}: '{}' is anchored, the tape has '{}'",
                                      record, d.row, d.field, d.anchored, d.mailed),
                          {tape, d.line, 0},
                          {},
                          "tape-differs"});
    }
    if (!c.missing.empty())
        errors.push_back({Code::answer_no,
                          fmt::format("{} anchored rows are missing, first '{}'", c.missing.size(),
                                      c.missing.front()),
                          {tape},
                          {},
                          "rows-missing"});
    if (!c.added.empty())
        errors.push_back({Code::answer_no,
                          fmt::format("{} rows were never anchored, first '{}'", c.added.size(),
                                      c.added.front()),
                          {tape},
                          {},
                          "rows-added"});
    return errors;
}

Outcome run_pool_verify(const PoolVerifyOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const MailedTape mail, read_mail(o.tape));
    TRANCHAIN_TRY(const std::string path, chain_path(globals));
    TRANCHAIN_TRY(Store store, Store::open(path, Open::read));
    TRANCHAIN_TRY(const auto anchored, nearest(store, mail));
    if (!anchored) return fail(Code::not_found, "no tape was anchored here", {path});
    TRANCHAIN_TRY(const auto record, record_at(store, anchored->place));
    if (const Findings f = check_rows(record.first, anchored->rows); !f.empty()) {
        Finding first = f.front();
        first.block = anchored->place.height;
        return Error{Code::answer_no, first.str(), {path}, "run 'chain verify'", first.id};
    }
    const TapeComparison c = compare(anchored->rows, mail);
    Answer answer("tranchain.pool.verify/1");
    answer.field("deal", "deal", anchored->place.deal)
        .field("record", "nearest anchored tape", record.second)
        .field("type", "its type", anchored->place.type)
        .field("height", "in block", anchored->place.height)
        .field("anchored", "rows anchored", anchored->rows.size())
        .field("mailed", "rows in the mail", mail.rows.size())
        .field("equal", "rows equal in every field", c.equal)
        .field("differing", "fields that differ", c.differing.size())
        .field("missing", "rows missing", c.missing.size())
        .field("added", "rows added", c.added.size());
    describe_differences(c, answer);
    TRANCHAIN_DO(add_ownership(store, *anchored, answer));
    for (std::size_t i = 0; i < mail.flaws.size(); ++i) {
        if (i == 5) {
            answer.note(
                fmt::format("not a sound tape: {} more, see 'pool check'", mail.flaws.size() - i));
            break;
        }
        const Error& flaw = mail.flaws[i];
        answer.note(fmt::format("not a sound tape: line {}: {}", flaw.where.line, flaw.message));
    }
    answer.note("signatures and roots of the chain itself: run 'chain verify'");
    TRANCHAIN_DO(out.write(answer));
    return problems_of(c, o.tape, record.second);
}

} // namespace

void add_pool_verify(Tree& tree)
{
    tree.add<PoolVerifyOptions>(
        "pool", "verify", "compare a tape with the one that was anchored (-C)", run_pool_verify,
        [](Setup& s, PoolVerifyOptions& o) {
            s.positional("TAPE", o.tape, "receivables as CSV, see tranchain-pool(5)").file();
        });
}

} // namespace tranchain
