// Simulation part: the finished chunks of a shard, one line each, in order.
//
// The first line says what was simulated; it is the same in all parts of one plan, or they do not
// belong together. A line that does not end was being written when the run stopped, and is ignored.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/error.hpp"
#include "waterfall/desk/simulation.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// What was simulated, as far as results are shown and parts compared.
struct Simulated {
    std::string plan;    ///< SHA-256 of the plan file, in hex
    std::string version; ///< of the program that ran the paths
    std::string deal;
    std::int64_t paths = 0, seed = 0;
    Sampling sampling;
    std::vector<std::pair<std::string, Money>> tranches; ///< id, face
    std::vector<std::string> triggers;
    bool operator==(const Simulated&) const = default;
};
Simulated simulated(const SimulationPlan& plan,
                    std::string plan_sha256,
                    std::string version,
                    const Program& program);

/// Both with a newline.
std::string part_head(const Simulated& what);
std::string part_line(std::int64_t chunk, const SimulationSums& sums);

struct SimulationPart {
    std::string file;
    Simulated what;
    std::map<std::int64_t, SimulationSums> chunks;
    std::size_t whole = 0; ///< bytes of the lines that end
};
/// Errors: another kind of file, a damaged line (with its number), a chunk twice, of a wrong size or of
/// sums that contradict each other.
[[nodiscard]] Result<SimulationPart> read_part(std::string_view text, const std::string& file);

/// Chunks of shard k of K (1 <= k <= K): first, and one past the last.
std::pair<std::int64_t, std::int64_t>
shard_chunks(std::int64_t chunks, std::int64_t k, std::int64_t of);

/// Every chunk of the plan exactly once, else an error that says which are in two parts or in none.
/// At least one part.
[[nodiscard]] Checked<SimulationSums> merge_parts(const std::vector<SimulationPart>& parts);

} // namespace tranchain
