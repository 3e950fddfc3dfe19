// Philox, eight counters at a time.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/philox_eight.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tranchain {

namespace {

PhiloxEight philox_eight_plain(const PhiloxCounter& c, const PhiloxKey& k)
{
    PhiloxEight out;
    for (std::uint32_t i = 0; i < 8; ++i) {
        const PhiloxCounter words = philox4x32_10({c[0], c[1], c[2] + i, c[3]}, k);
        for (std::size_t w = 0; w < words.size(); ++w) out[w][i] = words[w];
    }
    return out;
}

#if defined(__x86_64__)

/// Four counters, each word in the lower half of 64 bits; what the upper half holds, no multiplication
/// reads.
struct FourLanes {
    __m256i w[4];
};

[[gnu::target("avx2")]] inline __m256i all_lanes(std::uint32_t word)
{
    return _mm256_set1_epi64x(static_cast<long long>(word));
}

[[gnu::target("avx2")]] inline void one_round(FourLanes& c, const PhiloxKey& k)
{
    const __m256i a = _mm256_mul_epu32(all_lanes(0xD2511F53), c.w[0]);
    const __m256i b = _mm256_mul_epu32(all_lanes(0xCD9E8D57), c.w[2]);
    const __m256i left = _mm256_xor_si256(c.w[1], all_lanes(k[0]));
    const __m256i right = _mm256_xor_si256(c.w[3], all_lanes(k[1]));
    c.w[0] = _mm256_xor_si256(_mm256_srli_epi64(b, 32), left);
    c.w[1] = b;
    c.w[2] = _mm256_xor_si256(_mm256_srli_epi64(a, 32), right);
    c.w[3] = a;
}

[[gnu::target("avx2")]] PhiloxEight philox_eight_avx2(const PhiloxCounter& c, PhiloxKey k)
{
    const auto lanes = [&](long long first) __attribute__((target("avx2"))) {
        const __m256i index = _mm256_add_epi64(all_lanes(c[2]),
                                               _mm256_setr_epi64x(first, first + 1, first + 2, first + 3));
        return FourLanes{{all_lanes(c[0]), all_lanes(c[1]), index, all_lanes(c[3])}};
    };
    FourLanes low = lanes(0);
    FourLanes high = lanes(4);
    for (int round = 0; round < 10; ++round) {
        one_round(low, k);
        one_round(high, k);
        k = {k[0] + 0x9E3779B9U, k[1] + 0xBB67AE85U};
    }
    PhiloxEight out;
    const __m256i lower_halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    for (std::size_t w = 0; w < out.size(); ++w) {
        const __m256i a = _mm256_permutevar8x32_epi32(low.w[w], lower_halves);
        const __m256i b = _mm256_permutevar8x32_epi32(high.w[w], lower_halves);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out[w].data()),
                            _mm256_blend_epi32(a, b, 0xF0));
    }
    return out;
}

#endif

} // namespace

PhiloxKernel best_philox_kernel()
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") > 0) return PhiloxKernel::avx2;
#endif
    return PhiloxKernel::plain;
}

PhiloxEight philox_eight(const PhiloxCounter& c, const PhiloxKey& k, [[maybe_unused]] PhiloxKernel kernel)
{
#if defined(__x86_64__)
    if (kernel == PhiloxKernel::avx2) return philox_eight_avx2(c, k);
#endif
    return philox_eight_plain(c, k);
}

} // namespace tranchain
