// Run table: two runs figure by figure.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "waterfall/run_table.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(run_table_tests)

namespace {

const RunTable ours{{"date", "A_interest", "income_collected", "note"},
                    {{"2019-01-26", "10.00", "50.00", "x"}, {"2019-02-26", "11.00", "60.00", "y"}}};

} // namespace

BOOST_AUTO_TEST_CASE(equal_money_in_other_words_is_equal)
{
    RunTable theirs{{"income_collected", "date", "A_interest"},
                    {{"60", "2019-02-26", "11.0"}, {"50.00", "2019-01-26", "10.00"}}};
    const RunComparison c = compare_runs(ours, theirs);
    BOOST_TEST(c.agree());
    BOOST_TEST(c.compared == 4);
    BOOST_TEST(c.equal == 4);
    BOOST_TEST(c.columns_missing == std::vector<std::string>{"note"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_input_comes_before_results_and_later_dates)
{
    RunTable theirs = ours;
    theirs.rows[0][1] = "10.01";  // a result of January
    theirs.rows[1][1] = "11.01";
    theirs.rows[1][2] = "60.01";  // an input of February
    const RunComparison c = compare_runs(ours, theirs);
    BOOST_REQUIRE(c.differences.size() == 3);
    BOOST_TEST(c.differences[0].date == "2019-01-26");
    BOOST_TEST(!c.differences[0].input);
    BOOST_TEST(c.differences[1].column == "income_collected");
    BOOST_REQUIRE(c.first_input() != nullptr);
    BOOST_TEST(c.first_input()->date == "2019-02-26");
    BOOST_TEST(c.equal == 3);
}

BOOST_AUTO_TEST_CASE(dates_of_one_side_are_told_and_not_compared)
{
    RunTable theirs = ours;
    theirs.rows[1][0] = "2019-03-26";
    const RunComparison c = compare_runs(ours, theirs);
    BOOST_TEST(!c.agree());
    BOOST_TEST(c.compared == 3);
    BOOST_TEST(c.dates_missing == std::vector<std::string>{"2019-02-26"}, boost::test_tools::per_element());
    BOOST_TEST(c.dates_unknown == std::vector<std::string>{"2019-03-26"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
