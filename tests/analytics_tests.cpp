// Analytics: averages and yields of payments worked out by hand, and QuantLib's own coupon.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "data/rate.hpp"
#include "waterfall/desk/analytics.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(analytics_tests)

BOOST_AUTO_TEST_CASE(one_payment_after_a_year)
{
    const HolderPayment payment{Date::of(2019, 11, 8), Money::fen(5'00), Money::fen(100'00)};
    const Analytics a = analyse({&payment, 1}, Money::fen(100'00), Money::fen(100'00),
                                Date::of(2018, 11, 8));
    BOOST_TEST(*a.average_life == 1.0);
    BOOST_TEST(std::abs(*a.yield - 0.05) < 1e-9);
    BOOST_TEST(a.interest_per_100 == 5.0);
    BOOST_TEST((*a.last_payment == Date::of(2019, 11, 8)));
}

BOOST_AUTO_TEST_CASE(average_is_weighted_by_principal)
{
    const std::vector<HolderPayment> payments{
        {Date::of(2019, 1, 1), Money::fen(0), Money::fen(30'00)},    // 73 days: 0.2 years
        {Date::of(2019, 10, 20), Money::fen(9'00), Money::fen(10'00)},  // 365 days
        {Date::of(2021, 1, 1), Money::fen(0), Money::fen(0)},
    };
    const Analytics a =
        analyse(payments, Money::fen(50'00), Money::fen(40'00), Date::of(2018, 10, 20));
    BOOST_TEST(std::abs(*a.average_life - (30 * 0.2 + 10 * 1.0) / 40) < 1e-12);
    BOOST_TEST(a.principal_per_100 == 80.0);
    BOOST_TEST((*a.last_payment == Date::of(2019, 10, 20)));
}

BOOST_AUTO_TEST_CASE(nothing_paid_has_no_figures)
{
    const Analytics a = analyse({}, Money::fen(100'00), Money::fen(100'00), Date::of(2018, 11, 8));
    BOOST_TEST(!a.average_life.has_value());
    BOOST_TEST(!a.yield.has_value());
    BOOST_TEST(!a.last_payment.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
