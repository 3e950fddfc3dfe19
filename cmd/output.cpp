// Output: libsmartcols for people, JSON and CSV for programs.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/output.hpp"

#include <fmt/core.h>
#include <libsmartcols/libsmartcols.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "cmd/terminal.hpp"
#include "data/assert.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

struct FreeTable {
    void operator()(libscols_table* table) const { scols_unref_table(table); }
};
using ColsTable = std::unique_ptr<libscols_table, FreeTable>;

std::string without_line_end_spaces(std::string_view text)
{
    std::string out;
    for (const std::string_view line : split(text, '\n')) {
        const auto last = line.find_last_not_of(' ');
        out += line.substr(0, last == std::string_view::npos ? 0 : last + 1);
        out += '\n';
    }
    while (out.size() > 1 && out[out.size() - 2] == '\n') { out.pop_back(); }
    return out;
}

std::string print_table(const Table& table, std::size_t width, bool color)
{
    if (table.rows().empty()) {
        std::string what = table.key();
        std::replace(what.begin(), what.end(), '_', ' ');
        return table.title().empty() ? what + ": none\n" : "  (none)\n";
    }
    const ColsTable cols(scols_new_table());
    invariant(cols != nullptr);
    scols_table_enable_nowrap(cols.get(), width == 0 ? 0 : 1);
    scols_table_set_termforce(cols.get(), SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(cols.get(), width == 0 ? 10'000 : width);
    scols_table_set_column_separator(cols.get(), "  ");
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        const int flags = (table.is_numeric(i) ? SCOLS_FL_RIGHT : 0) |
                          (table.columns()[i].wide && width != 0 ? SCOLS_FL_TRUNC : 0);
        libscols_column* column =
            scols_table_new_column(cols.get(), table.columns()[i].heading().c_str(), 0, flags);
        if (color) { scols_cell_set_color(scols_column_get_header(column), "\x1b[1m"); }
    }
    if (color) { scols_table_enable_colors(cols.get(), 1); }
    for (const auto& row : table.rows()) {
        libscols_line* line = scols_table_new_line(cols.get(), nullptr);
        for (std::size_t i = 0; i < row.size(); ++i) {
            scols_line_set_data(line, i, row[i].shown().c_str());
        }
    }
    char* text = nullptr;
    invariant(scols_print_table_to_string(cols.get(), &text) == 0);
    const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
    return without_line_end_spaces(owned.get());
}

bool ends_with(const std::string& text, std::string_view ending)
{
    return text.size() > ending.size() && text.ends_with(ending);
}

}  // namespace

void Table::add(std::vector<Value> row)
{
    invariant(row.size() == columns_.size());
    rows_.push_back(std::move(row));
}

bool Table::is_numeric(std::size_t column) const
{
    bool any = false;
    for (const auto& row : rows_) {
        if (row[column].is_blank()) { continue; }
        if (!row[column].is_number()) { return false; }
        any = true;
    }
    return any;
}

Value Table::as_value() const
{
    Value list = Value::array();
    for (const auto& row : rows_) {
        Value object = Value::object();
        for (std::size_t i = 0; i < row.size(); ++i) { object.set(columns_[i].key, row[i]); }
        list.push(std::move(object));
    }
    return list;
}

std::string Table::csv() const
{
    std::vector<std::string> fields;
    for (const Column& c : columns_) { fields.push_back(c.key); }
    std::string text = csv_line(fields);
    for (const auto& row : rows_) {
        fields.clear();
        for (const Value& v : row) { fields.push_back(v.text()); }
        text += csv_line(fields);
    }
    return text;
}

Answer& Answer::title(std::string line)
{
    title_ = std::move(line);
    return *this;
}

std::string Answer::heading() const
{
    if (!title_.empty()) { return title_; }
    const auto first = schema_.find('.') + 1;
    std::string words = schema_.substr(first, schema_.rfind('/') - first);
    std::replace(words.begin(), words.end(), '.', ' ');
    return words;
}

Answer& Answer::field(std::string key, std::string title, Value value)
{
    parts_.emplace_back(Field{std::move(key), std::move(title), std::move(value), true});
    return *this;
}

Answer& Answer::data(std::string key, Value value)
{
    parts_.emplace_back(Field{std::move(key), {}, std::move(value), false});
    return *this;
}

Table& Answer::table(std::string key, std::vector<Column> columns, std::string title)
{
    return std::get<Table>(
        parts_.emplace_back(Table(std::move(key), std::move(columns), std::move(title))));
}

Answer& Answer::note(std::string line)
{
    parts_.emplace_back(Note{std::move(line)});
    return *this;
}

Answer& Answer::chart(Chart drawn)
{
    if (drawn.points.empty() || drawn.series.empty()) { return *this; }
    for (const Chart::Series& s : drawn.series) { invariant(s.values.size() == drawn.points.size()); }
    charts_.push_back(std::move(drawn));
    return *this;
}

Result<const Chart*> Answer::chart_of(const std::string& key) const
{
    if (charts_.empty()) { return fail(Code::usage, "this answer has no chart"); }
    if (key.empty()) { return &charts_.front(); }
    std::vector<std::string> keys;
    for (const Chart& c : charts_) {
        if (c.key == key) { return &c; }
        keys.push_back(c.key);
    }
    return fail(Code::usage, fmt::format("this answer has no chart '{}'", key), {},
                fmt::format("one of: {}", join(keys, ", ")));
}

std::string Answer::as_table(std::size_t width, bool color) const
{
    std::size_t longest = 0;
    for (const auto& part : parts_) {
        if (const auto* f = std::get_if<Field>(&part); f != nullptr && f->for_people) {
            longest = std::max(longest, display_width(f->title));
        }
    }
    std::string text = title_.empty() ? "" : title_ + "\n\n";
    bool after_table = false;
    for (const auto& part : parts_) {
        if (const auto* f = std::get_if<Field>(&part)) {
            if (!f->for_people) { continue; }
            if (after_table) { text += '\n'; }
            after_table = false;
            const std::string pad(longest - display_width(f->title) + 2, ' ');
            text += f->title + pad + f->value.shown() + "\n";
        }
        else if (const auto* note = std::get_if<Note>(&part)) {
            if (after_table) { text += '\n'; }
            after_table = false;
            text += note->line;
            if (note->line.empty() || note->line.back() != '\n') { text += '\n'; }
        }
        else if (const auto* table = std::get_if<Table>(&part)) {
            if (!text.empty()) { text += '\n'; }
            if (!table->title().empty()) {
                text += color ? "\x1b[1m" + table->title() + "\x1b[0m\n" : table->title() + "\n";
            }
            text += print_table(*table, width, color);
            after_table = true;
        }
    }
    return text;
}

std::string Answer::as_json() const
{
    Value object = Value::object();
    object.set("schema", schema_);
    for (const auto& part : parts_) {
        if (const auto* f = std::get_if<Field>(&part)) { object.set(f->key, f->value); }
        if (const auto* t = std::get_if<Table>(&part)) { object.set(t->key(), t->as_value()); }
    }
    return object.pretty_json();
}

std::string Answer::as_csv() const
{
    const bool any_for_people = std::any_of(parts_.begin(), parts_.end(), [](const auto& part) {
        const auto* f = std::get_if<Field>(&part);
        return f != nullptr && f->for_people;
    });
    std::vector<Column> columns;
    std::vector<Value> row;
    for (const auto& part : parts_) {
        if (const auto* t = std::get_if<Table>(&part)) { return t->csv(); }
        const auto* f = std::get_if<Field>(&part);
        if (f != nullptr && f->for_people == any_for_people) {
            columns.push_back({f->key});
            row.push_back(f->value);
        }
    }
    Table one("", std::move(columns), "");
    one.add(std::move(row));
    return one.csv();
}

Format Output::format() const
{
    const std::string& file = globals_.output;
    if (ends_with(file, ".json")) { return Format::json; }
    if (ends_with(file, ".csv")) { return Format::csv; }
    if (ends_with(file, ".html")) { return Format::html; }
    if (ends_with(file, ".svg")) { return Format::svg; }
    if (ends_with(file, ".xlsx")) { return Format::xlsx; }
    return globals_.format;
}

Result<std::string> Output::text_of(const Answer& answer, Format format, const std::string& language,
                                    const std::string& chart_key)
{
    switch (format) {
    case Format::table: break;
    case Format::json: return answer.as_json();
    case Format::csv: return answer.as_csv();
    case Format::html: return answer.as_html(language);
    case Format::svg: {
        TRANCHAIN_TRY(const Chart* chart, answer.chart_of(chart_key));
        return draw(*chart, {}, language);
    }
    case Format::xlsx: return answer.as_xlsx(language);
    }
    return answer.as_table(0, false);
}

Result<> Output::write(const Answer& answer)
{
    const Format wanted = format();
    const bool to_screen = globals_.output.empty();
    std::string text;
    if (to_screen && wanted == Format::table) {
        text = answer.as_table(terminal_width(STDOUT_FILENO), use_color(STDOUT_FILENO, globals_.color));
    } else {
        TRANCHAIN_TRY(text, text_of(answer, wanted, globals_.lang, globals_.chart));
    }
    if (!globals_.chart.empty()) {
        TRANCHAIN_TRY(const Chart* chart, answer.chart_of(globals_.chart));
        if (wanted == Format::table) { text += drawn_as_text(*chart); }
    }
    return write_bytes(text);
}

std::string Output::drawn_as_text(const Chart& chart) const
{
    const std::size_t width = terminal_width(STDOUT_FILENO);
    const auto drawn = draw(chart, {false, width == 0 ? 100 : width}, globals_.lang);
    if (drawn) {
        const auto begin = drawn->find_first_not_of("\f\n");  // it begins a page
        return "\n" + without_line_end_spaces(drawn->substr(std::min(begin, drawn->size())));
    }
    say(fmt::format("{}; {}", drawn.error().message, drawn.error().hint));
    return "";
}

Result<> Output::write_raw(std::string_view bytes)
{
    if (!globals_.chart.empty()) { return fail(Code::usage, "this answer has no chart"); }
    return write_bytes(bytes);
}

Result<> Output::write_bytes(std::string_view bytes) const
{
    if (!globals_.output.empty() && globals_.output != "-") {
        return write_file(globals_.output, bytes);
    }
    const bool is_text = bytes.find('\0') == std::string_view::npos && !invalid_utf8(bytes);
    if (!is_text && is_terminal(STDOUT_FILENO)) {
        return fail(Code::usage, "the answer is not text and will not be written to a terminal", {},
                    "give -o FILE");
    }
    return show_paged(bytes, globals_);
}

void Output::say(const std::string& line) const
{
    if (globals_.quiet || globals_.format == Format::json) { return; }
    fmt::print(stderr, "{}\n", line);
}

void Output::say_more(const std::string& line) const
{
    if (globals_.verbose) { say(line); }
}

}  // namespace tranchain
