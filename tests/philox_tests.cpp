// Philox: published answers, and eight counters at a time.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <rapidcheck/boost_test.h>

#include "waterfall/desk/philox_eight.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(philox_tests)

/// Random123, tests/kat_vectors, the three lines `philox4x32 10`: counter, key, result.
BOOST_AUTO_TEST_CASE(philox_answers_as_published)
{
    const auto is = [](PhiloxCounter counter, PhiloxKey key, const PhiloxCounter& result) {
        const PhiloxCounter got = philox4x32_10(counter, key);
        BOOST_TEST(got == result, boost::test_tools::per_element());
    };
    is({0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    is({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    is({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

/// Eight at a time, with the processor's newer instructions and without, they are those of one.
RC_BOOST_PROP(eight_counters_answer_as_one, (const PhiloxCounter& counter, const PhiloxKey& key))
{
    const PhiloxCounter c{counter[0], counter[1], counter[2] / 2, counter[3]};
    const PhiloxEight eight = philox_eight(c, key, best_philox_kernel());
    RC_ASSERT(eight == philox_eight(c, key, PhiloxKernel::plain));
    for (std::uint32_t i = 0; i < 8; ++i) {
        const PhiloxCounter one = philox4x32_10({c[0], c[1], c[2] + i, c[3]}, key);
        for (std::size_t w = 0; w < 4; ++w) RC_ASSERT(eight[w][i] == one[w]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
