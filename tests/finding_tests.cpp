// Findings: their ids are stored and quoted, so they are unique and well-formed.
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <boost/test/unit_test.hpp>

#include "chain/finding.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(finding_tests)

BOOST_AUTO_TEST_CASE(ids_are_unique_words)
{
    std::set<std::string_view> seen;
    for (const auto& [id, meaning] : chain_findings()) {
        BOOST_TEST_CONTEXT(id)
        {
            BOOST_TEST(seen.insert(id).second);
            BOOST_TEST(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
            BOOST_TEST(!meaning.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(text_names_the_place)
{
    Finding f = make_finding(finding::bad_rows_root, "another root", 41, "2 (snapshot)");
    f.row = "R-1";
    f.field = "face";
    BOOST_TEST(f.str() ==
               "block 41, record 2 (snapshot), row R-1, field face: [bad-rows-root] another root");
    BOOST_TEST(make_finding(finding::bad_genesis, "x").str() == "[bad-genesis] x");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
