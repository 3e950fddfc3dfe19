// Close: one day's facts become postings; then the day's clauses are judged.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "data/error.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// Finding id of a debit that pays nothing ordered so far: the order may still come.
inline constexpr std::string_view unknown_reference = "unknown-reference";

/// Moves `state` over the day after closed_through. With findings the state is spoiled: work on a
/// copy. Order: receipts, collections, dilution, settlements, payouts, debits, corrections,
/// defaults; then the triggers, the expected maturity, and the marks of calculation dates.
Errors close_day(const Program& program,
                 DealState& state,
                 const DaySheet& sheet,
                 std::int64_t height,
                 Journal* journal);

/// Moves the cash of an accepted distribution into what is payable, and puts its balances in force.
void pay_out(DealState& state, Payout& payout, Journal* journal);

} // namespace tranchain
