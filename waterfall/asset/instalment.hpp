// Instalment: schedules of consumer loans and of instalment plans with a flat fee, exact to the fen.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"
#include "waterfall/asset/adapter.hpp"

namespace tranchain {

/// How an instalment contract is repaid.
enum class Method : std::uint8_t {
    level,         ///< the same sum each time
    even,          ///< the same principal each time, interest on what is left
    interest_only, ///< interest each time, all principal with the last
    balloon,       ///< level, but for a sum that is left to the last
    flat_fee,      ///< the same principal and the same fee each time
};
inline constexpr std::array<std::string_view, 5> method_names{"level", "even", "interest_only",
                                                              "balloon", "flat_fee"};

struct InstalmentTerms {
    Method method = Method::level;
    Money principal;        ///< above zero
    Rate rate;              ///< a year, a twelfth of it a month; flat_fee: of principal, each time
    std::int64_t count = 1; ///< 1 to payments_max
    Date first;             ///< later ones on the same day of each month, or its last
    Money balloon;          ///< at most the principal
};

/// Interest of a month is a twelfth of the yearly rate on the principal left, half-up to the fen;
/// so is a flat fee. The sum of a level plan is the smallest whole fen that, paid each time, leaves
/// nothing (or no more than the balloon). Even principal is rounded down. In every plan the last
/// instalment takes the principal that is left, so principals add up to the principal.
std::vector<Due> instalments(const InstalmentTerms& terms);

} // namespace tranchain
