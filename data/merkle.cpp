// Merkle: roots and proofs of RFC 6962, verified as RFC 9162 sections 2.1.3.2 and 2.1.4.2 spell
// out. SPDX-License-Identifier: Apache-2.0
#include "data/merkle.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "data/assert.hpp"

namespace tranchain {

namespace {

using namespace std::string_view_literals;

/// Largest power of two smaller than `size`; size > 1.
std::size_t split_point(std::size_t size)
{
    return std::bit_floor(size - 1);
}

/// RFC 6962 SUBPROOF(m, leaves, complete), from the top down; the caller reverses it.
void consistency_path(std::span<const Hash> leaves, std::size_t first, std::vector<Hash>& path)
{
    bool complete = true; // the old tree is one whole subtree whose root the verifier knows
    while (first != leaves.size()) {
        const auto k = split_point(leaves.size());
        if (first <= k) {
            path.push_back(merkle_root(leaves.subspan(k)));
            leaves = leaves.first(k);
        } else {
            path.push_back(merkle_root(leaves.first(k)));
            leaves = leaves.subspan(k);
            first -= k;
            complete = false;
        }
    }
    if (!complete) path.push_back(merkle_root(leaves));
}

} // namespace

Hash leaf_hash(std::string_view bytes)
{
    return sha256({"\0"sv, bytes});
}

Hash node_hash(const Hash& left, const Hash& right)
{
    std::array<char, 65> node;
    node[0] = 1;
    std::memcpy(node.data() + 1, left.data(), left.size());
    std::memcpy(node.data() + 33, right.data(), right.size());
    return sha256(std::string_view(node.data(), node.size()));
}

Hash merkle_root(std::span<const Hash> leaves)
{
    if (leaves.empty()) return sha256(std::string_view());
    // Roots of perfect subtrees, largest first; one more than the bits of a size for the new leaf.
    std::array<Hash, 65> peaks;
    std::size_t count = 0;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        peaks[count++] = leaves[i];
        for (auto odd = i; (odd & 1) != 0; odd >>= 1, --count) {
            peaks[count - 2] = node_hash(peaks[count - 2], peaks[count - 1]);
        }
    }
    for (; count > 1; --count) {
        peaks[count - 2] = node_hash(peaks[count - 2], peaks[count - 1]);
    }
    return peaks[0];
}

std::vector<Hash> inclusion_proof(std::span<const Hash> leaves, std::size_t index)
{
    invariant(index < leaves.size());
    std::vector<Hash> path;
    while (leaves.size() > 1) {
        const auto k = split_point(leaves.size());
        if (index < k) {
            path.push_back(merkle_root(leaves.subspan(k)));
            leaves = leaves.first(k);
        } else {
            path.push_back(merkle_root(leaves.first(k)));
            leaves = leaves.subspan(k);
            index -= k;
        }
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<Hash> consistency_proof(std::span<const Hash> leaves, std::size_t first)
{
    invariant(first <= leaves.size());
    std::vector<Hash> path;
    if (first == 0) return path;
    consistency_path(leaves, first, path);
    std::ranges::reverse(path);
    return path;
}

std::optional<Hash> root_from_inclusion(const Hash& leaf,
                                        std::uint64_t index,
                                        std::uint64_t size,
                                        std::span<const Hash> proof)
{
    if (index >= size) return std::nullopt;
    std::uint64_t node = index;
    std::uint64_t last = size - 1;
    Hash root = leaf;
    for (const auto& sibling : proof) {
        if (last == 0) return std::nullopt;
        if ((node & 1) != 0 || node == last) {
            root = node_hash(sibling, root);
            // A node without a right neighbour is promoted until it becomes a right child.
            while (node != 0 && (node & 1) == 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(root, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if (last != 0) return std::nullopt;
    return root;
}

bool verify_consistency(std::uint64_t first,
                        std::uint64_t second,
                        const Hash& first_root,
                        const Hash& second_root,
                        std::span<const Hash> proof)
{
    if (first > second) return false;
    if (first == second) return proof.empty() && first_root == second_root;
    if (first == 0) return proof.empty() && first_root == sha256(std::string_view());
    std::uint64_t node = first - 1;
    std::uint64_t last = second - 1;
    while ((node & 1) != 0) {
        node >>= 1;
        last >>= 1;
    }
    // When the old tree is perfect, its root is where the proof starts; else the proof says where.
    Hash start = first_root;
    if (node != 0) {
        if (proof.empty()) return false;
        start = proof.front();
        proof = proof.subspan(1);
    }
    Hash old_root = start;
    Hash new_root = start;
    for (const auto& sibling : proof) {
        if (last == 0) return false;
        if ((node & 1) != 0 || node == last) {
            old_root = node_hash(sibling, old_root);
            new_root = node_hash(sibling, new_root);
            while (node != 0 && (node & 1) == 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_root = node_hash(new_root, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && old_root == first_root && new_root == second_root;
}

void Frontier::append(const Hash& leaf)
{
    peaks_.push_back(leaf);
    for (auto odd = size_; (odd & 1) != 0; odd >>= 1) {
        const Hash right = peaks_.back();
        peaks_.pop_back();
        peaks_.back() = node_hash(peaks_.back(), right);
    }
    ++size_;
}

Hash Frontier::root() const
{
    if (peaks_.empty()) return sha256(std::string_view());
    Hash root = peaks_.back();
    for (std::size_t i = peaks_.size() - 1; i > 0; --i) root = node_hash(peaks_[i - 1], root);
    return root;
}

} // namespace tranchain
