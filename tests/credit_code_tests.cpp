// Tests of data/credit_code: real codes of public companies, and each reason to refuse.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "data/credit_code.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(credit_code_tests)

BOOST_AUTO_TEST_CASE(public_codes_pass)
{
    // Industrial Bank, Ping An, Huawei, Tencent: as printed in their public filings.
    for (const char* code :
         {"91350000158142711F", "91440300192185379H", "914403001922038216", "9144030071526726XG"}) {
        BOOST_TEST_CONTEXT(code)
        {
            BOOST_TEST(check_credit_code(code).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(each_reason)
{
    const auto reason = [](std::string_view code) { return check_credit_code(code).error(); };
    BOOST_TEST(reason("9144030071526726XH").message ==
               "credit code '9144030071526726XH' has a wrong check character");
    BOOST_TEST(reason("9144030071526726XH").hint == "if the first 17 are right it ends in 'G'");
    BOOST_TEST(reason("9144030071526726xg").hint == "write '9144030071526726XG'");
    BOOST_TEST(reason("440301103097413").message ==
               "credit code '440301103097413' is an old 15-digit business licence number");
    BOOST_TEST(reason("9144").message == "credit code '9144' has 4 characters, not 18");
    BOOST_TEST(reason("").message == "credit code '' has 0 characters, not 18");
    BOOST_TEST(reason("9I44030071526726XG").message ==
               "credit code '9I44030071526726XG' has a character it cannot have at place 2");
}

BOOST_AUTO_TEST_CASE(one_wrong_character_is_found)
{
    const std::string good = "9144030071526726XG";
    const std::string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const char c : alphabet) {
            std::string bad = good;
            bad[i] = c;
            BOOST_TEST(check_credit_code(bad).has_value() == (bad == good));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
