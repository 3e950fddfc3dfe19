// Payment dates from the rule of a schedule.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/schedule/payment_dates.hpp"

#include <algorithm>

#include "waterfall/schedule/business_days.hpp"

namespace tranchain {

Date calculation_date(Date unadjusted)
{
    return Date::of(unadjusted.year(), unadjusted.month(), 1) - 1;
}

std::vector<PaymentDate> payment_dates(const ScheduleRule& rule,
                                       const ScheduleSpan& span,
                                       std::span<const Calendar> calendars)
{
    std::vector<PaymentDate> out;
    const Date start = rule.first.value_or(span.from);
    for (Date month = Date::of(start.year(), start.month(), 1); month <= span.to;
         month = month.plus_months(1)) {
        const auto& months = rule.pay.months;
        if (std::find(months.begin(), months.end(), month.month()) == months.end()) continue;
        const Date last = month.end_of_month();
        const Date unadjusted =
            Date::of(month.year(), month.month(), std::min(rule.pay.day, last.day()));
        const Date calculation = calculation_date(unadjusted);
        if (unadjusted < start || calculation < span.from) continue;
        if (calculation > span.calculated_to || unadjusted > span.to) break;
        const Date adjusted = adjust(unadjusted, rule.roll, calendars);
        const bool provisional =
            std::any_of(calendars.begin(), calendars.end(), [&](const auto& c) {
                return unadjusted > c.to || adjusted > c.to || unadjusted < c.from;
            });
        out.push_back({unadjusted, adjusted, calculation, provisional});
    }
    return out;
}

} // namespace tranchain
