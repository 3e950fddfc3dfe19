// Value change: what one figure of an answer is away from another.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cmd/value.hpp"

namespace tranchain {

/// to - from, exact, in the decimals of the finer of the two: money, whole numbers, numbers as text
/// (those in percent give percentage points), and days between dates. Null if either is null or
/// words, or if they are of different kinds.
Value change_between(const Value& from, const Value& to);

/// As a number for charts and for ranking: an amount in whole units of the currency, a percentage in
/// percent, days as they are; none for dates, words and null.
std::optional<double> number_of(const Value& value);

} // namespace tranchain
