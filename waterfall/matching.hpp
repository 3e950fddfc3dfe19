// Matching: which receivable a receipt seems to pay, how sure that is, and why.
//
// A proposal, which the servicer edits and signs; nothing here is judged. What a payer wrote decides
// first, over all receipts; then who he is and how much he paid; then the amount alone. So money
// that says what it pays never meets a receivable that a guess has taken.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

/// A receivable of which something can still be received.
struct OpenReceivable {
    const Asset* asset = nullptr; ///< what is owed, and what it costs to take it back
    std::string invoice_no, obligor_code, obligor_name;
};

/// Money received that is not booked to a receivable or to income.
struct OpenReceipt {
    std::string key; ///< of the statement entry
    Date date;       ///< of booking
    Money left;      ///< above zero, `unapplied` included
    Money unapplied; ///< of it, booked to unapplied cash before
    std::string reference, counterparty, obligor_code; ///< may be empty
};

enum class Confidence : std::uint8_t {
    exact,  ///< the payer named it and the amount is what is owed
    likely, ///< he named it, or payer and amount fit one answer alone
    weak,   ///< something else would fit as well
};
std::string_view name(Confidence confidence);

struct ProposedAllocation {
    Allocation allocation;
    Confidence confidence = Confidence::weak;
    std::string reason; ///< English, for people
};

/// Books every receipt completely: to receivables, income, and what is left to unapplied cash. A
/// receipt is booked on its day or on `from`, the first day not declared yet, whichever is later; a
/// receivable that is not owned then takes nothing. What was unapplied before stays so, without a
/// line, unless it fits. No receivable gets more than is unpaid, the seller makes good no more than
/// was diluted, and takes a receivable back at its whole price. `claims` is what a supporter still
/// owes: money that says it is support settles that first. In the order of day and receipt.
std::vector<ProposedAllocation> propose_allocations(const std::vector<OpenReceivable>& receivables,
                                                    const std::vector<OpenReceipt>& receipts,
                                                    Date from,
                                                    Money claims = {});

} // namespace tranchain
