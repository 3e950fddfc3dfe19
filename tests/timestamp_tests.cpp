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

BOOST_AUTO_TEST_SUITE_END()
