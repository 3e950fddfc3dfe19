// New deal: the text of a deal file from a handful of answers, to be gone on with by hand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "data/date.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"

namespace tranchain {

struct DealAnswers {
    std::string id = "my-deal";
    std::string name; ///< the id if empty
    Date closing, maturity, legal_final;
    std::optional<Date> revolving_until; ///< none: the deal amortizes from closing
    Money size;                          ///< of all tranches; the residual takes what A and B leave
    Money senior;
    Rate senior_coupon;
    Money mezzanine; ///< zero: no tranche B
    Rate mezzanine_coupon;
    Rate discount;          ///< of purchases, a year
    std::int64_t days = 30; ///< of the pool trigger
};

/// A deal file in the language of tranchain-deal(5). Whether the answers make sense is for `deal
/// check` to say.
std::string new_deal_text(const DealAnswers& answers);

} // namespace tranchain
