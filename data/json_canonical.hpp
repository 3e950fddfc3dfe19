// Json, canonical text: the reader behind parse_canonical, without its messages; and shapes that
// come by the million, written and read without a tree of values between. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/json.hpp"

namespace tranchain {

/// Of a-z, 0-9 and _.
bool is_key_character(char c);
/// Whether these are the canonical bytes of a value; `out` is that value, or else anything.
bool read_canonical(std::string_view bytes, Json& out);

void append_text(std::string& out, std::string_view text); ///< in quotes, with escapes

/// [["name","value"],...]: what Json's canonical() and parse_canonical would give, and no other
/// bytes.
using TextPairs = std::vector<std::pair<std::string, std::string>>;
std::string canonical_pairs(const TextPairs& pairs);
bool read_pairs(std::string_view bytes, TextPairs& out);

/// Writes an object of texts and integers; members are added in the order of their names.
class ObjectText {
public:
    ObjectText& add(std::string_view name, std::string_view text);
    ObjectText& add(std::string_view name, std::int64_t n);
    std::string take();

private:
    void begin(std::string_view name);
    std::string out_;
    std::string_view last_;
};

/// Reads one back, member by member, in place: only texts without escapes. Whatever fails is left
/// to parse_canonical, which tells the unusual from the wrong.
class ObjectView {
public:
    explicit ObjectView(std::string_view bytes) : rest_(bytes) {}
    /// Whether the next member has this name.
    [[nodiscard]] bool next_is(std::string_view name) const;
    bool take(std::string_view name, std::string_view& text);
    bool take(std::string_view name, std::int64_t& n);
    [[nodiscard]] bool finished() const { return rest_ == "}"; }

private:
    bool begin(std::string_view name);
    std::string_view rest_;
    char before_ = '{';
};

} // namespace tranchain
