// Json, canonical text: read in one pass, byte by byte what the writer would have written.
//
// A deal of a million events is read as a million canonical texts, most of them good, so nothing is
// written back to be compared. What this reader does not take, the general one explains.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "data/json.hpp"
#include "data/json_canonical.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr int max_depth = 16;
constexpr std::size_t max_digits = 16; // of 2^53 - 1
constexpr std::int64_t max_integer = 9'007'199'254'740'991;

class Reader {
public:
    explicit Reader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    bool read(Json& out) { return value(out, 0) && at_ == end_; }

private:
    bool take(char c)
    {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }
    bool take(std::string_view word)
    {
        if (!std::string_view(at_, end_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    bool value(Json& out, int depth)
    {
        if (at_ == end_) return false;
        switch (*at_) {
        case '"':
            return string(out);
        case '{':
            out = Json::Object{};
            return object(out.as_object(), depth + 1);
        case '[':
            out = Json::Array{};
            return array(out.as_array(), depth + 1);
        case 't':
            out = true;
            return take("true");
        case 'f':
            out = false;
            return take("false");
        default:
            return integer(out);
        }
    }

    bool object(Json::Object& members, int depth)
    {
        if (depth > max_depth || !take('{')) return false;
        if (take('}')) return true;
        do {
            const auto name = key();
            if (!name || (!members.empty() && members.rbegin()->first >= *name)) return false;
            const auto member = members.emplace_hint(members.end(), *name, false);
            if (!value(member->second, depth)) return false;
        } while (take(','));
        return take('}');
    }

    bool array(Json::Array& items, int depth)
    {
        if (depth > max_depth || !take('[')) return false;
        if (take(']')) return true;
        do {
            if (!value(items.emplace_back(false), depth)) return false;
        } while (take(','));
        return take(']');
    }

    /// A name with its quotes and the colon.
    std::optional<std::string_view> key()
    {
        if (!take('"')) return std::nullopt;
        const char* first = at_;
        while (at_ != end_ && is_key_character(*at_)) ++at_;
        const std::string_view name(first, at_);
        if (name.empty() || !take("\":")) return std::nullopt;
        return name;
    }

    /// Of a signable text only quote and backslash are escaped, and each with a backslash.
    bool string(Json& out)
    {
        ++at_;
        const char* first = at_;
        std::string text;
        for (; at_ != end_ && *at_ != '"'; ++at_) {
            if (*at_ != '\\') continue;
            text.append(first, at_);
            first = ++at_;
            if (at_ == end_ || (*at_ != '"' && *at_ != '\\')) return false;
        }
        if (at_ == end_) return false;
        text.append(first, at_++);
        if (!is_signable_text(text)) return false;
        out = std::move(text);
        return true;
    }

    bool integer(Json& out)
    {
        const bool negative = take('-');
        const char* first = at_;
        std::int64_t n = 0;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') {
            if (static_cast<std::size_t>(at_ - first) == max_digits) return false;
            n = n * 10 + (*at_++ - '0');
        }
        if (at_ == first || n > max_integer) return false;
        if (*first == '0' && (negative || at_ - first > 1)) return false;
        out = negative ? -n : n;
        return true;
    }

    const char* at_;
    const char* end_;
};

} // namespace

bool is_key_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool read_canonical(std::string_view bytes, Json& out)
{
    return Reader(bytes).read(out);
}

} // namespace tranchain
