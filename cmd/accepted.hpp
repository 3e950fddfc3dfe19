// Accepted: members of a public part that a judge has accepted, so that none of them can be wrong.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "data/date.hpp"
#include "data/json.hpp"
#include "data/money.hpp"

namespace tranchain {

/// Zero, the first day, an empty text, no items where the member is absent.
Money money_in(const Json& object, std::string_view key);
Date date_in(const Json& object, std::string_view key);
std::string text_in(const Json& object, std::string_view key);
const Json::Array& list_in(const Json& object, std::string_view key);

} // namespace tranchain
