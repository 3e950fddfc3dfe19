// Schedules: our calendars against QuantLib's own, our day counting against both.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "waterfall/schedule/business_days.hpp"
#include "waterfall/schedule/holidays.hpp"
#include "waterfall/schedule/payment_dates.hpp"
#include "waterfall/schedule/quantlib.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(schedule_tests)

namespace {

int differences(const QuantLib::Calendar& theirs, const Calendar& ours, int from, int to)
{
    int out = 0;
    for (Date day = Date::of(from, 1, 1); day.year() <= to; ++day) {
        if (theirs.isBusinessDay(quantlib_date(day)) != is_business_day(ours, day)) ++out;
    }
    return out;
}

Calendar whole(const char* name)
{
    return make_calendar(name, Date::of(1990, 1, 1), Date::of(2100, 1, 1));
}

} // namespace

BOOST_AUTO_TEST_CASE(exchange_days_are_those_of_quantlib_where_it_knows_them)
{
    const QuantLib::China sse(QuantLib::China::SSE);
    BOOST_TEST(differences(sse, whole("china-exchange"), 2005, 2023) == 0);
}

BOOST_AUTO_TEST_CASE(bank_days_are_those_of_quantlib_where_it_knows_them)
{
    const QuantLib::China ib(QuantLib::China::IB);
    BOOST_TEST(differences(ib, whole("china-bank"), 2005, 2023) == 0);
}

BOOST_AUTO_TEST_CASE(after_2023_quantlib_knows_nothing_and_we_do)
{
    const Calendar exchange = whole("china-exchange");
    BOOST_TEST(exchange.to.str() == "2026-12-31");
    BOOST_TEST(!is_business_day(exchange, Date::of(2024, 2, 12)));
    BOOST_TEST(differences(QuantLib::China(QuantLib::China::SSE), exchange, 2024, 2026) > 30);
}

BOOST_AUTO_TEST_CASE(one_calendar_two_readers)
{
    for (const char* name : {"china-bank", "china-exchange", "us-federal-reserve", "weekdays"}) {
        const Calendar ours = make_calendar(name, Date::of(2015, 1, 1), Date::of(2025, 12, 31));
        BOOST_TEST_CONTEXT(name)
        BOOST_TEST(differences(quantlib_calendar(ours), ours, 2014, 2026) == 0);
    }
}

BOOST_AUTO_TEST_CASE(counting_business_days)
{
    const Calendar bank = whole("china-bank");
    BOOST_TEST(add_business_days(bank, Date::of(2018, 11, 8), 1).str() == "2018-11-09");
    BOOST_TEST(add_business_days(bank, Date::of(2020, 1, 23), 1).str() == "2020-02-03");
    BOOST_TEST(add_business_days(bank, Date::of(2019, 9, 27), 3).str() == "2019-10-08");
    const QuantLib::Calendar theirs = quantlib_calendar(bank);
    for (Date day = Date::of(2018, 1, 1); day.year() < 2024; day = day + 7) {
        const QuantLib::Date five = theirs.advance(quantlib_date(day), 5, QuantLib::Days);
        // QuantLib rolls forward first when it starts on a holiday, so compare from business days.
        if (!is_business_day(bank, day)) continue;
        BOOST_TEST((from_quantlib(five) == add_business_days(bank, day, 5)));
    }
}

BOOST_AUTO_TEST_CASE(dates_roll_on_the_joint_calendar)
{
    const std::vector<Calendar> both{whole("china-bank"), whole("china-exchange")};
    const auto following = [&](int y, unsigned m, unsigned d) {
        return adjust(Date::of(y, m, d), Roll::following, both).str();
    };
    BOOST_TEST(following(2019, 2, 26) == "2019-02-26");
    BOOST_TEST(following(2019, 5, 26) == "2019-05-27");
    BOOST_TEST(following(2020, 1, 26) == "2020-02-03");
    BOOST_TEST(following(2020, 12, 26) == "2020-12-28");
    BOOST_TEST(following(2020, 4, 26) == "2020-04-27"); // banks work that Sunday, exchanges do not
    BOOST_TEST(adjust(Date::of(2020, 5, 31), Roll::modified_following, both).str() == "2020-05-29");
    BOOST_TEST(adjust(Date::of(2020, 5, 31), Roll::preceding, both).str() == "2020-05-29");
    BOOST_TEST(adjust(Date::of(2020, 5, 31), Roll::none, both).str() == "2020-05-31");
}

BOOST_AUTO_TEST_CASE(a_day_that_a_month_lacks_is_its_last)
{
    ScheduleRule rule;
    rule.pay = {31, {1, 2, 4}};
    const auto dates = payment_dates(
        rule, {Date::of(2019, 12, 31), Date::of(2020, 12, 31), Date::of(2020, 12, 31)}, {});
    BOOST_REQUIRE_EQUAL(dates.size(), 3U);
    BOOST_TEST(dates[1].unadjusted.str() == "2020-02-29");
    BOOST_TEST(dates[2].unadjusted.str() == "2020-04-30");
    BOOST_TEST(dates[2].calculation.str() == "2020-03-31");
}

BOOST_AUTO_TEST_CASE(holiday_files_are_read_strictly)
{
    BOOST_TEST(
        parse_holidays("date,exchange,bank\n2020-01-01,closed,closed\n", "h.csv").has_value());
    BOOST_TEST(!parse_holidays("date,exchange\n2020-01-01,closed\n", "h.csv").has_value());
    BOOST_TEST(!parse_holidays("date,exchange,bank\n", "h.csv").has_value());
    const auto bad = parse_holidays("# source\ndate,exchange,bank\n2020-01-02,closed,closed\n"
                                    "2020-01-01,shut,closed\n",
                                    "h.csv");
    BOOST_REQUIRE(!bad.has_value());
    BOOST_TEST(bad.error().size() == 2U);
    BOOST_TEST(bad.error()[0].where.line == 4);
}

BOOST_AUTO_TEST_SUITE_END()
