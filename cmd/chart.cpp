// Chart: the words that make gnuplot draw one.
//
// Greys, dashes and outlines, so that a print in grey loses nothing. All text is data in quotes of
// which gnuplot takes every character as it is; control characters and backquotes do not get there.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cmd/terminal.hpp"
#include "data/text.hpp"

namespace tranchain {

std::optional<double> chart_share(Money part, Money whole)
{
    if (whole <= zero) return std::nullopt;
    return static_cast<double>(part.in_fen()) / static_cast<double>(whole.in_fen()) * 100;
}

namespace {

constexpr std::size_t labels_max = 24;  // more of them along an axis would cover each other

std::string quoted_by(char quote, const std::string& text)
{
    std::string out(1, quote);
    for (const char c : text) {
        const bool harmless = static_cast<unsigned char>(c) >= 0x20 && c != '`' && c != '\\' && c != '"';
        if (c == '\'' && quote == '\'') out += "''";
        else if (c == '%' && quote == '"') out += "%%";
        else out += harmless ? c : ' ';
    }
    return out + quote;
}

std::string said(const std::string& text) { return quoted_by('\'', text); }
/// What stands at a tic is a format, so a percent sign is said twice.
std::string label(const std::string& text) { return quoted_by('"', text); }

/// Lines and fills by place: darkest first, and no two alike in grey.
constexpr std::array<const char*, 6> greys{"#404040", "#8c8c8c", "#c4c4c4", "#e4e4e4", "#6a6a6a", "#a8a8a8"};
constexpr std::array<const char*, 4> inks{"#000000", "#b02020", "#2050a0", "#707070"};

struct Scale {
    double divisor = 1;
    Caption unit;
};

/// Amounts from ten million on are counted in millions.
Scale scale_of(const Chart& chart)
{
    double largest = 0;
    for (const Chart::Series& s : chart.series) {
        if (s.on_right) continue;
        for (const auto& v : s.values) largest = std::max(largest, v ? std::abs(*v) : 0);
    }
    if (!chart.money || largest < 1e7) return {1, chart.unit};
    const std::string space = chart.unit.en.empty() ? "" : " ";
    return {1e6, {chart.unit.en + space + "million", "百万" + chart.unit.zh}};
}

class Script {
public:
    Script(const Chart& chart, const Canvas& canvas, const std::string& language)
        : chart_(chart), canvas_(canvas), language_(language), scale_(scale_of(chart))
    {
    }

    std::string text()
    {
        head();
        switch (chart_.kind) {
        case Chart::Kind::lines: curves("lines"); break;
        case Chart::Kind::steps: curves("steps"); break;
        case Chart::Kind::areas: areas(); break;
        case Chart::Kind::bars: bars(); break;
        case Chart::Kind::falls: falls(); break;
        case Chart::Kind::tornado: tornado(); break;
        case Chart::Kind::heat: heat(); break;
        }
        return std::move(out_);
    }

private:
    template <class... T>
    void line(fmt::format_string<T...> what, T&&... values)
    {
        out_ += fmt::format(what, std::forward<T>(values)...);
        out_ += '\n';
    }
    [[nodiscard]] std::string words(const Caption& w) const { return said(w.in(language_)); }

    void head()
    {
        line("set encoding utf8");
        if (canvas_.svg) {
            line("set terminal svg size 960,520 dynamic background '#ffffff' "
                 "font 'Noto Sans,Noto Sans CJK SC,Microsoft YaHei,sans-serif,13'");
        } else {
            line("set terminal dumb size {},{}", std::clamp<std::size_t>(canvas_.width, 60, 160),
                 under_each_other() ? chart_.points.size() + 8 : 28);
        }
        line("set termoption noenhanced");
        line("set datafile missing '?'");
        line("set title {}", words(chart_.title));
        if (!chart_.along.en.empty()) line("set xlabel {}", words(chart_.along));
        if (!scale_.unit.en.empty()) line("set ylabel {}", words(scale_.unit));
        line("set key outside below center horizontal");
        line("set border 3 linecolor '#606060'");
        line("set tics nomirror out");
        line("set grid ytics linecolor '#d8d8d8'");
        line("set format y \"%.10g\"");
    }

    [[nodiscard]] std::string number(const std::optional<double>& value, bool scaled = true) const
    {
        return value ? fmt::format("{:.10g}", scaled ? *value / scale_.divisor : *value) : "?";
    }
    [[nodiscard]] const std::optional<double>& at(std::size_t series, std::size_t point) const
    {
        return chart_.series[series].values[point];
    }

    /// Points along the bottom: a calendar, or labels of which at most `labels_max` are written.
    void bottom()
    {
        if (chart_.dated) {
            line("set xdata time\nset timefmt '%Y-%m-%d'\nset format x '%Y-%m'");
            return;
        }
        const std::size_t every = chart_.points.size() / labels_max + 1;
        std::vector<std::string> tics;
        for (std::size_t i = 0; i < chart_.points.size(); i += every) {
            tics.push_back(fmt::format("{} {}", label(chart_.points[i]), i));
        }
        line("set xtics ({}) rotate by {}", join(tics, ", "),
             canvas_.svg && chart_.points.size() > 6 ? -35 : 0);
        line("set xrange [-0.6:{}.6]", chart_.points.empty() ? 0 : chart_.points.size() - 1);
    }
    [[nodiscard]] std::string place(std::size_t point) const
    {
        return chart_.dated ? chart_.points[point] : std::to_string(point);
    }

    template <class Cell> void block(Cell cell)
    {
        line("$figures << END_OF_FIGURES");
        for (std::size_t i = 0; i < chart_.points.size(); ++i) {
            out_ += place(i);
            for (std::size_t s = 0; s < chart_.series.size(); ++s) out_ += " " + cell(s, i);
            out_ += '\n';
        }
        line("END_OF_FIGURES");
    }
    void plot(const std::vector<std::string>& parts) { line("plot {}", join(parts, ", \\\n     ")); }

    void curves(const char* with)
    {
        bottom();
        bool right = false;
        block([&](std::size_t s, std::size_t i) { return number(at(s, i), !chart_.series[s].on_right); });
        std::vector<std::string> parts;
        for (std::size_t s = 0; s < chart_.series.size(); ++s) {
            const Chart::Series& series = chart_.series[s];
            right = right || series.on_right;
            parts.push_back(fmt::format("$figures using 1:{} {}with {} linewidth 2 dashtype {} linecolor "
                                        "'{}' title {}",
                                        s + 2, series.on_right ? "axes x1y2 " : "", with, s + 1,
                                        inks[s % inks.size()], words(series.name)));
        }
        if (right) {
            line("set border 11\nset y2tics\nset y2range [0:30<*]\nset y2label {}", words(chart_.right));
        }
        plot(parts);
    }

    /// Each series on top of those before it.
    void stacked()
    {
        block([&](std::size_t s, std::size_t i) {
            double sum = 0;
            for (std::size_t k = 0; k <= s; ++k) sum += at(k, i).value_or(0);
            return number(sum);
        });
    }

    /// From the top down, each painted over the one above it.
    void areas()
    {
        bottom();
        line("set yrange [0:*]");
        stacked();
        std::vector<std::string> parts;
        for (std::size_t s = chart_.series.size(); s-- > 0;) {
            const std::string look =
                canvas_.svg ? fmt::format("fillsteps fillstyle solid 1.0 linecolor '{}'", greys[s % greys.size()])
                            : "steps";
            parts.push_back(fmt::format("$figures using 1:{} with {} title {}", s + 2, look,
                                        words(chart_.series[s].name)));
            if (canvas_.svg) {
                parts.push_back(
                    fmt::format("$figures using 1:{} with steps linecolor '#000000' notitle", s + 2));
            }
        }
        plot(parts);
    }

    void bars()
    {
        line("set style fill solid 1.0 border linecolor '#000000'");
        line("set boxwidth {}", chart_.dated ? 20.0 * 86400 : 0.8);
        bottom();
        stacked();
        std::vector<std::string> parts;
        for (std::size_t s = chart_.series.size(); s-- > 0;) {
            parts.push_back(fmt::format("$figures using 1:{} with boxes linecolor '{}' title {}", s + 2,
                                        greys[s % greys.size()], words(chart_.series[s].name)));
        }
        line("set yrange [{}:*]", lowest() < 0 ? "*" : "0");
        plot(parts);
    }

    [[nodiscard]] double lowest() const
    {
        double low = 0;
        for (const Chart::Series& s : chart_.series) {
            for (const auto& v : s.values) low = std::min(low, v.value_or(0));
        }
        return low;
    }

    [[nodiscard]] bool under_each_other() const
    {
        return chart_.kind == Chart::Kind::falls || chart_.kind == Chart::Kind::tornado;
    }

    /// Points from the top down, values from left to right over `range`.
    void rows(const char* range)
    {
        std::size_t longest = 0;
        std::vector<std::string> tics;
        for (std::size_t i = 0; i < chart_.points.size(); ++i) {
            tics.push_back(fmt::format("{} {}", label(chart_.points[i]), i));
            longest = std::max(longest, display_width(chart_.points[i]));
        }
        line("set ytics ({})", join(tics, ", "));
        line("set yrange [{}.6:-0.6]", chart_.points.empty() ? 0 : chart_.points.size() - 1);
        line("set xrange {}\nset format x \"%.10g\"", range);
        line("set grid noytics xtics linecolor '#d8d8d8'");
        line("unset ylabel\nset xlabel {}", words(scale_.unit));
        if (canvas_.svg) {
            line("set lmargin {}\nset style fill solid 1.0 border linecolor '#000000'", longest + 3);
        }
    }

    void falls()
    {
        rows("[0:*]");
        block([&](std::size_t s, std::size_t i) { return number(at(s, i)); });
        if (!canvas_.svg) {
            line("plot $figures using 3:1:($4-$3):(0) with vectors nohead notitle");
            return;
        }
        const char* box = "$figures using {1}:1:{0}:{1}:($1-0.38):($1+0.38) with boxxyerror linecolor '{2}' title {3}";
        plot({fmt::format(fmt::runtime(box), 3, 2, greys[1], words(chart_.series[1].name)),
              fmt::format(fmt::runtime(box), 2, 4, greys[3], words(chart_.series[2].name))});
    }

    void tornado()
    {
        rows("[*:*]");
        if (!canvas_.svg) {
            const auto or_base = [&](std::size_t s, std::size_t i) { return at(s, i) ? at(s, i) : at(0, i); };
            block([&](std::size_t s, std::size_t i) { return number(or_base(s, i)); });
            line("plot $figures using 3:1:($4-$3):(0) with vectors nohead notitle, "
                 "$figures using 2:1 with points pointtype 'O' title {}", words(chart_.series[0].name));
            return;
        }
        block([&](std::size_t s, std::size_t i) { return number(at(s, i)); });
        const char* box = "$figures using {0}:1:2:{0}:($1{1}):($1{2}) with boxxyerror linecolor '{3}' title {4}";
        plot({fmt::format(fmt::runtime(box), 3, "-0.38", "", greys[1], words(chart_.series[1].name)),
              fmt::format(fmt::runtime(box), 4, "", "+0.38", greys[3], words(chart_.series[2].name)),
              fmt::format("$figures using 2:($1-0.5):(0):(1) with vectors nohead linewidth 2 linecolor "
                          "'#000000' title {}", words(chart_.series[0].name))});
    }

    void heat()
    {
        std::vector<std::string> along;
        std::vector<std::string> up;
        for (std::size_t i = 0; i < chart_.points.size(); ++i) {
            along.push_back(fmt::format("{} {}", label(chart_.points[i]), i));
        }
        for (std::size_t s = 0; s < chart_.series.size(); ++s) {
            up.push_back(fmt::format("{} {}", label(chart_.series[s].name.in(language_)), s));
        }
        line("set xtics ({})\nset ytics ({})", join(along, ", "), join(up, ", "));
        line("set xrange [-0.5:{}.5]\nset yrange [-0.5:{}.5]", chart_.points.size() - 1,
             chart_.series.size() - 1);
        line("set palette gray negative\nset cblabel {}\nset ylabel {}", words(scale_.unit),
             words(chart_.right));
        line("set format cb \"%.10g\"\nunset key\nunset grid");
        line("$figures << END_OF_FIGURES");
        for (std::size_t s = 0; s < chart_.series.size(); ++s) {
            for (std::size_t i = 0; i < chart_.points.size(); ++i) {
                line("{} {} {}", i, s, number(at(s, i)));
            }
        }
        line("END_OF_FIGURES");
        // A value is written into its cell, in a colour that stands out from the cell's own grey.
        const char* values = "$figures using 1:2:(sprintf('%.4g', $3)){} with labels{} notitle";
        if (!canvas_.svg) {
            line(fmt::runtime(std::string("plot ") + values), "", "");
            return;
        }
        plot({"$figures using 1:2:3 with image pixels notitle",
              fmt::format(fmt::runtime(values),
                          fmt::format(":($3 > {} ? 0xffffff : 0x000000)", number(middle())),
                          " textcolor rgb variable")});
    }

    /// Between the lowest value and the highest.
    [[nodiscard]] double middle() const
    {
        std::optional<double> low;
        std::optional<double> high;
        for (const Chart::Series& s : chart_.series) {
            for (const auto& v : s.values) {
                if (!v) continue;
                low = low ? std::min(*low, *v) : *v;
                high = high ? std::max(*high, *v) : *v;
            }
        }
        return (low.value_or(0) + high.value_or(0)) / 2;
    }

    const Chart& chart_;
    const Canvas& canvas_;
    const std::string& language_;
    Scale scale_;
    std::string out_;
};

}  // namespace

Caption chart_currency(const std::string& currency)
{
    return {currency, currency == "CNY" ? "元" : currency};
}

std::string gnuplot_script(const Chart& chart, const Canvas& canvas, const std::string& language)
{
    return Script(chart, canvas, language).text();
}

}  // namespace tranchain
