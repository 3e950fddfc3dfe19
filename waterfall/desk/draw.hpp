// Draw: what befalls the obligors of a plan on one path, as numbers of the plan's classes.
//
// The loop that a simulation spends its draws in: per path the thresholds of each class in each sector
// are looked up once, and most obligors, to whom nothing happens, cost three comparisons.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "waterfall/desk/philox_eight.hpp"
#include "waterfall/desk/simulation_plan.hpp"

namespace tranchain {

struct DrawnObligor {
    std::uint32_t index = 0;      ///< in plan.obligors
    std::int32_t month = 0;       ///< of default, from 1; 0: none
    std::int32_t late = -1;       ///< in plan.late; -1: none
    std::int32_t dilution = -1;   ///< in plan.dilution; -1: none
    bool operator==(const DrawnObligor&) const = default;
};

/// Keeps a reference to the plan. Making one looks at every obligor: one is made for a plan, and copied for
/// each chunk.
class Draw {
public:
    /// The kernel does not change what is drawn; avx2 only where best_philox_kernel() says so.
    explicit Draw(const SimulationPlan& plan, PhiloxKernel kernel = best_philox_kernel());
    /// The obligors that something befalls on a path, by index; good until the next call.
    const std::vector<DrawnObligor>& path(std::int64_t number);
    [[nodiscard]] const SimulationPlan& plan() const { return plan_; }

private:
    /// A class in a sector, as some obligor is.
    struct Slot {
        std::int64_t class_index = -1, sector = 0;
        std::int64_t z = 0;                   ///< on the path
        std::uint64_t below = 0;              ///< the threshold of the last month
    };
    struct Hit {
        std::uint32_t index = 0;              ///< of an obligor
        std::array<std::uint32_t, 3> words{};
    };
    void look_up(std::int64_t number);
    std::size_t find_hit(std::int64_t number);
    [[nodiscard]] std::uint64_t threshold(const Slot& slot, std::int64_t month) const;
    [[nodiscard]] std::int32_t month(const Slot& slot, std::uint32_t word) const;

    const SimulationPlan& plan_;
    PhiloxKernel kernel_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> slot_of_;      ///< of each obligor
    std::int64_t late_below_ = 0, dilution_below_ = 0;
    std::uint32_t mixing_word_ = 0;           ///< of the path
    std::vector<Hit> hit_;
    std::vector<DrawnObligor> drawn_;
};

} // namespace tranchain
