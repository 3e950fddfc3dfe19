// Reserve lines: how a required reserve and what may be lent come about, line by line, so that a
// reader can redo each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/output.hpp"
#include "data/error.hpp"
#include "data/tape.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/reserve.hpp"

namespace tranchain {

/// Lines of a table `lines`: `line`, `figure` and `formula`.
class ReserveLines {
public:
    void add(const char* line, std::string formula, Value figure);
    void add_to(Answer& answer) const;

private:
    std::vector<std::vector<Value>> rows_;
};

/// As on the command line.
struct NetTerms {
    /// Of an obligor group in the eligible balance, `10%`, in the place of the limits of the deal.
    std::optional<std::string> limit;
    std::optional<Money> deduct;
};

/// Adds the lines of the net receivables pool balance of a tape, and gives it: what no criterion of
/// `deal` rejects on `as_of` (the tape's day if there is none), less what exceeds the limits of the
/// deal or that of `terms`, less deductions; it may be negative. Errors: a limit that is no share.
[[nodiscard]] Result<Money> add_net_balance(ReserveLines& lines,
                                            const std::vector<Receivable>& tape,
                                            const Program* deal, std::optional<Date> as_of,
                                            const NetTerms& terms);
/// Where the net balance of a tape is not positive.
inline constexpr const char* no_balance_hint =
    "less --deduct, a higher --limit, or a tape of which more is eligible";
/// `origin`: what says so.
void add_stress_factor(ReserveLines& lines, Parts stress, std::string origin);
/// From the loss ratio to the borrowing base of `balance`.
void add_reserve(ReserveLines& lines, const PoolReserve& r, const ReserveTerms& t, Money balance);
/// `reserve`: the parts of the dynamic reserve beside those of the floor, in percent of the balance.
void add_reserve_chart(Answer& answer, const PoolReserve& r, const ReserveTerms& t);
/// The ratios of the twelve months as a table.
void add_reserve_months(Answer& answer, const PoolReserve& reserve);

} // namespace tranchain
