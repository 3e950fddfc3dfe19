// Net pool: what a borrowing base lends on: the eligible balance less excess concentration.
//
// Criteria and limits are those of purchases, written once in the deal. Of the criteria only those
// count that time can break: `not past due`, from the day after the due date, and `due date <=`,
// once a receivable is extended beyond it. What the others say does not change after the purchase.
// A share is of the eligible balance alone: cash is no receivable, so it is not in the base here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/money.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// Whether a formula of the program asks for any of it; else no day states it.
bool asks_net_pool(const Program& program);

/// What the limits leave out of `groups`, the balance of each obligor group. First each group is
/// cut to the smallest share a single one may have; then, of what is left, the largest excess of
/// any `top N` counts, so that no fen is left out twice. A share of `eligible` is rounded half-up
/// to the fen. From 0 to the sum of the groups.
Money excess_concentration(const std::vector<Limit>& limits,
                           std::vector<Money> groups,
                           Money eligible);

} // namespace tranchain
