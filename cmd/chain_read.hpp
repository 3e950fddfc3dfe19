// Reading commands of `chain`: status, log, show, verify, evidence, and C2SP files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chain/protocol.hpp"
#include "chain/verify.hpp"
#include "cmd/output.hpp"
#include "cmd/tree.hpp"

namespace tranchain {

void add_chain_reading(Tree& tree);

/// checkpoint, leaf-N, proof-N, consistency-N, policy, genesis.json: for tools of others.
Outcome export_c2sp(Replica& replica, const std::string& folder, Output& out);

/// A database or a bundle opened for verification, whichever the file is.
struct Opened {
    std::optional<Store> store;
    std::optional<Bundle> bundle;
    [[nodiscard]] ChainSource source();
    [[nodiscard]] bool has_rows() const;
};
[[nodiscard]] Result<Opened> open_any(const std::string& path);

/// The fields, findings and "not checked" lines of a report; used by `chain verify` and `audit run`.
void describe(const VerifyReport& report, Answer& answer);

}  // namespace tranchain
