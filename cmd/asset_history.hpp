// Asset history: everything a copy of a chain holds about one receivable, in the order of the
// chain.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chain/store.hpp"
#include "cmd/documents.hpp"
#include "data/date.hpp"
#include "data/money.hpp"
#include "data/row.hpp"

namespace tranchain {

/// What one row of a record says of the receivable.
struct AssetEvent {
    RecordPlace place;
    std::optional<Date> date;    ///< on which it happened, or the day written on the paper
    std::string what;            ///< `bought`, `payment`, `return`, `notice`, ...
    std::optional<Money> amount; ///< face, receipt, dilution
    std::string detail;
};

struct AssetHistory {
    std::vector<AssetEvent> events;
    std::vector<SealedDocument> papers; ///< of the receivable, and of the deal as a whole
    std::vector<std::string> withheld;  ///< documents whose rows cannot be read, so that nobody
                                        ///< knows what they are about: withheld_words() of each
    std::optional<Row> tape; ///< as the snapshot or purchase has it; none: it is in neither
};

/// Up to block `last` (none: all). Errors: the rows of a record other than a document that may be
/// about it are not here, or differ from what was signed.
[[nodiscard]] Result<AssetHistory> asset_history(Store& store,
                                                 const std::string& deal,
                                                 const std::string& asset_id,
                                                 std::optional<std::int64_t> last);

/// A link of the chain of title: the paper that shows it on a day, if there is one.
struct TitleLink {
    std::string_view name;  ///< `contract`, `invoice`, `delivery`, `transfer`, `notice`,
                            ///< `confirmation`, `registry`
    std::string_view means; ///< what it shows, and the Chinese word
    const SealedDocument* paper = nullptr;
};
/// In the order of law: what the claim comes from, who got it, who knows of it. A paper dated after
/// `today` is not there yet. Of several, one that is good comes first, then one by an obligor, then
/// one of the receivable before one of the deal, then the newest. A paper of the deal shows a
/// transfer, a notice and a registration, not what is of one receivable.
std::vector<TitleLink> chain_of_title(const AssetHistory& history, Date today);

} // namespace tranchain
