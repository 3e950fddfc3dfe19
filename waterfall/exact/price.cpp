// Prices, exact.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/price.hpp"

#include <algorithm>

#include "data/assert.hpp"
#include "data/rate.hpp"

namespace tranchain {

namespace {

constexpr int fee_basis = 365;

Money clamped(Int128 fen)
{
    return Money::fen(static_cast<std::int64_t>(
        std::clamp(fen, Int128{-Money::max_fen}, Int128{Money::max_fen})));
}

/// numerator / denominator half-up, held within the range of Money: a record's rows come from
/// others. denominator > 0.
Money quotient(Int128 numerator, Int128 denominator)
{
    const Int128 most = Int128{Money::max_fen} * denominator;
    return Money::fen(
        divide_rounded(std::clamp(numerator, -most, most), denominator, Rounding::half_up));
}

Money base_of(const Purchase& terms, Money face, Money financed, std::int64_t days)
{
    const Int128 year = Int128{Rate::one} * terms.basis;
    const Int128 part = Int128{terms.discount.in_ppb()} * days;
    switch (terms.form) {
    case Purchase::Form::discount:
        return quotient(Int128{face.in_fen()} * (year - part), year);
    case Purchase::Form::face:
        return face;
    case Purchase::Form::financed:
        return financed;
    case Purchase::Form::yield:
        if (year + part <= 0) return Money::fen(Money::max_fen); // so long past due: no price
        return quotient(Int128{face.in_fen()} * year, year + part);
    }
    invariant(false);
    return zero;
}

} // namespace

Money price_fee(const PriceFee& fee, Money face, Money financed, std::int64_t days)
{
    const std::int64_t left = std::max<std::int64_t>(0, days);
    const auto times = [&](Money base, std::int64_t count, std::int64_t parts) {
        return quotient(Int128{base.in_fen()} * fee.rate.in_ppb() * count,
                        Int128{Rate::one} * parts);
    };
    switch (fee.kind) {
    case PriceFee::Kind::fixed:
        return fee.amount;
    case PriceFee::Kind::of_face:
        return times(face, 1, 1);
    case PriceFee::Kind::per_started_period:
        return times(face, (left + fee.days - 1) / fee.days, 1);
    case PriceFee::Kind::per_full_period:
        return times(face, left / fee.days, 1);
    case PriceFee::Kind::a_year_of_financed:
        return times(financed, left, fee_basis);
    }
    invariant(false);
    return zero;
}

Money price_of(const Purchase& terms, Money face, Money financed, Date settle, Date due)
{
    const std::int64_t days = due - settle;
    Int128 fen = base_of(terms, face, financed, days).in_fen();
    for (const PriceFee& fee : terms.fees) fen -= price_fee(fee, face, financed, days).in_fen();
    return clamped(fen);
}

bool yields(Money face, Money price, std::int64_t days, Rate rate)
{
    if (days <= 0 || price <= zero) return false;
    const Int128 earned = Int128{face.in_fen()} - price.in_fen();
    return earned * fee_basis * Rate::one >= Int128{price.in_fen()} * days * rate.in_ppb();
}

bool needs_financed(const Purchase& terms)
{
    return terms.form == Purchase::Form::financed ||
           std::any_of(terms.fees.begin(), terms.fees.end(), [](const PriceFee& fee) {
               return fee.kind == PriceFee::Kind::a_year_of_financed;
           });
}

} // namespace tranchain
