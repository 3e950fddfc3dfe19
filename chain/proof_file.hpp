// Proof file: rows and fields of one record, opened against a final block, in one small file.
//
// The file holds everything a stranger needs beside a genesis hash he trusts: header, path and
// final note of the block; the record's leaf and path; the same of each record that changed the
// members before, so that the keys follow from genesis; of each row its path, and of each opened
// field its value, salt and path. What is not opened stays behind a salted hash. Paths are those
// of RFC 6962, leaf first. See tranchain-chain(5), "Proof file".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/block.hpp"
#include "chain/finding.hpp"
#include "chain/genesis.hpp"
#include "chain/note.hpp"
#include "data/row.hpp"

namespace tranchain {

struct OpenedField {
    std::int64_t index = 0; ///< among the row's fields, from 0
    std::string name;
    std::string value;
    Hash salt{};
    std::vector<Hash> path; ///< to the row's fields_root
    bool operator==(const OpenedField&) const = default;
};

struct OpenedRow {
    std::int64_t index = 0; ///< among the record's rows, from 0
    std::int64_t count = 0; ///< fields of the row
    Hash fields_root{};     ///< RFC 6962 root of its field hashes
    std::vector<Hash> path; ///< to the record's rows_root
    std::vector<OpenedField> fields;
    bool operator==(const OpenedRow&) const = default;
};

/// A record in its block, under the final note of that very block.
struct SealedRecord {
    std::string header;            ///< bytes of the block's header
    std::vector<Hash> block_path;  ///< header in the tree of the checkpoint
    Note checkpoint;               ///< final note of that very block
    std::int64_t index = 0;        ///< place of the record in the block, from 0
    std::string leaf;              ///< canonical `{record, signatures}`
    std::vector<Hash> record_path; ///< record in the header's records_root
    bool operator==(const SealedRecord&) const = default;
};

struct ProofFile : SealedRecord {
    std::string genesis; ///< canonical public part of block 0: the first keys
    /// Every record that changed policy or members before the block, in order; mostly none.
    std::vector<SealedRecord> governance;
    std::vector<OpenedRow> rows; ///< by index; empty when the record itself is what is shown
    std::string reader;          ///< for whom it was made; empty in a proof for anyone

    /// One line of canonical JSON and a newline.
    [[nodiscard]] std::string str() const;
    [[nodiscard]] static Result<ProofFile> parse(std::string_view bytes);
    bool operator==(const ProofFile&) const = default;
};

/// Of all rows of a record those with `keys`, in the order of the record, with the fields `names`
/// opened, or all fields if there are no names. A key or name that is not there is not_found.
[[nodiscard]] Result<std::vector<OpenedRow>> open_rows(std::span<const Row> rows,
                                                       std::span<const std::string> keys,
                                                       std::span<const std::string> names);
/// Record `index` of the last of `headers` (all headers from height 0), without rows and governance.
[[nodiscard]] Result<ProofFile> prove_record(std::span<const std::string> headers,
                                             std::string_view body,
                                             const Note& checkpoint,
                                             const Genesis& genesis,
                                             std::size_t index);

/// What a proof file says, and everything that is wrong with it, in the order of the path from the
/// checkpoint down. What could not be read is left at its default.
struct ProofReport {
    Findings findings;
    std::string genesis_sha256; ///< of the file's own genesis
    std::optional<Genesis> genesis;
    std::optional<MemberSet> members; ///< in force for the block; none if the block is not theirs
    Header header;
    SignedRecord record;
    std::size_t endorsements = 0;
};
/// `genesis_sha256`: hash of the genesis the reader trusts; without it the file's own is taken.
/// Ids: bad-genesis, bad-header, bad-chain, bad-members, bad-checkpoint, bad-endorsement,
/// no-quorum, bad-record, bad-records-root, bad-rows-root and those of check_signatures; of a
/// change of members also those of govern.
[[nodiscard]] ProofReport check_proof(const ProofFile& proof,
                                      const std::optional<std::string>& genesis_sha256);

} // namespace tranchain
