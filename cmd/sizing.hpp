// Sizing: which tranche is made larger, and at whose expense.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/error.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// As on the command line.
struct SizingWords {
    std::string tranche;
    std::optional<std::string> against; ///< the last without a coupon if left out
    std::vector<std::string> fixed;     ///< `A=1500000.00`
    std::optional<Money> step;          ///< one unit if left out
};

struct Sizing {
    Program program;
    std::size_t tranche = 0, against = 0;
    Money both; ///< of the two faces, which stays
    Money step; ///< a whole number of units

    /// Amounts that can be tried; both tranches keep something.
    [[nodiscard]] std::int64_t points() const { return (both.in_fen() - 1) / step.in_fen(); }
    [[nodiscard]] Money face_at(std::int64_t point) const
    {
        return Money::fen((point + 1) * step.in_fen());
    }
    [[nodiscard]] Program program_at(std::int64_t point) const;
};

/// Errors: names that are not there, a tranche that is not junior to the one sized, amounts that are
/// no number of units, nothing left to size.
[[nodiscard]] Result<Sizing> sizing_of(const SizingWords& words, const Program& program);

} // namespace tranchain
