// Day counts against QuantLib, over every pair of a few hundred dates, and by hand.
// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <boost/test/unit_test.hpp>
#include <ql/time/daycounters/actual360.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <ql/time/daycounters/actualactual.hpp>
#include <ql/time/daycounters/thirty360.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/day_count.hpp"

using namespace tranchain;
using tranchain::test::date;
using tranchain::test::yuan;

BOOST_AUTO_TEST_SUITE(day_count_tests)

namespace {

QuantLib::Date ql(Date d)
{
    return {static_cast<int>(d.day()), static_cast<QuantLib::Month>(d.month()), d.year()};
}

/// Month ends and their neighbours over a leap year: where the conventions differ.
std::vector<Date> awkward_days()
{
    std::vector<Date> out;
    for (Date month = date("2015-11-01"); month < date("2017-04-01");
         month = month.plus_months(1)) {
        const Date end = month.end_of_month();
        for (const Date d : {month, month + 14, end - 2, end - 1, end}) out.push_back(d);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(equal_to_quantlib)
{
    using namespace QuantLib;
    const tranchain::Date last = date("2017-02-28");
    const std::vector<std::pair<DayCount, DayCounter>> counters{
        {DayCount::act_365f, Actual365Fixed()},
        {DayCount::act_360, Actual360()},
        {DayCount::act_act_isda, ActualActual(ActualActual::ISDA)},
        {DayCount::thirty_360, Thirty360(Thirty360::European)},
        {DayCount::thirty_e_360, Thirty360(Thirty360::European)},
        {DayCount::thirty_360_us, Thirty360(Thirty360::USA)},
        {DayCount::thirty_e_360_isda, Thirty360(Thirty360::ISDA, ql(last))},
        {DayCount::nl_365, Actual365Fixed(Actual365Fixed::NoLeap)}};
    const auto days = awkward_days();
    for (const auto& [count, counter] : counters) {
        int compared = 0;
        for (const auto from : days) {
            for (const auto to : days) {
                if (to <= from) continue;
                const YearFraction t = year_fraction(count, from, to, last);
                const double theirs = counter.yearFraction(ql(from), ql(to));
                const double ours = static_cast<double>(t.days) / static_cast<double>(t.basis);
                ++compared;
                if (std::abs(ours - theirs) < 1e-12) continue;
                BOOST_TEST_ERROR(counter.name() << " " << from.str() << " to " << to.str() << ": "
                                                << ours << ", QuantLib " << theirs);
            }
        }
        BOOST_TEST(compared > 3000);
    }
}

BOOST_AUTO_TEST_CASE(by_hand)
{
    const auto days = [](DayCount c, const char* from, const char* to) {
        return year_fraction(c, date(from), date(to), date("2030-01-01")).days;
    };
    // 61 days of 2019 at 1/365 and 60 of 2020 at 1/366, over 365 x 366.
    BOOST_TEST(days(DayCount::act_act_isda, "2019-11-01", "2020-03-01") == 61 * 366 + 60 * 365);
    BOOST_TEST(days(DayCount::thirty_360_us, "2019-02-28", "2019-03-31") == 31);
    BOOST_TEST(days(DayCount::thirty_e_360, "2019-02-28", "2019-03-31") == 32);
    BOOST_TEST(days(DayCount::thirty_e_360_isda, "2019-02-28", "2019-03-31") == 30);
    BOOST_TEST(days(DayCount::nl_365, "2020-02-28", "2020-03-01") == 1);
}

/// 1,000,000.00 at 3.33% for 100 days of 365: 33,300.00 x 100 / 365 = 9,123.287...; of 1,234.56:
/// a year is 41.110848, cut to 41.11; 41.11 x 100 / 365 = 11.2630, cut to 11.26. With a base of
/// 999.99 at 1.00%: a year is 9.9999, cut to 9.99, and 364 days are 9.9626 where once is 9.9725.
BOOST_AUTO_TEST_CASE(truncate_cuts_at_each_product)
{
    const auto of = [](const char* base, const char* rate, int days, Rounding r) {
        return interest(yuan(base), Rate::parse(rate).value(), days, 365, r).str();
    };
    BOOST_TEST(of("1000000.00", "3.33%", 100, Rounding::truncate) == "9123.28");
    BOOST_TEST(of("1234.56", "3.33%", 100, Rounding::truncate) == "11.26");
    BOOST_TEST(of("999.99", "1.00%", 364, Rounding::truncate) == "9.96");
    BOOST_TEST(of("999.99", "1.00%", 364, Rounding::down) == "9.97");
}

BOOST_AUTO_TEST_SUITE_END()
