// Student: the tables by libm and Boost's incomplete gamma function, the look-up by integers.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/student.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "waterfall/desk/copula.hpp"

namespace tranchain {

namespace {

/// Whom not even the words of the 256 lowest cells would save, is taken to default for certain.
constexpr double unseen = 1.0 / (1 << 24);

/// That a word lies in an earlier cell than this one.
double chance_below(std::size_t cell)
{
    return static_cast<double>(StudentCopula::first_word(cell)) / 4294967296.0;
}

double normal_chance(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// Within 1e-14, which the steps of the table need: they are a 2^32nd of all words at their least.
using Precise = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

/// The mean of sqrt(W / n) within each part of W: the integral of sqrt(x) under the density of n
/// degrees is that of n + 1 degrees, but for a constant.
std::vector<double> mixing_values(std::int64_t degrees)
{
    const auto n = static_cast<double>(degrees);
    const double mean = std::sqrt(2 / n) * std::exp(std::lgamma((n + 1) / 2) - std::lgamma(n / 2));
    std::vector<double> values;
    double below = 0;
    for (std::size_t i = 0; i < StudentCopula::mixing_size; ++i) {
        const double p = chance_below(i + 1);
        const double to = p >= 1 ? 1
                                 : boost::math::gamma_p((n + 1) / 2,
                                                        boost::math::gamma_p_inv(n / 2, p, Precise()),
                                                        Precise());
        values.push_back(mean * (to - below) / (p - chance_below(i)));
        below = to;
    }
    return values;
}

/// q for which the mean of N(q w) is p. The quantile of the t distribution is off by what the steps of
/// w cost, which is little: so its density will do for Newton's slope.
double quantile_of(double p, double degrees, const std::vector<double>& mixing)
{
    if (p > 0.5) return -quantile_of(1 - p, degrees, mixing);
    const boost::math::students_t_distribution<double, Precise> student(degrees);
    double q = boost::math::quantile(student, p);
    const double slope = boost::math::pdf(student, q);
    for (int step = 0; step < 20; ++step) {
        double mean = 0;
        for (std::size_t i = 0; i < mixing.size(); ++i) {
            mean += normal_chance(q * mixing[i]) * (chance_below(i + 1) - chance_below(i));
        }
        if (std::abs(mean - p) <= 1e-9 * p) break;
        q -= (mean - p) / slope;
    }
    return q;
}

std::int64_t in_parts(double value) { return std::llround(StudentCopula::one * value); }

} // namespace

std::size_t StudentCopula::cell_of(std::uint32_t word)
{
    const int shift = std::clamp(static_cast<int>(std::bit_width(word)) - 1 - cells_shift, 0, cell_shift_max);
    return (static_cast<std::size_t>(shift) << cells_shift) + (word >> shift);
}

std::uint64_t StudentCopula::first_word(std::size_t cell)
{
    const auto octave = static_cast<int>(std::min<std::size_t>(cell >> cells_shift, cell_shift_max + 1));
    const int shift = std::max(octave - 1, 0);
    return (cell - (static_cast<std::size_t>(shift) << cells_shift)) << shift;
}

std::uint64_t StudentCopula::threshold(std::size_t class_index, std::int64_t month, std::int64_t z,
                                       std::uint32_t mixing_word) const
{
    constexpr std::int64_t edge = normal_max * one;
    const std::int64_t q = classes[class_index][static_cast<std::size_t>(month - 1)];
    if (q == -certain) return 0;
    if (q == certain) return std::uint64_t{1} << 32;
    const std::int64_t own = ((((q * mixing[cell_of(mixing_word)]) >> 24) - z) * scale) >> 16;
    const std::int64_t place = std::clamp(own, -edge, edge - 1) + edge;
    const auto row = static_cast<std::size_t>(place >> normal_shift);
    const std::int64_t part = place & ((std::int64_t{1} << normal_shift) - 1);
    return static_cast<std::uint64_t>(
        (normal[row] * ((std::int64_t{1} << normal_shift) - part) + normal[row + 1] * part) >>
        normal_shift);
}

StudentCopula make_student(std::int64_t degrees,
                           Rate market_correlation,
                           Rate sector_correlation,
                           std::int64_t months,
                           const std::vector<Rate>& yearly)
{
    StudentCopula c;
    const std::vector<double> mixing = mixing_values(degrees);
    for (const double w : mixing) c.mixing.push_back(in_parts(w));
    for (std::size_t i = 0; i < StudentCopula::normal_size; ++i) {
        const double x = static_cast<double>(i) / 128 - static_cast<double>(StudentCopula::normal_max);
        c.normal.push_back(std::llround(4294967296.0 * normal_chance(x)));
    }
    c.scale = std::llround(65536 / own_weight(market_correlation, sector_correlation));
    for (const Rate rate : yearly) {
        std::vector<std::int64_t>& quantiles = c.classes.emplace_back();
        for (std::int64_t t = 1; t <= months; ++t) {
            const double p = chance_by_month(rate, t);
            quantiles.push_back(p <= 0           ? -StudentCopula::certain
                                : 1 - p < unseen ? StudentCopula::certain
                                                 : in_parts(quantile_of(p, static_cast<double>(degrees), mixing)));
        }
    }
    return c;
}

} // namespace tranchain
