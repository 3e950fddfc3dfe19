// Timetable: the days on which each distribution is prepared: who must have done what by when.
//
// A day is so many working days after the calculation date or before the payment itself, each on
// the calendar that its clause names: bank days and exchange days differ around every holiday with
// working weekends. Rules and calendars are part of the program, so no later calendar moves a day.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "waterfall/exact/program.hpp"

namespace tranchain {

/// `payment` is a date of the program. A deal without that calendar is a bug (unsound programs do
/// not exist).
Date milestone_day(const Program& program, const Milestone& milestone, const PaymentDate& payment);

/// The support is due so many working days before the payment.
Date support_day(const Program& program, const Support& support, const PaymentDate& payment);

/// Two days of one distribution in an order in which nobody can do his work.
struct TimetableConflict {
    const Milestone* milestone = nullptr; ///< the one that comes too late, or too early
    const Milestone* needed_by = nullptr; ///< none: the calculation or the payment itself
    PaymentDate payment;                  ///< the first distribution it happens to
    Date day, limit;
};

/// The first conflict of each pair: money before the report about it, every report before the
/// allocation that needs it, the allocation before what is told to holders and paid out, and all of
/// it after the calculation and before the payment.
std::vector<TimetableConflict> timetable_conflicts(const Program& program);

/// `the servicer's report`
std::string milestone_words(Milestone::Kind kind);

} // namespace tranchain
