// Business days by QuantLib: our calendars as QuantLib ones, and the rolling of payment dates.
//
// What is signed counts days with is_business_day of program.hpp; a test holds the two against each
// other, and our China calendars against QuantLib's own for the years that it knows.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/program.hpp"

namespace QuantLib {
class Calendar;
class Date;
} // namespace QuantLib

namespace tranchain {

QuantLib::Date quantlib_date(Date day);
Date from_quantlib(const QuantLib::Date& day);

/// A QuantLib calendar with exactly the business days of ours.
QuantLib::Calendar quantlib_calendar(const Calendar& calendar);

/// `day` if it is a business day of all `calendars`, else rolled by `roll`.
Date adjust(Date day, Roll roll, std::span<const Calendar> calendars);

} // namespace tranchain
