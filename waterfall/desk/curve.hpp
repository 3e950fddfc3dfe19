// Curve: QuantLib's term structure behind a Curve of price.hpp, for the files of this folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ql/termstructures/yieldtermstructure.hpp>

#include "waterfall/desk/price.hpp"

namespace tranchain {

struct Curve::Inside {
    QuantLib::ext::shared_ptr<QuantLib::YieldTermStructure> term_structure;
};

} // namespace tranchain
