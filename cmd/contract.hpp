// Contract: plugs the deal's judge (waterfall/exact/judge.hpp) into the chain.
//
// It carries typed bytes from one wing to the other and decides nothing itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chain/contract.hpp"
#include "data/date.hpp"
#include "data/record.hpp"

namespace tranchain {

class Judge;

class DealContract : public Contract {
public:
    /// `rows`: a member, who judges against rows; else a reader, who takes stated figures.
    explicit DealContract(bool rows) : rows_(rows) {}
    [[nodiscard]] Result<std::unique_ptr<Session>>
    open(const std::string& deal, const std::optional<std::string>& public_state,
         const std::optional<std::string>& private_state) const override;

private:
    bool rows_;
};

/// Names that must approve a record of this author: who holds the roles, beside the author.
std::vector<std::string>
approvers(const std::vector<std::string>& roles, const std::string& author,
          const std::map<std::string, std::vector<std::string>>& holders);

/// The judge inside a session that a DealContract opened.
Judge& judge_of(Session& session);

}  // namespace tranchain
