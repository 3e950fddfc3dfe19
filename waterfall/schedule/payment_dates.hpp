// Payment dates: a schedule's rule written out as explicit days.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// Span of the dates: each calculated on or after `from` and on or before `calculated_to`, and
/// named on or before `to`. A rule with a first date begins there.
struct ScheduleSpan {
    Date from;
    Date calculated_to;
    Date to;
};

/// Last calendar day of the month before the payment date.
Date calculation_date(Date unadjusted);

/// A date is provisional when it, or the day it rolls to, is past what a calendar covers.
std::vector<PaymentDate> payment_dates(const ScheduleRule& rule,
                                       const ScheduleSpan& span,
                                       std::span<const Calendar> calendars);

} // namespace tranchain
