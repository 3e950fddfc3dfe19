// Purchase: may these receivables be bought, at this price, with the cash that is there?
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "data/error.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// What the notes bring in at closing: the faces of all tranches but those on a notional.
Money notes_proceeds(const Program& program);
/// What reserves keep of it; the rest may be spent on the opening pool.
Money reserves_opening(const Program& program);

/// Criteria on the purchase day and the price of each row. `pool` may be null: then nobody is known
/// to be insolvent. Findings: criterion, wrong-price, wrong-date.
Errors judge_holdings(const Program& program,
                      const Pool* pool,
                      Date purchase_day,
                      Date settle,
                      const std::vector<Holding>& holdings);

/// Criteria alone, for one receivable: clauses it does not meet, in their order.
std::vector<const Criterion*>
unmet(const Program& program, const Pool* pool, Date purchase_day, const Holding& holding);

/// The limits while receivables are added to a purchase: the judge adds all of them, a buyer asks
/// for each. A limit that was exceeded before refuses only what makes it worse.
class LimitTest {
public:
    /// `program` must outlive it; `pool` holds what was there before.
    LimitTest(const Program& program, const DealState& state, const Pool& pool);
    /// From unpaid face by obligor group, and pool balance plus principal cash, before the purchase.
    LimitTest(const Program& program, const std::map<std::string, Money>& groups, Money base);
    void add(const Holding& holding);
    /// Adds it if every limit is then met, else leaves everything as it was.
    [[nodiscard]] bool take(const Holding& holding);
    [[nodiscard]] Errors findings() const; ///< id: limit

private:
    std::size_t change(const std::string& group, Money face, Money price);
    void start();
    [[nodiscard]] bool exceeded(std::size_t limit, std::size_t group, Money added);
    [[nodiscard]] bool exceeded(const Limit& limit, Money was, Money is) const;

    const Program& program_;
    std::map<std::string, std::size_t> groups_; ///< obligor groups, and their places in the two below
    std::vector<Money> before_, after_;         ///< face
    std::vector<Money> most_;                   ///< by limit: no less than the largest together
    Money base_before_, base_after_;            ///< pool balance and principal cash
};

/// Limits on the pool after the purchase. A limit that was exceeded before refuses only what makes
/// it worse. Finding: limit.
Errors judge_limits(const Program& program,
                    const DealState& state,
                    const Pool& pool,
                    const std::vector<Holding>& holdings);

/// Shares of the largest groups as they stand, for reports: over each limit or not.
struct LimitReading {
    const Limit* limit = nullptr;
    std::string group;  ///< the largest; empty for several together
    Money amount, base; ///< share = amount / base
    bool exceeded = false;
};
std::vector<LimitReading>
read_limits(const Program& program, const DealState& state, const Pool& pool);

/// Cash: the price is there in principal, and after it both ledgers hold at least the tax, fees and
/// interest accrued and unpaid to the settlement day. Findings: no-cash, purchase-test.
Errors judge_cash(const Program& program, const DealState& state, const PurchasePart& part);

} // namespace tranchain
