// Price: what a receivable costs, and what it yields at a price.
//
// The fees are the forms in which a factor charges: fixed, percent of face, per period begun or
// ended, a year on the advance; several of them add up. What the face brings in above the price is
// income when it is paid.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// The base of the price rounded half-up to the fen, less each fee rounded likewise. Days run from
/// settlement to due. A result that is not above zero, or above the face, is no price: nothing is
/// bought at it. Never above Money::max_fen either way.
Money price_of(const Purchase& terms, Money face, Money financed, Date settle, Date due);

/// What the price of a face leaves out as one fee; periods and years from settlement to due.
Money price_fee(const PriceFee& fee, Money face, Money financed, std::int64_t days);

/// (face - price) / price * 365 / days >= rate. False where no day is left.
bool yields(Money face, Money price, std::int64_t days, Rate rate);

/// True when a price asks for the amount financed.
bool needs_financed(const Purchase& terms);

} // namespace tranchain
