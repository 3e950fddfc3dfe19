// Static pools: what became of the invoices of one month or quarter, by months since they were made.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "waterfall/seller_ledger.hpp"

namespace tranchain {

/// Since origination, of one static pool. collected + diluted + defaulted + what is still open is
/// what was originated; recovered is cash that came after a default, and lessens nothing here.
/// Dilution after a default is in none of them.
struct StaticPoolMonth {
    Money collected, diluted, defaulted, recovered;
};

struct StaticPool {
    std::string label; ///< `2019-03`, or `2019-Q1`
    Date last;         ///< day of its last month
    std::int64_t count = 0;
    Money originated;
    /// From month 0, that of the invoice itself, to the last one that has passed for every invoice
    /// of the pool. Not seen yet is not here.
    std::vector<StaticPoolMonth> months;
};

/// Calendar months from the month of `from` to that of `to`.
std::int32_t months_between(Date from, Date to);

/// One for each month (`months` = 1) or quarter (3) of the calendar with an invoice, the oldest
/// first, but for one that had not ended by the last day of the ledger.
/// `default_days`: as in defaults_of, >= 0.
std::vector<StaticPool>
static_pools(const SellerLedger& ledger, std::int32_t months, std::int32_t default_days);

} // namespace tranchain
