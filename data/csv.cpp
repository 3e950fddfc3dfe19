// Csv: libcsv decides what is a field where there are quotes; where each began is derived from the
// raw text.
// SPDX-License-Identifier: Apache-2.0
#include "data/csv.hpp"

#include <csv.h>
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "data/assert.hpp"
#include "data/encoding.hpp"
#include "data/input_name.hpp"
#include "data/text.hpp"

namespace tranchain {

// libcsv says what a field holds but not where it stood. The raw length follows from the value: an
// unquoted field is its value, a quoted one its value, one more quote for each quote, and two.
class CsvReader {
public:
    CsvReader(std::string text, std::string file, const OnCsvRow& on_row) : on_row_(on_row)
    {
        table_.file = std::move(file);
        table_.text_ = std::make_unique<std::string>(std::move(text));
    }
    Checked<CsvTable> read();

private:
    bool read_plain();
    std::optional<Errors> read_quoted();
    void row_begin();
    void field(const char* data, std::size_t size);
    void keep(std::string_view value);
    void row_end();
    void check_header();
    void skip_line_ends();
    void add_error(std::string message, std::size_t offset, std::string hint = {});
    Errors bad_quoting(std::size_t offset, bool at_end);

    const OnCsvRow& on_row_;
    CsvTable table_;
    Errors errors_;
    std::size_t at_ = 0;        // where the next field begins
    int line_ = 1;              // line of at_
    std::size_t row_first_ = 0; // first cell of this row
    std::size_t row_start_ = 0; // offset of this row
    int row_line_ = 1;
    bool in_row_ = false;
    bool have_header_ = false;
    std::vector<std::pair<std::size_t, std::size_t>> shapes_; // first cell, count
};

void CsvReader::add_error(std::string message, std::size_t offset, std::string hint)
{
    errors_.push_back({Code::invalid_input, std::move(message),
                       table_.place(offset, row_start_, row_line_), std::move(hint)});
}

void CsvReader::skip_line_ends()
{
    const std::string& text = *table_.text_;
    while (at_ < text.size() && (text[at_] == '\n' || text[at_] == '\r')) {
        if (text[at_] == '\n' || at_ + 1 >= text.size() || text[at_ + 1] != '\n') {
            ++line_;
        }
        ++at_;
    }
}

void CsvReader::row_begin()
{
    in_row_ = true;
    row_start_ = at_;
    row_line_ = line_;
}

/// The value of the field that begins at at_.
void CsvReader::keep(std::string_view value)
{
    if (have_header_) {
        table_.cells_.push_back(value);
        table_.starts_.push_back(at_);
    } else {
        table_.header.emplace_back(value);
        table_.header_starts_.push_back(at_);
    }
}

void CsvReader::field(const char* data, std::size_t size)
{
    const std::string& text = *table_.text_;
    if (!in_row_) {
        skip_line_ends();
        row_begin();
    }
    const std::string_view value(data, size);
    const bool quoted = at_ < text.size() && text[at_] == '"';
    std::size_t raw = size;
    std::string_view kept = std::string_view(text).substr(at_, size);
    if (quoted) {
        const auto quotes = static_cast<std::size_t>(std::count(value.begin(), value.end(), '"'));
        raw = size + quotes + 2;
        kept = std::string_view(text).substr(at_ + 1, size);
        if (quotes > 0) {
            kept = table_.unescaped_.emplace_back(value);
        }
        line_ += static_cast<int>(std::count(value.begin(), value.end(), '\n'));
    }
    keep(kept);
    at_ += raw;
    if (at_ < text.size() && text[at_] == ',') {
        ++at_;
    }
}

void CsvReader::check_header()
{
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < table_.header.size(); ++i) {
        const std::string& name = table_.header[i];
        if (name.empty()) {
            add_error(fmt::format("column {} has no name", i + 1), table_.header_starts_[i]);
        } else if (!seen.insert(name).second) {
            add_error(fmt::format("column '{}' appears twice", name), table_.header_starts_[i]);
        }
    }
}

void CsvReader::row_end()
{
    in_row_ = false;
    if (!have_header_) {
        check_header();
        have_header_ = true;
        return;
    }
    const std::size_t count = table_.cells_.size() - row_first_;
    if (count != table_.header.size()) {
        add_error(fmt::format("the row has {} fields, the header {}", count, table_.header.size()),
                  row_start_,
                  count < table_.header.size() ? "the line may be truncated"
                                               : "quote a field that holds a comma");
        table_.cells_.resize(row_first_);
        table_.starts_.resize(row_first_);
        return;
    }
    if (on_row_) {
        on_row_(table_, {row_line_, table_.cells_});
        table_.cells_.clear();
        table_.starts_.clear();
        return;
    }
    table_.rows.push_back({row_line_, {}});
    row_first_ = table_.cells_.size();
}

Errors CsvReader::bad_quoting(std::size_t offset, bool at_end)
{
    if (at_end) {
        add_error("the quoted field that begins here never ends", at_, "the file may be truncated");
    } else {
        row_start_ = at_;
        row_line_ = line_;
        add_error(
            "a quote stands where none may", offset,
            "a field that holds quotes is quoted as a whole and doubles them: \"a \"\"b\"\"\"");
    }
    return std::move(errors_);
}

/// Without quotes and carriage returns a field is what stands between commas; false: there are some.
bool CsvReader::read_plain()
{
    const std::string_view text(*table_.text_);
    if (text.find('"') != text.npos || text.find('\r') != text.npos) {
        return false;
    }
    for (; at_ < text.size(); ++at_, ++line_) {
        const std::size_t end = std::min(text.find('\n', at_), text.size());
        if (at_ == end) {
            continue;
        }
        row_begin();
        std::string_view line = text.substr(at_, end - at_);
        for (std::size_t comma = line.find(','); comma != line.npos; comma = line.find(',')) {
            keep(line.substr(0, comma));
            line.remove_prefix(comma + 1);
            at_ += comma + 1;
        }
        keep(line);
        at_ = end;
        row_end();
    }
    return true;
}

std::optional<Errors> CsvReader::read_quoted()
{
    csv_parser parser{};
    invariant(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0);
    csv_set_space_func(&parser, [](unsigned char) { return 0; }); // spaces belong to the field
    const auto on_field = [](void* data, std::size_t size, void* self) {
        static_cast<CsvReader*>(self)->field(static_cast<const char*>(data), size);
    };
    const auto on_row = [](int, void* self) { static_cast<CsvReader*>(self)->row_end(); };
    const std::string& text = *table_.text_;
    const std::size_t done = csv_parse(&parser, text.data(), text.size(), on_field, on_row, this);
    const bool stopped = done < text.size();
    const bool unfinished = !stopped && csv_fini(&parser, on_field, on_row, this) != 0;
    csv_free(&parser);
    if (stopped) {
        if (!in_row_) {
            skip_line_ends();
        }
        return bad_quoting(done, false);
    }
    if (unfinished) {
        if (!in_row_) {
            skip_line_ends();
            row_start_ = at_;
            row_line_ = line_;
        }
        return bad_quoting(at_, true);
    }
    return std::nullopt;
}

Checked<CsvTable> CsvReader::read()
{
    if (!read_plain()) {
        if (auto bad = read_quoted()) {
            return tl::make_unexpected(std::move(*bad));
        }
    }
    if (!have_header_) {
        return tl::make_unexpected(Errors{{Code::invalid_input,
                                           "the file is empty",
                                           {table_.file, 1, 1},
                                           "the first line names the columns"}});
    }
    if (!errors_.empty()) {
        return tl::make_unexpected(std::move(errors_));
    }
    const std::size_t width = table_.header.size();
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
        table_.rows[i].fields = std::span(table_.cells_).subspan(i * width, width);
    }
    return std::move(table_);
}

int CsvTable::column(std::string_view name) const
{
    const auto it = std::find(header.begin(), header.end(), name);
    return it == header.end() ? -1 : static_cast<int>(it - header.begin());
}

Source CsvTable::place(std::size_t offset, std::size_t near, int near_line) const
{
    const std::string_view text(*text_);
    const std::string_view between = text.substr(near, offset - near);
    const int line = near_line + static_cast<int>(std::count(between.begin(), between.end(), '\n'));
    const std::size_t line_end =
        offset == 0 ? std::string_view::npos : text.find_last_of("\r\n", offset - 1);
    const std::size_t start = line_end == std::string_view::npos ? 0 : line_end + 1;
    const auto column = count_characters(text.substr(start, offset - start)) + 1;
    return {file, line, static_cast<int>(column)};
}

Source CsvTable::at(int column) const
{
    if (column < 0) {
        return {file, 1, 1};
    }
    const auto i = static_cast<std::size_t>(column);
    Source where = place(header_starts_.at(i), 0, 1);
    where.length = static_cast<int>(count_characters(header[i]));
    return where;
}

Source CsvTable::at(const Row& row, int column) const
{
    if (column < 0) {
        return {file, row.line};
    }
    const auto first = static_cast<std::size_t>(row.fields.data() - cells_.data());
    const auto i = static_cast<std::size_t>(column);
    Source where = place(starts_.at(first + i), starts_.at(first), row.line);
    const std::string_view value = row.fields[i];
    if (value.find('\n') == std::string_view::npos) {
        where.length = static_cast<int>(count_characters(value));
    }
    return where;
}

Checked<CsvTable> scan_csv(std::string bytes, std::string file_name, const OnCsvRow& on_row)
{
    auto decoded = decode_text(std::move(bytes), file_name);
    if (!decoded) {
        return tl::make_unexpected(Errors{decoded.error()});
    }
    const bool converted = decoded->from_gb18030;
    auto table = CsvReader(std::move(decoded->text), std::move(file_name), on_row).read();
    if (table && converted) {
        table->conversions.emplace_back("converted from GB18030 to UTF-8");
    }
    return table;
}

Checked<CsvTable> parse_csv(std::string_view bytes, std::string file_name)
{
    return scan_csv(std::string(bytes), std::move(file_name), {});
}

Checked<CsvTable> read_csv(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) {
        return tl::make_unexpected(Errors{bytes.error()});
    }
    return scan_csv(std::move(*bytes), input_name(path), {});
}

std::string csv_line(std::span<const std::string> fields)
{
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) {
            line += ',';
        }
        const std::string& field = fields[i];
        if (field.find_first_of(",\"\r\n") == std::string::npos &&
            !(field.empty() && fields.size() == 1)) {
            line += field;
            continue;
        }
        line += '"';
        for (const char c : field) {
            if (c == '"') {
                line += '"';
            }
            line += c;
        }
        line += '"';
    }
    line += '\n';
    return line;
}

} // namespace tranchain
