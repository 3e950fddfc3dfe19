// Payments: how far each ordered payment is, where the terms ask for instructions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cmd/output.hpp"
#include "cmd/report_papers.hpp"
#include "cmd/replica.hpp"

namespace tranchain {

/// Payments of every deal that the bank has not paid in full, as the newest block leaves them; no
/// table where there are none. Cheap: a deal without such payments is not opened.
[[nodiscard]] Result<> add_open_payments(const Globals& globals, Store& store, Answer& answer);

/// For a paper: instructions to pay from the period's first day to the day the distribution is paid,
/// with the custodian's answers and what the bank paid; no table where the terms ask for none.
void add_instructed(const PaperSubject& s, const PaperWords& w, Answer& answer);

} // namespace tranchain
