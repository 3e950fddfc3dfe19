// Coming: statements with their proofs, made from a replica and checked by another one.
// SPDX-License-Identifier: Apache-2.0
#include "chain/coming.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"

namespace tranchain {

namespace {

Result<> add_base(Replica& replica, Bundle& b, const Candidate& c)
{
    const auto same = [&](const Candidate& other) { return other.hash == c.hash; };
    if ((b.proposal && same(*b.proposal)) || std::ranges::any_of(b.bases, same)) return {};
    b.bases.push_back(c);
    if (!b.for_members()) return {};
    TRANCHAIN_TRY(const auto records, one(parse_body(c.body)));
    for (const SignedRecord& r : records) {
        if (r.record.rows == 0) continue;
        const std::string hash = hex(r.record.hash());
        TRANCHAIN_TRY(auto rows, replica.store().rows(hash));
        if (rows) b.rows.emplace(hash, std::move(*rows));
    }
    return {};
}

/// Signed when another set was in force: the sender does not know yet who left or changed his key.
bool was_signed(const Freeze& f, const GovernanceLog& log)
{
    return std::ranges::any_of(log.all(), [&](const auto& state) {
        return is_signed_by_one(f, state.second.members);
    });
}

} // namespace

Result<> add_takeover(Replica& replica, Bundle& b)
{
    if (replica.tip() < 0) return {};
    Store& store = replica.store();
    TRANCHAIN_TRY(const auto wishes, replica.wishes());
    const bool begins = b.proposal && b.proposal->epoch > replica.state().epoch;
    if (wishes.empty() && !begins) return {};
    TRANCHAIN_TRY(const Ahead ahead, replica.ahead());
    const Standing newest = replica.newest_standing();
    for (const EpochWish& wish : wishes) {
        for (const Freeze& f : wish.statements) {
            const bool at_newest = f.endorsed && standing_of(*f.endorsed) == newest;
            if (at_newest && f.endorsed->header != replica.newest_header()->hash()) continue;
            b.freezes.push_back(f);
            // Below what is final nothing needs a proof; for the newest the new orderer needs it.
            if (!f.endorsed || f.endorsed->height == 0 || standing_of(*f.endorsed) < newest)
                continue;
            TRANCHAIN_TRY(const auto answers, store.answers(f.endorsed->height));
            for (const ReadyAnswer& a : answers_for(f, answers))
                if (std::ranges::find(b.answers, a) == b.answers.end()) b.answers.push_back(a);
            const Candidate* named = ahead.find(f.endorsed->header);
            if (named == nullptr) continue;
            const auto way = ahead.below(*named);
            if (!way) continue;
            for (const Candidate& lower : *way) TRANCHAIN_DO(add_base(replica, b, lower));
            TRANCHAIN_DO(add_base(replica, b, *named));
        }
    }
    if (!begins) return {};
    TRANCHAIN_TRY(const auto way, ahead.below(*b.proposal));
    for (const Candidate& lower : way) TRANCHAIN_DO(add_base(replica, b, lower));
    return {};
}

Result<Coming> Coming::check(Replica& replica,
                             const Bundle& b,
                             const std::vector<std::pair<const StoredBlock*, Opinion>>& fresh,
                             const ChainState& after)
{
    Coming c(after);
    c.tip_ = fresh.empty() ? replica.tip() : fresh.back().first->height;
    c.takes_proposal_ = b.proposal && b.proposal->height == c.tip_ + 1;
    const bool begins = b.proposal && b.proposal->epoch > after.epoch;
    const bool above = c.tip_ >= 0 && (begins || !b.freezes.empty() || !b.bases.empty());
    if (!above) return c;
    c.governed_.emplace(replica.state());
    if (replica.tip() >= 0) {
        TRANCHAIN_TRY(GovernanceLog * log, replica.governance());
        c.governed_ = *log;
    }
    for (const auto& [block, opinion] : fresh) {
        for (const SignedRecord& r : opinion.records) {
            if (block->height == 0 || !is_governance(r.record.type)) continue;
            const bool first = &r == &opinion.records.front();
            // They were judged already: this only follows who votes.
            static_cast<void>(c.governed_->judge(r, block->height, opinion.header.time,
                                                 first ? &opinion.header : nullptr));
        }
    }
    const Header& newest = fresh.empty() ? *replica.newest_header() : fresh.back().second.header;
    c.newest_ = {newest.epoch, newest.height, newest.attempt};
    c.ahead_.emplace(*c.governed_, c.tip_, newest.hash());
    TRANCHAIN_TRY(auto known, replica.store().candidates_above(c.tip_));
    c.ahead_->know(std::move(known));
    for (const Candidate& base : b.bases) TRANCHAIN_DO(Replica::check(base, after));
    c.ahead_->know(b.bases);
    if (b.proposal) c.ahead_->know({*b.proposal});
    TRANCHAIN_DO(c.statements(replica, b));
    if (begins) TRANCHAIN_DO(c.proposal(b));
    return c;
}

Result<> Coming::statements(Replica& replica, const Bundle& b)
{
    for (const Freeze& f : b.freezes) {
        if (f.epoch <= after_.epoch) continue; // over for everybody
        if (f.epoch > after_.epoch + furthest_epoch) continue;
        std::vector<ReadyAnswer> answers = b.answers;
        if (f.endorsed) {
            TRANCHAIN_TRY(const auto more, replica.store().answers(f.endorsed->height));
            answers.insert(answers.end(), more.begin(), more.end());
        }
        if (auto good = ahead_->check(f, answers, newest_); !good) {
            if (!is_signed_by_one(f, after_.members) && was_signed(f, *governed_)) continue;
            return good;
        }
        good_.push_back(f);
        const Candidate* named = f.endorsed ? ahead_->find(f.endorsed->header) : nullptr;
        if (named == nullptr) continue;
        if (const auto way = ahead_->below(*named)) {
            bases_.insert(bases_.end(), way->begin(), way->end());
            bases_.push_back(*named);
        }
    }
    return {};
}

/// One that stands on what is not here any more is left aside: the sender does not know that yet.
Result<> Coming::proposal(const Bundle& b)
{
    takes_proposal_ = false;
    if (b.proposal->height <= tip_) return {};
    const auto way = ahead_->below(*b.proposal);
    if (!way) return {};
    TRANCHAIN_TRY(const ChainState state, ahead_->in_force(*b.proposal));
    static_cast<void>(state);
    bases_.insert(bases_.end(), way->begin(), way->end());
    takes_proposal_ = true;
    return {};
}

Result<ChainState> Coming::voting_on(const ReadyAnswer& a) const
{
    if (!ahead_) return after_;
    if (a.height <= tip_) return governed_->at(a.height);
    const Candidate* c = ahead_->find(a.header);
    if (c == nullptr) return after_;
    auto state = ahead_->in_force(*c);
    return state ? std::move(state) : Result<ChainState>(after_);
}

bool Coming::wants(const ReadyAnswer& a) const
{
    if (std::ranges::any_of(good_, [&](const Freeze& f) {
            return !answers_for(f, std::span(&a, 1)).empty();
        }))
        return true;
    return ahead_ && a.height > tip_ && ahead_->find(a.header) != nullptr;
}

Result<> Coming::keep(Replica& replica, const Bundle& b) const
{
    Store& store = replica.store();
    for (const Candidate& c : bases_) {
        TRANCHAIN_DO(store.put_candidate(c));
        TRANCHAIN_TRY(const auto records, one(parse_body(c.body)));
        for (const SignedRecord& r : records) {
            const auto rows = b.rows.find(hex(r.record.hash()));
            if (!store.has_rows_file() || rows == b.rows.end()) continue;
            if (check_rows(r.record, rows->second).empty())
                TRANCHAIN_DO(store.put_rows(rows->first, rows->second));
        }
    }
    for (const ReadyAnswer& a : b.answers)
        if (a.verdict == Stance::ready && wants(a)) TRANCHAIN_DO(store.put_answer(a));
    for (const Freeze& f : good_) TRANCHAIN_DO(store.put_freeze(f));
    return {};
}

} // namespace tranchain
