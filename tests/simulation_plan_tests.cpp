// Simulation: what is written down between runs, plans, parts and sums, and what is not believed of it.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <rapidcheck/boost_test.h>

#include <functional>

#include "tests/two_debtors.hpp"
#include "waterfall/desk/simulation_part.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(simulation_plan_tests)

using namespace tranchain::two_debtors;

BOOST_AUTO_TEST_CASE(a_plan_is_read_as_it_was_written)
{
    SimulationModel m = model("3%", 2, "15%", "5%");
    m.recovery = {{90, rate("20%")}};
    m.late = {{rate("7%"), 30}};
    SimulationPlan plan = planned(two(), m, 1000);
    plan.files = {{"deal.toml", std::string(64, 'a')}};
    const std::string text = plan_text(plan);
    const auto again = read_plan(text, "plan");
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((*again == plan));
    std::string spoilt = text;
    spoilt.replace(spoilt.find("\"months\":2"), 10, "\"months\":3");
    BOOST_TEST(!read_plan(spoilt, "plan").has_value());
    BOOST_TEST(!read_plan(text.substr(0, text.size() / 2), "plan").has_value());
}

/// What is drawn by halving and by counting has to be in order.
BOOST_AUTO_TEST_CASE(a_plan_out_of_order_is_refused)
{
    SimulationModel m = model("3%", 2, "15%", "5%");
    m.recovery = {{90, rate("60%")}, {180, rate("40%")}};
    m.late = {{rate("7%"), 30}, {rate("5%"), 60}};
    const SimulationPlan plan = planned(two(), m, 1000);
    const auto refused = [&](const std::function<void(SimulationPlan&)>& spoil, const char* message) {
        SimulationPlan spoilt = plan;
        spoil(spoilt);
        const auto read = read_plan(plan_text(spoilt), "p");
        BOOST_REQUIRE(!read.has_value());
        BOOST_TEST(read.error().front().message == message);
        BOOST_TEST(read.error().front().where.file == "p");
        BOOST_TEST(read.error().front().hint == "make the plan again with 'tranchain simulate plan'");
    };
    auto& tables = plan.copula;
    const std::size_t row = Copula::grid_size;
    refused([](auto& p) { std::swap(p.copula.factor[0], p.copula.factor[1]); },
            "plan.factor falls, where it has to rise");
    refused([](auto& p) { p.copula.factor[0] = -7 * Copula::factor_one; },
            "plan.factor holds something else than the integers of a table");
    refused([&](auto& p) { p.copula.classes[0][200] = tables.classes[0][199] + 1; },
            "classes[0].thresholds rise with the factors, where they have to fall");
    refused([&](auto& p) { p.copula.classes[0][2 * row - 1] = -1; },
            "classes[0].thresholds fall from one month to the next, where they have to rise");
    refused([](auto& p) { std::swap(p.obligors[0], p.obligors[1]); },
            "obligors[1].code does not come after the one before it");
    refused([](auto& p) { std::swap(p.late[0], p.late[1]); }, "late[1].below falls, where it has to rise");
    refused([](auto& p) { p.recovery[1].second = rate("41%"); },
            "recovery[1].share makes more than all come back");
}

/// Whatever the chance and the correlation, what is written is in order.
RC_BOOST_PROP(a_plan_is_in_order, ())
{
    SimulationModel m = model("0%", *rc::gen::inRange<std::int64_t>(1, 13));
    m.classes[0].yearly = Rate::ppb(*rc::gen::inRange<std::int64_t>(0, Rate::one + 1));
    m.correlation = Rate::ppb(*rc::gen::inRange<std::int64_t>(0, 700'000'000));
    m.sector_correlation = Rate::ppb(*rc::gen::inRange<std::int64_t>(0, 290'000'000));
    SimulationPlan plan = planned(two(), m, 16);
    RC_ASSERT(read_plan(plan_text(plan), "plan").value() == plan);
}

/// Both default at once and nothing comes: a tranche of 2^45 fen, all lost, may be weighted; one of a unit
/// more may not, though as a plain path it is counted.
BOOST_AUTO_TEST_CASE(weighted_losses_have_a_bound)
{
    const auto input_of = [](Money face) {
        ProjectionInput input = two();
        input.program.tranches[0].face = face;
        Receivable& r = input.opening[0]; // with the other, all that the notes brought
        r.original_balance = r.current_balance = face - amount("800000.00");
        r.purchase_price = r.financed_amount = r.current_balance;
        return input;
    };
    const Money most = Money::fen(std::int64_t{1} << 45);
    const ProjectionInput largest = input_of(most);
    SimulationPlan plan = planned(largest, model("100%", 1), 32);
    plan.sampling = Sampling::importance();
    const auto sums = run_chunk(Draw(plan), largest, 0);
    if (!sums) BOOST_FAIL(sums.error().message);
    BOOST_TEST((sums->squares[1] == Int128{1} << 106)); // 2^45, on paths that weigh 2^8, squared
    const auto refused = run_chunk(Draw(plan), input_of(most + amount("100.00")), 0);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().message ==
               "path 0: tranche 'A' loses 351843720988.32, too much to be weighted");
    BOOST_TEST(refused.error().hint == "make the plan without --sampling");
    plan.sampling = Sampling::plain();
    BOOST_TEST(run_chunk(Draw(plan), input_of(most + amount("100.00")), 0).has_value());
}

/// Sums of which the figures contradict each other are no chunk's: what is stored is not believed.
BOOST_AUTO_TEST_CASE(a_chunk_has_to_hold_together)
{
    const ProjectionInput input = two();
    SimulationPlan plan = planned(input, model("90%", 12), 32);
    plan.sampling = Sampling::importance();
    const SimulationSums sums = run_chunk(Draw(plan), input, 0).value();
    BOOST_TEST(!chunk_fault(sums, plan.sampling, 16).has_value());
    const auto says = [&](const std::function<void(SimulationSums&)>& spoil, const char* why) {
        SimulationSums spoilt = sums;
        spoil(spoilt);
        const auto found = chunk_fault(spoilt, plan.sampling, 16);
        BOOST_TEST(found.value_or("nothing") == why);
    };
    says([](auto& s) { ++s.paths; }, "a chunk of another size");
    says([](auto& s) { ++s.tranches[0].bands[0]; }, "loss bands do not add up to the paths");
    says([](auto& s) { s.tranches[1].principal_missed = 257; }, "more paths missed than there are");
    says([](auto& s) { s.tranches[0].worst = (std::int64_t{1} << 45) + 1; }, "the worst loss is too large");
    says([](auto& s) { s.tranches[0].worst = 1; }, "the loss is more than the worst on every path");
    says([](auto& s) { s.tranches[0].loss_squared *= 257; }, "squared losses are more than the worst allows");
    says([](auto& s) { s.tranches[0].worst = static_cast<std::int64_t>(s.tranches[0].loss) + 1; },
         "the worst loss is more than all of them");
    says([](auto& s) { s.tranches[0].bands = {256}; }, "loss bands contradict the worst loss");
    says([](auto& s) { s.tranches[0].loss_squared = 1; }, "squared losses are less than the loss allows");
    says([](auto& s) { s.defaults = Int128{1} << 120; }, "squared defaults are not those of the defaults");
    for (std::size_t i = 0; i < sums.squares.size(); ++i) {
        says([i](auto& s) { ++s.squares[i]; }, "squares are not those of the sums");
    }
    says([](auto& s) { s.squares.clear(); }, "squares are not those of the sums");
    // A trigger of eight by weight, on day 10 three times and on day 40 five times.
    const auto trigger = [&](const SimulationSums::OfTrigger& t) {
        SimulationSums one = sums;
        one.triggers = {t};
        one.square();
        return chunk_fault(one, plan.sampling, 16).value_or("nothing");
    };
    BOOST_TEST(trigger({8, 230, 8300, {{1, 3}, {2, 5}}}) == "nothing");
    BOOST_TEST(trigger({7, 230, 8300, {{1, 3}, {2, 5}}}) ==
               "months of a trigger do not add up to the paths it fired on");
    BOOST_TEST(trigger({8, 230, 8300, {{1, 10}, {2, -2}}}) == "a month of a trigger is out of range");
    BOOST_TEST(trigger({8, 149, 8300, {{1, 3}, {2, 5}}}) == "days of a trigger are not in its months");
    BOOST_TEST(trigger({8, 230, 200, {{1, 3}, {2, 5}}}) == "squared days of a trigger are not those of its days");
    BOOST_TEST(trigger({257, 2570, 25700, {{1, 257}}}) == "a trigger fired on more paths than there are");
}

BOOST_AUTO_TEST_CASE(a_class_without_obligors_is_refused)
{
    SimulationModel m = model("3%", 2);
    m.classes.push_back({{Scope::Kind::group, "G9"}, rate("1%"), {"m.toml", 7, 1, 0}});
    const auto plan = plan_simulation(two(), m);
    BOOST_REQUIRE(!plan.has_value());
    BOOST_TEST(plan.error().front().message == "no obligor of the tapes is in group 'G9'");
    BOOST_TEST(plan.error().front().where.line == 7);
}

RC_BOOST_PROP(shards_share_out_every_chunk, ())
{
    const auto chunks = *rc::gen::inRange<std::int64_t>(1, 200'000);
    const auto of = *rc::gen::inRange<std::int64_t>(1, 500);
    std::int64_t next = 0;
    for (std::int64_t k = 1; k <= of; ++k) {
        const auto [first, end] = shard_chunks(chunks, k, of);
        RC_ASSERT(first == next);
        RC_ASSERT(end >= first && end - first <= chunks / of + 1);
        next = end;
    }
    RC_ASSERT(next == chunks);
}

/// Any grouping of any order of paths gives the same sums, written and read in between.
RC_BOOST_PROP(sums_do_not_depend_on_order, ())
{
    const auto losses = *rc::gen::container<std::vector<std::int64_t>>(
        rc::gen::inRange<std::int64_t>(0, Money::max_fen));
    const auto cut = *rc::gen::inRange<std::size_t>(0, losses.size() + 1);
    const auto path = [&](std::size_t i) {
        PathResult p;
        p.defaults = static_cast<std::int64_t>(i);
        p.tranches = {{Money::fen(Money::max_fen), Money::fen(losses[i]), i % 2 == 0, i % 3 == 0}};
        p.fired = {i % 4 == 0 ? std::optional<std::int64_t>(losses[i] % 900) : std::nullopt};
        return p;
    };
    SimulationSums forward, one, two;
    for (std::size_t i = 0; i < losses.size(); ++i) forward.add(path(i));
    for (std::size_t i = losses.size(); i-- > 0;) (i < cut ? one : two).add(path(i));
    SimulationSums sums;
    for (const SimulationSums* s : {&two, &one}) {
        if (s->paths == 0) continue;
        const auto read = read_sums(sums_json(*s), 1, 1);
        RC_ASSERT(read.has_value());
        sums.add(*read);
    }
    RC_ASSERT(sums == forward);
}

BOOST_AUTO_TEST_SUITE_END()
