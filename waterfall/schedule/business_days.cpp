// Business days by QuantLib.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/schedule/business_days.hpp"

#include "data/assert.hpp"
#include "waterfall/schedule/quantlib.hpp"

namespace tranchain {

namespace {

constexpr std::int32_t serial_of_1970 = 25'569; // QuantLib counts from 1899-12-30, as Excel does

QuantLib::BusinessDayConvention convention(Roll roll)
{
    switch (roll) {
    case Roll::following:
        return QuantLib::Following;
    case Roll::modified_following:
        return QuantLib::ModifiedFollowing;
    case Roll::preceding:
        return QuantLib::Preceding;
    case Roll::none:
        return QuantLib::Unadjusted;
    }
    invariant(false);
    return QuantLib::Unadjusted;
}

} // namespace

QuantLib::Date quantlib_date(Date day)
{
    return QuantLib::Date(static_cast<QuantLib::Date::serial_type>(day.days() + serial_of_1970));
}

Date from_quantlib(const QuantLib::Date& day)
{
    return Date::from_days(static_cast<std::int32_t>(day.serialNumber()) - serial_of_1970);
}

QuantLib::Calendar quantlib_calendar(const Calendar& calendar)
{
    QuantLib::BespokeCalendar out(calendar.name);
    out.addWeekend(QuantLib::Saturday);
    out.addWeekend(QuantLib::Sunday);
    for (const Date day : calendar.exceptions) {
        if (day.weekday() <= 5) {
            out.addHoliday(quantlib_date(day));
        } else {
            out.removeHoliday(quantlib_date(day));
        }
    }
    return QuantLib::Calendar(out);
}

Date adjust(Date day, Roll roll, std::span<const Calendar> calendars)
{
    if (roll == Roll::none || calendars.empty()) return day;
    QuantLib::Calendar all = quantlib_calendar(calendars[0]);
    for (const Calendar& calendar : calendars.subspan(1)) {
        all = QuantLib::JointCalendar(all, quantlib_calendar(calendar));
    }
    return from_quantlib(all.adjust(quantlib_date(day), convention(roll)));
}

} // namespace tranchain
