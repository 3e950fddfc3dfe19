// Store check: what the two files keep beside the final blocks, against the signed bytes.
//
// The walk over the blocks (verify.hpp) reads headers, bodies, rows and the endorsements that make
// them final. A store holds more that its member relies on: columns copied out of the signed bytes
// to find them by, the state at the tip, proposals, answers and submissions on their way, and own
// votes. Each is judged here by what it must agree with, so that a changed byte is reported.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "chain/finding.hpp"
#include "chain/governance.hpp"
#include "chain/store.hpp"

namespace tranchain {

/// What the blocks led to when they were executed, to compare the stored copies with.
struct Executed {
    std::int64_t height = -1;
    std::string chain;                        ///< canonical ChainState
    std::map<std::string, std::string> deals; ///< public state of each deal
    std::map<std::string, std::string> rows;  ///< private state of each deal; none: row-less
};

/// `governed` tells whose members voted at each height. Ids: bad-index, bad-answer, bad-endorsement,
/// bad-checkpoint and those of record signatures and rows. Errors only when a file cannot be read.
/// `executed` is absent when not everything was executed: then the state is not compared.
[[nodiscard]] Result<Findings>
check_store(Store& store, const GovernanceLog& governed, const std::optional<Executed>& executed);

} // namespace tranchain
