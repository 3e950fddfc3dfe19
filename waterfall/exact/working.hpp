// Working: how the amount due on a line of a distribution came about, figure by figure.
//
// A second look, not a second rule: every figure is asked of the functions that distribute() itself
// uses, of the same state, so a working cannot disagree with the payment that it explains. Words are
// English or Chinese, as in explain.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

struct WorkingStep {
    std::string what;
    std::variant<Money, std::string> figure; ///< a rate, a count and a test are text
};

/// The step of `program` with the number of a line, of several (`else`) the one that names its payee;
/// null: none has that number.
const Step* step_of(const Program& program, const Line& line);

/// Of line `index` of `d`, which distribute() made of `before`. The last step is what is due on it.
std::vector<WorkingStep> working_of(const Program& program,
                                    const DealState& before,
                                    const Distribution& d,
                                    std::size_t index,
                                    Language language);

} // namespace tranchain
