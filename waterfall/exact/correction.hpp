// Correction: who bears a debit of the bank that nothing orders.
//
// Every closed day, the ledgers together are what the bank holds. Where the terms name who authors
// `correction`, a debit that no order covers, or the part of it above its order, does not stop the
// judge: the day is closed, the break is recorded with its day and amount, and nothing is distributed
// until a correction takes it out of a ledger. In other deals such a day waits.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "data/error.hpp"
#include "data/json.hpp"
#include "waterfall/exact/ledger.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

inline constexpr std::size_t correction_reason_limit = 400; ///< bytes

bool records_breaks(const Program& program);

/// A payment of that reference is accepted and not booked, or could be accepted some day.
bool may_be_ordered(const DealState& state, const std::string& reference);
/// Distributions that could be accepted before the day after closed_through is closed, by reference: a debit
/// of them makes that day wait. Of purchases there are none: one of that day is accepted before its close or
/// never.
std::set<std::string> awaited_orders(const Program& program, const DealState& state);
/// A break of `day` that a purchase could have ordered, had the day before been closed by itself.
const BankBreak* purchasable_break(const DealState& state, Date day);

void record_break(DealState& state, BankBreak gap);
/// What the bank holds at the end of closed_through: the book's bank less what is paid and not borne.
Money bank_holds(const DealState& state);
/// Explained, and taken out of the ledger by the next close.
Money borne_by(const DealState& state, Account ledger);

/// Takes what is explained out of the ledgers that bear it, on the day that is closed.
void book_corrections(DealState& state, Date day, Journal* journal);

/// {concerns, reference, amount, ledger, reason}; business_date is left out.
struct CorrectionPart {
    BankBreak gap; ///< its date is `concerns`
    Account ledger = Account::income;
    std::string reason;
};
Json correction_part(const CorrectionPart& correction);
[[nodiscard]] Checked<CorrectionPart> parse_correction(const Json& part);

} // namespace tranchain
