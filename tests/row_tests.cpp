// Row: commitments spelled out by hand, and what changes them.
// SPDX-License-Identifier: Apache-2.0
#include "data/row.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

#include "data/merkle.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(row_tests)

namespace {

using namespace std::string_literals;

std::string text(const Hash& hash)
{
    return std::string(view(hash));
}

Row some_row(std::string key)
{
    return {std::move(key),
            {{"asset_id", "A-1"}, {"face", "100.00"}, {"due_date", "2018-06-25"}},
            sha256("secret")};
}

} // namespace

// The formulas of tranchain-chain(5), written out once more.
BOOST_AUTO_TEST_CASE(leaf_by_hand)
{
    const Row row = some_row("A-1");
    std::vector<Hash> leaves;
    for (const auto& [name, value] : row.fields) {
        const auto salt = hmac_sha256(view(row.secret), "tranchain/salt/v1\n" + name);
        BOOST_TEST((field_salt(row.secret, name) == salt));
        const auto leaf = sha256("\0tranchain/field/v1\n"s + name + "\0"s + text(salt) + value);
        BOOST_TEST((field_leaf(name, salt, value) == leaf));
        leaves.push_back(leaf);
    }
    const auto expected = sha256("\0tranchain/row/v1\n"s + "\0\0\0\3"s + text(merkle_root(leaves)));
    BOOST_TEST((row_leaf(row) == expected));
    BOOST_TEST((rows_root(std::vector{row}) == expected));
    BOOST_TEST(*row.field("face") == "100.00");
    BOOST_TEST(row.field("none") == nullptr);
}

BOOST_AUTO_TEST_CASE(one_field_opens_alone)
{
    const Row row = some_row("A-1");
    std::vector<Hash> leaves;
    for (const auto& [name, value] : row.fields) {
        leaves.push_back(field_leaf(name, field_salt(row.secret, name), value));
    }
    const auto proof = inclusion_proof(leaves, 1);
    const auto opened = field_leaf("face", field_salt(row.secret, "face"), "100.00");
    BOOST_TEST((root_from_inclusion(opened, 1, 3, proof) == merkle_root(leaves)));
    const auto lie = field_leaf("face", field_salt(row.secret, "face"), "100.01");
    BOOST_TEST((root_from_inclusion(lie, 1, 3, proof) != merkle_root(leaves)));
}

BOOST_AUTO_TEST_CASE(any_change_changes_the_leaf)
{
    std::set<Hash> seen = {row_leaf(some_row("k"))};
    const auto differs = [&](auto change) {
        Row row = some_row("k");
        change(row);
        return seen.insert(row_leaf(row)).second;
    };
    BOOST_TEST(differs([](Row& r) { r.fields[1].second = "100.01"; }));
    BOOST_TEST(differs([](Row& r) { r.fields[1].first = "price"; }));
    BOOST_TEST(differs([](Row& r) { std::swap(r.fields[0], r.fields[1]); }));
    BOOST_TEST(differs([](Row& r) { r.fields.pop_back(); }));
    BOOST_TEST(differs([](Row& r) { r.fields.emplace_back("", ""); }));
    BOOST_TEST(differs([](Row& r) { r.fields.clear(); }));
    BOOST_TEST(differs([](Row& r) { r.secret[0] ^= 1; }));
    // Moving a byte between name and value is seen, because the salt stands between them.
    BOOST_TEST(differs([](Row& r) { r.fields[0] = {"asset_idA", "-1"}; }));
}

BOOST_AUTO_TEST_CASE(rows_root_is_the_tree_over_the_leaves)
{
    std::vector<Row> rows;
    std::vector<Hash> leaves;
    BOOST_TEST((rows_root(rows) == merkle_root({})));
    for (const auto* key : {"A", "B", "C", "a", "应"}) {
        rows.push_back(some_row(key));
        rows.back().fields[0].second = key;
        leaves.push_back(row_leaf(rows.back()));
        BOOST_TEST((rows_root(rows) == merkle_root(leaves)));
    }
}

BOOST_AUTO_TEST_CASE(random_sources)
{
    auto system = system_random();
    std::set<Hash> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(system());
    BOOST_TEST(seen.size() == 1000U);

    auto one = seeded_random("seed");
    auto two = seeded_random("seed");
    auto other = seeded_random("seed2");
    BOOST_TEST((one() == sha256("seed" + std::string(8, '\0'))));
    (void)two();
    BOOST_TEST((one() == sha256("seed" + std::string(7, '\0') + "\1")));
    BOOST_TEST((two() != other()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
