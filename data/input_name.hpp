// Input name: a file as messages name it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tranchain {

/// The path as given; `-` is standard input.
inline std::string input_name(const std::string& path)
{
    return path == "-" ? "standard input" : path;
}

} // namespace tranchain
