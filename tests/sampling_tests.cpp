// Sampling: what strata draw and what it counts for, against all futures of a small pool, one by one.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cmath>

#include "waterfall/desk/simulation.hpp"
#include "waterfall/desk/simulation_estimate.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(sampling_tests)

namespace {

Rate rate(const char* text) { return Rate::parse(text).value(); }

/// Two obligors with much in common, 10% a year each.
SimulationPlan plan_of(const Sampling& sampling, std::int64_t paths)
{
    SimulationModel m;
    m.months = 12;
    m.correlation = rate("50%");
    m.classes.push_back({{}, rate("10%"), {}});
    ProjectionInput input;
    for (const char* code : {"O1", "O2"}) {
        Receivable r;
        r.asset_id = r.obligor_code = code;
        input.opening.push_back(r);
    }
    auto plan = plan_simulation(input, m);
    if (!plan) BOOST_FAIL(plan.error().front().message);
    plan->paths = paths;
    plan->seed = 2018;
    plan->sampling = sampling;
    return std::move(*plan);
}

/// As run_chunk(), without a deal: one default costs 8,000.00, both cost 20,000.00 and a fen of
/// principal; a trigger fires on day 10 times the defaults.
SimulationSums sums_of(const SimulationPlan& plan)
{
    SimulationSums all;
    Draw draw(plan);
    for (std::int64_t chunk = 0; chunk < plan.chunks(); ++chunk) {
        SimulationSums sums;
        for (std::int64_t i = 0; i < plan.paths_of(chunk); ++i) {
            const std::int64_t number = chunk * SimulationPlan::chunk + i;
            const auto n = static_cast<std::int64_t>(
                draw_futures(draw, Date::of(2018, 11, 8), number).of.size());
            PathResult path;
            path.defaults = n;
            path.tranches = {{Money::fen(20'000'00),
                              Money::fen(n == 2 ? 20'000'00 : n * 8'000'00), n > 0, n == 2}};
            path.fired = {n > 0 ? std::optional<std::int64_t>(10 * n) : std::nullopt};
            sums.add(path, plan.sampling.weight(number));
        }
        if (!plan.sampling.is_plain()) sums.square();
        all.add(sums);
    }
    return all;
}

/// The same for sure: the chances of no, one and two defaults, over every value of the market factor.
std::array<double, 3> chances(const SimulationPlan& plan)
{
    std::array<double, 3> p{};
    for (std::uint32_t i = 0; i < Copula::factor_size; ++i) {
        const auto t = static_cast<double>(plan.copula.threshold(0, 12, plan.copula.z(i << 20, 0))) /
                       4294967296.0;
        p[0] += (1 - t) * (1 - t) / Copula::factor_size;
        p[1] += 2 * t * (1 - t) / Copula::factor_size;
        p[2] += t * t / Copula::factor_size;
    }
    return p;
}

const Sampling all_samplings[]{Sampling::plain(), Sampling::stratified(), Sampling::importance()};

} // namespace

/// Strata follow one another from the worst value to the best, leave none out, and count for as much
/// as they hold.
BOOST_AUTO_TEST_CASE(strata_share_out_the_values)
{
    for (const Sampling& s : {Sampling::stratified(), Sampling::importance()}) {
        std::int64_t next = 0;
        for (std::int64_t path = 0; path < Sampling::strata; ++path) {
            const std::int64_t first = s.market(path, 0) >> 20;
            const std::int64_t last = s.market(path + 160, 0xffffffffU) >> 20;
            BOOST_TEST(first == next);
            BOOST_TEST((last + 1 - first) * s.total() == s.weight(path) * Sampling::values);
            next = last + 1;
        }
        BOOST_TEST(next == Sampling::values);
    }
    BOOST_TEST(Sampling::plain().market(3, 0x12345678U) == 0x12345678U);
}

/// Two chunks of strata of one size: 4 of 16 paths and 8 of 16. The mean is 12/32; the chunks' own
/// means, 0.25 and 0.5, have an error of 0.125; 32 plain paths would have sqrt(0.375 x 0.625 / 32).
BOOST_AUTO_TEST_CASE(errors_of_chunks_by_hand)
{
    const Sampling sampling = Sampling::stratified();
    SimulationSums all;
    for (const std::int64_t hit : {4, 8}) {
        SimulationSums chunk;
        for (std::int64_t i = 0; i < 16; ++i) {
            PathResult path;
            path.tranches = {{Money::fen(100), zero, i < hit, false}};
            path.fired = {i < hit ? std::optional<std::int64_t>(hit) : std::nullopt};
            chunk.add(path, 1);
        }
        chunk.square();
        all.add(chunk);
    }
    const Estimates found(all, sampling);
    const Estimate e = found.interest_missed(0);
    BOOST_TEST(e.mean == 0.375, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(e.error == 0.125, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(e.plain_error == std::sqrt(0.375 * 0.625 / 32), boost::test_tools::tolerance(1e-12));
    // Days: 4 x 4 + 8 x 8 over 12 times fired: 20/3. The chunks are off by 16 - 80/3 and 64 - 160/3:
    // 32/3 each way, an error of sqrt(2 x (32/3)^2 / 1 x 2) / 12 = 16/9.
    const Estimate day = found.day(0);
    BOOST_TEST(day.mean == 20.0 / 3, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(day.error == 16.0 / 9, boost::test_tools::tolerance(1e-12));
    const auto read = read_sums(sums_json(all), 1, 1);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST((*read == all));
}

/// Each path of 625,000 chunks, the most that a plan has, loses the most that it may, 2^45 fen: of 2^8
/// in weight a chunk's loss squared is (2^53)^2 = 2^106, and chunks do not differ.
BOOST_AUTO_TEST_CASE(the_largest_sums_fit)
{
    const Sampling sampling = Sampling::importance();
    SimulationSums chunk;
    for (std::int64_t path = 0; path < Sampling::strata; ++path) {
        PathResult one;
        one.tranches = {{Money::fen(Sampling::face_max_fen), Money::fen(std::int64_t{1} << 45), true, true}};
        chunk.add(one, sampling.weight(path));
    }
    chunk.square();
    BOOST_TEST(!chunk_fault(chunk, sampling, 16).has_value());
    std::int64_t n = SimulationPlan::paths_max / SimulationPlan::chunk;
    SimulationSums all; // n of them, by doubling
    for (SimulationSums power = chunk; n > 0; n /= 2) {
        if (n % 2 == 1) all.add(power);
        const SimulationSums half = power;
        power.add(half);
    }
    BOOST_TEST(all.paths == 10'000'000);
    BOOST_TEST((all.squares[1] == (Int128{1} << 106) * 625'000));
    const auto read = read_sums(sums_json(all), 1, 0);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST((*read == all));
    const Estimate loss = Estimates(all, sampling).loss(0);
    BOOST_TEST(loss.mean == 35184372088832.0, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(loss.error < 1e-6 * loss.mean);
}

BOOST_AUTO_TEST_CASE(estimates_hit_what_all_futures_give)
{
    for (const Sampling& sampling : all_samplings) {
        const auto plan = plan_of(sampling, 8192);
        const auto p = chances(plan);
        const auto sums = sums_of(plan);
        const Estimates found(sums, sampling);
        const auto agrees = [&](const Estimate& e, double truth) {
            BOOST_TEST(std::abs(e.mean - truth) < 4 * e.error, sampling.name() << ": " << e.mean
                                                                << " +- " << e.error << ", " << truth);
        };
        agrees(found.defaults(), p[1] + 2 * p[2]);
        agrees(found.loss(0), 8'000'00 * p[1] + 20'000'00 * p[2]);
        agrees(found.interest_missed(0), p[1] + p[2]);
        agrees(found.principal_missed(0), p[2]);
        agrees(found.band(0, 0), p[0]);
        agrees(found.fired(0), p[1] + p[2]);
        agrees(found.day(0), (10 * p[1] + 20 * p[2]) / (p[1] + p[2]));
    }
}

/// Over sixty seeds: estimates of both defaulting scatter as their errors say, less than plain ones,
/// and by about the factor that the result names.
BOOST_AUTO_TEST_CASE(errors_fall_by_the_factor_that_is_named)
{
    constexpr int seeds = 60;
    double plain_scatter = 0;
    for (const Sampling& sampling : all_samplings) {
        double sum = 0;
        double squares = 0;
        double errors = 0;
        double plain_errors = 0;
        auto plan = plan_of(sampling, 512);
        for (plan.seed = 1; plan.seed <= seeds; ++plan.seed) {
            const auto sums = sums_of(plan);
            const Estimate e = Estimates(sums, sampling).principal_missed(0);
            sum += e.mean;
            squares += e.mean * e.mean;
            errors += e.error / seeds;
            plain_errors += e.plain_error / seeds;
        }
        const double scatter = std::sqrt((squares - sum * sum / seeds) / (seeds - 1));
        // The scatter of sixty has itself an error of 1 / sqrt(2 x 59) = 9%.
        BOOST_TEST(std::abs(scatter / errors - 1) < 0.3, sampling.name() << ": " << scatter << ", " << errors);
        if (sampling.is_plain()) plain_scatter = scatter;
        BOOST_TEST(std::abs(plain_errors / plain_scatter - 1) < 0.3, sampling.name() << ": " << plain_errors);
        if (sampling.is_plain()) continue;
        const double most = sampling == Sampling::importance() ? 0.75 : 0.95;
        BOOST_TEST(errors < most * plain_errors, sampling.name() << ": " << errors << ", " << plain_errors);
        BOOST_TEST(scatter < plain_scatter, sampling.name() << ": " << scatter << ", " << plain_scatter);
    }
}

BOOST_AUTO_TEST_CASE(a_plan_says_how_it_is_sampled)
{
    for (const Sampling& sampling : all_samplings) {
        const auto plan = plan_of(sampling, 64);
        const std::string text = plan_text(plan);
        BOOST_TEST((text.find("strata") == std::string::npos) == sampling.is_plain());
        const auto again = read_plan(text, "plan");
        BOOST_REQUIRE(again.has_value());
        BOOST_TEST((*again == plan));
    }
    BOOST_TEST(!read_plan(plan_text(plan_of(Sampling::importance(), 40)), "plan").has_value());
    const auto weights = [](std::int64_t first, std::size_t size) {
        std::vector<std::int64_t> out(size, 1);
        out[0] = first;
        return read_plan(plan_text(plan_of({out}, 64)), "plan").has_value();
    };
    BOOST_TEST(weights(1, 16));   // stratified
    BOOST_TEST(!weights(17, 16)); // 32 in all, but nobody's
    BOOST_TEST(!weights(1, 17));
    BOOST_TEST(!weights(0, 16));
    BOOST_TEST(!weights(-1, 16));
}

BOOST_AUTO_TEST_SUITE_END()
