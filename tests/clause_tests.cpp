// Clauses: each sentence gives its typed part, and each wrong word its place and the right word.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "waterfall/exact/clause.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(clause_tests)

namespace {

const Names names{{"A", "B", "SUB", "A1"}, {"vat", "custody", "management", "rating", "servicing"}};

Located at(const std::string& text)
{
    return {text, {"x.toml", 7, 10, 0}};
}

Step step(const std::string& text)
{
    auto out = parse_step(at(text), names);
    if (!out) BOOST_FAIL(text + ": " + out.error().message);
    return *out;
}

struct Wrong {
    const char* text;
    int column; // from 1, in the sentence
    const char* message;
    const char* hint;
};
std::ostream& operator<<(std::ostream& out, const Wrong& w)
{
    return out << w.text;
}

void check(const Error& error, const Wrong& wrong)
{
    BOOST_TEST(error.message == wrong.message);
    BOOST_TEST(error.hint == wrong.hint);
    BOOST_TEST(error.where.line == 7);
    BOOST_TEST(error.where.column == 9 + wrong.column);
}

} // namespace

BOOST_AUTO_TEST_CASE(lines_of_a_priority)
{
    BOOST_TEST((step("pay vat").kind == Step::Kind::pay_fees));
    const Step fees = step("pay custody, management, rating pro rata up to 700000.00 a year");
    BOOST_TEST(fees.payees.size() == 3U);
    BOOST_TEST(fees.pro_rata);
    BOOST_TEST(fees.cap_per_year->str() == "700000.00");
    BOOST_TEST(!fees.limit.has_value());
    BOOST_TEST((step("pay interest A").kind == Step::Kind::pay_interest));
    const Step principal = step("pay principal A1, A, B up to notes - (pool balance - 1000.00)");
    BOOST_TEST((principal.kind == Step::Kind::pay_principal));
    BOOST_TEST(principal.payees.size() == 3U);
    BOOST_TEST(!principal.pro_rata);
    BOOST_REQUIRE(principal.limit.has_value());
    BOOST_TEST((principal.limit->kind == Expr::Kind::subtract));
    BOOST_TEST((principal.limit->operands[1].kind == Expr::Kind::subtract));
    BOOST_TEST(step("pay principal A, B pro rata").pro_rata);
    BOOST_TEST((step("cover losses").kind == Step::Kind::cover_losses));
    BOOST_TEST((step("pay fees above cap").kind == Step::Kind::pay_fees_above_cap));
    BOOST_TEST((step("pay rest to principal").kind == Step::Kind::pay_rest_to_principal));
    BOOST_TEST((step("pay rest to SUB").kind == Step::Kind::pay_rest_to_tranche));
    BOOST_TEST((step("cover income shortfall").kind == Step::Kind::cover_income_shortfall));
    BOOST_TEST((step("buy receivables").kind == Step::Kind::buy_receivables));
    BOOST_TEST((step("keep rest").kind == Step::Kind::keep_rest));
}

const Wrong wrong_steps[] = {
    {"pay audit", 5, "fee 'audit' is paid but never declared",
     "declare it: [[fee]] with id = \"audit\""},
    {"pay custdy", 5, "fee 'custdy' is paid but never declared", "did you mean 'custody'?"},
    {"pya vat", 1, "'pya' is not how a line of a priority begins", "did you mean 'pay'?"},
    {"pay interest C", 14, "tranche 'C' is not declared", "declared: A, B, SUB, A1"},
    {"pay intrest A", 5, "fee 'intrest' is paid but never declared", "did you mean 'interest'?"},
    {"pay interest", 13, "a tranche is missing", ""},
    {"pay vat, vat", 13, "'vat' is paid twice by this line", ""},
    {"cover lossses", 7, "'lossses' is not something that can be covered",
     "did you mean 'losses'?"},
    {"keep rest now", 11, "'now' is left over after the end of the sentence", ""},
    {"buy recievables", 5, "'recievables' stands where 'receivables' is expected", ""},
    {"pay vat up to 7 a year", 15, "'7' is not an amount of money",
     "write two decimals and no separators, such as '6000.00'"},
    {"pay interest A up to 7.00 a year", 22, "only fees can have a yearly cap", ""},
    {"", 1, "how a line of a priority begins is missing", ""},
};
BOOST_DATA_TEST_CASE(wrong_lines, boost::unit_test::data::make(wrong_steps), wrong)
{
    BOOST_TEST_CONTEXT(wrong.text)
    {
        const auto out = parse_step(at(wrong.text), names);
        BOOST_REQUIRE(!out.has_value());
        check(out.error(), wrong);
    }
}

BOOST_AUTO_TEST_CASE(conditions)
{
    const auto c =
        parse_condition(at("pool balance + principal cash + collection account + unapplied "
                           "cash < 100% * senior balance"),
                        names);
    BOOST_REQUIRE(c.has_value());
    BOOST_TEST((c->compare == Compare::less));
    BOOST_TEST((c->left.kind == Expr::Kind::add));
    BOOST_TEST(c->left.operands.size() == 4U);
    BOOST_TEST((c->right.kind == Expr::Kind::scale));
    BOOST_TEST(c->right.rate.str() == "100.00%");
    const auto unpaid = parse_condition(at("principal A or B unpaid > 0.00"), names);
    BOOST_REQUIRE(unpaid.has_value());
    BOOST_TEST((unpaid->left.operands[1].measure == Measure::principal_unpaid));
    BOOST_TEST(unpaid->left.operands[1].name == "B");
    const auto shares =
        parse_condition(at("cumulative defaults >= max(5.00%*cumulative purchases, 1.00)"), names);
    BOOST_REQUIRE(shares.has_value());
    BOOST_TEST((shares->right.kind == Expr::Kind::maximum));
}

const Wrong wrong_conditions[] = {
    {"pool balence < 6000.00", 1, "'pool balence' is not an amount of the deal",
     "did you mean 'pool balance'?"},
    {"pool balance < 6000", 16, "'6000' is not an amount of money",
     "write two decimals and no separators, such as '6000.00'"},
    {"pool balance 6000.00", 14, "'6000.00' stands where a comparison is expected",
     "write one of < <= = != >= >"},
    {"pool balance <", 15, "an amount of the deal is missing", ""},
    {"pool balance < 5.8O%", 16, "'5.8O%' is not a percentage",
     "write up to seven decimals and a percent sign, such as '5.80%'"},
    {"pool balance < 50%", 16, "'50%' is a share of nothing", "such as '50% * senior balance'"},
    {"pool balance * notes < 1.00", 14, "a product needs one percentage and one amount",
     "such as '100% * senior balance'"},
    {"interest D unpaid > 0.00", 10, "tranche 'D' is not declared", "declared: A, B, SUB, A1"},
    {"池 < 6000.00", 1, "'池' does not belong in a clause", ""},
    {"(pool balance < 1.00", 15, "'<' stands where ')' is expected", ""},
};
BOOST_DATA_TEST_CASE(wrong_tests, boost::unit_test::data::make(wrong_conditions), wrong)
{
    BOOST_TEST_CONTEXT(wrong.text)
    {
        const auto out = parse_condition(at(wrong.text), names);
        BOOST_REQUIRE(!out.has_value());
        check(out.error(), wrong);
    }
}

BOOST_AUTO_TEST_CASE(purchases_and_limits)
{
    const auto price = parse_price(at("face * (1 - 7.00% * days to due / 365)"));
    BOOST_REQUIRE(price.has_value());
    BOOST_TEST(price->discount.str() == "7.00%");
    BOOST_TEST(price->basis == 365);
    BOOST_TEST(!parse_price(at("face * (1 - 7.00% * days to due)")).has_value());
    BOOST_TEST(parse_settle(at("T+1")).value().calendar == "china-bank");
    BOOST_TEST(parse_settle(at("T+2 china-exchange")).value().days == 2);
    BOOST_TEST(parse_support_time(at("T-3 china-bank")).value().days == 3);
    BOOST_TEST(!parse_support_time(at("T+3 china-bank")).has_value());
    BOOST_TEST(parse_criterion(at("tenor <= 180 days")).value().days == 180);
    BOOST_TEST(parse_criterion(at("due date <= 2020-12-31")).value().date.str() == "2020-12-31");
    BOOST_TEST(parse_criterion(at("due date <= 2020-02-30")).error().message ==
               "'2020-02-30' is not a day of the calendar");
    BOOST_TEST((parse_criterion(at("confirmation is not none")).value().kind ==
                Criterion::Kind::confirmed));
    BOOST_TEST((parse_criterion(at("obligor not insolvent")).value().kind ==
                Criterion::Kind::obligor_solvent));
    BOOST_TEST(parse_criterion(at("not past deu")).error().hint == "did you mean 'not past due'?");
    BOOST_TEST(parse_limit(at("obligor group <= 10%")).value().each);
    BOOST_TEST(parse_limit(at("top 5 obligor groups <= 40%")).value().count == 5);
}

BOOST_AUTO_TEST_CASE(clocks_and_schedules)
{
    BOOST_TEST(parse_clock(at("30 consecutive days")).value().days == 30);
    const auto payment = parse_clock(at("5 china-bank days after a payment date"));
    BOOST_REQUIRE(payment.has_value());
    BOOST_TEST((payment->clock == Trigger::Clock::days_after_payment));
    BOOST_TEST((parse_clock(at("10 china-bank days after legal_final")).value().clock ==
                Trigger::Clock::days_after_final));
    BOOST_TEST(parse_clock(at("30 consecutve days")).error().hint == "did you mean 'consecutive'?");
    BOOST_TEST(parse_clock(at("0 consecutive days")).error().message ==
               "how many days '0' is not between 1 and 3660");
    BOOST_TEST(parse_missing_day(at("carry forward 3 days, then breach")).value() == 3);
    BOOST_TEST(parse_missing_day(at("breach")).value() == 0);
    const auto quarterly = parse_pay_rule(at("26 Feb, May, Aug, Nov"));
    BOOST_REQUIRE(quarterly.has_value());
    BOOST_TEST(quarterly->months == (std::vector<unsigned>{2, 5, 8, 11}),
               boost::test_tools::per_element());
    BOOST_TEST(parse_pay_rule(at("26 monthly")).value().months.size() == 12U);
    BOOST_TEST(!parse_pay_rule(at("26 May, Feb")).has_value());
    BOOST_TEST(!parse_pay_rule(at("32 monthly")).has_value());
    BOOST_TEST(parse_calendars(at("china-bank and china-exchange")).value().size() == 2U);
    BOOST_TEST(parse_phases(at("amortization, accelerated, default")).value().size() == 3U);
    BOOST_TEST(parse_cover(at("principal A, B at expected maturity"), names).value().size() == 2U);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused_not_followed)
{
    const std::string deep = std::string(5000, '(') + "1.00" + std::string(5000, ')');
    BOOST_TEST(parse_expr(at(deep), names).error().message == "the amount is nested too deeply");
}

BOOST_AUTO_TEST_SUITE_END()
