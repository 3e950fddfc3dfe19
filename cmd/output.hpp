// Output: the answer of a command, written once as a table, as JSON or as CSV.
//
//     Answer answer("tranchain.trigger.history/1");
//     answer.field("fired_on", "fired on", fired ? Value(*fired) : Value());
//     Table& days = answer.table("days", {{"date"}, {"value", "value"}, {"count"}});
//     days.add({day.date, day.value, day.count});
//     answer.note("no day was missing");
//     TRANCHAIN_DO(out.write(answer));
//
// JSON is one object: `schema`, then fields and tables in the order they were added; a table is an
// array of objects. CSV is the table that was added first, or the fields as one row. A table for
// people shows everything; its layout may change. Notes are for people only. -o FILE.html makes a page
// of the same fields, tables, notes and charts, -o FILE.xlsx a workbook: every table on a sheet of its
// own; -o FILE.svg is one chart alone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cmd/chart.hpp"
#include "cmd/options.hpp"
#include "cmd/value.hpp"
#include "data/error.hpp"

namespace tranchain {

/// `key` is the machine's name (JSON, CSV); `title` the heading for people, `key` when empty.
/// Columns of numbers are aligned right. A `wide` one may be cut to fit the terminal.
struct Column {
    std::string key;
    std::string title = "";
    bool wide = false;
    [[nodiscard]] const std::string& heading() const { return title.empty() ? key : title; }
};

class Table {
public:
    Table(std::string key, std::vector<Column> columns, std::string title)
        : key_(std::move(key)), title_(std::move(title)), columns_(std::move(columns))
    {
    }
    /// As many cells as columns.
    void add(std::vector<Value> row);

    [[nodiscard]] const std::string& key() const { return key_; }
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
    [[nodiscard]] const std::vector<std::vector<Value>>& rows() const { return rows_; }
    /// All cells that are not blank are numbers, and there is one.
    [[nodiscard]] bool is_numeric(std::size_t column) const;
    [[nodiscard]] Value as_value() const;
    [[nodiscard]] std::string csv() const;

private:
    std::string key_;
    std::string title_;
    std::vector<Column> columns_;
    std::vector<std::vector<Value>> rows_;
};

class Answer {
public:
    explicit Answer(std::string schema) : schema_(std::move(schema)) {}

    /// What people read first; without one a page is headed by the schema.
    Answer& title(std::string line);
    Answer& field(std::string key, std::string title, Value value);
    /// A field for programs only: a nested object, a long list.
    Answer& data(std::string key, Value value);
    /// The reference stays good while the answer lives.
    Table& table(std::string key, std::vector<Column> columns, std::string title = {});
    Answer& note(std::string line);
    Answer& text(std::string block) { return note(std::move(block)); }
    /// One without points is left out.
    Answer& chart(Chart drawn);

    [[nodiscard]] const std::vector<Chart>& charts() const { return charts_; }
    /// The chart of that name, the first when `key` is empty; the error names those there are.
    [[nodiscard]] Result<const Chart*> chart_of(const std::string& key) const;

    [[nodiscard]] std::string as_table(std::size_t width, bool color) const;
    [[nodiscard]] std::string as_json() const;
    [[nodiscard]] std::string as_csv() const;
    /// One self-contained page in `language` (en or zh): no script, nothing fetched, made to be
    /// printed too. Where charts cannot be drawn, it says so in their place.
    [[nodiscard]] std::string as_html(const std::string& language) const;
    /// A workbook: fields and notes on the first sheet, then a sheet for every table. Money, whole
    /// numbers, rates and days are numbers to it, but those of more than fifteen digits, which it could
    /// not hold, are text. Equal answers are equal bytes.
    [[nodiscard]] Result<std::string> as_xlsx(const std::string& language) const;

private:
    struct Field {
        std::string key, title;
        Value value;
        bool for_people = true;
    };
    struct Note {
        std::string line;
    };
    /// The title, or the command's words: `waterfall run` of `tranchain.waterfall.run/1`.
    [[nodiscard]] std::string heading() const;

    std::string schema_, title_;
    std::vector<Chart> charts_;
    std::deque<std::variant<Field, Table, Note>> parts_;
};

/// Where the answer goes: standard output or -o FILE, in the format asked for.
class Output {
public:
    explicit Output(const Globals& globals) : globals_(globals) {}

    /// -f, or what the ending of -o says (.csv, .json, .html, .svg, .xlsx).
    [[nodiscard]] Format format() const;
    /// As a file would hold it, whatever the terminal. Errors are those of a workbook
    /// and of a chart.
    [[nodiscard]] static Result<std::string> text_of(const Answer& answer, Format format,
                                                     const std::string& language,
                                                     const std::string& chart_key = {});
    [[nodiscard]] Result<> write(const Answer& answer);
    /// Text or bytes as they are; bytes that are not text are refused on a terminal.
    [[nodiscard]] Result<> write_raw(std::string_view bytes);
    /// A line on standard error, unless --quiet or JSON: what was done, for people.
    void say(const std::string& line) const;
    /// The same, only with --verbose.
    void say_more(const std::string& line) const;

private:
    /// Empty when it cannot be drawn, which is said: the figures are shown all the same.
    [[nodiscard]] std::string drawn_as_text(const Chart& chart) const;

    [[nodiscard]] Result<> write_bytes(std::string_view bytes) const;

    const Globals& globals_;
};

}  // namespace tranchain
