// Difference: the first place in which two public parts differ, for people.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "data/json.hpp"

namespace tranchain {

/// `lines.3.paid is 1.00, recomputed 2.00`; empty if they are equal.
std::string first_difference(const Json& stated, const Json& computed);

/// The same in parts. Values as people read them, `absent` where there is none.
struct ValueDifference {
    std::string path, stated, computed;
};
std::optional<ValueDifference> find_difference(const Json& stated, const Json& computed);

} // namespace tranchain
