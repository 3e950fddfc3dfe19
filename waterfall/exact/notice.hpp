// Notice: which clauses took effect, on which values, and what each addressee must do by when.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "data/record.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// {triggers: [{id, clause, number, effect, effective, days: [{date, value, threshold, breach,
/// count}]}], revealed, addressees: [{party, action, by}]}; state.notice_owed must be there.
Record build_notice(const Program& program, const DealState& state);

/// Id under which a notice tells of it: the trigger's, `expected-maturity` or `support`.
std::string fired_id(const Program& program, const Fired& fired);

} // namespace tranchain
