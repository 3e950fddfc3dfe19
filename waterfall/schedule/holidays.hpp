// Holidays: the calendars a deal may name, as lists of days that differ from Monday to Friday.
//
// China's come from data/calendar/china.csv, which is part of the program: QuantLib 1.29 as
// packaged silently knows no Chinese holiday after 2023. Other calendars follow rules, taken from
// QuantLib. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "data/error.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// The calendar with its exceptions from `from` to `to`, cut to the years it is known for. A name
/// that clause.hpp does not list is a bug.
Calendar make_calendar(std::string_view name, Date from, Date to);

/// Reads a holiday file: `date,exchange,bank`, one day a line, each `open` or `closed`.
/// Cover: the whole years from the first to the last date of the file.
struct HolidayFile {
    Calendar exchange;
    Calendar bank;
};
[[nodiscard]] Checked<HolidayFile> parse_holidays(std::string_view text, std::string file_name);

} // namespace tranchain
