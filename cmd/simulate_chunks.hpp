// Chunks of a simulation on several threads, and the file that keeps those that are finished.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cmd/options.hpp"
#include "data/error.hpp"
#include "waterfall/desk/simulation.hpp"

namespace tranchain {

/// Lines appended to an existing file; each is handed to the system before write() returns, so that
/// it outlives the process.
class PartFile {
public:
    [[nodiscard]] static Result<PartFile> append(const std::string& path);
    [[nodiscard]] Result<> write(const std::string& line);

private:
    struct CloseFile {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, CloseFile> file_;
    std::string path_;
};

using OnChunk = std::function<Result<>(std::int64_t index, const SimulationSums& sums)>;
/// Runs the chunks and hands each to `on_chunk` in the order of `chunks`, one at a time, whatever
/// the number of threads. Stops at the first error and returns it. Shows progress.
[[nodiscard]] Result<> run_chunks(const SimulationPlan& plan,
                                  const ProjectionInput& input,
                                  const std::vector<std::int64_t>& chunks,
                                  std::int64_t threads,
                                  const Globals& globals,
                                  const OnChunk& on_chunk);

} // namespace tranchain
