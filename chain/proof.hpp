// Proof: what outsiders check with their own tools: inclusion, consistency, policy.
//
// Formats of C2SP: tlog-proof for a leaf, the request of tlog-witness for consistency, tlog-policy
// for who must have signed. A leaf file is the header's bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/genesis.hpp"
#include "chain/note.hpp"
#include "data/merkle.hpp"

namespace tranchain {

/// `c2sp.org/tlog-proof@v1`, index, path, empty line, the checkpoint note.
struct InclusionProof {
    std::uint64_t index = 0;
    std::vector<Hash> path;
    Note checkpoint;

    [[nodiscard]] std::string str() const;
    [[nodiscard]] static Result<InclusionProof> parse(std::string_view bytes);
};

/// `old SIZE`, path, empty line, the newer checkpoint note.
struct ConsistencyProof {
    std::uint64_t old_size = 0;
    std::vector<Hash> path;
    Note checkpoint;

    [[nodiscard]] std::string str() const;
    [[nodiscard]] static Result<ConsistencyProof> parse(std::string_view bytes);
};

/// A tlog-policy: log key of the epoch, one witness per member, a group of quorum.
std::string policy_text(std::string_view chain,
                        std::int64_t epoch,
                        const PublicKey& log_key,
                        const MemberSet& members);

/// How many members of the set have a good cosignature on this note; each counts once.
std::size_t count_endorsements(const Note& note, std::string_view chain, const MemberSet& members);
/// The checkpoint is that of this chain and epoch and `wanted` members endorsed it.
/// Ids: bad-checkpoint, bad-endorsement, no-quorum.
[[nodiscard]] Errors check_endorsements(const Note& note,
                                        std::string_view chain,
                                        std::int64_t epoch,
                                        const MemberSet& members,
                                        std::size_t wanted);
/// Leaf `index` (its bytes) is in the tree of the proof's checkpoint. Signatures are judged apart.
bool verify_inclusion(const InclusionProof& proof, std::string_view leaf_bytes);
bool verify_consistency(const ConsistencyProof& proof, const Checkpoint& older);

} // namespace tranchain
