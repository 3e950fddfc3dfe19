// Kill: fork, trace, kill.
// SPDX-License-Identifier: Apache-2.0
#include "tests/kill.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <new>

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tranchain {

namespace {

/// Seen by both processes; what the child wrote survives its death without a system call.
struct Shared {
    bool traced = false;
    bool finished = false;
    std::size_t size = 0;
    char said[1 << 16] = {};
};

[[noreturn]] void child(const std::function<std::string()>& action, Shared& shared)
{
    shared.traced = ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0;
    ::raise(SIGSTOP);
    const std::string said = action();
    shared.size = std::min(said.size(), sizeof shared.said);
    std::memcpy(shared.said, said.data(), shared.size);
    shared.finished = true;
    ::_exit(0);
}

/// Follows the child from stop to stop until it ends or is killed; gives the number of stops.
std::int64_t trace(pid_t pid, std::int64_t at)
{
    ::ptrace(PTRACE_SETOPTIONS, pid, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
    std::int64_t stops = 0;
    long signal = 0;
    for (;;) {
        ::ptrace(PTRACE_SYSCALL, pid, nullptr, signal);
        int status = 0;
        if (::waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) return stops;
        const bool system_call = WSTOPSIG(status) == (SIGTRAP | 0x80);
        signal = system_call ? 0 : WSTOPSIG(status);
        if (!system_call || ++stops != at) continue;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, &status, 0);
        return stops;
    }
}

/// Without ptrace: the k-th stop is taken to be after 20 k microseconds.
std::int64_t wait_and_kill(pid_t pid, std::int64_t at)
{
    const auto begin = std::chrono::steady_clock::now();
    ::kill(pid, SIGCONT);
    if (at > 0) {
        ::usleep(static_cast<useconds_t>(20 * at));
        ::kill(pid, SIGKILL);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    const auto spent = std::chrono::steady_clock::now() - begin;
    return std::chrono::duration_cast<std::chrono::microseconds>(spent).count() / 20;
}

}  // namespace

Killed run_and_kill(const std::function<std::string()>& action, std::int64_t at)
{
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    Shared& shared = *new (memory) Shared;
    const pid_t pid = ::fork();
    if (pid == 0) child(action, shared);
    int status = 0;
    ::waitpid(pid, &status, WUNTRACED);
    Killed result;
    result.stops = shared.traced ? trace(pid, at) : wait_and_kill(pid, at);
    result.finished = shared.finished;
    result.said.assign(shared.said, shared.size);
    ::munmap(memory, sizeof(Shared));
    return result;
}

}  // namespace tranchain
