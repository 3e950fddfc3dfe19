// Finding: one thing that is wrong with a chain, a block, a record or an answer, with its place.
//
// Judges list every finding in a fixed order instead of stopping at the first. An id is stored in
// refusals and quoted in manuals: stored by name, never rename. tranchain-chain(5) lists each id
// with cause and remedy; ids of the contract (money, clauses) are tranchain-deal(5)'s.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/error.hpp"

namespace tranchain {

// X(enumerator, id, one-line meaning)
#define TRANCHAIN_CHAIN_FINDINGS(X)                                                                \
    X(bad_canonical,                                                                               \
      "bad-canonical", "bytes are not the canonical text of what they claim to be")                \
    X(bad_genesis, "bad-genesis", "the first block is not a well-formed genesis")                  \
    X(bad_chain, "bad-chain", "a header or record names another chain")                            \
    X(bad_height, "bad-height", "a block is not at the height its header states")                  \
    X(block_missing, "block-missing", "a block between genesis and the newest block is absent")    \
    X(bad_prev_hash, "bad-prev-hash", "a header does not name the hash of the header before it")   \
    X(bad_epoch, "bad-epoch", "a header states an epoch or attempt that is not the one in force")  \
    X(bad_orderer, "bad-orderer", "a block was made by someone who is not the orderer")            \
    X(bad_members, "bad-members", "a header states another member set than the state does")        \
    X(bad_rules, "bad-rules", "a header states another rules version than the state does")         \
    X(bad_time, "bad-time", "a block is dated before the block it follows")                        \
    X(bad_body, "bad-body", "a body is malformed")                                                 \
    X(bad_body_hash, "bad-body-hash", "a body does not have the hash its header states")           \
    X(bad_body_size, "bad-body-size", "a body does not have the size its header states")           \
    X(bad_records_root, "bad-records-root", "the Merkle root over the records is another one")     \
    X(bad_record, "bad-record", "a record is malformed")                                           \
    X(unknown_type, "unknown-type", "a record has a type or version this program does not know")   \
    X(unknown_signer, "unknown-signer", "a signature is by someone who is not a member")           \
    X(unwanted_signature,                                                                          \
      "unwanted-signature", "a record is signed by a member who need not sign it")                 \
    X(bad_record_signature, "bad-record-signature", "a signature on a record does not verify")     \
    X(missing_signature,                                                                           \
      "missing-signature", "a record lacks its author's or an approver's signature")               \
    X(bad_sequence, "bad-sequence", "a record does not carry the next number of its author")       \
    X(record_expired, "record-expired", "a record was sealed after the time it was valid until")   \
    X(record_too_long_valid,                                                                       \
      "record-too-long-valid", "a record is valid longer than the policy allows")                  \
    X(bad_rows, "bad-rows", "the rows of a record are malformed, unsorted or not unique")          \
    X(bad_row_count, "bad-row-count", "a record does not have as many rows as it states")          \
    X(bad_rows_root, "bad-rows-root", "the rows of a record do not lead to its rows root")         \
    X(bad_state,                                                                                   \
      "bad-state", "re-executing the block gives another state than its header states")            \
    X(bad_checkpoint, "bad-checkpoint", "the checkpoint is malformed or for another tree")         \
    X(bad_endorsement, "bad-endorsement", "a cosignature on a checkpoint does not verify")         \
    X(no_quorum, "no-quorum", "a block has fewer valid endorsements than the quorum")              \
    X(bad_ready, "bad-ready", "a ready answer is malformed, not by a member or does not verify")   \
    X(two_headers, "two-headers", "one key endorsed two headers at one epoch and height")          \
    X(two_ready_answers, "two-ready-answers", "one key was ready for two headers at one attempt")  \
    X(two_records, "two-records", "one key signed two records under one number")                   \
    X(stale_database,                                                                              \
      "stale-database", "the guard beside the key knows a newer signature than the database")      \
    X(bad_stored_copy,                                                                             \
      "bad-stored-copy", "a stored index differs from the signed bytes it is made from")           \
    X(damaged_database, "damaged-database", "the database file is damaged")                        \
    X(shorter_copy, "shorter-copy", "this copy ends before the checkpoint it was compared with")   \
    X(other_chain, "other-chain", "this copy and the checkpoint it was compared with disagree")

struct Finding {
    std::string id;          ///< such as `bad-prev-hash`
    std::string message;     ///< what is wrong, lower case, no full stop
    std::int64_t block = -1; ///< height; -1 = does not apply
    std::string record;      ///< such as `2 (collections of servicer, number 4)`
    std::string row;         ///< key of the row
    std::string field;       ///< name of the field

    bool operator==(const Finding&) const = default;

    /// `block 41, record 2 (...), row R-1, field face: [bad-rows-root] message`
    [[nodiscard]] std::string str() const;
};

using Findings = std::vector<Finding>;

namespace finding {
#define TRANCHAIN_X(name, id, meaning) inline constexpr std::string_view name = id;
TRANCHAIN_CHAIN_FINDINGS(TRANCHAIN_X)
#undef TRANCHAIN_X
}  // namespace finding

/// Every chain finding with its meaning, in the order of the list above.
const std::vector<std::pair<std::string_view, std::string_view>>& chain_findings();

inline Finding make_finding(std::string_view id, std::string message, std::int64_t block = -1,
                            std::string record = {})
{
    return {std::string(id), std::move(message), block, std::move(record), {}, {}};
}

/// What a form check of chain/ reported, at its place.
inline Finding finding_of(const Error& error, std::int64_t block, std::string record = {})
{
    return {error.id.empty() ? std::string(finding::bad_canonical) : error.id, error.message, block,
            std::move(record), {}, {}};
}

}  // namespace tranchain
