// Documents: the papers that a copy of a chain holds, and how they stand on a day.
//
// It trusts the database as sealed_records.hpp says.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/sealed_records.hpp"
#include "data/date.hpp"
#include "waterfall/exact/document.hpp"

namespace tranchain {

/// A document that a block holds.
struct SealedDocument {
    RecordPlace place;
    std::optional<Date> dated;
    DocumentPart part;
    std::optional<std::vector<DocumentRow>> rows; ///< none: not in this copy, or not as signed
    std::string problem;     ///< of rows that are here and not those that were signed, as an erased
                             ///< one makes them; they are withheld then
    bool by_obligor = false; ///< of a confirmation: its author was an obligor when it was sealed;
                             ///< whoever needs it asks the members of then, and sets it
    /// Beyond the last day on which it is good.
    [[nodiscard]] bool expired(Date today) const { return part.expires && *part.expires < today; }
    /// Ids of the receivables; nothing for one of the deal.
    [[nodiscard]] std::vector<std::string> assets() const;
};
[[nodiscard]] Result<SealedDocument>
sealed_document(Store& store, const RecordPlace& place, const Record& record);
enum class DocumentRows : bool { left, read };
/// Those of a deal (all deals: empty) up to block `last` (all: none). Errors: no such deal; a
/// public part that cannot be read.
[[nodiscard]] Result<std::vector<SealedDocument>>
sealed_documents(Store& store,
                 const std::string& deal,
                 std::optional<std::int64_t> last,
                 DocumentRows rows = DocumentRows::read);

/// Why a document without rows has none: `the rows of the document in block 1 (record 97c6...) are
/// not here`.
std::string withheld_words(const SealedDocument& document);

/// `Acme (obligor), Banghui (seller)`
std::string party_words(const std::vector<DocumentParty>& parties);

} // namespace tranchain
