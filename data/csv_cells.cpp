// Csv cells: typed values of a table, with the documented conversions of real exports.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

/// Printable ASCII without spaces: nothing to convert, to trim or to refuse.
bool is_plain(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// Groups of three after the first mark: `1,234,567`.
bool well_grouped(std::string_view whole, char mark)
{
    const auto parts = split(whole, mark);
    if (parts.front().empty() || parts.front().size() > 3) {
        return false;
    }
    return std::all_of(parts.begin(), parts.end(), all_digits) &&
           std::all_of(parts.begin() + 1, parts.end(),
                       [](std::string_view part) { return part.size() == 3; });
}

/// The day a spreadsheet means by its number, e.g. 43412.
std::string spreadsheet_day_hint(std::string_view text)
{
    int number = 0;
    if (!all_digits(text) || text.size() != 5) {
        return {};
    }
    std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr int epoch = 25569; // the spreadsheet's number of 1970-01-01
    return fmt::format("a spreadsheet's day number: write '{}'", (Date() + (number - epoch)).str());
}

} // namespace

bool is_spreadsheet_number(std::string_view text)
{
    if (text.empty() || !is_digit(text.front())) {
        return false;
    }
    const auto e = static_cast<std::size_t>(
        std::find_if(text.begin(), text.end(), [](char c) { return c == 'E' || c == 'e'; }) -
        text.begin());
    if (e == text.size()) {
        return false;
    }
    std::string_view mantissa = text.substr(0, e);
    std::string_view exponent = text.substr(e + 1);
    if (exponent.empty() || (exponent.front() != '+' && exponent.front() != '-')) {
        return false;
    }
    exponent.remove_prefix(1);
    const auto point = mantissa.find('.');
    const bool good_mantissa =
        point == std::string_view::npos
            ? all_digits(mantissa)
            : all_digits(mantissa.substr(0, point)) && all_digits(mantissa.substr(point + 1));
    return good_mantissa && all_digits(exponent);
}

std::string half_width(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto a = static_cast<unsigned char>(text[i]);
        if (a >= 0xE3 && i + 2 < text.size()) {
            const auto b = static_cast<unsigned char>(text[i + 1]);
            const auto c = static_cast<unsigned char>(text[i + 2]);
            const unsigned point = ((a & 0x0FU) << 12) | ((b & 0x3FU) << 6) | (c & 0x3FU);
            if (a == 0xEF && point >= 0xFF01 && point <= 0xFF5E) {
                out += static_cast<char>(point - 0xFF01 + 0x21);
                i += 2;
                continue;
            }
            if (point == 0x3000 && a == 0xE3) {
                out += ' ';
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

Result<Money> parse_loose_money(std::string_view text, char decimal_mark, char thousands_mark)
{
    const auto refuse = [&] {
        return fail(Code::invalid_input, fmt::format("'{}' is not an amount", text), {},
                    is_spreadsheet_number(text)
                        ? "a spreadsheet has cut its digits: export the column as a number"
                        : "write at most two decimals, such as 1234.50");
    };
    std::string_view rest = text;
    std::string canonical;
    if (rest.starts_with('-')) {
        canonical = "-";
        rest.remove_prefix(1);
    }
    std::string_view whole = rest;
    std::string_view cents;
    if (const auto point = rest.find(decimal_mark); point != std::string_view::npos) {
        whole = rest.substr(0, point);
        cents = rest.substr(point + 1);
        if (cents.size() > 2 || !all_digits(cents)) {
            return refuse();
        }
    }
    if (!all_digits(whole) && !well_grouped(whole, thousands_mark)) {
        return refuse();
    }
    std::string digits;
    std::copy_if(whole.begin(), whole.end(), std::back_inserter(digits), is_digit);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    canonical += digits + '.' + std::string(cents) + std::string(2 - cents.size(), '0');
    if (canonical == "-0.00") {
        canonical = "0.00";
    }
    auto money = Money::parse(canonical);
    if (!money) {
        return refuse();
    }
    return money;
}

void CsvCells::count(const char* kind, const CsvTable::Row& row, int column)
{
    auto& [number, first] = counts_[kind];
    if (number++ == 0) {
        const Source where = table_.at(row, column);
        first = fmt::format("{}:{}", where.line, where.column);
    }
}

std::string CsvCells::ascii(const CsvTable::Row& row, int column)
{
    const std::string_view raw = row.fields[static_cast<std::size_t>(column)];
    const bool plain = std::none_of(raw.begin(), raw.end(), [](char c) { return c < 0; });
    if (plain) {
        return std::string(trim(raw));
    }
    std::string text = half_width(raw);
    if (text != raw) {
        count(full_width_converted, row, column);
    }
    return std::string(trim(text));
}

std::string CsvCells::text(const CsvTable::Row& row, int column)
{
    const std::string_view raw = row.fields[static_cast<std::size_t>(column)];
    if (is_plain(raw) && !is_spreadsheet_number(raw)) {
        return std::string(raw);
    }
    std::string value = ascii(row, column);
    const std::string& name = table_.header[static_cast<std::size_t>(column)];
    if (value.empty()) {
        fail(row, column, fmt::format("column '{}' is empty", name));
    } else if (is_spreadsheet_number(value)) {
        fail(row, column, fmt::format("'{}' in column '{}' has lost digits", value, name),
             "a spreadsheet has rounded it: export the column as text");
    } else if (!is_signable_text(value)) {
        fail(row, column, fmt::format("column '{}' holds a control or direction character", name));
    }
    return value;
}

std::string CsvCells::free_text(const CsvTable::Row& row, int column)
{
    std::string value(row.fields[static_cast<std::size_t>(column)]);
    if (!is_signable_text(value)) {
        fail(row, column,
             fmt::format("column '{}' holds a control or direction character",
                         table_.header[static_cast<std::size_t>(column)]));
        value.clear();
    }
    return value;
}

Money CsvCells::money(const CsvTable::Row& row, int column)
{
    if (const auto canonical = Money::parse(row.fields[static_cast<std::size_t>(column)])) {
        return *canonical;
    }
    const std::string value = ascii(row, column);
    const auto money = parse_loose_money(value);
    if (!money) {
        fail(row, column,
             fmt::format("{} in column '{}'", money.error().message,
                         table_.header[static_cast<std::size_t>(column)]),
             money.error().hint);
        return {};
    }
    if (value.find(',') != std::string::npos) {
        count(separators_dropped, row, column);
    }
    return *money;
}

Date CsvCells::date(const CsvTable::Row& row, int column)
{
    if (const auto plain = Date::parse(row.fields[static_cast<std::size_t>(column)])) {
        return *plain;
    }
    const std::string value = ascii(row, column);
    const auto date = Date::parse(value);
    if (date) {
        return *date;
    }
    std::string hint = spreadsheet_day_hint(value);
    if (hint.empty()) {
        hint = date.error().hint.empty() ? "write YYYY-MM-DD" : date.error().hint;
    }
    fail(row, column,
         fmt::format("'{}' in column '{}' is not a date", value,
                     table_.header[static_cast<std::size_t>(column)]),
         std::move(hint));
    return {};
}

std::int64_t CsvCells::integer(const CsvTable::Row& row, int column)
{
    const std::string value = ascii(row, column);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (value.empty() || problem != std::errc() || end != value.data() + value.size()) {
        fail(row, column,
             fmt::format("'{}' in column '{}' is not a whole number", value,
                         table_.header[static_cast<std::size_t>(column)]));
        return 0;
    }
    return number;
}

void CsvCells::fail(const CsvTable::Row& row, int column, std::string message, std::string hint)
{
    errors_.push_back(
        {Code::invalid_input, std::move(message), table_.at(row, column), std::move(hint)});
}

std::vector<std::string> CsvCells::conversions() const
{
    std::vector<std::string> sentences;
    for (const auto& [kind, seen] : counts_) {
        sentences.push_back(fmt::format("{}: {} field{}, first at {}", kind, seen.first,
                                        seen.first == 1 ? "" : "s", seen.second));
    }
    return sentences;
}

} // namespace tranchain
