// Simulation: drawn futures of the obligors through the real waterfall, and what they add up to.
//
// Path p of a plan is the same whoever draws it. Sums are integers, so they are the same in whatever
// order and grouping they are added. Floating point begins where means and errors are shown.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/json.hpp"
#include "data/money.hpp"
#include "waterfall/desk/draw.hpp"
#include "waterfall/obligor_future.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// Obligors that pay as they would are left out. A default of month t (1, 2, ...) falls on the day
/// after closing plus t - 1 months.
ObligorFutures draw_futures(Draw& draw, Date closing, std::int64_t path);

/// One path, as far as it is counted.
struct PathResult {
    struct OfTranche {
        Money face;
        Money loss;                    ///< principal and interest unpaid after the last distribution
        bool interest_missed = false;  ///< after some distribution a fen of interest was in arrears
        bool principal_missed = false; ///< after the last one a fen of principal was unpaid
    };
    std::int64_t defaults = 0;         ///< obligors
    std::vector<OfTranche> tranches;
    std::vector<std::optional<std::int64_t>> fired; ///< days from closing to effect, of each trigger
};
[[nodiscard]] Result<PathResult>
run_path(Draw& draw, const ProjectionInput& input, std::int64_t path);

/// Everything but `paths` and `worst` counts a path as often as its weight says (sampling.hpp).
struct SimulationSums {
    /// Losses up to these parts of 10,000 of face; the first band is no loss, the last the rest.
    static constexpr std::array<std::int64_t, 9> band_ends{0,   10,   50,   100,  200,
                                                           500, 1000, 2000, 5000};
    struct OfTranche {
        std::int64_t interest_missed = 0, principal_missed = 0; ///< paths
        Int128 loss = 0, loss_squared = 0;                      ///< fen
        std::int64_t worst = 0;                                 ///< fen
        std::array<std::int64_t, band_ends.size() + 1> bands{}; ///< paths
        bool operator==(const OfTranche&) const = default;
    };
    struct OfTrigger {
        std::int64_t fired = 0;                     ///< paths
        std::int64_t days = 0;                      ///< from closing, summed over them
        Int128 days_squared = 0;
        std::map<std::int64_t, std::int64_t> months; ///< begun 30-day months from closing: paths
        bool operator==(const OfTrigger&) const = default;
    };
    std::int64_t paths = 0;
    Int128 defaults = 0, defaults_squared = 0;
    std::vector<OfTranche> tranches;
    std::vector<OfTrigger> triggers;
    /// Of weighted chunks: the sums of one chunk squared, added over chunks. First of defaults; then
    /// of each tranche loss, interest and principal missed, and bands; then of each trigger fired,
    /// days, and the product of both.
    std::vector<Int128> squares;

    void add(const PathResult& path, std::int64_t weight = 1);
    void add(const SimulationSums& other);
    /// These are the sums of one whole chunk: puts down their squares.
    void square();
    [[nodiscard]] std::size_t place_of_tranche(std::size_t i) const;
    [[nodiscard]] std::size_t place_of_trigger(std::size_t i) const;
    bool operator==(const SimulationSums&) const = default;
};
/// Errors: what project() says, with the path; a loss above Sampling::loss_max_fen where paths are
/// weighted.
[[nodiscard]] Result<SimulationSums>
run_chunk(Draw draw, const ProjectionInput& input, std::int64_t index);

/// What these sums, of one chunk of so many paths, cannot be: "loss bands do not add up to the paths".
/// Nothing where they hold together; squares of weighted paths are computed again.
[[nodiscard]] std::optional<std::string>
chunk_fault(const SimulationSums& sums, const Sampling& sampling, std::int64_t paths);

Json sums_json(const SimulationSums& sums);
/// Refuses other counts of tranches and triggers, and a wrong number of squares.
[[nodiscard]] Result<SimulationSums>
read_sums(const Json& json, std::size_t tranches, std::size_t triggers);

} // namespace tranchain
