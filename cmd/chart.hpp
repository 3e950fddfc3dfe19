// Chart: figures of an answer that people would rather look at than read, drawn by gnuplot.
//
//     Chart chart{"balances", {"Balance of each tranche", "各档证券余额"}, Chart::Kind::areas};
//     chart.unit = {"CNY", "元"};
//     chart.points = {"2019-02-26", "2019-05-26"};
//     chart.dated = true;
//     chart.series = {{{"A", "A"}, {1.08e9, 1.08e9}}};
//     answer.chart(std::move(chart));
//
// Pictures are advice: they are in floating point, and on no paper that `report check` makes again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/error.hpp"
#include "data/money.hpp"

namespace tranchain {

/// What is written on a chart, in both languages.
struct Caption {
    std::string en, zh;
    [[nodiscard]] const std::string& in(const std::string& language) const
    {
        return language == "zh" ? zh : en;
    }
};

struct Chart {
    enum class Kind : std::uint8_t {
        lines,  ///< from point to point
        steps,  ///< a level that holds until the next point
        areas,  ///< levels stacked on each other, the first series lowest
        bars,   ///< at each point the series stacked on each other
        falls,  ///< one under the other, from series 0 down to 1, and lighter from 0 up to 2
        heat,   ///< a grid: points along, one series for each line of it
        tornado, ///< one under the other, from series 0 to 1 and below it to 2; a line at series 0
    };
    /// Of one series: a value for each point; none leaves a gap.
    struct Series {
        Caption name;
        std::vector<std::optional<double>> values = {};
        bool on_right = false;  ///< against the axis on the right, without the chart's unit
    };

    std::string key;  ///< what --chart names
    Caption title;
    Kind kind;
    Caption along = {};   ///< what the points are
    Caption unit = {};    ///< what values count; amounts of money in whole units of the currency
    Caption right = {};   ///< the same of series on the right
    bool money = false;  ///< values may be shown in millions, and the unit with them
    bool dated = false;  ///< points are dates `YYYY-MM-DD`, else labels
    std::vector<std::string> points = {};
    std::vector<Series> series = {};
};

/// Fen as a chart's value, in whole units of the currency.
inline double chart_value(Money amount) { return static_cast<double>(amount.in_fen()) / 100; }
/// In percent; a gap where there is nothing it is a share of.
std::optional<double> chart_share(Money part, Money whole);
/// The unit of amounts in `currency`, in both languages.
Caption chart_currency(const std::string& currency);

/// What draws: a picture in SVG, or characters that fit a terminal `width` columns wide.
struct Canvas {
    bool svg = true;
    std::size_t width = 100;
};

/// The whole of what gnuplot reads. Caption from a tape cannot be taken for commands.
std::string gnuplot_script(const Chart& chart, const Canvas& canvas, const std::string& language);

/// The picture; Code::not_found with the package's name where there is no gnuplot.
[[nodiscard]] Result<std::string> draw(const Chart& chart, const Canvas& canvas,
                                       const std::string& language);

}  // namespace tranchain
