// Tiles: names and contents as c2sp.org/tlog-tiles gives them. Go's tlog reads them in make
// interop. SPDX-License-Identifier: Apache-2.0
#include "chain/tiles.hpp"

#include <map>

#include <boost/test/unit_test.hpp>

#include "data/merkle.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(tiles_tests)

namespace {

std::vector<std::string> leaves(std::size_t count)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back("leaf " + std::to_string(i));
    return out;
}

std::map<std::string, std::string> files(std::size_t count)
{
    std::map<std::string, std::string> out;
    for (const TileFile& f : tiles_of(leaves(count))) out[f.path] = f.bytes;
    return out;
}

} // namespace

// The example of c2sp.org/tlog-tiles: 1234067 is x001/x234/067.
BOOST_AUTO_TEST_CASE(indexes_are_groups_of_three_digits)
{
    BOOST_TEST(tile_index(0) == "000");
    BOOST_TEST(tile_index(999) == "999");
    BOOST_TEST(tile_index(1000) == "x001/000");
    BOOST_TEST(tile_index(1234067) == "x001/x234/067");
}

// The example of the specification: a tree of 70,000 has 273 full tiles at level 0 and a partial
// one of 112, one full tile at level 1 and a partial one of 17, and a partial one of 1 at level 2.
BOOST_AUTO_TEST_CASE(a_tree_of_70000_has_the_tiles_of_the_specification)
{
    const auto all = files(70'000);
    BOOST_TEST(all.contains("tile/0/272"));
    BOOST_TEST(all.contains("tile/0/273.p/112"));
    BOOST_TEST(all.contains("tile/1/000"));
    BOOST_TEST(all.contains("tile/1/001.p/17"));
    BOOST_TEST(all.contains("tile/2/000.p/1"));
    BOOST_TEST(all.contains("tile/entries/273.p/112"));
    BOOST_TEST(all.size() == 2 * 274U + 2 + 1);
    BOOST_TEST(all.at("tile/0/273.p/112").size() == 112 * 32U);
}

BOOST_AUTO_TEST_CASE(a_full_tile_leaves_no_partial_one)
{
    const auto all = files(256);
    BOOST_TEST(all.size() == 3U);
    BOOST_TEST(all.at("tile/0/000").size() == 256 * 32U);
    // Its root is the only hash of the level above, and the root of the whole tree.
    std::vector<Hash> hashes;
    for (const std::string& leaf : leaves(256)) hashes.push_back(leaf_hash(leaf));
    BOOST_TEST(all.at("tile/1/000.p/1") == std::string(view(merkle_root(hashes))));
}

BOOST_AUTO_TEST_CASE(entries_carry_their_length)
{
    const std::vector<std::string> two{"a", std::string(0x0123, 'b')};
    const auto all = tiles_of(two);
    BOOST_TEST(all.at(0).path == "tile/entries/000.p/2");
    BOOST_TEST(all.at(0).bytes == std::string("\0\1a\1\x23", 5) + two[1]);
    BOOST_TEST(tiles_of({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
