// Workbooks: what libxlsxwriter wrote for us, unpacked by libarchive and read by pugixml, beside
// the JSON of the same answer. SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <set>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>
#include <pugixml.hpp>
#include <rapidcheck/boost_test.h>

#include "cmd/output.hpp"
#include "cmd/workbook.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(workbook_tests)

namespace {

struct Entry {
    std::string bytes;
    std::time_t time = 0;
};

std::map<std::string, Entry> unpacked(const std::string& bytes)
{
    const std::unique_ptr<archive, int (*)(archive*)> zip(archive_read_new(), archive_read_free);
    archive_read_support_format_zip(zip.get());
    BOOST_REQUIRE_EQUAL(archive_read_open_memory(zip.get(), bytes.data(), bytes.size()),
                        ARCHIVE_OK);
    std::map<std::string, Entry> out;
    archive_entry* entry = nullptr;
    while (archive_read_next_header(zip.get(), &entry) == ARCHIVE_OK) {
        Entry& e = out[archive_entry_pathname(entry)];
        e.time = archive_entry_mtime(entry);
        std::array<char, 4096> part{};
        la_ssize_t n = 0;
        while ((n = archive_read_data(zip.get(), part.data(), part.size())) > 0)
            e.bytes.append(part.data(), static_cast<std::size_t>(n));
        BOOST_REQUIRE_EQUAL(n, 0);
    }
    return out;
}

struct Cell {
    std::string type, value, format; ///< value of a shared string is its text
};

/// A workbook's sheets by name, their cells by place.
struct Book {
    explicit Book(const std::string& bytes) : entries(unpacked(bytes))
    {
        pugi::xml_document book, strings, styles;
        load(book, "xl/workbook.xml");
        load(styles, "xl/styles.xml");
        std::vector<std::string> shared;
        if (entries.contains("xl/sharedStrings.xml")) {
            load(strings, "xl/sharedStrings.xml");
            for (const auto s : strings.child("sst").children("si"))
                shared.emplace_back(s.child("t").text().get());
        }
        int number = 0;
        for (const auto s : book.child("workbook").child("sheets").children("sheet")) {
            names.emplace_back(s.attribute("name").value());
            pugi::xml_document& sheet = documents.emplace_back();
            load(sheet, fmt::format("xl/worksheets/sheet{}.xml", ++number));
            for (const auto c : sheet.select_nodes("//c")) {
                const pugi::xml_node n = c.node();
                Cell cell{n.attribute("t").value(), n.child("v").text().get(),
                          format(styles, n.attribute("s").as_uint())};
                if (cell.type == "s") cell.value = shared.at(std::stoul(cell.value));
                cells[names.back()][n.attribute("r").value()] = cell;
            }
        }
    }
    void load(pugi::xml_document& into, const std::string& name)
    {
        BOOST_REQUIRE_MESSAGE(entries.contains(name), name);
        BOOST_REQUIRE(into.load_buffer(entries[name].bytes.data(), entries[name].bytes.size()));
    }
    static std::string format(const pugi::xml_document& styles, unsigned style)
    {
        const auto xfs = styles.child("styleSheet").child("cellXfs").children("xf");
        const std::string id = std::next(xfs.begin(), style)->attribute("numFmtId").value();
        for (const auto f : styles.child("styleSheet").child("numFmts").children("numFmt"))
            if (id == f.attribute("numFmtId").value()) return f.attribute("formatCode").value();
        return id == "0" ? "General" : id;
    }
    const Cell& at(const std::string& sheet, const std::string& place)
    {
        return cells.at(sheet).at(place);
    }

    std::map<std::string, Entry> entries;
    std::vector<std::string> names;
    std::deque<pugi::xml_document> documents;
    std::map<std::string, std::map<std::string, Cell>> cells;
};

Answer sample()
{
    Answer answer("tranchain.some.paper/1");
    answer.title("京东金融—华泰资管2018年第6期");
    answer.field("plan", "plan", "small").field("total", "total", Money::fen(1'078'200));
    Table& t = answer.table(
        "payments",
        {{"id"}, {"amount"}, {"units"}, {"rate"}, {"day", "payment date"}, {"done"}, {"per_unit"}},
        "who gets what");
    t.add({"0012", Money::fen(-123'456'789), 20'000, Value::rate("4.10%"), Date::of(2018, 12, 26), true,
           Value::number("0.5391")});
    t.add({"=1+1", Money::fen(1), std::int64_t{9'007'199'254'740'993}, "n/a", Value(), false,
           Value::number("100.0000")});
    answer.note("one line\nand another");
    answer.data("hidden", "for programs");
    return answer;
}

Book book_of(const Answer& answer, const char* language = "en")
{
    const auto bytes = answer.as_xlsx(language);
    BOOST_REQUIRE(bytes);
    return Book(*bytes);
}

} // namespace

BOOST_AUTO_TEST_CASE(numbers_are_numbers_and_names_are_text)
{
    Book book = book_of(sample());
    BOOST_TEST((book.names == std::vector<std::string>{"summary", "who gets what"}));
    const auto is = [&](const char* place, const char* type, const char* value,
                        const char* format) {
        const Cell& c = book.at("who gets what", place);
        BOOST_TEST(c.type == type);
        BOOST_TEST(c.value == value);
        BOOST_TEST(c.format == format);
    };
    is("A2", "s", "0012", "General");
    is("B2", "", "-1234567.89", "#,##0.00");
    is("C2", "", "20000", "0");
    is("D2", "", "0.041", "0.00%");
    // 43,460 days after 1899-12-30, as a spreadsheet counts 2018-12-26.
    is("E2", "", "43460", "yyyy-mm-dd");
    is("F2", "b", "1", "General");
    is("G2", "", "0.5391", "0.0000");
    is("A3", "s", "=1+1", "General");
    is("B3", "", "0.01", "#,##0.00");
    is("C3", "s", "9007199254740993", "General"); // a workbook would round it to ...992
    is("D3", "s", "n/a", "General");
    BOOST_TEST(!book.cells["who gets what"].contains("E3"));
    BOOST_TEST(book.at("who gets what", "E1").value == "payment date");
    BOOST_TEST(book.at("summary", "A1").value == "京东金融—华泰资管2018年第6期");
    BOOST_TEST(book.at("summary", "B3").value == "10782");
    BOOST_TEST(book.at("summary", "A5").value == "and another");
    BOOST_TEST(book.cells["summary"].size() == 7);
}

BOOST_AUTO_TEST_CASE(names_that_look_like_days_and_shares_are_names)
{
    Answer answer("tranchain.some.paper/1");
    Table& t = answer.table("t", {{"id"}, {"obligor"}, {"day"}, {"share"}});
    t.add({"2018-12-04", "50%", Date::of(2018, 12, 4), Value::rate("50%")});
    Book book = book_of(answer);
    BOOST_TEST(book.at("t", "A2").type == "s");
    BOOST_TEST(book.at("t", "A2").value == "2018-12-04");
    BOOST_TEST(book.at("t", "B2").type == "s");
    BOOST_TEST(book.at("t", "B2").value == "50%");
    BOOST_TEST(book.at("t", "C2").value == "43438"); // 22 days before 43460
    BOOST_TEST(book.at("t", "D2").value == "0.5");
    BOOST_TEST(answer.as_json().find("\"day\": \"2018-12-04\"") != std::string::npos);
    BOOST_TEST(answer.as_json().find("\"share\": \"50%\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(money_is_a_number_up_to_fifteen_digits)
{
    Answer answer("tranchain.some.paper/1");
    answer.field("a", "a", Money::fen(999'999'999'999'999))
        .field("b", "b", Money::fen(1'000'000'000'000'000));
    Book book = book_of(answer);
    BOOST_TEST(book.at("summary", "A1").value == "some paper");
    BOOST_TEST(book.at("summary", "B2").type == "");
    BOOST_TEST(std::llround(std::stod(book.at("summary", "B2").value) * 100) ==
               999'999'999'999'999);
    BOOST_TEST(book.at("summary", "B3").type == "s");
    BOOST_TEST(book.at("summary", "B3").value == "10000000000000.00");
}

BOOST_AUTO_TEST_CASE(the_header_row_stays_in_sight_and_prints_on_every_page)
{
    Book book = book_of(sample());
    const auto sheet = book.documents[1].child("worksheet");
    const auto pane = sheet.child("sheetViews").child("sheetView").child("pane");
    BOOST_TEST(pane.attribute("ySplit").value() == "1");
    BOOST_TEST(pane.attribute("state").value() == "frozen");
    BOOST_TEST(sheet.child("pageSetup").attribute("orientation").value() == "landscape");
    BOOST_TEST(sheet.child("cols").child("col").attribute("width").as_double() > 8);
    BOOST_TEST(book.entries["xl/workbook.xml"].bytes.find("'who gets what'!$1:$1") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_chinese_workbook_names_a_face_that_has_chinese)
{
    Book book = book_of(sample(), "zh");
    BOOST_TEST(book.names.front() == "摘要");
    BOOST_TEST(book.entries["xl/styles.xml"].bytes.find("Microsoft YaHei") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sheets_have_names_that_a_workbook_takes)
{
    Answer answer("tranchain.some.paper/1");
    for (const char* title : {"a/b: [c]?*\\'", "History", "A/B:  c", "Summary",
                              "各档证券分配情况及历次兑付以及超出三十一个字符的很长的一个标题",
                              "各档证券分配情况及历次兑付以及超出三十一个字符的很长的另一个"})
        answer.table("t", {{"x"}}, title).add({1});
    answer.note("so there is a summary too");
    Book book = book_of(answer);
    BOOST_TEST(book.names.size() == 7);
    std::set<std::string> lower;
    for (std::string name : book.names) {
        BOOST_TEST(!name.empty());
        std::size_t characters = 0;
        for (char& c : name) {
            BOOST_TEST(std::string("[]:*?/\\'").find(c) == std::string::npos);
            characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        }
        BOOST_TEST(characters <= 31);
        BOOST_TEST(name != "history");
        BOOST_TEST(lower.insert(name).second);
    }
}

BOOST_AUTO_TEST_CASE(equal_answers_are_equal_bytes_of_no_day)
{
    const auto first = sample().as_xlsx("en");
    BOOST_REQUIRE(first);
    BOOST_TEST((*first == *sample().as_xlsx("en")));
    Book book(*first);
    for (const auto& [name, entry] : book.entries)
        BOOST_TEST(entry.time == book.entries.begin()->second.time);
    BOOST_TEST(book.entries["docProps/core.xml"].bytes.find("1980-01-01T00:00:00Z") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_no_sheet_can_hold_is_refused)
{
    Answer answer("tranchain.some.paper/1");
    answer.note(std::string(32'768, 'x'));
    const auto refused = answer.as_xlsx("en");
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().message == "a cell of a workbook holds 32767 characters");
}

RC_BOOST_PROP(every_amount_is_that_of_the_json, ())
{
    Answer answer("tranchain.some.paper/1");
    Table& t = answer.table("t", {{"amount"}, {"count"}});
    const auto rows =
        *rc::gen::container<std::vector<std::pair<std::int64_t, std::int64_t>>>(rc::gen::pair(
            rc::gen::inRange<std::int64_t>(-999'999'999'999'999, 999'999'999'999'999),
            rc::gen::inRange<std::int64_t>(-9'007'199'254'740'991, 9'007'199'254'740'991)));
    for (const auto& [fen, count] : rows) t.add({Money::fen(fen), count});
    Book book = book_of(answer);
    const auto json = parse_json(answer.as_json());
    RC_ASSERT(json.has_value());
    const auto& list = json->find("t")->as_array();
    RC_ASSERT(list.size() == rows.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Cell& amount = book.at("t", fmt::format("A{}", i + 2));
        const Money said = *Money::parse(list[i].find("amount")->as_string());
        RC_ASSERT(std::llround(std::stold(amount.value) * 100) == said.in_fen());
        const Cell& count = book.at("t", fmt::format("B{}", i + 2));
        const std::int64_t whole = list[i].find("count")->as_integer();
        const std::int64_t found =
            count.type == "s" ? std::stoll(count.value) : std::llround(std::stold(count.value));
        RC_ASSERT(found == whole);
    }
}

BOOST_AUTO_TEST_CASE(a_workbook_is_read_back_and_a_damaged_one_is_not)
{
    const auto bytes = sample().as_xlsx("en");
    BOOST_REQUIRE(bytes);
    BOOST_TEST(is_workbook(*bytes));
    const auto cells = read_workbook(*bytes, "p.xlsx");
    BOOST_REQUIRE(cells);
    BOOST_TEST(cells->front().text == "京东金融—华泰资管2018年第6期");
    BOOST_TEST(cells->back().sheet == "who gets what");
    BOOST_TEST(cells->back().place == "G3");
    BOOST_TEST(cells->back().text == "100");
    Book book(*bytes);
    for (const WorkbookCell& c : *cells) BOOST_TEST(book.at(c.sheet, c.place).value == c.text);
    for (std::size_t i = 0; i < bytes->size(); i += 97) {
        std::string damaged = *bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
        (void)read_workbook(damaged, "p.xlsx"); // whatever it says, it ends
    }
    const auto cut = read_workbook(std::string_view(*bytes).substr(0, bytes->size() / 2), "p.xlsx");
    BOOST_REQUIRE(!cut);
    BOOST_TEST(cut.error().where.file == "p.xlsx");
}

BOOST_AUTO_TEST_SUITE_END()
