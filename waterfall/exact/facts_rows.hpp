// Rows of records: rows of a single field, secrets in the order of the keys, root and count.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "data/attempt.hpp"
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

/// What each row says, by one of the `read_` functions of facts.hpp. Errors: the first row that cannot
/// be read.
template <class Read>
auto facts_of(const std::vector<Row>& rows, Read read)
    -> Result<std::vector<typename std::invoke_result_t<Read, const Row&>::value_type>>
{
    std::vector<typename std::invoke_result_t<Read, const Row&>::value_type> out;
    out.reserve(rows.size());
    for (const Row& row : rows) {
        TRANCHAIN_TRY(auto fact, read(row));
        out.push_back(std::move(fact));
    }
    return out;
}

} // namespace tranchain
