// History: a trigger of a deal judged over a real ledger, once for every calendar day.
//
// An invoice is outstanding on day d if and only if invoice_date <= d < settled_date; the pool
// balance of a day is the sum of the outstanding amounts. The trigger fires at the end of the n-th
// day in a row on which its condition holds; one other day sets the count to zero.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/mapping.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

struct HistoryDay {
    Date date;
    Money balance; ///< outstanding at the end of the day
    Money left;    ///< the two sides of the condition
    Money right;
    bool breach = false;
    int count = 0;     ///< days in a row, this one included; goes on past the day of effect
    int days_left = 0; ///< more days of breach until it takes effect; 0 once it has
};

struct History {
    std::optional<Date> fired_on; ///< first day of effect
    int longest_run = 0;          ///< days of the longest breach in the scan
    std::optional<Date> longest_from;
    std::vector<HistoryDay> days; ///< every calendar day of the scan
};

/// Outstanding totals at the end of each day from `from` to `to`.
std::vector<Money> outstanding_totals(std::span<const Invoice> invoices, Date from, Date to);

/// Errors, at the place of the trigger: a clock other than consecutive days, a state (`during`), a
/// grace or a cure, or a measure a ledger does not have; `to` before `from` is a usage error.
[[nodiscard]] Result<History> judge_history(const Program& program,
                                            const Trigger& trigger,
                                            std::span<const Invoice> invoices,
                                            Date from,
                                            Date to);

} // namespace tranchain
