// As of: a copy of a chain as it stood at an earlier block, for every command that reads one.
//
// --as-of HEIGHT is that block. --as-of DATE is the newest block dated, in the deal's zone, on that day
// or before. What came later is not read: not blocks, not records, not what a database keeps beside
// its blocks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "chain/verify.hpp"
#include "cmd/options.hpp"

namespace tranchain {

/// Nothing without --as-of. Errors: not_found where no block is that old, or none has that height.
[[nodiscard]] Result<std::optional<std::int64_t>>
height_as_of(const ChainSource& source, const Globals& globals);

/// `source` without the blocks above `last`.
[[nodiscard]] ChainSource cut_source(ChainSource source, std::int64_t last);

} // namespace tranchain
