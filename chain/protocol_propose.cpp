// Protocol: what waits to be sealed, and the block that the orderer makes of it.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "chain/protocol.hpp"
#include "data/attempt.hpp"

namespace tranchain {

Result<std::vector<SignedRecord>> Replica::open_submissions()
{
    TRANCHAIN_TRY(auto all, store_.submissions_not_settled());
    std::set<Hash> replaced;
    for (const SignedRecord& s : all)
        if (s.record.replaces && s.signers_missing().empty()) replaced.insert(*s.record.replaces);
    // Whoever left, or took another key, can seal nothing that he signed before.
    const bool changed = !state_.former.empty() || !state_.suspended.empty();
    std::vector<SignedRecord> open;
    for (SignedRecord& s : all) {
        const Hash hash = s.record.hash();
        if (replaced.count(hash)) continue;
        TRANCHAIN_TRY(const auto sealed, store_.find_record(hex(hash)));
        if (sealed) continue;
        if (s.record.seq > 0 && s.record.seq <= state_.seq(s.record.deal, s.record.author)) continue;
        if (changed && !check(s, nullptr, state_)) continue;
        open.push_back(std::move(s));
    }
    return open;
}

namespace {

/// A number after one that expired is not wrong: it waits for the replacement of that one.
void explain_gaps(std::vector<LeftOut>& left_out, std::int64_t time)
{
    for (LeftOut& later : left_out) {
        for (const LeftOut& l : left_out) {
            const Record& r = l.entry.record;
            if (r.deal != later.entry.record.deal || r.author != later.entry.record.author ||
                r.seq == 0 || r.seq >= later.entry.record.seq || r.valid_until >= time)
                continue;
            later.verdict = Stance::not_yet;
            later.reason = fmt::format("waits for number {}, which expired and must be replaced",
                                       r.seq);
        }
    }
}

}  // namespace

Result<> Replica::fill(Executor& executor, Block& block, Proposal& p,
                       const std::set<std::string>& sealed)
{
    TRANCHAIN_TRY(auto waiting, open_submissions());
    std::erase_if(waiting,
                  [&](const SignedRecord& s) { return sealed.contains(hex(s.record.hash())); });
    for (bool progress = true; progress;) {
        progress = false;
        p.left_out.clear();
        std::vector<SignedRecord> rest;
        for (SignedRecord& s : waiting) {
            if (const auto missing = s.signers_missing(); !missing.empty()) {
                p.left_out.push_back({s, Stance::not_yet, "signature of " + missing.front()});
                rest.push_back(std::move(s));
                continue;
            }
            TRANCHAIN_TRY(Judgement j, executor.judge(s, block.header.height, block.header.time,
                                                      row_source(), true));
            if (j.ruling == Ruling::accepted) {
                block.records.push_back(std::move(s));
                progress = true;
                continue;
            }
            const bool no = j.ruling == Ruling::refused;
            p.left_out.push_back({s, no ? Stance::refused : Stance::not_yet,
                                  no ? (j.findings.empty() ? "" : j.findings.front().str())
                                     : "waits for " + j.waits_for});
            rest.push_back(std::move(s));
        }
        waiting = std::move(rest);
    }
    explain_gaps(p.left_out, block.header.time);
    return {};
}

Result<std::set<std::string>> Replica::begin(Executor& executor, Block& block, Takeover takeover)
{
    std::set<std::string> sealed;
    TRANCHAIN_TRY(const Ahead ahead, this->ahead());
    const Hash base = newest_of(takeover).header;
    std::vector<Candidate> way;
    if (const Candidate* c = ahead.find(base)) {
        TRANCHAIN_TRY(way, ahead.below(*c));
        way.push_back(*c);
    } else if (base != previous_->hash()) {
        return fail(Code::not_found, fmt::format("header {}, on which the epoch begins, is not here",
                                                 hex(base)),
                    {}, "import a bundle of a member who endorsed it");
    }
    Header previous = *previous_;
    TRANCHAIN_TRY(const ChainState last, in_force(tip_));
    std::vector<MemberSet> sets{last.members};   // of the tip and of each block of the way
    const VoterSource voters = [&](std::int64_t height) -> Result<MemberSet> {
        return sets.at(static_cast<std::size_t>(height - tip_));
    };
    for (const Candidate& lower : way) {
        sets.push_back(executor.state().members);
        TRANCHAIN_TRY(Opinion o, judge_block(executor, previous, lower, std::nullopt, row_source(),
                                             true, voters));
        if (o.verdict != Stance::ready)
            return fail(Code::answer_no,
                        fmt::format("block {}, on which the epoch begins: {}", lower.height,
                                    o.reason));
        for (const SignedRecord& r : o.records) sealed.insert(hex(r.record.hash()));
        previous = std::move(o.header);
    }
    block.header.height = previous.height + 1;
    block.header.prev = previous.hash();
    block.header.time = std::max(block.header.time, previous.time);
    // Of whoever left or took another key meanwhile it counts no more, and would spoil the record.
    std::erase_if(takeover.statements, [&](const Freeze& s) {
        return !is_signed_by_one(s, sets.back()) && !is_signed_by_one(s, executor.state().members);
    });
    if (takeover.statements.empty()) return fail(Code::answer_no, "no statement counts any more");
    executor.begin_epoch({block.header.prev, previous.height, previous.epoch, sets.back()});
    SignedRecord first{takeover.record(), {}};
    TRANCHAIN_TRY(const Judgement j, executor.judge(first, block.header.height, block.header.time,
                                                    row_source(), true));
    if (j.ruling != Ruling::accepted) {
        auto e = fail(Code::answer_no, "the takeover does not hold: " + j.findings.front().text());
        e.value().id = j.findings.front().id;
        return e;
    }
    block.records.push_back(std::move(first));
    return sealed;
}

Result<Proposal> Replica::propose(std::int64_t now)
{
    TRANCHAIN_TRY(Guard guard, ready_to_sign());
    TRANCHAIN_TRY(const auto takeover, this->takeover());
    if (!takeover && member_ != state_.orderer)
        return fail(Code::denied, fmt::format("'{}' proposes blocks, this key is of '{}'",
                                              state_.orderer, member_));
    if (tip_ < 0)
        return fail(Code::answer_no, "genesis is not final yet", {},
                    "all members endorse it first: 'chain endorse'");
    const std::int64_t epoch = takeover ? takeover->statements.front().epoch : state_.epoch;
    TRANCHAIN_DO(may_sign_in(epoch));
    TRANCHAIN_TRY(const auto endorsed, endorsed_next(epoch));
    if (endorsed)
        return fail(Code::answer_no, fmt::format("height {} was endorsed; it must be finished first",
                                                 endorsed->height));
    Proposal p;
    Block block;
    block.header.height = tip_ + 1;
    block.header.prev = previous_->hash();
    block.header.time = std::max(now, previous_->time);
    TRANCHAIN_TRY(const auto executor, this->executor());
    std::set<std::string> sealed;
    if (takeover) {
        TRANCHAIN_TRY(sealed, begin(*executor, block, *takeover));
    }
    block.header.orderer = member_;
    block.header.rules = executor->state().rules;
    block.header.epoch = epoch;
    block.header.members = executor->state().members.hash();
    TRANCHAIN_DO(fill(*executor, block, p, sealed));
    if (block.records.empty()) {
        std::string why;
        for (const LeftOut& l : p.left_out)
            why += "\n" + describe(l.entry.record) + ": " + l.reason;
        return fail(Code::answer_no, "there is nothing to propose" + why, {},
                    "records are submitted with 'anchor', those of others come with 'chain import'");
    }
    block.header.chain = state_.chain;
    block.header.state = executor->state().hash();
    TRANCHAIN_DO(choose(block, p));
    p.records = std::move(block.records);
    TRANCHAIN_TRY(const ReadyAnswer own, sign_answer(p.candidate, Stance::ready, "", guard));
    static_cast<void>(own);
    return p;
}

Result<> Replica::choose(Block& block, Proposal& p)
{
    Header& h = block.header;
    TRANCHAIN_TRY(auto all, proposed());
    std::erase_if(all, [&](const Candidate& c) { return c.epoch != h.epoch; });
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    // Attempts rise within a height; all that begins an epoch counts as one height.
    const bool same = ready && ready->epoch == h.epoch &&
                      (ready->height == h.height || h.epoch > state_.epoch);
    std::int64_t attempt = same ? ready->attempt : 0;
    const Candidate* newest = nullptr;
    for (const Candidate& c : all) {
        attempt = std::max(attempt, c.attempt);
        const auto rank = [](const Candidate& one) { return std::pair(one.height, one.attempt); };
        const bool mine = ready && ready->hash == c.hash;
        if (!newest || rank(c) > rank(*newest) || (rank(c) == rank(*newest) && mine)) newest = &c;
    }
    block.seal_body();
    const auto says_the_same = [&]() -> Result<bool> {
        TRANCHAIN_TRY(Header there, one(Header::parse(newest->header)));
        p.header = there;
        const bool later = there.time > h.time;
        there.attempt = h.attempt;
        there.time = h.time;
        return there == h && !later;
    };
    TRANCHAIN_TRY(const auto answers, store_.answers(h.height));
    const auto objected = std::any_of(answers.begin(), answers.end(), [&](const ReadyAnswer& a) {
        return newest && a.header == newest->hash && a.verdict != Stance::ready;
    });
    if (newest && !objected) {
        TRANCHAIN_TRY(p.repeated, says_the_same());
    }
    if (p.repeated) {
        p.candidate = *newest;
        return {};
    }
    h.attempt = attempt + 1;
    p.header = h;
    p.candidate = {h.epoch, h.height, h.attempt, h.hash(), h.canonical(), block.body()};
    TRANCHAIN_DO(may_be_ready(p.candidate));
    return store_.put_candidate(p.candidate);
}

}  // namespace tranchain
