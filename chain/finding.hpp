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
    X(bad_header, "bad-header", "a header lacks a member, has one too many, or is too large")      \
    X(bad_genesis, "bad-genesis", "block 0 is not a genesis, or not that of the chain")            \
    X(bad_chain, "bad-chain", "a part names another chain")                                        \
    X(bad_height, "bad-height", "heights do not follow each other")                                \
    X(missing_block, "missing-block", "a height is absent")                                        \
    X(bad_prev_hash, "bad-prev-hash", "a header does not name the hash of the header before it")   \
    X(bad_time, "bad-time", "a header is dated before the one before it")                          \
    X(bad_epoch, "bad-epoch", "an epoch falls, or rises without cause")                       \
    X(bad_rules, "bad-rules",                                                                      \
      "the rules version is not the one of the state, or newer than this program")                 \
    X(bad_orderer, "bad-orderer", "the header names an orderer who is not the one in force")       \
    X(bad_members, "bad-members", "the header's member set is not the one in force")               \
    X(bad_body_size, "bad-body-size", "a body does not have the size its header states")           \
    X(bad_body_hash, "bad-body-hash", "a body does not have the hash its header states")           \
    X(bad_body, "bad-body", "a line of the body is not a canonical record leaf")                   \
    X(bad_records_root, "bad-records-root",                                                        \
      "count or root of the records differ from the header")                                       \
    X(bad_record, "bad-record",                                                                    \
      "a record lacks a member, has an unknown one, or one of the wrong type")                     \
    X(unknown_type, "unknown-type", "this program does not know the type of a record")             \
    X(unknown_version, "unknown-version", "this program does not know the version of a record")    \
    X(bad_record_signature, "bad-record-signature", "a signature does not fit the record")         \
    X(missing_signature, "missing-signature", "the author or a required approver has not signed")  \
    X(unknown_signer, "unknown-signer", "a signer is not a member")                                \
    X(unwanted_signature, "unwanted-signature", "nobody asked for a signature that is there")      \
    X(bad_seq, "bad-seq", "a sequence number is repeated, skipped, or replaces a sealed record")   \
    X(expired_record, "expired-record", "a block's time is after the record's valid_until")        \
    X(bad_validity, "bad-validity", "a record is valid longer than the policy allows")             \
    X(bad_rows_count, "bad-rows-count", "a record does not have as many rows as it states")        \
    X(bad_rows_order, "bad-rows-order", "the rows of a record are unsorted or not unique")         \
    X(bad_rows_root, "bad-rows-root", "the rows are not those the author signed")                  \
    X(missing_rows, "missing-rows", "a copy that should have rows lacks some")                     \
    X(refused_record, "refused-record", "the contract refuses a record that is sealed")            \
    X(bad_state, "bad-state", "the state after a block is not what its header says")               \
    X(bad_checkpoint, "bad-checkpoint",                                                            \
      "a note is malformed, of another origin or size, or of another root")                        \
    X(bad_endorsement, "bad-endorsement", "a line under a member's name does not verify")          \
    X(no_quorum, "no-quorum", "fewer good endorsements than a quorum")                             \
    X(bad_change, "bad-change", "the members cannot be changed in this way")                       \
    X(bound_key, "bound-key", "a key is bound to a name already")                                  \
    X(no_possession, "no-possession", "a new key did not sign that it is there")                   \
    X(bad_log_line, "bad-log-line", "a log line does not verify")                                  \
    X(bad_answer, "bad-answer", "an answer is malformed, not by a member or does not verify")      \
    X(two_endorsements, "two-endorsements", "one key endorsed two roots at one origin and size")   \
    X(two_ready_answers, "two-ready-answers", "one key was ready for two headers at one attempt")  \
    X(two_records, "two-records", "one key signed two records under one number")                   \
    X(two_freezes, "two-freezes", "one key signed two freeze statements for one epoch")            \
    X(late_endorsement, "late-endorsement",                                                        \
      "a key endorsed in an epoch after it stated that it would not")                              \
    X(bad_takeover, "bad-takeover", "a takeover is malformed, or not where an epoch begins")       \
    X(bad_freeze, "bad-freeze",                                                                    \
      "a freeze statement is malformed, not by a member, without proof or does not verify")        \
    X(stale_base, "stale-base", "a takeover goes on after an older header than its statements name") \
    X(unproved_base, "unproved-base",                                                              \
      "a takeover goes on after a header without q ready answers")                                 \
    X(closed_epoch, "closed-epoch", "the key stated that it signs nothing more in this epoch")     \
    X(unknown_own_signature, "unknown-own-signature",                                              \
      "a file shows a signature of our key that we do not know")                                   \
    X(restored_database, "restored-database", "the guard is ahead of the database")                \
    X(missing_guard, "missing-guard",                                                              \
      "the database holds answers of this key, but the guard is gone")                             \
    X(shorter_copy, "shorter-copy", "the checkpoint compared with is of a longer chain")           \
    X(forked_copy, "forked-copy", "the checkpoint compared with is of another chain")              \
    X(bad_index, "bad-index", "a stored index differs from the signed bytes it is made from")      \
    X(bad_database, "bad-database", "SQLite finds the file damaged")                               \
    X(bad_bundle, "bad-bundle", "an archive entry is not allowed, doubled, too large or missing")

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
    /// The same without the id, for an Error that carries it apart.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string place() const;   ///< empty if nowhere
};

using Findings = std::vector<Finding>;

namespace finding {
#define TRANCHAIN_X(name, id, meaning) inline constexpr std::string_view name = id;
TRANCHAIN_CHAIN_FINDINGS(TRANCHAIN_X)
#undef TRANCHAIN_X
}  // namespace finding

/// Every chain finding with its meaning, in the order of the list above.
const std::vector<std::pair<std::string_view, std::string_view>>& chain_findings();

inline Error found(std::string_view id, std::string message)
{
    return {Code::invalid_input, std::move(message), {}, {}, std::string(id)};
}

inline Finding make_finding(std::string_view id, std::string message, std::int64_t block = -1,
                            std::string record = {})
{
    return {std::string(id), std::move(message), block, std::move(record), {}, {}};
}

/// What a form check of chain/ reported, at its place.
inline Finding finding_of(const Error& error, std::int64_t block, std::string record = {})
{
    return {error.id.empty() ? std::string(finding::bad_record) : error.id, error.message, block,
            std::move(record), {}, {}};
}

}  // namespace tranchain
