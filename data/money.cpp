// Money: parsing, printing, checked arithmetic and the largest-remainder split.
// SPDX-License-Identifier: Apache-2.0
#include "data/money.hpp"

#include <algorithm>
#include <numeric>

#include "data/assert.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::string_view form = "write digits, a point and two decimals, such as 1500000000.00";

std::string digits(std::int64_t fen, std::string_view separator)
{
    const auto magnitude = static_cast<std::uint64_t>(fen < 0 ? -fen : fen);
    const auto whole = std::to_string(magnitude / 100);
    std::string out = fen < 0 ? "-" : "";
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i > 0 && (whole.size() - i) % 3 == 0) out += separator;
        out += whole[i];
    }
    out += '.';
    out += static_cast<char>('0' + magnitude / 10 % 10);
    out += static_cast<char>('0' + magnitude % 10);
    return out;
}

} // namespace

Result<Money> Money::parse(std::string_view text)
{
    const auto refuse = [&](std::string_view why) {
        return fail(Code::invalid_input, "'" + std::string(text) + "' " + std::string(why), {},
                    std::string(form));
    };
    auto rest = text;
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    const auto point = rest.find('.');
    if (point == std::string_view::npos) return refuse("is not an amount with two decimals");
    const auto whole = rest.substr(0, point);
    const auto decimals = rest.substr(point + 1);
    if (whole.empty() || !std::ranges::all_of(whole, is_digit) ||
        !std::ranges::all_of(decimals, is_digit)) {
        return refuse("is not an amount");
    }
    if (decimals.size() != 2) return refuse("does not have two decimals");
    if (whole.size() > 1 && whole.front() == '0') return refuse("begins with a zero");
    if (whole.size() > 15) return refuse("is more than 10 trillion");
    std::int64_t fen = 0;
    for (const char c : whole) fen = fen * 10 + (c - '0');
    fen = fen * 100 + (decimals[0] - '0') * 10 + (decimals[1] - '0');
    if (fen > max_fen) return refuse("is more than 10 trillion");
    if (negative && fen == 0) return refuse("is zero with a sign");
    return Money(negative ? -fen : fen);
}

std::string Money::str() const
{
    return digits(fen_, "");
}
std::string Money::grouped() const
{
    return digits(fen_, ",");
}

std::vector<Money> allocate_pro_rata(Money amount, std::span<const std::int64_t> weights)
{
    invariant(amount >= zero);
    Int128 total = 0;
    for (const auto weight : weights) {
        invariant(weight >= 0);
        total += weight;
    }
    std::vector<Money> parts(weights.size());
    if (amount == zero) return parts;
    invariant(total > 0);

    // amount <= 10^15 and weight < 2^63, so the product stays below 2^113.
    std::vector<Int128> remainders(weights.size());
    Money left = amount;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Int128 product = static_cast<Int128>(amount.in_fen()) * weights[i];
        parts[i] = Money::fen(static_cast<std::int64_t>(product / total));
        remainders[i] = product % total;
        left -= parts[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](auto a, auto b) { return remainders[a] > remainders[b]; });
    // Fewer fen are left than there are parts with a remainder, so one pass hands them all out.
    invariant(left.in_fen() <= static_cast<std::int64_t>(order.size()));
    for (std::size_t i = 0; left > zero; ++i) {
        parts[order[i]] += Money::fen(1);
        left -= Money::fen(1);
    }
    return parts;
}

} // namespace tranchain
