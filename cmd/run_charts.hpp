// Charts of a run: what a desk looks at first.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cmd/output.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// `balances` of the tranches, `payments` of each date by what they pay, and `margin`: the value of
/// the first trigger that is judged daily, its threshold, and its count of days.
void add_run_charts(Answer& answer, const Program& program, const Projection& p);

/// `waterfall`: how the lines of one distribution use up its funds, book after book.
void add_distribution_chart(Answer& answer, const Program& program, const Distribution& d);

/// One day of a trigger, for `margin`.
struct JudgedDay {
    Date date;
    Money value;
    Money threshold;
    std::int64_t count = 0;
};
Chart margin_chart(const std::string& trigger, const std::string& currency,
                   const std::vector<JudgedDay>& days);

}  // namespace tranchain
