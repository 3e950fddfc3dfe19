// Digest: SHA-256 and HMAC-SHA-256 on the low-level functions of OpenSSL.
//
// Those are marked deprecated in OpenSSL 3, yet for the short messages hashed here (a node is 65
// bytes, and a pool has up to 10^6 leaves) they are several times faster than EVP, which fetches an
// algorithm and allocates for every digest.
// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED
#include "data/digest.hpp"

#include <cstring>
#include <new>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "data/assert.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

static_assert(std::is_trivially_copyable_v<SHA256_CTX>);

constexpr std::size_t block_size = 64;

Hash finish(SHA256_CTX& context)
{
    Hash out;
    SHA256_Final(out.data(), &context);
    return out;
}

void begin_padded(SHA256_CTX& context, std::array<unsigned char, block_size> key, unsigned char pad)
{
    for (auto& byte : key) byte ^= pad;
    SHA256_Init(&context);
    SHA256_Update(&context, key.data(), key.size());
    OPENSSL_cleanse(key.data(), key.size());
}

SHA256_CTX& context_in(std::array<unsigned char, 128>& state)
{
    static_assert(sizeof(SHA256_CTX) <= sizeof state);
    return *std::launder(reinterpret_cast<SHA256_CTX*>(state.data()));
}

const SHA256_CTX& context_in(const std::array<unsigned char, 128>& state)
{
    return *std::launder(reinterpret_cast<const SHA256_CTX*>(state.data()));
}

} // namespace

Hash sha256(std::string_view bytes)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes.data(), bytes.size());
    return finish(context);
}

Hash sha256(std::initializer_list<std::string_view> parts)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    for (const auto part : parts) SHA256_Update(&context, part.data(), part.size());
    return finish(context);
}

HmacKey::HmacKey(std::string_view key)
{
    std::array<unsigned char, block_size> block{};
    if (key.size() > block_size) {
        const Hash shorter = sha256(key);
        std::memcpy(block.data(), shorter.data(), shorter.size());
    } else if (!key.empty()) {
        std::memcpy(block.data(), key.data(), key.size());
    }
    begin_padded(*new (inner_.data()) SHA256_CTX, block, 0x36);
    begin_padded(*new (outer_.data()) SHA256_CTX, block, 0x5C);
    OPENSSL_cleanse(block.data(), block.size());
}

HmacKey::~HmacKey()
{
    OPENSSL_cleanse(inner_.data(), inner_.size());
    OPENSSL_cleanse(outer_.data(), outer_.size());
}

Hash HmacKey::sign(std::initializer_list<std::string_view> parts) const
{
    SHA256_CTX context = context_in(inner_);
    for (const auto part : parts) SHA256_Update(&context, part.data(), part.size());
    const Hash inner = finish(context);
    context = context_in(outer_);
    SHA256_Update(&context, inner.data(), inner.size());
    return finish(context);
}

Hash hmac_sha256(std::string_view key, std::string_view message)
{
    return HmacKey(key).sign({message});
}

std::string hex(const Hash& hash)
{
    return to_hex(hash);
}

Result<Hash> hash_from_hex(std::string_view text)
{
    auto bytes = from_hex(text);
    if (!bytes || bytes->size() != Hash{}.size()) {
        return fail(Code::invalid_input, "'" + std::string(text) + "' is not a hash", {},
                    "write 64 hexadecimal digits in lower case");
    }
    Hash hash;
    std::memcpy(hash.data(), bytes->data(), hash.size());
    return hash;
}

Hasher::Hasher()
{
    SHA256_Init(new (state_.data()) SHA256_CTX);
}

Hasher::~Hasher() = default;

void Hasher::add(std::string_view bytes)
{
    SHA256_Update(&context_in(state_), bytes.data(), bytes.size());
}

Hash Hasher::finish()
{
    const Hash out = tranchain::finish(context_in(state_));
    SHA256_Init(&context_in(state_));
    return out;
}

} // namespace tranchain
