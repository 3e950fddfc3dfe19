// Digest: the vectors of FIPS 180-4 and RFC 4231.
// SPDX-License-Identifier: Apache-2.0
#include "data/digest.hpp"

#include <boost/test/unit_test.hpp>

namespace tranchain {

BOOST_AUTO_TEST_SUITE(digest_tests)

BOOST_AUTO_TEST_CASE(sha256_vectors)
{
    const std::pair<std::string, const char*> cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrl"
         "m"
         "nopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
        {std::string(1'000'000, 'a'),
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
    for (const auto& [message, digest] : cases) {
        BOOST_TEST(hex(sha256(message)) == digest);
        const auto half = std::string_view(message).substr(0, message.size() / 2);
        const auto rest = std::string_view(message).substr(message.size() / 2);
        BOOST_TEST(hex(sha256({half, rest})) == digest);
        Hasher hasher;
        hasher.add("left over");
        (void)hasher.finish();
        hasher.add(half);
        hasher.add(rest);
        BOOST_TEST(hex(hasher.finish()) == digest);
    }
    BOOST_TEST((sha256({}) == sha256("")));
}

BOOST_AUTO_TEST_CASE(hmac_vectors_of_rfc_4231)
{
    struct Case {
        std::string key, message;
        const char* digest;
    };
    const Case cases[] = {
        {std::string(20, '\x0b'), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(20, '\xaa'), std::string(50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
         "\x17\x18\x19",
         std::string(50, '\xcd'),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {std::string(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. The "
         "key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
    for (const auto& c : cases) {
        BOOST_TEST(hex(hmac_sha256(c.key, c.message)) == c.digest);
        const HmacKey key(c.key);
        for (int again = 0; again < 2; ++again) {
            const std::string_view message = c.message;
            BOOST_TEST(hex(key.sign({message.substr(0, 3), message.substr(3)})) == c.digest);
        }
    }
    BOOST_TEST(hex(hmac_sha256("", "")) ==
               "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(hash_text)
{
    const auto hash = sha256("abc");
    BOOST_TEST((hash_from_hex(hex(hash)).value() == hash));
    const auto text = hex(hash);
    BOOST_TEST(!hash_from_hex(text.substr(1)));
    BOOST_TEST(!hash_from_hex(text.substr(2)));
    BOOST_TEST(!hash_from_hex(text + "00"));
    BOOST_TEST(!hash_from_hex("B" + text.substr(1)));
    BOOST_TEST(!hash_from_hex("g" + text.substr(1)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
