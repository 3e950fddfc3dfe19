// Price: a bond priced by QuantLib's own bond functions, an example by hand, and curves.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <boost/test/unit_test.hpp>
#include <ql/cashflows/cashflows.hpp>
#include <ql/cashflows/simplecashflow.hpp>
#include <ql/instruments/bonds/fixedratebond.hpp>
#include <ql/pricingengines/bond/bondfunctions.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <ql/time/schedule.hpp>

#include "waterfall/desk/price.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(price_tests)

namespace {

using tranchain::Life;  // tests/random_life.hpp has another one

bool near(double a, double b, double by = 1.0e-8)
{
    return std::abs(a - b) < by;
}

/// 60 after one year of 365 days and 55 after two, of 100: interest 10 and 5.
Position two_years()
{
    Position h;
    h.settlement = Date::of(2021, 1, 1);
    h.outstanding = Money::fen(100'00);
    h.payments = {{Date::of(2022, 1, 1), Money::fen(10'00), Money::fen(50'00)},
                  {Date::of(2023, 1, 1), Money::fen(5'00), Money::fen(50'00)}};
    return h;
}

/// The payments of QuantLib's bond, to the day and (its face being large) to 1e-12 of the price.
struct Bond {
    QuantLib::FixedRateBond bond;
    Position holding;
};

Bond quarterly_bond(Compounding compounding)
{
    using namespace QuantLib;
    const QuantLib::Date start(8, November, 2018), end(8, November, 2021);
    const Schedule schedule =
        MakeSchedule().from(start).to(end).withFrequency(Quarterly).withCalendar(NullCalendar());
    const double face = 36'500'000; // whole fen in each coupon: 4.1% a year is 4,100 a day
    Bond b{FixedRateBond(0, face, schedule, {0.041}, Actual365Fixed()), {}};
    b.holding.settlement = tranchain::Date::of(2019, 4, 1);
    b.holding.outstanding = Money::fen(36'500'000'00);
    b.holding.compounding = compounding;
    for (const auto& flow : b.bond.cashflows()) {
        const QuantLib::Date d = flow->date();
        const auto fen = static_cast<std::int64_t>(std::llround(flow->amount() * 100));
        const bool redemption = flow->amount() > face / 2;
        b.holding.payments.push_back(
            {tranchain::Date::of(d.year(), static_cast<unsigned>(d.month()),
                                 static_cast<unsigned>(d.dayOfMonth())),
             redemption ? zero : Money::fen(fen), redemption ? Money::fen(fen) : zero});
    }
    return b;
}

} // namespace

BOOST_AUTO_TEST_CASE(by_hand)
{
    const Position h = two_years();
    // At 10%: 60 / 1.1 = 54.545454..., 55 / 1.21 = 45.454545...; together 100.
    BOOST_TEST(near(price_from_yield(h, 0.10).value(), 100));
    BOOST_TEST(near(yield_of(h, 100).value(), 0.10));
    // Average time by value: (54.5454.. + 2 x 45.4545..) / 100 = 1.454545...
    const Sensitivity s = sensitivity_of(h, 0.10).value();
    BOOST_TEST(near(s.macaulay, 16.0 / 11));
    BOOST_TEST(near(s.modified, 16.0 / 11 / 1.1));
    // (1 x 2 x 54.5454.. + 2 x 3 x 45.4545..) / 100 / 1.21
    BOOST_TEST(near(s.convexity, (2 * 600.0 / 11 + 6 * 500.0 / 11) / 100 / 1.21));
    BOOST_TEST(near(s.dv01, 100 * (16.0 / 11 / 1.1) / 10000));
    const Life life = life_of(h);
    BOOST_TEST(near(life.average_365.value(), 1.5));
    BOOST_TEST(near(life.average_30_360.value(), 1.5));
    BOOST_TEST((life.first_principal == Date::of(2022, 1, 1)));
    BOOST_TEST((life.last_principal == Date::of(2023, 1, 1)));
}

/// From deep below par to far above it, the yield is that of QuantLib's generic solver, and QuantLib
/// prices it back.
BOOST_AUTO_TEST_CASE(yields_far_from_par_are_quantlibs)
{
    for (const auto& [ours, theirs, frequency] :
         {std::tuple{Compounding::annual, QuantLib::Compounded, QuantLib::Annual},
          std::tuple{Compounding::semiannual, QuantLib::Compounded, QuantLib::Semiannual},
          std::tuple{Compounding::monthly, QuantLib::Compounded, QuantLib::Monthly},
          std::tuple{Compounding::continuous, QuantLib::Continuous, QuantLib::Annual},
          std::tuple{Compounding::simple, QuantLib::Simple, QuantLib::Annual}}) {
        Position h = two_years();
        h.compounding = ours;
        QuantLib::Leg leg;
        for (const HolderPayment& p : h.payments) {
            leg.push_back(QuantLib::ext::make_shared<QuantLib::SimpleCashFlow>(
                static_cast<double>((p.interest + p.principal).in_fen()) / 100,
                QuantLib::Date(1, QuantLib::January, p.date.year())));
        }
        const QuantLib::Date day(1, QuantLib::January, 2021);
        for (const double dirty : {60.0, 90.0, 100.0, 110.0, 114.9, 115.0, 125.0}) {
            const double found = QuantLib::CashFlows::yield(leg, dirty, QuantLib::Actual365Fixed(),
                                                            theirs, frequency, false, day, day, 1e-13,
                                                            500, 0.05);
            const double yield = yield_of(h, dirty).value();
            BOOST_TEST(near(yield, found, 1e-10), dirty << ": " << yield << ", " << found);
            BOOST_TEST(near(price_from_yield(h, yield).value(), dirty, 1e-7));
        }
    }
}

BOOST_AUTO_TEST_CASE(agrees_with_bond_functions)
{
    using QuantLib::BondFunctions;
    for (const auto& [ours, theirs, frequency] :
         {std::tuple{Compounding::annual, QuantLib::Compounded, QuantLib::Annual},
          std::tuple{Compounding::quarterly, QuantLib::Compounded, QuantLib::Quarterly},
          std::tuple{Compounding::continuous, QuantLib::Continuous, QuantLib::NoFrequency}}) {
        const Bond b = quarterly_bond(ours);
        const QuantLib::Date day(1, QuantLib::April, 2019);
        const QuantLib::InterestRate rate(0.0525, QuantLib::Actual365Fixed(), theirs, frequency);
        const double dirty = BondFunctions::dirtyPrice(b.bond, rate, day);
        BOOST_TEST(near(price_from_yield(b.holding, 0.0525).value(), dirty));
        const double found =
            BondFunctions::yield(b.bond, dirty - b.bond.accruedAmount(day),
                                 QuantLib::Actual365Fixed(), theirs, frequency, day, 1e-12);
        BOOST_TEST(near(yield_of(b.holding, dirty).value(), found));
        const Sensitivity s = sensitivity_of(b.holding, 0.0525).value();
        BOOST_TEST(near(s.modified,
                        BondFunctions::duration(b.bond, rate, QuantLib::Duration::Modified, day)));
        BOOST_TEST(near(s.convexity, BondFunctions::convexity(b.bond, rate, day)));
        const auto at = [&](double y) {
            return BondFunctions::dirtyPrice(b.bond, y, QuantLib::Actual365Fixed(), theirs,
                                             frequency, day);
        };
        BOOST_TEST(near(s.dv01, at(0.05245) - at(0.05255)));
    }
}

BOOST_AUTO_TEST_CASE(the_seller_keeps_what_is_paid_on_settlement)
{
    Position h = two_years();
    h.settlement = Date::of(2022, 1, 1);
    h.outstanding = Money::fen(50'00);
    BOOST_TEST(near(price_from_yield(h, 0.10).value(), 100)); // 55 / 1.1 = 50 for 50
}

BOOST_AUTO_TEST_CASE(spread_and_margin_over_a_flat_curve)
{
    const Position h = two_years();
    const Curve curve = Curve::flat(h.settlement, 0.03);
    // The price at a yield of 10% is that of a continuous spread of ln 1.10 - ln 1.03.
    BOOST_TEST(near(spread_of(h, curve, 100).value(), std::log(1.10 / 1.03)));
    BOOST_TEST(near(price_from_spread(h, curve, std::log(1.10 / 1.03)).value(), 100));
    // Periods of one year: simple discounting at 3% + 7% is yearly compounding at 10%.
    BOOST_TEST(near(margin_of(h, curve, 100).value(), 0.07));
    BOOST_TEST(near(price_from_margin(h, curve, 0.07).value(), 100));
}

BOOST_AUTO_TEST_CASE(par_points_price_their_bonds_at_par)
{
    const Date from = Date::of(2021, 1, 1);
    const std::vector<Curve::Point> points{
        {Date::of(2021, 7, 1), 0.02}, {Date::of(2022, 1, 1), 0.03}, {Date::of(2024, 1, 1), 0.05}};
    const Curve curve = Curve::of(from, Curve::Points::pars, points).value();
    BOOST_TEST(near(curve.discount(Date::of(2021, 7, 1)), 1 / (1 + 0.02 * 181 / 365)));
    BOOST_TEST(near(curve.discount(Date::of(2022, 1, 1)), 1 / 1.03));
    const double d1 = curve.discount(Date::of(2022, 1, 1)),
                 d2 = curve.discount(Date::of(2023, 1, 1)),
                 d3 = curve.discount(Date::of(2024, 1, 1));
    BOOST_TEST(near(0.04 * (d1 + d2) + d2, 1)); // the missing year: half way between 3% and 5%
    BOOST_TEST(near(0.05 * (d1 + d2 + d3) + d3, 1));
}

BOOST_AUTO_TEST_CASE(continuous_rates_are_linear_between_zero_points)
{
    const Date from = Date::of(2021, 1, 1);
    const std::vector<Curve::Point> points{{Date::of(2022, 1, 1), 0.02},
                                           {Date::of(2024, 1, 1), 0.04}};
    const Curve curve = Curve::of(from, Curve::Points::zeros, points).value();
    BOOST_TEST(near(curve.discount(Date::of(2022, 1, 1)), 1 / 1.02));
    BOOST_TEST(near(curve.discount(Date::of(2023, 1, 1)), 1 / (1.02 * 1.04)));
}

BOOST_AUTO_TEST_CASE(curves_that_are_refused)
{
    const Date from = Date::of(2021, 1, 1);
    const auto refused = [&](Curve::Points kind, std::vector<Curve::Point> points) {
        return !Curve::of(from, kind, points).has_value();
    };
    BOOST_TEST(refused(Curve::Points::zeros, {}));
    BOOST_TEST(refused(Curve::Points::zeros, {{from, 0.02}}));
    BOOST_TEST(refused(Curve::Points::zeros,
                       {{Date::of(2023, 1, 1), 0.02}, {Date::of(2022, 1, 1), 0.02}}));
    BOOST_TEST(refused(Curve::Points::pars, {{Date::of(2022, 7, 1), 0.02}}));
    BOOST_TEST(
        refused(Curve::Points::pars, {{Date::of(2022, 1, 1), 0.02}, {Date::of(2023, 1, 1), 9.0}}));
}

BOOST_AUTO_TEST_CASE(holder_who_sells)
{
    const Position h = two_years();
    // Pays 100, takes 60 after a year and sells the rest for 50: 110 after a year.
    BOOST_TEST(near(holder_return(h, 100, Date::of(2022, 1, 1), 50).value(), 0.10));
    BOOST_TEST(near(holder_return(h, 80, Date::of(2022, 1, 1), 20).value(), 0.0));
}

BOOST_AUTO_TEST_CASE(nothing_paid_has_no_price)
{
    Position h = two_years();
    h.settlement = Date::of(2023, 1, 1);
    BOOST_TEST(!price_from_yield(h, 0.05).has_value());
    BOOST_TEST(!yield_of(h, 100).has_value());
    BOOST_TEST(!life_of(h).average_365.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
