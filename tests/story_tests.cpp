// The story that `make demo` plays comes out the same, byte for byte, with AVX2 and without it.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "tests/folder.hpp"
#include "tests/golden.hpp"

namespace but = boost::unit_test;
using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(story_tests, *but::label("slow"))

namespace {

/// Two minutes of the optimised program are a quarter of an hour of another.
boost::test_tools::assertion_result optimised(but::test_unit_id)
{
    const char* mode = std::getenv("TRANCHAIN_MODE");
    if (mode != nullptr && std::string_view(mode) == "release") return true;
    boost::test_tools::assertion_result no(false);
    no.message() << "the story is played with TRANCHAIN_MODE=release only, as make check sets it";
    return no;
}

} // namespace

BOOST_AUTO_TEST_CASE(twice_the_same_bytes, *but::precondition(optimised))
{
    const TestFolder folder;
    const std::string play = "bash tests/story.sh " + folder.path();
    const std::string script = "set -e\n" + play + "/a >" + folder / "a.out" + " 2>&1 & a=$!\n" +
                               "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4 " + play + "/b >" +
                               folder / "b.out" + " 2>&1 & b=$!\nwait $a; wait $b\n";
    const int status = std::system(("bash -c '" + script + "'").c_str());
    const std::string told = golden::read_text(folder / "a.out");
    BOOST_TEST_REQUIRE(status == 0,
                       told.substr(told.size() - std::min<std::size_t>(told.size(), 4000)));
    // Every file: tapes, databases, bundles, keys, reports.
    BOOST_TEST(std::system(("diff -rq " + folder / "a " + (folder / "b")).c_str()) == 0);
    for (const char* figure :
         {"principal lent to income: 11940036.72", "7319827.32 on 2019-04-22",
          "9019573.13 7496625.70", "7400219.18 4133919.86", "B is short at the end: 54910011.00",
          "29 revolving, 30 accelerated, 30 accelerated", "2021-02-26 0.00 0.00"})
        BOOST_TEST(told.find(figure) != std::string::npos, "the story does not tell " << figure);
    BOOST_TEST(told.find("!!") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
