// Parallel: independent pieces of work on several threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "cmd/tree.hpp"
#include "data/error.hpp"

namespace tranchain {

/// What `--threads` means: 1 to 256, or 0 for as many as the machine has.
[[nodiscard]] inline Result<std::int64_t> thread_count(std::int64_t given)
{
    constexpr std::int64_t threads_max = 256;
    if (given < 0 || given > threads_max) {
        return fail(Code::usage, fmt::format("--threads is 0 to {}", threads_max));
    }
    return given > 0 ? given : std::max(1U, std::thread::hardware_concurrency());
}

/// The option `--threads` of a command that runs many scenarios.
inline void bind_threads(Setup& s, std::int64_t& threads)
{
    s.option("--threads", threads, "N", "as many as the machine has if left out");
}

/// work(0) to work(count - 1), each once, on several threads.
template <class Work>
void in_parallel(std::size_t count, std::int64_t threads, const Work& work)
{
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::jthread> others;
    for (std::int64_t i = 1; i < std::min(threads, static_cast<std::int64_t>(count)); ++i) {
        others.emplace_back(run);
    }
    run();
}

} // namespace tranchain
