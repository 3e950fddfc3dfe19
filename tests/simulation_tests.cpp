// Simulation: what is drawn, against published vectors and closed forms; and what it costs, by hand.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>

#include "tests/two_debtors.hpp"
#include "waterfall/desk/simulation_estimate.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(simulation_tests)

using namespace tranchain::two_debtors;

namespace {

/// Paths on which none, one and both of O1 and O2 default.
std::array<std::int64_t, 3> defaults(const SimulationPlan& plan)
{
    std::array<std::int64_t, 3> n{};
    Draw draw(plan);
    for (std::int64_t path = 0; path < plan.paths; ++path) {
        ++n[draw_futures(draw, day("2018-11-08"), path).of.size()];
    }
    return n;
}

/// Within four standard errors of the chance p.
bool agrees(std::int64_t count, std::int64_t n, double p)
{
    const double deviation = std::sqrt(p * (1 - p) / static_cast<double>(n));
    return std::abs(static_cast<double>(count) / static_cast<double>(n) - p) < 4 * deviation;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_correlation_the_factor_is_nothing)
{
    // 25% a year: a quarter of 2^32 after twelve months; half of them survive 0.75^0.5.
    const Copula c = make_copula(rate("0%"), rate("0%"), 12, {rate("25%"), rate("0%"), rate("100%")});
    const std::int64_t quarter = std::int64_t{1} << 30;
    const std::int64_t half_year = 575416509; // (1 - 0.8660254037844386) x 2^32
    for (const std::uint32_t word : {0U, 0x80000000U, 0xffffffffU}) {
        const std::int64_t z = c.z(word, word);
        BOOST_TEST(std::abs(static_cast<std::int64_t>(c.threshold(0, 12, z)) - quarter) < 64);
        BOOST_TEST(std::abs(static_cast<std::int64_t>(c.threshold(0, 6, z)) - half_year) < 64);
        BOOST_TEST(c.threshold(1, 12, z) == 0U);                      // never
        BOOST_TEST(c.threshold(2, 1, z) == std::uint64_t{1} << 32); // always
    }
}

/// Whatever the correlation, the chance of one obligor alone stays what the model says.
BOOST_AUTO_TEST_CASE(the_factors_keep_the_chance_of_one)
{
    for (const char* correlation : {"5%", "15%", "50%", "90%"}) {
        const Copula c = make_copula(rate(correlation), rate("0%"), 12, {rate("2%"), rate("30%")});
        for (const auto& [index, p] : {std::pair{0U, 0.02}, std::pair{1U, 0.30}}) {
            double sum = 0;
            for (std::uint32_t i = 0; i < Copula::factor_size; ++i) {
                sum += static_cast<double>(c.threshold(index, 12, c.z(i << 20, 0)));
            }
            const double mean = sum / Copula::factor_size / 4294967296.0;
            BOOST_TEST(std::abs(mean - p) < p / 500, correlation << ": " << mean);
        }
    }
}

/// Two normals of correlation r are both below their median with chance 1/4 + asin(r) / (2 pi)
/// (Sheppard 1899).
BOOST_AUTO_TEST_CASE(two_obligors_default_together_as_sheppard_says)
{
    const std::tuple<const char*, const char*, double> cases[]{
        {"0%", "0%", 0.0}, {"15%", "0%", 0.15}, {"10%", "40%", 0.5}, {"99%", "0%", 0.99}};
    for (const auto& [market, sector, r] : cases) {
        const auto plan = planned(two(), model("50%", 12, market, sector), 20'000);
        const auto n = defaults(plan);
        const double both = 0.25 + std::asin(r) / (2 * std::numbers::pi);
        BOOST_TEST(agrees(n[2], plan.paths, both), market << " and " << sector << ": " << n[2]);
        BOOST_TEST(agrees(n[0], plan.paths, both), market << " and " << sector << ": " << n[0]);
    }
    // Other industries share the market alone.
    ProjectionInput apart = two();
    apart.opening[1] = owed("R2", "O2", "paper");
    const auto n = defaults(planned(apart, model("50%", 12, "10%", "40%"), 20'000));
    BOOST_TEST(agrees(n[2], 20'000, 0.25 + std::asin(0.1) / (2 * std::numbers::pi)));
}

/// What is drawn does not depend on the processor's instructions: by those that all have, and by the
/// fastest that this one has.
BOOST_AUTO_TEST_CASE(every_kernel_draws_the_same)
{
    ProjectionInput input;
    input.program.closing = day("2018-11-08");
    for (int i = 100; i < 203; ++i) { // not a multiple of eight
        const std::string code = std::to_string(i);
        input.opening.push_back(owed(code.c_str(), code.c_str(), i % 3 == 0 ? "steel" : "paper"));
        input.opening.back().asset_type = AssetType::factoring;
    }
    for (const bool student : {false, true}) {
        SimulationModel m = model("20%", 12, "15%", "20%");
        if (student) m.degrees = 4;
        m.late = {{rate("20%"), 10}, {rate("30%"), 45}};
        m.dilution = {{rate("20%"), rate("3%"), true, {}}};
        const auto plan = planned(input, m, 2000);
        Draw plain(plan, PhiloxKernel::plain);
        Draw best(plan, best_philox_kernel());
        std::size_t hit = 0;
        for (std::int64_t path = 0; path < plan.paths; ++path) {
            if (plain.path(path) != best.path(path)) BOOST_FAIL("path " << path);
            hit += best.path(path).size();
        }
        BOOST_TEST(hit > 100'000U);
    }
}

/// Ten independent obligors of 10%: 0.9^10 = 34.868% none, 10 x 0.1 x 0.9^9 = 38.742% one,
/// 45 x 0.01 x 0.9^8 = 19.371% two.
BOOST_AUTO_TEST_CASE(independent_obligors_are_binomial)
{
    ProjectionInput input;
    input.program.closing = day("2018-11-08");
    for (const char* code : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}) {
        input.opening.push_back(owed(code, code, ""));
    }
    const auto plan = planned(input, model("10%", 12), 20'000);
    std::array<std::int64_t, 11> n{};
    Draw draw(plan);
    for (std::int64_t path = 0; path < plan.paths; ++path) {
        ++n[draw_futures(draw, day("2018-11-08"), path).of.size()];
    }
    BOOST_TEST(agrees(n[0], plan.paths, 0.34868));
    BOOST_TEST(agrees(n[1], plan.paths, 0.38742));
    BOOST_TEST(agrees(n[2], plan.paths, 0.19371));
}

BOOST_AUTO_TEST_CASE(obligors_are_late_in_one_class)
{
    SimulationModel m = model("0%", 12);
    m.late = {{rate("20%"), 10}, {rate("30%"), 45}};
    const auto plan = planned(two(), m, 20'000);
    std::map<std::int64_t, std::int64_t> n;
    Draw draw(plan);
    for (std::int64_t path = 0; path < plan.paths; ++path) {
        const auto futures = draw_futures(draw, day("2018-11-08"), path);
        const auto found = futures.of.find("O1");
        ++n[found == futures.of.end() ? 0 : found->second.late_days];
    }
    BOOST_TEST(n.size() == 3U);
    BOOST_TEST(agrees(n[10], plan.paths, 0.2));
    BOOST_TEST(agrees(n[45], plan.paths, 0.3));
}

BOOST_AUTO_TEST_CASE(obligors_dilute_in_one_class)
{
    SimulationModel m = model("0%", 12);
    m.dilution = {{rate("20%"), rate("3%"), true, {}}, {rate("30%"), rate("8%"), false, {}}};
    m.late = {{rate("50%"), 10}};
    ProjectionInput input = two();
    input.opening[1].asset_type = AssetType::factoring;
    const auto plan = planned(input, m, 20'000);
    std::map<std::int64_t, std::int64_t> n;
    std::int64_t late_too = 0;
    Draw draw(plan);
    for (std::int64_t path = 0; path < plan.paths; ++path) {
        const auto futures = draw_futures(draw, day("2018-11-08"), path);
        const auto found = futures.of.find("O1");
        const ObligorFuture future = found == futures.of.end() ? ObligorFuture{} : found->second;
        ++n[future.dilution.in_ppb()];
        BOOST_TEST(future.made_good == (future.dilution == rate("3%")));
        late_too += future.late_days > 0 && future.dilution.in_ppb() > 0 ? 1 : 0;
    }
    BOOST_TEST(n.size() == 3U);
    BOOST_TEST(agrees(n[30'000'000], plan.paths, 0.2));
    BOOST_TEST(agrees(n[80'000'000], plan.paths, 0.3));
    BOOST_TEST(agrees(late_too, plan.paths, 0.25)); // drawn by themselves
    const auto again = read_plan(plan_text(plan), "plan");
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((*again == plan));
    const auto refused = plan_simulation(two(), m); // payments written out, no invoices
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().front().message == "dilution: no receivable of the tapes is an invoice");
}

/// Face 1,200,000, due 02-20: 10% is 120,000, off the last payment, ten days before it.
BOOST_AUTO_TEST_CASE(a_dilution_costs_what_it_costs_by_hand)
{
    Fate fate;
    fate.payments = {{day("2019-01-10"), amount("200000.00"), false},
                     {day("2019-02-20"), amount("1000000.00"), false}};
    ObligorFutures futures;
    futures.recovery = {{90, rate("20%")}};
    Receivable r = owed("R1", "O1", "");
    std::vector<Assumption> assumed_too;
    const auto text = [&](const ObligorFuture& future) {
        AssumptionContext context;
        context.closing = context.owned = r.purchase_date;
        context.drawn = future.dilution_of(r);
        const Fate after = futures.applied(future, r, assumed(assumed_too, context, r, fate));
        std::string out = after.diluted_on ? after.diluted_on->str() + " " + after.dilution.str() + ":" : "";
        for (const auto& p : after.payments) {
            out += p.date.str() + (p.by_seller ? " seller " : " ") + p.amount.str() + ";";
        }
        return out;
    };
    const std::string whole = "2019-01-10 200000.00;2019-02-20 1000000.00;";
    BOOST_TEST(text({{}, 0, rate("10%"), false}) == whole); // no invoice
    r.asset_type = AssetType::factoring;
    BOOST_TEST(text({{}, 0, rate("10%"), false}) ==
               "2019-02-10 120000.00:2019-01-10 200000.00;2019-02-20 880000.00;");
    BOOST_TEST(text({{}, 0, rate("10%"), true}) ==
               "2019-02-10 120000.00:2019-01-10 200000.00;2019-02-15 seller 120000.00;"
               "2019-02-20 880000.00;");
    // 20% of the 880,000 that are neither paid nor diluted; the seller is not the obligor.
    BOOST_TEST(text({day("2019-02-12"), 0, rate("10%"), true}) ==
               "2019-02-10 120000.00:2019-01-10 200000.00;2019-02-15 seller 120000.00;"
               "2019-05-21 176000.00;");
    // A default that the scenario assumes acts on what dilution left: 20% of 1,080,000.
    Assumption lost;
    lost.share.constant = rate("100%");
    lost.recovery = {{90, rate("20%")}};
    assumed_too = {lost};
    BOOST_TEST(text({{}, 0, rate("10%"), false}) == "2019-02-10 120000.00:2019-05-21 216000.00;");
    // So does what the seller takes back: nothing of the 880,000 paid ten days before.
    Assumption back;
    back.kind = Assumption::Kind::repurchase;
    back.share.constant = rate("100%");
    back.days = 5;
    assumed_too = {back};
    BOOST_TEST(text({{}, 0, rate("10%"), false}) ==
               "2019-02-10 120000.00:2019-01-10 200000.00;2019-02-20 880000.00;");
}

/// Both obligors dispute a tenth of their invoices of 1,200,000.00, and the scenario lets everybody
/// default and a fifth of what is left come in: 2 x 20% x 1,080,000 = 432,000 of the 2,400,000.
BOOST_AUTO_TEST_CASE(a_drawn_dilution_comes_before_an_assumed_default)
{
    ProjectionInput input = two();
    for (Receivable& r : input.opening) r.asset_type = AssetType::factoring;
    Assumption lost;
    lost.share.constant = rate("100%");
    lost.recovery = {{30, rate("20%")}};
    input.scenario.assumptions = {lost};
    SimulationModel m = model("0%", 12);
    m.dilution = {{rate("100%"), rate("10%"), false, {}}};
    const auto plan = planned(input, m, 1);
    Draw draw(plan);
    const auto result = run_path(draw, input, 0);
    if (!result) BOOST_FAIL(result.error().message);
    BOOST_TEST(result->tranches[0].loss.str() == "1568000.00");
    BOOST_TEST(result->tranches[1].loss.str() == "400000.00");
}

BOOST_AUTO_TEST_CASE(a_default_cuts_what_is_still_to_be_paid)
{
    Fate fate;
    fate.payments = {{day("2019-01-10"), amount("200000.00"), false},
                     {day("2019-02-20"), amount("1000000.00"), false}};
    ObligorFutures futures;
    futures.recovery = {{90, rate("20%")}};
    const Receivable r = owed("R1", "O1", "");
    const auto text = [&](const ObligorFuture& future) {
        futures.of = {{"O1", future}};
        std::string out;
        for (const auto& p : futures.applied(*futures.find("O1"), r, fate).payments) {
            out += p.date.str() + " " + p.amount.str() + ";";
        }
        return out;
    };
    // 20% of the million that is unpaid, 90 days after the due date of 02-20.
    BOOST_TEST(text({day("2019-02-09"), 0}) == "2019-01-10 200000.00;2019-05-21 200000.00;");
    BOOST_TEST(text({day("2018-11-09"), 0}) == "2019-05-21 240000.00;");
    BOOST_TEST(text({{}, 10}) == "2019-01-20 200000.00;2019-03-02 1000000.00;");
    // Late by 30 days, the first payment would have come on the day of default itself.
    BOOST_TEST(text({day("2019-02-09"), 30}) == "2019-05-21 240000.00;");
    BOOST_TEST(futures.in_default("O1", day("2019-02-09")));
    BOOST_TEST(!futures.in_default("O1", day("2019-02-08")));
    BOOST_TEST(!futures.in_default("O2", day("2019-02-09")));
}

/// By hand. One of two defaults: 1,200,000 comes, A loses 800,000 and SUB all of its 400,000. Both:
/// A loses 2,000,000. Each defaults in the first month with chance a half (1 - 0.5^12 a year): so A
/// loses 1/2 x 800,000 + 1/4 x 2,000,000 = 900,000 on average, SUB 3/4 x 400,000 = 300,000.
BOOST_AUTO_TEST_CASE(two_debtors_cost_what_they_cost_by_hand)
{
    const ProjectionInput input = two();
    const auto plan = planned(input, model("99.9755859%", 1), 512);
    SimulationSums sums;
    std::array<std::int64_t, 3> n{};
    Draw draw(plan);
    for (std::int64_t path = 0; path < plan.paths; ++path) {
        const auto result = run_path(draw, input, path);
        if (!result) BOOST_FAIL(result.error().message);
        sums.add(*result);
        const auto defaulted = static_cast<std::size_t>(result->defaults);
        ++n[defaulted];
        const char* lost_a[]{"0.00", "800000.00", "2000000.00"};
        const char* lost_sub[]{"0.00", "400000.00", "400000.00"};
        BOOST_TEST(result->tranches[0].loss.str() == lost_a[defaulted]);
        BOOST_TEST(result->tranches[1].loss.str() == lost_sub[defaulted]);
        BOOST_TEST(result->tranches[0].principal_missed == (defaulted > 0));
        BOOST_TEST(!result->tranches[0].interest_missed);
    }
    BOOST_TEST(agrees(n[1], plan.paths, 0.5));
    BOOST_TEST(agrees(n[2], plan.paths, 0.25));
    BOOST_TEST(sums.tranches[0].principal_missed == n[1] + n[2]);
    BOOST_TEST((sums.tranches[0].loss == Int128{n[1]} * 80'000'000 + Int128{n[2]} * 200'000'000));
    BOOST_TEST(sums.tranches[0].worst == 200'000'000);
    BOOST_TEST(sums.tranches[0].bands[0] == n[0]);
    BOOST_TEST(sums.tranches[0].bands[8] == n[1]); // 40% of face: above 20%, up to 50%
    BOOST_TEST(sums.tranches[0].bands[9] == n[2]);
    const Estimate loss = estimate_mean(sums.tranches[0].loss, sums.tranches[0].loss_squared, 512);
    BOOST_TEST(std::abs(loss.mean - 90'000'000) < 4 * loss.error);
    // The variance by hand: 1/2 x 800^2 + 1/4 x 2000^2 - 900^2 = 510,000 (thousand yuan squared).
    BOOST_TEST(std::abs(loss.error - 100'000 * std::sqrt(510'000.0 / 512)) < 0.1 * loss.error);
}

BOOST_AUTO_TEST_CASE(errors_of_small_samples_by_hand)
{
    // 2, 4, 4, 6: mean 4, squares around it 8, variance 8 / 3, error sqrt(8 / 3 / 4).
    const Estimate e = estimate_mean(16, 72, 4);
    BOOST_TEST(e.mean == 4.0);
    BOOST_TEST(e.error == std::sqrt(2.0 / 3), boost::test_tools::tolerance(1e-12));
    const Estimate share = estimate_share(1, 4);
    BOOST_TEST(share.error == std::sqrt(3.0 / 64), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(estimate_share(0, 4).error == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
