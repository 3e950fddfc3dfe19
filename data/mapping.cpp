// Mapping: reading the mapping file.
// SPDX-License-Identifier: Apache-2.0
#include "data/mapping.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <variant>

#include "data/csv.hpp"
#include "data/input_name.hpp"
#include "data/tape_schema.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

/// A letter of a date format and how often it stands there.
struct Token {
    char letter;
    std::size_t count;
};

Token token_at(std::string_view format, std::size_t i)
{
    const char letter = format[i];
    if (letter != 'Y' && letter != 'M' && letter != 'D') {
        return {letter, 1};
    }
    std::size_t end = i;
    while (end < format.size() && format[end] == letter) {
        ++end;
    }
    return {letter, end - i};
}

constexpr std::array ledger_columns = {"id",       "obligor",      "invoice_date",
                                       "due_date", "settled_date", "amount"};

/// What a plain ledger may say of its obligors; only this of it is read.
constexpr std::array plain_texts = {"currency", "obligor_group", "obligor_rating", "obligor_industry",
                                    "obligor_region"};

constexpr std::array event_columns = {"id", "date", "kind", "amount"};
constexpr std::array event_kinds = {"payment", "dilution", "writeoff"};

/// Tape columns a ledger may fill by itself: texts that the ledger's own columns do not give.
std::vector<std::string> text_columns()
{
    std::vector<std::string> names;
    for (const TapeColumn& column : tape_schema()) {
        const bool text = std::holds_alternative<Field<std::string>>(column.member);
        if (text && column.name != "asset_id" && column.name != "invoice_no") {
            names.emplace_back(column.name);
        }
    }
    return names;
}

void unknown_name(TomlTable& table, const std::string& key, const std::vector<std::string>& known)
{
    const auto match = closest(key, known);
    table.fail(key, fmt::format("'{}' is not something a ledger can give", key),
               match ? fmt::format("did you mean '{}'?", *match) : "one of " + join(known, ", "));
}

void read_columns(TomlTable table, Mapping& mapping)
{
    for (const char* name : ledger_columns) {
        if (std::string_view(name) == "settled_date") {
            if (auto column = table.optional_text(name)) {
                mapping.columns[name] = *column;
            }
            continue;
        }
        mapping.columns[name] = table.text(name);
    }
    std::vector<std::string> known = text_columns();
    known.insert(known.end(), ledger_columns.begin(), ledger_columns.end());
    for (const std::string& key : table.keys()) {
        if (mapping.columns.contains(key)) {
            continue;
        }
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            unknown_name(table, key, known);
            continue;
        }
        mapping.columns[key] = table.text(key);
    }
}

void read_renamed(TomlTable table, std::span<const char* const> known,
                  std::map<std::string, Located, std::less<>>& renamed)
{
    for (const std::string& key : table.keys()) {
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end()) {
            unknown_name(table, key, {known.begin(), known.end()});
            continue;
        }
        renamed[key] = table.text(key);
    }
}

void read_constants(TomlTable table, Mapping& mapping)
{
    std::vector<std::string> known;
    for (const TapeColumn& column : tape_schema()) {
        known.emplace_back(column.name);
    }
    for (const std::string& key : table.keys()) {
        const auto it = std::find(known.begin(), known.end(), key);
        if (it == known.end()) {
            unknown_name(table, key, known);
            continue;
        }
        if (mapping.columns.contains(key)) {
            table.fail(key, fmt::format("'{}' is both a column and a constant", key));
            continue;
        }
        const Located value = table.text(key);
        Receivable scratch;
        const auto& column = tape_schema()[static_cast<std::size_t>(it - known.begin())];
        if (auto done = set_canonical(scratch, column, value.text); !done) {
            table.fail(key, done.error().message, done.error().hint);
        }
        mapping.constants[key] = value.text;
    }
}

} // namespace

void read_mapping_file(TomlTable table, Mapping& mapping)
{
    if (const auto format = table.optional_text("date_format")) {
        if (auto parsed = DateFormat::parse(format->text)) {
            mapping.dates = *parsed;
        } else {
            table.fail("date_format", parsed.error().message, parsed.error().hint);
        }
    }
    if (const auto mark = table.optional_text("decimal_mark")) {
        if (mark->text == "." || mark->text == ",") {
            mapping.decimal_mark = mark->text[0];
            mapping.thousands_mark = mark->text == "." ? ',' : '.';
        } else {
            table.fail("decimal_mark",
                       fmt::format("decimal_mark '{}' is neither '.' nor ','", mark->text));
        }
    }
    if (const auto mark = table.optional_text("thousands_mark")) {
        if (mark->text.size() == 1 && !is_digit(mark->text[0]) && mark->text[0] != '-' &&
            mark->text[0] != mapping.decimal_mark) {
            mapping.thousands_mark = mark->text[0];
        } else {
            table.fail("thousands_mark",
                       fmt::format("thousands_mark '{}' is not one other mark", mark->text),
                       "such as ',', '.', ' ' or '''");
        }
    }
}

Result<DateFormat> DateFormat::parse(std::string_view text)
{
    std::string seen;
    for (std::size_t i = 0; i < text.size();) {
        const Token token = token_at(text, i);
        i += token.count;
        if (token.letter != 'Y' && token.letter != 'M' && token.letter != 'D') {
            if (is_digit(token.letter)) {
                seen = "digit";
                break;
            }
            continue;
        }
        const bool good = token.letter == 'Y' ? token.count == 4 : token.count <= 2;
        if (!good || seen.find(token.letter) != std::string::npos) {
            seen = "bad";
            break;
        }
        seen += token.letter;
    }
    std::sort(seen.begin(), seen.end());
    if (seen != "DMY") {
        return fail(Code::invalid_input, fmt::format("'{}' is not a date format", text), {},
                    "use YYYY, MM or M, and DD or D once each, such as \"M/D/YYYY\"");
    }
    DateFormat format;
    format.text_ = text;
    return format;
}

Result<Date> DateFormat::read(std::string_view text) const
{
    const auto refuse = [&] {
        return tranchain::fail(Code::invalid_input,
                               fmt::format("'{}' is not a date of the form {}", text, text_));
    };
    int year = 0;
    int month = 0;
    int day = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < text_.size();) {
        const Token token = token_at(text_, i);
        i += token.count;
        if (token.letter != 'Y' && token.letter != 'M' && token.letter != 'D') {
            if (at >= text.size() || text[at] != token.letter) {
                return refuse();
            }
            ++at;
            continue;
        }
        const std::size_t most = token.count == 1 ? 2 : token.count;
        int number = 0;
        std::size_t digits = 0;
        while (digits < most && at < text.size() && is_digit(text[at])) {
            number = number * 10 + (text[at++] - '0');
            ++digits;
        }
        if (digits == 0 || (token.count > 1 && digits != token.count)) {
            return refuse();
        }
        (token.letter == 'Y' ? year : token.letter == 'M' ? month : day) = number;
    }
    if (at != text.size() || !is_real_day(year, month, day)) {
        return refuse();
    }
    return Date::of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

Checked<Mapping> parse_mapping(std::string_view text, std::string file_name)
{
    auto file = TomlFile::parse(text, std::move(file_name));
    if (!file) {
        return tl::make_unexpected(std::move(file.error()));
    }
    Mapping mapping;
    TomlTable root = file->root();
    mapping.file = root.where().file;
    if (auto table = root.optional_table("file")) {
        read_mapping_file(*table, mapping);
    }
    read_columns(root.table("columns"), mapping);
    if (auto table = root.optional_table("constants")) {
        read_constants(*table, mapping);
    }
    if (auto table = root.optional_table("events")) {
        read_renamed(*table, event_columns, mapping.events);
    }
    if (auto table = root.optional_table("kinds")) {
        read_renamed(*table, event_kinds, mapping.kinds);
    }
    if (!mapping.columns.contains("currency") && !mapping.constants.contains("currency")) {
        root.fail("constants", "the currency is missing",
                  "add it under [columns], or currency = \"CNY\" under [constants]");
    }
    Errors errors = file->finish();
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return mapping;
}

Mapping plain_mapping(const std::vector<std::string>& header)
{
    Mapping mapping;
    const auto has = [&](std::string_view name) {
        return std::find(header.begin(), header.end(), name) != header.end();
    };
    for (const char* name : ledger_columns) {
        if (std::string_view(name) != "settled_date" || has(name)) {
            mapping.columns[name] = {name, {}};
        }
    }
    for (const char* name : plain_texts) {
        if (has(name)) {
            mapping.columns[name] = {name, {}};
        }
    }
    if (!mapping.columns.contains("currency")) {
        mapping.constants["currency"] = "CNY";
    }
    return mapping;
}

Checked<Mapping> read_mapping(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) {
        return tl::make_unexpected(Errors{bytes.error()});
    }
    return parse_mapping(*bytes, input_name(path));
}

} // namespace tranchain
