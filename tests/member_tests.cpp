// Member: names, quorums, and what a set of members refuses.
// SPDX-License-Identifier: Apache-2.0
#include "chain/member.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(member_tests)

BOOST_AUTO_TEST_CASE(quorums_overlap_in_an_honest_member)
{
    BOOST_TEST(quorum(3) == 3U);
    BOOST_TEST(quorum(4) == 3U);
    for (std::size_t n = 3; n <= 15; ++n) {
        const auto q = quorum(n);
        BOOST_TEST(2 * q - n >= faults(n) + 1);
        BOOST_TEST(q <= n - faults(n));
    }
}

BOOST_AUTO_TEST_CASE(names)
{
    for (const char* good : {"manager", "a", "e", "e2x", "bank-2", "escrow"}) {
        BOOST_TEST(is_member_name(good), good);
    }
    for (const std::string bad : {"", "e2", "e10", "2bank", "Bank", "a b", "a+b", "a/b", "a_b",
                                  "-a", "\xe6\x89\x98", "abcdefghijklmnopqrstuvwxyz-abcdef"}) {
        BOOST_TEST(!is_member_name(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(a_member_comes_back)
{
    auto one = test::member("trustee", {"trustee"});
    BOOST_TEST((Member::from_json(one.to_json(), "m").value() == one));
    one.certificate = "AAAA";
    BOOST_TEST((Member::from_json(one.to_json(), "m").value() == one));
    BOOST_TEST(one.has_role("trustee"));
    BOOST_TEST(!one.has_role("custodian"));
}

BOOST_AUTO_TEST_CASE(malformed_members)
{
    const Json good = test::member("trustee", {"trustee"}).to_json();
    const auto refused = [&](const char* key, Json value) {
        Json json = good;
        json[key] = std::move(value);
        return !Member::from_json(json, "m").has_value();
    };
    BOOST_TEST(refused("name", "e2"));
    BOOST_TEST(refused("roles", Json::Array{}));
    BOOST_TEST(refused("roles", Json::Array{"b", "a"}));
    BOOST_TEST(refused("roles", Json::Array{"a", "a"}));
    BOOST_TEST(refused("roles", Json::Array{"A"}));
    BOOST_TEST(refused("suite", "sm2"));
    BOOST_TEST(refused("key", "AAAA"));
    BOOST_TEST(refused("recovery_key", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    BOOST_TEST(refused("certificate", ""));
    BOOST_TEST(refused("certificate", "not base64"));
    BOOST_TEST(refused("nobody", 1));
    BOOST_TEST(!Member::from_json(Json::array(), "m").has_value());
}

BOOST_AUTO_TEST_CASE(a_set_refuses_what_would_confuse_it)
{
    const PublicKey log = test::log_key().public_key();
    const auto member = [](const char* name) { return test::member(name, {"trustee"}); };
    const std::vector<Member> good{member("c"), member("a"), member("b")};
    const auto set = MemberSet::make(good, log).value();
    BOOST_TEST(set.all()[0].name == "a");
    BOOST_TEST(set.quorum() == 3U);
    BOOST_TEST(set.find("c")->name == "c");
    BOOST_TEST(set.find("d") == nullptr);
    BOOST_TEST(set.by_key(test::key_of("b").public_key())->name == "b");
    BOOST_TEST(set.by_key(log) == nullptr);
    BOOST_TEST(set.roles("a").size() == 1U);
    BOOST_TEST(set.roles("d").empty());

    BOOST_TEST(!MemberSet::make({member("a"), member("b")}, log).has_value());
    std::vector<Member> many;
    for (char c = 'a'; c < 'p'; ++c) {
        many.push_back(member(std::string(1, c).c_str()));
    }
    BOOST_TEST(MemberSet::make(many, log).has_value());
    many.push_back(member("p"));
    BOOST_TEST(!MemberSet::make(many, log).has_value());

    auto bad = good;
    bad[1].name = "b";
    BOOST_TEST(!MemberSet::make(bad, log).has_value());
    bad = good;
    bad[1].key = bad[0].key;
    BOOST_TEST(!MemberSet::make(bad, log).has_value());
    bad = good;
    bad[1].recovery_key = bad[0].key;
    BOOST_TEST(!MemberSet::make(bad, log).has_value());
    bad = good;
    bad[1].key = PublicKey{};
    BOOST_TEST(!MemberSet::make(bad, log).has_value());
    BOOST_TEST(!MemberSet::make(good, good[2].key).has_value());
}

BOOST_AUTO_TEST_CASE(the_hash_names_the_set)
{
    const auto four = test::alliance(4).members;
    BOOST_TEST((four.hash() == sha256("tranchain/members/v1\n" + four.to_json().canonical())));
    BOOST_TEST((four.hash() != test::alliance(5).members.hash()));
}

BOOST_AUTO_TEST_SUITE_END()
