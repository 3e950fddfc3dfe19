// Key: RFC 8032 vectors, the strict rules, and PEM files with and without passphrase.
// SPDX-License-Identifier: Apache-2.0
#include "chain/key.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "data/csv.hpp"
#include "data/text.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(key_tests)

namespace {

template <class T>
T bytes(std::string_view hex_text)
{
    T out{};
    const auto read = from_hex(hex_text).value();
    BOOST_REQUIRE_EQUAL(read.size(), out.size());
    std::ranges::copy(read, out.begin());
    return out;
}

// RFC 8032, 7.1: secret key, public key, message, signature.
struct Vector {
    const char* secret;
    const char* key;
    const char* message;
    const char* signature;
};
const Vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"},
};

std::string text_of(const char* hex_text)
{
    const auto read = from_hex(hex_text).value();
    return {read.begin(), read.end()};
}

/// The 14 encodings of the points of order 1, 2, 4 and 8.
std::vector<PublicKey> low_order_encodings()
{
    std::vector<PublicKey> out;
    for (const char* y : {"0000000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000000",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
        auto key = bytes<PublicKey>(y);
        out.push_back(key);
        key[31] |= 0x80;
        out.push_back(key);
    }
    return out;
}

struct Folder {
    std::string path;
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "key_tests.XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

} // namespace

BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_8032)
{
    for (const auto& v : vectors) {
        const Key key = Key::from_seed(bytes<Hash>(v.secret));
        const auto message = text_of(v.message);
        const auto signature = bytes<Signature>(v.signature);
        BOOST_TEST(to_hex(key.public_key()) == v.key);
        BOOST_TEST(to_hex(key.sign(message)) == v.signature);
        BOOST_TEST(verify(key.public_key(), message, signature));
        BOOST_TEST(!verify(key.public_key(), message + "x", signature));
    }
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_of_a_signature_is_refused)
{
    const Key key = Key::from_seed(bytes<Hash>(vectors[1].secret));
    const auto good = bytes<Signature>(vectors[1].signature);
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        auto bad = good;
        bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << bit % 8));
        BOOST_TEST(!verify(key.public_key(), "r", bad), "bit " << bit);
    }
}

// S + L satisfies the equation as S does; taking it would give each signature a second form.
BOOST_AUTO_TEST_CASE(an_s_that_is_not_below_the_order_is_refused)
{
    const auto order =
        bytes<PublicKey>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    const Key key = Key::from_seed(bytes<Hash>(vectors[1].secret));
    auto signature = bytes<Signature>(vectors[1].signature);
    BOOST_TEST(verify(key.public_key(), "r", signature));
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        const unsigned sum = signature[32 + i] + order[i] + carry;
        signature[32 + i] = static_cast<std::uint8_t>(sum);
        carry = sum >> 8;
    }
    BOOST_TEST(!verify(key.public_key(), "r", signature));
    std::ranges::copy(order, signature.begin() + 32);
    BOOST_TEST(!verify(key.public_key(), "r", signature));
}

BOOST_AUTO_TEST_CASE(low_order_encodings_are_refused_as_key_and_as_r)
{
    const auto points = low_order_encodings();
    BOOST_TEST(points.size() == 14U);
    for (const auto& point : points) {
        BOOST_TEST(!is_acceptable(point));
        BOOST_TEST(!parse_public_key(to_base64(point)).has_value());
        // R = the identity and S = 0 is good for any message under a key of order 1.
        Signature signature{};
        std::ranges::copy(points[2], signature.begin());
        BOOST_TEST(!verify(point, "any message", signature));
        std::ranges::copy(point, signature.begin());
        const Key key = Key::from_seed(sha256("any"));
        BOOST_TEST(!verify(key.public_key(), "any message", signature));
    }
}

BOOST_AUTO_TEST_CASE(a_key_has_one_encoding)
{
    PublicKey key{};
    key.fill(0xff);
    for (unsigned low = 0xed; low <= 0xff; ++low) {
        key[0] = static_cast<std::uint8_t>(low);
        BOOST_TEST(!is_acceptable(key));
    }
    BOOST_TEST(is_acceptable(bytes<PublicKey>(vectors[0].key)));
}

BOOST_AUTO_TEST_CASE(pem_files_come_back)
{
    const Folder folder;
    const Key key = Key::generate();
    const std::string plain = folder.path + "/plain.key";
    const std::string sealed = folder.path + "/sealed.key";
    BOOST_REQUIRE(key.write(plain, std::nullopt).has_value());
    BOOST_REQUIRE(key.write(sealed, "correct horse").has_value());
    BOOST_TEST((key.write(plain, std::nullopt).error().code == Code::invalid_input));
    struct stat about {};
    BOOST_REQUIRE(::stat(sealed.c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 0777U) == 0600U);
    BOOST_TEST((is_encrypted_pem(read_file(sealed).value())));
    BOOST_TEST((!is_encrypted_pem(read_file(plain).value())));

    BOOST_TEST((Key::read(plain, std::nullopt).value().public_key() == key.public_key()));
    BOOST_TEST((Key::read(sealed, "correct horse").value().public_key() == key.public_key()));
    BOOST_TEST((Key::read(sealed, "wrong").error().code == Code::denied));
    BOOST_TEST((Key::read(sealed, std::nullopt).error().code == Code::denied));
    BOOST_TEST((Key::read(folder.path + "/none", std::nullopt).error().code == Code::not_found));
    const auto again = key.to_pem("correct horse").value();
    BOOST_TEST((again != read_file(sealed).value())); // another salt
    BOOST_TEST((key.to_pem("").error().code == Code::usage));
    BOOST_TEST((key.to_pem(std::string(1025, 'x')).error().code == Code::usage));
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_told_apart)
{
    BOOST_TEST((Key::from_pem("", std::nullopt, "k").error().code == Code::invalid_input));
    BOOST_TEST((Key::from_pem("no pem", "pass", "k").error().code == Code::invalid_input));
    // An X25519 key, which cannot sign.
    const auto other =
        Key::from_pem("-----BEGIN PRIVATE KEY-----\n"
                      "MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6Udub"
                      "wq\n-----END PRIVATE KEY-----\n",
                      std::nullopt, "k");
    BOOST_TEST(other.error().message == "the key 'k' is not an Ed25519 key");
}

BOOST_AUTO_TEST_CASE(public_keys_and_signatures_as_text)
{
    const Key key = Key::from_seed(sha256("text"));
    BOOST_TEST((parse_public_key(to_text(key.public_key())).value() == key.public_key()));
    BOOST_TEST(!parse_public_key("AAAA").has_value());
    BOOST_TEST(!parse_public_key(to_text(key.public_key()).substr(1)).has_value());
    const auto signature = key.sign("x");
    BOOST_TEST((parse_signature(to_text(signature)).value() == signature));
    BOOST_TEST(!parse_signature(to_text(key.public_key())).has_value());
    BOOST_TEST((public_key_from_pem(public_pem(key.public_key())).value() == key.public_key()));
    BOOST_TEST(!public_key_from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
                    .has_value());
    BOOST_TEST(!public_key_from_pem("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
