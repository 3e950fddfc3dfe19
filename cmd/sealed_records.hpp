// Sealed records: those of a copy of a chain in its order, with their rows.
//
// It trusts the database, as `chain status` does, but for the rows, which must be those that were
// signed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chain/store.hpp"
#include "data/record.hpp"

namespace tranchain {

/// Hands over the records of a deal (all deals: empty) up to block `last` (all: none) in the order
/// of the chain. Each block is read once.
using OnSealed = std::function<Result<>(const RecordPlace&, const Record&)>;
[[nodiscard]] Result<> each_sealed(Store& store,
                                   const std::string& deal,
                                   std::optional<std::int64_t> last,
                                   const std::function<bool(const std::string& type)>& wanted,
                                   const OnSealed& take);

/// The rows of a record as they were signed; none where this copy has none. Errors: rows that
/// differ.
[[nodiscard]] Result<std::optional<std::vector<Row>>>
signed_rows(Store& store, const RecordPlace& place, const Record& record);

} // namespace tranchain
