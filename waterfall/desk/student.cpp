// Student: the tables by libm and QuantLib's gamma distribution, the look-up by integers.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/student.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <ql/math/distributions/gammadistribution.hpp>
#include <ql/math/distributions/normaldistribution.hpp>

#include "waterfall/desk/copula.hpp"

namespace tranchain {

namespace {

double normal_chance(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// A chi-square of `degrees` is at most x.
double chi_square(double degrees, double x)
{
    return x <= 0 ? 0 : QuantLib::CumulativeGammaDistribution(degrees / 2)(x / 2);
}

double chi_square_quantile(double degrees, double p)
{
    double low = 0;
    double high = degrees;
    while (chi_square(degrees, high) < p) high *= 2;
    for (int halving = 0; halving < 60; ++halving) {
        const double middle = (low + high) / 2;
        (chi_square(degrees, middle) < p ? low : high) = middle;
    }
    return high;
}

/// The mean of sqrt(W / n) within each of so many equally likely parts of W: the integral of sqrt(x)
/// under the density of n degrees is that of n + 1 degrees, but for a constant.
std::vector<double> mixing_values(std::int64_t degrees)
{
    constexpr std::size_t parts = StudentCopula::mixing_size;
    const auto n = static_cast<double>(degrees);
    const double mean = std::sqrt(2 / n) * std::exp(std::lgamma((n + 1) / 2) - std::lgamma(n / 2));
    std::vector<double> values;
    double below = 0;
    for (std::size_t i = 1; i <= parts; ++i) {
        const double p = static_cast<double>(i) / parts;
        const double to = i == parts ? 1 : chi_square(n + 1, chi_square_quantile(n, p));
        values.push_back(parts * mean * (to - below));
        below = to;
    }
    return values;
}

/// q for which the mean of N(q w) is p, by Newton's method. From the normal quantile it goes one way
/// only: below a half the mean is convex, and p lies further out than the normal has it.
double quantile_of(double p, const std::vector<double>& mixing)
{
    if (p > 0.5) return -quantile_of(1 - p, mixing);
    double q = QuantLib::InverseCumulativeNormal()(p);
    for (int step = 0; step < 200; ++step) {
        double mean = 0;
        double slope = 0;
        for (const double w : mixing) {
            mean += normal_chance(q * w);
            slope += w * std::exp(-q * q * w * w / 2);
        }
        const auto count = static_cast<double>(mixing.size());
        mean /= count;
        slope /= count * std::sqrt(2 * std::numbers::pi);
        if (std::abs(mean - p) <= 1e-12 * p) break;
        q -= (mean - p) / slope;
    }
    return q;
}

std::int64_t in_parts(double value) { return std::llround(StudentCopula::one * value); }

} // namespace

std::uint64_t StudentCopula::threshold(std::size_t class_index, std::int64_t month, std::int64_t z,
                                       std::uint32_t mixing_word) const
{
    constexpr std::int64_t edge = normal_max * one;
    const std::int64_t q = classes[class_index][static_cast<std::size_t>(month - 1)];
    const std::int64_t own = ((((q * mixing[mixing_word >> 20]) >> 24) - z) * scale) >> 16;
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
            quantiles.push_back(p <= 0   ? -StudentCopula::quantile_max * StudentCopula::one
                                : p >= 1 ? StudentCopula::quantile_max * StudentCopula::one
                                         : in_parts(quantile_of(p, mixing)));
        }
    }
    return c;
}

} // namespace tranchain
