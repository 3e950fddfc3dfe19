// Rehearsal: the life of a deal once more, from the facts on its chain, under other terms.
//
// What came from outside stays as it was recorded: the bank's credits, which receivable each pays,
// dilutions, insolvencies, what was offered for purchase. What the terms decide is made anew: prices
// and purchases, closes, triggers, distributions, and the bank's debits for them. It is a desk run:
// signed by nobody, and no part of a chain.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/error.hpp"
#include "data/record.hpp"
#include "data/row.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

/// A sealed record of the deal, with its rows.
struct LifeRecord {
    std::int64_t height = 0;
    Record record;
    std::vector<Row> rows;
};

/// An offer that the changed terms do not take as it was. Counts are receivables.
struct RehearsedPurchase {
    Date day, settle;
    std::int64_t offered = 0, bought = 0;
    Money price_was, price;
    std::string why; ///< the first refusal; empty if only the price is another
};

struct RehearsedLife {
    std::vector<Distribution> distributions;
    std::vector<RehearsedPurchase> purchases; ///< those that differ
    std::int64_t left_out = 0;  ///< receivables that were not bought
    Money not_received;         ///< what was collected of them
    std::vector<std::string> remarks;
};

/// The terms as a rehearsal executes them: nobody instructs, executes or corrects a payment.
Program for_rehearsal(Program changed);

/// The judge as it stands, its terms replaced by for_rehearsal() ones. Triggers may come and go; a new
/// one begins to count now. Errors (invalid_input): other terms that the state depends on differ, such
/// as the tranches or fees; a rehearsal from the first record may change those.
[[nodiscard]] Result<std::unique_ptr<Judge>> judge_under(const Judge& judge, const Program& changed);

/// Feeds the records above `after`, which is where `judge` stands, in the chain's order; of those below
/// only the account that pays is learnt, and they need no rows. Terms are passed over. A distribution
/// is made on each payment date, whenever it was made before; what is ordered leaves the bank with the
/// next statement. Receivables of a purchase that is not taken are left out, and so is what was
/// received for them. Errors name the block whose facts do not fit the changed terms.
[[nodiscard]] Result<RehearsedLife>
rehearse(Judge& judge, const std::vector<LifeRecord>& records, std::int64_t after = -1);

} // namespace tranchain
