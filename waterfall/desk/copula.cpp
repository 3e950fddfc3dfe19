// Copula: the tables by libm and QuantLib's normal quantile, the look-up by integers.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/copula.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <ql/math/distributions/normaldistribution.hpp>

namespace tranchain {

namespace {

constexpr double word_range = 4294967296.0; // 2^32

double normal(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double density(double x)
{
    return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}

double fraction(Rate rate) { return static_cast<double>(rate.in_ppb()) / Rate::one; }

std::int64_t weight(Rate correlation) { return std::llround(65536 * std::sqrt(fraction(correlation))); }

/// n x (density(a) - density(b)) is the mean between the quantiles a and b of neighbouring n-ths.
std::vector<std::int64_t> factor_values()
{
    constexpr std::size_t n = Copula::factor_size;
    const QuantLib::InverseCumulativeNormal quantile;
    std::vector<std::int64_t> values(n);
    double below = 0;
    for (std::size_t i = 0; i < n / 2; ++i) {
        const double p = static_cast<double>(i + 1) / n;
        const double above = density(quantile(p));
        values[i] = std::llround(Copula::factor_one * (n * (below - above)));
        values[n - 1 - i] = -values[i];
        below = above;
    }
    return values;
}

/// Chance to have defaulted, given z; `p` without condition.
std::int64_t given(double p, double z, double own)
{
    if (p <= 0) return 0;
    if (p >= 1) return std::int64_t{1} << 32;
    const double quantile = QuantLib::InverseCumulativeNormal()(p);
    return static_cast<std::int64_t>(std::floor(word_range * normal((quantile - z) / own)));
}

} // namespace

std::int64_t Copula::z(std::uint32_t market, std::uint32_t sector) const
{
    return (market_weight * factor[market >> 20] + sector_weight * factor[sector >> 20]) >> 16;
}

std::uint64_t Copula::threshold(std::size_t class_index, std::int64_t month, std::int64_t z) const
{
    constexpr std::int64_t edge = z_max * factor_one;
    const std::int64_t place = std::clamp(z, -edge, edge - 1) + edge;
    const auto row = static_cast<std::size_t>(place >> grid_shift);
    const auto part = static_cast<std::uint64_t>(place & ((std::int64_t{1} << grid_shift) - 1));
    const std::int64_t* at =
        &classes[class_index][static_cast<std::size_t>(month - 1) * grid_size + row];
    const auto low = static_cast<std::uint64_t>(at[0]);
    const auto high = static_cast<std::uint64_t>(at[1]);
    return (low * ((std::uint64_t{1} << grid_shift) - part) + high * part) >> grid_shift;
}

double chance_by_month(Rate yearly, std::int64_t month)
{
    return 1 - std::pow(1 - fraction(yearly), static_cast<double>(month) / 12);
}

double own_weight(Rate market_correlation, Rate sector_correlation)
{
    return std::sqrt(1 - fraction(market_correlation) - fraction(sector_correlation));
}

Copula make_copula(Rate market_correlation,
                   Rate sector_correlation,
                   std::int64_t months,
                   const std::vector<Rate>& yearly)
{
    Copula c;
    c.factor = factor_values();
    c.market_weight = weight(market_correlation);
    c.sector_weight = weight(sector_correlation);
    c.months = months;
    const double own = own_weight(market_correlation, sector_correlation);
    for (const Rate rate : yearly) {
        std::vector<std::int64_t>& table = c.classes.emplace_back();
        for (std::int64_t t = 1; t <= months; ++t) {
            const double p = chance_by_month(rate, t);
            for (std::size_t row = 0; row < Copula::grid_size; ++row) {
                const double z = static_cast<double>(row) / 32 - static_cast<double>(Copula::z_max);
                table.push_back(given(p, z, own));
            }
        }
    }
    return c;
}

} // namespace tranchain
