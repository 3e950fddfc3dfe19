// SampleDeal: the deal file of jdht-2018-6, which is part of the program.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tranchain {

inline constexpr std::string_view sample_deal =
#include "embed/data/deal/jdht-2018-6.toml.inc"
    ;

}  // namespace tranchain
