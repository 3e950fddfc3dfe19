// Pending: the state that the lines of a distribution start from.
//
// Payouts that wait for their day have been made in it, but for the ledgers' cash; what their lines
// found holds on the unadjusted date already, whether they were booked since or not; income is that
// at the calculation date.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

DealState before_lines(const Program& program, const DealState& state, const PaymentDate& date);

} // namespace tranchain
