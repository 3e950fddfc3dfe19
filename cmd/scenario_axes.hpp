// Scenario axes: the values of default, recovery, dilution and delay that a grid runs through.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/tree.hpp"
#include "cmd/value.hpp"
#include "data/error.hpp"
#include "waterfall/desk/stress.hpp"

namespace tranchain {

/// As on the command line.
struct AxisWords {
    std::optional<std::string> default_share, recovery, dilution, delay;
    std::int64_t recovery_days = 180;
};
void add_axis_options(Setup& s, AxisWords& words);

struct Axis {
    enum class Kind : std::uint8_t { default_share, recovery, dilution, delay, coupon };
    Kind kind = Kind::default_share;
    std::vector<std::int64_t> values; ///< ppb, of a delay days; at least one, ascending
    [[nodiscard]] const char* key() const;
    [[nodiscard]] Value shown(std::int64_t value) const; ///< `5.00%`; days as a number
    /// Puts the value at `index` into `stress`; a coupon is none of its business.
    void put(std::size_t index, Stress& stress) const;
};

/// `0%,5%,10%` or `0%:20%:5%`, of a delay whole days. At most 100,001 values.
[[nodiscard]] Result<Axis> parse_axis(Axis::Kind kind, const std::string& text);
/// The axes that are given, in the order of the kinds. Errors: a recovery with nothing to recover
/// in `base`, a share of defaults on top of a stress factor.
[[nodiscard]] Result<std::vector<Axis>> read_axes(const AxisWords& words, const Scenario& base);

} // namespace tranchain
