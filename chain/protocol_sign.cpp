// Protocol: everything that answers or endorses with a member's key, and sealing.
//
// The rules are those of tests/model.hpp, by name: `ready_guard` and `endorsement_guard` are repair,
// `one_header` and `endorsed_lock` are in answer, `attempt_lock` and `needs_quorum_ready` in
// to_endorse, `one_endorsement` in endorse. A rank is (epoch, height, attempt).
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
auto order_of(const Candidate& c) { return std::tuple(c.epoch, c.height, c.attempt); }
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
    TRANCHAIN_DO(repair_freeze(guard, restored));
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
    TRANCHAIN_TRY(const auto stated, store_.own_freeze());
    TRANCHAIN_TRY(Guard guard, Guard::open(signer_->guard_folder, state_.chain,
                                           !ready && !endorsed && !stated));
    TRANCHAIN_DO(repair(guard));
    const std::int64_t signed_height = std::max(ready ? ready->height : -1,
                                                endorsed ? endorsed->height : -1);
    // What begins an epoch may stand above the next height, on blocks that are not final.
    TRANCHAIN_TRY(const bool ready_ahead, is_ahead(ready ? ready->epoch : 0, ready ? ready->hash
                                                                                   : Hash{}));
    TRANCHAIN_TRY(const bool endorsed_ahead, is_ahead(endorsed ? endorsed->epoch : 0,
                                                      endorsed ? endorsed->hash : Hash{}));
    if ((ready && ready->height > tip_ + 1 && !ready_ahead) ||
        (endorsed && endorsed->height > tip_ + 1 && !endorsed_ahead))
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
    if (mine.freeze()) TRANCHAIN_DO(next.put(*mine.freeze()));
    return {};
}

Result<> Replica::may_be_ready(const Candidate& c)
{
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    if (!ready || ready->hash == c.hash || order_of(*ready) < order_of(c)) return {};
    return fail(Code::answer_no,
                fmt::format("height {}: this key was ready for attempt {}, header {}, and cannot be "
                            "for attempt {}, header {}",
                            c.height, ready->attempt, hex(ready->hash), c.attempt, hex(c.hash)));
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
        TRANCHAIN_DO(may_be_ready(c));
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
    TRANCHAIN_TRY(const auto c, newest_candidate());
    const std::int64_t epoch = c ? c->epoch : state_.epoch;
    TRANCHAIN_DO(may_sign_in(epoch));
    TRANCHAIN_TRY(const auto own, endorsed_next(epoch));
    if (own)
        return sign_answer({own->epoch, own->height, own->attempt, own->hash, own->header,
                            own->body}, Stance::ready, "", guard);
    if (!c)
        return fail(Code::not_found, fmt::format("there is no proposal for height {}", tip_ + 1),
                    {}, "import the orderer's bundle");
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    if (ready && order_of(*ready) >= order_of(*c)) {
        TRANCHAIN_DO(may_be_ready(*c));
        return sign_answer(*c, Stance::ready, "", guard);
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
    TRANCHAIN_DO(may_sign_in(c->epoch));
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    if (ready && ready->height == c->height && ready->hash == c->hash)
        return fail(Code::answer_no, "this key is already ready for that proposal");
    TRANCHAIN_TRY(const auto answers, store_.answers(c->height));
    for (const ReadyAnswer& a : answers)
        if (a.member == member_ && a.header == c->hash && a.verdict == Stance::refused) return a;
    return sign_answer(*c, Stance::refused, reason, guard);
}

Result<std::string> Replica::checkpoint_text(const Candidate& c)
{
    TRANCHAIN_TRY(auto headers, store_.headers());
    if (static_cast<std::int64_t>(headers.size()) != tip_ + 1)
        return fail(Code::invalid_input, "the database has a hole", {store_.path()});
    if (c.height != tip_ + 1) {
        TRANCHAIN_TRY(const Ahead ahead, this->ahead());
        TRANCHAIN_TRY(const auto way, ahead.below(c));
        for (const Candidate& lower : way) headers.push_back(lower.header);
    }
    headers.push_back(c.header);
    return Checkpoint{origin_of(state_.chain, c.epoch), static_cast<std::uint64_t>(c.height) + 1,
                      log_root(headers)}
        .text();
}

Result<Candidate> Replica::to_endorse(const Guard& guard)
{
    TRANCHAIN_TRY(const auto candidates, running());
    std::optional<Candidate> chosen;
    ChainState voting = state_;
    std::size_t best = 0;
    for (const Candidate& c : candidates) {
        TRANCHAIN_TRY(ChainState in_force, in_force_for(c));
        TRANCHAIN_TRY(const auto answers, store_.answers(c.height));
        const std::size_t ready = count_ready(answers, state_.chain, c.epoch, c.height, c.attempt,
                                              c.hash, in_force.members);
        best = std::max(best, ready);
        if (tip_ >= 0 && ready < in_force.members.quorum()) continue;
        chosen = c;   // candidates come in rising attempts
        voting = std::move(in_force);
    }
    if (!chosen)
        return fail(Code::answer_no, fmt::format("height {}: {} of {} members are ready, {} are "
                                                 "needed", tip_ + 1, best, state_.members.size(),
                                                 state_.members.quorum()),
                    {}, "collect their answers with 'chain import'");
    if (const auto& r = guard.ready(); r && order_of(*r) > order_of(*chosen))
        return fail(Code::answer_no, fmt::format("height {}: this key was ready for attempt {}, "
                                                 "and endorses none below it", chosen->height,
                                                 r->attempt));
    if (tip_ >= 0 && member_ != voting.orderer) {
        TRANCHAIN_TRY(const std::string text, checkpoint_text(*chosen));
        TRANCHAIN_TRY(const auto notes, store_.endorsements(chosen->height));
        const bool there = std::any_of(notes.begin(), notes.end(), [&](const auto& n) {
            return n.first == voting.orderer && n.second.text == text;
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
    TRANCHAIN_TRY(const ChainState state, in_force_for(c));
    Note note{text, {}};
    if (signer_->log_key && signer_->log_key->public_key() == state.log_key)
        note.lines.push_back(sign_log_line(*signer_->log_key,
                                           origin_of(state_.chain, own.epoch), note.text));
    note.lines.push_back(cosign(signer_->key, key_name(state_.chain, member_), note.text, own.time));
    TRANCHAIN_DO(take_endorsements(own.height, note, state));
    return note;
}

Result<Note> Replica::endorse(std::int64_t now)
{
    TRANCHAIN_TRY(Guard guard, ready_to_sign());
    const auto chosen = to_endorse(guard);
    std::int64_t epoch = chosen ? chosen->epoch : state_.epoch;
    if (!chosen) {
        // The first block of a later epoch may be endorsed already: the same question again.
        TRANCHAIN_TRY(const auto newest, store_.newest_endorsement());
        if (newest) epoch = std::max(epoch, newest->epoch);
    }
    TRANCHAIN_DO(may_sign_in(epoch));
    TRANCHAIN_TRY(const auto before, endorsed_next(epoch));
    if (before) return sign_endorsement(*before);
    TRANCHAIN_TRY(const Candidate c, chosen);
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
    const auto places = places_of(block.height, o.records);
    if (o.under.empty()) {
        TRANCHAIN_DO(store_.append(block, places, o.state));
        return load();
    }
    TRANCHAIN_TRY(auto headers, store_.headers());
    std::vector<StoredBlock> blocks;
    std::vector<RecordPlace> all;
    for (const auto& [lower, records] : o.under) {
        headers.push_back(lower.header);
        const Checkpoint at{origin_of(state_.chain, lower.epoch), headers.size(), log_root(headers)};
        blocks.push_back({lower.height, lower.header, lower.body, Note{at.text(), {}}});
        const auto more = places_of(lower.height, records);
        all.insert(all.end(), more.begin(), more.end());
    }
    blocks.push_back(block);
    all.insert(all.end(), places.begin(), places.end());
    TRANCHAIN_DO(store_.append(blocks, all, o.state));
    return load();
}

Result<std::optional<std::int64_t>> Replica::finish()
{
    TRANCHAIN_TRY(const auto candidates, running());
    for (const Candidate& c : candidates) {
        TRANCHAIN_TRY(const auto notes, store_.endorsements(c.height));
        TRANCHAIN_TRY(const std::string text, checkpoint_text(c));
        Note note{text, {}};
        for (const auto& [member, n] : notes)
            if (n.text == text)
                note.lines.insert(note.lines.end(), n.lines.begin(), n.lines.end());
        if (note.lines.empty()) continue;
        TRANCHAIN_TRY(const ChainState voting, in_force_for(c));
        const std::size_t needed = tip_ < 0 ? voting.members.size() : voting.members.quorum();
        if (count_endorsements(note, state_.chain, voting.members) < needed) continue;
        TRANCHAIN_TRY(const bool seen, has_seen(c));
        TRANCHAIN_TRY(const Opinion o, judge(c, std::nullopt, seen));
        if (o.verdict != Stance::ready)
            return fail(Code::answer_no, fmt::format("block {} is final for others, but here: {}",
                                                     c.height, o.reason));
        TRANCHAIN_DO(append({c.height, c.header, c.body, note}, o));
        return std::optional<std::int64_t>(c.height);
    }
    return std::optional<std::int64_t>{};
}

}  // namespace tranchain
