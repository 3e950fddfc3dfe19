// Bounds: how large the figures of a deal may be, so that no sum of theirs leaves the range of
// Money.
//
// Leaving that range aborts (data/money.hpp), and a record comes from others: its amounts are added
// up in 128 bits and compared with amount_limit before anything is done with them, and what a deal
// holds is compared at the end of each day. A balance below the limit, times the days of the
// longest deal, still fits 64 bits. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/json.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// 500 billion yuan, in fen: all amounts of one record together, all facts of days not closed yet,
/// and each balance and total of a deal.
inline constexpr std::int64_t amount_limit = 50'000'000'000'000;
inline constexpr int first_year = 1990, last_year = 2150, years_limit = 60;
inline constexpr int days_limit = 3660; ///< of a count, a delay or a settlement
/// So many fees a deal may have; none owes more than this, so that what they owe can be added up.
inline constexpr std::size_t fees_limit = 100;
inline constexpr std::int64_t fee_due_limit = amount_limit / 10;
inline constexpr std::int64_t count_limit = 10'000'000; ///< receivables that a formula counts
inline constexpr int periods_limit = 60; ///< of an average, or of judged dates that are counted
inline constexpr std::size_t facilities_limit = 20;
inline constexpr std::size_t price_fees_limit = 16;
/// 100%, flat or a year.
inline constexpr std::int64_t rate_limit = Rate::one;

/// A sum of sizes; signs do not matter. Cannot overflow.
class Gross {
public:
    void add(Money amount) { fen_ += amount < zero ? -amount.in_fen() : amount.in_fen(); }
    /// Every text of the value that reads as an amount.
    void add(const Json& json);
    [[nodiscard]] bool too_large() const { return fen_ > amount_limit; }

private:
    Int128 fen_ = 0;
};

/// The formula names one of these measures, whatever of; averages do not count.
bool asks_for(const Expr& expr, std::initializer_list<Measure> measures);
/// The formula names the target of a reserve; that of a reserve may not, since targets would follow
/// from each other.
bool asks_target(const Expr& expr);
/// The formula names what a facility could still lend. Neither a limit nor a target may, since limits
/// would follow from themselves.
bool asks_undrawn(const Expr& expr);
/// The largest size that the expression can reach on figures within the limits, in fen.
Int128 reach(const Expr& expr);

} // namespace tranchain
