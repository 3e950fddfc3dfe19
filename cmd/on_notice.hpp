// On notice: a command of the user's own (mail, messenger), run for each notice that a block brings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chain/protocol.hpp"
#include "cmd/output.hpp"
#include "cmd/tree.hpp"

namespace tranchain {

/// --on-notice COMMAND
void bind_on_notice(Setup& s, std::optional<std::string>& command);

/// Runs `command` by `sh -c` for every notice of the blocks above `seen`, in their order, with
/// {schema, chain, deal, height, notice, record} as JSON on its standard input; `record` is the
/// notice's public part. The blocks are stored by then. Says each on standard error. Errors (io): of
/// the commands that failed, once all have been run; nothing is taken back for it.
[[nodiscard]] Result<> tell_notices(const std::optional<std::string>& command, Replica& replica,
                                    std::int64_t seen, Output& out);

} // namespace tranchain
