// Child: a program run with a text on its standard input, without a shell.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"

namespace tranchain {

/// What becomes of its standard output and standard error.
enum class ChildOutput : std::uint8_t {
    read, ///< the first is returned, the other goes nowhere
    pass, ///< both go where ours to standard error goes
};

struct ChildEnd {
    int status = 0;     ///< as a shell counts it: 128 + n after signal n
    std::string output; ///< of ChildOutput::read
};

/// `input` is written whole before any output is read: for programs that read it to its end first.
/// Runs `words[0]`, found on PATH, to its end; one that does not read all of `input` is no problem.
/// Errors: not_found where there is no such program, io where it cannot be started.
[[nodiscard]] Result<ChildEnd>
run_child(std::vector<std::string> words, std::string_view input, ChildOutput output);

} // namespace tranchain
