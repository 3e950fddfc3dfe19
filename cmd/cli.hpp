// Cli: turns words into one command of the tree and its options.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cmd/tree.hpp"
#include "data/error.hpp"

namespace tranchain {

/// What the words ask for: a command to run, or a text to show (help, version).
struct Parsed {
    const Command* command = nullptr;
    std::string text;
};

/// Fills the options of the command named in `words` (without the program's name) and `globals`.
/// Environment and configuration files come first, the command line wins. All failures are
/// Code::usage except for a configuration file, which is an input file like others.
[[nodiscard]] Checked<Parsed> parse_command_line(const Tree& tree,
                                                 const std::vector<std::string>& words,
                                                 Globals& globals);

/// True when the words ask for JSON, even if the rest of them cannot be understood.
bool wants_json(const std::vector<std::string>& words);

}  // namespace tranchain
