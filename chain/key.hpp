// Key: an Ed25519 key pair, kept as PKCS#8 PEM, and the one place where signatures are judged.
//
// Verification is the strict one: a key or an R among the 14 low-order encodings is refused, so are
// a key that is not the canonical encoding of its y and an S that is not below the group order, so
// a signature has one form and two libraries cannot disagree about it (RFC 8032; OpenSSL alone
// accepts low-order keys). OpenSSL is included by key.cpp and data/digest.cpp only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "data/digest.hpp"
#include "data/error.hpp"

namespace tranchain {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// A private key in memory. Copies share it.
class Key {
public:
    static Key generate();                  ///< from the system's random source
    static Key from_seed(const Hash& seed); ///< RFC 8032 secret key; deterministic, for tests
    /// PKCS#8 PEM, encrypted or not. A wrong or missing passphrase is Code::denied; a file that
    /// holds no Ed25519 private key is Code::invalid_input.
    [[nodiscard]] static Result<Key> read(const std::string& path,
                                          const std::optional<std::string>& passphrase);
    [[nodiscard]] static Result<Key> from_pem(std::string_view pem,
                                              const std::optional<std::string>& passphrase,
                                              const std::string& name);
    /// Encrypted with scrypt and AES-256-CBC when there is a passphrase. `openssl pkey` reads both.
    [[nodiscard]] Result<std::string> to_pem(const std::optional<std::string>& passphrase) const;
    /// Makes `path` with mode 0600; an existing file is refused, because a key lost is lost.
    [[nodiscard]] Result<> write(const std::string& path,
                                 const std::optional<std::string>& passphrase) const;

    [[nodiscard]] const PublicKey& public_key() const;
    [[nodiscard]] Signature sign(std::string_view message) const;

private:
    struct Impl;
    explicit Key(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;
};

/// True when the file begins as an encrypted PKCS#8 PEM does, so that a caller knows to ask.
bool is_encrypted_pem(std::string_view pem);

/// Strict verification as said above. Cost about 0.15 ms.
bool verify(const PublicKey& key, std::string_view message, const Signature& signature);
/// The key is a canonical encoding and none of the low-order ones.
bool is_acceptable(const PublicKey& key);

std::string to_text(const PublicKey& key);                               ///< base64 of the 32 bytes
std::string to_text(const Signature& signature);                         ///< base64 of the 64 bytes
[[nodiscard]] Result<PublicKey> parse_public_key(std::string_view text); ///< and acceptable
[[nodiscard]] Result<Signature> parse_signature(std::string_view text);
/// SubjectPublicKeyInfo in PEM, for `openssl pkeyutl -pubin`.
std::string public_pem(const PublicKey& key);
[[nodiscard]] Result<PublicKey> public_key_from_pem(std::string_view pem);

} // namespace tranchain
