// Tiles: hashes level by level, and entry bundles.
// SPDX-License-Identifier: Apache-2.0
#include "chain/tiles.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "data/merkle.hpp"

namespace tranchain {

namespace {

constexpr std::size_t width = 256;

/// Cuts `count` items into runs of 256, the last one partial, and names each.
template <class Write>
void each_tile(const std::string& level, std::size_t count, Write write, std::vector<TileFile>& out)
{
    for (std::size_t first = 0; first < count; first += width) {
        const std::size_t size = std::min(width, count - first);
        TileFile& file = out.emplace_back();
        file.path = "tile/" + level + "/" + tile_index(first / width);
        if (size < width) file.path += fmt::format(".p/{}", size);
        for (std::size_t i = first; i < first + size; ++i) write(i, file.bytes);
    }
}

} // namespace

std::string tile_index(std::uint64_t n)
{
    std::string out = fmt::format("{:03}", n % 1000);
    for (n /= 1000; n > 0; n /= 1000) out = fmt::format("x{:03}/", n % 1000) + out;
    return out;
}

std::vector<TileFile> tiles_of(std::span<const std::string> leaves)
{
    std::vector<TileFile> out;
    each_tile(
        "entries", leaves.size(),
        [&](std::size_t i, std::string& bytes) {
            invariant(leaves[i].size() <= 0xFFFF);
            bytes += static_cast<char>(leaves[i].size() >> 8);
            bytes += static_cast<char>(leaves[i].size() & 0xFF);
            bytes += leaves[i];
        },
        out);
    std::vector<Hash> hashes;
    for (const std::string& leaf : leaves) hashes.push_back(leaf_hash(leaf));
    for (int level = 0; !hashes.empty(); ++level) {
        each_tile(
            std::to_string(level), hashes.size(),
            [&](std::size_t i, std::string& bytes) { bytes += view(hashes[i]); }, out);
        // One hash of the next level for each full tile.
        std::vector<Hash> above;
        for (std::size_t first = 0; first + width <= hashes.size(); first += width)
            above.push_back(merkle_root(std::span(hashes).subspan(first, width)));
        hashes = std::move(above);
    }
    return out;
}

} // namespace tranchain
