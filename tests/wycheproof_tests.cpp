// Wycheproof: our verification against vectors of others, in tests/vectors.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "chain/key.hpp"
#include "data/text.hpp"
#include "tests/golden.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(wycheproof_tests)

BOOST_AUTO_TEST_CASE(ed25519_agrees_with_every_verdict)
{
    std::istringstream lines(golden::read_text("tests/vectors/ed25519-wycheproof.txt"));
    int good = 0;
    int bad = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) continue;
        std::string id, key, message, signature, verdict;
        std::istringstream(line) >> id >> key >> message >> signature >> verdict;
        if (message == "-") message.clear();
        const auto k = from_hex(key).value();
        const auto m = from_hex(message).value();
        const auto s = from_hex(signature).value();
        PublicKey public_key{};
        Signature sig{};
        BOOST_REQUIRE_EQUAL(k.size(), public_key.size());
        BOOST_REQUIRE_EQUAL(s.size(), sig.size());
        std::ranges::copy(k, public_key.begin());
        std::ranges::copy(s, sig.begin());
        const bool accepted = verify(public_key, std::string(m.begin(), m.end()), sig);
        BOOST_TEST(accepted == (verdict == "valid"), "vector " << id << " is " << verdict);
        ++(accepted ? good : bad);
    }
    BOOST_TEST(good == 13);
    BOOST_TEST(bad == 25);
}

BOOST_AUTO_TEST_SUITE_END()
