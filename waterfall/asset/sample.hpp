// Sample contracts: consumer instalments made of integers alone, so that a seed gives the same bytes
// everywhere.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "data/date.hpp"
#include "data/money.hpp"
#include "waterfall/generate.hpp"

namespace tranchain {

/// Draws contracts as of a day, one after another, and writes them as a contract list.
///
/// Each is 600 to 30,000 yuan in 3, 6 or 12 monthly instalments, made up to four weeks before; four
/// in five by flat fee (0.60% of the principal each month), the others level at 14.40% a year.
class ContractSampler {
public:
    explicit ContractSampler(std::uint64_t seed);
    /// Contracts whose principals add up to `principal`, a whole number of hundreds.
    std::string list(Date as_of, Money principal);

private:
    Sampler sampler_;
    std::uint64_t seed_;
    std::string seller_;
    std::int64_t serial_ = 0;
};

} // namespace tranchain
