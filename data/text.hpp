// Text: hex, base64, UTF-8, and the closest match for "did you mean".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"

namespace tranchain {

using Bytes = std::vector<std::uint8_t>;

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
/// At least one character, and each 0 to 9.
constexpr bool all_digits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::string to_hex(std::span<const std::uint8_t> bytes);                 ///< lower case
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);             ///< lower case only
std::string to_base64(std::span<const std::uint8_t> bytes);              ///< standard, padded
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);          ///< strict: canonical only

inline std::span<const std::uint8_t> bytes_of(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Offset of the first byte that is not valid UTF-8 (no overlong forms, no surrogates), if any.
std::optional<std::size_t> invalid_utf8(std::string_view text);
/// True when `text` is valid UTF-8 without U+0000-001F, U+007F-009F, U+202A-202E, U+2066-2069, U+FEFF.
bool is_signable_text(std::string_view text);
/// Characters (code points) in valid UTF-8; bytes for anything else.
std::size_t count_characters(std::string_view text);

/// The candidate at the smallest edit distance, if it is close enough to be a likely typing error.
std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace tranchain
