// Facility: what a provider may still lend, and what he is owed for it.
//
// A facility is drawn, repaid and paid by lines of a distribution only, so between two unadjusted
// payment dates its balance stands still and each of its two costs is one product, rounded once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/exact/distribution.hpp"

namespace tranchain {

/// The limit on `day`, not below zero and not above amount_limit, with the balances of `state`.
Money facility_limit(const Program& program, const DealState& state, std::size_t facility, Date day);
/// What is left of `limit`: less what is drawn, or less all ever lent when it does not replenish.
/// Not below zero: a limit that fell recalls nothing.
Money undrawn(const Facility& facility, const FacilityState& state, Money limit);

/// Opens the facilities' lines of a distribution: limit, balances, and the costs of the interest
/// period, each rounded as amounts are; on top of what was unpaid. `state`: before its payments.
void accrue_facilities(const Program& program, const DealState& state, Distribution& d);
/// Closes them, and puts what the state keeps into the payout.
void settle_facilities(const Program& program, const DealState& state, Distribution& d);

} // namespace tranchain
