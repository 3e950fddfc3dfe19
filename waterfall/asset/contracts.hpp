// Contracts: a list of contracts of any kind as CSV, and the tape of their payments.
//
// The columns are in tranchain-pool(5): some for all kinds, and those of the adapter that a line's
// asset_type names. Payments that are paid already, or on or before the snapshot date where the
// list does not say, are not on the tape.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "data/tape.hpp"
#include "waterfall/asset/adapter.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

struct AssetContract {
    Receivable terms; ///< what all its payments share; no dates or amounts of its own
    std::vector<Due> schedule;
    std::int64_t paid = 0; ///< payments already made: the first ones
    int line = 0;
};

/// Columns every kind has; the first are required.
std::span<const std::string_view> contract_columns();
inline constexpr std::size_t required_contract_columns = 6;

/// Every problem of the file at its place: unknown columns, cells that do not parse or do not fit
/// the kind, a contract met twice, two snapshot dates or currencies.
[[nodiscard]] Checked<std::vector<AssetContract>> read_contracts(const std::string& path);
[[nodiscard]] Checked<std::vector<AssetContract>> parse_contracts(std::string_view bytes,
                                                             std::string name);

/// `C.00k`, k from 1.
std::string payment_id(std::string_view contract, std::size_t k);
/// The unpaid payments of a contract as receivables; priced at `terms` if there is one, else at
/// their principal. `settle` is the day the plan owns them from.
std::vector<Receivable>
receivables_of(const AssetContract& contract, const Purchase* terms, Date settle);
/// A tape with the columns such receivables have.
Tape tape_of(std::vector<Receivable> receivables);

} // namespace tranchain
