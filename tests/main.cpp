// The one test binary: runs every suite and prints the line that CI reads.
// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_MODULE tranchain
#include <boost/test/unit_test.hpp>
