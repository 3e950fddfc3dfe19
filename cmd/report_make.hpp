// Report make: which papers there are, and how one is made from a copy and the stamp that it bears.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cmd/chain_read.hpp"
#include "cmd/report_papers.hpp"
#include "cmd/tree.hpp"

namespace tranchain {

inline constexpr const char* stamp_key = "paper";

/// What a paper is of and was made from; the paper carries it as canonical JSON.
struct Stamp {
    std::string kind, deal, tranche, trigger, language;
    Date date;                ///< unadjusted payment date, or the last day the paper is about
    std::string chain, block; ///< SHA-256 of the header at `height`
    std::string root;         ///< of the checkpoint there
    std::int64_t height = 0;
    std::string version;
    bool rows = false; ///< of a paper that says so: records were compared with their rows

    [[nodiscard]] Json json() const;
};
[[nodiscard]] Checked<Stamp> read_stamp(const Json& json);

struct PaperKind {
    /// What a paper is about, and so what its date means.
    enum class About : std::uint8_t { period, effect, day, year };
    const char* verb;
    const char* help;
    About about;
    void (*fill)(const PaperSubject&, const PaperWords&, Answer&);
    bool of_tranche = false;
    bool says_rows = false; ///< whether rows were at hand is part of the paper
};
[[nodiscard]] std::span<const PaperKind> paper_kinds();
[[nodiscard]] const PaperKind* paper_kind(std::string_view verb);

/// A copy checked up to its end, and its books up to one block.
struct ReadBooks {
    VerifyReport report;
    ReportBooks books;
    GovernanceLog members;
    /// Every record was compared with its rows.
    [[nodiscard]] bool with_rows() const;
};
/// Refuses a copy that does not hold: nothing is made from it.
[[nodiscard]] Checked<ReadBooks>
read_books(Opened& opened, const CopyOptions& o, std::int64_t last, const Globals& globals);
/// Hash of the block at `height`, and the root of its checkpoint.
[[nodiscard]] Result<> stamp_block(Opened& opened, std::int64_t height, Stamp& stamp);

/// The paper a stamp asks for; fills in what the stamp leaves open: the only deal, the last date.
[[nodiscard]] Result<Answer>
make_paper(const PaperKind& kind, const ReadBooks& read, std::optional<Date> date, Stamp& stamp);

/// `report check`.
void add_report_check(Tree& tree);

} // namespace tranchain
