// Compile: a deal file and the calendars become the program that members execute.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/error.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// Adds calendars and explicit payment dates. Errors: a schedule without a possible date, or a deal
/// whose dates contradict each other so that no program can be made.
[[nodiscard]] Checked<Program> compile(const DealFile& deal);

/// read_deal and compile.
[[nodiscard]] Checked<Program> compile_file(const std::string& path);

} // namespace tranchain
