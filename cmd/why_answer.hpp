// Why answer: the sections of `audit why`, in English or Chinese.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/output.hpp"
#include "cmd/report_papers.hpp"
#include "cmd/why_books.hpp"
#include "cmd/why_receipts.hpp"
#include "waterfall/exact/distribution.hpp"

namespace tranchain {

/// What a distribution can be asked about: a payee's lines, or one line.
struct WhyItem {
    std::string id;                 ///< `A.interest`, `fee.vat`, `reserve.x`; else the short number
    std::vector<std::size_t> lines; ///< of Distribution::lines
};
/// In the order of the lines. A line that pays somebody has the payee's name, one that moves money
/// inside the account its number, such as `income.6`.
std::vector<WhyItem> why_items(const Program& program, const Distribution& d);
/// `income.4` of `priority.revolving.income.4`.
std::string short_number(const std::string& number);

/// Everything that an answer is made of.
struct WhySubject {
    const WhyDeal& deal;
    const ReportDeal& report;
    const WhyDistribution& asked; ///< of `deal`
    Distribution d;               ///< recomputed from asked.before
    WhyItem item;
    std::optional<Program> source;   ///< the deal file's, with places
    std::string source_file;
    std::optional<RowsOf> rows;      ///< none: this copy has none
    bool all = false;                ///< every movement and receipt, not only the largest
    PaperWords w;
    RecordRefs& refs;
};

/// Due, paid, clause; how what is due was computed.
void why_head(WhySubject& s, Answer& answer);
/// From which ledger it was paid, what was in it, and what put it there, down to receipts.
[[nodiscard]] Result<> why_funds(WhySubject& s, Answer& answer);
/// The debit that paid it, and all records named so far with their hashes.
[[nodiscard]] Result<> why_payment(WhySubject& s, Answer& answer);

} // namespace tranchain
