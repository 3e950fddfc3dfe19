// Simulation plan: everything drawn outcomes depend on, in one file of integers that every shard
// reads; made once, so that no processor's libm matters afterwards.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/error.hpp"
#include "waterfall/desk/copula.hpp"
#include "waterfall/desk/sampling.hpp"
#include "waterfall/desk/simulation_model.hpp"
#include "waterfall/desk/student.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

struct SimulationPlan {
    struct File {
        std::string name;
        std::string sha256; ///< of its bytes, in hex
        bool operator==(const File&) const = default;
    };
    struct Obligor {
        std::string code;
        std::int64_t class_index = -1; ///< -1: never defaults
        std::int64_t sector = 0;       ///< by industry
        bool operator==(const Obligor&) const = default;
    };
    struct Late {
        std::int64_t below = 0; ///< words below it, in parts of 2^32, and in no earlier class
        std::int64_t days = 0;
        bool operator==(const Late&) const = default;
    };
    struct Dilution {
        std::int64_t below = 0; ///< as of Late, of another word
        Rate rate;
        bool made_good = false;
        bool operator==(const Dilution&) const = default;
    };
    static constexpr std::int64_t paths_max = 10'000'000;
    /// Paths of one unit of work; the last may be shorter where they are plain.
    static constexpr std::int64_t chunk = Sampling::strata;

    std::string deal, pool, scenario, model; ///< as given
    std::vector<File> files;                 ///< deal, tapes, scenario and model
    std::string version;                     ///< of the program that made the plan
    std::int64_t seed = 0;
    std::int64_t paths = 0;                  ///< 1 to paths_max; if weighted, whole chunks, 2 or more
    Sampling sampling;
    std::vector<Obligor> obligors;           ///< by code
    std::vector<std::pair<std::int64_t, Rate>> recovery;
    std::vector<Late> late;
    std::vector<Dilution> dilution;
    Copula copula;
    std::optional<StudentCopula> student;    ///< with it `copula` has no classes, but the factors

    [[nodiscard]] std::size_t classes() const
    {
        return student ? student->classes.size() : copula.classes.size();
    }

    [[nodiscard]] std::int64_t chunks() const { return (paths + chunk - 1) / chunk; }
    /// Paths of chunk 0 .. chunks() - 1.
    [[nodiscard]] std::int64_t paths_of(std::int64_t index) const;
    bool operator==(const SimulationPlan&) const = default;
};

/// Obligors, classes and tables from the tapes and the model; files, names, seed and paths are the
/// caller's. Errors: a class that covers no obligor of the tapes.
[[nodiscard]] Checked<SimulationPlan> plan_simulation(const ProjectionInput& input,
                                                      const SimulationModel& model);
/// One line of canonical JSON.
std::string plan_text(const SimulationPlan& plan);
/// Errors name `file`. Refuses whatever plan_text() cannot have written.
[[nodiscard]] Checked<SimulationPlan> read_plan(std::string_view text, const std::string& file);

} // namespace tranchain
