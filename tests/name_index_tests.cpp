// Name index: against a map of the standard library, with names that come, repeat and are
// forgotten. SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/name_index.hpp"

#include <map>
#include <string>

#include <boost/test/unit_test.hpp>

namespace tranchain {

BOOST_AUTO_TEST_SUITE(name_index_tests)

BOOST_AUTO_TEST_CASE(an_empty_index_knows_no_name)
{
    const NameIndex index;
    const auto nobody = [](std::uint32_t) -> std::string_view { return ""; };
    BOOST_TEST(index.find("", nobody) == NameIndex::none);
    BOOST_TEST(index.find("R1", nobody) == NameIndex::none);
}

BOOST_AUTO_TEST_CASE(it_agrees_with_a_map)
{
    NameIndex index;
    std::vector<std::string> names;
    std::map<std::string, std::uint32_t> known;
    const auto name_at = [&](std::uint32_t at) -> std::string_view { return names[at]; };
    const auto add = [&](const std::string& name) {
        const auto place = static_cast<std::uint32_t>(names.size());
        const bool fresh = index.insert(name, place, name_at);
        BOOST_TEST(fresh == known.emplace(name, place).second);
        if (fresh) names.push_back(name);
    };
    const auto agree = [&] {
        for (int n = -1; n <= 3000; ++n) { // with names that were never there
            const std::string name = n < 0 ? "" : "R" + std::to_string(n);
            const auto at = known.find(name);
            BOOST_TEST(index.find(name, name_at) ==
                       (at == known.end() ? NameIndex::none : at->second));
        }
    };
    for (int i = 0; i < 4000; ++i) add("R" + std::to_string(i * i % 2503));
    add("");
    agree();
    const std::uint32_t kept = 700;
    index.erase_from(kept);
    std::erase_if(known, [&](const auto& one) { return one.second >= kept; });
    names.resize(kept);
    agree();
    for (int i = 0; i < 4000; ++i) add("R" + std::to_string(i * 7 % 2999));
    agree();
    index.erase_from(0);
    known.clear();
    names.clear();
    agree();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
