// Tests of data/toml: places, types, unknown keys, refused numbers.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

#include "data/toml.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(toml_tests)

namespace {
std::string line(const Error& e)
{
    return fmt::format("{}:{}: {}", e.where.line, e.where.column, e.message);
}
} // namespace

BOOST_AUTO_TEST_CASE(values_keep_their_place)
{
    auto file = TomlFile::parse("[deal]\nid = \"x1\"\nclosing = 2018-11-08\n"
                                "face = \"1500.00\"\nrate = \"4.10%\"\nn = 12\nok = true\n"
                                "rules = [\"pay vat\",\n  'buy 名 x']\nlong = \"\"\"\nabc\"\"\"\n"
                                "[[tranche]]\nid = \"A\"\n[[tranche]]\nid = \"B\"\n"
                                "[deal.inner]\nk = { a = \"1\" }\n",
                                "d.toml");
    BOOST_REQUIRE(file);
    TomlTable root = file->root();
    TomlTable deal = root.table("deal");
    const Located id = deal.text("id");
    BOOST_TEST(id.text == "x1");
    BOOST_TEST(id.where.line == 2);
    BOOST_TEST(id.where.column == 7);
    BOOST_TEST(id.where.length == 2);
    BOOST_TEST(deal.date("closing").str() == "2018-11-08");
    BOOST_TEST(deal.money("face").str() == "1500.00");
    BOOST_TEST(deal.rate("rate").in_ppb() == 41'000'000);
    BOOST_TEST(deal.integer("n") == 12);
    BOOST_TEST(deal.boolean("ok"));
    const auto rules = deal.texts("rules");
    BOOST_REQUIRE(rules.size() == 2U);
    BOOST_TEST(rules[0].where.column == 11);
    BOOST_TEST(rules[1].where.line == 9);
    BOOST_TEST(rules[1].where.column == 4);
    const Located text = deal.text("long");
    BOOST_TEST(text.text == "abc");
    BOOST_TEST(text.where.line == 11);
    BOOST_TEST(text.where.column == 1);
    const auto tranches = root.tables("tranche");
    BOOST_REQUIRE(tranches.size() == 2U);
    BOOST_TEST(TomlTable(tranches[0]).text("id").text == "A");
    BOOST_TEST(TomlTable(tranches[1]).text("id").text == "B");
    BOOST_TEST(deal.table("inner").table("k").text("a").where.line == 17);
    BOOST_TEST(!deal.optional_money("absent"));
    const auto keys = deal.keys();
    BOOST_TEST(keys.front() == "id");
    BOOST_TEST(file->finish().empty());
}

BOOST_AUTO_TEST_CASE(all_problems_in_file_order)
{
    auto file =
        TomlFile::parse("[deal]\nclosng = 2018-11-08\nface = 1.5\nrate = \"5.8O%\"\n"
                        "day = \"2018-01-01\"\nwhen = 1850-01-01\nat = 10:00:00\nn = \"x\"\n",
                        "d.toml");
    BOOST_REQUIRE(file);
    TomlTable deal = file->root().table("deal");
    deal.date("closing");
    deal.money("face");
    deal.rate("rate");
    deal.date("day");
    deal.date("when");
    deal.text("at");
    deal.integer("n");
    const Errors errors = file->finish();
    std::vector<std::string> lines;
    for (const Error& e : errors) {
        lines.push_back(line(e));
    }
    BOOST_REQUIRE(lines.size() == 8U);
    BOOST_TEST(lines[0] == "1:1: 'deal.closing' is missing");
    BOOST_TEST(lines[1] == "2:1: unknown key 'closng'");
    BOOST_TEST(errors[1].hint == "did you mean 'closing'?");
    BOOST_TEST(lines[2] == "3:8: floating-point numbers are not allowed");
    BOOST_TEST(lines[3].starts_with("4:8: "));
    BOOST_TEST(errors[3].where.length == 7);
    BOOST_TEST(lines[4] ==
               "5:7: 'deal.day' must be a date such as 2018-11-08 without quotes, not a string");
    BOOST_TEST(lines[5] == "6:8: 'deal.when' is not a day from 1900 to 2199");
    BOOST_TEST(lines[6] == "7:6: times of day are not allowed");
    BOOST_TEST(lines[7] == "8:5: 'deal.n' must be an integer, not a string");
}

BOOST_AUTO_TEST_CASE(syntax_errors_have_a_place)
{
    const auto file = TomlFile::parse("a = 1\nb = = 2\n", "d.toml");
    BOOST_REQUIRE(!file);
    BOOST_TEST(file.error()[0].where.line == 2);
    BOOST_TEST((file.error()[0].code == Code::invalid_input));
    BOOST_TEST(!TomlFile::parse("a = 1\na = 2\n", "d.toml"));
    BOOST_TEST((TomlFile::read("/nonexistent.toml").error()[0].code == Code::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
