// Protocol: freeze statements, and the takeover that enough of them make.
//
// Of the rules of tests/model.hpp `statement_guard` is repair_freeze; that epochs only rise is decide.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "chain/protocol.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

std::string name_of(const Freeze& f)
{
    return fmt::format("epoch {} under '{}'", f.epoch, f.orderer);
}

} // namespace

Result<> Replica::repair_freeze(Guard& guard, bool& restored)
{
    TRANCHAIN_TRY(const auto stated, store_.own_freeze());
    const auto& kept = guard.freeze();
    if (kept && (!stated || kept->epoch > stated->epoch)) {
        TRANCHAIN_DO(store_.put_own_freeze(*kept));
        restored = true;
        return {};
    }
    if (kept && kept->epoch == stated->epoch && kept->intent() != stated->intent()) {
        auto e = fail(Code::denied, "the freeze statement in the database is not the one in the guard",
                      {}, "one of them was changed; take the guard from a copy if it is the guard, "
                          "else import the chain into a new database");
        e.value().id = finding::bad_database;
        return e;
    }
    return stated ? guard.put(*stated) : Result<>();
}

Result<std::string> Replica::successor(std::int64_t epoch)
{
    TRANCHAIN_TRY(const auto block, store_.block(0));
    TRANCHAIN_TRY(const auto records, one(parse_body(block->body)));
    TRANCHAIN_TRY(const Genesis genesis, one(genesis_from_record(records.front().record)));
    const auto& all = genesis.succession;
    const auto now = std::ranges::find(all, state_.orderer);
    const auto start = static_cast<std::size_t>(now == all.end() ? 0 : now - all.begin() + 1);
    std::vector<std::string> next;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string& name = all[(start + i) % all.size()];
        if (name != state_.orderer && state_.members.find(name)) next.push_back(name);
    }
    if (next.empty())
        return fail(Code::not_found, "nobody of the succession is a member", {},
                    "say who orders with --orderer");
    // If the wishes for one epoch split, the next one has the next name.
    return next[static_cast<std::size_t>(epoch - state_.epoch - 1) % next.size()];
}

Result<FreezeWish> Replica::plan(const FreezeWish& wish)
{
    TRANCHAIN_TRY(const auto stated, store_.own_freeze());
    if (stated && stated->epoch > state_.epoch && wish.epoch.value_or(stated->epoch) == stated->epoch) {
        if (wish.orderer.value_or(stated->orderer) != stated->orderer)
            return fail(Code::answer_no,
                        fmt::format("this key stated {} already, once for ever", name_of(*stated)),
                        {}, fmt::format("wish '{}' for --epoch {}", *wish.orderer,
                                        stated->epoch + 1));
        return FreezeWish{stated->epoch, stated->orderer, stated->log_key};
    }
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    TRANCHAIN_TRY(const auto endorsed, store_.newest_endorsement());
    const std::int64_t floor = std::max({state_.epoch, stated ? stated->epoch : 0,
                                         ready ? ready->epoch : 0, endorsed ? endorsed->epoch : 0});
    FreezeWish out = wish;
    const std::int64_t epoch = wish.epoch.value_or(floor + 1);
    out.epoch = epoch;
    if (epoch <= floor)
        return fail(Code::answer_no,
                    fmt::format("epoch {} is over for this key, which stated or signed in epoch {}",
                                epoch, floor), {}, fmt::format("try epoch {}", floor + 1));
    if (epoch > state_.epoch + furthest_epoch)
        return fail(Code::usage, fmt::format("epoch {} is far above {}", epoch, state_.epoch));
    if (!out.orderer) {
        TRANCHAIN_TRY(out.orderer, successor(epoch));
    }
    if (!state_.members.find(*out.orderer))
        return fail(Code::not_found, fmt::format("'{}' is not a member", *out.orderer));
    return out;
}

Result<Freeze> Replica::decide(const FreezeWish& wish)
{
    TRANCHAIN_TRY(const auto endorsed, store_.newest_endorsement());
    Freeze f;
    f.chain = state_.chain;
    f.member = member_;
    f.epoch = *wish.epoch;
    f.orderer = *wish.orderer;
    std::optional<PublicKey> log_key;
    if (f.orderer == member_) log_key = wish.log_key;
    TRANCHAIN_TRY(const auto others, store_.freezes(f.epoch - 1));
    for (const Freeze& other : others)
        if (f.orderer != member_ && other.epoch == f.epoch && other.member == f.orderer &&
            other.orderer == f.orderer)
            log_key = other.log_key;
    if (!log_key)
        return fail(Code::not_found,
                    fmt::format("the log key of {} is not known here", name_of(f)), {},
                    fmt::format("'{}' states it first: import a bundle of that member", f.orderer));
    if (owner_of(state_, *log_key)) {
        auto e = fail(Code::denied, fmt::format("the log key of {} was used before", name_of(f)), {},
                      "who orders again moves KEY.log away, so that a new one is made");
        e.value().id = finding::bound_key;
        return e;
    }
    f.log_key = *log_key;
    if (endorsed)
        f.endorsed = Freeze::Endorsed{endorsed->epoch, endorsed->height, endorsed->attempt,
                                      endorsed->hash};
    return f;
}

Result<Freeze> Replica::sign_freeze(Freeze f, Guard& guard)
{
    TRANCHAIN_DO(guard.put(f));
    f.sign(signer_->key);
    TRANCHAIN_DO(store_.put_freeze(f));
    return f;
}

/// Whoever voted on the newest block is asked about it, though that block took his vote away.
Result<Freeze> Replica::freeze(const FreezeWish& wish)
{
    if (!member_.empty() || !signer_ || tip_ < 0) return state_freeze(wish);
    TRANCHAIN_TRY(const ChainState voted, in_force(tip_));
    const Member* m = voted.members.by_key(signer_->key.public_key());
    if (m && !state_.members.find(m->name)) member_ = m->name;
    auto out = state_freeze(wish);
    member_.clear();
    return out;
}

Standing Replica::newest_standing() const
{
    return {previous_->epoch, previous_->height, previous_->attempt};
}

Result<Freeze> Replica::state_freeze(const FreezeWish& wish)
{
    TRANCHAIN_TRY(Guard guard, ready_to_sign());
    if (tip_ < 0)
        return fail(Code::answer_no, "genesis is not final yet: its members agree on another one");
    TRANCHAIN_TRY(const FreezeWish planned, plan(wish));
    TRANCHAIN_TRY(const auto stated, store_.own_freeze());
    if (stated && stated->epoch == *planned.epoch) return sign_freeze(*stated, guard);
    TRANCHAIN_TRY(const Freeze f, decide(planned));
    if (f.endorsed && f.endorsed->height > tip_) {
        // Others believe it with its answers only, and want to see the endorsement.
        TRANCHAIN_TRY(const auto own, store_.newest_endorsement());
        const Candidate c{own->epoch, own->height, own->attempt, own->hash, own->header, own->body};
        TRANCHAIN_TRY(const ChainState voting, in_force_for(c));
        TRANCHAIN_TRY(const auto answers, store_.answers(c.height));
        if (count_ready(answers, f.chain, c.epoch, c.height, c.attempt, c.hash, voting.members) <
            voting.members.quorum())
            return fail(Code::answer_no,
                        fmt::format("the ready answers for header {}, which this key endorsed, are "
                                    "not here", hex(c.hash)),
                        {}, "import a bundle of another member, then state it again");
        TRANCHAIN_TRY(const Note note, sign_endorsement(*own));
        static_cast<void>(note);
    }
    TRANCHAIN_DO(store_.put_own_freeze(f));
    return sign_freeze(f, guard);
}

Result<std::vector<EpochWish>> Replica::wishes()
{
    TRANCHAIN_TRY(const auto all, store_.freezes(state_.epoch));
    if (all.empty()) return std::vector<EpochWish>{};
    TRANCHAIN_TRY(const ChainState voted, in_force(tip_));
    std::map<std::tuple<std::int64_t, std::string, PublicKey>, EpochWish> sorted;
    for (const Freeze& f : all) {
        if (!is_signed_by_one(f, state_.members) && !is_signed_by_one(f, voted.members)) continue;
        EpochWish& wish = sorted[{f.epoch, f.orderer, f.log_key}];
        wish.epoch = f.epoch;
        wish.orderer = f.orderer;
        // Of a member that signed two for one epoch the first counts; both are evidence.
        if (std::ranges::find(wish.statements, f.member, &Freeze::member) == wish.statements.end())
            wish.statements.push_back(f);
    }
    std::vector<EpochWish> out;
    for (auto& [key, wish] : sorted) out.push_back(std::move(wish));
    return out;
}

Result<std::optional<Takeover>> Replica::takeover()
{
    TRANCHAIN_TRY(const auto all, wishes());
    for (auto wish = all.rbegin(); wish != all.rend(); ++wish) {
        if (wish->orderer != member_ || wish->statements.size() < state_.members.quorum()) continue;
        TRANCHAIN_TRY(const Ahead ahead, this->ahead());
        Takeover t;
        for (const Freeze& f : wish->statements) {
            // Each alone would spoil the record: the others go on without it, if they are enough.
            TRANCHAIN_TRY(const auto answers, store_.answers(f.endorsed ? f.endorsed->height : 0));
            if (ahead.check(f, answers, newest_standing())) t.statements.push_back(f);
        }
        if (t.statements.size() < state_.members.quorum()) continue;
        const Freeze::Endorsed base = newest_of(t);
        if (base.height == 0) return t;
        Freeze named = t.statements.front();
        named.endorsed = base;
        const Candidate c{base.epoch, base.height, base.attempt, base.header, {}, {}};
        ChainState voting;
        if (base.height <= tip_) {
            TRANCHAIN_TRY(voting, in_force(base.height));
        } else {
            const Candidate* there = ahead.find(base.header);
            TRANCHAIN_TRY(voting, ahead.in_force(there ? *there : c));
        }
        TRANCHAIN_TRY(const auto answers, store_.answers(base.height));
        std::map<std::string, ReadyAnswer> by_member;
        for (const ReadyAnswer& a : answers_for(named, answers)) {
            const Member* m = voting.members.find(a.member);
            if (m && a.verify(m->key)) by_member.emplace(a.member, a);
        }
        for (auto& [member, answer] : by_member) t.ready.push_back(std::move(answer));
        return t;
    }
    return std::optional<Takeover>{};
}

} // namespace tranchain
