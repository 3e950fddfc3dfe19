// Student: the t copula's tables against QuantLib's bivariate Student distribution, and what is drawn
// from them against a closed form.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <functional>
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
/// Stretches of the word that chooses the mixing value: the finer the nearer to zero, where it is
/// least. A word of each, by turns from its lower and its upper half, with the part of all words that
/// it stands for.
std::vector<std::pair<std::uint32_t, double>> stretches()
{
    std::vector<std::pair<std::uint32_t, double>> out;
    for (std::uint64_t first = 0, width = 1; first < std::uint64_t{1} << 32; first += width) {
        while (width < std::uint64_t{1} << 21 && first >= 128 * width) width *= 2;
        const std::uint64_t inside = width * (out.size() % 2 == 0 ? 3 : 5) / 8;
        out.emplace_back(static_cast<std::uint32_t>(first + inside),
                         static_cast<double>(width) / 4294967296.0);
    }
    return out;
}

/// Of an obligor of class 0 to default within the year, and of two of them; over all factor values,
/// of which those far from the tails stand for fifteen, and over all mixing words.
Chances chances(const StudentCopula& c, const Copula& factors)
{
    constexpr std::uint32_t n = 4096;
    std::vector<std::pair<std::int64_t, double>> places;
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::int64_t z = factors.z(i << 20, 0);
        if (i < 188 || i >= n - 188) places.emplace_back(z, 1.0 / n);
        else if ((i - 188) % 15 == 7) places.emplace_back(z, 15.0 / n);
    }
    Chances sum;
    for (const auto& [w, part_w] : stretches()) {
        for (const auto& [z, part_z] : places) {
            const double p = static_cast<double>(c.threshold(0, 12, z, w)) / 4294967296.0;
            sum.one += part_w * part_z * p;
            sum.both += part_w * part_z * p * p;
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
        {"15%", 0.15, 3, "2%", 0.02, 1e-3},    {"50%", 0.50, 4, "2%", 0.02, 1e-3},
        {"0%", 0.00, 5, "30%", 0.30, 1e-4},    {"15%", 0.15, 10, "2%", 0.02, 1e-3},
        {"15%", 0.15, 4, "0.1%", 0.001, 1e-3}, {"50%", 0.50, 10, "0.1%", 0.001, 5e-3},
        {"15%", 0.15, 100, "2%", 0.02, 2e-3}};
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

/// Cells share out all words, each as many of them as a power of two; near zero each word is a cell,
/// and none holds more than a 4096th.
BOOST_AUTO_TEST_CASE(cells_share_out_the_words)
{
    std::uint64_t next = 0;
    for (std::size_t cell = 0; cell < StudentCopula::mixing_size; ++cell) {
        const std::uint64_t first = StudentCopula::first_word(cell);
        const std::uint64_t end = StudentCopula::first_word(cell + 1);
        BOOST_TEST(first == next);
        BOOST_TEST(std::has_single_bit(end - first));
        BOOST_TEST(end - first <= std::uint64_t{1} << 20);
        BOOST_TEST(256 * (end - first) <= std::max<std::uint64_t>(first, 256));
        BOOST_TEST(StudentCopula::cell_of(static_cast<std::uint32_t>(first)) == cell);
        BOOST_TEST(StudentCopula::cell_of(static_cast<std::uint32_t>(end - 1)) == cell);
        next = end;
    }
    BOOST_TEST(next == std::uint64_t{1} << 32);
}

/// The mean of w^2 = W / n is 1, whatever the degrees, and w rises from cell to cell.
BOOST_AUTO_TEST_CASE(mixing_values_rise)
{
    for (const std::int64_t degrees : {3, 4, 5, 7, 10, 15, 25, 40, 64, 99, 100}) {
        const auto c = make_student(degrees, rate("0%"), rate("0%"), 1, {});
        double mean = 0;
        for (std::size_t i = 0; i < c.mixing.size(); ++i) {
            if (i > 0 && c.mixing[i] <= c.mixing[i - 1])
                BOOST_FAIL(degrees << " degrees: cell " << i << " does not rise");
            const double w = static_cast<double>(c.mixing[i]) / StudentCopula::one;
            mean += w * w *
                    static_cast<double>(StudentCopula::first_word(i + 1) - StudentCopula::first_word(i)) /
                    4294967296.0;
        }
        BOOST_TEST(std::abs(mean - 1) < 1e-4, degrees << " degrees: " << mean);
    }
}

/// With many degrees and much in common it is the ends of the market factor that tell: looser.
BOOST_AUTO_TEST_CASE(small_chances_are_kept_with_many_degrees)
{
    const auto factors = make_copula(rate("50%"), rate("0%"), 1, {});
    for (const auto& [yearly, p] : {std::pair{"0.1%", 1e-3}, std::pair{"0.01%", 1e-4}, std::pair{"0.0001%", 1e-6}}) {
        const auto got = chances(make_student(10, rate("50%"), rate("0%"), 12, {rate(yearly)}), factors);
        BOOST_TEST(std::abs(got.one / p - 1) < 0.01, yearly << ": " << got.one);
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
        for (const auto& [yearly, p] : {std::pair{"5%", 0.05}, std::pair{"0.2%", 0.002}, std::pair{"0.01%", 1e-4},
                                        std::pair{"0.001%", 1e-5}, std::pair{"0.0001%", 1e-6}}) {
            const auto c = make_student(4, rate(correlation), rate("0%"), 12, {rate(yearly)});
            const auto got = chances(c, factors);
            const double second = got.both / got.one;
            BOOST_TEST(std::abs(got.one / p - 1) < 1e-3, correlation << ", " << yearly << ": " << got.one);
            BOOST_TEST(second < before, correlation << ", " << yearly << ": " << second);
            BOOST_TEST(second > 0.999 * limit, correlation << ", " << yearly << ": " << second);
            before = second;
        }
        BOOST_TEST(before < 1.01 * limit, correlation << ": " << before);
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

/// The least chance of all in its first month, and the least of staying whole, have their place on the
/// table, and months rise.
BOOST_AUTO_TEST_CASE(the_ends_of_chances_have_a_place)
{
    for (const std::int64_t degrees : {3, 100}) {
        SimulationModel m;
        m.months = 120;
        m.classes.push_back({{}, rate("2%"), {}});
        auto plan = plan_simulation(two_obligors(), m).value();
        plan.copula.classes.clear();
        plan.student = make_student(degrees, rate("0%"), rate("0%"), 120,
                                    {rate("0.0001%"), rate("99%"), rate("99.9999999%")});
        plan.paths = 16;
        BOOST_TEST((read_plan(plan_text(plan), "p").value() == plan));
        BOOST_TEST(plan.student->classes[0][0] > -StudentCopula::certain / 4);
        BOOST_TEST(plan.student->classes[2][119] == StudentCopula::certain);
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

/// Without degrees nothing of a t copula is written, and a plan is what it was before there was one.
BOOST_AUTO_TEST_CASE(a_gaussian_plan_has_no_mixing)
{
    SimulationModel m;
    m.months = 1;
    m.classes.push_back({{}, rate("2%"), {}});
    const auto plan = plan_simulation(two_obligors(), m);
    BOOST_REQUIRE(plan.has_value());
    BOOST_TEST(plan_text(*plan).find("student") == std::string::npos);
    BOOST_TEST(plan_text(*plan).find("tranchain.simulation.plan/1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_spoilt_plan_is_refused)
{
    SimulationModel m;
    m.months = 2;
    m.degrees = 4;
    m.classes.push_back({{}, rate("2%"), {}});
    auto plan = plan_simulation(two_obligors(), m).value();
    plan.paths = 16;
    BOOST_TEST(read_plan(plan_text(plan), "p").has_value());
    const auto refused = [&](const std::function<void(StudentCopula&)>& spoil, const char* message) {
        SimulationPlan spoilt = plan;
        spoil(*spoilt.student);
        const auto read = read_plan(plan_text(spoilt), "p");
        BOOST_REQUIRE(!read.has_value());
        BOOST_TEST(read.error().front().message == message);
        BOOST_TEST(read.error().front().where.line == 1);
        BOOST_TEST(read.error().front().hint == "make the plan again with 'tranchain simulate plan'");
    };
    refused([](auto& c) { c.scale = 9'999'999; }, "student.scale is out of range");
    refused([](auto& c) { std::swap(c.mixing[7], c.mixing[8]); },
            "student.mixing falls, where it has to rise");
    refused([](auto& c) { c.normal[3] = c.normal[2] - 1; }, "student.normal falls, where it has to rise");
    refused([](auto& c) { c.normal[0] = -1; }, "student.normal starts too low");
    refused([](auto& c) { std::swap(c.classes[0][0], c.classes[0][1]); },
            "classes[0].quantiles falls, where it has to rise");
    refused([](auto& c) { c.mixing.resize(4096); }, "student.mixing is not a table of 9216 integers");
    std::string before = plan_text(plan);
    before.replace(before.find("plan/2"), 6, "plan/1");
    const auto old = read_plan(before, "p");
    BOOST_REQUIRE(!old.has_value());
    BOOST_TEST(old.error().size() == 1U);
    BOOST_TEST(old.error().front().message ==
               "this plan of a t copula is from before its tail was drawn finely");
}

BOOST_AUTO_TEST_SUITE_END()
