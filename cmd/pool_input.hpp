// Pool input: the tapes of a run, and what will become of their receivables.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "cmd/tree.hpp"
#include "data/error.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// The option `--pool` of every command that runs a deal.
void bind_pool(Setup& s, std::string& pool);
/// `pool` is a folder of `pool generate` with its candidates; or the tape of closing, with
/// candidates drawn like those of a sample pool if it holds invoices. Errors: as of another day than closing;
/// an assumption that fits neither the receivables nor the deal.
[[nodiscard]] Checked<ProjectionInput>
read_pool(const Program& program, const std::string& pool, const std::string& scenario);
/// True for `base` and `stressed`, which are no files.
[[nodiscard]] bool is_built_in(const std::string& scenario);
/// `base`, `stressed` or a scenario file.
[[nodiscard]] Checked<Scenario> named_scenario(const std::string& name, std::uint64_t seed);

} // namespace tranchain
