// Money: an amount of the deal's currency in fen (hundredths), an integer, nothing else.
//
// Range |x| <= 10^15 fen (10 trillion yuan); leaving the range is a bug and aborts, so every input
// is checked by `parse` first. Two decimals exactly; one currency per deal, so none is carried.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/assert.hpp"
#include "data/error.hpp"

namespace tranchain {

/// Products and sums of amounts, before they are rounded or refused.
__extension__ using Int128 = __int128;

class Money {
public:
    static constexpr std::int64_t max_fen = 1'000'000'000'000'000;

    constexpr Money() = default;
    static constexpr Money fen(std::int64_t fen)  ///< aborts outside the range
    {
        invariant(fen >= -max_fen && fen <= max_fen);
        return Money(fen);
    }
    /// Canonical text only: `-?(0|[1-9][0-9]{0,14})\.[0-9]{2}`, no `-0.00`, within range.
    [[nodiscard]] static Result<Money> parse(std::string_view text);

    [[nodiscard]] constexpr std::int64_t in_fen() const { return fen_; }
    [[nodiscard]] std::string str() const;      ///< canonical text, `1500000000.00`
    [[nodiscard]] std::string grouped() const;  ///< for people, `1,500,000,000.00`

    // Two values in range cannot overflow 64 bits, so checking the sum is enough.
    constexpr Money operator+(Money other) const { return fen(fen_ + other.fen_); }
    constexpr Money operator-(Money other) const { return fen(fen_ - other.fen_); }
    constexpr Money operator-() const { return Money(-fen_); }
    constexpr Money& operator+=(Money other) { return *this = *this + other; }
    constexpr Money& operator-=(Money other) { return *this = *this - other; }
    auto operator<=>(const Money&) const = default;

private:
    explicit constexpr Money(std::int64_t fen) : fen_(fen) {}
    std::int64_t fen_ = 0;
};

inline constexpr Money zero{};
constexpr Money min(Money a, Money b)
{
    return b < a ? b : a;
}
constexpr Money max(Money a, Money b)
{
    return a < b ? b : a;
}

/// Splits `amount` (>= 0) over `weights` (>= 0) by largest remainder; ties go to the earlier weight.
/// Shape: result.size() == weights.size().  Ensures: the parts sum to `amount`.
/// All weights zero with a positive amount is a bug.
std::vector<Money> allocate_pro_rata(Money amount, std::span<const std::int64_t> weights);

}  // namespace tranchain
