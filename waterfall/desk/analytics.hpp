// Analytics: what a desk says of a series of exact payments: average life and yield. Advice, never a
// signed figure; the only floating point of the program is here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"

namespace tranchain {

/// What a holder receives on one day.
struct HolderPayment {
    Date date;
    Money interest, principal;
};

struct Analytics {
    /// Years (actual/365) to principal, weighted by amount; none when no principal is paid.
    std::optional<double> average_life;
    /// Yearly compounded, actual/365, bought for `price` on `settlement`; none when the payments
    /// cannot bring it back.
    std::optional<double> yield;
    std::optional<Date> last_payment;   ///< the last day with money
    double interest_per_100 = 0;        ///< of face
    double principal_per_100 = 0;
};

Analytics analyse(std::span<const HolderPayment> payments, Money face, Money price,
                  Date settlement);

}  // namespace tranchain
