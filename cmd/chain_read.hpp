// Reading commands of `chain`: status, log, show, verify, evidence, and C2SP files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chain/protocol.hpp"
#include "chain/verify.hpp"
#include "cmd/output.hpp"
#include "cmd/tree.hpp"

namespace tranchain {

void add_chain_reading(Tree& tree);
void add_chain_import(Tree& tree);   // cmd/chain_import.cpp
void add_chain_rehearse(Tree& tree); // cmd/chain_rehearse.cpp

/// checkpoint, leaf-N, proof-N, consistency-N, policy, genesis.json: for tools of others.
Outcome export_c2sp(Replica& replica, const std::string& folder, Output& out);

/// The layout of c2sp.org/tlog-tiles, and the bodies by hash: for a static web server. A folder that
/// holds something else, or more, is refused (bad-checkpoint, shorter-copy, forked-copy).
Outcome export_tiles(Replica& replica, const std::string& folder, const Globals& globals, Output& out);
/// The c2sp.org/tlog-policy of the members in force.
Outcome export_policy(Replica& replica, const Globals& globals, Output& out);

/// A database or a bundle opened for verification, whichever the file is.
struct Opened {
    std::string path;
    std::optional<Store> store;
    std::optional<Bundle> bundle;
    std::optional<std::int64_t> last = {}; ///< --as-of: blocks above it are not read
    [[nodiscard]] ChainSource source();
    [[nodiscard]] bool has_rows() const;
};
[[nodiscard]] Result<Opened> open_any(const std::string& path);

/// The copy that `chain verify` and `audit run` check.
struct CopyOptions {
    std::optional<std::string> file;      ///< otherwise the database of -C
    std::optional<std::string> against;   ///< a checkpoint that it must contain
};
void bind_copy(Setup& s, CopyOptions& o);
[[nodiscard]] Result<Opened> open_copy(const CopyOptions& o, const Globals& globals);
/// Integrity of the file, then the chain with `options`; shows progress as `doing`.
[[nodiscard]] Result<VerifyReport> check_copy(Opened& opened, const CopyOptions& o,
                                              VerifyOptions options, const char* doing,
                                              const Globals& globals);
/// The findings as problems of that file; none if every check holds.
Errors problems_of(const VerifyReport& report, const std::string& path);

/// The fields, findings and "not checked" lines of a report; used by `chain verify` and `audit run`.
void describe(const VerifyReport& report, Answer& answer);

}  // namespace tranchain
