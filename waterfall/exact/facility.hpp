// Facility: what a provider may still lend, and what he is owed for it.
//
// A facility is drawn, repaid and paid by lines of a distribution only, so between two unadjusted
// payment dates its balance stands still and each of its two costs is one product, rounded once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "waterfall/exact/distribution.hpp"

namespace tranchain {

/// Opens the facilities' lines of a distribution: limit, balances, and the costs of the interest
/// period, each rounded as amounts are; on top of what was unpaid. `state`: before its payments.
void accrue_facilities(const Program& program, const DealState& state, Distribution& d);
/// Closes them, and puts what the state keeps into the payout.
void settle_facilities(const Program& program, const DealState& state, Distribution& d);

} // namespace tranchain
