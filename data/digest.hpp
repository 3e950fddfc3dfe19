// Digest: SHA-256 and HMAC-SHA-256 (OpenSSL); the only hash that is stored or signed.
//
// In data/ rather than chain/, because a record's rows commit to themselves before any chain sees
// them. OpenSSL is included by data/digest.cpp, chain/key.cpp and chain/timestamp.cpp only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "data/error.hpp"

namespace tranchain {

using Hash = std::array<std::uint8_t, 32>;

Hash sha256(std::string_view bytes);
Hash sha256(std::initializer_list<std::string_view> parts);  ///< of the parts one after another
Hash hmac_sha256(std::string_view key, std::string_view message);
std::string hex(const Hash& hash);
[[nodiscard]] Result<Hash> hash_from_hex(std::string_view text);
inline std::string_view view(const Hash& hash)
{
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// A key of HMAC-SHA-256 made ready once, for many messages: halves the cost of short ones.
class HmacKey {
public:
    explicit HmacKey(std::string_view key);
    ~HmacKey();  ///< wipes
    HmacKey(const HmacKey&) = delete;
    HmacKey& operator=(const HmacKey&) = delete;
    [[nodiscard]] Hash sign(std::initializer_list<std::string_view> parts) const;

private:
    alignas(16) std::array<unsigned char, 128> inner_;
    alignas(16) std::array<unsigned char, 128> outer_;
};

/// SHA-256 over a stream of parts; for files and long inputs.
class Hasher {
public:
    Hasher();
    ~Hasher();
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;
    void add(std::string_view bytes);
    Hash finish();  ///< and start anew

private:
    alignas(16) std::array<unsigned char, 128> state_;
};

}  // namespace tranchain
