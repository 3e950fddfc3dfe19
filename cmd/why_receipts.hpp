// Why receipts: what each receivable brought on each day of a collection period, and how it was split
// between the principal and the income ledger, from the rows of a copy.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cmd/why_books.hpp"
#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// All that was allocated to one receivable on one day; or other income, which has no receivable.
struct WhyReceipt {
    Date date;
    std::string asset, obligor;
    Money face, price; ///< of the receivable
    std::string kinds; ///< `payment`, `repurchase`, ...
    Money amount, to_principal, to_income;
    struct Entry {
        std::string key;           ///< `plan/000001/00000001`: account, statement, entry
        std::size_t statement = 0; ///< its record, of WhyDeal::records
    };
    std::vector<Entry> entries;
    std::size_t allocated = 0; ///< the record `collections`
    std::size_t bought = 0;    ///< the record whose row the receivable is: snapshot or purchase
};

using RowsOf = std::function<Result<std::optional<std::vector<Row>>>(const std::string& hash)>;

/// Of the days [from, to], in their order; plays the pool from closing to `to` once more. Errors: rows
/// that cannot be read, which a copy that was checked does not have.
[[nodiscard]] Result<std::vector<WhyReceipt>>
receipts_between(const WhyDeal& deal, const RowsOf& rows, Date from, Date to);

} // namespace tranchain
