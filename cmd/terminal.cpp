// Terminal: the only file that asks what the streams are.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/terminal.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "data/csv.hpp"

namespace tranchain {

namespace {

bool is_set(const char* name)
{
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return value != nullptr && *value != '\0';
}

bool is_value(const char* name, const char* wanted)
{
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return value != nullptr && std::strcmp(value, wanted) == 0;
}

constexpr auto second = std::chrono::seconds(1);
constexpr auto redraw = std::chrono::milliseconds(100);

std::string first_line(std::string text)
{
    text.resize(std::min(text.size(), text.find('\n')));
    if (!text.empty() && text.back() == '\r') { text.pop_back(); }
    return text;
}

Result<std::string> ask(const std::string& prompt)
{
    std::FILE* tty = std::fopen("/dev/tty", "r+");
    if (tty == nullptr) {
        return fail(Code::denied, "a passphrase is needed and there is no terminal to ask on", {},
                    "give --passphrase-file FILE");
    }
    termios before{};
    const int fd = ::fileno(tty);
    const bool changed = ::tcgetattr(fd, &before) == 0;
    if (changed) {
        termios quiet = before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(fd, TCSAFLUSH, &quiet);
    }
    fmt::print(tty, "{}: ", prompt);
    std::fflush(tty);
    std::string line;
    for (int c = std::fgetc(tty); c != EOF && c != '\n'; c = std::fgetc(tty)) {
        line.push_back(static_cast<char>(c));
    }
    if (changed) { ::tcsetattr(fd, TCSAFLUSH, &before); }
    std::fputc('\n', tty);
    std::fclose(tty);
    return line;
}

}  // namespace

bool is_terminal(int stream) { return ::isatty(stream) == 1; }

std::size_t terminal_width(int stream)
{
    winsize size{};
    if (!is_terminal(stream) || ::ioctl(stream, TIOCGWINSZ, &size) != 0) { return 0; }
    return size.ws_col;
}

bool use_color(int stream, ColorMode mode)
{
    if (mode != ColorMode::automatic) { return mode == ColorMode::always; }
    if (is_set("NO_COLOR")) { return false; }
    if (is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE")) { return true; }
    return is_terminal(stream) && !is_value("TERM", "dumb");
}

void set_character_type()
{
    const bool user_is_utf8 = std::setlocale(LC_CTYPE, "") != nullptr &&  // NOLINT
                              std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
    if (!user_is_utf8) { std::setlocale(LC_CTYPE, "C.UTF-8"); }  // NOLINT(concurrency-mt-unsafe)
}

std::size_t display_width(std::string_view text)
{
    std::size_t columns = 0;
    std::mbstate_t state{};
    while (!text.empty()) {
        wchar_t c = 0;
        const std::size_t n = std::mbrtowc(&c, text.data(), text.size(), &state);
        const bool is_text = n > 0 && n <= text.size();
        const int width = is_text ? ::wcwidth(c) : 1;
        columns += width > 0 ? static_cast<std::size_t>(width) : 0;
        text.remove_prefix(is_text ? n : 1);
        if (!is_text) { state = {}; }
    }
    return columns;
}

std::string time_left(std::uint64_t done, std::uint64_t total, std::chrono::milliseconds so_far)
{
    if (done == 0 || done >= total) { return {}; }
    const auto each = static_cast<double>(so_far.count()) / static_cast<double>(done);
    const auto seconds =
        static_cast<std::int64_t>(std::ceil(each * static_cast<double>(total - done) / 1000));
    if (seconds < 100) { return fmt::format("about {} s left", seconds); }
    const std::int64_t minutes = (seconds + 59) / 60;
    if (minutes < 100) { return fmt::format("about {} min left", minutes); }
    return fmt::format("about {} h left", (minutes + 59) / 60);
}

Progress::Progress(std::string what, std::uint64_t total, const Globals& globals)
    : what_(std::move(what)), total_(total),
      enabled_(is_terminal(STDERR_FILENO) && !globals.quiet && globals.format != Format::json),
      begun_(std::chrono::steady_clock::now()), next_(begun_ + second)
{
}

Progress::~Progress()
{
    if (shown_) { std::fputs("\r\x1b[K", stderr); }
}

void Progress::at(std::uint64_t done)
{
    if (!enabled_) { return; }
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) { return; }
    next_ = now + redraw;
    shown_ = true;
    const auto so_far = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_);
    fmt::print(stderr, "\r{}  {}/{}  {}\x1b[K", what_, done, total_, time_left(done, total_, so_far));
    std::fflush(stderr);
}

void Progress::step()
{
    const std::lock_guard lock(mutex_);
    at(++done_);
}

Result<std::string> read_passphrase(const std::string& prompt, const Globals& globals)
{
    if (!globals.passphrase_file.empty()) {
        return read_file(globals.passphrase_file).map(first_line);
    }
    if (!globals.input) {
        return fail(Code::denied, "a passphrase is needed", {}, "give --passphrase-file FILE");
    }
    return ask(prompt);
}

Result<> show_paged(std::string_view text, const Globals& globals)
{
    std::FILE* to = stdout;
    const bool paged = globals.pager && is_terminal(STDOUT_FILENO);
    if (paged) {
        std::fflush(stdout);
        if (std::FILE* pager = ::popen("less -FIRX", "w")) { to = pager; }  // NOLINT(cert-env33-c)
    }
    const bool written = std::fwrite(text.data(), 1, text.size(), to) == text.size();
    const int problem = errno;
    if (to != stdout) {
        ::pclose(to);  // a reader who quits early has seen enough
        return {};
    }
    if (!written || std::fflush(stdout) != 0) {
        return fail(Code::io, fmt::format("cannot write the answer: {}",
                                          std::strerror(written ? errno : problem)));
    }
    return {};
}

}  // namespace tranchain
