// Explanations: one sentence for each clause, in both languages, from the program alone.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(explain_tests)

namespace {

Program sample()
{
    return compile_file("data/deal/jdht-2018-6.toml").value();
}

std::string sentence(const std::vector<Explanation>& all, const std::string& number)
{
    for (const Explanation& e : all) {
        if (e.number == number) return e.sentence;
    }
    return "no clause " + number;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_clause_has_one_sentence_in_both_languages)
{
    const Program p = sample();
    const auto english = explain(p, Language::english);
    const auto chinese = explain(p, Language::chinese);
    BOOST_REQUIRE_EQUAL(english.size(), chinese.size());
    for (std::size_t i = 0; i < english.size(); ++i) {
        BOOST_TEST(english[i].number == chinese[i].number);
        BOOST_TEST(english[i].sentence.back() == '.');
        BOOST_TEST(chinese[i].sentence.ends_with("。"));
    }
    for (const auto& [phase, priority] : p.priorities) {
        for (const auto* steps : {&priority.income, &priority.principal, &priority.all}) {
            for (const Step& s : *steps) {
                BOOST_TEST(!sentence(english, s.clause.number).starts_with("no clause"));
            }
        }
    }
}

/// One day is a day, not "1 days in a row".
BOOST_AUTO_TEST_CASE(clocks_of_one_day)
{
    Program p = sample();
    const auto found = std::find_if(p.triggers.begin(), p.triggers.end(),
                                    [](const Trigger& x) { return x.id == "pool-shortfall"; });
    BOOST_REQUIRE((found != p.triggers.end()));
    Trigger& t = *found;
    t.days = 1;
    t.carry_forward_days = 1;
    t.grace = 1;
    t.cured_by = 1;
    const auto english = sentence(explain(p, Language::english), "trigger.pool-shortfall");
    const auto chinese = sentence(explain(p, Language::chinese), "trigger.pool-shortfall");
    BOOST_TEST(english.starts_with("If at the end of a calendar day the pool balance"));
    BOOST_TEST(english.find("this lasts for 1 more calendar day,") != english.npos);
    BOOST_TEST(english.find("; one compliant day ends this") != english.npos);
    BOOST_TEST(english.find("repeats the last value for 1 day and then") != english.npos);
    BOOST_TEST(english.find("in a row") == english.npos);
    BOOST_TEST(chinese.find("任一自然日日终") != chinese.npos);
    BOOST_TEST(chinese.find("任一自然日达标则恢复") != chinese.npos);
    BOOST_TEST(chinese.find("连续1个") == chinese.npos);
}

BOOST_AUTO_TEST_CASE(sentences_of_the_sample)
{
    const auto all = explain(sample(), Language::english);
    BOOST_TEST(sentence(all, "priority.revolving.income.2") ==
               "Pay the fees custody, management, rating in proportion to what is due, together at "
               "most CNY 700,000.00 in a fee year.");
    BOOST_TEST(
        sentence(all, "trigger.senior-interest") ==
        "If still at the end of 5 china-bank days after a payment date interest of A due and "
        "unpaid is above CNY 0.00, an event of default is declared and the ledgers are merged "
        "that day.");
    const auto zh = explain(sample(), Language::chinese);
    BOOST_TEST(sentence(zh, "eligibility.limits.1") ==
               "购买后任一债务人集团占资产池余额加本金科目现金不超过10.00%。");
}

BOOST_AUTO_TEST_CASE(a_stored_program_explains_itself_alike)
{
    const Program p = sample();
    const Program back = program_from_json(to_json(p)).value();
    BOOST_TEST((explain(back, Language::english) == explain(p, Language::english)));
}

BOOST_AUTO_TEST_CASE(nested_amounts_keep_their_meaning)
{
    const Names names{{"A"}, {}};
    const auto e = parse_expr({"notes - (pool balance - 1000.00)", {}}, names);
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST(explain(*e, sample(), Language::english) ==
               "the outstanding principal of all notes less (the pool balance less CNY 1,000.00)");
}

BOOST_AUTO_TEST_SUITE_END()
