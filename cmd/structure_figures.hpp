// Structure figures: what is compared of a deal, of each tranche and of a run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cmd/value.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

struct StructureFigure {
    std::string key, title;
    bool has_change = true; ///< it is no words: change_between() says something of two of them
    /// Key of the figure before it that must be equal in both, or there is nothing to subtract.
    std::string of = {};
};

/// Of a tranche as the deal says it; tranchain-deal(1) says what each means. Shares are of the
/// amounts of all tranches with principal, half-up to 0.01%.
std::vector<StructureFigure> structure_figures();
/// Of the amounts of all tranches with principal, half-up to 0.01%; null if there are none.
Value share_of_faces(const Program& program, Money part);
/// Their values in that order. An interest-only tranche has no thickness; a coupon that a rule gives
/// is no number here.
std::vector<Value> structure_of(const Program& program, std::size_t tranche);

/// Of a tranche in a run: average life in years of days / 365 (floating point, four decimals) and the
/// day its principal was repaid, none if it was not; what was unpaid after the last distribution.
std::vector<StructureFigure> payment_figures();
std::vector<Value> payments_of(const Program& program, const Projection& run, std::size_t tranche);

/// Of the whole deal in a run: fees paid (those above a cap included), paid to residual tranches,
/// the first trigger that took effect and its day, the last payment.
std::vector<StructureFigure> deal_figures();
std::vector<Value> deal_figures_of(const Program& program, const Projection& run);

} // namespace tranchain
