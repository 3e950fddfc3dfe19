// Student: the t copula, as tables of integers: defaults cluster more in bad years than with Gaussian
// factors alone.
//
// The latent value of an obligor (copula.hpp) is divided by w = sqrt(W / n), where W is a chi-square
// of n degrees, the same for all obligors, independent of the factors: latent values are then Student
// t of n degrees, with tail dependence. Given Z and w the chance to have defaulted by month t is
//
//     P(t | Z, w) = N( (q(t) w - Z) / sqrt(1 - m - s) )
//
// W takes 4,096 values, equally likely: w is its mean within each of so many parts. q(t) is not the
// quantile of the t distribution itself but the number for which the mean of N(q(t) w) over these
// values is the chance wanted, so that the steps of w cost the chance of one obligor nothing.
// As with Gaussian factors, libm makes the tables and integers read them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "data/rate.hpp"

namespace tranchain {

struct StudentCopula {
    static constexpr std::int64_t degrees_min = 3, degrees_max = 100;
    /// Values of w and q, and steps of the normal table, are in parts of 2^24; scale of 2^16.
    static constexpr std::int64_t one = std::int64_t{1} << 24;
    static constexpr int normal_shift = 17;       ///< step: 1/128
    static constexpr std::int64_t normal_max = 7; ///< the table runs from -7 to 7
    static constexpr std::size_t normal_size = 2 * normal_max * 128 + 1;
    static constexpr std::size_t mixing_size = 4096;
    static constexpr std::int64_t mixing_max = 16, quantile_max = 1024, scale_max = 16;

    std::vector<std::int64_t> mixing;    ///< w, rising
    std::vector<std::int64_t> normal;    ///< N, in parts of 2^32
    std::int64_t scale = 0;              ///< 1 / sqrt(1 - m - s)
    std::vector<std::vector<std::int64_t>> classes; ///< q by month

    /// 0 .. 2^32, linear between steps, rounded down; month 1 to classes[i].size(). Of `mixing_word`
    /// the upper 12 bits count; z is that of copula.hpp.
    [[nodiscard]] std::uint64_t threshold(std::size_t class_index,
                                          std::int64_t month,
                                          std::int64_t z,
                                          std::uint32_t mixing_word) const;
    bool operator==(const StudentCopula&) const = default;
};

/// `yearly` and `months` as make_copula() has them; degrees_min to degrees_max.
StudentCopula make_student(std::int64_t degrees,
                           Rate market_correlation,
                           Rate sector_correlation,
                           std::int64_t months,
                           const std::vector<Rate>& yearly);

} // namespace tranchain
