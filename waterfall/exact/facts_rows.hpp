// Rows of records: rows of a single field, secrets in the order of the keys, root and count.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "data/json.hpp"
#include "data/row.hpp"
#include "waterfall/exact/facts.hpp"

namespace tranchain {

Row single_row(std::string key, std::string canonical_value);
/// Sorts by key and draws a secret for each; without a random source, no secrets.
std::vector<Row> seal_rows(std::vector<Row> rows, const RandomSource& random);
/// Adds count and, when the rows have secrets, the root.
Submission with_rows(Record record, std::vector<Row> rows);
/// What the row's only field holds, if that is `row`; else nothing.
const std::string* single_text(const Row& row);
/// The object in the row's single field `row`.
[[nodiscard]] Result<Json> row_object(const Row& row);
/// Several problems of one row as one finding.
Error bad_row(Errors errors);

} // namespace tranchain
