// Chunks of a simulation: taken by threads in order, handed on in order.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/simulate_chunks.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>

#include <fmt/core.h>

#include "cmd/parallel.hpp"
#include "cmd/terminal.hpp"

namespace tranchain {

namespace {

class ChunkRun {
public:
    ChunkRun(const SimulationPlan& plan, const ProjectionInput& input,
             const std::vector<std::int64_t>& chunks, const Globals& globals, const OnChunk& on_chunk)
        : draw_(plan), input_(input), chunks_(chunks), on_chunk_(on_chunk),
          progress_("simulating chunks", chunks.size(), globals)
    {
    }

    /// One chunk, unless an earlier one went wrong.
    void work(std::size_t place)
    {
        if (!failed()) hand_in(place, run_chunk(draw_, input_, chunks_[place]));
    }

    Result<> result()
    {
        if (error_) return tl::make_unexpected(std::move(*error_));
        return {};
    }

private:
    bool failed()
    {
        const std::lock_guard lock(mutex_);
        return error_.has_value();
    }

    void hand_in(std::size_t place, Result<SimulationSums> sums)
    {
        const std::lock_guard lock(mutex_);
        waiting_.emplace(place, std::move(sums));
        while (!error_ && !waiting_.empty() && waiting_.begin()->first == done_) {
            const auto& first = waiting_.begin()->second;
            const Result<> taken = first ? on_chunk_(chunks_[done_], *first)
                                         : Result<>(tl::make_unexpected(first.error()));
            if (!taken) error_ = taken.error();
            waiting_.erase(waiting_.begin());
            progress_.at(++done_);
        }
    }

    const Draw draw_;
    const ProjectionInput& input_;
    const std::vector<std::int64_t>& chunks_;
    const OnChunk& on_chunk_;
    Progress progress_;
    std::mutex mutex_;
    std::map<std::size_t, Result<SimulationSums>> waiting_; ///< finished before an earlier one
    std::size_t done_ = 0;
    std::optional<Error> error_;
};

} // namespace

Result<PartFile> PartFile::append(const std::string& path)
{
    PartFile out;
    out.path_ = path;
    out.file_.reset(std::fopen(path.c_str(), "ab"));
    if (!out.file_) {
        return fail(Code::io, fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
    }
    return out;
}

Result<> PartFile::write(const std::string& line)
{
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size() &&
        std::fflush(file_.get()) == 0) {
        return {};
    }
    return fail(Code::io, fmt::format("cannot write '{}': {}", path_, std::strerror(errno)));
}

Result<> run_chunks(const SimulationPlan& plan,
                    const ProjectionInput& input,
                    const std::vector<std::int64_t>& chunks,
                    std::int64_t threads,
                    const Globals& globals,
                    const OnChunk& on_chunk)
{
    ChunkRun run(plan, input, chunks, globals, on_chunk);
    in_parallel(chunks.size(), threads, [&run](std::size_t place) { run.work(place); });
    return run.result();
}

} // namespace tranchain
