// Coming: the part of a bundle that is about epochs to come, checked above the blocks it brings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "chain/ahead.hpp"
#include "chain/bundle.hpp"

namespace tranchain {

/// Adds what others need to take over: statements, their answers, and what they stand on.
[[nodiscard]] Result<> add_takeover(Replica& replica, Bundle& bundle);

/// Statements and headers that are not final, checked before anything is stored.
class Coming {
public:
    /// `fresh`: the new blocks with their records, as they were verified.
    [[nodiscard]] static Result<Coming>
    check(Replica& replica,
          const Bundle& bundle,
          const std::vector<std::pair<const StoredBlock*, Opinion>>& fresh,
          const ChainState& after);
    /// Who answers an answer of the bundle at its place.
    [[nodiscard]] Result<ChainState> voting_on(const ReadyAnswer& answer) const;
    /// The bundle's proposal may be stored: of the epoch in force, or it begins a later one well.
    [[nodiscard]] bool takes_proposal() const { return takes_proposal_; }
    /// Whether the answer proves a statement, or is about a header that stands above the tip.
    [[nodiscard]] bool wants(const ReadyAnswer& answer) const;
    /// Stores headers, their rows, answers, then statements, once the new blocks are appended.
    [[nodiscard]] Result<> keep(Replica& replica, const Bundle& bundle) const;

private:
    explicit Coming(ChainState after) : after_(std::move(after)) {}
    [[nodiscard]] Result<> statements(Replica& replica, const Bundle& bundle);
    [[nodiscard]] Result<> proposal(const Bundle& bundle);

    ChainState after_;
    std::optional<Ahead> ahead_; ///< only where the bundle has something above the epoch in force
    std::optional<GovernanceLog> governed_;
    Standing newest_;
    std::int64_t tip_ = -1;
    bool takes_proposal_ = false;
    std::vector<Freeze> good_;
    std::vector<Candidate> bases_;
};

} // namespace tranchain
