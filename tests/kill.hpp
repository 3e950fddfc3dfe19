// Kill: runs an action in a child process and kills it before or after one of its system calls.
//
// What kill -9 leaves behind depends only on which system calls were done, so killing at a random
// one (through ptrace) reaches every state that a kill can leave, and the same seed reaches the
// same ones. Where ptrace is forbidden the child is killed after a random time instead.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tranchain {

struct Killed {
    bool finished = false;    ///< the action came to its end
    std::int64_t stops = 0;   ///< entries and exits of system calls seen
    std::string said;         ///< what the action returned, if it came so far
};

/// `at` = 0: runs to the end. `at` = k: killed at the k-th stop, if the child gets that far.
/// The action returns at most 64 KiB; it must not rely on anything the parent closes.
Killed run_and_kill(const std::function<std::string()>& action, std::int64_t at);

}  // namespace tranchain
