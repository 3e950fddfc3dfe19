// Amounts in Chinese capitals, against the examples of the rule itself.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "data/capitals.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(capitals_tests)

// Examples of 正确填写票据和结算凭证的基本规定, items 2 to 4; of two forms the one without 零.
BOOST_AUTO_TEST_CASE(the_examples_of_the_rule)
{
    const auto is = [](const char* amount, const char* words) {
        BOOST_TEST(capitals(Money::parse(amount).value()) == std::string("人民币") + words);
    };
    is("1409.50", "壹仟肆佰零玖元伍角");
    is("6007.14", "陆仟零柒元壹角肆分");
    is("1680.32", "壹仟陆佰捌拾元叁角贰分");
    is("107000.53", "壹拾万柒仟元伍角叁分");
    is("16409.02", "壹万陆仟肆佰零玖元零贰分");
    is("325.04", "叁佰贰拾伍元零肆分");
}

BOOST_AUTO_TEST_CASE(zeros_and_large_amounts)
{
    const auto is = [](std::int64_t fen, const char* words) {
        BOOST_TEST(capitals(Money::fen(fen)) == std::string("人民币") + words);
    };
    is(0, "零元整");
    is(5, "伍分");
    is(30, "叁角");
    is(100, "壹元整");
    is(1'000, "壹拾元整");
    is(10'010, "壹佰元壹角");
    is(1'000'000'0, "壹拾万元整");
    is(1'001'000'0, "壹拾万零壹佰元整");
    is(150'000'000'000, "壹拾伍亿元整");
    is(100'000'000'07, "壹亿元零柒分");
    is(100'000'700'00, "壹亿零柒佰元整");
    is(10'000'007'000'00, "壹佰亿零柒仟元整");
    is(1'000'000'000'000'000, "壹拾万亿元整");
    is(123'456'789'012'34, "壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分");
    is(912'345'000'000'000, "玖万壹仟贰佰叁拾肆亿伍仟万元整");
}

BOOST_AUTO_TEST_SUITE_END()
