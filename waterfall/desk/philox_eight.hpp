// Philox, eight counters at a time: with AVX2 where the processor has it, else one after the other.
// The words are the same either way.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "waterfall/desk/philox.hpp"

namespace tranchain {

/// Word w of lane i is words[w][i].
using PhiloxEight = std::array<std::array<std::uint32_t, 8>, 4>;

/// By which instructions: those that every processor has, or AVX2.
enum class PhiloxKernel : std::uint8_t { plain, avx2 };
/// The fastest that this processor has.
PhiloxKernel best_philox_kernel();

/// philox4x32_10() of `c` and of the seven counters that follow it in c[2], which does not overflow.
/// avx2 only where best_philox_kernel() says so.
PhiloxEight philox_eight(const PhiloxCounter& c, const PhiloxKey& k, PhiloxKernel kernel);

} // namespace tranchain
