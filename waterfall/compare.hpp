// Compare: one month at a time, the deal's rule against what was reported as paid.
//
// Every month starts from the balances reported for it, so a difference does not spread into later
// months. Cash is taken to be enough: what is compared is the rule.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

struct ReportedClass {
    Money opening, interest, principal, closing;
};
struct ReportedMonth {
    std::string period;          ///< first day of the collection month, as in the file
    PaymentDate date;
    Money pool;                  ///< at the end of the collection month
    std::vector<std::optional<ReportedClass>> classes;  ///< as Program::tranches; none = not there
};

/// CSV: period, pool_principal_end (left out: what is left of the classes, so that the sum of
/// principal is given and its split is compared), and for each tranche ID_begin, ID_interest, ID_principal,
/// ID_end; other columns are ignored. With a column `deal` only the rows whose deal is the
/// program's name count. The first row belongs to the first payment date, each later one to the
/// payment date of the month after its period.
[[nodiscard]] Checked<std::vector<ReportedMonth>> read_actual(const std::string& path,
                                                              const Program& program);

struct Difference {
    std::string period;
    Date date;
    std::string tranche;         ///< empty for the sum of all
    std::string item;            ///< `interest`, `principal`
    Money by_rule, actual;
    std::string why;
};
struct ComparedMonth {
    std::string period;
    Date date;
    Money principal, actual;     ///< of all tranches
};
struct Comparison {
    std::vector<ComparedMonth> months;
    std::vector<Difference> differences;
    std::int64_t principal_equal = 0;                                ///< months
    std::int64_t interest_equal = 0, interest_compared = 0;          ///< tranche-months
    std::int64_t thirty_360_equal = 0, thirty_360_compared = 0;      ///< of those on 30/360
};
[[nodiscard]] Result<Comparison> compare(const Program& program,
                                         const std::vector<ReportedMonth>& months);

}  // namespace tranchain
