// Turnover: a seller's receivables month by month, and how they move between ageing buckets.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <vector>

#include "waterfall/seller_ledger.hpp"
#include "waterfall/strata.hpp"

namespace tranchain {

inline constexpr std::size_t ageing_buckets = std::size(trade_buckets); ///< those of pool age

/// A whole calendar month: opening + sales - collections - dilution - write-offs = closing.
struct TurnoverMonth {
    Date first; ///< of the month
    bool whole = true; ///< false if the first invoice is of a later day of it: its sales are too low
    Money opening, sales, collections, dilution, writeoffs, closing;
    Money recoveries; ///< cash for what had been written off: not in collections
    Money defaults;   ///< what defaults_of says of the month
    std::array<Money, ageing_buckets> aged; ///< closing, by days past due; they sum to it
};

/// What stood in one bucket at the end of a month, summed over months, and what the next month made
/// of it: still unpaid in the buckets of its end, or not. All parts sum to `balance`. In fen, but
/// beyond the range of Money, for an invoice counts in every month: at most 3,600 times 10^15.
struct BucketRoll {
    std::int64_t balance = 0;
    std::array<std::int64_t, ageing_buckets> to{};
    std::int64_t collected = 0, diluted = 0, written_off = 0;
};

struct Turnover {
    std::vector<TurnoverMonth> months; ///< from that of the first invoice, without a gap
    std::array<BucketRoll, ageing_buckets> rolls; ///< by the bucket at the earlier month end
};
/// Months that had ended by the last day of the ledger; the first opens with nothing.
/// Closing balances are taken invoice by invoice, and the identity is checked against the flows.
Turnover turnover_of(const SellerLedger& ledger, std::int32_t default_days);

} // namespace tranchain
