// Tiles: the log as static files that any web server can publish (c2sp.org/tlog-tiles).
//
// A tile holds up to 256 hashes of one level in eight, an entry bundle up to 256 headers, each
// after its length in two bytes, big-endian. Full ones never change, so a folder only grows.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tranchain {

struct TileFile {
    std::string path; ///< such as `tile/0/x001/234` or `tile/entries/000.p/7`
    std::string bytes;
};

/// N as a path: groups of three digits, all but the last after an x.
std::string tile_index(std::uint64_t n);
/// All tiles and entry bundles of the tree over `leaves` (headers, each below 64 KiB).
std::vector<TileFile> tiles_of(std::span<const std::string> leaves);

} // namespace tranchain
