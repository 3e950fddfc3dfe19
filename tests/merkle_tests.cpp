// Merkle: the vectors of Certificate Transparency, and every small tree against the definition.
// SPDX-License-Identifier: Apache-2.0
#include "data/merkle.hpp"

#include <boost/test/unit_test.hpp>

#include "data/text.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(merkle_tests)

namespace {

using namespace std::string_view_literals;
using Leaves = std::span<const Hash>;

// RFC 6962 section 2.1, word for word.
std::size_t largest_power_below(std::size_t n)
{
    std::size_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}

Hash naive_root(Leaves d)
{
    if (d.empty()) return sha256("");
    if (d.size() == 1) return d[0];
    const auto k = largest_power_below(d.size());
    return node_hash(naive_root(d.first(k)), naive_root(d.subspan(k)));
}

std::vector<Hash> naive_path(std::size_t m, Leaves d)
{
    if (d.size() == 1) return {};
    const auto k = largest_power_below(d.size());
    auto path = m < k ? naive_path(m, d.first(k)) : naive_path(m - k, d.subspan(k));
    path.push_back(naive_root(m < k ? d.subspan(k) : d.first(k)));
    return path;
}

std::vector<Hash> naive_subproof(std::size_t m, Leaves d, bool complete)
{
    if (m == d.size()) return complete ? std::vector<Hash>{} : std::vector<Hash>{naive_root(d)};
    const auto k = largest_power_below(d.size());
    auto proof = m <= k ? naive_subproof(m, d.first(k), complete)
                        : naive_subproof(m - k, d.subspan(k), false);
    proof.push_back(naive_root(m <= k ? d.subspan(k) : d.first(k)));
    return proof;
}

std::vector<Hash> some_leaves(std::size_t n)
{
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < n; ++i) leaves.push_back(leaf_hash("leaf " + std::to_string(i)));
    return leaves;
}

constexpr std::size_t largest = 40;

} // namespace

// The leaves and roots of the reference tests of google/certificate-transparency (Apache-2.0).
BOOST_AUTO_TEST_CASE(certificate_transparency_vectors)
{
    const char* leaves[] = {"",
                            "00",
                            "10",
                            "2021",
                            "3031",
                            "40414243",
                            "5051525354555657",
                            "606162636465666768696a6b6c6d6e6f"};
    const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    BOOST_TEST(hex(merkle_root({})) ==
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    std::vector<Hash> hashes;
    Frontier frontier;
    for (std::size_t i = 0; i < 8; ++i) {
        const auto bytes = from_hex(leaves[i]).value();
        hashes.push_back(leaf_hash(std::string(bytes.begin(), bytes.end())));
        frontier.append(hashes.back());
        BOOST_TEST(hex(merkle_root(hashes)) == roots[i]);
        BOOST_TEST(hex(frontier.root()) == roots[i]);
    }
}

BOOST_AUTO_TEST_CASE(roots_and_proofs_as_defined)
{
    const auto all = some_leaves(largest);
    Frontier frontier;
    BOOST_TEST((frontier.root() == naive_root({})));
    for (std::size_t n = 1; n <= largest; ++n) {
        const Leaves leaves = Leaves(all).first(n);
        frontier.append(all[n - 1]);
        BOOST_TEST((merkle_root(leaves) == naive_root(leaves)));
        BOOST_TEST((frontier.root() == naive_root(leaves)));
        BOOST_TEST(frontier.size() == n);
        for (std::size_t i = 0; i < n; ++i) {
            BOOST_TEST((inclusion_proof(leaves, i) == naive_path(i, leaves)));
        }
        BOOST_TEST(consistency_proof(leaves, 0).empty());
        for (std::size_t m = 1; m <= n; ++m) {
            BOOST_TEST((consistency_proof(leaves, m) == naive_subproof(m, leaves, true)));
        }
    }
}

// A proof leads to the root for its own leaf, index and size. Index and size outside the tree, a
// proof one hash too long or short, and any altered hash lead elsewhere. (A size other than the
// true one may give the same shape: RFC 6962 binds the size by the signed checkpoint.)
BOOST_AUTO_TEST_CASE(inclusion_holds_for_nothing_else)
{
    const auto all = some_leaves(largest);
    std::size_t wrong = 0;
    for (std::size_t n = 1; n <= largest; ++n) {
        const Leaves leaves = Leaves(all).first(n);
        const auto root = merkle_root(leaves);
        for (std::size_t i = 0; i < n; ++i) {
            auto proof = inclusion_proof(leaves, i);
            const auto leads = [&](std::size_t leaf, std::size_t index) {
                return root_from_inclusion(all[leaf], index, n, proof) == root;
            };
            wrong += leads(i, i) ? 0U : 1U;
            for (std::size_t j = 0; j < n; ++j) {
                if (j != i) wrong += (leads(j, i) ? 1U : 0U) + (leads(i, j) ? 1U : 0U);
            }
            wrong += root_from_inclusion(all[i], n, n, proof) ? 1U : 0U;
            for (auto& hash : proof) {
                hash[31] ^= 1;
                wrong += leads(i, i) ? 1U : 0U;
                hash[31] ^= 1;
            }
            proof.push_back(all[0]);
            wrong += root_from_inclusion(all[i], i, n, proof) ? 1U : 0U;
            proof.pop_back();
            if (proof.empty()) continue;
            proof.pop_back();
            wrong += root_from_inclusion(all[i], i, n, proof) ? 1U : 0U;
        }
    }
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(!root_from_inclusion(all[0], 0, 0, {}));
}

BOOST_AUTO_TEST_CASE(consistency_holds_for_nothing_else)
{
    const auto all = some_leaves(largest);
    std::vector<Hash> roots;
    for (std::size_t n = 0; n <= largest; ++n) roots.push_back(merkle_root(Leaves(all).first(n)));
    std::size_t wrong = 0;
    for (std::size_t n = 0; n <= largest; ++n) {
        for (std::size_t m = 0; m <= n; ++m) {
            auto proof = consistency_proof(Leaves(all).first(n), m);
            const auto holds = [&](std::size_t old_root, std::size_t new_root) {
                return verify_consistency(m, n, roots[old_root], roots[new_root], proof);
            };
            wrong += holds(m, n) ? 0U : 1U;
            for (std::size_t k = 0; k <= largest; ++k) {
                if (k != m && holds(k, n)) ++wrong;
                // An empty list is a prefix of every list, so any new root is true after it.
                if (k != n && m > 0 && holds(m, k)) ++wrong;
            }
            for (auto& hash : proof) {
                hash[0] ^= 0x80;
                wrong += holds(m, n) ? 1U : 0U;
                hash[0] ^= 0x80;
            }
            proof.push_back(all[0]);
            wrong += holds(m, n) ? 1U : 0U;
            proof.pop_back();
            if (!proof.empty()) {
                proof.pop_back();
                wrong += holds(m, n) ? 1U : 0U;
            }
        }
    }
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(!verify_consistency(2, 1, roots[2], roots[1], {}));
}

BOOST_AUTO_TEST_CASE(leaves_and_nodes_are_told_apart)
{
    const auto leaves = some_leaves(2);
    const auto inner = std::string(view(leaves[0])) + std::string(view(leaves[1]));
    BOOST_TEST((leaf_hash(inner) != node_hash(leaves[0], leaves[1])));
    BOOST_TEST((leaf_hash("") == sha256("\0"sv)));
    // Doubling the last leaf, which some trees cannot tell, changes the root.
    const auto three = some_leaves(3);
    auto four = three;
    four.push_back(three[2]);
    BOOST_TEST((merkle_root(three) != merkle_root(four)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
