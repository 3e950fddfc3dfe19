// Csv: RFC 4180 tables with a header row, read strictly, with line and column for every message.
//
// Reads UTF-8 with or without BOM, and GB18030 (told from UTF-8 by validity) which it converts;
// CRLF or LF; quoted fields that hold separators and line breaks. Documented conversions of real
// exports, each recorded in `conversions`: full-width digits and signs to ASCII, thousands
// separators in money. Excel's 9.1E+17 in an identifier is an error: the digits are lost.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"

namespace tranchain {

/// One table in memory. Every data row has as many fields as the header, else an error names it.
struct CsvTable {
    std::string file;                    ///< as the user named it, for messages
    std::vector<std::string> header;     ///< unique, non-empty names
    struct Row {
        int line = 0;                    ///< physical line on which the row begins
        std::vector<std::string> fields;
        std::vector<int> columns;        ///< character column at which each field begins
    };
    std::vector<Row> rows;
    std::vector<std::string> conversions;  ///< one sentence per kind of conversion made, with a count

    /// Index of a column, or -1.
    [[nodiscard]] int column(std::string_view name) const;
    [[nodiscard]] Source at(const Row& row, int column) const;
};

/// Errors: empty file, no header, duplicate or empty column name, wrong field count, bad quoting,
/// truncated last line inside quotes, NUL bytes, neither UTF-8 nor GB18030.
[[nodiscard]] Checked<CsvTable> parse_csv(std::string_view bytes, std::string file_name);
[[nodiscard]] Checked<CsvTable> read_csv(const std::string& path);  ///< "-" reads standard input

/// Writes RFC 4180 with LF line ends; quotes only where needed.
std::string csv_line(std::span<const std::string> fields);

/// Typed getters that append to `errors` and return a default on failure.
class CsvCells {
public:
    CsvCells(const CsvTable& table, Errors& errors) : table_(table), errors_(errors) {}
    std::string text(const CsvTable::Row& row, int column);       ///< not empty
    Money money(const CsvTable::Row& row, int column);            ///< accepts `1,234.5` and `1234`
    Date date(const CsvTable::Row& row, int column);              ///< ISO, a real day
    std::int64_t integer(const CsvTable::Row& row, int column);
    void fail(const CsvTable::Row& row, int column, std::string message, std::string hint = {});

private:
    const CsvTable& table_;
    Errors& errors_;
};

/// Whole file as bytes, or not_found / io with the reason; "-" reads standard input.
[[nodiscard]] Result<std::string> read_file(const std::string& path);
/// Writes beside the target, fsyncs, renames, fsyncs the folder: whole or absent after a crash.
[[nodiscard]] Result<> write_file(const std::string& path, std::string_view bytes);

}  // namespace tranchain
