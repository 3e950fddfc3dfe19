// Report fields: what several papers use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cmd/accepted.hpp"
#include "cmd/report_papers.hpp"

namespace tranchain {

/// Yuan per unit with four decimals, cut after them.
std::string per_unit(Money amount, std::int64_t units);
/// The name of an account in a paper; a reserve's is that of its own.
std::string account_words(const Program& program, std::size_t account, const PaperWords& w);
/// What every paper is headed by: plan, currency, the distribution and its period.
void paper_head(const PaperSubject& s, const PaperWords& w, Answer& answer);

/// The days of the period that are closed.
std::vector<const ReportDay*> days_of_period(const PaperSubject& s);
/// The day before `date`; null where that is before closing.
const ReportDay* day_before(const ReportDeal& deal, Date date);

} // namespace tranchain
