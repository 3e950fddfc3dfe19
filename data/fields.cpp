// Fields: reads one object of Json member by member, collecting every problem.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "data/digest.hpp"
#include "data/json.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

} // namespace

Fields::Fields(const Json& object, std::string where) : json_(object), where_(std::move(where))
{
    if (!json_.is_object()) {
        errors_.push_back({Code::invalid_input, where_ + " is not an object", {}, {}});
    }
}

void Fields::add(std::string_view key, std::string problem)
{
    errors_.push_back(
        {Code::invalid_input, where_ + "." + std::string(key) + " " + problem, {}, {}});
}

bool Fields::has(std::string_view key)
{
    if (!contains(asked_, key)) asked_.emplace_back(key);
    return json_.is_object() && json_.find(key) != nullptr;
}

const Json* Fields::get(std::string_view key)
{
    if (has(key)) return json_.find(key);
    if (json_.is_object()) add(key, "is missing");
    return nullptr;
}

std::string Fields::text(std::string_view key)
{
    const auto* value = get(key);
    if (value == nullptr) return {};
    if (value->is_string()) return value->as_string();
    add(key, "is not a text");
    return {};
}

std::int64_t Fields::integer(std::string_view key)
{
    const auto* value = get(key);
    if (value == nullptr) return 0;
    if (value->is_integer()) return value->as_integer();
    add(key, "is not an integer");
    return 0;
}

std::int64_t Fields::integer_from(std::string_view key, std::int64_t least)
{
    const std::int64_t value = integer(key);
    if (has(key) && value < least) add(key, "is below " + std::to_string(least));
    return value;
}

Hash Fields::digest(std::string_view key)
{
    return hash_from_hex(hash(key)).value_or(Hash{});
}

bool Fields::boolean(std::string_view key)
{
    const auto* value = get(key);
    if (value == nullptr) return false;
    if (value->is_bool()) return value->as_bool();
    add(key, "is not true or false");
    return false;
}

Money Fields::money(std::string_view key)
{
    const auto* value = get(key);
    if (value == nullptr) return {};
    if (value->is_string()) {
        if (auto money = Money::parse(value->as_string())) return *money;
    }
    add(key, "is not an amount");
    return {};
}

Date Fields::date(std::string_view key)
{
    const auto* value = get(key);
    if (value == nullptr) return {};
    if (value->is_string()) {
        if (auto date = Date::parse(value->as_string())) return *date;
    }
    add(key, "is not a date");
    return {};
}

std::string Fields::hash(std::string_view key)
{
    const auto* value = get(key);
    if (value == nullptr) return {};
    if (value->is_string() && hash_from_hex(value->as_string())) return value->as_string();
    add(key, "is not a hash");
    return {};
}

const Json& Fields::object(std::string_view key)
{
    static const Json none;
    const auto* value = get(key);
    if (value == nullptr) return none;
    if (value->is_object()) return *value;
    add(key, "is not an object");
    return none;
}

const Json::Array& Fields::array(std::string_view key)
{
    static const Json::Array none;
    const auto* value = get(key);
    if (value == nullptr) return none;
    if (value->is_array()) return value->as_array();
    add(key, "is not a list");
    return none;
}

std::vector<std::string> Fields::texts(std::string_view key)
{
    std::vector<std::string> out;
    for (const auto& item : array(key)) {
        if (item.is_string()) {
            out.push_back(item.as_string());
        } else {
            add(key, "holds something that is not a text");
        }
    }
    return out;
}

Errors Fields::finish()
{
    auto errors = std::move(errors_);
    errors_.clear();
    if (!json_.is_object()) return errors;
    for (const auto& [key, value] : json_.as_object()) {
        if (contains(asked_, key)) continue;
        const auto close = closest(key, asked_);
        errors.push_back({Code::invalid_input,
                          where_ + "." + key + " is not known here",
                          {},
                          close ? "did you mean '" + *close + "'?" : ""});
    }
    return errors;
}

} // namespace tranchain
