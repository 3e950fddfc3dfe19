// SubmissionFile: the file a party hands to all members: its record, signatures and rows.
//
// A record of statement lines may have 10^6 rows, so rows are read line by line.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "chain/finding.hpp"
#include "chain/sign.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::string_view first_line = "tranchain/submission/v1";

Error at(std::string message, const std::string& file, int line, std::string_view id = "")
{
    return {Code::invalid_input, std::move(message), {file, line}, {}, std::string(id)};
}

/// Takes one line off `rest`; nothing if no complete line is left.
std::optional<std::string_view> next_line(std::string_view& rest)
{
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

struct Shape {
    std::int64_t rows = 0;
    bool with_rows = false;
};

Checked<Shape> parse_shape(std::string_view line, const std::string& file)
{
    auto json = parse_canonical(line);
    if (!json) {
        return tl::make_unexpected(Errors{at(json.error().message, file, 3)});
    }
    Fields fields(*json, "submission");
    const Shape shape{fields.integer("rows"), fields.boolean("with_rows")};
    auto errors = fields.finish();
    for (auto& error : errors) {
        error.where = {file, 3};
    }
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return shape;
}

/// Rows against what the record says of them.
Errors check_rows(const SubmissionFile& submission, const std::string& file)
{
    const Record& record = submission.signed_record.record;
    const auto& rows = submission.rows;
    if (static_cast<std::int64_t>(rows.size()) != record.rows) {
        return {at("the file holds " + std::to_string(rows.size()) + " rows, the record has " +
                       std::to_string(record.rows),
                   file, 3, finding::bad_rows_count)};
    }
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i - 1].key >= rows[i].key) {
            return {at("row '" + rows[i].key + "' is out of order or there twice", file,
                       static_cast<int>(i) + 4, finding::bad_rows_order)};
        }
    }
    if (!rows.empty() && rows_root(rows) != record.rows_root) {
        return {at("the rows are not those the record was signed over", file, 4,
                   finding::bad_rows_root)};
    }
    return {};
}

} // namespace

Json row_to_json(const Row& row)
{
    Json::Array fields;
    for (const auto& [name, value] : row.fields) {
        Json::Array pair;
        pair.emplace_back(name);
        pair.emplace_back(value);
        fields.emplace_back(std::move(pair));
    }
    return Json::object(
        {{"fields", std::move(fields)}, {"key", row.key}, {"secret", hex(row.secret)}});
}

Checked<Row> row_from_json(const Json& json, const std::string& where)
{
    Fields fields(json, where);
    Row row;
    row.key = fields.text("key");
    if (row.key.empty()) {
        fields.add("key", "is empty");
    }
    row.secret = hash_from_hex(fields.hash("secret")).value_or(Hash{});
    for (const Json& item : fields.array("fields")) {
        const bool pair = item.is_array() && item.as_array().size() == 2 &&
                          item.as_array()[0].is_string() && item.as_array()[1].is_string();
        if (!pair) {
            fields.add("fields", "holds something that is not a pair of name and value");
            break;
        }
        const std::string& name = item.as_array()[0].as_string();
        if (name.empty() || row.field(name) != nullptr) {
            fields.add("fields", "has an empty name or the name '" + name + "' twice");
        }
        row.fields.emplace_back(name, item.as_array()[1].as_string());
    }
    if (row.fields.empty()) {
        fields.add("fields", "is empty");
    }
    auto errors = fields.finish();
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return row;
}

std::string SubmissionFile::str() const
{
    std::string out(first_line);
    out += "\n" + signed_record.canonical() + "\n";
    out +=
        Json::object({{"rows", signed_record.record.rows}, {"with_rows", with_rows}}).canonical();
    out += "\n";
    if (with_rows) {
        for (const Row& row : rows) {
            out += row_to_json(row).canonical() + "\n";
        }
    }
    return out;
}

Checked<SubmissionFile> SubmissionFile::parse(std::string_view bytes, const std::string& file)
{
    const auto bad = [&](std::string message, int line) {
        return tl::make_unexpected(Errors{at(std::move(message), file, line)});
    };
    const auto head = next_line(bytes);
    if (head != first_line) {
        return bad("this is not a submission file", 1);
    }
    const auto record_line = next_line(bytes);
    const auto shape_line = next_line(bytes);
    if (!record_line || !shape_line) {
        return bad("the submission file is cut short", 2);
    }
    SubmissionFile out;
    auto record = SignedRecord::parse(*record_line);
    if (!record) {
        for (auto& error : record.error()) {
            error.where = {file, 2};
        }
        return tl::make_unexpected(std::move(record.error()));
    }
    out.signed_record = *std::move(record);
    const auto shape = parse_shape(*shape_line, file);
    if (!shape) {
        return tl::make_unexpected(shape.error());
    }
    if (shape->rows != out.signed_record.record.rows) {
        return bad("the file announces " + std::to_string(shape->rows) + " rows, the record has " +
                       std::to_string(out.signed_record.record.rows),
                   3);
    }
    out.with_rows = shape->with_rows;
    int line = 4;
    for (; !bytes.empty(); ++line) {
        const auto text = next_line(bytes);
        if (!text) {
            return bad("the last line is cut short", line);
        }
        auto json = parse_canonical(*text);
        if (!json) {
            return bad("the row is not canonical: " + json.error().message, line);
        }
        auto row = row_from_json(*json, "row");
        if (!row) {
            for (auto& error : row.error()) {
                error.where = {file, line};
            }
            return tl::make_unexpected(std::move(row.error()));
        }
        out.rows.push_back(*std::move(row));
    }
    if (!out.with_rows && !out.rows.empty()) {
        return bad("the file says it keeps the rows back, but holds some", 4);
    }
    if (out.with_rows) {
        auto errors = check_rows(out, file);
        if (!errors.empty()) {
            return tl::make_unexpected(std::move(errors));
        }
    }
    return out;
}

} // namespace tranchain
