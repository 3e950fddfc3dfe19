// Seed: what chooses the random part of a test, and how often a long one is repeated.
//
// TRANCHAIN_SEED (1 if unset) and TRANCHAIN_TORTURE (1). The runner prints the seed under torture and
// whenever a test fails, so that a failure can be had again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

namespace tranchain {

inline std::uint64_t environment_number(const char* name)
{
    const char* text = std::getenv(name);
    return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 10) : 1;
}
inline std::uint64_t test_seed()
{
    return environment_number("TRANCHAIN_SEED");
}
inline std::uint64_t test_torture()
{
    return environment_number("TRANCHAIN_TORTURE");
}

}  // namespace tranchain
