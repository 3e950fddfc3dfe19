// Reserve: a worked example whose floor governs, with and without a servicing fee.
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <boost/test/unit_test.hpp>

#include "waterfall/reserve.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(reserve_tests)

namespace {

Money thousands(std::int64_t tenths)
{
    return Money::fen(tenths * 100 * 100);
}

/// Five months of sales, then twelve of all three, in units of 1,000.
std::vector<ReserveMonth> history()
{
    constexpr int sales[] = {300, 305, 298, 312, 307, 310, 295, 320, 335,
                             300, 315, 340, 360, 330, 345, 355, 350};
    constexpr int defaults[] = {21, 24, 20, 27, 32, 30, 26, 22, 25, 29, 31, 28}; // tenths
    constexpr int dilution[] = {47, 44, 51, 60, 45, 49, 54, 79, 53, 52, 57, 54};
    std::vector<ReserveMonth> months;
    Date first = Date::of(2018, 2, 1);
    for (std::size_t i = 0; i < 17; ++i) {
        ReserveMonth m{first, thousands(sales[i] * 10), {}, {}};
        if (i >= 5) {
            m.defaults = thousands(defaults[i - 5]);
            m.dilution = thousands(dilution[i - 5]);
        }
        months.push_back(m);
        first = first.end_of_month() + 1;
    }
    return months;
}

ReserveTerms terms()
{
    constexpr Parts one = 1'000'000'000;
    ReserveTerms t;
    t.stress = 5 * one / 2;
    t.default_lag = 4;
    t.dilution_lag = 1;
    t.loss_horizon = 4 * one;
    t.dilution_horizon = 3 * one / 2;
    t.concentration = one / 10;
    t.rate = 52'000'000;
    t.fees = 10'000'000;
    t.rate_factor = t.yield_factor = t.servicing_factor = 3 * one / 2;
    return t;
}

const Money balance = thousands(10500);

/// Percent with four decimals, as printed examples give it.
std::int64_t four(Parts parts)
{
    return (parts + 500) / 1000;
}

} // namespace

BOOST_AUTO_TEST_CASE(worked_example)
{
    const PoolReserve r = reserve_of(history(), terms(), balance).value();
    const std::int64_t printed[] = {689, 805, 641, 879, 1032, 1017, 812, 657, 833, 921, 912, 778};
    BOOST_REQUIRE(r.months.size() == 12u);
    for (std::size_t i = 0; i < 12; ++i) {
        BOOST_TEST(std::abs(r.months[i].default_ratio - printed[i] * 10000) <= 5000);
    }
    BOOST_TEST(!r.months[1].three_months.has_value());
    BOOST_TEST(r.months[5].three_months.value() == r.loss_ratio); // months 4 to 6
    BOOST_TEST(four(r.loss_ratio) == 9762);
    BOOST_TEST(r.loss_horizon == 1'314'285'714);
    BOOST_TEST(four(r.loss) == 32076);
    BOOST_TEST(four(r.expected_dilution) == 16492);
    BOOST_TEST(four(r.spike) == 23235);
    BOOST_TEST(r.dilution_horizon == 502'380'952);
    BOOST_TEST(four(r.dilution) == 25486);
    BOOST_TEST(four(r.dynamic) == 57562);
    BOOST_TEST(four(r.floor) == 108285);
    BOOST_TEST(r.quarter_days == 91);
    BOOST_TEST(r.days_sales == 91'000'000'000);
    BOOST_TEST(four(r.yield) == 33367);
    BOOST_TEST(r.servicing == 0);
    BOOST_TEST(four(r.required) == 141652);
    BOOST_TEST((r.fundable.in_fen() + 50) / 100 == 901'266); // 901.266 thousand
}

BOOST_AUTO_TEST_CASE(worked_example_with_servicing)
{
    ReserveTerms t = terms();
    t.servicing_fee = 10'000'000;
    const PoolReserve r = reserve_of(history(), t, balance).value();
    BOOST_TEST(four(r.servicing) == 3792);
    BOOST_TEST(four(r.required) == 145443);
    BOOST_TEST((r.fundable.in_fen() + 50) / 100 == 897'284);
}

BOOST_AUTO_TEST_CASE(dynamic_reserve_governs_a_poor_pool)
{
    ReserveTerms t = terms();
    t.concentration = 0;
    const PoolReserve r = reserve_of(history(), t, balance).value();
    BOOST_TEST(r.required == r.dynamic + r.yield);
}

BOOST_AUTO_TEST_CASE(nothing_is_lent_when_all_is_reserved)
{
    ReserveTerms t = terms();
    t.concentration = 1'000'000'000;
    BOOST_TEST((reserve_of(history(), t, balance).value().fundable == zero));
}

/// Defaults of 6.0 and 6.1 on sales of 300 and 305 four months before are 2% each, and 2.1 of 305 in
/// the first month of the year 0.6885%: (2% + 2% + 0.6885%) / 3 = 1.5628% is more than any later
/// average. The month after: (2% + 0.6885% + 0.8054%) / 3 = 1.1646%.
BOOST_AUTO_TEST_CASE(averages_of_the_first_months_reach_back_before_the_year)
{
    auto months = history();
    months.insert(months.begin(), 2, {Date::of(2018, 1, 1), thousands(3000), {}, {}});
    months[0].first = Date::of(2017, 12, 1);
    months[5].defaults = thousands(60); // 2018-05, of 2018-01
    months[6].defaults = thousands(60); // 2018-06, of 2018-02
    const PoolReserve r = reserve_of(months, terms(), balance).value();
    BOOST_REQUIRE(r.months.size() == 12u);
    BOOST_TEST(four(r.months[0].three_months.value()) == 15628);
    BOOST_TEST(four(r.months[1].three_months.value()) == 11646);
    BOOST_TEST(four(r.loss_ratio) == 15628);
    // One of the two is not enough for the first month, and is for the second.
    months[5].defaults.reset();
    const PoolReserve one = reserve_of(months, terms(), balance).value();
    BOOST_TEST(!one.months[0].three_months.has_value());
    BOOST_TEST(four(one.loss_ratio) == 11646);
}

BOOST_AUTO_TEST_CASE(no_dilution_has_no_volatility)
{
    auto months = history();
    for (ReserveMonth& m : months) m.dilution = zero;
    const PoolReserve r = reserve_of(months, terms(), balance).value();
    BOOST_TEST(r.volatility == 0);
    BOOST_TEST(r.dilution == 0);
}

BOOST_AUTO_TEST_CASE(what_is_refused)
{
    const auto months = history();
    const std::span<const ReserveMonth> all(months);
    BOOST_TEST(!reserve_of(all.subspan(6), terms(), balance).has_value()); // eleven months
    BOOST_TEST(
        !reserve_of(all.subspan(2), terms(), balance).has_value()); // no month to look back to
    BOOST_TEST(reserve_of(all.subspan(1), terms(), balance).has_value());
    ReserveTerms t = terms();
    t.loss_horizon = 18'000'000'000;
    BOOST_TEST(!reserve_of(all, t, balance).has_value());
    auto idle = history();
    idle[4].sales = zero;
    BOOST_TEST(!reserve_of(idle, terms(), balance).has_value());
}

BOOST_AUTO_TEST_CASE(excess_over_a_share)
{
    const std::vector<Money> groups{Money::fen(5'000), Money::fen(3'000), Money::fen(2'000)};
    // 25% of 10,000 is 2,500: 2,500 and 500 above.
    BOOST_TEST(
        (excess_concentration(groups, 250'000'000, Money::fen(10'000)) == Money::fen(3'000)));
}

BOOST_AUTO_TEST_SUITE_END()
