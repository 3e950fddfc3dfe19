// Guard: what it keeps, and that it is one process's at a time.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "chain/guard.hpp"
#include "tests/folder.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(guard_tests)

BOOST_AUTO_TEST_CASE(remembers_the_newest)
{
    const TestFolder folder;
    const std::string path = Guard::folder_of(folder / "a.key");
    const OwnReady ready{1, 4, 2, sha256("header")};
    const OwnEndorsement endorsement{1, 4, 2, sha256("header"), 1700000000, "header", "a\nb\n"};
    {
        auto guard = Guard::open(path, "jdht/0011223344556677", true);
        BOOST_REQUIRE(guard);
        BOOST_TEST(!guard->ready().has_value());
        BOOST_REQUIRE(guard->put(ready));
        BOOST_REQUIRE(guard->put(endorsement));
    }
    auto guard = Guard::open(path, "jdht/0011223344556677", false);
    BOOST_REQUIRE(guard);
    BOOST_TEST((guard->ready() == ready));
    BOOST_TEST((guard->endorsement() == endorsement));
}

BOOST_AUTO_TEST_CASE(chains_do_not_mix)
{
    const TestFolder folder;
    const std::string path = folder / "a.key.guard";
    {
        auto guard = Guard::open(path, "jdht/0000000000000001", true);
        BOOST_REQUIRE(guard->put(OwnReady{1, 4, 2, sha256("x")}));
    }
    auto other = Guard::open(path, "jdht/0000000000000002", true);
    BOOST_REQUIRE(other);
    BOOST_TEST(!other->ready().has_value());
}

BOOST_AUTO_TEST_CASE(missing_folder_is_refused)
{
    const TestFolder folder;
    auto guard = Guard::open(folder / "a.key.guard", "jdht/0000000000000001", false);
    BOOST_REQUIRE(!guard);
    BOOST_TEST((guard.error().code == Code::denied));
    BOOST_TEST(guard.error().id == "missing-guard");
}

BOOST_AUTO_TEST_CASE(second_command_waits)
{
    const TestFolder folder;
    auto first = Guard::open(folder / "a.key.guard", "jdht/0000000000000001", true);
    auto second = Guard::open(folder / "a.key.guard", "jdht/0000000000000001", true);
    BOOST_REQUIRE(!second);
    BOOST_TEST((second.error().code == Code::busy));
}

BOOST_AUTO_TEST_CASE(damaged_files_are_errors)
{
    const TestFolder folder;
    const std::string path = folder / "a.key.guard";
    {
        auto guard = Guard::open(path, "jdht/0000000000000001", true);
        BOOST_REQUIRE(guard->put(OwnReady{1, 4, 2, sha256("x")}));
    }
    std::ofstream(path + "/jdht-0000000000000001.ready") << "{}";
    BOOST_TEST(!Guard::open(path, "jdht/0000000000000001", false));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
