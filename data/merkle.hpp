// Merkle: the tree of RFC 6962 section 2.1: leaf SHA-256(0x00 || bytes), node SHA-256(0x01 || l || r).
//
// No leaf is ever duplicated to fill a level, so two lists cannot share a root. The empty tree is
// SHA-256 of nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "data/digest.hpp"

namespace tranchain {

Hash leaf_hash(std::string_view bytes);
Hash node_hash(const Hash& left, const Hash& right);

/// The longest inclusion path there can be: a tree has fewer than 2^63 leaves.
inline constexpr std::size_t longest_merkle_path = 63;

/// Root over leaf hashes. Cost: n-1 node hashes, no copy of the leaves beyond one level.
Hash merkle_root(std::span<const Hash> leaves);
/// Audit path of leaf `index` (RFC 6962 2.1.1). index < leaves.size().
std::vector<Hash> inclusion_proof(std::span<const Hash> leaves, std::size_t index);
/// Proof that the first `first` leaves are a prefix of all (RFC 6962 2.1.2). first <= leaves.size().
std::vector<Hash> consistency_proof(std::span<const Hash> leaves, std::size_t first);

/// Root that the proof leads to, or nothing if the proof has a wrong shape for (index, size).
std::optional<Hash> root_from_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                        std::span<const Hash> proof);
bool verify_consistency(std::uint64_t first, std::uint64_t second, const Hash& first_root,
                        const Hash& second_root, std::span<const Hash> proof);

/// Roots of a growing list without keeping its leaves: O(log n) hashes of state.
class Frontier {
public:
    void append(const Hash& leaf);
    [[nodiscard]] Hash root() const;
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    std::uint64_t size_ = 0;
    std::vector<Hash> peaks_;  // perfect subtrees, largest first
};

}  // namespace tranchain
