// Starting a child, feeding it, and waiting for its end.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/core.h>

extern char** environ;

namespace tranchain {

namespace {

/// Both ends of a pipe, each closed once; a child that is started inherits neither by accident.
class Pipe {
public:
    Pipe() { good_ = ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe()
    {
        close(0);
        close(1);
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] int end(std::size_t which) const { return ends_[which]; }
    void close(std::size_t which)
    {
        if (good_ && ends_[which] >= 0) ::close(ends_[which]);
        ends_[which] = -1;
    }

private:
    std::array<int, 2> ends_{-1, -1};
    bool good_ = false;
};

/// A child that ends early makes the write fail, and must not end us.
class NoBrokenPipe {
public:
    NoBrokenPipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
    NoBrokenPipe(const NoBrokenPipe&) = delete;
    NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
    ~NoBrokenPipe() { std::signal(SIGPIPE, before_); }

private:
    void (*before_)(int);
};

void write_pipe(int to, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t n = ::write(to, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;  // the child ended; its status says so
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

std::string read_pipe(int from)
{
    std::string text;
    std::array<char, 65536> part{};
    for (;;) {
        const ssize_t n = ::read(from, part.data(), part.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(n));
    }
}

tl::unexpected<Error> not_started(const std::string& name, int problem)
{
    return fail(problem == ENOENT ? Code::not_found : Code::io,
                fmt::format("cannot start '{}': {}", name, std::strerror(problem)));
}

} // namespace

Result<ChildEnd> run_child(std::vector<std::string> words, std::string_view input, ChildOutput output)
{
    Pipe to;
    Pipe from;
    if (!to.good() || !from.good()) return not_started(words.front(), errno);
    const bool reads = output == ChildOutput::read;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, to.end(0), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, reads ? from.end(1) : STDERR_FILENO, STDOUT_FILENO);
    if (reads)
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_t child = 0;
    const int problem =
        ::posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) return not_started(words.front(), problem);
    to.close(0);
    from.close(1);
    {
        const NoBrokenPipe guard;
        write_pipe(to.end(1), input);
        to.close(1);
    }
    ChildEnd end;
    if (reads) end.output = read_pipe(from.end(0));
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return end;
}

} // namespace tranchain
