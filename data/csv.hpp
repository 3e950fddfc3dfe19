// Csv: RFC 4180 tables with a header row, read strictly, with line and column for every message.
//
// Reads UTF-8 with or without BOM, and GB18030 (told from UTF-8 by validity) which it converts;
// CRLF or LF; quoted fields that hold separators and line breaks. Documented conversions of real
// exports, each recorded in `conversions`: full-width digits and signs to ASCII, thousands
// separators in money. Excel's 9.1E+17 in an identifier is an error: the digits are lost.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"

namespace tranchain {

/// One table in memory. Every data row has as many fields as the header, else an error names it.
/// Fields are views into the table's own copy of the file, so rows must not outlive the table.
class CsvTable {
public:
    std::string file;                ///< as the user named it, for messages
    std::vector<std::string> header; ///< unique, non-empty names
    struct Row {
        int line = 0; ///< physical line on which the row begins
        std::span<const std::string_view> fields;
    };
    std::vector<Row> rows;
    std::vector<std::string>
        conversions; ///< one sentence per kind of conversion made, with a count

    CsvTable() = default;
    CsvTable(CsvTable&&) = default;
    CsvTable& operator=(CsvTable&&) = default;

    /// Index of a column, or -1.
    [[nodiscard]] int column(std::string_view name) const;
    /// Place of a header cell.
    [[nodiscard]] Source at(int column) const;
    /// Place of a field; of the row if column is -1. Costs a scan of the line.
    [[nodiscard]] Source at(const Row& row, int column) const;

private:
    friend class CsvReader;
    std::unique_ptr<std::string> text_;   // the whole file as UTF-8 without BOM
    std::deque<std::string> unescaped_;   // fields that held doubled quotes
    std::vector<std::string_view> cells_; // all data fields, row after row
    std::vector<std::size_t> starts_;     // where each of them begins in text_
    std::vector<std::size_t> header_starts_;
    [[nodiscard]] Source place(std::size_t offset, std::size_t near, int near_line) const;
};

/// Errors: empty file, no header, duplicate or empty column name, wrong field count, bad quoting,
/// truncated last line inside quotes, NUL bytes, neither UTF-8 nor GB18030.
[[nodiscard]] Checked<CsvTable> parse_csv(std::string_view bytes, std::string file_name);
[[nodiscard]] Checked<CsvTable> read_csv(const std::string& path); ///< "-" reads standard input

/// The same one row at a time, for tapes of 10^6 rows: each good row is handed over once its header
/// is known, and only it is in memory; the table that comes back has no rows.
using OnCsvRow = std::function<void(const CsvTable&, const CsvTable::Row&)>;
[[nodiscard]] Checked<CsvTable>
scan_csv(std::string bytes, std::string file_name, const OnCsvRow& on_row);

/// RFC 4180 with an LF line end; quotes only where needed.
std::string csv_line(std::span<const std::string> fields);

/// Typed getters that append to `errors` and return a default on failure. Full-width digits, signs
/// and letters become ASCII in all but `free_text`; each conversion is counted.
class CsvCells {
public:
    CsvCells(const CsvTable& table, Errors& errors) : table_(table), errors_(errors) {}
    std::string text(const CsvTable::Row& row, int column); ///< an identifier or code, not empty
    std::string free_text(const CsvTable::Row& row, int column); ///< as it stands, may be empty
    Money money(const CsvTable::Row& row, int column);           ///< accepts `1,234.5` and `1234`
    Date date(const CsvTable::Row& row, int column);             ///< ISO, a real day
    std::int64_t integer(const CsvTable::Row& row, int column);
    /// Trimmed text with full-width characters as ASCII, for values with a grammar of their own.
    std::string ascii(const CsvTable::Row& row, int column);
    void fail(const CsvTable::Row& row, int column, std::string message, std::string hint = {});
    /// Counts one more conversion of this kind.
    void count(const char* kind, const CsvTable::Row& row, int column);
    /// One sentence per kind of conversion the getters made, with a count and its first place.
    [[nodiscard]] std::vector<std::string> conversions() const;

private:
    const CsvTable& table_;
    Errors& errors_;
    std::map<std::string, std::pair<std::int64_t, std::string>> counts_;
};

/// Kinds of conversion that CsvCells counts.
inline constexpr const char* full_width_converted = "full-width characters to ASCII";
inline constexpr const char* separators_dropped = "thousands separators dropped";

/// True for text like 9.1E+17: what a spreadsheet leaves of a long number.
bool is_spreadsheet_number(std::string_view text);
/// Full-width digits, letters, signs and spaces (U+FF01-FF5E, U+3000) to ASCII.
std::string half_width(std::string_view text);
/// An amount with optional thousands separators and up to two decimals, e.g. `1,234.5`, `-7`.
[[nodiscard]] Result<Money>
parse_loose_money(std::string_view text, char decimal_mark = '.', char thousands_mark = ',');

/// Whole file as bytes, or not_found / io with the reason; "-" reads standard input.
[[nodiscard]] Result<std::string> read_file(const std::string& path);
/// Writes beside the target, fsyncs, renames, fsyncs the folder: whole or absent after a crash.
[[nodiscard]] Result<> write_file(const std::string& path, std::string_view bytes);

} // namespace tranchain
