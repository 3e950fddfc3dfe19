// Output as a workbook, by libxlsxwriter.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/core.h>
#include <xlsxwriter.h>

#include "cmd/memory_file.hpp"
#include "cmd/output.hpp"
#include "cmd/terminal.hpp"
#include "data/assert.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::size_t most_rows = 1'048'576;
constexpr std::size_t most_characters = 32'767; ///< of a cell
constexpr std::size_t most_of_name = 31;        ///< characters of a sheet's name
constexpr std::size_t most_digits = 15;         ///< that a workbook shows of a number
/// A workbook must say when it was made; the same answer must be the same bytes. The day the format
/// of its archive begins, and what its entries bear too: 1980-01-01.
constexpr std::time_t made_at = 315'532'800;

struct SheetNumber {
    double value = 0;
    std::string format; ///< of the field's own language: `#,##0.00`, `0.00%`, `yyyy-mm-dd`
};

/// `places` digits after the point, as `0.00`.
std::string places_format(std::size_t places)
{
    return places == 0 ? "0" : "0." + std::string(places, '0');
}

/// Digits, with a minus and a point where they are wanted; the nearest number to it times ten to
/// the `exponent`.
std::optional<SheetNumber> sheet_number(std::string_view text, int exponent)
{
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const auto point = digits.find('.');
    const std::size_t places = point == std::string_view::npos ? 0 : digits.size() - point - 1;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto count =
        static_cast<std::size_t>(std::count_if(digits.begin(), digits.end(), is_digit));
    if (count == 0 || count + (places > 0 ? 1U : 0U) != digits.size() || point == 0) return {};
    if (count - (digits.starts_with("0.") ? 1U : 0U) > most_digits) return {};
    const std::string whole = fmt::format("{}e{}", text, exponent);
    SheetNumber out;
    const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), out.value);
    if (read.ptr != whole.data() + whole.size()) return {};
    out.format = places_format(places);
    return out;
}

/// What a value is to a workbook, if not text. What was made as a text stays one, however it is written.
std::optional<SheetNumber> number_in(const Value& value)
{
    const std::string text = value.text();
    if (value.money() != nullptr) {
        auto number = sheet_number(text, 0);
        if (number) number->format = "#,##0.00";
        return number;
    }
    const bool number_made = value.is_number() || value.is_rate();
    if (number_made && text.ends_with('%')) {
        auto number = sheet_number(std::string_view(text).substr(0, text.size() - 1), -2);
        if (number) number->format += '%';
        return number;
    }
    if (number_made) return sheet_number(text, 0);
    const Date* const day = value.date();
    // Before that a workbook's calendar is a day off.
    if (day == nullptr || *day < Date::of(1900, 3, 1)) return {};
    constexpr int first_of_1970 = 25'569; // a workbook counts from 1899-12-30
    return SheetNumber{static_cast<double>(day->days() + first_of_1970), "yyyy-mm-dd"};
}

bool all_numbers(const Table& table, std::size_t column)
{
    bool any = false;
    for (const auto& row : table.rows()) {
        if (row[column].is_blank()) continue;
        const auto number = number_in(row[column]);
        if (!number || number->format == "yyyy-mm-dd") return false;
        any = true;
    }
    return any;
}

class Workbook {
public:
    Workbook(const std::string& path, bool chinese)
        : book_(workbook_new(path.c_str())), chinese_(chinese)
    {
        invariant(book_ != nullptr);
        lxw_doc_properties about{};
        about.created = made_at;
        workbook_set_properties(book_, &about);
    }
    Workbook(const Workbook&) = delete;
    Workbook& operator=(const Workbook&) = delete;
    ~Workbook()
    {
        if (book_ != nullptr) lxw_workbook_free(book_);
    }

    /// Ends the file; what could not be written is a problem here.
    Result<> finish()
    {
        if (!problem_.empty()) {
            return fail(Code::usage, problem_, {}, "write .json, .csv or .html");
        }
        const lxw_error error = workbook_close(std::exchange(book_, nullptr));
        if (error == LXW_NO_ERROR) return {};
        return fail(Code::io, fmt::format("cannot write the workbook: {}", lxw_strerror(error)));
    }

    lxw_worksheet* sheet(const std::string& wanted)
    {
        lxw_worksheet* const made = workbook_add_worksheet(book_, free_name(wanted).c_str());
        invariant(made != nullptr);
        worksheet_set_landscape(made);
        worksheet_set_paper(made, 9); // A4
        worksheet_fit_to_pages(made, 1, 0);
        return made;
    }

    void text(lxw_worksheet* on,
              std::size_t row,
              std::size_t column,
              const std::string& words,
              bool heading = false,
              bool right = false)
    {
        if (lxw_utf8_strlen(words.c_str()) > most_characters) {
            problem_ = fmt::format("a cell of a workbook holds {} characters", most_characters);
            return;
        }
        worksheet_write_string(on, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                               words.c_str(), format("", heading, right));
    }

    /// `right`: text in a column of numbers.
    void
    cell(lxw_worksheet* on, std::size_t row, std::size_t column, const Value& value, bool right)
    {
        const auto r = static_cast<lxw_row_t>(row);
        const auto c = static_cast<lxw_col_t>(column);
        if (value.is_blank()) return;
        if (const bool* flag = value.flag())
            worksheet_write_boolean(on, r, c, *flag ? 1 : 0, format("", false, false));
        else if (const auto number = number_in(value))
            worksheet_write_number(on, r, c, number->value, format(number->format, false, false));
        else
            text(on, row, column, value.text(), false, right || value.is_number());
    }

    void fits(const Table& table)
    {
        if (table.rows().size() + 1 <= most_rows) return;
        problem_ = fmt::format("a sheet of a workbook holds {} rows, '{}' has {}", most_rows - 1,
                               table.key(), table.rows().size());
    }
    [[nodiscard]] bool failed() const { return !problem_.empty(); }

private:
    /// Every cell has a format, so that all are of one type face, which has Chinese.
    lxw_format* format(const std::string& number, bool heading, bool right)
    {
        lxw_format*& known = formats_[fmt::format("{}/{}{}", number, heading, right)];
        if (known != nullptr) return known;
        known = workbook_add_format(book_);
        if (chinese_) format_set_font_name(known, "Microsoft YaHei");
        if (!number.empty()) format_set_num_format(known, number.c_str());
        if (number == "yyyy-mm-dd") format_set_align(known, LXW_ALIGN_LEFT);
        if (right) format_set_align(known, LXW_ALIGN_RIGHT);
        if (heading) {
            format_set_bold(known);
            format_set_bottom(known, LXW_BORDER_THIN);
        }
        return known;
    }

    /// Sheets need names that are short, without some signs, and different in more than case.
    std::string free_name(const std::string& wanted)
    {
        std::string name;
        std::size_t characters = 0;
        for (const char c : wanted) {
            const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            if (begins && ++characters > most_of_name - 3) break;
            const auto forbidden = static_cast<unsigned char>(c) < 0x20 ||
                                   std::string_view("[]:*?/\\'").find(c) != std::string_view::npos;
            name += forbidden ? ' ' : c;
        }
        name = trim(name);
        const auto taken = [&](const std::string& one) {
            std::string lower = one;
            for (char& c : lower)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            return lower.empty() || lower == "history" || !names_.insert(lower).second;
        };
        std::string out = name;
        for (int n = 2; taken(out); ++n) out = fmt::format("{} {}", name, n);
        return out;
    }

    lxw_workbook* book_;
    bool chinese_;
    std::string problem_;
    std::set<std::string> names_;
    std::map<std::string, lxw_format*> formats_;
};

/// In characters of one width.
constexpr std::size_t narrowest_column = 8, widest_column = 60;

void set_width(lxw_worksheet* sheet, std::size_t column, std::size_t width)
{
    worksheet_set_column(
        sheet, static_cast<lxw_col_t>(column), static_cast<lxw_col_t>(column),
        static_cast<double>(std::clamp(width + 2, narrowest_column, widest_column)), nullptr);
}

void add_sheet(Workbook& book, const Table& table)
{
    book.fits(table);
    if (book.failed()) return;
    lxw_worksheet* const sheet = book.sheet(table.title().empty() ? table.key() : table.title());
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_repeat_rows(sheet, 0, 0);
    for (std::size_t column = 0; column < table.columns().size(); ++column) {
        const bool numbers = all_numbers(table, column);
        const std::string& heading = table.columns()[column].heading();
        book.text(sheet, 0, column, heading, true, numbers);
        std::size_t width = display_width(heading);
        for (std::size_t row = 0; row < table.rows().size(); ++row) {
            const Value& value = table.rows()[row][column];
            book.cell(sheet, row + 1, column, value, numbers);
            width = std::max(width, display_width(value.shown()));
        }
        set_width(sheet, column, width);
    }
}

} // namespace

Result<std::string> Answer::as_xlsx(const std::string& language) const
{
    TRANCHAIN_TRY(const MemoryFile file, MemoryFile::make());
    Workbook book(file.path(), language == "zh");
    lxw_worksheet* first = nullptr;
    std::size_t row = 0, left = 0, right = 0;
    const auto next_row = [&] {
        if (first != nullptr) return ++row;
        first = book.sheet(language == "zh" ? "摘要" : "summary");
        worksheet_freeze_panes(first, 1, 0);
        book.text(first, 0, 0, heading(), true);
        return row = 1;
    };
    for (const auto& part : parts_) {
        if (const auto* f = std::get_if<Field>(&part); f != nullptr && f->for_people) {
            next_row();
            book.text(first, row, 0, f->title);
            book.cell(first, row, 1, f->value, false);
            left = std::max(left, display_width(f->title));
            right = std::max(right, display_width(f->value.shown()));
        }
        if (const auto* n = std::get_if<Note>(&part)) {
            for (const std::string_view line : split(n->line, '\n')) {
                next_row();
                book.text(first, row, 0, std::string(line));
            }
        }
    }
    if (first != nullptr) {
        set_width(first, 0, left);
        set_width(first, 1, right);
    }
    bool any = first != nullptr;
    for (const auto& part : parts_) {
        const auto* table = std::get_if<Table>(&part);
        if (table != nullptr) add_sheet(book, *table);
        any = any || table != nullptr;
    }
    if (!any) next_row(); // there is no workbook without a sheet
    TRANCHAIN_DO(book.finish());
    return file.bytes();
}

} // namespace tranchain
