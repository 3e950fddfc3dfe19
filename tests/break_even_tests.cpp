// The search for where a deal breaks: against every small grid, and against itself out of order.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "data/attempt.hpp"
#include "waterfall/desk/break_even.hpp"
#include "waterfall/desk/stress.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(break_even_tests)

namespace {

/// Breaks at the points that `bad` says, and counts how many were asked for.
struct Grid {
    std::function<bool(std::int64_t)> bad;
    std::int64_t asked = 0;
    Result<std::vector<std::optional<Break>>> operator()(const std::vector<std::int64_t>& points)
    {
        std::vector<std::optional<Break>> found;
        for (const std::int64_t p : points) {
            ++asked;
            found.push_back(bad(p) ? std::optional(Break{"interest", Date::of(2019, 1, 1), zero})
                                   : std::nullopt);
        }
        return found;
    }
};

Assumption assumption(Assumption::Kind kind)
{
    Assumption a;
    a.kind = kind;
    a.share.constant = Rate::ppb(10'000'000);
    return a;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_threshold_of_small_grids_is_found)
{
    for (std::int64_t points = 1; points <= 60; ++points) {
        for (std::int64_t threshold = 0; threshold <= points; ++threshold) {
            Grid grid{[&](std::int64_t p) { return p >= threshold; }};
            const BreakSearch s = search_break(points, 5, std::ref(grid)).value();
            BOOST_TEST(s.certain());
            BOOST_TEST(!s.contradiction.has_value());
            BOOST_TEST(s.breaks.value_or(points) == threshold);
            BOOST_TEST(s.survives.value_or(-1) == threshold - 1);
            BOOST_TEST(s.complete == (grid.asked == points));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_long_range_takes_few_runs)
{
    Grid grid{[](std::int64_t p) { return p >= 41'719; }};
    const BreakSearch s = search_break(100'001, 17, std::ref(grid)).value();
    BOOST_TEST(*s.breaks == 41'719);
    BOOST_TEST(*s.survives == 41'718);
    BOOST_TEST(grid.asked <= 17 + 13); // 6,250 between two of the first
    BOOST_TEST(!s.complete);
}

/// The window lies between two probes; what another search has seen there contradicts.
BOOST_AUTO_TEST_CASE(what_other_searches_saw_is_looked_at)
{
    const auto bad = [](std::int64_t p) { return p >= 90 && p < 95; };
    Grid blind{bad};
    BOOST_TEST(!search_break(1001, 17, std::ref(blind)).value().breaks.has_value());
    Grid grid{bad};
    const Break seen{"interest", Date::of(2019, 1, 1), zero};
    const BreakSearch s = search_break(1001, 17, std::ref(grid), {{92, seen}}).value();
    BOOST_TEST(s.contradiction.has_value());
    BOOST_TEST(!s.certain());
    BOOST_TEST(*s.breaks == 90);
}

BOOST_AUTO_TEST_CASE(what_heals_is_no_answer_but_where_every_point_was_run)
{
    const auto bad = [](std::int64_t p) { return p >= 90 && p < 300; };
    Grid grid{bad};
    const BreakSearch s = search_break(1001, 17, std::ref(grid)).value();
    BOOST_TEST(!s.certain());
    BOOST_REQUIRE(s.contradiction.has_value());
    BOOST_TEST(bad(s.contradiction->first));
    BOOST_TEST(!bad(s.contradiction->second));
    BOOST_TEST(s.contradiction->first < s.contradiction->second);
    Grid all{bad};
    const BreakSearch sure = search_break(1001, 1001, std::ref(all)).value();
    BOOST_TEST(sure.certain());
    BOOST_TEST(*sure.breaks == 90);
    BOOST_TEST(*sure.survives == 89);
    BOOST_TEST(sure.contradiction.has_value());
    Grid at_once{[](std::int64_t p) { return p < 300; }}; // nothing is lower than the first point
    const BreakSearch first = search_break(1001, 17, std::ref(at_once)).value();
    BOOST_TEST(first.certain());
    BOOST_TEST(*first.breaks == 0);
    BOOST_TEST(!first.survives.has_value());
}

BOOST_AUTO_TEST_CASE(an_error_of_a_run_ends_the_search)
{
    const auto s = search_break(10, 3, [](const std::vector<std::int64_t>&)
                                           -> Result<std::vector<std::optional<Break>>> {
        return fail(Code::invalid_input, "refused");
    });
    BOOST_REQUIRE(!s);
    BOOST_TEST(s.error().message == "refused");
}

BOOST_AUTO_TEST_CASE(a_stress_replaces_what_was_assumed_of_its_kind)
{
    using Kind = Assumption::Kind;
    Scenario base;
    base.delay_days = 3;
    base.assumptions = {assumption(Kind::dilution), assumption(Kind::delay),
                        assumption(Kind::default_), assumption(Kind::default_),
                        assumption(Kind::replenishment)};
    base.assumptions[2].recovery = {{90, Rate::ppb(200'000'000)}};
    Stress stress;
    stress.default_share = Rate::ppb(50'000'000);
    stress.dilution = Rate::ppb(30'000'000);
    stress.delay_days = 15;
    const Scenario s = with_stress(base, stress);
    BOOST_TEST(s.delay_days == 15);
    BOOST_REQUIRE(s.assumptions.size() == 3);
    const Assumption& dilution = s.assumptions[0];
    BOOST_TEST((dilution.kind == Kind::dilution));
    BOOST_TEST(dilution.share.constant.str() == "100.00%");
    BOOST_TEST(dilution.rate.str() == "3.00%");
    BOOST_TEST(!dilution.made_good);
    const Assumption& lost = s.assumptions[1];
    BOOST_TEST((lost.kind == Kind::default_));
    BOOST_TEST(lost.share.constant.str() == "5.00%");
    BOOST_REQUIRE(lost.recovery.size() == 1);
    BOOST_TEST(lost.recovery.front().first == 90);
    BOOST_TEST((s.assumptions[2].kind == Kind::replenishment));
    Stress back;
    back.recovery = Rate::ppb(400'000'000);
    const Scenario r = with_stress(base, back);
    BOOST_REQUIRE(r.assumptions.size() == 5);
    for (const std::size_t i : {std::size_t{2}, std::size_t{3}}) {
        BOOST_REQUIRE(r.assumptions[i].recovery.size() == 1);
        BOOST_TEST(r.assumptions[i].recovery.front().first == 180);
        BOOST_TEST(r.assumptions[i].recovery.front().second.str() == "40.00%");
    }
    BOOST_TEST(r.delay_days == 3);
}

BOOST_AUTO_TEST_CASE(a_figure_moves_wherever_it_stands)
{
    const auto percent = [](int p) { return Rate::ppb(p * (Rate::one / 100)); };
    Scenario base;
    base.delay_days = 7;
    base.assumptions = {assumption(Assumption::Kind::default_), assumption(Assumption::Kind::default_)};
    base.assumptions[0].share.months = {percent(2), percent(5)};
    base.assumptions[0].recovery = {{30, percent(10)}, {90, percent(40)}};

    // The curve at each of its points, the constant of the other; a curve hides its constant.
    const auto up = with_moved(base, Moved::default_share, percent(1).in_ppb());
    BOOST_REQUIRE(up);
    BOOST_TEST(up->assumptions[0].share.months[0].str() == "3.00%");
    BOOST_TEST(up->assumptions[0].share.months[1].str() == "6.00%");
    BOOST_TEST(up->assumptions[1].share.constant.str() == "2.00%");
    BOOST_TEST(values_of(base, Moved::default_share).size() == 3u);
    // Down by two leaves 0% of the first month, and less than nothing of the constant 1%.
    BOOST_TEST(!with_moved(base, Moved::default_share, -percent(2).in_ppb()));

    // The last recovery of each; the default that has none begins to recover after 180 days.
    const auto back = with_moved(base, Moved::recovery, percent(10).in_ppb());
    BOOST_REQUIRE(back);
    BOOST_TEST(back->assumptions[0].recovery[0].second.str() == "10.00%");
    BOOST_TEST(back->assumptions[0].recovery[1].second.str() == "50.00%");
    BOOST_TEST(back->assumptions[1].recovery[0].first == 180);
    BOOST_TEST(back->assumptions[1].recovery[0].second.str() == "10.00%");
    // 10% + 40% + 51% would be more than was unpaid.
    BOOST_TEST(!with_moved(base, Moved::recovery, percent(51).in_ppb()));

    const auto sooner = with_moved(base, Moved::recovery_days, -29);
    BOOST_REQUIRE(sooner);
    BOOST_TEST(sooner->assumptions[0].recovery[0].first == 1);
    BOOST_TEST(sooner->assumptions[0].recovery[1].first == 61);
    BOOST_TEST(!with_moved(base, Moved::recovery_days, -30));

    // Lots go by place: what is added must not come before what was there.
    const auto diluted = with_moved(base, Moved::dilution, percent(1).in_ppb());
    BOOST_REQUIRE(diluted);
    BOOST_REQUIRE(diluted->assumptions.size() == 3u);
    BOOST_TEST((diluted->assumptions[2].kind == Assumption::Kind::dilution));

    BOOST_TEST(with_moved(base, Moved::delay, -7)->delay_days == 0);
    BOOST_TEST(!with_moved(base, Moved::delay, -8));
    BOOST_TEST(!with_moved(base, Moved::delay, 359));
}

BOOST_AUTO_TEST_CASE(what_a_scenario_lacks_is_moved_from_zero)
{
    const Scenario base;
    BOOST_TEST(values_of(base, Moved::dilution) == std::set<std::int64_t>{0}, boost::test_tools::per_element());
    BOOST_TEST(values_of(base, Moved::recovery).empty());
    BOOST_TEST(!with_moved(base, Moved::recovery, 1));
    BOOST_TEST(!with_moved(base, Moved::recovery_days, 1));
    const auto diluted = with_moved(base, Moved::dilution, 30'000'000);
    BOOST_REQUIRE(diluted);
    BOOST_REQUIRE(diluted->assumptions.size() == 1u);
    BOOST_TEST(diluted->assumptions[0].rate.str() == "3.00%");
    BOOST_TEST(diluted->assumptions[0].share.constant.str() == "100.00%");
    BOOST_TEST(!with_moved(base, Moved::dilution, -1));
}

BOOST_AUTO_TEST_SUITE_END()
