// Charts: words of a tape stay words, and what is stacked ends where its sum is.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "cmd/chart.hpp"
#include "data/text.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(chart_tests)

namespace {

Chart two_bars(Chart::Kind kind)
{
    Chart chart{"pool", {"Pool", "资产池"}, kind};
    chart.unit = {"CNY", "元"};
    chart.points = {"a", "b"};
    chart.series = {{{"one", "一"}, {1.0, 2.5}}, {{"two", "二"}, {10.0, {}}}};
    return chart;
}

/// Lines of the block of figures.
std::vector<std::string> figures(const std::string& script)
{
    std::vector<std::string> found;
    bool inside = false;
    for (const std::string_view line : split(script, '\n')) {
        if (line == "END_OF_FIGURES") inside = false;
        if (inside) found.emplace_back(line);
        if (line.starts_with("$figures <<")) inside = true;
    }
    return found;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_CASE(nothing_in_a_label_is_a_command)
{
    Chart chart = two_bars(Chart::Kind::bars);
    chart.title = {"x' ; system 'rm'", ""};
    chart.points = {"`id`\nset output 'stolen'", "say \"hi\\ 5%"};
    chart.series[0].name = {"END_OF_FIGURES\nquit", ""};
    const std::string script = gnuplot_script(chart, {}, "en");
    BOOST_TEST(!has(script, "`"));
    BOOST_TEST(!has(script, "\nset output"));
    BOOST_TEST(!has(script, "\nquit"));
    BOOST_TEST(has(script, "set title 'x'' ; system ''rm'''"));
    BOOST_TEST(has(script, "set xtics (\" id  set output 'stolen'\" 0, \"say  hi  5%%\" 1)"));
}

BOOST_AUTO_TEST_CASE(stacks_add_up)
{
    for (const Chart::Kind kind : {Chart::Kind::bars, Chart::Kind::areas}) {
        const auto lines = figures(gnuplot_script(two_bars(kind), {}, "en"));
        BOOST_REQUIRE(lines.size() == 2u);
        BOOST_TEST(lines[0] == "0 1 11");
        BOOST_TEST(lines[1] == "1 2.5 2.5");
    }
}

BOOST_AUTO_TEST_CASE(a_gap_is_a_gap_where_nothing_is_stacked)
{
    const auto lines = figures(gnuplot_script(two_bars(Chart::Kind::lines), {}, "en"));
    BOOST_TEST(lines.at(1) == "1 2.5 ?");
}

BOOST_AUTO_TEST_CASE(large_amounts_are_in_millions_and_say_so)
{
    Chart chart = two_bars(Chart::Kind::lines);
    chart.money = true;
    chart.series[0].values = {9'999'999.0, 1.0};
    BOOST_TEST(has(gnuplot_script(chart, {}, "en"), "set ylabel 'CNY'\n"));
    chart.series[0].values = {1.5e9, -2e6};
    const std::string script = gnuplot_script(chart, {}, "zh");
    BOOST_TEST(has(script, "set ylabel '百万元'\n"));
    BOOST_TEST(figures(script).at(0) == "0 1500 1e-05");
    BOOST_TEST(figures(script).at(1) == "1 -2 ?");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
