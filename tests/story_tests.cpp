// The story that `make demo` plays writes the bytes that it wrote when this last ran with
// UPDATE=1: then it was played as the processor is, here with the C library's older versions of exp, log
// and their like, which answer otherwise in the last place.
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

BOOST_AUTO_TEST_CASE(the_same_bytes_as_ever, *but::precondition(optimised))
{
    const TestFolder folder;
    const char* given = std::getenv("UPDATE");
    const bool update = given != nullptr && std::string_view(given) == "1";
    const std::string older = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4 ";
    const std::string play = "bash tests/story.sh " + folder / "a" + " >" + folder / "told" + " 2>&1";
    const int status = std::system((update ? play : older + play).c_str());
    const std::string told = golden::read_text(folder / "told");
    BOOST_TEST_REQUIRE(status == 0,
                       told.substr(told.size() - std::min<std::size_t>(told.size(), 4000)));
    BOOST_TEST(std::system(("sh tests/story_digests.sh " + folder / "a" + " >" + folder / "digests")
                               .c_str()) == 0);
    if (update)
        BOOST_TEST(std::system(("cp " + folder / "digests" + " tests/story.sha256").c_str()) == 0);
    BOOST_TEST(golden::read_text(folder / "digests") == golden::read_text("tests/story.sha256"));
    for (const char* figure :
         {"principal lent to income: 11940036.72", "7319827.32 on 2019-04-22",
          "9019573.13 7496625.70", "7400219.18 4133919.86", "B is short at the end: 54910011.00",
          "29 revolving, 30 accelerated, 30 accelerated", "2021-02-26 0.00 0.00"})
        BOOST_TEST(told.find(figure) != std::string::npos, "the story does not tell " << figure);
    BOOST_TEST(told.find("!!") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
