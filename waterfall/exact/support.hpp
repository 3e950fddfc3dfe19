// Support (差额支付): what is claimed of the supporter, what he paid, and what still is open.
//
// Where the terms name a reserve for his money, a shortfall is judged at the end of the calculation
// date, by the priority of payments on what the ledgers hold then; what he pays goes into that
// reserve, which only covered lines draw on. After a distribution the open claims on an item are
// what is unpaid of it, less what waits in the reserve: more becomes a new claim, less lapses.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// `interest A`, `principal B`: what a demand is for.
std::string covered_item(const Support::Cover& cover);

/// The terms name a reserve for what the supporter pays. Else his money is not received at all:
/// claims are made by distributions and stay as they are.
bool receives_support(const Program& program);
/// The reserve is the supporter's. It opens empty and no default merges it.
bool holds_support(const Program& program, std::string_view reserve);
/// Its account; only where receives_support().
Account support_account(const Program& program);
/// Whether a line `supported by` the helper may draw on it on this date: on the supporter's reserve
/// principal not before expected maturity, on all others always.
bool may_draw(const Program& program, const Step& step, std::string_view helper, Date unadjusted);

/// What would let the supporter's money go elsewhere: a reserve with money of its own, a line that
/// draws on it and is not covered, one that fills or empties it. None in a sound program.
struct SupportMisuse {
    Clause clause; ///< of the reserve or the line
    std::string what;
};
std::vector<SupportMisuse> misused_support(const Program& program);
/// The line is `supported by` that reserve or facility.
bool draws_on(const Step& step, std::string_view helper);

/// Demanded, and neither received nor lapsed.
Money open_claim(const Demand& demand);
Money open_claims(const DealState& state);

/// Money of the supporter settles claims, the oldest first; what is left over waits in the reserve.
void settle_claims(DealState& state, Money received);
/// Claims as the distribution leaves them; see above. New ones are due on the terms' day, but not
/// before the distribution is paid.
std::vector<Demand>
claims_after(const Program& program, const std::vector<Demand>& claims, const Distribution& d);
/// At the end of closed_through: judges the next payment date, once, on its calculation date or
/// when the one before it is distributed. True if something is demanded that was not.
bool judge_support(const Program& program, DealState& state);

} // namespace tranchain
