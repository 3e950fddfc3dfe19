// Tests of data/csv: quoting, places, encodings, conversions, and every kind of bad file.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

#include <random>

#include "data/csv.hpp"
#include "data/encoding.hpp"
#include "tests/folder.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(csv_tests)

namespace {

Errors errors_of(std::string_view bytes)
{
    const auto table = parse_csv(bytes, "x.csv");
    return table ? Errors{} : table.error();
}

std::string first_error(std::string_view bytes)
{
    const Errors errors = errors_of(bytes);
    if (errors.empty()) {
        return "none";
    }
    return fmt::format("{}:{}: {}", errors[0].where.line, errors[0].where.column,
                       errors[0].message);
}

} // namespace

BOOST_AUTO_TEST_CASE(reads_rfc_4180)
{
    const auto table = parse_csv("a,b,c\r\n1,\"x, \"\"y\"\"\nz\", 3 \r\n,,\r\n\r\n4,5,6", "x.csv");
    BOOST_REQUIRE(table);
    BOOST_TEST(table->header.size() == 3U);
    BOOST_REQUIRE(table->rows.size() == 3U);
    BOOST_TEST(table->rows[0].fields[1] == "x, \"y\"\nz");
    BOOST_TEST(table->rows[0].fields[2] == " 3 ");
    BOOST_TEST(table->rows[1].fields[2] == "");
    BOOST_TEST(table->rows[2].fields[2] == "6");
    BOOST_TEST(table->rows[0].line == 2);
    BOOST_TEST(table->rows[1].line == 4);
    BOOST_TEST(table->rows[2].line == 6);
    BOOST_TEST(table->column("c") == 2);
    BOOST_TEST(table->column("d") == -1);
    const Source third = table->at(table->rows[0], 2); // after the line break in the field before
    BOOST_TEST(third.line == 3);
    BOOST_TEST(third.column == 4);
    BOOST_TEST(table->at(table->rows[0], 1).column == 3);
}

/// Everything that a table or its errors say, one line each.
std::string told(const Checked<CsvTable>& table)
{
    std::string text;
    if (!table) {
        for (const Error& e : table.error()) {
            text += fmt::format("{}:{} {} {}\n", e.where.line, e.where.column, e.message, e.hint);
        }
        return text;
    }
    for (const CsvTable::Row& row : table->rows) {
        text += fmt::format("line {}:", row.line);
        for (std::size_t i = 0; i < row.fields.size(); ++i) {
            const Source at = table->at(row, static_cast<int>(i));
            text += fmt::format(" {}:{}[{}]", at.line, at.column, row.fields[i]);
        }
        text += '\n';
    }
    return text;
}

/// A quote in the header sends the rest of the same text through libcsv.
BOOST_AUTO_TEST_CASE(text_without_quotes_reads_as_libcsv_reads_it)
{
    std::mt19937 draw(7);
    constexpr std::string_view letters = "ab ,,,\n\n\t";
    int tables = 0, refused = 0;
    for (int n = 0; n < 2000; ++n) {
        std::string body;
        for (auto size = draw() % 40; body.size() < size;) {
            body += n % 2 == 0 ? std::string(1, letters[draw() % letters.size()])
                               : fmt::format("{},{},x{}\n", draw() % 3, draw() % 99, n);
        }
        if (n % 3 == 0 && body.ends_with('\n')) body.pop_back();
        const auto plain = parse_csv("a,b,c\n" + body, "x.csv");
        const auto quoted = parse_csv("\"a\",b,c\n" + body, "x.csv");
        BOOST_REQUIRE_EQUAL(told(plain), told(quoted));
        ++(plain ? tables : refused);
        std::vector<std::string> scanned;
        const auto none = scan_csv("a,b,c\n" + body, "x.csv",
                                   [&](const CsvTable& table, const CsvTable::Row& row) {
                                       const Source at = table.at(row, 2);
                                       scanned.push_back(fmt::format("{}:{} {}", at.line, at.column,
                                                                     row.fields[2]));
                                   });
        BOOST_REQUIRE_EQUAL(none.has_value(), plain.has_value());
        if (!plain) continue;
        BOOST_REQUIRE_EQUAL(scanned.size(), plain->rows.size());
        for (std::size_t i = 0; i < scanned.size(); ++i) {
            const Source at = plain->at(plain->rows[i], 2);
            BOOST_REQUIRE_EQUAL(scanned[i], fmt::format("{}:{} {}", at.line, at.column,
                                                        plain->rows[i].fields[2]));
        }
    }
    BOOST_TEST(tables > 500);
    BOOST_TEST(refused > 500);
}

BOOST_AUTO_TEST_CASE(columns_count_characters)
{
    const auto table = parse_csv("\xEF\xBB\xBF名称,金额\n京东保理,1.00\n", "x.csv");
    BOOST_REQUIRE(table);
    BOOST_TEST(table->header[0] == "名称");
    BOOST_TEST(table->at(1).column == 4);
    BOOST_TEST(table->at(table->rows[0], 1).column == 6);
    BOOST_TEST(table->at(table->rows[0], 1).length == 4);
}

BOOST_AUTO_TEST_CASE(views_survive_a_move)
{
    auto table = parse_csv("a\n1\n", "x.csv");
    BOOST_REQUIRE(table);
    const CsvTable moved = std::move(*table);
    BOOST_TEST(moved.rows[0].fields[0] == "1");
    BOOST_TEST(moved.at(moved.rows[0], 0).line == 2);
}

BOOST_AUTO_TEST_CASE(names_what_is_wrong)
{
    BOOST_TEST(first_error("") == "1:1: the file is empty");
    BOOST_TEST(first_error("\n\n") == "1:1: the file is empty");
    BOOST_TEST(first_error("a,a\n") == "1:3: column 'a' appears twice");
    BOOST_TEST(first_error("a,,b\n") == "1:3: column 2 has no name");
    BOOST_TEST(first_error("a,b\n1,2\n3\n") == "3:1: the row has 1 fields, the header 2");
    BOOST_TEST(first_error("a,b\n1,2,3\n") == "2:1: the row has 3 fields, the header 2");
    BOOST_TEST(first_error("a,b\n1,x\"y\n") == "2:4: a quote stands where none may");
    BOOST_TEST(first_error("a,b\n1,\"x\"y\n") == "2:6: a quote stands where none may");
    BOOST_TEST(first_error("a,b\n1,2\n3,\"x\n") ==
               "3:3: the quoted field that begins here never ends");
    BOOST_TEST(first_error(std::string_view("a,b\n1,\0", 7)) ==
               "2:0: the file has a NUL byte, so it is not a text file");
    BOOST_TEST(first_error("\xFF\xFE"
                           "a") == "1:1: the file is UTF-16");
    BOOST_TEST(first_error("a\n1\n\xFF\xFF\n") == "3:0: the file is neither UTF-8 nor GB18030");
    BOOST_TEST(errors_of("a,b\n1\n2\n3,4\n5\n").size() == 3U);
}

BOOST_AUTO_TEST_CASE(reads_gb18030)
{
    const auto bytes = encode_gb18030("债务人,金额\n蚂蚁,1.00\n𠀀,2.00\n");
    BOOST_REQUIRE(bytes);
    const auto table = parse_csv(*bytes, "x.csv");
    BOOST_REQUIRE(table);
    BOOST_TEST(table->header[0] == "债务人");
    BOOST_TEST(table->rows[1].fields[0] == "𠀀");
    BOOST_REQUIRE(table->conversions.size() == 1U);
    BOOST_TEST(table->conversions[0] == "converted from GB18030 to UTF-8");
}

BOOST_AUTO_TEST_CASE(converts_cells_and_counts)
{
    const auto table = parse_csv(
        "id,amount,day,n\nＡ－０１,\"1,234.5\",２０１８-11-08,７\n 9.1E+17,1.234,43412,x\n"
        ",1e5,2018-02-30,1.0\n",
        "x.csv");
    BOOST_REQUIRE(table);
    Errors errors;
    CsvCells cells(*table, errors);
    const auto& good = table->rows[0];
    BOOST_TEST(cells.text(good, 0) == "A-01");
    BOOST_TEST(cells.money(good, 1).str() == "1234.50");
    BOOST_TEST(cells.date(good, 2).str() == "2018-11-08");
    BOOST_TEST(cells.integer(good, 3) == 7);
    BOOST_TEST(errors.empty());
    const auto made = cells.conversions();
    BOOST_REQUIRE(made.size() == 2U);
    BOOST_TEST(made[0] == "full-width characters to ASCII: 3 fields, first at 2:1");
    BOOST_TEST(made[1] == "thousands separators dropped: 1 field, first at 2:6");
    for (const std::size_t row : {1U, 2U}) {
        cells.text(table->rows[row], 0);
        cells.money(table->rows[row], 1);
        cells.date(table->rows[row], 2);
        cells.integer(table->rows[row], 3);
    }
    BOOST_REQUIRE(errors.size() == 8U);
    BOOST_TEST(errors[0].message == "'9.1E+17' in column 'id' has lost digits");
    BOOST_TEST(errors[0].where.line == 3);
    BOOST_TEST(errors[1].message == "'1.234' is not an amount in column 'amount'");
    BOOST_TEST(errors[2].hint == "a spreadsheet's day number: write '2018-11-08'");
    BOOST_TEST(errors[4].message == "column 'id' is empty");
    BOOST_TEST(errors[6].message == "'2018-02-30' in column 'day' is not a date");
}

BOOST_AUTO_TEST_CASE(loose_money)
{
    const auto text = [](std::string_view in) {
        const auto money = parse_loose_money(in);
        return money ? money->str() : std::string("no");
    };
    BOOST_TEST(text("1,234,567.8") == "1234567.80");
    BOOST_TEST(text("0007") == "7.00");
    BOOST_TEST(text("-0.00") == "0.00");
    BOOST_TEST(text("-12.30") == "-12.30");
    BOOST_TEST(text("000") == "0.00");
    for (const char* bad : {"", "-", ".5", "1.", "1,23", "1,2345", "12,34,567", "1.234", "1e5",
                            "+1", "0x1", " 1", "99999999999999999", ",123", "1,,234", "١"}) {
        BOOST_TEST_CONTEXT(bad)
        {
            BOOST_TEST(text(bad) == "no");
        }
    }
    BOOST_TEST(parse_loose_money("1.234,5", ',', '.')->str() == "1234.50");
}

BOOST_AUTO_TEST_CASE(writes_what_it_reads)
{
    const std::vector<std::string> fields = {"a", "b,c", "d\"e", "f\ng", ""};
    BOOST_TEST(csv_line(fields) == "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
    const auto table = parse_csv("1,2,3,4,5\n" + csv_line(fields), "x.csv");
    BOOST_REQUIRE(table);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        BOOST_TEST(table->rows[0].fields[i] == fields[i]);
    }
}

BOOST_AUTO_TEST_CASE(random_text_is_read_whole_or_refused_with_a_line)
{
    std::mt19937 random(1);
    const std::string alphabet = "a,\"\n\r1x;\xEF\xBC\x91 .-";
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto n = random() % 24; n > 0; --n) {
            text += alphabet[random() % alphabet.size()];
        }
        const auto table = parse_csv(text, "x.csv");
        if (!table) {
            for (const Error& error : table.error()) {
                BOOST_TEST(error.where.line > 0);
            }
            continue;
        }
        std::string again = csv_line(table->header);
        for (const auto& row : table->rows) {
            BOOST_TEST(table->at(row, 0).line == row.line);
            again += csv_line(std::vector<std::string>(row.fields.begin(), row.fields.end()));
        }
        const auto second = parse_csv(again, "y.csv");
        BOOST_REQUIRE(second);
        BOOST_REQUIRE(second->rows.size() == table->rows.size());
        for (std::size_t i = 0; i < table->rows.size(); ++i) {
            BOOST_TEST(std::equal(table->rows[i].fields.begin(), table->rows[i].fields.end(),
                                  second->rows[i].fields.begin()));
        }
    }
}

BOOST_AUTO_TEST_CASE(files_are_whole_or_absent)
{
    const TestFolder folder;
    const std::string path = folder / "file";
    BOOST_REQUIRE(write_file(path, "one"));
    BOOST_REQUIRE(write_file(path, "two\n"));
    BOOST_TEST(read_file(path).value() == "two\n");
    std::remove(path.c_str());
    BOOST_TEST((read_file(path).error().code == Code::not_found));
    BOOST_TEST((read_file(folder.path()).error().code == Code::io));
    BOOST_TEST((write_file("/nonexistent/x", "y").error().code == Code::not_found));
    BOOST_TEST((write_file("/dev/full", "y").error().code == Code::io));
    BOOST_TEST(write_file("/dev/null", "y").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
