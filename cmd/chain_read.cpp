// Reading commands of `chain`.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/chain_read.hpp"

#include <filesystem>
#include <set>

#include <fmt/core.h>

#include "chain/evidence.hpp"
#include "chain/proof.hpp"
#include "cmd/as_of.hpp"
#include "cmd/payments.hpp"
#include "cmd/replica.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

struct StatusOptions {};

/// As it was right after an earlier block: what was on the way to the next one is not kept.
Outcome show_status_at(Replica& r, std::int64_t height, Output& out)
{
    TRANCHAIN_TRY(const auto block, r.store().block(height));
    if (!block) return fail(Code::not_found, fmt::format("there is no block {}", height));
    const auto header = Header::parse(block->header);
    if (!header) return header.error();
    TRANCHAIN_TRY(const ChainState state, r.in_force(height + 1));
    Answer answer("tranchain.chain.status/1");
    answer.field("chain", "chain", r.chain())
        .field("newest", "newest block", height)
        .field("time", "its date", time_text(header->time))
        .field("hash", "its hash", hex(header->hash()))
        .field("orderer", "orderer", state.orderer)
        .field("quorum", "endorsements per block", state.members.quorum());
    TRANCHAIN_TRY(const auto places, r.store().records());
    std::set<std::string> deals;
    for (const RecordPlace& p : places)
        if (p.height <= height && !p.deal.empty()) deals.insert(p.deal);
    answer.field("deals", "deals", Value::texts({deals.begin(), deals.end()}));
    Table& members = answer.table("members", {{"name"}, {"roles"}, {"key"}});
    for (const Member& m : state.members.all()) members.add({m.name, Value::texts(m.roles), to_text(m.key)});
    answer.note(fmt::format("as of block {}; this copy goes on to block {}; open payments are shown of "
                            "its newest block only", height, r.tip()));
    return out.write(answer);
}

/// Who stated that the epoch is over; nothing where nobody did.
Result<> show_statements(Replica& r, Answer& answer)
{
    TRANCHAIN_TRY(const auto wishes, r.wishes());
    if (wishes.empty()) return {};
    Table& table = answer.table("statements",
                                {{"epoch"}, {"orderer"}, {"member"}, {"endorsed"}, {"header"}},
                                "the epoch is over, say");
    for (const EpochWish& w : wishes)
        for (const Freeze& f : w.statements)
            table.add({w.epoch, w.orderer, f.member,
                       f.endorsed ? Value(f.endorsed->height) : Value(),
                       f.endorsed ? hex(f.endorsed->header) : ""});
    return {};
}

Outcome run_status(const StatusOptions&, const Globals& globals, Output& out)
{
    Globals keyless = globals;
    keyless.key.clear();
    auto desk = open_desk(keyless, Open::read, NeedKey::no);
    if (!desk) return desk.error();
    Replica& r = *desk->replica;
    TRANCHAIN_TRY(const auto last, height_as_of(source_of(r.store()), globals));
    if (last && *last < r.tip()) return show_status_at(r, *last, out);
    const auto candidate = r.newest_candidate();
    if (!candidate) return candidate.error();
    const std::int64_t height = *candidate ? (*candidate)->height : r.tip() + 1;
    const auto answers = r.store().answers(height);
    if (!answers) return answers.error();
    const auto notes = r.store().endorsements(height);
    if (!notes) return notes.error();
    const auto waiting = r.open_submissions();
    if (!waiting) return waiting.error();
    Answer answer("tranchain.chain.status/1");
    answer.field("chain", "chain", r.chain()).field("newest", "newest block", r.tip());
    if (r.newest_header())
        answer.field("time", "its date", time_text(r.newest_header()->time))
            .field("hash", "its hash", hex(r.newest_header()->hash()));
    if (r.state().epoch > 1) answer.field("epoch", "epoch", r.state().epoch);
    answer.field("orderer", "orderer", r.state().orderer)
        .field("quorum", "endorsements per block", r.state().members.quorum());
    Value deals = Value::array();
    for (const auto& [id, hash] : r.state().deals) deals.push(id);
    answer.field("deals", "deals", deals);
    Table& members =
        answer.table("members", {{"name"}, {"roles"}, {"key"}, {"answer"}, {"endorsed"}});
    for (const Member& m : r.state().members.all()) {
        std::string said;
        bool endorsed = false;
        for (const ReadyAnswer& a : *answers)
            if (*candidate && a.member == m.name && a.header == (*candidate)->hash)
                said = std::string(name(a.verdict)) + (a.reason.empty() ? "" : ": " + a.reason);
        for (const auto& [member, note] : *notes) endorsed = endorsed || member == m.name;
        members.add({m.name, Value::texts(m.roles), to_text(m.key), said, endorsed});
    }
    if (*candidate)
        answer.field("proposal", "proposed block", (*candidate)->height)
            .field("attempt", "attempt", (*candidate)->attempt);
    TRANCHAIN_DO(add_open_payments(globals, r.store(), answer));
    if (auto stated = show_statements(r, answer); !stated) return stated.error();
    if (waiting->empty()) {
        answer.data("submissions", Value::array());
        return out.write(answer);
    }
    Table& open =
        answer.table("submissions", {{"type"}, {"author"}, {"seq"}, {"unsigned"}, {"hash"}},
                     "submitted and not sealed");
    for (const SignedRecord& s : *waiting)
        open.add({s.record.type, s.record.author, s.record.seq, Value::texts(s.signers_missing()),
                  hex(s.record.hash())});
    return out.write(answer);
}

struct LogOptions {};

Outcome run_log(const LogOptions&, const Globals& globals, Output& out)
{
    const auto path = chain_path(globals);
    if (!path) return path.error();
    auto store = Store::open(*path, Open::read);
    if (!store) return store.error();
    const auto heights = store->heights();
    if (!heights) return heights.error();
    const auto places = store->records();
    if (!places) return places.error();
    TRANCHAIN_TRY(const auto last, height_as_of(source_of(*store), globals));
    Answer answer("tranchain.chain.log/1");
    Table& t = answer.table(
        "records",
        {{"height"}, {"time"}, {"attempt"}, {"record"}, {"type"}, {"author"}, {"seq"}, {"hash"}});
    for (const RecordPlace& p : *places) {
        if (last && p.height > *last) break;
        const auto block = store->block(p.height);
        if (!block || !*block) continue;
        const auto header = Header::parse((*block)->header);
        if (!header) continue;
        t.add({p.height, time_text(header->time), header->attempt, p.position + 1, p.type, p.author,
               p.seq, p.hash});
    }
    return out.write(answer);
}

struct ShowOptions {
    std::int64_t height = 0;
    std::string raw;
    std::optional<std::int64_t> record;
};

Outcome run_chain_show(const ShowOptions& o, const Globals& globals, Output& out)
{
    const auto path = chain_path(globals);
    if (!path) return path.error();
    auto store = Store::open(*path, Open::read);
    if (!store) return store.error();
    const auto block = store->block(o.height);
    if (!block) return block.error();
    if (!*block)
        return fail(Code::not_found, fmt::format("there is no block {}", o.height), {*path});
    if (o.raw == "header") return out.write_raw((*block)->header);
    if (o.raw == "body") return out.write_raw((*block)->body);
    if (o.raw == "checkpoint") return out.write_raw((*block)->checkpoint.str());
    const auto records = parse_body((*block)->body);
    if (!records) return records.error();
    const auto header = parse_json((*block)->header);
    if (!header) return header.error();
    Answer answer("tranchain.chain.show/1");
    if (o.record) {
        if (*o.record < 1 || *o.record > static_cast<std::int64_t>(records->size()))
            return fail(Code::not_found,
                        fmt::format("block {} has {} records", o.height, records->size()));
        const SignedRecord& r = (*records)[static_cast<std::size_t>(*o.record - 1)];
        answer.field("hash", "hash", hex(r.record.hash()));
        answer.data("record", Value(r.to_json()));
        answer.text(r.to_json().pretty());
        return out.write(answer);
    }
    answer.field("hash", "hash", hex(sha256((*block)->header)));
    answer.data("header", Value(*header));
    answer.text(header->pretty());
    Table& t =
        answer.table("records", {{"record"}, {"type"}, {"author"}, {"seq"}, {"rows"}, {"hash"}});
    for (std::size_t i = 0; i < records->size(); ++i) {
        const Record& r = (*records)[i].record;
        t.add({static_cast<std::int64_t>(i + 1), r.type, r.author, r.seq, r.rows, hex(r.hash())});
    }
    answer.text((*block)->checkpoint.str());
    return out.write(answer);
}

struct VerifyCommand {
    CopyOptions copy;
    bool quick = false;
};

Outcome run_verify(const VerifyCommand& o, const Globals& globals, Output& out)
{
    auto opened = open_copy(o.copy, globals);
    if (!opened) return opened.error();
    VerifyOptions options;
    options.execute = !o.quick;
    auto report = check_copy(*opened, o.copy, std::move(options), "verifying blocks", globals);
    if (!report) return report.error();
    if (o.quick)
        report->not_checked.insert("the contract: records were not judged again (--quick)");
    Answer answer("tranchain.chain.verify/1");
    describe(*report, answer);
    if (auto written = out.write(answer); !written) return written;
    return problems_of(*report, opened->path);
}

/// Who ever voted, by one file; nothing where it does not hold block 0, final or proposed.
Result<std::optional<GovernanceLog>> governance_in(Opened& opened)
{
    if (opened.bundle) {
        TRANCHAIN_TRY(auto log, governance_of(*opened.bundle));
        if (log || !opened.bundle->proposal || opened.bundle->proposal->height != 0) return log;
        TRANCHAIN_TRY(const auto records, one(parse_body(opened.bundle->proposal->body)));
        if (records.empty()) return fail(Code::invalid_input, "block 0 is damaged");
        TRANCHAIN_TRY(const Genesis genesis, one(genesis_from_record(records.front().record)));
        return std::optional<GovernanceLog>(ChainState::from_genesis(genesis));
    }
    TRANCHAIN_TRY(const auto first, opened.store->block(0));
    if (!first) return std::optional<GovernanceLog>{};
    TRANCHAIN_TRY(GovernanceLog log, governance_of(*opened.store));
    return std::optional<GovernanceLog>(std::move(log));
}

struct EvidenceOptions {
    std::string first, second;
};

Outcome run_evidence(const EvidenceOptions& o, const Globals&, Output& out)
{
    Signatures all;
    std::optional<GovernanceLog> governed;
    for (const std::string& file : {o.first, o.second}) {
        auto opened = open_any(file);
        if (!opened) return opened.error();
        auto more =
            opened->store ? signatures_of(*opened->store, 0) : signatures_of(*opened->bundle, 0);
        if (!more) return more.error();
        auto log = governance_in(*opened);
        if (!log) {
            log.error().where.file = file;
            return log.error();
        }
        // Of two copies, the one that knows more changes of members.
        if (*log && (!governed || (*log)->all().size() > governed->all().size()))
            governed = std::move(**log);
        all.notes.insert(all.notes.end(), more->notes.begin(), more->notes.end());
        all.answers.insert(all.answers.end(), more->answers.begin(), more->answers.end());
        all.records.insert(all.records.end(), more->records.begin(), more->records.end());
        all.freezes.insert(all.freezes.end(), more->freezes.begin(), more->freezes.end());
        if (more->closed.empty()) continue;
        VerifyOptions signatures_only;
        signatures_only.execute = false;
        const auto report =
            verify_chain(opened->source(), DealContract(opened->has_rows()), signatures_only);
        if (report && report->good())
            all.closed.insert(all.closed.end(), more->closed.begin(), more->closed.end());
    }
    if (!governed) return fail(Code::not_found, "neither file holds block 0, which has the keys");
    const std::string chain = governed->newest().chain;
    const Findings found = find_evidence(all, chain, governed->ever());
    Answer answer("tranchain.chain.evidence/1");
    answer.field("chain", "chain", chain).field("found", "found", found.size());
    Value list = Value::array();
    for (const Finding& f : found) {
        list.push(Value::object({{"id", f.id},
                                 {"block", f.block < 0 ? Value() : Value(f.block)},
                                 {"message", f.message}}));
        answer.note(f.str());
    }
    answer.data("evidence", std::move(list));
    if (auto written = out.write(answer); !written) return written;
    return found.empty() ? Outcome() : answer_no();
}

} // namespace

void add_chain_reading(Tree& tree)
{
    tree.add<StatusOptions>("chain", "status", "newest block, members, proposal and submissions",
                            run_status, [](Setup& s, StatusOptions&) { s.as_of(AsOf::block); });
    tree.add<LogOptions>("chain", "log", "list the records of all blocks", run_log,
                         [](Setup& s, LogOptions&) { s.as_of(AsOf::block); });
    tree.add<ShowOptions>("chain", "show", "print one block or one record of it", run_chain_show,
                          [](Setup& s, ShowOptions& o) {
                              s.positional("HEIGHT", o.height, "which block");
                              s.option("--record", o.record, "N", "only its Nth record, from 1");
                              s.option("--raw", o.raw, "PART", "the signed bytes of a part")
                                  .choices({"header", "body", "checkpoint"});
                          });
    tree.add<VerifyCommand>("chain", "verify", "recompute and check a whole chain", run_verify,
                            [](Setup& s, VerifyCommand& o) {
                                bind_copy(s, o.copy);
                                s.flag("--quick", o.quick, "hashes and signatures only");
                            });
    tree.add<EvidenceOptions>("chain", "evidence", "find a key that signed two things in two files",
                              run_evidence, [](Setup& s, EvidenceOptions& o) {
                                  s.positional("A", o.first, "a database or bundle").file();
                                  s.positional("B", o.second, "another one").file();
                              });
}

} // namespace tranchain
