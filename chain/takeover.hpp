// Takeover: the record that begins an epoch against the will of the orderer before.
//
// q members stated "in every epoch below this one I answer and endorse nothing more; my newest
// endorsed header is this". The new epoch goes on after the newest header, by (epoch, height,
// attempt), that one of these statements names; its q ready answers stand in the record. The record
// is computed: whoever holds the statements makes the same one. See tranchain-chain(5), "Takeover".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "chain/contract.hpp"
#include "chain/sign.hpp"
#include "chain/state.hpp"

namespace tranchain {

/// Public part of a `takeover` record. stored: never rename
struct Takeover {
    std::vector<Freeze> statements; ///< by member, one each, all with one epoch, orderer, log key
    std::vector<ReadyAnswer> ready; ///< for the header below, by member; none for block 0

    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<Takeover> from_json(const Json& json);
    [[nodiscard]] Record record() const; ///< at least one statement
};

/// Above the epoch in force, for which statements are made or kept: a typing error must not use up
/// the epochs, which only rise, and a liar's statements must not fill the databases of others.
inline constexpr std::int64_t furthest_epoch = 100;

/// The block that a new epoch goes on after. Its header may have been not final before.
struct Below {
    Hash header{};
    std::int64_t height = 0;
    std::int64_t epoch = 1;
    MemberSet voters; ///< in force for it
};

/// Where a header stands: the newest of two is the later one. Of two headers with q ready answers
/// at one height only the newer can become final.
struct Standing {
    std::int64_t epoch = 1;
    std::int64_t height = 0;
    std::int64_t attempt = 1;
    auto operator<=>(const Standing&) const = default;
};
Standing standing_of(const Freeze::Endorsed& endorsed);
/// By the key of one of these members.
bool is_signed_by_one(const Freeze& statement, const MemberSet& members);
/// The newest header that the statements name; height 0 and zeros if none names any.
Freeze::Endorsed newest_of(const Takeover& takeover);

/// The record against the block below and the state after that block; empty = it holds.
/// Ids: bad-takeover, bad-freeze, no-quorum, stale-base, unproved-base, bad-change, bound-key.
[[nodiscard]] Findings
check_takeover(const Takeover& takeover, const Below& below, const ChainState& after);
/// Judges the record; if it is accepted, `state` has the new epoch, orderer and log key.
[[nodiscard]] Judgement take_over(const Record& record, const Below& below, ChainState& state);

/// The first record of this body is a takeover.
bool begins_with_takeover(std::string_view body);
/// The next block begins an epoch on this one, so that this one is final by it: fewer than q
/// endorsements of its own will do. Whether the next one holds is judged with it.
bool carries(std::string_view next_header, std::string_view next_body, std::string_view header);

} // namespace tranchain
