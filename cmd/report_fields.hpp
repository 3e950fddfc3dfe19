// Report fields: what several papers use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cmd/accepted.hpp"
#include "cmd/report_papers.hpp"

namespace tranchain {

/// Yuan per unit with four decimals, cut after them.
Value per_unit(Money amount, std::int64_t units);
/// The name of an account in a paper; a reserve's is that of its own.
std::string account_words(const Program& program, std::size_t account, const PaperWords& w);
/// The stored word of a phase, or of a type of record; or what the papers of the field call it.
std::string phase_words(const std::string& phase, const PaperWords& w);
std::string record_words(const std::string& type, const PaperWords& w);
/// What every paper of a period is headed by: plan, currency, the distribution and its period.
void paper_head(const PaperSubject& s, const PaperWords& w, Answer& answer);

/// A day of a public part; an empty text where there is none.
Value day_in(const Json& object, std::string_view key);
/// The day on which a distribution left the bank, up to the end of `through`, or that it has not yet.
Value left_bank_words(const PaperSubject& s, const Json& distribution, Date through, const PaperWords& w);

/// The share of a whole in percent with four decimals, cut after them.
Value cumulative_percent(Money part, Money whole);

// Tables over the days of a subject, the same in every paper that has them.
/// The pool from the day before the first to the last, by unpaid face.
void pool_table(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// What the pool brought and what it lost, and the cumulative default rate at the end.
void collections_table(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// Each trigger: how often judged, lowest margin, count at the end, effects.
void triggers_table(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// Bank account and ledgers from opening to closing.
void accounts_table(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// Who was told and who answered; of all notices, or of those about one effect.
void notices_table(const PaperSubject& s, const PaperWords& w, Answer& answer, const ReportEffect* about);

/// How often book and bank were compared in the days of the subject, and differed.
struct BankComparison {
    std::int64_t compared = 0, breaks = 0;
};
BankComparison compare_with_bank(const PaperSubject& s);

} // namespace tranchain
