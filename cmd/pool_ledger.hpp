// Pool ledger: what the commands that read a seller's ledger have in common.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/output.hpp"
#include "cmd/tree.hpp"
#include "waterfall/seller_ledger.hpp"

namespace tranchain {

/// LEDGER with --map, --events and --default-days; --as-of is the last day that counts.
struct LedgerOptions {
    std::string ledger;
    std::optional<std::string> map, events;
    std::int64_t default_days = 90;
};
void bind_ledger(Setup& s, LedgerOptions& files);
[[nodiscard]] Checked<SellerLedger> open_ledger(const LedgerOptions& files, const Globals& globals);
/// Ledger, days observed, invoices and their sum; notes of what was left out or converted.
void describe_ledger(Answer& answer, const SellerLedger& ledger, const LedgerOptions& files);
/// `2 credits, 30.00 above what was unpaid: dilution is without them`, one line for each kind of excess,
/// and one for days of settlement that came too late.
std::vector<std::string> left_out_lines(const SellerLedger& ledger);
/// `inputs` of an answer: the files as given with the SHA-256 of what was read of them.
void add_ledger_inputs(Answer& answer, const SellerLedger& ledger);

} // namespace tranchain
