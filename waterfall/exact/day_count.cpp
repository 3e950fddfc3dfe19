// Day counts in integers.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/day_count.hpp"

#include <algorithm>

#include "data/assert.hpp"

namespace tranchain {

namespace {

bool is_leap(int year)
{
    return Date::of(year, 2, 1).end_of_month().day() == 29;
}

bool ends_february(Date date)
{
    return date.month() == 2 && date == date.end_of_month();
}

/// Days between two dates whose months have 30 days each, given their days of the month.
std::int64_t thirty(Date from, Date to, std::int64_t first, std::int64_t last)
{
    return 360 * (std::int64_t{to.year()} - from.year()) +
           30 * (std::int64_t{to.month()} - std::int64_t{from.month()}) + last - first;
}

std::int64_t thirty_us(Date from, Date to)
{
    std::int64_t first = from.day();
    std::int64_t last = to.day();
    if (last == 31 && first >= 30) last = 30;
    if (ends_february(from) && ends_february(to)) last = 30;
    if (ends_february(from)) first = 30;
    return thirty(from, to, std::min<std::int64_t>(first, 30), last);
}

std::int64_t thirty_isda(Date from, Date to, Date termination)
{
    const std::int64_t first = ends_february(from) ? 30 : from.day();
    const std::int64_t last = ends_february(to) && to != termination ? 30 : to.day();
    return thirty(from, to, std::min<std::int64_t>(first, 30), std::min<std::int64_t>(last, 30));
}

/// A day of a leap year is a 366th, any other a 365th: both over 365 x 366.
std::int64_t act_act(Date from, Date to)
{
    std::int64_t sum = 0;
    while (from < to) {
        const Date end = std::min(to, Date::of(from.year() + 1, 1, 1));
        sum += (end - from) * (is_leap(from.year()) ? 365 : 366);
        from = end;
    }
    return sum;
}

std::int64_t without_leap_days(Date from, Date to)
{
    std::int64_t days = to - from;
    for (int year = from.year(); year <= to.year(); ++year) {
        if (!is_leap(year)) continue;
        const Date leap = Date::of(year, 2, 29);
        if (from < leap && leap <= to) --days;
    }
    return days;
}

} // namespace

YearFraction year_fraction(DayCount count, Date from, Date to, Date last)
{
    switch (count) {
    case DayCount::act_365f:
        return {to - from, 365};
    case DayCount::act_360:
        return {to - from, 360};
    case DayCount::thirty_360:
    case DayCount::thirty_e_360:
        return {thirty(from, to, std::min<std::int64_t>(from.day(), 30),
                       std::min<std::int64_t>(to.day(), 30)),
                360};
    case DayCount::act_act_isda:
        return {act_act(from, to), 365 * 366};
    case DayCount::thirty_360_us:
        return {thirty_us(from, to), 360};
    case DayCount::thirty_e_360_isda:
        return {thirty_isda(from, to, last), 360};
    case DayCount::nl_365:
        return {without_leap_days(from, to), 365};
    }
    invariant(false);
    return {};
}

} // namespace tranchain
