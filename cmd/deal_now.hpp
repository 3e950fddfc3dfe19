// Deal now: one deal as the newest block of a member's database leaves it, read without a key.
//
// It trusts the database, as `chain status` does; `chain verify` and `audit run` trust nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chain/executor.hpp"
#include "cmd/replica.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

class DealNow {
public:
    /// The deal named, or the only one.
    [[nodiscard]] static Result<DealNow> open(const Globals& globals,
                                              const std::optional<std::string>& deal);

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const Program& program() const { return judge_->program(); }
    [[nodiscard]] const DealState& state() const { return judge_->state(); }
    [[nodiscard]] Replica& replica() const { return *desk_.replica; }
    /// --as-of, or today's business day.
    [[nodiscard]] Date today() const { return today_; }
    /// Names of the members that hold a role, such as `acme, bank`; the role itself if nobody does.
    [[nodiscard]] std::string holders(const std::string& role) const;

private:
    std::string id_;
    Date today_;
    Desk desk_;
    std::unique_ptr<Executor> executor_;
    const Judge* judge_ = nullptr;
};

} // namespace tranchain
