// Accepted.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/accepted.hpp"

namespace tranchain {

Money money_in(const Json& object, std::string_view key)
{
    const Json* value = object.find(key);
    return value && value->is_string() ? Money::parse(value->as_string()).value_or(zero) : zero;
}

Date date_in(const Json& object, std::string_view key)
{
    const Json* value = object.find(key);
    return value && value->is_string() ? Date::parse(value->as_string()).value_or(Date{}) : Date{};
}

std::string text_in(const Json& object, std::string_view key)
{
    const Json* value = object.find(key);
    return value && value->is_string() ? value->as_string() : std::string();
}

const Json::Array& list_in(const Json& object, std::string_view key)
{
    static const Json::Array none;
    const Json* value = object.find(key);
    return value && value->is_array() ? value->as_array() : none;
}

} // namespace tranchain
