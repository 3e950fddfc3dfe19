// Record files: what is written is read back, and what does not add up is named.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "waterfall/record_files.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(record_files_tests)

namespace {

const Record::Covers week{Date::of(2018, 12, 3), Date::of(2018, 12, 9)};

StatementFile sample_statement()
{
    StatementFile s{"plan", 4, week, Money::fen(100'00), Money::fen(60'00), {}};
    s.entries.push_back({1, Date::of(2018, 12, 3), Money::fen(50'00), "R-000001", "买方, 甲", "91X"});
    s.entries.push_back({2, Date::of(2018, 12, 4), Money::fen(-90'00), "purchase/2018-12-04/7", "", ""});
    return s;
}

bool same(const StatementFile& a, const StatementFile& b)
{
    return statement_csv(a) == statement_csv(b);
}

}  // namespace

BOOST_AUTO_TEST_CASE(statement_reads_back)
{
    const auto s = parse_statement_file(statement_csv(sample_statement()), "s.csv");
    BOOST_REQUIRE(s.has_value());
    BOOST_TEST(same(*s, sample_statement()));
    BOOST_TEST(s->entries.size() == 2u);
    BOOST_TEST((s->covers == week));
    StatementFile quiet{"plan", 5, week, Money::fen(60'00), Money::fen(60'00), {}};
    BOOST_TEST(same(parse_statement_file(statement_csv(quiet), "s.csv").value(), quiet));
}

BOOST_AUTO_TEST_CASE(statement_that_does_not_run)
{
    std::string text = statement_csv(sample_statement());
    const auto at = text.find("150.00");
    text.replace(at, 6, "151.00");
    const auto s = parse_statement_file(text, "s.csv");
    BOOST_REQUIRE(!s.has_value());
    BOOST_TEST(s.error().front().where.line == 3);
    BOOST_TEST(s.error().front().message.find("150.00") != std::string::npos);
    BOOST_TEST(!parse_statement_file("account,statement\n", "s.csv").has_value());
}

BOOST_AUTO_TEST_CASE(collections_read_back)
{
    CollectionsFile c{week, {}};
    c.allocations.push_back({Date::of(2018, 12, 3), "plan/000004/00000001", "R-000001",
                             AllocationKind::payment, Money::fen(49'00)});
    c.allocations.push_back({Date::of(2018, 12, 3), "plan/000004/00000001", "",
                             AllocationKind::unapplied, Money::fen(1'00)});
    const std::string text = collections_csv(c);
    const auto back = parse_collections_file(text, "c.csv");
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(collections_csv(*back) == text);
    std::string wrong = text;
    wrong.replace(wrong.find("unapplied"), 9, "unaplied ");
    BOOST_TEST(!parse_collections_file(wrong, "c.csv").has_value());
    wrong = text;
    wrong.replace(wrong.find(",49.00"), 6, ",48.00");
    BOOST_TEST(!parse_collections_file(wrong, "c.csv").has_value());
}

BOOST_AUTO_TEST_CASE(references_are_matched_by_day)
{
    DealState state;
    state.purchases["purchase/2018-12-04/9"] = {Date::of(2018, 12, 4), 1, Money::fen(1), Money::fen(1)};
    StatementFile s = sample_statement();
    match_references(s, state);
    BOOST_TEST(s.entries[1].reference == "purchase/2018-12-04/9");
    BOOST_TEST(s.entries[0].reference == "R-000001");
}

BOOST_AUTO_TEST_SUITE_END()
