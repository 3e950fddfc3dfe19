// Rate: parsing, printing, and the only division that rounds.
// SPDX-License-Identifier: Apache-2.0
#include "data/rate.hpp"

#include <algorithm>
#include <limits>

#include "data/assert.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t ppb_per_percent = 10'000'000;
constexpr std::int64_t max_ppb = 1'000'000'000'000;

} // namespace

Result<Rounding> parse_rounding(std::string_view text)
{
    for (const auto mode : {Rounding::half_up, Rounding::half_even, Rounding::down, Rounding::up,
                            Rounding::truncate}) {
        if (text == name(mode)) return mode;
    }
    return fail(Code::invalid_input, "'" + std::string(text) + "' is not a rounding", {},
                "write one of half-up, half-even, down, up, truncate");
}

std::string_view name(Rounding rounding)
{
    switch (rounding) {
    case Rounding::half_up:
        return "half-up";
    case Rounding::half_even:
        return "half-even";
    case Rounding::down:
        return "down";
    case Rounding::up:
        return "up";
    case Rounding::truncate:
        return "truncate";
    }
    broken_invariant("rounding is one of its enumerators", __FILE__, __LINE__);
}

std::int64_t divide_rounded(Int128 numerator, Int128 denominator, Rounding rounding)
{
    invariant(denominator > 0);
    Int128 quotient = numerator / denominator;
    const Int128 remainder = numerator % denominator;
    const Int128 distance = remainder < 0 ? -remainder : remainder; // from the quotient
    const Int128 beyond = denominator - distance;                   // to the next integer out
    bool outwards = false;
    switch (rounding) {
    case Rounding::half_up:
        outwards = distance >= beyond;
        break;
    case Rounding::half_even:
        outwards = distance > beyond || (distance == beyond && quotient % 2 != 0);
        break;
    case Rounding::down:
    case Rounding::truncate:
        break;
    case Rounding::up:
        outwards = distance > 0;
        break;
    }
    if (outwards) quotient += numerator < 0 ? -1 : 1;
    invariant(quotient >= std::numeric_limits<std::int64_t>::min() &&
              quotient <= std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(quotient);
}

Rate Rate::ppb(std::int64_t ppb)
{
    invariant(ppb >= -max_ppb && ppb <= max_ppb);
    return Rate(ppb);
}

Result<Rate> Rate::parse(std::string_view text)
{
    const auto refuse = [&](std::string_view why) {
        return fail(Code::invalid_input, "'" + std::string(text) + "' " + std::string(why), {},
                    "write a number and a percent sign, such as 4.10%");
    };
    auto rest = text;
    if (!rest.ends_with('%')) return refuse("has no percent sign");
    rest.remove_suffix(1);
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    const auto point = rest.find('.');
    const auto whole = rest.substr(0, point);
    const auto decimals = point == std::string_view::npos ? "" : rest.substr(point + 1);
    if (whole.empty() || (point != std::string_view::npos && decimals.empty()) ||
        !std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(decimals, is_digit)) {
        return refuse("is not a rate");
    }
    if (whole.size() > 1 && whole.front() == '0') return refuse("begins with a zero");
    if (decimals.size() > 7) return refuse("has more than seven decimals");
    if (whole.size() > 6) return refuse("is more than 100000%");
    std::int64_t ppb = 0;
    for (const char c : whole) ppb = ppb * 10 + (c - '0');
    for (std::size_t i = 0; i < 7; ++i)
        ppb = ppb * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
    if (ppb > max_ppb) return refuse("is more than 100000%");
    if (negative && ppb == 0) return refuse("is zero with a sign");
    return Rate(negative ? -ppb : ppb);
}

std::string Rate::str() const
{
    const std::int64_t magnitude = ppb_ < 0 ? -ppb_ : ppb_;
    std::string decimals = std::to_string(magnitude % ppb_per_percent);
    decimals.insert(0, 7 - decimals.size(), '0');
    while (decimals.size() > 2 && decimals.back() == '0') decimals.pop_back();
    return (ppb_ < 0 ? "-" : "") + std::to_string(magnitude / ppb_per_percent) + "." + decimals +
           "%";
}

Money interest(Money amount, Rate rate, std::int64_t days, std::int64_t basis_days, Rounding r)
{
    invariant(days > -100'000'000 && days < 100'000'000);
    invariant(basis_days > 0 && basis_days < 1'000'000);
    if (r == Rounding::truncate) return scale(share(amount, rate, r), days, basis_days, r);
    const Int128 product = static_cast<Int128>(amount.in_fen()) * rate.in_ppb() * days;
    return Money::fen(divide_rounded(product, static_cast<Int128>(basis_days) * Rate::one, r));
}

Money share(Money amount, Rate rate, Rounding r)
{
    return Money::fen(
        divide_rounded(static_cast<Int128>(amount.in_fen()) * rate.in_ppb(), Rate::one, r));
}

Money scale(Money amount, std::int64_t numerator, std::int64_t denominator, Rounding r)
{
    return Money::fen(
        divide_rounded(static_cast<Int128>(amount.in_fen()) * numerator, denominator, r));
}

} // namespace tranchain
