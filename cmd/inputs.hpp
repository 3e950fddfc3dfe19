// Inputs: the files a result was computed from, so that it can be computed again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/output.hpp"
#include "data/error.hpp"

namespace tranchain {

struct RunInputs {
    std::string deal;
    std::string pool;                   ///< as `read_pool` takes it
    std::vector<std::string> scenarios; ///< names and files; those built in are no files
    std::optional<std::string> curve;   ///< a file, or a flat rate
    std::vector<std::string> more_deals = {}; ///< that are compared with `deal`
    std::vector<std::string> reserve = {};    ///< terms and history of a required reserve
};

struct InputDigest {
    std::string file;   ///< as given
    std::string sha256; ///< in hex; empty for standard input
};
/// The deals, the tapes of closing and of the candidates by date, the scenarios, those of the reserve,
/// the curve.
/// Errors: a file that cannot be read.
[[nodiscard]] Result<std::vector<InputDigest>> digests_of(const RunInputs& inputs);

/// Adds `inputs` to an answer that `out` writes as JSON, for people read no digests:
/// `[{"file": as given, "sha256": of its bytes}]` of `digests_of`. What came by standard input
/// has null. Errors: a file that cannot be read.
[[nodiscard]] Result<>
add_inputs(Answer& answer, const RunInputs& inputs, const Output& out);
/// The same of digests that were taken as the files were read.
void add_digests(Answer& answer, const std::vector<InputDigest>& digests);

} // namespace tranchain
