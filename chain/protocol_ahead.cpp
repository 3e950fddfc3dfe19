// Protocol: what may become final next, and what this key may sign of it.
//
// Of the rules of tests/model.hpp `frozen` is may_sign_in; that all first blocks of an epoch are one
// height is endorsed_next.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include <fmt/core.h>

#include "chain/protocol.hpp"
#include "data/attempt.hpp"

namespace tranchain {

Result<Ahead> Replica::ahead()
{
    if (tip_ < 0)
        return fail(Code::answer_no, "genesis is not final yet", {},
                    "all members endorse it first: 'chain endorse'");
    TRANCHAIN_TRY(GovernanceLog * log, governance());
    Ahead ahead(*log, tip_, previous_->hash());
    TRANCHAIN_TRY(auto known, store_.candidates_above(tip_));
    ahead.know(std::move(known));
    return ahead;
}

Result<ChainState> Replica::in_force_for(const Candidate& c)
{
    if (c.height == tip_ + 1 && c.epoch <= state_.epoch) return state_;
    TRANCHAIN_TRY(const Ahead ahead, this->ahead());
    return ahead.in_force(c);
}

Result<std::vector<Candidate>> Replica::running()
{
    TRANCHAIN_TRY(auto all, store_.candidates_above(tip_));
    if (tip_ < 0) return all;
    const bool begins = std::ranges::any_of(
        all, [&](const Candidate& c) { return c.epoch > state_.epoch; });
    std::optional<Ahead> ahead;
    if (begins) {
        TRANCHAIN_TRY(ahead, this->ahead());
    }
    std::erase_if(all, [&](const Candidate& c) {
        if (c.epoch <= state_.epoch) return c.epoch < state_.epoch || c.height != tip_ + 1;
        return !ahead->in_force(c).has_value();
    });
    return all;
}

/// Headers are not signed: what begins an epoch is its orderer's only with his own answer, so that
/// nobody else can use up the attempts.
Result<std::vector<Candidate>> Replica::proposed()
{
    TRANCHAIN_TRY(auto all, running());
    std::vector<Candidate> out;
    for (Candidate& c : all) {
        bool known = c.epoch <= state_.epoch;
        if (!known) {
            TRANCHAIN_TRY(const ChainState voting, in_force_for(c));
            TRANCHAIN_TRY(const auto answers, store_.answers(c.height));
            known = std::ranges::any_of(answers, [&](const ReadyAnswer& a) {
                return a.header == c.hash && a.member == voting.orderer;
            });
        }
        if (known) out.push_back(std::move(c));
    }
    return out;
}

Result<std::optional<Candidate>> Replica::newest_candidate()
{
    TRANCHAIN_TRY(auto all, proposed());
    std::optional<Candidate> newest;
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    const auto order = [](const Candidate& c) { return std::tuple(c.epoch, c.height, c.attempt); };
    for (Candidate& c : all) {
        const bool mine = ready && ready->height == c.height && ready->hash == c.hash;
        if (!newest || order(c) > order(*newest) || (order(c) == order(*newest) && mine))
            newest = std::move(c);
    }
    return newest;
}

Result<bool> Replica::is_ahead(std::int64_t epoch, const Hash& header)
{
    if (epoch <= state_.epoch || tip_ < 0) return false;
    TRANCHAIN_TRY(const Ahead ahead, this->ahead());
    const Candidate* c = ahead.find(header);
    return c != nullptr && ahead.in_force(*c).has_value();
}

Result<> Replica::may_sign_in(std::int64_t epoch)
{
    TRANCHAIN_TRY(const auto stated, store_.own_freeze());
    if (stated && stated->epoch > epoch) {
        auto e = fail(Code::denied,
                      fmt::format("this key stated that it answers and endorses nothing more below "
                                  "epoch {}", stated->epoch), {},
                      fmt::format("'{}' goes on when enough members stated the same",
                                  stated->orderer));
        e.value().id = finding::closed_epoch;
        return e;
    }
    TRANCHAIN_TRY(const auto ready, store_.newest_ready());
    TRANCHAIN_TRY(const auto endorsed, store_.newest_endorsement());
    const std::int64_t newest = std::max(ready ? ready->epoch : 0, endorsed ? endorsed->epoch : 0);
    if (newest <= epoch) return {};
    return fail(Code::answer_no,
                fmt::format("this key signed in epoch {} already, and signs nothing below it",
                            newest));
}

Result<std::optional<OwnEndorsement>> Replica::endorsed_next(std::int64_t epoch)
{
    if (epoch > state_.epoch) return store_.endorsement_in(epoch);
    return store_.endorsement(epoch, tip_ + 1);
}

Result<> Replica::take_endorsements(std::int64_t height, const Note& note)
{
    TRANCHAIN_TRY(const ChainState state, in_force(height));
    return take_endorsements(height, note, state);
}

Result<> Replica::take_endorsements(const Candidate& c, const Note& note)
{
    TRANCHAIN_TRY(const ChainState state, in_force_for(c));
    return take_endorsements(c.height, note, state);
}

Result<> Replica::take_endorsements(std::int64_t height, const Note& note, const ChainState& state)
{
    for (const NoteLine& line : note.lines) {
        Note single{note.text, {line}};
        if (line.name == origin_of(state.chain, state.epoch) &&
            verify_log_line(line, line.name, state.log_key, note.text)) {
            TRANCHAIN_DO(store_.put_endorsement(height, "", single));
            continue;
        }
        for (const Member& m : state.members.all())
            if (verify_cosignature(line, key_name(state.chain, m.name), m.key, note.text))
                TRANCHAIN_DO(store_.put_endorsement(height, m.name, single));
    }
    return {};
}

}  // namespace tranchain
