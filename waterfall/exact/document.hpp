// Document: a paper that is kept elsewhere, bound by its SHA-256 to receivables or to the deal.
//
// The public part says what kind of paper it is, its hash and size and until when it is good, so
// that whoever holds the file can see that it was anchored. Which receivables it is about, its own
// number and its parties may be names of clients: they are in the rows, one for each receivable or
// one for the deal, committed per field. A document moves no money and no day: the state stays as
// it was.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/digest.hpp"
#include "data/error.hpp"
#include "data/json.hpp"
#include "data/row.hpp"
#include "waterfall/exact/facts.hpp"

namespace tranchain {

/// stored: never rename
inline constexpr std::array<std::string_view, 10> document_kinds{
    "contract", "invoice", "delivery",     "warehouse-receipt", "registry",
    "transfer", "notice",  "confirmation", "timestamp",         "other"};
inline constexpr std::size_t document_number_limit = 100, document_name_limit = 200; ///< bytes
inline constexpr std::size_t document_parties_limit = 20;

/// {kind, sha256, size, count, expires}; expires may be left out. business_date is the day the
/// paper is dated, if it is.
struct DocumentPart {
    std::string kind;            ///< one of document_kinds
    Hash sha256{};               ///< of the file
    std::int64_t size = 0;       ///< of the file, in bytes; at least 1
    std::int64_t count = 0;      ///< receivables it is bound to; 0: it is bound to the deal
    std::optional<Date> expires; ///< the last day on which it is good
};
[[nodiscard]] Checked<DocumentPart> parse_document(const Json& part);

struct DocumentParty {
    std::string name; ///< 1 to document_name_limit bytes
    std::string role; ///< of letters a to z, digits, - and _; such as `obligor` or `seller`
    bool operator==(const DocumentParty&) const = default;
};
/// Fields asset_id, number and parties (canonical JSON), in this order; row key
/// `document/asset_id`.
struct DocumentRow {
    std::string asset_id; ///< empty: the deal as a whole
    std::string number;   ///< the paper's own, such as a contract's; may be empty
    std::vector<DocumentParty> parties;
};
std::string document_key(std::string_view asset_id);
/// The problem of a number, a party or all of them, if there is one; else empty.
std::string wrong_in(const DocumentRow& row);
[[nodiscard]] Result<DocumentRow> read_document(const Row& row);

/// `assets`: different ids; none binds it to the deal. `common` says number and parties of every
/// row.
Submission build_document(DocumentPart part,
                          std::optional<Date> dated,
                          const std::vector<std::string>& assets,
                          const DocumentRow& common,
                          const RandomSource& random);

} // namespace tranchain
