// Scenario fit: what a seller's ledger says of the assumptions that a scenario file makes.
//
// Every share is of amounts, not of numbers of invoices, and a whole part per billion. Only invoices
// count whose fate is known: those that could have defaulted by the last day of the ledger.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "data/rate.hpp"
#include "waterfall/assumption.hpp"
#include "waterfall/seller_ledger.hpp"

namespace tranchain {

/// Thirty days after due, which end with day `to`.
struct FittedSpan {
    std::int64_t to = 0;
    Money seen; ///< defaulted amount that has seen them all
    Money back; ///< cash within them for what has seen every span
};

/// The assumptions about the pool, or about one value of a column.
struct FittedScope {
    Scope of;
    std::int64_t invoices = 0;
    Money amount; ///< of them
    /// Of what was paid before default, also in part: days after due and shares, which sum to 100%.
    /// Each day by itself if there are at most twenty, else twenty parts of about equal amount, each
    /// with its mean day. Empty if nothing was paid.
    std::vector<std::pair<std::int64_t, Rate>> paid;
    /// Invoices with a credit before default: their share of the amount, and the share of theirs
    /// that was credited, both half-up.
    Rate diluted, dilution;
    Money defaulted_amount; ///< as defaults_of has it; amount = dilution + paid before it + this
    Rate defaulted;         ///< that / amount less dilution, half-up
    /// Each span of thirty days after due that at least half of what defaulted has seen to its end.
    std::vector<FittedSpan> spans;
    Money at_risk; ///< defaulted amount that has seen every span: recoveries are told of it alone
    /// Of each span in which something came back, back / at_risk, down, with the mean day of it; of
    /// the same defaults throughout, so that together they are at most 100%.
    std::vector<std::pair<std::int64_t, Rate>> recovery;
    std::int64_t recovery_seen = 0; ///< days after due to which recoveries are told: the last span's
};

struct ScenarioFit {
    std::vector<FittedScope> scopes; ///< in the order of their names
    std::int64_t invoices = 0, open = 0, unnamed = 0; ///< used; fate not known; without a value
    Money amount, open_amount, unnamed_amount;
    Date first, last; ///< days of the invoices that were used
};
/// `by`: pool, group, rating, region or industry. `default_days` as in defaults_of, >= 0.
/// Errors: no invoice whose fate is known; none that has a value of the column.
[[nodiscard]] Result<ScenarioFit>
fit_scenario(const SellerLedger& ledger, Scope::Kind by, std::int32_t default_days);

/// The assumptions as a scenario file has them, without its head.
std::string assumptions_toml(const ScenarioFit& fit);

} // namespace tranchain
