// Accrual: interest and fees from one date to another, each a product rounded once.
//
// Principal paid on a rolled date reduces balances from the unadjusted date, so between two
// unadjusted dates they stand still and no day needs to be added up, but for fees on a moving base.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// Simple interest at `rate` a year on `balance` from `from` inclusive to `to` exclusive, rounded to
/// the fen as the deal says.
Money simple_interest(
    const Program& program, Rate rate, DayCount days, Money balance, Date from, Date to);
/// The same at the coupon of a tranche; zero if it bears none.
Money accrued_interest(
    const Program& program, const Tranche& tranche, Money balance, Date from, Date to);

/// Interest of a tranche at its coupon on `from`, or on its last reset date before, and at its
/// deferred rate on what is in arrears.
Money interest_of(
    const Program& program, const DealState& state, std::size_t tranche, Date from, Date to);

/// The rate of interest_of, as the coupon or its rule gives it; none for a residual tranche.
std::optional<Rate>
coupon_of(const Program& program, const DealState& state, std::size_t tranche, Date from);
/// What the coupon runs on: the tranche's own principal and that of the notional ones.
Money coupon_base(const Program& program, const DealState& state, std::size_t tranche);

/// Interest that would fall due on `payment`, an unadjusted date, becomes principal instead.
bool capitalises(const Program& program, const DealState& state, std::size_t tranche, Date payment);

/// A whole number of units times an amount per unit, as near to `amount` as the deal's rounding
/// says.
struct PerUnit {
    std::int64_t units = 0;
    Money amount;          ///< per-unit amount x units
    std::int64_t each = 0; ///< the per-unit amount in 10^-places yuan; places: unit_places()
};
/// Decimals of a yuan of an amount per unit: those of the deal, at least the fen's two.
int unit_places(const Program& program);
PerUnit per_unit(const Program& program, const Tranche& tranche, Money amount);
/// Never more than `amount`: what limited funds can pay.
PerUnit per_unit_at_most(const Program& program, const Tranche& tranche, Money amount);

/// True for an annual rate on a base that moves between payment dates: on more than the notes.
bool needs_base_days(const Fee& fee);
/// True for a fee that accrues each day of a year.
bool by_year(const Fee& fee);
/// Sum over days of a fee's base, in fen, from one unadjusted payment date of the state to the next.
std::int64_t base_days_between(const DealState& state, std::size_t fee, Date from, Date to);
/// An annual fee from `from` inclusive to `to` exclusive, rounded once. `base_days`: the sum of the
/// base over those days, for fees that need it.
Money accrued_annual_fee(const Program& program,
                         const DealState& state,
                         const Fee& fee,
                         Date from,
                         Date to,
                         std::int64_t base_days);
/// Base of a fee that is a rate of something; not below zero.
Money fee_base(const Program& program, const DealState& state, const Fee& fee, Date day);
/// What a fee that accrues by no year adds to what is due for the period after `from` to `to`.
/// A target fee: what the target is above all paid and due, below zero if it fell.
Money single_fee(
    const Program& program, const DealState& state, std::size_t fee, Date from, Date to);

/// First day of the fee year in which `date` lies: closing or an anniversary of it.
Date fee_year(const Program& program, Date date);

/// Tax, fees and interest of tranches with a coupon, accrued and unpaid to `day` (exclusive).
Money accrued_and_unpaid(const Program& program, const DealState& state, Date day);

} // namespace tranchain
