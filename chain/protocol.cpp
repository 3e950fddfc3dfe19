// Protocol: state at the tip, judging candidates, and what arrives from others.
// SPDX-License-Identifier: Apache-2.0
#include "chain/protocol.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/merkle.hpp"

namespace tranchain {

std::vector<RecordPlace> places_of(std::int64_t height, const std::vector<SignedRecord>& records)
{
    std::vector<RecordPlace> places;
    std::int64_t position = 0;
    for (const SignedRecord& r : records)
        places.push_back({height, position++, hex(r.record.hash()), r.record.deal, r.record.type,
                          r.record.author, r.record.seq});
    return places;
}

Hash log_root(const std::vector<std::string>& headers)
{
    Frontier log;
    for (const std::string& header : headers) log.append(leaf_hash(header));
    return log.root();
}

Result<Replica> Replica::open(Store store, const Contract& contract, std::optional<Signer> signer)
{
    Replica replica(std::move(store), contract, std::move(signer));
    TRANCHAIN_DO(replica.load());
    if (replica.signer_ && replica.member_.empty())
        return fail(Code::denied, "the key is not a member of '" + replica.chain() + "'", {},
                    "'chain status' lists the members and their keys");
    return replica;
}

Result<Replica> Replica::found(Store store, const Contract& contract, std::optional<Signer> signer,
                               const Genesis& genesis)
{
    Block block;
    block.records.push_back({genesis_record(genesis), {}});
    const ChainState state = ChainState::from_genesis(genesis);
    block.header.chain = state.chain;
    block.header.time = genesis.time;
    block.header.orderer = genesis.orderer;
    block.header.rules = genesis.rules;
    block.header.members = genesis.members.hash();
    block.header.state = state.hash();
    block.seal_body();
    Candidate c;
    c.header = block.header.canonical();
    c.body = block.body();
    c.hash = sha256(c.header);
    TRANCHAIN_DO(store.put_candidate(c));
    return open(std::move(store), contract, std::move(signer));
}

Result<> Replica::load()
{
    TRANCHAIN_TRY(tip_, store_.tip());
    if (tip_ < 0) {
        TRANCHAIN_TRY(const auto candidates, store_.candidates(0));
        if (candidates.size() != 1)
            return fail(Code::not_found, "the database holds no genesis", {store_.path()},
                        "import a bundle of the chain, or make one with 'chain init'");
        TRANCHAIN_TRY(const auto records, one(parse_body(candidates.front().body)));
        if (records.size() != 1) return fail(Code::invalid_input, "genesis holds one record");
        TRANCHAIN_TRY(const Genesis genesis, one(genesis_from_record(records.front().record)));
        state_ = ChainState::from_genesis(genesis);
    } else {
        TRANCHAIN_TRY(StoredState stored, store_.state());
        TRANCHAIN_TRY(state_, ChainState::parse(stored.chain));
        deals_ = std::move(stored.deals);
        TRANCHAIN_TRY(const auto block, store_.block(tip_));
        TRANCHAIN_TRY(previous_, one(Header::parse(block->header)));
        bool same = stored.height == tip_ && state_.hash() == previous_->state &&
                    deals_.size() == state_.deals.size();
        for (const auto& [deal, text] : deals_)
            same = same && state_.deals.count(deal) && state_.deals.at(deal) == sha256(text);
        if (!same) {
            auto e = fail(Code::invalid_input, "the stored state is not the one that the newest "
                          "header states", {store_.path()}, "run 'chain verify' on the database");
            e.value().id = finding::bad_index;
            return e;
        }
    }
    governed_.reset();
    const Member* m = signer_ ? state_.members.by_key(signer_->key.public_key()) : nullptr;
    member_ = m ? m->name : std::string();   // a block may have taken the vote away
    return {};
}

Result<GovernanceLog*> Replica::governance()
{
    if (!governed_) {
        TRANCHAIN_TRY(GovernanceLog log, governance_of(store_));
        governed_ = std::move(log);
    }
    return &*governed_;
}

Result<ChainState> Replica::in_force(std::int64_t height)
{
    if (height > tip_ || tip_ < 0) return state_;
    TRANCHAIN_TRY(GovernanceLog * log, governance());
    return log->at(height);
}

Result<std::vector<Member>> Replica::members_ever()
{
    // Whoever left or gave up a key is in one of the two lists; if nobody did, all are members.
    if (state_.former.empty() && state_.suspended.empty()) {
        const auto all = state_.members.all();
        return std::vector<Member>(all.begin(), all.end());
    }
    TRANCHAIN_TRY(GovernanceLog * log, governance());
    return log->ever();
}

RowSource Replica::row_source()
{
    return [this](const Record& r) { return store_.rows(hex(r.hash())); };
}

Result<std::unique_ptr<Executor>> Replica::executor()
{
    return std::make_unique<Executor>(*contract_, state_, deals_, [this](const std::string& deal) {
        return store_.private_state(deal, tip_);
    });
}

Result<Opinion> judge_genesis(const Candidate& c)
{
    Opinion o;
    const auto refuse = [&](const Errors& errors) {
        for (const Error& e : errors) o.findings.push_back(finding_of(e, 0));
        o.verdict = Stance::refused;
        o.reason = o.findings.front().str();
        return o;
    };
    auto header = Header::parse(c.header);
    if (!header) return refuse(header.error());
    o.header = *header;
    if (auto e = check_link(o.header, nullptr); !e.empty()) return refuse(e);
    if (auto e = check_body(o.header, c.body); !e.empty()) return refuse(e);
    auto records = parse_body(c.body);
    if (!records) return refuse(records.error());
    o.records = std::move(*records);
    auto genesis = genesis_from_record(o.records.front().record);
    if (!genesis) return refuse(genesis.error());
    const ChainState state = ChainState::from_genesis(*genesis);
    const Header& h = o.header;
    const auto wrong = [&](const char* what) {
        return refuse({Error{Code::answer_no, what, {}, {}, std::string(finding::bad_genesis)}});
    };
    if (o.records.size() != 1 || !o.records.front().signatures.empty())
        return wrong("genesis holds one record without signatures");
    if (h.chain != state.chain || h.time != genesis->time || h.orderer != genesis->orderer ||
        h.rules != genesis->rules || h.members != genesis->members.hash() || h.attempt != 1)
        return wrong("the header differs from what the genesis record says");
    if (h.state != state.hash()) return wrong("the header states another state");
    o.state = {0, state.to_json().canonical(), {}};
    return o;
}

namespace {

Findings check_header(const Header& h, const Header& previous, const ChainState& state,
                      const Candidate& c, bool begins)
{
    Findings found;
    const auto add = [&](std::string_view id, std::string message) {
        found.push_back(make_finding(id, std::move(message), c.height));
    };
    for (const Error& e : check_link(h, &previous)) found.push_back(finding_of(e, c.height));
    for (const Error& e : check_body(h, c.body)) found.push_back(finding_of(e, c.height));
    if (h.orderer != state.orderer && !begins)
        add(finding::bad_orderer, fmt::format("'{}' made it, the orderer is '{}'", h.orderer,
                                              state.orderer));
    if (h.members != state.members.hash()) add(finding::bad_members, "another member set votes");
    if (h.epoch != state.epoch && !begins)
        add(finding::bad_epoch, "another epoch is in force");
    if (h.rules != state.rules) add(finding::bad_rules, "another rules version is in force");
    if (static_cast<std::int64_t>(c.body.size()) > state.policy.body_limit)
        add(finding::bad_body_size, "the body is larger than the policy allows");
    return found;
}

}  // namespace

std::string place_of(std::size_t index, const Record& record)
{
    return fmt::format("{} ({})", index + 1, describe(record));
}

Result<Opinion> judge_block(Executor& executor, const Header& previous, const Candidate& c,
                            std::optional<std::int64_t> now, const RowSource& rows,
                            bool rows_needed, const VoterSource& voters)
{
    Opinion o;
    const auto settle = [&](Stance verdict, std::string reason) {
        o.verdict = verdict;
        o.reason = std::move(reason);
        return o;
    };
    const ChainState before = executor.state();
    auto header = Header::parse(c.header);
    if (!header) return settle(Stance::refused, first_of(header.error()).message);
    const Header& h = o.header = *header;
    const bool begins = h.epoch > before.epoch && begins_with_takeover(c.body);
    o.findings = check_header(h, previous, before, c, begins);
    if (!o.findings.empty()) return settle(Stance::refused, o.findings.front().str());
    if (now && h.time > *now + before.policy.skew)
        return settle(Stance::not_yet, fmt::format("the block is dated {} seconds ahead of this "
                                                    "clock", h.time - *now));
    if (now && *now > h.time + before.policy.lag)
        return settle(Stance::not_yet, fmt::format("too old: dated {} seconds behind this clock",
                                                    *now - h.time));
    TRANCHAIN_TRY(o.records, one(parse_body(c.body)));
    if (begins) {
        TRANCHAIN_TRY(MemberSet set, voters(previous.height));
        executor.begin_epoch({h.prev, previous.height, previous.epoch, std::move(set)});
    }

    for (std::size_t i = 0; i < o.records.size(); ++i) {
        const std::string name = place_of(i, o.records[i].record);
        TRANCHAIN_TRY(Judgement j, executor.judge(o.records[i], c.height, h.time, rows,
                                                  rows_needed));
        if (j.ruling == Ruling::not_yet)
            return settle(Stance::not_yet, "record " + name + " waits for " + j.waits_for);
        for (Finding& f : j.findings) {
            f.block = c.height;
            f.record = name;
            o.findings.push_back(std::move(f));
        }
        if (j.ruling == Ruling::refused) {
            if (o.findings.empty())
                o.findings.push_back(make_finding(finding::refused_record,
                                                  "the contract refuses it", c.height, name));
            return settle(Stance::refused, o.findings.front().str());
        }
        if (i > 0 || !begins) continue;
        const ChainState& begun = executor.state();
        if (h.epoch == begun.epoch && h.orderer == begun.orderer) continue;
        o.findings.push_back(make_finding(
            h.epoch == begun.epoch ? finding::bad_orderer : finding::bad_epoch,
            fmt::format("the takeover is to epoch {} of '{}', the header of epoch {} and '{}'",
                        begun.epoch, begun.orderer, h.epoch, h.orderer), c.height, name));
        return settle(Stance::refused, o.findings.front().str());
    }
    const Hash state = executor.state().hash();
    if (state != h.state) {
        o.findings.push_back(make_finding(
            finding::bad_state, fmt::format("the header states state {}, these records lead to {}",
                                            hex(h.state), hex(state)), c.height));
        return settle(Stance::refused, o.findings.front().str());
    }
    o.not_checked.assign(executor.not_checked().begin(), executor.not_checked().end());
    o.state = {c.height, executor.state().to_json().canonical(), executor.deal_states()};
    o.private_states = executor.private_states();
    return o;
}

Result<bool> Replica::has_seen(const Candidate& c)
{
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    if (ready && ready->hash == c.hash) return true;
    TRANCHAIN_TRY(const auto endorsed, store_.endorsement(c.epoch, c.height));
    return endorsed && endorsed->hash == c.hash;
}

Result<Opinion> Replica::judge(const Candidate& c, std::optional<std::int64_t> now, bool seen)
{
    if (tip_ < 0) return judge_genesis(c);
    std::vector<Candidate> way;
    if (c.height != tip_ + 1) {
        TRANCHAIN_TRY(const Ahead ahead, this->ahead());
        TRANCHAIN_TRY(way, ahead.below(c));
    }
    TRANCHAIN_TRY(const auto executor, this->executor());
    if (seen) executor->trust_rows();
    Header previous = *previous_;
    std::vector<MemberSet> sets;   // who votes on each block of the way
    const VoterSource voters = [&](std::int64_t height) -> Result<MemberSet> {
        if (height > tip_) return sets.at(static_cast<std::size_t>(height - tip_ - 1));
        TRANCHAIN_TRY(const ChainState then, in_force(height));
        return then.members;
    };
    std::vector<std::pair<Candidate, std::vector<SignedRecord>>> under;
    for (Candidate& lower : way) {
        sets.push_back(executor->state().members);
        TRANCHAIN_TRY(Opinion o, judge_block(*executor, previous, lower, std::nullopt, row_source(),
                                             store_.has_rows_file(), voters));
        if (o.verdict != Stance::ready) return o;
        previous = o.header;
        under.emplace_back(std::move(lower), std::move(o.records));
    }
    TRANCHAIN_TRY(Opinion o, judge_block(*executor, previous, c, now, row_source(),
                                         store_.has_rows_file(), voters));
    o.under = std::move(under);
    return o;
}

Result<> Replica::check(const SignedRecord& entry, const std::vector<Row>* rows,
                        const ChainState& in_force)
{
    const Record& r = entry.record;
    const auto named = [&](Finding f) {
        f.record = describe(r);
        auto e = fail(Code::answer_no, f.text());
        e.value().id = f.id;
        return e;
    };
    if (r.chain != in_force.chain)
        return named(make_finding(finding::bad_chain, "it is for chain '" + r.chain + "'"));
    // A signature still missing may come later; a bad one never becomes good.
    for (const Error& e : check_signatures(entry, in_force.members))
        if (e.id != finding::missing_signature) return named(finding_of(e, -1));
    if (rows)
        if (const Findings f = check_rows(r, *rows); !f.empty()) return named(f.front());
    return {};
}

Result<> Replica::take(const SignedRecord& entry, const std::vector<Row>* rows)
{
    TRANCHAIN_DO(check(entry, rows, state_));
    return keep(entry, rows);
}

Result<> Replica::keep(const SignedRecord& entry, const std::vector<Row>* rows)
{
    if (rows) TRANCHAIN_DO(store_.put_rows(hex(entry.record.hash()), *rows));
    return store_.put_submission(entry);
}

Result<> Replica::check(const Candidate& c, const ChainState& in_force)
{
    TRANCHAIN_TRY(const Header h, one(Header::parse(c.header)));
    if (h.chain != in_force.chain || h.height != c.height || h.attempt != c.attempt ||
        h.epoch != c.epoch)
        return fail(Code::answer_no, "the proposal is not for this chain and height");
    if (static_cast<std::int64_t>(c.body.size()) > in_force.policy.body_limit)
        return fail(Code::answer_no, "the proposal's body is larger than the policy allows");
    if (auto e = check_body(h, c.body); !e.empty()) {
        Error first = e.front();
        first.code = Code::answer_no;
        first.message = finding_of(e.front(), c.height).text();
        return tl::make_unexpected(std::move(first));
    }
    return {};
}

Result<> Replica::take(const Candidate& c)
{
    if (c.height != tip_ + 1 && (c.height <= tip_ || c.epoch <= state_.epoch)) return {};
    TRANCHAIN_DO(check(c, state_));
    return store_.put_candidate(c);
}

Result<> Replica::check(const ReadyAnswer& a, const ChainState& in_force)
{
    const Member* m = in_force.members.find(a.member);
    if (a.chain == in_force.chain && m && a.verify(m->key)) return {};
    auto e = fail(Code::answer_no, fmt::format("the answer of '{}' at height {} does not verify",
                                               a.member, a.height));
    e.value().id = finding::bad_answer;
    return e;
}

Result<> Replica::take(const ReadyAnswer& a)
{
    TRANCHAIN_DO(check(a, state_));
    return store_.put_answer(a);
}

}  // namespace tranchain
