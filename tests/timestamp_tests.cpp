// Time stamps of RFC 3161, against what openssl(1) made.
//
// tests/vectors/rfc3161-*: request, response and root of `a checkpoint` and a newline, made with
// openssl ts, req and ca 3.0.19 for these tests (CC0); both certificates were good for 90 seconds
// more, to 2026-11-28 09:06:38 UTC, so a judge who asks today's clock finds them expired.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "chain/timestamp.hpp"
#include "data/csv.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(timestamp_tests)

namespace {

std::string vector_file(const char* name)
{
    return read_file(std::string("tests/vectors/rfc3161-") + name).value();
}

/// DER with a short length.
std::string der(char tag, const std::string& content)
{
    return std::string{tag, static_cast<char>(content.size())} + content;
}

/// A TimeStampResp of status 2 (rejection) with these words and failure badAlg, bit 0.
std::string refusal(const std::string& words)
{
    const std::string status = der('\x02', "\x02");
    const std::string failure = der('\x03', "\x07\x80");
    return der('\x30', der('\x30', status + der('\x30', der('\x0c', words)) + failure));
}

} // namespace

BOOST_AUTO_TEST_CASE(request_is_byte_for_byte_that_of_openssl)
{
    BOOST_TEST((timestamp_request(sha256("a checkpoint\n")) == vector_file("request.tsq")));
}

BOOST_AUTO_TEST_CASE(certificates_are_judged_at_the_time_that_is_stamped)
{
    const auto stamp = check_timestamp(vector_file("stamp.tsr"), vector_file("root.pem"));
    BOOST_REQUIRE_MESSAGE(stamp, stamp.error().message);
    BOOST_TEST((stamp->imprint == sha256("a checkpoint\n")));
    BOOST_TEST(stamp->time == 1795856708); // date -u -d '2026-11-28 09:05:08' +%s
    BOOST_TEST(stamp->policy == "1.2.3.4.1");
    BOOST_TEST(stamp->serial == "4E");
    BOOST_TEST(stamp->authority == "CN=expired stamps");
}

BOOST_AUTO_TEST_CASE(no_changed_byte_makes_another_stamp)
{
    const std::string good = vector_file("stamp.tsr");
    const std::string root = vector_file("root.pem");
    int harmless = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x01);
        const auto stamp = check_timestamp(bad, root);
        if (!stamp) {
            BOOST_TEST(stamp.error().id == "bad-timestamp");
            continue;
        }
        ++harmless; // what nobody signs, such as a status granted with modifications
        BOOST_TEST_CONTEXT("byte " << i)
        {
            BOOST_TEST((stamp->imprint == sha256("a checkpoint\n")));
            BOOST_TEST(stamp->time == 1795856708);
            BOOST_TEST(stamp->serial == "4E");
        }
    }
    BOOST_TEST(harmless < 20);
}

BOOST_AUTO_TEST_CASE(no_piece_is_a_response)
{
    const std::string good = vector_file("stamp.tsr");
    for (std::size_t size = 0; size < good.size(); ++size)
        BOOST_TEST(!read_timestamp(good.substr(0, size)).has_value());
    BOOST_TEST(!read_timestamp(good + '\0').has_value());
    BOOST_TEST(read_timestamp(good).has_value());
}

BOOST_AUTO_TEST_CASE(words_of_a_refusal_reach_nobody_raw)
{
    const std::string begin = "the authority granted no token: status 2, badAlg, ";
    const auto message = [](const std::string& words) {
        const auto stamp = read_timestamp(refusal(words));
        return stamp ? "granted" : stamp.error().message;
    };
    BOOST_TEST(message("refusé") == begin + "'refusé'");
    BOOST_TEST(message("\x1b[2Jgranted") == begin + "and words that are no plain text");
    BOOST_TEST(message("refus\xe9") == begin + "and words that are no plain text"); // Latin-1
    BOOST_TEST(message("two\nlines") == begin + "and words that are no plain text");
}

BOOST_AUTO_TEST_CASE(every_certificate_of_a_file_is_read)
{
    const std::string stamp = vector_file("stamp.tsr");
    const std::string root = vector_file("root.pem");
    BOOST_TEST(check_timestamp(stamp, root + root).has_value());
    BOOST_TEST(check_timestamp(stamp, "issued by\n" + root + "for nobody\n").has_value());
    const std::string begin = "-----BEGIN CERTIFICATE-----\n";
    const std::string end = "-----END CERTIFICATE-----\n";
    for (const std::string& broken :
         {begin + "MIIB\n" + end, root.substr(0, root.size() / 2), begin + "*\n" + end,
          begin +
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,"
              "00112233445566778899AABBCCDDEEFF\n\nAAAA\n" +
              end}) {
        const auto refused = check_timestamp(stamp, root + broken);
        BOOST_REQUIRE(!refused);
        BOOST_TEST((refused.error().code == Code::invalid_input));
        BOOST_TEST(refused.error().message.starts_with("certificate 2 cannot be read: "));
    }
    const auto none = check_timestamp(stamp, "");
    BOOST_TEST(none.error().message == "there is no certificate in PEM");
}

BOOST_AUTO_TEST_SUITE_END()
