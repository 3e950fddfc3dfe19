// Day counts: the part of a year between two dates, as one exact fraction.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "data/date.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

struct YearFraction {
    std::int64_t days = 0;
    std::int64_t basis = 365; ///< 133590 = 365 x 366 for act/act, whose days are of two lengths
};

/// From `from` inclusive to `to` exclusive. `last` is the termination date of 30E/360 ISDA. Words
/// as in ISDA 2006 section 4.16; 30/360 US judges a 31st before
/// the end of February, as QuantLib does (others do the reverse); NL/365 leaves out each 29
/// February passed.
YearFraction year_fraction(DayCount count, Date from, Date to, Date last);

} // namespace tranchain
