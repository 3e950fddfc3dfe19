// Row: one receivable, one line of a bank statement, or one allocation, with its private secret.
//
// Rows never leave the members; what a record publishes is how many there are and the root over
// their salted commitments. Receivables commit per field, so that one field can be opened alone;
// statement lines and allocations have a single field named `row`. See tranchain-chain(5), "Rows".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/digest.hpp"

namespace tranchain {

struct Row {
    std::string key;                                           ///< unique in its record; rows sort by it
    std::vector<std::pair<std::string, std::string>> fields;   ///< name, value; in schema order
    Hash secret{};                                             ///< random, kept only with the row

    [[nodiscard]] const std::string* field(std::string_view name) const;
};

/// field salt = HMAC-SHA-256(secret, "tranchain/salt/v1\n" + name)
Hash field_salt(const Hash& secret, std::string_view name);
/// SHA-256(0x00 || "tranchain/field/v1\n" || name || 0x00 || salt || value)
Hash field_leaf(std::string_view name, const Hash& salt, std::string_view value);
/// SHA-256(0x00 || "tranchain/row/v1\n" || count of fields, 4 bytes big-endian || root of field leaves)
Hash row_leaf(const Row& row);
/// RFC 6962 root over the row leaves; rows must be sorted by key and unique (a bug otherwise).
Hash rows_root(std::span<const Row> rows);

/// Where secrets and nonces come from; tests replace it by a counter.
using RandomSource = std::function<Hash()>;
RandomSource system_random();
/// Deterministic: SHA-256(seed || counter). For tests and rehearsals only.
RandomSource seeded_random(std::string seed);

}  // namespace tranchain
