// Terminal: what the streams are, color, progress, pager, and questions to the person.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "cmd/options.hpp"
#include "data/error.hpp"

namespace tranchain {

bool is_terminal(int stream);
/// Columns of the terminal on `stream`; 0 when it is none.
std::size_t terminal_width(int stream);
/// --color beats all; else NO_COLOR, TERM=dumb and no terminal turn it off, FORCE_COLOR and
/// CLICOLOR_FORCE turn it on.
bool use_color(int stream, ColorMode mode);
/// Character type C.UTF-8 when the user's locale is not UTF-8, so that widths are right.
void set_character_type();
/// Columns that `text` takes on a terminal: two for a Chinese character, one for what is not text.
std::size_t display_width(std::string_view text);

/// `about 12 s left`, in minutes from 100 s and in hours from 100 min: as fast as it went so far, rounded
/// up. Empty as long as nothing is done, and when all is.
std::string time_left(std::uint64_t done, std::uint64_t total, std::chrono::milliseconds so_far);

/// One rewritten line on standard error, `verifying blocks  41/120  about 12 s left`, after one second,
/// and only when a person is looking: a terminal, not quiet, not JSON.
class Progress {
public:
    Progress(std::string what, std::uint64_t total, const Globals& globals);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();
    void at(std::uint64_t done);
    void step();  ///< one more is done; from any thread

private:
    std::string what_;
    std::uint64_t total_;
    bool enabled_;
    bool shown_ = false;
    std::mutex mutex_;
    std::uint64_t done_ = 0;  ///< by steps
    std::chrono::steady_clock::time_point begun_, next_;
};

/// The passphrase of `globals.key`: first line of --passphrase-file, else asked for on the terminal
/// without echo. Code::denied when there is no way to ask.
[[nodiscard]] Result<std::string> read_passphrase(const std::string& prompt,
                                                  const Globals& globals);

/// Writes text to standard output, through `less -FIRX` when it is a terminal and a pager is wanted.
[[nodiscard]] Result<> show_paged(std::string_view text, const Globals& globals);

}  // namespace tranchain
