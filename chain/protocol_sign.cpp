// Protocol: everything that uses a member's key, and sealing.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "chain/proof.hpp"
#include "chain/protocol.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

auto order_of(const OwnReady& r) { return std::tuple(r.epoch, r.height, r.attempt); }
auto order_of(const OwnEndorsement& e) { return std::tuple(e.epoch, e.height); }

tl::unexpected<Error> denied(std::string_view id, std::string message, std::string hint)
{
    auto e = fail(Code::denied, std::move(message), {}, std::move(hint));
    e.value().id = id;
    return e;
}

}  // namespace

Result<> Replica::repair(Guard& guard)
{
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    TRANCHAIN_TRY(const auto endorsed, store_.newest_endorsement());
    bool restored = false;
    if (guard.ready() && (!ready || order_of(*guard.ready()) > order_of(*ready))) {
        TRANCHAIN_DO(store_.put_ready(*guard.ready()));
        restored = true;
    }
    if (const auto& e = guard.endorsement();
        e && (!endorsed || order_of(*e) > order_of(*endorsed))) {
        TRANCHAIN_DO(store_.put_candidate({e->epoch, e->height, e->attempt, e->hash, e->header,
                                           e->body}));
        TRANCHAIN_DO(store_.put_own_endorsement(*e));
        restored = true;
    }
    if (restored)
        return denied(finding::restored_database,
                      "the database is older than the guard: it was restored from a copy; the "
                      "newest signatures were put back from the guard",
                      "import a bundle of another member, then run the command again");
    // One vote, two memories: they may differ only in how far they go.
    const bool differ = (guard.ready() && order_of(*guard.ready()) == order_of(*ready) &&
                         !(*guard.ready() == *ready)) ||
                        (guard.endorsement() && order_of(*guard.endorsement()) == order_of(*endorsed) &&
                         !(*guard.endorsement() == *endorsed));
    if (differ)
        return denied(finding::bad_database,
                      "the newest signature in the database is not the one in the guard",
                      "one of them was changed; take the guard from a copy if it is the guard, else "
                      "import the chain into a new database");
    if (ready) TRANCHAIN_DO(guard.put(*ready));
    if (endorsed) TRANCHAIN_DO(guard.put(*endorsed));
    return {};
}

Result<Guard> Replica::ready_to_sign()
{
    if (!signer_) return fail(Code::denied, "a key is needed", {}, "give --key FILE");
    if (member_.empty())
        return fail(Code::denied, "the key is not a member of '" + state_.chain + "' any more");
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    TRANCHAIN_TRY(const auto endorsed, store_.newest_endorsement());
    TRANCHAIN_TRY(Guard guard,
                  Guard::open(signer_->guard_folder, state_.chain, !ready && !endorsed));
    TRANCHAIN_DO(repair(guard));
    const std::int64_t height = tip_ + 1;
    const std::int64_t signed_height = std::max(ready ? ready->height : -1,
                                                endorsed ? endorsed->height : -1);
    if (signed_height > height)
        return denied(finding::restored_database,
                      fmt::format("this key has signed at height {} already, but the newest block "
                                  "here is {}", signed_height, tip_),
                      "import the blocks in between from another member");
    return guard;
}

Result<> Replica::hand_guard_to(const std::string& folder)
{
    TRANCHAIN_TRY(const Guard mine, ready_to_sign());
    TRANCHAIN_TRY(Guard next, Guard::open(folder, state_.chain, true));
    if (mine.ready()) TRANCHAIN_DO(next.put(*mine.ready()));
    if (mine.endorsement()) TRANCHAIN_DO(next.put(*mine.endorsement()));
    return {};
}

Result<ReadyAnswer> Replica::sign_answer(const Candidate& c, Stance verdict, const std::string& reason,
                                    Guard& guard)
{
    ReadyAnswer a;
    a.chain = state_.chain;
    a.epoch = c.epoch;
    a.height = c.height;
    a.attempt = c.attempt;
    a.header = c.hash;
    a.member = member_;
    a.verdict = verdict;
    a.reason = reason;
    if (verdict == Stance::ready) {
        const OwnReady own{c.epoch, c.height, c.attempt, c.hash};
        TRANCHAIN_TRY(const auto before, store_.newest_ready());
        if (!before || !(*before == own)) TRANCHAIN_DO(store_.put_ready(own));
        TRANCHAIN_DO(guard.put(own));
    }
    a.sign(signer_->key);
    TRANCHAIN_DO(store_.put_answer(a));
    return a;
}

Result<ReadyAnswer> Replica::answer(std::int64_t now)
{
    TRANCHAIN_TRY(Guard guard, ready_to_sign());
    if (tip_ < 0)
        return fail(Code::answer_no, "genesis is endorsed without ready answers", {},
                    "run 'chain endorse'");
    TRANCHAIN_TRY(const auto own, store_.endorsement(state_.epoch, tip_ + 1));
    if (own)
        return sign_answer({own->epoch, own->height, own->attempt, own->hash, own->header,
                            own->body}, Stance::ready, "", guard);
    TRANCHAIN_TRY(const auto c, newest_candidate());
    if (!c)
        return fail(Code::not_found, fmt::format("there is no proposal for height {}", tip_ + 1),
                    {}, "import the orderer's bundle");
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    if (ready && ready->height == c->height) {
        if (ready->hash == c->hash) return sign_answer(*c, Stance::ready, "", guard);
        if (ready->attempt >= c->attempt)
            return fail(Code::answer_no,
                        fmt::format("height {}: this key was ready for attempt {}, header {}, and "
                                    "cannot be for attempt {}, header {}", c->height,
                                    ready->attempt, hex(ready->hash), c->attempt, hex(c->hash)));
    }
    TRANCHAIN_TRY(const auto answers, store_.answers(c->height));
    for (const ReadyAnswer& a : answers)
        if (a.member == member_ && a.header == c->hash && a.verdict == Stance::refused) return a;
    TRANCHAIN_TRY(const Opinion o, judge(*c, now));
    return sign_answer(*c, o.verdict, o.reason, guard);
}

Result<ReadyAnswer> Replica::refuse(const std::string& reason)
{
    TRANCHAIN_TRY(Guard guard, ready_to_sign());
    TRANCHAIN_TRY(const auto c, newest_candidate());
    if (!c || tip_ < 0)
        return fail(Code::not_found, fmt::format("there is no proposal for height {}", tip_ + 1));
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    if (ready && ready->height == c->height && ready->hash == c->hash)
        return fail(Code::answer_no, "this key is already ready for that proposal");
    TRANCHAIN_TRY(const auto answers, store_.answers(c->height));
    for (const ReadyAnswer& a : answers)
        if (a.member == member_ && a.header == c->hash && a.verdict == Stance::refused) return a;
    return sign_answer(*c, Stance::refused, reason, guard);
}

Result<std::vector<SignedRecord>> Replica::open_submissions()
{
    TRANCHAIN_TRY(auto all, store_.submissions());
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

Result<Proposal> Replica::propose(std::int64_t now)
{
    TRANCHAIN_TRY(Guard guard, ready_to_sign());
    if (member_ != state_.orderer)
        return fail(Code::denied, fmt::format("'{}' proposes blocks, this key is of '{}'",
                                              state_.orderer, member_));
    if (tip_ < 0)
        return fail(Code::answer_no, "genesis is not final yet", {},
                    "all members endorse it first: 'chain endorse'");
    const std::int64_t height = tip_ + 1;
    TRANCHAIN_TRY(const auto endorsed, store_.endorsement(state_.epoch, height));
    if (endorsed)
        return fail(Code::answer_no, fmt::format("height {} was endorsed; it must be finished first",
                                                 height));
    Proposal p;
    Block block;
    block.header.time = std::max(now, previous_->time);
    TRANCHAIN_TRY(const auto executor, this->executor());
    TRANCHAIN_TRY(auto waiting, open_submissions());
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
            TRANCHAIN_TRY(Judgement j, executor->judge(s, height, block.header.time, row_source(),
                                                       true));
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
    if (block.records.empty()) {
        std::string why;
        for (const LeftOut& l : p.left_out)
            why += "\n" + describe(l.entry.record) + ": " + l.reason;
        return fail(Code::answer_no, "there is nothing to propose" + why, {},
                    "records are submitted with 'anchor', those of others come with 'chain import'");
    }
    TRANCHAIN_TRY(const auto newest, newest_candidate());
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    TRANCHAIN_TRY(const auto answers, store_.answers(height));
    std::int64_t attempt = ready && ready->height == height ? ready->attempt : 0;
    if (newest) attempt = std::max(attempt, newest->attempt);
    const auto objected = std::any_of(answers.begin(), answers.end(), [&](const ReadyAnswer& a) {
        return newest && a.header == newest->hash && a.verdict != Stance::ready;
    });
    if (newest && !objected && newest->body == block.body()) {
        p.candidate = *newest;
        p.repeated = true;
        TRANCHAIN_TRY(p.header, one(Header::parse(newest->header)));
    } else {
        Header& h = block.header;
        h.chain = state_.chain;
        h.epoch = state_.epoch;
        h.height = height;
        h.attempt = attempt + 1;
        h.prev = previous_->hash();
        h.orderer = member_;
        h.rules = state_.rules;
        h.members = state_.members.hash();
        h.state = executor->state().hash();
        block.seal_body();
        p.header = h;
        p.candidate = {h.epoch, height, h.attempt, h.hash(), h.canonical(), block.body()};
        TRANCHAIN_DO(store_.put_candidate(p.candidate));
    }
    p.records = std::move(block.records);
    TRANCHAIN_TRY(const ReadyAnswer own, sign_answer(p.candidate, Stance::ready, "", guard));
    static_cast<void>(own);
    return p;
}

Result<std::string> Replica::checkpoint_text(const Candidate& c)
{
    TRANCHAIN_TRY(auto headers, store_.headers());
    if (static_cast<std::int64_t>(headers.size()) != c.height)
        return fail(Code::invalid_input, "the database has a hole", {store_.path()});
    headers.push_back(c.header);
    return Checkpoint{origin_of(state_.chain, c.epoch), static_cast<std::uint64_t>(c.height) + 1,
                      log_root(headers)}
        .text();
}

Result<Candidate> Replica::to_endorse(const Guard& guard)
{
    TRANCHAIN_TRY(const auto candidates, store_.candidates(tip_ + 1));
    TRANCHAIN_TRY(const auto answers, store_.answers(tip_ + 1));
    const std::size_t q = state_.members.quorum();
    std::optional<Candidate> chosen;
    std::size_t best = 0;
    for (const Candidate& c : candidates) {
        const std::size_t ready = count_ready(answers, state_.chain, c.epoch, c.height, c.attempt,
                                              c.hash, state_.members);
        best = std::max(best, ready);
        if (tip_ < 0 || ready >= q) chosen = c;   // candidates come in rising attempts
    }
    if (!chosen)
        return fail(Code::answer_no, fmt::format("height {}: {} of {} members are ready, {} are "
                                                 "needed", tip_ + 1, best, state_.members.size(), q),
                    {}, "collect their answers with 'chain import'");
    if (const auto& r = guard.ready();
        r && r->height == chosen->height && r->attempt > chosen->attempt)
        return fail(Code::answer_no, fmt::format("height {}: this key was ready for attempt {}, "
                                                 "and endorses none below it", chosen->height,
                                                 r->attempt));
    if (tip_ >= 0 && member_ != state_.orderer) {
        TRANCHAIN_TRY(const std::string text, checkpoint_text(*chosen));
        TRANCHAIN_TRY(const auto notes, store_.endorsements(chosen->height));
        const bool there = std::any_of(notes.begin(), notes.end(), [&](const auto& n) {
            return n.first == state_.orderer && n.second.text == text;
        });
        if (!there)
            return fail(Code::answer_no, "the orderer has not endorsed it yet", {},
                        "import the orderer's endorsement first");
    }
    return *chosen;
}

Result<Note> Replica::sign_endorsement(const OwnEndorsement& own)
{
    const Candidate c{own.epoch, own.height, own.attempt, own.hash, own.header, own.body};
    TRANCHAIN_TRY(const std::string text, checkpoint_text(c));
    Note note{text, {}};
    if (signer_->log_key && signer_->log_key->public_key() == state_.log_key)
        note.lines.push_back(sign_log_line(*signer_->log_key,
                                           origin_of(state_.chain, own.epoch), note.text));
    note.lines.push_back(cosign(signer_->key, key_name(state_.chain, member_), note.text, own.time));
    TRANCHAIN_DO(take_endorsements(own.height, note));
    return note;
}

Result<Note> Replica::endorse(std::int64_t now)
{
    TRANCHAIN_TRY(Guard guard, ready_to_sign());
    TRANCHAIN_TRY(const auto before, store_.endorsement(state_.epoch, tip_ + 1));
    if (before) return sign_endorsement(*before);
    TRANCHAIN_TRY(const Candidate c, to_endorse(guard));
    TRANCHAIN_TRY(const bool seen, has_seen(c));
    TRANCHAIN_TRY(const Opinion o, judge(c, std::nullopt, seen));
    if (o.verdict != Stance::ready)
        return fail(Code::answer_no, fmt::format("height {}: {}: {}", c.height,
                                                 o.verdict == Stance::refused ? "refused"
                                                                               : "not yet",
                                                 o.reason));
    const OwnEndorsement own{c.epoch, c.height, c.attempt, c.hash, now, c.header, c.body};
    TRANCHAIN_DO(store_.put_own_endorsement(own));
    TRANCHAIN_DO(guard.put(own));
    return sign_endorsement(own);
}

Result<> Replica::append(const StoredBlock& block, const Opinion& o)
{
    for (const auto& [deal, bytes] : o.private_states)
        TRANCHAIN_DO(store_.put_private_state(deal, block.height, bytes));
    TRANCHAIN_DO(store_.append(block, places_of(block.height, o.records), o.state));
    return load();
}

Result<std::optional<std::int64_t>> Replica::finish()
{
    const std::int64_t height = tip_ + 1;
    TRANCHAIN_TRY(const auto candidates, store_.candidates(height));
    TRANCHAIN_TRY(const auto notes, store_.endorsements(height));
    for (const Candidate& c : candidates) {
        TRANCHAIN_TRY(const std::string text, checkpoint_text(c));
        Note note{text, {}};
        for (const auto& [member, n] : notes)
            if (n.text == text)
                note.lines.insert(note.lines.end(), n.lines.begin(), n.lines.end());
        if (count_endorsements(note, state_.chain, state_.members) < endorsements_needed()) continue;
        TRANCHAIN_TRY(const bool seen, has_seen(c));
        TRANCHAIN_TRY(const Opinion o, judge(c, std::nullopt, seen));
        if (o.verdict != Stance::ready)
            return fail(Code::answer_no, fmt::format("block {} is final for others, but here: {}",
                                                     height, o.reason));
        TRANCHAIN_DO(append({height, c.header, c.body, note}, o));
        return std::optional<std::int64_t>(height);
    }
    return std::optional<std::int64_t>{};
}

}  // namespace tranchain
