// Deal now: one deal as the newest block of a member's database leaves it, read without a key.
//
// It trusts the database, as `chain status` does; `chain verify` and `audit run` trust nothing. As of an
// earlier block the deal is judged again up to there, since a database keeps its newest state only.
// --as-of with a date is the day on which the reader looks at all there is: what is due, late, counting.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "chain/executor.hpp"
#include "cmd/replica.hpp"
#include "cmd/tree.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

/// --deal, and --as-of with a day or a height.
void bind_deal_now(Setup& s, std::optional<std::string>& deal);

class DealNow {
public:
    /// The deal named, or the only one.
    [[nodiscard]] static Result<DealNow> open(const Globals& globals,
                                              const std::optional<std::string>& deal);

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const Program& program() const { return judge_->program(); }
    [[nodiscard]] const DealState& state() const { return judge_->state(); }
    [[nodiscard]] const Judge& judge() const { return *judge_; }
    [[nodiscard]] Replica& replica() const { return *desk_.replica; }
    /// --as-of with a date, or the day of the block of --as-of, or today's business day.
    [[nodiscard]] Date today() const { return today_; }
    /// Names of the members that hold a role, such as `acme, bank`; the role itself if nobody does.
    [[nodiscard]] std::string holders(const std::string& role) const;
    /// Roles of a member; none if it is none.
    [[nodiscard]] std::span<const std::string> roles(std::string_view member) const
    {
        return members_.roles(member);
    }

private:
    Result<> open_at(std::int64_t height, const std::optional<std::string>& deal);
    Result<> choose_deal_of(std::vector<std::string> ids, const std::optional<std::string>& deal);

    std::string id_;
    Date today_;
    Desk desk_;
    std::unique_ptr<Executor> executor_;
    std::unique_ptr<Judge> earlier_; ///< as of an earlier block
    const Judge* judge_ = nullptr;
    MemberSet members_;
};

} // namespace tranchain
