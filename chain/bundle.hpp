// Bundle: one file that carries blocks, a proposal, answers, endorsements, submissions and rows.
//
// A ustar archive with fixed order, owner, time and mode, so that equal content is equal bytes; the
// reader writes what it read again and demands the same bytes, so no path trick, link, doubled name
// or padding survives. Rows and submissions are the members' part: never in a bundle for an
// outsider. Import verifies first and is all or nothing. See tranchain-chain(5), "Bundle".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chain/contract.hpp"
#include "chain/protocol.hpp"
#include "chain/sign.hpp"
#include "data/error.hpp"

namespace tranchain {

inline constexpr std::size_t bundle_limit = std::size_t{1} << 32;   ///< bytes of one bundle
inline constexpr std::size_t bundle_entries_limit = 1'000'000;

struct Bundle {
    std::string chain;
    std::string to;                                  ///< member it is for; empty: anyone
    std::map<std::int64_t, StoredBlock> blocks;      ///< final blocks, contiguous
    std::optional<Candidate> proposal;               ///< of the block being made
    std::optional<Note> proposal_note;               ///< endorsements of it so far
    std::vector<ReadyAnswer> answers;                     ///< at the proposal's height
    std::vector<SubmissionFile> submissions;             ///< members' part
    std::map<std::string, std::vector<Row>> rows;    ///< by record hash; members' part
    std::vector<Freeze> freezes;      ///< statements for epochs above the one in force
    std::vector<Candidate> bases;     ///< not final: what they name, what the proposal stands on

    [[nodiscard]] bool for_members() const { return !to.empty(); }
    [[nodiscard]] std::string str() const;
    /// Form only: names, order, canonical bytes, no gap, rows against their records.
    [[nodiscard]] static Result<Bundle> parse(std::string_view bytes, const std::string& file);
    [[nodiscard]] static Result<Bundle> read(const std::string& path);
};

/// What a replica can hand over. `to` empty: the public part only. `since`: first block.
[[nodiscard]] Result<Bundle> export_bundle(Replica& replica, const std::string& to,
                                           std::int64_t since);

struct Imported {
    std::int64_t blocks = 0;        ///< appended
    std::int64_t submissions = 0;
    std::int64_t answers = 0;
    std::int64_t endorsements = 0;
    std::optional<Candidate> proposal;
    std::vector<std::string> notices;  ///< such as evidence found
};

/// Verifies everything against the replica, then stores it; nothing is stored if anything is wrong.
[[nodiscard]] Result<Imported> import_bundle(Replica& replica, const Bundle& bundle);
/// Genesis of a bundle, to start a database with.
[[nodiscard]] Result<Genesis> bundle_genesis(const Bundle& bundle);

/// Writes bytes beside `path` and renames, so that a reader sees all or nothing.
[[nodiscard]] Result<> write_file(const std::string& path, std::string_view bytes, unsigned mode);
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t limit);

// ---- the archive ----
using Entries = std::vector<std::pair<std::string, std::string>>;
/// The error of a file that is no sound bundle.
tl::unexpected<Error> bad_bundle(const std::string& file, const std::string& what);
std::string write_tar(const Entries& entries);
[[nodiscard]] Result<Entries> read_tar(std::string_view bytes, const std::string& file);

}  // namespace tranchain
