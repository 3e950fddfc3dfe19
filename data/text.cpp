// Text: hex, base64, UTF-8, edit distance, splitting and joining.
// SPDX-License-Identifier: Apache-2.0
#include "data/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "data/assert.hpp"

namespace tranchain {

namespace {

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_letters = "0123456789abcdef";

std::uint8_t byte_at(std::string_view text, std::size_t i)
{
    return static_cast<std::uint8_t>(text[i]);
}

int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// One character of UTF-8 at `at`; length 0 when the bytes there are not valid.
struct Character {
    char32_t code;
    std::size_t length;
};

Character decode(std::string_view text, std::size_t at)
{
    const std::uint8_t lead = byte_at(text, at);
    if (lead < 0x80) return {lead, 1};
    std::size_t length = 0;
    char32_t code = 0;
    char32_t least = 0;
    if ((lead & 0xE0) == 0xC0) {
        length = 2, code = lead & 0x1FU, least = 0x80;
    } else if ((lead & 0xF0) == 0xE0) {
        length = 3, code = lead & 0x0FU, least = 0x800;
    } else if ((lead & 0xF8) == 0xF0) {
        length = 4, code = lead & 0x07U, least = 0x10000;
    }
    if (length == 0 || length > text.size() - at) return {lead, 0};
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint8_t next = byte_at(text, at + i);
        if ((next & 0xC0) != 0x80) return {lead, 0};
        code = (code << 6) | (next & 0x3FU);
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < least || code > 0x10FFFF || surrogate) return {lead, 0};
    return {code, length};
}

/// True when the eight bytes at `p` are all of 0x20 to 0x7E, or of 0x00 to 0x7F if not `printable`.
bool eight_plain(const char* p, bool printable)
{
    std::uint64_t word = 0;
    std::memcpy(&word, p, 8);
    constexpr std::uint64_t high = 0x8080808080808080ULL;
    if ((word & high) != 0) return false;
    if (!printable) return true;
    constexpr std::uint64_t ones = 0x0101010101010101ULL;
    const std::uint64_t control = ~(word + 0x60 * ones) & high; // no carry: every byte < 0x80
    const std::uint64_t del = (word + ones) & high;
    return (control | del) == 0;
}

bool is_forbidden(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

std::u32string characters(std::string_view text)
{
    std::u32string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = decode(text, i);
        out += c.code;
        i += std::max<std::size_t>(c.length, 1);
    }
    return out;
}

/// Edit distance in which swapping two neighbours counts as one (optimal string alignment).
std::size_t distance(const std::u32string& a, const std::u32string& b)
{
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

} // namespace

std::string to_hex(std::span<const std::uint8_t> bytes)
{
    std::string out(bytes.size() * 2, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out[2 * i] = hex_letters[bytes[i] >> 4];
        out[2 * i + 1] = hex_letters[bytes[i] & 15];
    }
    return out;
}

Result<Bytes> from_hex(std::string_view text)
{
    if (text.size() % 2 != 0) return fail(Code::invalid_input, "odd number of hexadecimal digits");
    Bytes out(text.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = hex_value(text[2 * i]);
        const int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return fail(Code::invalid_input, "not hexadecimal in lower case", {},
                        "use the digits 0-9 and a-f only");
        }
        out[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return out;
}

std::string to_base64(std::span<const std::uint8_t> bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) group = (group << 8) | (k < count ? bytes[i + k] : 0U);
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= count ? base64_letters[(group >> (18 - 6 * k)) & 63] : '=';
        }
    }
    return out;
}

Result<Bytes> from_base64(std::string_view text)
{
    static constexpr auto values = [] {
        std::array<std::int8_t, 256> table{};
        table.fill(-1);
        for (std::size_t i = 0; i < base64_letters.size(); ++i) {
            table[static_cast<unsigned char>(base64_letters[i])] = static_cast<std::int8_t>(i);
        }
        return table;
    }();
    const auto refuse = [] { return fail(Code::invalid_input, "not canonical base64"); };
    if (text.size() % 4 != 0) return refuse();
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    Bytes out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pad = i >= text.size() - padding;
        const int value = pad ? 0 : values[byte_at(text, i)];
        if (value < 0) return refuse();
        group = (group << 6) | static_cast<std::uint32_t>(value);
        if (i % 4 != 3) continue;
        for (const unsigned shift : {16U, 8U, 0U}) {
            out.push_back(static_cast<std::uint8_t>(group >> shift));
        }
        group = 0;
    }
    // The bits that padding covers must be zero, or two texts would stand for the same bytes.
    for (; padding > 0; --padding) {
        if (out.back() != 0) return refuse();
        out.pop_back();
    }
    if (to_base64(out) != text) return refuse();
    return out;
}

std::optional<std::size_t> invalid_utf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        if (text.size() - i >= 8 && eight_plain(text.data() + i, false)) {
            i += 8;
            continue;
        }
        const auto c = decode(text, i);
        if (c.length == 0) return i;
        i += c.length;
    }
    return std::nullopt;
}

bool is_signable_text(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        if (text.size() - i >= 8 && eight_plain(text.data() + i, true)) {
            i += 8;
            continue;
        }
        const auto c = decode(text, i);
        if (c.length == 0 || is_forbidden(c.code)) return false;
        i += c.length;
    }
    return true;
}

std::size_t count_characters(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) {
        i += std::max<std::size_t>(decode(text, i).length, 1);
    }
    return count;
}

std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates)
{
    const auto wanted = characters(word);
    // A third of the word may be wrong; a word of one or two letters only by a swap or one letter.
    const std::size_t allowed = std::max<std::size_t>(1, wanted.size() / 3);
    std::optional<std::string> best;
    std::size_t least = allowed + 1;
    for (const auto& candidate : candidates) {
        const auto other = characters(candidate);
        const auto d = distance(wanted, other);
        if (d < least && d < std::max(wanted.size(), other.size())) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blank = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string join(std::span<const std::string> parts, std::string_view separator)
{
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += separator;
        out += parts[i];
    }
    return out;
}

} // namespace tranchain
