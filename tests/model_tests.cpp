// Model: no fork in any state of small worlds nor in random runs; and each rule is needed.
// SPDX-License-Identifier: Apache-2.0
#include "tests/model.hpp"

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(model_tests, *boost::unit_test::label("slow"))

namespace {

struct Case {
    std::size_t members;
    std::size_t liars;
};

State start(const Case& c)
{
    State s;
    s.honest.resize(c.members - c.liars);
    return s;
}

/// One random run; true when it forked. It goes in rounds (answers, endorsements, statements), in
/// each of which some members' messages are lost, so that a run of ten rounds gets far.
bool forks(const Model& model,
           const World& world,
           const Case& c,
           std::mt19937& random,
           int restores,
           int& finals)
{
    State s = start(c);
    const auto draw = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    int h = 0;
    for (int round = 0; round < 14; ++round) {
        const std::size_t kind = draw(8);
        if (draw(2) == 0) {
            h = static_cast<int>(draw(world.headers.size()));
        }
        const int epoch =
            2 + static_cast<int>(draw(static_cast<std::size_t>(world.headers.back().epoch) - 1));
        for (std::size_t i = 0; i < s.honest.size(); ++i) {
            if (draw(3) == 0) {
                continue;
            }
            if (kind < 4) {
                model.answer(s, i, h);
            }
            if (kind >= 2 && kind < 6) {
                model.endorse(s, i, h);
            }
            if (kind == 6) {
                model.freeze(s, i, epoch);
            }
            if (kind == 7 && s.restores < restores) {
                model.restore(s, i);
            }
        }
    }
    const auto decided = model.decided(s);
    finals += decided.empty() ? 0 : 1;
    return decided.size() > 1;
}

} // namespace

BOOST_AUTO_TEST_CASE(never_two_finals_at_one_height_in_random_runs)
{
    const World world({2, 2, 2}, 2);
    std::mt19937 random(2018); // NOLINT: the same runs every time
    for (const Case c : {Case{3, 0}, {3, 1}, {3, 2}, {4, 0}, {4, 1}, {5, 1}, {5, 2}, {7, 2}}) {
        const Model model(world, c.members, c.liars, {});
        int finals = 0;
        for (int run = 0; run < 2000; ++run) {
            BOOST_REQUIRE_MESSAGE(!forks(model, world, c, random, 2, finals),
                                  "n = " << c.members << ", liars " << c.liars << ", run " << run);
        }
        BOOST_TEST(finals > 0, "n = " << c.members << ", liars " << c.liars);
    }
}

BOOST_AUTO_TEST_CASE(each_rule_is_needed)
{
    // One endorsement per epoch is not among them: with the locks it follows for honest members.
    const World one_a_time({2, 2}, 1);
    const World two_a_time({2, 2}, 2);
    const std::vector<std::pair<std::string, bool Rules::*>> all{
        {"guard of ready answers", &Rules::ready_guard},
        {"guard of endorsements", &Rules::endorsement_guard},
        {"guard of statements", &Rules::statement_guard},
        {"attempt lock", &Rules::attempt_lock},
        {"endorsed lock", &Rules::endorsed_lock},
        {"one header per attempt", &Rules::one_header},
        {"q ready answers first", &Rules::needs_quorum_ready},
        {"frozen after a statement", &Rules::frozen},
        {"a new epoch follows the statements", &Rules::base_follows}};
    for (const auto& [name, rule] : all) {
        Rules rules;
        rules.*rule = false;
        std::mt19937 random(4); // NOLINT
        const Case c{4, 1};
        const World& world = rules.one_header ? one_a_time : two_a_time;
        const Model model(world, c.members, c.liars, rules);
        int finals = 0;
        int run = 0;
        constexpr int most = 300'000;
        while (run < most && !forks(model, world, c, random, 2, finals)) {
            ++run;
        }
        BOOST_TEST(run < most, "without the rule '" << name << "' no fork was found");
        BOOST_TEST_MESSAGE(name << ": fork in run " << run);
    }
}

// Every state of small worlds: two headers of two attempts or of one, a takeover, restores
// anywhere.
BOOST_AUTO_TEST_CASE(never_two_finals_at_one_height_in_any_state)
{
    struct Small {
        Case c;
        std::vector<int> attempts;
        int contents;
        int restores;
    };
    for (const Small& small : {Small{{3, 1}, {2, 2}, 1, 2},
                               {{3, 1}, {2, 1}, 2, 1},
                               {{4, 1}, {2, 1}, 1, 1},
                               {{4, 1}, {1, 1}, 2, 1}}) {
        const World world(small.attempts, small.contents);
        const Model model(world, small.c.members, small.c.liars, {});
        std::set<State> seen{start(small.c)};
        std::vector<State> open{start(small.c)};
        while (!open.empty()) {
            const State s = std::move(open.back());
            open.pop_back();
            for (State& next : model.steps(s, small.restores)) {
                if (!seen.insert(next).second) {
                    continue;
                }
                BOOST_REQUIRE(model.decided(next).size() < 2);
                open.push_back(std::move(next));
            }
        }
        BOOST_TEST_MESSAGE("n = " << small.c.members << ": " << seen.size() << " states");
    }
}

BOOST_AUTO_TEST_SUITE_END()
