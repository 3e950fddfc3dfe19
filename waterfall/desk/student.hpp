// Student: the t copula, as tables of integers: defaults cluster more in bad years than with Gaussian
// factors alone.
//
// The latent value of an obligor (copula.hpp) is divided by w = sqrt(W / n), where W is a chi-square
// of n degrees, the same for all obligors, independent of the factors: latent values are then Student
// t of n degrees, with tail dependence. Given Z and w the chance to have defaulted by month t is
//
//     P(t | Z, w) = N( (q(t) w - Z) / sqrt(1 - m - s) )
//
// w takes 9,216 values, its means within as many cells: of 1/4096 of all futures each, but the lowest
// sixteenth, where w is least and obligors default together, is halved again and again, each half in
// 256 cells, down to a 2^32nd. So a class with a chance of one in a million has a tail like any other.
// q(t) is not the quantile of the t distribution itself but the number for which the mean of N(q(t) w)
// over the cells is the chance wanted, so that the steps of w cost the chance of one obligor nothing.
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
    static constexpr int cells_shift = 8, cell_shift_max = 20;
    static constexpr std::size_t mixing_size = (std::size_t{cell_shift_max} << cells_shift) + 4096;
    static constexpr std::int64_t mixing_max = 16, scale_max = 16;
    static constexpr std::int64_t certain = one << 10; ///< q of those who default; below zero: of no one
    /// The least chance to default within a year but none, 0.0001%: a lower one in the first month is
    /// no more than some cells.
    static constexpr std::int64_t yearly_min_ppb = 1'000;

    std::vector<std::int64_t> mixing;    ///< w by cell, rising
    std::vector<std::int64_t> normal;    ///< N, in parts of 2^32
    std::int64_t scale = 0;              ///< 1 / sqrt(1 - m - s)
    std::vector<std::vector<std::int64_t>> classes; ///< q by month, rising

    /// The cell that a word falls in. Cells are of a power of two of words each, 2^20 at most: of
    /// words of more than 9 significant bits the first 9 count, or the first 12 of all 32.
    static std::size_t cell_of(std::uint32_t word);
    /// Of a cell, 0 to mixing_size; the last is past all words.
    static std::uint64_t first_word(std::size_t cell);
    /// 0 .. 2^32, linear between steps, rounded down; month 1 to classes[i].size(). z is that of
    /// copula.hpp.
    [[nodiscard]] std::uint64_t threshold(std::size_t class_index,
                                          std::int64_t month,
                                          std::int64_t z,
                                          std::uint32_t mixing_word) const;
    bool operator==(const StudentCopula&) const = default;
};

/// `yearly` and `months` as make_copula() has them, but no chance between none and yearly_min_ppb;
/// degrees_min to degrees_max.
StudentCopula make_student(std::int64_t degrees,
                           Rate market_correlation,
                           Rate sector_correlation,
                           std::int64_t months,
                           const std::vector<Rate>& yearly);

} // namespace tranchain
