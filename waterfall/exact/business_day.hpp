// Business day: the calendar day of a moment where the deals live, China Standard Time, UTC+8 all year.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "data/date.hpp"

namespace tranchain {

/// `time`: UTC seconds. What lies outside the range of Date becomes its first or last century.
inline Date business_day(std::int64_t time)
{
    constexpr std::int64_t day = 86'400;
    const std::int64_t local = time + 8 * 3'600;
    const std::int64_t days = local >= 0 ? local / day : -((-local + day - 1) / day);
    return Date::from_days(
        static_cast<std::int32_t>(std::clamp<std::int64_t>(days, -25'000, 84'000)));
}

} // namespace tranchain
