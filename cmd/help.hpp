// Help: short texts made from the tree; the manual is in man/.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cmd/tree.hpp"

namespace tranchain {

std::string help_text(const Tree& tree);
/// The commands of a noun that has verbs; empty for any other word.
std::string help_text(const Tree& tree, std::string_view noun);
std::string help_text(const Tree& tree, const Command& command);
std::string version_text();

}  // namespace tranchain
