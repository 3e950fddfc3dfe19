// Ahead: what may come above the newest final block, and who would vote on it.
//
// In an epoch one block is made after another, each on a final one. A block that begins an epoch
// may stand on one that is not final, or on several, each of which begins an epoch but the lowest;
// it makes them final. Nothing here asks a contract: links, takeovers and changes of members only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chain/governance.hpp"
#include "chain/sign.hpp"
#include "chain/store.hpp"
#include "chain/takeover.hpp"

namespace tranchain {

class Ahead {
public:
    /// Above block `tip`, whose header has this hash; `governed` of the chain up to there.
    Ahead(GovernanceLog governed, std::int64_t tip, const Hash& newest)
        : governed_(std::move(governed)), tip_(tip), newest_(newest)
    {
    }
    /// What may stand below another candidate.
    void know(std::vector<Candidate> candidates);
    [[nodiscard]] const Candidate* find(const Hash& header) const;

    /// Between the newest final block and `c`, lowest first; mostly none. not_found: one is missing.
    [[nodiscard]] Result<std::vector<Candidate>> below(const Candidate& c) const;
    /// Voters, orderer and log key for `c`; that of a new epoch if `c` begins one by a good takeover.
    [[nodiscard]] Result<ChainState> in_force(const Candidate& c) const;
    /// In force for the next block of the epoch.
    [[nodiscard]] const ChainState& next() const { return governed_.newest(); }

    /// A statement: by a member of those in force now or for the newest final block, for a later
    /// epoch, and about a header that is older than the newest final one, or that one itself, or has
    /// q ready answers among `answers`. bad-freeze.
    [[nodiscard]] Result<> check(const Freeze& statement, std::span<const ReadyAnswer> answers,
                                 const Standing& newest) const;

private:
    GovernanceLog governed_;
    std::int64_t tip_;
    Hash newest_;
    std::vector<Candidate> known_;
};

/// Those among `answers` that are ready for the header which the statement names.
std::vector<ReadyAnswer> answers_for(const Freeze& statement, std::span<const ReadyAnswer> answers);

} // namespace tranchain
