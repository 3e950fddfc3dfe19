// Json, canonical text: read in one pass, byte by byte what the writer would have written.
//
// A deal of a million events is read as a million canonical texts, most of them good, so nothing is
// written back to be compared. What this reader does not take, the general one explains.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>

#include "data/assert.hpp"
#include "data/json.hpp"
#include "data/json_canonical.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::size_t max_digits = 16; // of 2^53 - 1

class Reader {
public:
    explicit Reader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    bool read(Json& out) { return value(out, 0) && at_ == end_; }

    bool read(TextPairs& out)
    {
        out.clear();
        if (!take('[')) return false;
        if (take(']')) return at_ == end_;
        do {
            auto& [name, text] = out.emplace_back();
            if (!take('[') || !string(name) || !take(',') || !string(text) || !take(']')) {
                return false;
            }
        } while (take(','));
        return take(']') && at_ == end_;
    }

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

    bool value(Json& out, std::size_t depth)
    {
        if (at_ == end_) return false;
        switch (*at_) {
        case '"': {
            std::string text;
            if (!string(text)) return false;
            out = std::move(text);
            return true;
        }
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

    bool object(Json::Object& members, std::size_t depth)
    {
        if (depth > json_depth_max || !take('{')) return false;
        if (take('}')) return true;
        do {
            const auto name = key();
            if (!name || (!members.empty() && members.rbegin()->first >= *name)) return false;
            const auto member = members.emplace_hint(members.end(), *name, false);
            if (!value(member->second, depth)) return false;
        } while (take(','));
        return take('}');
    }

    bool array(Json::Array& items, std::size_t depth)
    {
        if (depth > json_depth_max || !take('[')) return false;
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
    bool string(std::string& text)
    {
        if (!take('"')) return false;
        const char* first = at_;
        for (; at_ != end_ && *at_ != '"'; ++at_) {
            if (*at_ != '\\') continue;
            text.append(first, at_);
            first = ++at_;
            if (at_ == end_ || (*at_ != '"' && *at_ != '\\')) return false;
        }
        if (at_ == end_) return false;
        text.append(first, at_++);
        return is_signable_text(text);
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
        if (at_ == first || n > json_integer_max) return false;
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

void append_text(std::string& out, std::string_view text)
{
    out += '"';
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, done, i - done);
        done = i + 1;
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\r':
            out += "\\r";
            break;
        default:
            out += "\\u00";
            out += "0123456789abcdef"[c >> 4];
            out += "0123456789abcdef"[c & 15];
        }
    }
    out.append(text, done);
    out += '"';
}

bool read_canonical(std::string_view bytes, Json& out)
{
    return Reader(bytes).read(out);
}

std::string canonical_pairs(const TextPairs& pairs)
{
    std::string out;
    char before = '[';
    for (const auto& [name, text] : pairs) {
        out += before;
        out += '[';
        append_text(out, name);
        out += ',';
        append_text(out, text);
        out += ']';
        before = ',';
    }
    out += pairs.empty() ? "[]" : "]";
    return out;
}

bool read_pairs(std::string_view bytes, TextPairs& out)
{
    return Reader(bytes).read(out);
}

void ObjectText::begin(std::string_view name)
{
    invariant(out_.empty() || last_ < name);
    last_ = name;
    out_ += out_.empty() ? '{' : ',';
    append_text(out_, name);
    out_ += ':';
}

ObjectText& ObjectText::add(std::string_view name, std::string_view text)
{
    begin(name);
    append_text(out_, text);
    return *this;
}

ObjectText& ObjectText::add(std::string_view name, std::int64_t n)
{
    begin(name);
    out_ += std::to_string(n);
    return *this;
}

std::string ObjectText::take()
{
    out_ += out_.empty() ? "{}" : "}";
    return std::move(out_);
}

bool ObjectView::next_is(std::string_view name) const
{
    const std::size_t colon = name.size() + 2;
    return rest_.size() > colon + 1 && rest_[0] == before_ && rest_[1] == '"' &&
           rest_.substr(2, name.size()) == name && rest_.substr(colon, 2) == "\":";
}

bool ObjectView::begin(std::string_view name)
{
    if (!next_is(name)) return false;
    rest_.remove_prefix(name.size() + 4);
    before_ = ',';
    return true;
}

bool ObjectView::take(std::string_view name, std::string_view& text)
{
    if (!begin(name) || !rest_.starts_with('"')) return false;
    const std::size_t end = rest_.find('"', 1);
    if (end == std::string_view::npos) return false;
    text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text.find('\\') == std::string_view::npos && is_signable_text(text);
}

bool ObjectView::take(std::string_view name, std::int64_t& n)
{
    if (!begin(name)) return false;
    const std::size_t end = rest_.find_first_of(",}");
    Json number;
    if (end == std::string_view::npos || !read_canonical(rest_.substr(0, end), number) ||
        !number.is_integer()) {
        return false;
    }
    n = number.as_integer();
    rest_.remove_prefix(end);
    return true;
}

} // namespace tranchain
