// Copula: when obligors default together, as tables of integers.
//
// Obligor i has the latent value  sqrt(m) M + sqrt(s) S(sector of i) + sqrt(1 - m - s) e(i),  all
// of them standard normal and independent, and has defaulted by the end of month t where it lies
// below the normal quantile of his probability of default by then. Given the factors Z = sqrt(m) M
// + sqrt(s) S, that is a chance
//
//     P(t | Z) = N( (N^-1(1 - (1 - a)^(t / 12)) - Z) / sqrt(1 - m - s) ),   a: default within a year
//
// tabulated once over a fixed grid of Z, in parts of 2^32. What follows from the tables is integer
// arithmetic, equal on every processor; making them uses libm, so they travel in the plan.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "data/rate.hpp"

namespace tranchain {

struct Copula {
    /// Z and the values of a factor are in parts of 2^24; weights in parts of 2^16.
    static constexpr std::int64_t factor_one = std::int64_t{1} << 24;
    static constexpr int grid_shift = 19;       ///< grid step: 1/32
    static constexpr std::int64_t z_max = 6;    ///< the grid runs from -6 to 6
    static constexpr std::size_t grid_size = 2 * z_max * 32 + 1;
    static constexpr std::size_t factor_size = 4096;

    /// The mean of a standard normal within each of 4,096 ranges that are equally likely.
    std::vector<std::int64_t> factor;
    std::int64_t market_weight = 0, sector_weight = 0; ///< sqrt(m), sqrt(s)
    std::int64_t months = 0;
    /// Of each class: by month and grid point, the chance in parts of 2^32 to have defaulted by the
    /// end of that month.
    std::vector<std::vector<std::int64_t>> classes;

    /// Z of the factor words (their upper 12 bits count).
    [[nodiscard]] std::int64_t z(std::uint32_t market, std::uint32_t sector) const;
    /// 0 .. 2^32, linear between grid points, rounded down; month 1 to `months`.
    [[nodiscard]] std::uint64_t
    threshold(std::size_t class_index, std::int64_t month, std::int64_t z) const;
    bool operator==(const Copula&) const = default;
};

/// 1 - (1 - yearly)^(month / 12)
double chance_by_month(Rate yearly, std::int64_t month);
/// sqrt(1 - m - s)
double own_weight(Rate market_correlation, Rate sector_correlation);
/// `yearly`: of each class, 0% to 100% within a year. m, s >= 0, m + s <= 99%. months 1 to 120.
Copula make_copula(Rate market_correlation,
                   Rate sector_correlation,
                   std::int64_t months,
                   const std::vector<Rate>& yearly);

} // namespace tranchain
