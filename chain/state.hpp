// State: what is true after a block, as far as the chain itself knows; header.state commits to it.
//
// Canonical `{chain, deals, epoch, former, log_key, members, orderer, policy, rules, seqs,
// suspended}`; `former` and `suspended` only where there are any. A deal is named
// by id and the SHA-256 of its contract's canonical public state, so that the state stays small
// and a deal's own text may be as deep as the canonical text allows. See tranchain-chain(5), "State".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chain/genesis.hpp"
#include "chain/member.hpp"
#include "data/error.hpp"
#include "data/json.hpp"

namespace tranchain {

struct ChainState {
    std::string chain;
    std::int64_t epoch = 1;
    std::string orderer;
    PublicKey log_key{};
    std::int64_t rules = 1;
    Policy policy;
    MemberSet members;
    std::vector<Member> suspended; ///< by name; they do not vote, their names and keys stay theirs
    /// Keys that were given up, each with the one name it was bound to and stays bound to; empty
    /// for the log key of an earlier epoch.
    std::map<PublicKey, std::string> former;
    /// Newest sealed seq of each (deal, author).
    std::map<std::pair<std::string, std::string>, std::int64_t> seqs;
    /// SHA-256 of each deal's public state.
    std::map<std::string, Hash> deals;

    [[nodiscard]] static ChainState from_genesis(const Genesis& genesis);
    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Result<ChainState> parse(std::string_view canonical_bytes);
    [[nodiscard]] Hash hash() const;   ///< SHA-256 of canonical to_json()
    [[nodiscard]] std::int64_t seq(const std::string& deal, const std::string& author) const;
    bool operator==(const ChainState&) const = default;
};

}  // namespace tranchain
