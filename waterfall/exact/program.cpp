// Business days of a compiled program: integers only, no calendar library.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/program.hpp"

#include <algorithm>

#include "data/assert.hpp"

namespace tranchain {

bool is_business_day(const Calendar& calendar, Date day)
{
    const bool weekday = day.weekday() <= 5;
    if (day < calendar.from || day > calendar.to) return weekday;
    const bool excepted =
        std::binary_search(calendar.exceptions.begin(), calendar.exceptions.end(), day);
    return weekday != excepted;
}

Date add_business_days(const Calendar& calendar, Date day, int n)
{
    invariant(n >= 1);
    while (n > 0) {
        ++day;
        if (is_business_day(calendar, day)) --n;
    }
    return day;
}

} // namespace tranchain
