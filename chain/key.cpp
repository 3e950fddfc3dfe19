// SPDX-License-Identifier: Apache-2.0
#include "chain/key.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "data/assert.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

// Named, since Key::Impl holds one.
struct OpenSslFree {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
    void operator()(BIO* p) const { BIO_free_all(p); }
    void operator()(X509_SIG* p) const { X509_SIG_free(p); }
    void operator()(X509_ALGOR* p) const { X509_ALGOR_free(p); }
    void operator()(PKCS8_PRIV_KEY_INFO* p) const { PKCS8_PRIV_KEY_INFO_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, OpenSslFree>;

namespace {

// The configuration file and the error texts of OpenSSL cost more than all we ask of it.
void start_openssl()
{
    static const bool started = [] {
        OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS,
                            nullptr);
        return true;
    }();
    static_cast<void>(started);
}

// The y coordinates of the points of order 1, 2, 4 and 8, with the two that have a second encoding;
// with either sign bit these are the 14 encodings of low order. Little-endian.
constexpr std::array<PublicKey, 7> low_order = {{
    {0},
    {1},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
}};

bool is_low_order(PublicKey point)
{
    point[31] &= 0x7f;
    return std::ranges::find(low_order, point) != low_order.end();
}

// y below p = 2^255 - 19: the top bytes are not all ones, or the lowest is below 0xed.
bool is_canonical_point(PublicKey point)
{
    point[31] &= 0x7f;
    const bool top = point[31] == 0x7f && std::all_of(point.begin() + 1, point.begin() + 31,
                                                      [](std::uint8_t b) { return b == 0xff; });
    return !top || point[0] < 0xed;
}

// Order of the base point, 2^252 + 27742317777372353535851937790883648493, little-endian.
constexpr PublicKey group_order = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                   0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                   0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

bool is_below_order(const Signature& signature)
{
    return std::lexicographical_compare(signature.rbegin(), signature.rbegin() + 32,
                                        group_order.rbegin(), group_order.rend());
}

int give_passphrase(char* buffer, int size, int /*writing*/, void* wanted)
{
    const auto* passphrase = static_cast<const std::string*>(wanted);
    if (passphrase == nullptr || passphrase->size() > static_cast<std::size_t>(size)) {
        return -1;
    }
    std::memcpy(buffer, passphrase->data(), passphrase->size());
    return static_cast<int>(passphrase->size());
}

// SubjectPublicKeyInfo of Ed25519 is these 12 bytes and the key (RFC 8410).
constexpr std::array<std::uint8_t, 12> public_prefix = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                        0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

std::string bio_text(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

} // namespace

struct Key::Impl {
    Owned<EVP_PKEY> key;
    PublicKey public_key{};
};

namespace {

PublicKey public_part(EVP_PKEY* key)
{
    PublicKey out{};
    std::size_t size = out.size();
    invariant(EVP_PKEY_get_raw_public_key(key, out.data(), &size) == 1 && size == out.size());
    return out;
}

} // namespace

Key Key::from_seed(const Hash& seed)
{
    start_openssl();
    auto impl = std::make_shared<Impl>();
    impl->key.reset(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    invariant(impl->key != nullptr);
    impl->public_key = public_part(impl->key.get());
    return Key(std::move(impl));
}

Key Key::generate()
{
    start_openssl();
    Hash seed{};
    invariant(RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) == 1);
    Key key = from_seed(seed);
    OPENSSL_cleanse(seed.data(), seed.size());
    return key;
}

bool is_encrypted_pem(std::string_view pem)
{
    return pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != std::string_view::npos;
}

Result<Key> Key::from_pem(std::string_view pem,
                          const std::optional<std::string>& passphrase,
                          const std::string& name)
{
    start_openssl();
    const bool encrypted = is_encrypted_pem(pem);
    if (encrypted && !passphrase) {
        return fail(Code::denied, "the key '" + name + "' needs its passphrase", {name},
                    "give it with --passphrase-file, or at the prompt");
    }
    const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    invariant(bio != nullptr);
    std::string secret = passphrase.value_or("");
    ERR_clear_error();
    Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase,
                                                encrypted ? &secret : nullptr));
    OPENSSL_cleanse(secret.data(), secret.size());
    ERR_clear_error();
    if (key == nullptr) {
        if (encrypted) {
            return fail(Code::denied, "wrong passphrase for the key '" + name + "'", {name});
        }
        return fail(Code::invalid_input, "'" + name + "' holds no private key in PEM", {name},
                    "make one with 'tranchain key new'");
    }
    if (EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
        return fail(Code::invalid_input, "the key '" + name + "' is not an Ed25519 key", {name});
    }
    auto impl = std::make_shared<Impl>();
    impl->public_key = public_part(key.get());
    impl->key = std::move(key);
    return Key(std::move(impl));
}

Result<Key> Key::read(const std::string& path, const std::optional<std::string>& passphrase)
{
    return read_file(path).and_then(
        [&](std::string pem) { return from_pem(pem, passphrase, path); });
}

Result<std::string> Key::to_pem(const std::optional<std::string>& passphrase) const
{
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    invariant(bio != nullptr);
    if (!passphrase) {
        invariant(PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->key.get(), nullptr, nullptr, 0,
                                                nullptr, nullptr) == 1);
        return bio_text(bio.get());
    }
    if (passphrase->empty() || passphrase->size() > 1024) {
        return fail(Code::usage, "a passphrase has 1 to 1024 bytes");
    }
    // scrypt with N = 2^14, r = 8 costs 16 MiB and about 50 ms a guess; OpenSSL's own default for
    // PEM, PBKDF2 with 2048 rounds, costs a guesser a thousandth of that.
    Owned<X509_ALGOR> scheme(
        PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 16, nullptr, 16384, 8, 1));
    const Owned<PKCS8_PRIV_KEY_INFO> plain(EVP_PKEY2PKCS8(impl_->key.get()));
    invariant(scheme != nullptr && plain != nullptr);
    const Owned<X509_SIG> sealed(PKCS8_set0_pbe(
        passphrase->data(), static_cast<int>(passphrase->size()), plain.get(), scheme.get()));
    invariant(sealed != nullptr);
    static_cast<void>(scheme.release()); // PKCS8_set0_pbe took it
    invariant(PEM_write_bio_PKCS8(bio.get(), sealed.get()) == 1);
    return bio_text(bio.get());
}

Result<> Key::write(const std::string& path, const std::optional<std::string>& passphrase) const
{
    auto pem = to_pem(passphrase);
    if (!pem) {
        return tl::make_unexpected(pem.error());
    }
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return fail(errno == EEXIST ? Code::invalid_input : Code::io,
                    "cannot make the key file '" + path + "': " + std::strerror(errno), {path});
    }
    const bool written =
        ::write(file, pem->data(), pem->size()) == static_cast<ssize_t>(pem->size()) &&
        ::fsync(file) == 0;
    const bool closed = ::close(file) == 0;
    OPENSSL_cleanse(pem->data(), pem->size());
    if (!written || !closed) {
        ::unlink(path.c_str());
        return fail(Code::io, "cannot write the key file '" + path + "'", {path});
    }
    return {};
}

const PublicKey& Key::public_key() const
{
    return impl_->public_key;
}

Signature Key::sign(std::string_view message) const
{
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    Signature out{};
    std::size_t size = out.size();
    const auto bytes = bytes_of(message);
    invariant(context != nullptr &&
              EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) == 1 &&
              EVP_DigestSign(context.get(), out.data(), &size, bytes.data(), bytes.size()) == 1 &&
              size == out.size());
    return out;
}

bool is_acceptable(const PublicKey& key)
{
    return is_canonical_point(key) && !is_low_order(key);
}

bool verify(const PublicKey& key, std::string_view message, const Signature& signature)
{
    PublicKey r{};
    std::copy_n(signature.begin(), r.size(), r.begin());
    if (!is_acceptable(key) || is_low_order(r) || !is_below_order(signature)) {
        return false;
    }
    start_openssl();
    const Owned<EVP_PKEY> loaded(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    const auto bytes = bytes_of(message);
    const bool good =
        loaded != nullptr && context != nullptr &&
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, loaded.get()) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(),
                         bytes.size()) == 1;
    if (!good) {
        ERR_clear_error();
    }
    return good;
}

std::string to_text(const PublicKey& key)
{
    return to_base64(key);
}
std::string to_text(const Signature& signature)
{
    return to_base64(signature);
}

Result<PublicKey> parse_public_key(std::string_view text)
{
    const auto bytes = from_base64(text);
    PublicKey out{};
    if (!bytes || bytes->size() != out.size()) {
        return fail(Code::invalid_input, "'" + std::string(text) + "' is not an Ed25519 public key",
                    {}, "write the 32 bytes in base64, as 'tranchain key show' prints them");
    }
    std::ranges::copy(*bytes, out.begin());
    if (!is_acceptable(out)) {
        return fail(Code::invalid_input,
                    "the public key '" + std::string(text) + "' is of low order or not canonical");
    }
    return out;
}

Result<Signature> parse_signature(std::string_view text)
{
    const auto bytes = from_base64(text);
    Signature out{};
    if (!bytes || bytes->size() != out.size()) {
        return fail(Code::invalid_input, "'" + std::string(text) + "' is not a signature");
    }
    std::ranges::copy(*bytes, out.begin());
    return out;
}

std::string public_pem(const PublicKey& key)
{
    Bytes der(public_prefix.begin(), public_prefix.end());
    der.insert(der.end(), key.begin(), key.end());
    return "-----BEGIN PUBLIC KEY-----\n" + to_base64(der) + "\n-----END PUBLIC KEY-----\n";
}

Result<PublicKey> public_key_from_pem(std::string_view pem)
{
    constexpr std::string_view begin = "-----BEGIN PUBLIC KEY-----";
    constexpr std::string_view end = "-----END PUBLIC KEY-----";
    const auto from = pem.find(begin);
    const auto to = pem.find(end);
    if (from != std::string_view::npos && to != std::string_view::npos && from < to) {
        const auto der =
            from_base64(trim(pem.substr(from + begin.size(), to - from - begin.size())));
        PublicKey out{};
        if (der && der->size() == public_prefix.size() + out.size() &&
            std::equal(public_prefix.begin(), public_prefix.end(), der->begin())) {
            std::copy(der->begin() + public_prefix.size(), der->end(), out.begin());
            if (is_acceptable(out)) {
                return out;
            }
        }
    }
    return fail(Code::invalid_input, "not an Ed25519 public key in PEM");
}

} // namespace tranchain
