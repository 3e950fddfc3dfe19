// Rate: an exact fraction, written in parts per billion, and the integer arithmetic done with it.
//
// Everything members must agree on goes through here: 128-bit products, one rounding at the end,
// the rounding mode an argument that the deal names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/error.hpp"
#include "data/money.hpp"

namespace tranchain {

/// stored: never renumber (deal files and programs name them: `half-up`, `half-even`, `down`, `up`)
enum class Rounding : std::uint8_t { half_up, half_even, down, up, truncate };
[[nodiscard]] Result<Rounding> parse_rounding(std::string_view name);
std::string_view name(Rounding rounding);

/// numerator / denominator rounded to an integer. denominator > 0. half_up is away from zero on
/// ties; `down` and `truncate` are towards zero, `up` away from zero. The result must fit int64, else a bug.
std::int64_t divide_rounded(Int128 numerator, Int128 denominator, Rounding rounding);

/// A rate in parts per billion: 4.10% is 41'000'000. Range |ppb| <= 10^12 (100,000%).
class Rate {
public:
    static constexpr std::int64_t one = 1'000'000'000;
    constexpr Rate() = default;
    static Rate ppb(std::int64_t ppb);
    /// `4.10%`, `-0.5%`, `0.000001%`; up to seven decimals and a percent sign (so exact in ppb).
    [[nodiscard]] static Result<Rate> parse(std::string_view text);
    [[nodiscard]] constexpr std::int64_t in_ppb() const { return ppb_; }
    [[nodiscard]] std::string str() const;  ///< `4.10%`; at least two decimals, no more than needed

    auto operator<=>(const Rate&) const = default;

private:
    explicit constexpr Rate(std::int64_t ppb) : ppb_(ppb) {}
    std::int64_t ppb_ = 0;
};

/// amount x rate x days / basis_days, rounded once. Exact for |amount| <= 10^15 fen,
/// |rate| <= 10^12 ppb, days < 10^5 (product below 1.0e32 < 1.7e38).
Money interest(Money amount, Rate rate, std::int64_t days, std::int64_t basis_days, Rounding r);
/// amount x rate, rounded once.
Money share(Money amount, Rate rate, Rounding r);
/// amount x numerator / denominator, rounded once; denominator > 0.
Money scale(Money amount, std::int64_t numerator, std::int64_t denominator, Rounding r);

}  // namespace tranchain
