// Student: the t copula's tables against QuantLib's bivariate Student distribution, and what is drawn
// from them against a closed form.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>

#include <ql/math/distributions/bivariatestudenttdistribution.hpp>
#include <ql/math/distributions/studenttdistribution.hpp>

#include "waterfall/desk/copula.hpp"
#include "waterfall/desk/simulation.hpp"
#include "waterfall/desk/student.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(student_tests)

namespace {

Rate rate(const char* text) { return Rate::parse(text).value(); }

struct Chances {
    double one = 0, both = 0;
};
/// Of an obligor of class 0 to default within the year, and of two of them; over all factor values,
/// of which those far from the tails stand for fifteen, and of the mixing values likewise.
Chances chances(const StudentCopula& c, const Copula& factors)
{
    constexpr std::uint32_t n = 4096;
    std::vector<std::pair<std::uint32_t, double>> places;
    for (std::uint32_t i = 0; i < n; ++i) {
        if (i < 188 || i >= n - 188) places.emplace_back(i, 1.0 / n);
        else if ((i - 188) % 15 == 7) places.emplace_back(i, 15.0 / n);
    }
    Chances sum;
    for (const auto& [w, part_w] : places) {
        for (const auto& [m, part_m] : places) {
            const std::int64_t z = factors.z(m << 20, 0);
            const double p = static_cast<double>(c.threshold(0, 12, z, w << 20)) / 4294967296.0;
            sum.one += part_w * part_m * p;
            sum.both += part_w * part_m * p * p;
        }
    }
    return sum;
}

ProjectionInput two_obligors()
{
    ProjectionInput input;
    for (const char* code : {"O1", "O2"}) {
        Receivable r;
        r.asset_id = r.obligor_code = code;
        input.opening.push_back(r);
    }
    return input;
}

} // namespace

/// The chance of one stays that of the model; that of two together is QuantLib's for the same
/// correlation, degrees and quantile, and lies far above that of Gaussian factors.
BOOST_AUTO_TEST_CASE(two_obligors_default_together_as_quantlib_says)
{
    const std::tuple<const char*, double, std::int64_t, const char*, double, double> cases[]{
        {"15%", 0.15, 3, "2%", 0.02, 1e-3},  {"50%", 0.50, 4, "2%", 0.02, 1e-3},
        {"0%", 0.00, 5, "30%", 0.30, 1e-4},  {"15%", 0.15, 10, "2%", 0.02, 1e-3},
        {"15%", 0.15, 4, "0.1%", 0.001, 0.02}, {"15%", 0.15, 100, "2%", 0.02, 2e-3}};
    for (const auto& [correlation, rho, degrees, yearly, p, tolerance] : cases) {
        const auto n = static_cast<QuantLib::Natural>(degrees);
        const auto c = make_student(degrees, rate(correlation), rate("0%"), 12, {rate(yearly)});
        const auto got = chances(c, make_copula(rate(correlation), rate("0%"), 1, {}));
        const double q = QuantLib::InverseCumulativeStudent(static_cast<int>(degrees))(p);
        const double both = QuantLib::BivariateCumulativeStudentDistribution(n, rho)(q, q);
        const std::string what = std::string(correlation) + ", " + std::to_string(degrees) + ", " + yearly;
        BOOST_TEST(std::abs(got.one / p - 1) < 1e-3, what << ": " << got.one);
        BOOST_TEST(std::abs(got.both / both - 1) < tolerance, what << ": " << got.both << ", " << both);
    }
}

/// As chances grow small, the second obligor follows the first with the chance
/// 2 t(n + 1)(-sqrt((n + 1) (1 - r) / (1 + r))) (Embrechts, McNeil, Straumann 2002): 0.0756 for four
/// degrees without correlation, 0.2532 with a half, where Gaussian factors go to nothing.
BOOST_AUTO_TEST_CASE(tails_depend)
{
    const std::pair<const char*, double> cases[]{{"0%", 0.0756}, {"50%", 0.2532}};
    for (const auto& [correlation, limit] : cases) {
        const auto factors = make_copula(rate(correlation), rate("0%"), 1, {});
        double before = 1;
        for (const char* yearly : {"5%", "1%", "0.2%"}) {
            const auto c = make_student(4, rate(correlation), rate("0%"), 12, {rate(yearly)});
            const auto got = chances(c, factors);
            const double second = got.both / got.one;
            BOOST_TEST(second < before, correlation << ", " << yearly << ": " << second);
            BOOST_TEST(second > 0.98 * limit, correlation << ", " << yearly << ": " << second);
            before = second;
        }
        BOOST_TEST(before < 1.2 * limit, correlation << ": " << before);
    }
}

BOOST_AUTO_TEST_CASE(what_is_certain_stays_certain)
{
    const auto c = make_student(3, rate("50%"), rate("49%"), 24, {rate("0%"), rate("100%")});
    for (const std::uint32_t word : {0U, 0x80000000U, 0xffffffffU}) {
        for (const std::int64_t z : {-6 * Copula::factor_one, std::int64_t{0}, 6 * Copula::factor_one}) {
            BOOST_TEST(c.threshold(0, 24, z, word) == 0U);                     // never
            BOOST_TEST(c.threshold(1, 1, z, word) == std::uint64_t{1} << 32); // always
        }
    }
}

/// Who has defaulted stays so: thresholds rise by month, whatever the factors.
BOOST_AUTO_TEST_CASE(thresholds_rise_by_month)
{
    const auto c = make_student(4, rate("15%"), rate("5%"), 24, {rate("60%"), rate("0.01%")});
    for (std::int64_t z = -4 * Copula::factor_one; z <= 4 * Copula::factor_one; z += 1'234'567) {
        for (std::uint32_t word = 0; word < 0xf0000000U; word += 0x11234567U) {
            for (std::int64_t month = 2; month <= 24; ++month) {
                BOOST_TEST(c.threshold(0, month, z, word) >= c.threshold(0, month - 1, z, word));
                BOOST_TEST(c.threshold(1, month, z, word) >= c.threshold(1, month - 1, z, word));
            }
        }
    }
}

/// Below their medians both lie with Sheppard's chance whatever the degrees, for the mixing variable
/// does not change a sign; at 5% a year the bivariate Student distribution says how often.
BOOST_AUTO_TEST_CASE(futures_are_drawn_together)
{
    const std::tuple<const char*, std::int64_t, double> cases[]{
        {"50%", 3, 0.25 + std::asin(0.5) / (2 * std::numbers::pi)},
        {"5%", 3,
         QuantLib::BivariateCumulativeStudentDistribution(3, 0.5)(
             QuantLib::InverseCumulativeStudent(3)(0.05), QuantLib::InverseCumulativeStudent(3)(0.05))}};
    for (const auto& [yearly, degrees, both] : cases) {
        SimulationModel m;
        m.months = 12;
        m.correlation = rate("10%");
        m.sector_correlation = rate("40%");
        m.degrees = degrees;
        m.classes.push_back({{}, rate(yearly), {}});
        auto plan = plan_simulation(two_obligors(), m);
        BOOST_REQUIRE(plan.has_value());
        plan->seed = 2018;
        plan->paths = 20'000;
        Draw draw(*plan);
        std::int64_t n = 0;
        for (std::int64_t path = 0; path < plan->paths; ++path) {
            n += draw_futures(draw, Date::of(2018, 11, 8), path).of.size() == 2 ? 1 : 0;
        }
        const auto count = static_cast<double>(plan->paths);
        const double error = std::sqrt(both * (1 - both) / count);
        BOOST_TEST(std::abs(static_cast<double>(n) / count - both) < 4 * error, yearly << ": " << n);
        const auto again = read_plan(plan_text(*plan), "plan");
        BOOST_REQUIRE(again.has_value());
        BOOST_TEST((*again == *plan));
    }
}

/// Without degrees nothing of a t copula is written.
BOOST_AUTO_TEST_CASE(a_gaussian_plan_has_no_mixing)
{
    SimulationModel m;
    m.months = 1;
    m.classes.push_back({{}, rate("2%"), {}});
    const auto plan = plan_simulation(two_obligors(), m);
    BOOST_REQUIRE(plan.has_value());
    BOOST_TEST(plan_text(*plan).find("student") == std::string::npos);
    m.degrees = 4;
    std::string spoilt = plan_text(plan_simulation(two_obligors(), m).value());
    spoilt.replace(spoilt.find("\"scale\":65536"), 13, "\"scale\":9999999");
    BOOST_TEST(!read_plan(spoilt, "plan").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
