// Evidence: one key that signed two things of which it may sign one; offline and transferable.
//
// Judged: endorsements of two roots at one origin and size, ready answers for two headers at one
// epoch, height and attempt, records under one number that replace the same one, two freeze
// statements for one epoch, endorsements after such a statement. Each finding is shown with both
// hashes, and only signatures that verify count. See tranchain-chain(5), "Evidence".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chain/bundle.hpp"
#include "chain/finding.hpp"
#include "chain/governance.hpp"
#include "chain/member.hpp"
#include "chain/note.hpp"
#include "chain/sign.hpp"

namespace tranchain {

/// What members signed, from any number of bundles and databases.
struct Signatures {
    std::vector<Note> notes;
    std::vector<ReadyAnswer> answers;
    std::vector<SignedRecord> records;
    std::vector<Freeze> freezes;
    /// Statements sealed in a block, with the time after which their signer broke them: the block's
    /// and the longest lag that a clock may have had. Nobody signs that time but the quorum, so they
    /// count only from a file that was verified: else leave them out.
    std::vector<std::pair<Freeze, std::int64_t>> closed;
};

/// From height `from` on.
[[nodiscard]] Result<Signatures> signatures_of(const Bundle& bundle, std::int64_t from);
[[nodiscard]] Result<Signatures> signatures_of(Store& store, std::int64_t from);

/// All pairs that convict a member; in the order of `members` (each name and key that ever voted),
/// then heights. A member with two keys is judged by each of them.
Findings find_evidence(const Signatures& all, const std::string& chain,
                       std::span<const Member> members);
/// Governance by the blocks of a bundle; nothing unless they begin at 0.
[[nodiscard]] Result<std::optional<GovernanceLog>> governance_of(const Bundle& bundle);

/// Compares a bundle with what the replica holds and keeps what convicts; the messages.
[[nodiscard]] Result<std::vector<std::string>> note_evidence(Replica& replica, const Bundle& bundle,
                                                           std::int64_t from);

}  // namespace tranchain
