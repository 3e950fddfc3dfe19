// Capitals: four digits at a time.
// SPDX-License-Identifier: Apache-2.0
#include "data/capitals.hpp"

#include <array>

#include "data/assert.hpp"

namespace tranchain {

namespace {

constexpr std::array<const char*, 10> numerals{"零", "壹", "贰", "叁", "肆",
                                             "伍", "陆", "柒", "捌", "玖"};

const char* digit(std::int64_t n)
{
    return numerals[static_cast<std::size_t>(n)];
}

/// 1 to 9999 without leading zeros.
std::string below_ten_thousand(std::int64_t n)
{
    std::string out;
    bool zero_between = false;
    constexpr std::array<std::pair<std::int64_t, const char*>, 4> places{
        {{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}}};
    for (const auto& [weight, word] : places) {
        const std::int64_t d = n / weight % 10;
        if (d == 0) {
            zero_between = !out.empty();
            continue;
        }
        if (zero_between) out += digit(0);
        zero_between = false;
        out += std::string(digit(d)) + word;
    }
    return out;
}

/// `n` >= 1. A group of four that is missing, or starts with a zero, is heard as one 零.
std::string whole_yuan(std::int64_t n)
{
    constexpr std::int64_t yi = 100'000'000;
    std::string out = n >= yi ? whole_yuan(n / yi) + "亿" : "";
    bool gap = false;
    for (const auto& [weight, word] : {std::pair{10'000, "万"}, {1, ""}}) {
        const std::int64_t group = n / weight % 10'000;
        if (group == 0) {
            gap = !out.empty();
            continue;
        }
        if (!out.empty() && (gap || group < 1000)) out += digit(0);
        gap = false;
        out += below_ten_thousand(group) + word;
    }
    return out;
}

} // namespace

std::string capitals(Money amount)
{
    invariant(amount >= zero);
    const std::int64_t yuan = amount.in_fen() / 100;
    const std::int64_t jiao = amount.in_fen() / 10 % 10;
    const std::int64_t fen = amount.in_fen() % 10;
    std::string out = "人民币";
    if (yuan > 0) out += whole_yuan(yuan) + "元";
    else if (amount == zero) out += "零元";
    if (jiao == 0 && fen == 0) return out + "整";
    if (jiao > 0) out += std::string(digit(jiao)) + "角";
    else if (yuan > 0) out += digit(0);
    if (fen > 0) out += std::string(digit(fen)) + "分";
    return out;
}

} // namespace tranchain
