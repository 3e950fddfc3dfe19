// Progress: how long the rest will take.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "cmd/terminal.hpp"

using namespace tranchain; // tests read better without qualification
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(progress_tests)

BOOST_AUTO_TEST_CASE(the_rest_goes_as_fast_as_what_is_done)
{
    BOOST_TEST(time_left(0, 10, 5s) == "");
    BOOST_TEST(time_left(10, 10, 5s) == "");
    BOOST_TEST(time_left(30, 120, 3s) == "about 9 s left");
    BOOST_TEST(time_left(2, 3, 1100ms) == "about 1 s left");
    BOOST_TEST(time_left(1, 100, 1s) == "about 99 s left");
    BOOST_TEST(time_left(1, 101, 1s) == "about 2 min left");
    BOOST_TEST(time_left(1, 5941, 1s) == "about 99 min left");
    BOOST_TEST(time_left(1, 10'000'000, 1ms) == "about 3 h left"); // 2 h 47 min
}

BOOST_AUTO_TEST_SUITE_END()
