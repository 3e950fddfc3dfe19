// The registry of asset adapters.
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "data/assert.hpp"
#include "waterfall/asset/adapter.hpp"

namespace tranchain {

const AssetAdapter& factoring_adapter();  // factoring.cpp
const AssetAdapter& instalment_adapter(); // instalment.cpp
const AssetAdapter& scheduled_adapter();  // scheduled.cpp

std::span<const AssetAdapter* const> adapters()
{
    static const std::array all{&factoring_adapter(), &instalment_adapter(), &scheduled_adapter()};
    return all;
}

const AssetAdapter& adapter_of(AssetType type)
{
    const auto index = static_cast<std::size_t>(type);
    invariant(index < adapters().size() && adapters()[index]->type() == type);
    return *adapters()[index];
}

} // namespace tranchain
