// Chart: gnuplot as a child; it reads the script to its end before it draws, so one pipe each way
// is enough.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/chart.hpp"

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

tl::unexpected<Error> cannot(const std::string& what)
{
    return fail(Code::io, "cannot draw: " + what, {}, "the figures are those of -f csv and -f json");
}

}  // namespace

Result<std::string> draw(const Chart& chart, const Canvas& canvas, const std::string& language)
{
    Pipe script;
    Pipe picture;
    if (!script.good() || !picture.good()) return cannot(std::strerror(errno));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, script.end(0), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, picture.end(1), STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = "gnuplot";
    std::string fast = "-d";  // without the user's own settings: equal figures, equal picture
    std::array<char*, 3> words{name.data(), fast.data(), nullptr};
    pid_t child = 0;
    const int problem = ::posix_spawnp(&child, name.c_str(), &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (problem == ENOENT) {
        return fail(Code::not_found, "charts are drawn by gnuplot, which is not installed", {},
                    "install it (Debian: apt install gnuplot-nox)");
    }
    if (problem != 0) return cannot(std::strerror(problem));
    script.close(0);
    picture.close(1);
    {
        const NoBrokenPipe guard;
        write_pipe(script.end(1), gnuplot_script(chart, canvas, language));
        script.close(1);
    }
    std::string drawn = read_pipe(picture.end(0));
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || drawn.empty()) {
        return cannot(fmt::format("gnuplot ended with status {}", WIFEXITED(status) ? WEXITSTATUS(status) : -1));
    }
    return drawn;
}

}  // namespace tranchain
