// Governance: records that change policy and members, judged by the set before, in force after.
//
// A block's governance records are judged on the state before it, and what they change is in force
// from the next block. Nothing here asks a contract, so that a walk over signed bytes alone knows
// who votes at each height. See tranchain-chain(5), "Governance".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chain/block.hpp"
#include "chain/contract.hpp"
#include "chain/sign.hpp"
#include "chain/state.hpp"
#include "chain/store.hpp"

namespace tranchain {

/// Public part of a `member` record. stored: never rename
struct MemberChange {
    std::string change;           ///< add, rotate, remove, suspend, resume
    std::optional<Member> member; ///< add, rotate: the member as it will be
    Signature proof{};            ///< of the new key over possession_text; add, rotate
    std::string name;             ///< remove, suspend, resume
    /// Who orders after an orderer that leaves, and the log key of his epoch.
    std::optional<std::string> orderer;
    PublicKey log_key{};

    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<MemberChange> from_json(const Json& json);
};

/// What a new key signs: "tranchain/rotation/v1\n" + canonical {chain, member[, replaces]}.
std::string possession_text(std::string_view chain,
                            const Member& member,
                            const std::optional<PublicKey>& replaces);

/// What the governance records of one block will change; at most one policy and one set of members.
struct Enactment {
    std::optional<Policy> policy;
    std::optional<ChainState> members; ///< only what a member record may change is taken from it
};
bool is_computed(std::string_view type);   ///< day_close, notice, takeover
bool is_governance(std::string_view type); ///< policy, member, takeover: of the chain, no deal
bool is_known_type(std::string_view type); ///< types this program executes
/// Whose key this is or was; the empty name is that of the log.
std::optional<std::string> owner_of(const ChainState& state, const PublicKey& key);

/// Type, chain, number, validity and signatures of a record, on the state before its block.
[[nodiscard]] Findings
check_form(const SignedRecord& entry, std::int64_t time, const ChainState& state);
/// Judges a governance record whose form was checked. If it is accepted, `state` gets its number
/// and nothing else. Ids: bad-record, no-quorum, bad-change, bound-key, no-possession.
[[nodiscard]] Judgement govern(const SignedRecord& entry, ChainState& state, Enactment& enactment);
/// After the block: what it enacts is in force. True if it enacts anything.
bool enact(Enactment& enactment, ChainState& state);

/// Who votes, who orders and which policy counts, at each height of one chain.
class GovernanceLog {
public:
    explicit GovernanceLog(ChainState genesis);

    /// Judges a governance record of block `height`; heights never fall. What a block enacts is in
    /// force at all heights above it, a takeover at its own height too. `opens` is the header where
    /// `entry` is the block's first record: only there, and to that header's epoch and orderer, is a
    /// takeover acceptable; bad-takeover, bad-epoch.
    [[nodiscard]] Judgement judge(const SignedRecord& entry, std::int64_t height, std::int64_t time,
                                  const Header* opens = nullptr);
    /// In force for block `height`. Deals and their numbers are not followed.
    [[nodiscard]] const ChainState& at(std::int64_t height) const;
    /// In force above the last block that was judged.
    [[nodiscard]] const ChainState& newest() const { return states_.back().second; }
    /// From which height on each state is in force, rising, the first from 0.
    [[nodiscard]] const std::vector<std::pair<std::int64_t, ChainState>>& all() const
    {
        return states_;
    }
    /// Every (name, key) that ever voted, each once: whose signatures can be evidence.
    [[nodiscard]] std::vector<Member> ever() const;

private:
    std::vector<std::pair<std::int64_t, ChainState>> states_;
    [[nodiscard]] Judgement begin_epoch(const SignedRecord& entry, std::int64_t height,
                                        const Header& header);

    ChainState before_;    ///< the block being judged, but with the numbers it used
    Enactment enactment_;  ///< of that block
    std::int64_t height_ = 0;
};

/// That of a database whose block 0 is final, by its own index and blocks.
[[nodiscard]] Result<GovernanceLog> governance_of(Store& store);

} // namespace tranchain
