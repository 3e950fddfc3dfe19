// Note: C2SP text forms, key ids, cosignatures, and what is refused.
// SPDX-License-Identifier: Apache-2.0
#include "chain/note.hpp"

#include <boost/test/unit_test.hpp>

#include "data/text.hpp"
#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(note_tests)

namespace {

Note sample()
{
    const Checkpoint what{"jdht/0123456789abcdef", 7, sha256("root")};
    return {what.text(),
            {cosign(test::key_of("manager"), "jdht/0123456789abcdef/manager", what.text(),
                    1'541'635'200)}};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_note_comes_back)
{
    const Note note = sample();
    BOOST_TEST((Note::parse(note.str()).value() == note));
    BOOST_TEST(note.str().find("\n\n\xe2\x80\x94 jdht/0123456789abcdef/manager ") !=
               std::string::npos);
}

// The example of c2sp.org/signed-note: key and signature are Go's own test vectors of sumdb/note.
BOOST_AUTO_TEST_CASE(the_note_of_the_go_checksum_database)
{
    const std::string text = "If you think cryptography is the answer to your problem,\n"
                             "then you don't know what your problem is.\n";
    const auto note = Note::parse(
        text + "\n\xe2\x80\x94 PeterNeumann "
               "x08go/ZJkuBS9UG/"
               "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
    BOOST_REQUIRE(note.has_value());
    const auto bytes = from_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value();
    PublicKey key{};
    std::copy(bytes.begin() + 1, bytes.end(), key.begin());
    BOOST_TEST(note_key_id("PeterNeumann", log_key_type, key) == 0xc74f20a3U);
    BOOST_TEST(verifier_key("PeterNeumann", log_key_type, key) ==
               "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    BOOST_TEST(verify_log_line(note->lines[0], "PeterNeumann", key, note->text));
    BOOST_TEST(!verify_log_line(note->lines[0], "PeterNeumann", key, note->text + "\n"));
    BOOST_TEST(!verify_log_line(note->lines[0], "EnochRoot", key, note->text));
}

BOOST_AUTO_TEST_CASE(what_is_no_note)
{
    const std::string good = sample().str();
    const std::string line = "\xe2\x80\x94 name AAAAAAA=\n";
    for (const std::string& bad : std::vector<std::string>{
             std::string(), std::string("text\n"), "text\n\n", "\n\n" + line, "text\n" + line,
             good.substr(0, good.size() - 1), good + "\n", good + "x\n",
             std::string("te\txt\n\n") + line, std::string("te\0xt\n\n", 7) + line,
             std::string("\xff\n\n") + line, "text\n\n- name AAAAAAA=\n",
             std::string("text\n\n\xe2\x80\x94 na+me AAAAAAA=\n"),
             std::string("text\n\n\xe2\x80\x94 name AAAAAAA\n"),
             std::string("text\n\n\xe2\x80\x94 name AAAA\n"),
             std::string("text\n\n\xe2\x80\x94 name\n"),
             std::string("text\n\n\xe2\x80\x94  AAAAAAA=\n")}) {
        BOOST_TEST(!Note::parse(bad).has_value(), bad);
    }
    std::string many = "text\n\n";
    for (int i = 0; i < 64; ++i) {
        many += line;
    }
    BOOST_TEST(Note::parse(many).has_value());
    BOOST_TEST(!Note::parse(many + line).has_value());
}

BOOST_AUTO_TEST_CASE(checkpoints_are_three_lines)
{
    const Checkpoint what{"jdht/0123456789abcdef", 12, sha256("root")};
    BOOST_TEST((Checkpoint::parse(what.text()).value() == what));
    const std::string root = to_base64(what.root);
    for (const std::string& bad : std::vector<std::string>{
             std::string(), std::string("a\n1\n"), "a\n1\n" + root,
             "a\n1\n" + root + "\nextension\n", "\n1\n" + root + "\n", "a\n01\n" + root + "\n",
             "a\n-1\n" + root + "\n", "a\n+1\n" + root + "\n", "a\n\n" + root + "\n",
             "a\n99999999999999999999\n" + root + "\n", std::string("a\n1\nAAAA\n"),
             "a\n1\n" + root.substr(1) + "\n"}) {
        BOOST_TEST(!Checkpoint::parse(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(origins_and_names)
{
    BOOST_TEST(origin_of("jdht/0123456789abcdef", 1) == "jdht/0123456789abcdef");
    BOOST_TEST(origin_of("jdht/0123456789abcdef", 3) == "jdht/0123456789abcdef/e3");
    BOOST_TEST(key_name("jdht/0123456789abcdef", "trustee") == "jdht/0123456789abcdef/trustee");
}

BOOST_AUTO_TEST_CASE(a_cosignature_is_good_for_one_key_name_time_and_text)
{
    const Note note = sample();
    const NoteLine& line = note.lines[0];
    const std::string name = "jdht/0123456789abcdef/manager";
    const PublicKey key = test::key_of("manager").public_key();
    BOOST_TEST(verify_cosignature(line, name, key, note.text));
    BOOST_TEST(cosignature_parts(line)->time == 1'541'635'200);
    BOOST_TEST(!verify_cosignature(line, name, test::key_of("trustee").public_key(), note.text));
    BOOST_TEST(!verify_cosignature(line, name + "x", key, note.text));
    BOOST_TEST(!verify_cosignature(line, name, key, note.text + "x"));
    for (std::size_t i = 0; i < line.signature.size(); ++i) {
        NoteLine bad = line;
        bad.signature[i] = static_cast<char>(bad.signature[i] ^ 1);
        BOOST_TEST(!verify_cosignature(bad, name, key, note.text), "byte " << i);
    }
    NoteLine bad = line;
    bad.key_id ^= 1;
    BOOST_TEST(!verify_cosignature(bad, name, key, note.text));
    bad = line;
    bad.signature.pop_back();
    BOOST_TEST(!cosignature_parts(bad).has_value());
    bad = line;
    bad.signature[0] = '\x7f';
    BOOST_TEST(!cosignature_parts(bad).has_value());
    BOOST_TEST(!verify_log_line(line, name, key, note.text));
}

BOOST_AUTO_TEST_SUITE_END()
