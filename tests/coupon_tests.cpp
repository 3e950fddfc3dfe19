// Coupons and schedules beside QuantLib's own: amounts within half a fen, dates equal.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <boost/test/unit_test.hpp>
#include <fmt/core.h>
#include <ql/cashflows/fixedratecoupon.hpp>
#include <ql/time/daycounters/actual360.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <ql/time/daycounters/actualactual.hpp>
#include <ql/time/daycounters/thirty360.hpp>
#include <ql/time/schedule.hpp>

#include "judge_fixture.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/generate.hpp"
#include "waterfall/schedule/business_days.hpp"
#include "waterfall/schedule/quantlib.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(coupon_tests)

namespace {

/// Dates, adjusted, of a rule that QuantLib makes.
std::vector<QuantLib::Date> theirs(Date first, Date last, int months, const QuantLib::Calendar& c)
{
    const QuantLib::Schedule schedule(quantlib_date(first), quantlib_date(last),
                                      QuantLib::Period(months, QuantLib::Months), c,
                                      QuantLib::Following, QuantLib::Following,
                                      QuantLib::DateGeneration::Forward, false);
    return schedule.dates();
}

/// Of one list, up to `to`.
void same_dates(const std::vector<PaymentDate>& ours, Date first, Date to, int months,
                const QuantLib::Calendar& calendar)
{
    std::vector<std::string> made;
    std::vector<std::string> expected;
    for (const PaymentDate& d : ours) {
        if (d.unadjusted >= first && d.unadjusted <= to) made.push_back(d.adjusted.str());
    }
    for (const QuantLib::Date& d : theirs(first, to, months, calendar)) {
        expected.push_back(from_quantlib(d).str());
    }
    BOOST_TEST(made == expected, boost::test_tools::per_element());
}

} // namespace

/// 4,000 coupons of drawn balances, rates and dates for every day count.
BOOST_AUTO_TEST_CASE(amounts_are_those_of_quantlib_within_half_a_fen)
{
    using namespace QuantLib;
    Program p = small_deal();
    const QuantLib::Date last = quantlib_date(p.legal_final);
    const std::vector<std::pair<DayCount, DayCounter>> counters{
        {DayCount::act_365f, Actual365Fixed()},
        {DayCount::act_360, Actual360()},
        {DayCount::act_act_isda, ActualActual(ActualActual::ISDA)},
        {DayCount::thirty_360_us, Thirty360(Thirty360::USA)},
        {DayCount::thirty_e_360, Thirty360(Thirty360::European)},
        {DayCount::thirty_e_360_isda, Thirty360(Thirty360::ISDA, last)},
        {DayCount::nl_365, Actual365Fixed(Actual365Fixed::NoLeap)}};
    Sampler draw(2018);
    for (const auto& [count, counter] : counters) {
        for (int i = 0; i < 4000; ++i) {
            Tranche t = p.tranches[0];
            t.day_count = count;
            t.coupon = tranchain::Rate::ppb(draw.between(0, 20'000) * 5'000);
            const tranchain::Money balance = tranchain::Money::fen(draw.between(1, 90'000'000'000));
            const tranchain::Date from =
                p.closing + static_cast<std::int32_t>(draw.between(0, 600));
            const tranchain::Date to = from + static_cast<std::int32_t>(draw.between(1, 95));
            const FixedRateCoupon coupon(quantlib_date(to),
                                         static_cast<double>(balance.in_fen()),
                                         static_cast<double>(t.coupon->in_ppb()) / 1e9, counter,
                                         quantlib_date(from), quantlib_date(to));
            const double ours =
                static_cast<double>(accrued_interest(p, t, balance, from, to).in_fen());
            if (std::abs(ours - coupon.amount()) <= 0.5 + 1e-5) continue;
            BOOST_TEST_ERROR(fmt::format("{} {} {} {}: {}, QuantLib {}", counter.name(),
                                         balance.str(), from.str(), to.str(), ours,
                                         coupon.amount()));
        }
    }
}

BOOST_AUTO_TEST_CASE(payment_dates_are_those_of_quantlib)
{
    const QuantLib::JointCalendar both(QuantLib::China(QuantLib::China::IB),
                                       QuantLib::China(QuantLib::China::SSE),
                                       QuantLib::JoinHolidays);
    const Program jdht = compile_file("data/deal/jdht-2018-6.toml").value();
    same_dates(jdht.revolving_dates, date("2019-02-26"), date("2020-08-26"), 3, both);
    same_dates(jdht.monthly_dates, date("2018-12-26"), date("2023-01-26"), 1, both);
    const Program lent = compile_file("data/deal/borrowing-base.toml").value();
    same_dates(lent.revolving_dates, date("2018-12-26"), date("2020-10-26"), 1,
               QuantLib::China(QuantLib::China::IB));
    const Program hexiang = compile_file("data/deal/hexiang-2017-5.toml").value();
    same_dates(hexiang.monthly_dates, date("2018-01-26"), date("2021-11-26"), 1,
               QuantLib::China(QuantLib::China::IB));
}

BOOST_AUTO_TEST_SUITE_END()
