// proof, disclose: one small file that shows a row or a record to somebody without the chain.
// SPDX-License-Identifier: Apache-2.0
#include "chain/proof_file.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "chain/takeover.hpp"
#include "cmd/chain_read.hpp"
#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "cmd/replica.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

struct MakeOptions {
    std::optional<std::string> receivable, entry, record, row;
    std::optional<Date> distribution;
    std::string deal;
    std::vector<std::string> fields;
};

struct DiscloseOptions {
    std::vector<std::string> rows, fields;
    std::string record, reader;
};

struct ProofCheckOptions {
    std::string file;
    std::optional<std::string> genesis;
};

using Types = std::vector<std::string>;

/// The newest sealed record that `wanted` accepts, by its place in the index.
Result<RecordPlace> newest(Store& store,
                           const std::function<Result<bool>(const RecordPlace&)>& wanted,
                           const std::string& what)
{
    TRANCHAIN_TRY(const auto places, store.records());
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
        TRANCHAIN_TRY(const bool found, wanted(*place));
        if (found) return *place;
    }
    return fail(Code::not_found, what, {store.path()});
}

/// The newest sealed record of one of `types` (any, if none) that holds a row with this key.
Result<RecordPlace>
place_of_row(Store& store, const std::string& key, const Types& types, const std::string& deal)
{
    if (!store.has_rows_file())
        return fail(Code::not_found, "this copy of the chain has no rows", {store.path()},
                    "ask a member, who keeps them");
    TRANCHAIN_TRY(const auto with_row, store.records_with_row(key));
    return newest(
        store,
        [&](const RecordPlace& p) -> Result<bool> {
            return with_row.contains(p.hash) && (deal.empty() || p.deal == deal) &&
                   (types.empty() || std::ranges::find(types, p.type) != types.end());
        },
        fmt::format("no sealed record has a row '{}'", key));
}

Result<RecordPlace> place_of_record(Store& store, const std::string& hash)
{
    TRANCHAIN_TRY(const auto place, store.find_record(hash));
    if (!place)
        return fail(Code::not_found, "no sealed record has hash '" + hash + "'", {store.path()},
                    "'chain log' lists them");
    return *place;
}

Result<RecordPlace> place_of_distribution(Store& store, Date date, const std::string& deal)
{
    const std::string day = date.str();
    return newest(
        store,
        [&](const RecordPlace& p) -> Result<bool> {
            if (p.type != "distribution" || (!deal.empty() && p.deal != deal)) return false;
            TRANCHAIN_TRY(const auto block, store.block(p.height));
            if (!block) return false;
            TRANCHAIN_TRY(const auto records, one(parse_body(block->body)));
            const auto at = static_cast<std::size_t>(p.position);
            if (at >= records.size()) return false;
            const Json* named = records[at].record.public_part.find("date");
            return named && named->is_string() && named->as_string() == day;
        },
        "no distribution of " + day + " is sealed");
}

Result<Genesis> genesis_of(Store& store)
{
    TRANCHAIN_TRY(const auto block, store.block(0));
    if (!block) return fail(Code::not_found, "there is no block yet", {store.path()});
    TRANCHAIN_TRY(const auto records, one(parse_body(block->body)));
    if (records.empty()) return fail(Code::invalid_input, "block 0 is empty", {store.path()});
    return one(genesis_from_record(records.front().record));
}

Result<ProofFile> prove(Store& store, const RecordPlace& place)
{
    TRANCHAIN_TRY(const Genesis genesis, genesis_of(store));
    TRANCHAIN_TRY(const auto headers, store.headers());
    TRANCHAIN_TRY(const auto block, store.block(place.height));
    if (!block || static_cast<std::size_t>(place.height) >= headers.size())
        return fail(Code::not_found, fmt::format("there is no block {}", place.height));
    const auto sealed = [&](const RecordPlace& p, const StoredBlock& b) {
        const auto upto = static_cast<std::size_t>(p.height) + 1;
        return prove_record(std::span(headers).first(upto), b.body, b.checkpoint, genesis,
                            static_cast<std::size_t>(p.position));
    };
    TRANCHAIN_TRY(ProofFile proof, sealed(place, *block));
    TRANCHAIN_TRY(const auto changes, store.governance_records());
    // A block that became final only by the one after it is shown with that takeover.
    TRANCHAIN_TRY(const auto next, store.block(place.height + 1));
    const bool carried = next && carries(next->header, next->body, block->header);
    for (const RecordPlace& p : changes) {
        const std::int64_t last = place.height + (carried ? 1 : 0);
        if (p.type == "takeover" ? p.height > last : p.height >= last) continue;
        TRANCHAIN_TRY(const auto then, store.block(p.height));
        if (!then) return fail(Code::not_found, fmt::format("there is no block {}", p.height));
        TRANCHAIN_TRY(SealedRecord change, sealed(p, *then));
        proof.governance.push_back(std::move(change));
    }
    return proof;
}

Result<> add_rows(Store& store,
                  const RecordPlace& place,
                  ProofFile& proof,
                  const std::vector<std::string>& keys,
                  const std::vector<std::string>& names)
{
    TRANCHAIN_TRY(const auto rows, store.rows(place.hash));
    if (!rows)
        return fail(Code::not_found, "the rows of the record are not here", {store.path()},
                    "ask a member, who keeps them");
    TRANCHAIN_TRY(proof.rows, open_rows(*rows, keys, names));
    return {};
}

/// What was made holds, or the store is damaged and nothing leaves the house.
Outcome hand_out(const ProofFile& proof, Store& store, const Globals& globals, Output& out)
{
    const ProofReport report = check_proof(proof, std::nullopt);
    if (!report.findings.empty()) {
        const Finding& f = report.findings.front();
        return Error{Code::answer_no, f.text(), {store.path()}, "run 'chain verify'", f.id};
    }
    const std::string bytes = proof.str();
    if (globals.output.empty()) return out.write_raw(bytes);
    if (!globals.dry_run)
        if (auto w = write_file(globals.output, bytes, proof.rows.empty() ? 0644 : 0600); !w)
            return w;
    out.say(fmt::format("{}: {} bytes; genesis {}", globals.output, bytes.size(),
                        report.genesis_sha256));
    return {};
}

Outcome run_make(const MakeOptions& o, const Globals& globals, Output& out)
{
    const int given = o.receivable.has_value() + o.entry.has_value() + o.distribution.has_value() +
                      o.record.has_value();
    if (given != 1 || (o.row && !o.record))
        return fail(
            Code::usage, "name one thing to prove", {},
            "--receivable ID, --entry KEY, --distribution DATE, or --record HASH, which may "
            "have --row KEY");
    TRANCHAIN_TRY(const std::string path, chain_path(globals));
    TRANCHAIN_TRY(Store store, Store::open(path, Open::read));
    const auto found = o.receivable
                           ? place_of_row(store, *o.receivable, {"snapshot", "purchase"}, o.deal)
                       : o.entry  ? place_of_row(store, *o.entry, {"statement"}, o.deal)
                       : o.record ? place_of_record(store, *o.record)
                                  : place_of_distribution(store, *o.distribution, o.deal);
    if (!found) return found.error();
    TRANCHAIN_TRY(ProofFile proof, prove(store, *found));
    const auto& key = o.receivable ? o.receivable : o.entry ? o.entry : o.row;
    if (!key && !o.fields.empty())
        return fail(Code::usage, "--field opens fields of a row, and no row is named");
    if (key) {
        std::vector<std::string> names = o.fields;
        if (o.receivable) names.emplace_back("asset_id");
        TRANCHAIN_DO(add_rows(store, *found, proof, {*key}, names));
    }
    return hand_out(proof, store, globals, out);
}

Outcome run_disclose(const DiscloseOptions& o, const Globals& globals, Output& out)
{
    if (o.rows.empty()) return fail(Code::usage, "no row is named");
    TRANCHAIN_TRY(const std::string path, chain_path(globals));
    TRANCHAIN_TRY(Store store, Store::open(path, Open::read));
    const auto found = o.record.empty() ? place_of_row(store, o.rows.front(), {}, "")
                                        : place_of_record(store, o.record);
    if (!found) return found.error();
    TRANCHAIN_TRY(ProofFile proof, prove(store, *found));
    proof.reader = o.reader;
    TRANCHAIN_DO(add_rows(store, *found, proof, o.rows, o.fields));
    return hand_out(proof, store, globals, out);
}

void describe(const ProofFile& proof, const ProofReport& r, Answer& answer)
{
    const Record& record = r.record.record;
    answer.field("chain", "chain", r.header.chain)
        .field("genesis", "genesis, SHA-256", r.genesis_sha256)
        .field("height", "block", r.header.height)
        .field("time", "its date", time_text(r.header.time))
        .field("hash", "its hash", hex(r.header.hash()))
        .field("endorsements", "good endorsements", r.endorsements)
        .field("members", "of members", r.members ? Value(r.members->size()) : Value())
        .field("type", "record", record.type)
        .field("deal", "deal", record.deal)
        .field("author", "author", record.author)
        .field("seq", "number", record.seq)
        .field("record_hash", "record hash", hex(record.hash()));
    if (!proof.reader.empty()) answer.field("reader", "opened to", proof.reader);
    answer.field("rows", "rows of the record", record.rows)
        .field("good", "every check holds", r.findings.empty());
    if (proof.rows.empty()) {
        answer.text("what the record says:\n" + record.public_part.pretty());
        return;
    }
    Table& t = answer.table("opened", {{"row"}, {"field"}, {"value"}}, "opened");
    for (const OpenedRow& row : proof.rows)
        for (const OpenedField& f : row.fields) t.add({row.index + 1, f.name, f.value});
}

Outcome check(const ProofCheckOptions& o, const std::string& schema, Output& out)
{
    TRANCHAIN_TRY(const std::string bytes, read_file(o.file, 1 << 28));
    auto proof = ProofFile::parse(bytes);
    if (!proof) {
        Error e = proof.error();
        e.where.file = o.file;
        return e;
    }
    if (o.genesis && !hash_from_hex(*o.genesis))
        return fail(Code::usage, "--genesis is 64 hexadecimal digits");
    const ProofReport report = check_proof(*proof, o.genesis);
    Answer answer(schema);
    describe(*proof, report, answer);
    if (!o.genesis)
        answer.note("the keys are those of the genesis in the file: compare its SHA-256 with the "
                    "one you trust, or give that with --genesis");
    TRANCHAIN_DO(out.write(answer));
    Errors errors;
    for (const Finding& f : report.findings)
        errors.push_back({Code::answer_no, f.text(), {o.file}, {}, f.id});
    return errors;
}

Outcome run_proof_check(const ProofCheckOptions& o, const Globals&, Output& out)
{
    return check(o, "tranchain.proof.check/1", out);
}

Outcome run_disclose_check(const ProofCheckOptions& o, const Globals&, Output& out)
{
    return check(o, "tranchain.disclose.check/1", out);
}

void bind_check(Setup& s, ProofCheckOptions& o)
{
    s.positional("FILE", o.file, "the file to check").file();
    s.option("--genesis", o.genesis, "HASH", "SHA-256 of the genesis that is trusted");
}

} // namespace

void add_proof(Tree& tree)
{
    tree.noun("proof", "show one row or record to somebody without the chain");
    tree.add<MakeOptions>(
        "proof", "make", "prove a receivable, a statement line or a record", run_make,
        [](Setup& s, MakeOptions& o) {
            s.option("--receivable", o.receivable, "ID", "the row of this receivable");
            s.option("--entry", o.entry, "KEY", "a statement line: account/number/entry");
            s.option("--distribution", o.distribution, "DATE", "the payment of this date");
            s.option("--record", o.record, "HASH", "any record, by its hash");
            s.option("--row", o.row, "KEY", "a row of the record of --record");
            s.option("--deal", o.deal, "DEAL", "only in this deal");
            s.option("--field", o.fields, "NAME", "open this field; may be repeated");
        });
    tree.add<ProofCheckOptions>("proof", "check", "check a proof file with no chain at hand",
                           run_proof_check, bind_check);
    tree.noun("disclose", "open chosen rows and fields to one reader");
    tree.add<DiscloseOptions>("disclose", "make", "open rows of one record, or fields of them",
                              run_disclose, [](Setup& s, DiscloseOptions& o) {
                                  s.positional("ROW", o.rows, "keys of the rows");
                                  s.option("--to", o.reader, "READER", "whom it is for").required();
                                  s.option("--field", o.fields, "NAME",
                                           "only this field; may be repeated");
                                  s.option("--record", o.record, "HASH",
                                           "the record; otherwise the newest with the first row");
                              });
    tree.add<ProofCheckOptions>("disclose", "check", "check what was opened with no chain at hand",
                           run_disclose_check, bind_check);
}

} // namespace tranchain
