// Credit code: check character = 31 - sum of value x 3^position mod 31.
// SPDX-License-Identifier: Apache-2.0
#include "data/credit_code.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "data/assert.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr unsigned modulus = 31;
constexpr unsigned no_value = 99;

/// The value of each character, no_value for those that a code cannot have.
constexpr std::array<std::uint8_t, 256> values = [] {
    std::array<std::uint8_t, 256> of{};
    of.fill(no_value);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        of[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return of;
}();

unsigned value_of(char c)
{
    return values[static_cast<unsigned char>(c)];
}
} // namespace

char credit_code_check_character(std::string_view first17)
{
    invariant(first17.size() == 17);
    unsigned sum = 0;
    unsigned weight = 1;
    for (const char c : first17) {
        invariant(value_of(c) != no_value);
        sum += value_of(c) * weight;
        weight = weight * 3 % modulus;
    }
    return alphabet[(modulus - sum % modulus) % modulus];
}

Result<> check_credit_code(std::string_view code)
{
    const auto refuse = [&](std::string reason, std::string hint = {}) {
        return fail(Code::invalid_input,
                    fmt::format("credit code '{}' {}", code, std::move(reason)), {},
                    std::move(hint));
    };
    const bool digits =
        std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (code.size() == 15 && digits) {
        return refuse("is an old 15-digit business licence number",
                      "ask for the 18-character unified social credit code (GB 32100)");
    }
    if (code.size() != 18) {
        return refuse(fmt::format("has {} characters, not 18", count_characters(code)));
    }
    if (std::any_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
        std::string upper(code);
        for (char& c : upper) {
            if (c >= 'a' && c <= 'z') {
                c = static_cast<char>(c - 'a' + 'A');
            }
        }
        return refuse("has lower-case letters", fmt::format("write '{}'", upper));
    }
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (value_of(code[i]) == no_value) {
            return refuse(fmt::format("has a character it cannot have at place {}", i + 1),
                          "it is made of 0-9 and A-Z without I, O, S, V and Z");
        }
    }
    const char right = credit_code_check_character(code.substr(0, 17));
    if (code[17] != right) {
        return refuse("has a wrong check character",
                      fmt::format("if the first 17 are right it ends in '{}'", right));
    }
    return {};
}

} // namespace tranchain
