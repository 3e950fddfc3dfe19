// Json, canonical text: the reader behind parse_canonical, without its messages.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "data/json.hpp"

namespace tranchain {

/// Of a-z, 0-9 and _.
bool is_key_character(char c);
/// Whether these are the canonical bytes of a value; `out` is that value, or else anything.
bool read_canonical(std::string_view bytes, Json& out);

} // namespace tranchain
