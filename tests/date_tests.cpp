// Date: the calendar from 1900 to 2199, checked against a count of days by hand.
// SPDX-License-Identifier: Apache-2.0
#include "data/date.hpp"

#include <boost/test/unit_test.hpp>

namespace tranchain {

BOOST_AUTO_TEST_SUITE(date_tests)

namespace {

Date day(std::string_view text)
{
    return Date::parse(text).value();
}

bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned length_of(int year, unsigned month)
{
    constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

} // namespace

BOOST_AUTO_TEST_CASE(counts_every_day)
{
    Date date = Date::of(1900, 1, 1);
    BOOST_TEST(date.days() == -25567);
    std::int32_t number = date.days();
    unsigned weekday = 1; // 1900-01-01 was a Monday
    int wrong = 0;
    for (int y = 1900; y <= 2199; ++y) {
        for (unsigned m = 1; m <= 12; ++m) {
            for (unsigned d = 1; d <= length_of(y, m); ++d) {
                const bool good = date.days() == number && date.year() == y && date.month() == m &&
                                  date.day() == d && date.weekday() == weekday &&
                                  date == Date::of(y, m, d) && day(date.str()) == date &&
                                  date.end_of_month() == Date::of(y, m, length_of(y, m));
                wrong += good ? 0 : 1;
                weekday = weekday % 7 + 1;
                ++number;
                if (number < 84006) ++date;
            }
        }
    }
    BOOST_TEST(wrong == 0);
    BOOST_TEST(number == 84006);
    BOOST_TEST(date.str() == "2199-12-31");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_day)
{
    for (const std::string text :
         {"",           "2018-06-31", "2018-02-29", "1900-02-29",  "2100-02-29",  "2018-00-10",
          "2018-13-01", "2018-01-00", "2018-01-32", "1899-12-31",  "2200-01-01",  "0000-00-00",
          "2018-6-1",   "2018/06/01", "20180601",   "2018-06-01 ", " 2018-06-01", "2018-06-01T00",
          "18-06-2018", "2018-0a-01", "-018-06-01", "2018-06--1",  "２018-06-01", "9999-99-99"}) {
        BOOST_TEST_CONTEXT(text)
        {
            const auto date = Date::parse(text);
            BOOST_REQUIRE(!date);
            BOOST_TEST(date.error().message.starts_with("'" + text + "' "));
        }
    }
    BOOST_TEST(is_real_day(2000, 2, 29));
    BOOST_TEST(is_real_day(2020, 2, 29));
    BOOST_TEST(!is_real_day(1900, 2, 29));
    BOOST_TEST(!is_real_day(2018, 4, 31));
    BOOST_TEST(!is_real_day(2018, -1, 1));
    BOOST_TEST(!is_real_day(2018, 1, 256));
}

BOOST_AUTO_TEST_CASE(adds_days_and_months)
{
    BOOST_TEST(Date().str() == "1970-01-01");
    BOOST_TEST((day("2018-06-25") - day("2018-04-25") == 61));
    BOOST_TEST((day("2018-03-01") - 1).str() == "2018-02-28");
    BOOST_TEST((day("2020-02-28") + 1).str() == "2020-02-29");
    BOOST_TEST(day("2018-01-31").plus_months(1).str() == "2018-02-28");
    BOOST_TEST(day("2020-01-31").plus_months(1).str() == "2020-02-29");
    BOOST_TEST(day("2020-02-29").plus_months(12).str() == "2021-02-28");
    BOOST_TEST(day("2020-02-29").plus_months(48).str() == "2024-02-29");
    BOOST_TEST(day("2018-12-15").plus_months(1).str() == "2019-01-15");
    BOOST_TEST(day("2018-01-15").plus_months(-1).str() == "2017-12-15");
    BOOST_TEST(day("2018-03-31").plus_months(-13).str() == "2017-02-28");
    BOOST_TEST(day("2018-03-31").plus_months(0).str() == "2018-03-31");
    BOOST_TEST((day("2018-06-25") < day("2018-06-26")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
