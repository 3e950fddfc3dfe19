// Rows of records.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/facts_rows.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace tranchain {

Row single_row(std::string key, std::string canonical_value)
{
    Row row;
    row.key = std::move(key);
    row.fields.emplace_back("row", std::move(canonical_value));
    return row;
}

std::vector<Row> seal_rows(std::vector<Row> rows, const RandomSource& random)
{
    const auto less = [](const Row& a, const Row& b) { return a.key < b.key; };
    if (!std::is_sorted(rows.begin(), rows.end(), less)) std::sort(rows.begin(), rows.end(), less);
    if (random) {
        for (Row& row : rows) row.secret = random();
    }
    return rows;
}

Submission with_rows(Record record, std::vector<Row> rows)
{
    Submission s{std::move(record), std::move(rows)};
    s.record.rows = static_cast<std::int64_t>(s.rows.size());
    const bool secret = !s.rows.empty() && s.rows.front().secret != Hash{};
    if (secret) s.record.rows_root = rows_root(s.rows);
    return s;
}

const std::string* single_text(const Row& row)
{
    const bool single = row.fields.size() == 1 && row.fields.front().first == "row";
    return single ? &row.fields.front().second : nullptr;
}

Result<Json> row_object(const Row& row)
{
    const std::string* text = single_text(row);
    if (text == nullptr) {
        return tl::make_unexpected(
            Error{Code::invalid_input,
                  fmt::format("row '{}' has not the one field 'row'", row.key),
                  {},
                  {},
                  "bad-row"});
    }
    auto json = parse_canonical(*text);
    if (json && json->is_object()) return json;
    return tl::make_unexpected(Error{Code::invalid_input,
                                     fmt::format("row '{}' is not a canonical object", row.key),
                                     {},
                                     {},
                                     "bad-row"});
}

Error bad_row(Errors errors)
{
    Error e = errors.empty() ? Error{} : std::move(errors.front());
    e.code = Code::invalid_input;
    e.id = "bad-row";
    return e;
}

} // namespace tranchain
