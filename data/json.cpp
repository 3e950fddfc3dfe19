// Json: the value itself, the canonical writer, and the strict reader on nlohmann's event parser.
//
// The reader builds values while it checks, so a text of a megabyte is read once. Only this file
// knows nlohmann; Fields, the typed reader, is in fields.cpp.
// SPDX-License-Identifier: Apache-2.0
#include "data/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "data/assert.hpp"
#include "data/json_canonical.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {


bool is_key(std::string_view key)
{
    return !key.empty() && std::ranges::all_of(key, is_key_character);
}

void write(std::string& out, const Json& json)
{
    if (json.is_string()) {
        append_text(out, json.as_string());
    } else if (json.is_integer()) {
        out += std::to_string(json.as_integer());
    } else if (json.is_bool()) {
        out += json.as_bool() ? "true" : "false";
    } else if (json.is_array()) {
        char before = '[';
        for (const auto& item : json.as_array()) {
            out += before;
            write(out, item);
            before = ',';
        }
        out += json.as_array().empty() ? "[]" : "]";
    } else {
        char before = '{';
        for (const auto& [key, value] : json.as_object()) {
            out += before;
            append_text(out, key);
            out += ':';
            write(out, value);
            before = ',';
        }
        out += json.as_object().empty() ? "{}" : "}";
    }
}

void write_pretty(std::string& out, const Json& json, std::size_t indent)
{
    const auto line = [&](std::size_t depth) { out.append("\n").append(depth * 2, ' '); };
    if (json.is_array() && !json.as_array().empty()) {
        char before = '[';
        for (const auto& item : json.as_array()) {
            out += before;
            line(indent + 1);
            write_pretty(out, item, indent + 1);
            before = ',';
        }
        line(indent);
        out += ']';
    } else if (json.is_object() && !json.as_object().empty()) {
        char before = '{';
        for (const auto& [key, value] : json.as_object()) {
            out += before;
            line(indent + 1);
            append_text(out, key);
            out += ": ";
            write_pretty(out, value, indent + 1);
            before = ',';
        }
        line(indent);
        out += '}';
    } else {
        write(out, json);
    }
}

/// Receives the events of nlohmann's parser; a false answer stops it.
class Builder {
public:
    using Events = nlohmann::json;

    bool null() { return refuse("null is not allowed; leave the member out"); }
    bool boolean(bool value) { return put(Json(value)); }
    bool number_integer(std::int64_t value)
    {
        if (value < -json_integer_max) return refuse("the number is below -2^53+1");
        return put(Json(value));
    }
    bool number_unsigned(std::uint64_t value)
    {
        if (value > static_cast<std::uint64_t>(json_integer_max)) {
            return refuse("the number is above 2^53-1");
        }
        return put(Json(static_cast<std::int64_t>(value)));
    }
    bool number_float(Events::number_float_t /*value*/, const std::string& text)
    {
        return refuse("'" + text + "' is not an integer within 2^53-1");
    }
    bool string(std::string& value)
    {
        if (!is_signable_text(value)) {
            return refuse("the text holds a control or direction character");
        }
        return put(Json(std::move(value)));
    }
    bool binary(Events::binary_t& /*value*/) { return refuse("binary is not JSON"); }

    bool start_object(std::size_t /*count*/) { return open(Json(Json::Object{})); }
    bool start_array(std::size_t /*count*/) { return open(Json(Json::Array{})); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& text)
    {
        open_.back().key = nullptr;
        if (!is_key(text)) return refuse("the key '" + text + "' is not of a-z, 0-9 and _");
        auto& members = open_.back().value->as_object();
        // Canonical input comes sorted, so the end is the place to try first.
        auto at = members.end();
        if (!members.empty() && std::prev(at)->first >= text) {
            at = members.lower_bound(text);
            if (at->first == text) return refuse("the key '" + text + "' is there twice");
        }
        at = members.emplace_hint(at, std::move(text), false);
        slot_ = &at->second;
        open_.back().key = &at->first;
        return true;
    }
    bool parse_error(std::size_t position,
                     const std::string& /*token*/,
                     const nlohmann::detail::exception& problem)
    {
        std::string why = problem.what();
        if (const auto colon = why.rfind("; last read"); colon != std::string::npos)
            why.resize(colon);
        if (const auto dash = why.rfind(" - "); dash != std::string::npos) why.erase(0, dash + 3);
        position_ = position;
        return refuse("not JSON: " + why);
    }

    [[nodiscard]] Json take() { return std::move(root_); }
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] std::size_t position() const { return position_; } ///< bytes read, 0 = unknown

private:
    struct Level {
        Json* value;
        const std::string* key; // of the member being read
    };

    /// Where the next value goes: the root, the member just named, or the end of the open array.
    Json* place(Json value)
    {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (open_.back().value->is_array()) {
            auto& items = open_.back().value->as_array();
            items.push_back(std::move(value));
            return &items.back();
        }
        *slot_ = std::move(value);
        return slot_;
    }
    bool put(Json value)
    {
        place(std::move(value));
        return true;
    }
    bool open(Json value)
    {
        if (open_.size() == json_depth_max) return refuse("nested deeper than 16");
        open_.push_back({place(std::move(value)), nullptr});
        return true;
    }
    bool close()
    {
        open_.pop_back();
        return true;
    }
    bool refuse(std::string why)
    {
        std::string path;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            const auto& level = open_[i];
            if (level.key != nullptr) path += (path.empty() ? "" : ".") + *level.key;
            if (level.value->is_array()) {
                const bool inside_last = i + 1 < open_.size();
                const auto index = level.value->as_array().size() - (inside_last ? 1 : 0);
                path += "[" + std::to_string(index) + "]";
            }
        }
        problem_ = path.empty() ? std::move(why) : "at '" + path + "': " + why;
        return false;
    }

    Json root_;
    std::vector<Level> open_;
    Json* slot_ = nullptr;
    std::string problem_;
    std::size_t position_ = 0;
};

Source place_of(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, offset);
    const auto line_start = before.rfind('\n') + 1; // npos + 1 == 0
    return {"", static_cast<int>(std::ranges::count(before, '\n')) + 1,
            static_cast<int>(count_characters(before.substr(line_start))) + 1};
}

} // namespace

Json::Json(std::int64_t value) : value_(value)
{
    invariant(value >= -json_integer_max && value <= json_integer_max);
}

const Json::Object& Json::as_object() const
{
    invariant(is_object());
    return *std::get_if<Object>(&value_);
}
Json::Object& Json::as_object()
{
    invariant(is_object());
    return *std::get_if<Object>(&value_);
}
const Json::Array& Json::as_array() const
{
    invariant(is_array());
    return *std::get_if<Array>(&value_);
}
Json::Array& Json::as_array()
{
    invariant(is_array());
    return *std::get_if<Array>(&value_);
}
const std::string& Json::as_string() const
{
    invariant(is_string());
    return *std::get_if<std::string>(&value_);
}
std::int64_t Json::as_integer() const
{
    invariant(is_integer());
    return *std::get_if<std::int64_t>(&value_);
}
bool Json::as_bool() const
{
    invariant(is_bool());
    return *std::get_if<bool>(&value_);
}

const Json* Json::find(std::string_view key) const
{
    const auto& members = as_object();
    const auto at = members.find(key);
    return at == members.end() ? nullptr : &at->second;
}

Json& Json::operator[](std::string_view key)
{
    auto& members = as_object();
    const auto at = members.lower_bound(key);
    if (at != members.end() && at->first == key) return at->second;
    return members.emplace_hint(at, std::string(key), Json())->second;
}

void Json::push_back(Json value)
{
    as_array().push_back(std::move(value));
}

std::string Json::canonical() const
{
    std::string out;
    write(out, *this);
    return out;
}

std::string Json::pretty() const
{
    std::string out;
    write_pretty(out, *this, 0);
    return out;
}

Result<Json> parse_json(std::string_view text)
{
    // nlohmann skips a byte order mark and takes a zero byte for the end, so both are caught here.
    if (const auto at = text.find('\0'); at != std::string_view::npos) {
        return fail(Code::invalid_input, "not JSON: there is a zero byte", place_of(text, at));
    }
    if (text.starts_with("\xEF\xBB\xBF")) {
        return fail(Code::invalid_input, "not JSON: begins with a byte order mark", {"", 1, 1});
    }
    Builder builder;
    if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &builder)) {
        const auto read = builder.position();
        return fail(Code::invalid_input, builder.problem(),
                    read == 0 ? Source{} : place_of(text, std::min(read, text.size()) - 1));
    }
    return builder.take();
}

Result<Json> parse_canonical(std::string_view bytes)
{
    if (Json good; read_canonical(bytes, good)) return good;
    auto json = parse_json(bytes);
    if (!json) return json;
    const auto expected = json->canonical();
    const auto differs = std::ranges::mismatch(expected, bytes);
    const auto offset = static_cast<std::size_t>(differs.in2 - bytes.begin());
    return fail(Code::invalid_input, "not canonical from byte " + std::to_string(offset + 1),
                place_of(bytes, offset),
                "write sorted keys, no spaces, the shortest escapes and no line end");
}

} // namespace tranchain
