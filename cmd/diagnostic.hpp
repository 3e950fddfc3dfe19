// Diagnostic: errors as people and editors read them, or as JSON for programs.
//
//     jd6.toml:12:8: error: rate '5.8O%' of tranche 'A1' is not a percentage
//        12 | rate = "5.8O%"
//           |        ^^^^^^^
//     hint: write up to six decimals and a percent sign, such as "5.80%"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cmd/options.hpp"
#include "data/error.hpp"

namespace tranchain {

/// All problems of one run, at most `most_shown`, then a count. Empty messages are skipped.
inline constexpr std::size_t most_shown = 20;
std::string describe(const Errors& problems, bool color);
/// One JSON object per line: schema, code, status, message, and what else is known.
std::string describe_as_json(const Errors& problems);
/// To standard error, in the form the globals ask for.
void report(const Errors& problems, const Globals& globals);

/// The name of a Code as JSON shows it.
const char* code_name(Code code);

}  // namespace tranchain
