// Simulation model: how likely obligors are to default, together, to pay late and to dilute; a TOML
// file, see tranchain-scenario(5).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/error.hpp"
#include "data/rate.hpp"
#include "waterfall/assumption.hpp"

namespace tranchain {

struct SimulationModel {
    std::string name;
    std::int64_t months = 0;       ///< 1 to 120, from closing; later nobody defaults
    Rate correlation, sector_correlation;
    std::optional<std::int64_t> degrees; ///< of a t copula, 3 to 100; without them it is Gaussian
    std::vector<std::pair<std::int64_t, Rate>> recovery;
    struct Class {
        Scope of;                  ///< pool, group, obligor or industry
        Rate yearly;               ///< chance to default within a year
        Source where;
    };
    std::vector<Class> classes;    ///< the last that covers an obligor counts
    struct Late {
        Rate share;                ///< of obligors; an obligor is in one class at most
        std::int64_t days = 0;     ///< 1 to 1000
    };
    std::vector<Late> late;        ///< shares sum to 100% at most
    struct Dilution {
        Rate share;                ///< of obligors; an obligor is in one class at most
        Rate rate;                 ///< of the face of his invoices
        bool made_good = false;    ///< by the seller
        Source where;
    };
    std::vector<Dilution> dilution; ///< shares sum to 100% at most
};
[[nodiscard]] Checked<SimulationModel> read_simulation_model(const std::string& path);

} // namespace tranchain
