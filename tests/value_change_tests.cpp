// Value change: exact differences of figures that are shown.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "cmd/value_change.hpp"

using namespace tranchain;  // tests read better without qualification

BOOST_AUTO_TEST_SUITE(value_change_tests)

BOOST_AUTO_TEST_CASE(a_change_has_the_decimals_of_the_finer_figure)
{
    const auto change = [](const char* from, const char* to) {
        return change_between(Value::number(from), Value::number(to)).text();
    };
    BOOST_TEST(change("0.2345", "0.2350") == "0.0005");
    BOOST_TEST(change("83.33%", "75%") == "-8.33%");
    BOOST_TEST(change("4.10%", "4.125%") == "0.025%");
    BOOST_TEST(change("-0.05", "-0.050") == "0.000");
    BOOST_TEST(change("-0.5", "0.25") == "0.75");
    BOOST_TEST(change_between(Value::rate("4.10%"), Value::number("3.90%")).text() == "-0.20%");
}

BOOST_AUTO_TEST_CASE(money_whole_numbers_and_days_keep_their_kind)
{
    const Value less = change_between(Money::fen(500), Money::fen(225));
    BOOST_REQUIRE(less.money() != nullptr);
    BOOST_TEST(less.money()->in_fen() == -275);
    BOOST_TEST(change_between(7, 4).text() == "-3");
    // 2019 has 28 days in February: the 29th of January to the 1st of March.
    BOOST_TEST(change_between(*Date::parse("2019-01-29"), *Date::parse("2019-03-01")).text() == "31");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_subtracted_has_no_change)
{
    BOOST_TEST(change_between({}, Money::fen(1)).is_null());
    BOOST_TEST(change_between(Money::fen(1), {}).is_null());
    BOOST_TEST(change_between("by rule", Value::number("4.10%")).is_null());
    BOOST_TEST(change_between(Value::number("4.10%"), Value::number("4.10")).is_null());
    BOOST_TEST(change_between(true, true).is_null());
    // Nine digits before and ten after a point would not fit; nor would the aligned larger one.
    BOOST_TEST(change_between(Value::number("0.0000000001"), Value::number("1")).is_null());
    BOOST_TEST(change_between(Value::number("9223372036854775807"), Value::number("0.1")).is_null());
}

BOOST_AUTO_TEST_CASE(a_chart_takes_numbers_only)
{
    BOOST_TEST(number_of(Money::fen(12345)).value() == 123.45);
    BOOST_TEST(number_of(Value::number("4.5%")).value() == 4.5);
    BOOST_TEST(number_of(Value(3)).value() == 3.0);
    BOOST_TEST(!number_of(*Date::parse("2019-03-01")));
    BOOST_TEST(!number_of({}));
}

BOOST_AUTO_TEST_SUITE_END()
