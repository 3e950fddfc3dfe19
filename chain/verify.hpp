// Verify: walks a whole chain, from a database or a bundle, and lists all findings.
//
// Everything is recomputed from the signed bytes: links, bodies, signatures, numbers, rows, roots,
// endorsements, and the state after each block by judging every record again. A bad chain is a
// result with findings, not an error. What could not be checked is said. See tranchain-chain(5),
// "What a verifier checks".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chain/bundle.hpp"
#include "chain/contract.hpp"
#include "chain/finding.hpp"
#include "chain/note.hpp"
#include "chain/store.hpp"

namespace tranchain {

/// Where the chain's bytes come from.
struct ChainSource {
    std::function<Result<std::vector<std::int64_t>>()> heights;
    std::function<Result<std::optional<StoredBlock>>(std::int64_t)> block;
    std::function<Result<std::optional<std::vector<Row>>>(const std::string&)> rows;
    std::function<Result<std::optional<RowDifference>>(const std::string&)> row_difference;
    std::function<Result<std::vector<RecordPlace>>()> index;   ///< empty function: none stored
    Store* store = nullptr;   ///< a database: what it keeps beside the blocks is checked too
    bool has_rows = false;
};
ChainSource source_of(Store& store);          ///< refers to `store`
ChainSource source_of(const Bundle& bundle);  ///< refers to `bundle`

struct VerifyOptions {
    bool execute = true;                      ///< judge every record again
    std::optional<Note> against;              ///< a checkpoint this copy must contain
    /// Called for each record that was accepted again.
    std::function<void(std::int64_t height, const Record&, Session&)> on_record;
    std::function<void(std::int64_t done, std::int64_t all)> progress;
};

struct VerifyReport {
    Findings findings;
    std::set<std::string> not_checked;
    std::string chain;
    std::string genesis;                      ///< SHA-256 of genesis' public part
    std::int64_t newest = -1;                 ///< height of the newest block
    std::int64_t newest_time = 0;
    std::string newest_hash;
    std::int64_t blocks = 0;
    std::int64_t records = 0;
    std::int64_t rows = 0;
    std::int64_t endorsements = 0;
    std::int64_t executed = 0;                ///< records judged again and accepted
    [[nodiscard]] bool good() const { return findings.empty(); }
};

/// Errors only when the source cannot be read at all.
[[nodiscard]] Result<VerifyReport> verify_chain(const ChainSource& source, const Contract& contract,
                                                const VerifyOptions& options);

}  // namespace tranchain
