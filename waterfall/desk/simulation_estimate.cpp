// Simulation estimates.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/simulation_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace tranchain {

Estimate estimate_share(std::int64_t count, std::int64_t n)
{
    const double p = static_cast<double>(count) / static_cast<double>(n);
    const double error = std::sqrt(p * (1 - p) / static_cast<double>(n));
    return {p, error, error};
}

Estimate estimate_mean(Int128 sum, Int128 squares, std::int64_t n)
{
    const auto count = static_cast<double>(n);
    const double mean = static_cast<double>(sum) / count;
    if (n < 2) return {mean, 0, 0};
    const double spread = static_cast<double>(squares) - static_cast<double>(sum) * mean;
    const double error = std::sqrt(std::max(0.0, spread) / (count - 1) / count);
    return {mean, error, error};
}

double Estimates::chunks() const
{
    return static_cast<double>(sums_.paths) / static_cast<double>(Sampling::strata);
}

double Estimates::share(std::int64_t count) const
{
    const double units = sampling_.is_plain()
                             ? static_cast<double>(sums_.paths)
                             : chunks() * static_cast<double>(sampling_.total());
    return static_cast<double>(count) / units;
}

/// Of weighted sums; `mean_square` is the mean of the squares over all futures.
Estimate Estimates::weighted(Int128 sum, Int128 chunk_squares, double mean_square) const
{
    const double n = chunks();
    const auto total = static_cast<double>(sampling_.total());
    const double all = static_cast<double>(sum);
    const double mean = all / n / total;
    const double spread = static_cast<double>(chunk_squares) - all * all / n;
    const double plain = mean_square - mean * mean;
    return {mean, std::sqrt(std::max(0.0, spread) / (n - 1) / n) / total,
            std::sqrt(std::max(0.0, plain) / static_cast<double>(sums_.paths))};
}

Estimate Estimates::counted(std::int64_t count, std::size_t place) const
{
    if (sampling_.is_plain()) return estimate_share(count, sums_.paths);
    return weighted(count, sums_.squares[place], share(count));
}

Estimate Estimates::defaults() const
{
    if (sampling_.is_plain()) {
        return estimate_mean(sums_.defaults, sums_.defaults_squared, sums_.paths);
    }
    const double square = static_cast<double>(sums_.defaults_squared) * share(1);
    return weighted(sums_.defaults, sums_.squares[0], square);
}

Estimate Estimates::loss(std::size_t tranche) const
{
    const SimulationSums::OfTranche& t = sums_.tranches[tranche];
    if (sampling_.is_plain()) return estimate_mean(t.loss, t.loss_squared, sums_.paths);
    const double square = static_cast<double>(t.loss_squared) * share(1);
    return weighted(t.loss, sums_.squares[sums_.place_of_tranche(tranche)], square);
}

Estimate Estimates::interest_missed(std::size_t tranche) const
{
    return counted(sums_.tranches[tranche].interest_missed, sums_.place_of_tranche(tranche) + 1);
}

Estimate Estimates::principal_missed(std::size_t tranche) const
{
    return counted(sums_.tranches[tranche].principal_missed, sums_.place_of_tranche(tranche) + 2);
}

Estimate Estimates::band(std::size_t tranche, std::size_t band) const
{
    return counted(sums_.tranches[tranche].bands[band],
                   sums_.place_of_tranche(tranche) + 3 + band);
}

Estimate Estimates::fired(std::size_t trigger) const
{
    return counted(sums_.triggers[trigger].fired, sums_.place_of_trigger(trigger));
}

/// Weighted, a ratio of two sums R = days / fired, with the error of sum(days - R fired) over chunks.
Estimate Estimates::day(std::size_t trigger) const
{
    const SimulationSums::OfTrigger& t = sums_.triggers[trigger];
    if (sampling_.is_plain()) return estimate_mean(t.days, t.days_squared, t.fired);
    const std::size_t place = sums_.place_of_trigger(trigger);
    const auto fired = static_cast<double>(t.fired);
    const double mean = static_cast<double>(t.days) / fired;
    const double spread = static_cast<double>(sums_.squares[place + 1]) -
                          2 * mean * static_cast<double>(sums_.squares[place + 2]) +
                          mean * mean * static_cast<double>(sums_.squares[place]);
    const double n = chunks();
    const double plain = static_cast<double>(t.days_squared) / fired - mean * mean;
    const double paths = share(t.fired) * static_cast<double>(sums_.paths);
    return {mean, std::sqrt(std::max(0.0, spread) / (n - 1) * n) / fired,
            std::sqrt(std::max(0.0, plain) / paths)};
}

} // namespace tranchain
