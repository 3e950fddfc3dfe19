// Orders and breaks in the canonical JSON of a state: members that most states do not have.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "data/error.hpp"
#include "data/json.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// Left out where it is empty.
void add_orders(const DealState& state, Json& json);
/// Reads what add_orders() wrote; problems are appended to `errors`.
void read_orders(Fields& fields, DealState& state, Errors& errors);

/// The ledger that bears a break: `income`, `principal` or `unapplied`.
std::optional<Account> bearing_ledger(std::string_view name);

} // namespace tranchain
