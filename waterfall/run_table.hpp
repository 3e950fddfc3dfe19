// Run table: two runs of one deal, figure by figure, and the first input in which they part.
//
// A run's table has one row for each payment date. What was collected, bought and owned is what a
// distribution is fed with, its inputs; what was paid follows from them and from the deal. So when
// the inputs agree and a result does not, the two programs read a clause in two ways.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/error.hpp"

namespace tranchain {

/// Cells as text, money with two decimals; the column `date` names a row.
struct RunTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< each as long as `columns`
};

/// A CSV with a column `date` and any columns of `waterfall run -f csv`. Errors: no such column, a
/// date that comes twice or does not exist.
[[nodiscard]] Checked<RunTable> read_run_table(const std::string& path);

struct FigureDifference {
    std::string date, column;
    bool input = false;
    std::string ours, theirs; ///< text; empty: none
};

struct RunComparison {
    std::int64_t compared = 0, equal = 0;          ///< figures
    std::vector<FigureDifference> differences;     ///< by date, inputs before results
    std::vector<std::string> columns_missing;      ///< of ours, not in theirs: not compared
    std::vector<std::string> columns_unknown;      ///< of theirs, not in ours: not compared
    std::vector<std::string> dates_missing;        ///< of ours, not in theirs
    std::vector<std::string> dates_unknown;
    [[nodiscard]] const FigureDifference* first_input() const; ///< null: all inputs agree
    [[nodiscard]] bool agree() const;
};

/// Amounts are equal when they are the same money (`7` and `7.00`), all else when the text is.
[[nodiscard]] RunComparison compare_runs(const RunTable& ours, const RunTable& theirs);

} // namespace tranchain
