// QuantLib: our exact dates and amounts as the library's, for advice that nobody signs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ql/time/date.hpp>

#include "data/date.hpp"
#include "data/money.hpp"

namespace tranchain {

inline QuantLib::Date to_quantlib(Date date)
{
    return {static_cast<int>(date.day()), static_cast<QuantLib::Month>(date.month()), date.year()};
}

/// An amount in yuan: exact up to 2^53 fen, about 90 trillion yuan.
inline double yuan(Money amount)
{
    return static_cast<double>(amount.in_fen()) / 100.0;
}

} // namespace tranchain
