// Prices and their fees, each worked by hand; and the words they are written in.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/price.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/exact/purchase.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(purchase_price_tests)

namespace {

Purchase terms(const std::string& text)
{
    const auto rule = parse_price({text, {"x.toml", 7, 10, 0}});
    if (!rule) BOOST_FAIL(text + ": " + rule.error().message);
    Purchase p;
    p.discount = rule->discount;
    p.basis = rule->basis;
    p.form = rule->form;
    p.fees = rule->fees;
    p.clause = {"purchase", text, 0, 0};
    return p;
}

/// Of a face of 100,000.00, 80,000.00 of it advanced, due `days` after settlement.
std::string price(const std::string& text, int days)
{
    const Date settle = date("2019-01-01");
    return price_of(terms(text), yuan("100000.00"), yuan("80000.00"), settle,
                    settle + static_cast<std::int32_t>(days))
        .str();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_a_price_begins_with)
{
    BOOST_TEST(price("face", 73) == "100000.00");
    BOOST_TEST(price("financed", 73) == "80000.00");
    // 7% for 73 of 365 days is 1.4%.
    BOOST_TEST(price("face * (1 - 7.00% * days to due / 365)", 73) == "98600.00");
    // 100,000 / 1.014 = 98,619.329...
    BOOST_TEST(price("face / (1 + 7.00% * days to due / 365)", 73) == "98619.33");
    // The same on 360: 100,000 / (1 + 0.07 x 72 / 360).
    BOOST_TEST(price("face / (1 + 7.00% * days to due / 360)", 72) == "98619.33");
}

BOOST_AUTO_TEST_CASE(the_five_fees_of_a_factor)
{
    BOOST_TEST(price("face - 500.00", 73) == "99500.00");
    BOOST_TEST(price("face - 1.25% of face", 73) == "98750.00");
    // 73 days are three periods of thirty begun, two ended.
    BOOST_TEST(price("face - 0.50% of face per started 30 days", 73) == "98500.00");
    BOOST_TEST(price("face - 0.50% of face per full 30 days", 73) == "99000.00");
    BOOST_TEST(price("face - 0.50% of face per started 30 days", 60) == "99000.00");
    BOOST_TEST(price("face - 0.50% of face per started 30 days", 61) == "98500.00");
    // 80,000 x 8% x 73 / 365 = 1,280.
    BOOST_TEST(price("face - 8.00% a year of financed", 73) == "98720.00");
    // Together: 500 + 1,250 + 1,500 + 1,280 = 4,530.
    BOOST_TEST(price("face - 500.00 - 1.25% of face - 0.50% of face per started 30 days - "
                     "8.00% a year of financed",
                     73) == "95470.00");
    // 80% advanced, less fees on the advance.
    BOOST_TEST(price("financed - 8.00% a year of financed", 73) == "78720.00");
}

BOOST_AUTO_TEST_CASE(each_fee_is_rounded_by_itself)
{
    // 0.005% of 100.00 is half a fen, twice: 0.01 each.
    const Date settle = date("2019-01-01");
    BOOST_TEST(price_of(terms("face - 0.005% of face - 0.005% of face"), yuan("100.00"), zero,
                        settle, settle + 1)
                   .str() == "99.98");
    // Past due nothing runs any more, and a yield so far past due is no price.
    BOOST_TEST(price("face - 0.50% of face per started 30 days", -5) == "100000.00");
    BOOST_TEST(price("face / (1 + 100.00% * days to due / 1)", -2) == "10000000000000.00");
}

BOOST_AUTO_TEST_CASE(hostile_amounts_stay_in_range)
{
    const Money most = Money::fen(Money::max_fen);
    for (const char* text : {"face * (1 - 100.00% * days to due / 1)",
                             "face / (1 + 100.00% * days to due / 1)",
                             "face - 100.00% of face per started 1 days",
                             "financed - 100.00% a year of financed"}) {
        for (const char* due : {"1900-01-01", "2019-01-02", "2199-12-31"}) {
            const Money p = price_of(terms(text), most, most, date("2019-01-01"), date(due));
            BOOST_TEST((p <= most));
            BOOST_TEST((p >= -most));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_yield_is_met_or_not_to_the_fen)
{
    // 98,619.33 earns 1,380.67 in 73 days: 6.9999...%; a fen less earns just above 7%.
    const Rate seven = Rate::parse("7.00%").value();
    BOOST_TEST(!yields(yuan("100000.00"), yuan("98619.33"), 73, seven));
    BOOST_TEST(yields(yuan("100000.00"), yuan("98619.32"), 73, seven));
    BOOST_TEST(yields(yuan("107.00"), yuan("100.00"), 365, seven)); // equal is met
    BOOST_TEST(!yields(yuan("107.00"), yuan("100.00"), 0, seven));
}

BOOST_AUTO_TEST_CASE(wrong_words_have_their_place)
{
    struct Wrong {
        const char* text;
        int column;
        const char* message;
    };
    for (const Wrong& w :
         {Wrong{"fce", 1, "'fce' is not what a price begins with"},
          {"face * (1 + 7.00% * days to due / 365)", 11, "'+' stands where '-' is expected"},
          {"face - 5", 8, "'5' is not an amount"},
          {"face - 0.50% of fee", 17, "'fee' stands where 'face' is expected"},
          {"face - 0.50% of face per begun 30 days", 26, "'begun' is not how days of a period count"},
          {"face - 8.00% a year", 14, "'a' stands where 'of' is expected"},
          {"financed 7", 10, "'7' is left over after the end of the sentence"}}) {
        BOOST_TEST_CONTEXT(w.text)
        {
            const auto rule = parse_price({w.text, {"x.toml", 7, 10, 0}});
            BOOST_REQUIRE(!rule.has_value());
            BOOST_TEST(rule.error().message == w.message);
            BOOST_TEST(rule.error().where.column == 9 + w.column);
            BOOST_TEST(!rule.error().hint.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_program_keeps_them_and_old_programs_their_bytes)
{
    Program p = small_deal();
    p.purchase = terms("face * (1 - 7.00% * days to due / 365)");
    const std::string old = to_json(p).canonical();
    BOOST_TEST(old.find("\"form\"") == std::string::npos);
    BOOST_TEST(old.find("\"fees\":[{\"amount\"") == std::string::npos);
    p.purchase = terms("face / (1 + 7.00% * days to due / 360) - 500.00 - 0.50% of face per full "
                       "30 days - 8.00% a year of financed");
    Criterion yield;
    yield.kind = Criterion::Kind::yield_at_least;
    yield.rate = Rate::parse("5.00%").value();
    yield.clause = {"eligibility.criteria.1", "yield >= 5.00%", 0, 0};
    Criterion calm;
    calm.kind = Criterion::Kind::undisputed;
    calm.clause = {"eligibility.criteria.2", "not disputed", 0, 0};
    p.criteria = {yield, calm};
    const auto again = program_from_json(to_json(p));
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((*again == p));
    BOOST_TEST(explain(*p.purchase, p, Language::english) ==
               "a receivable costs what earns 7.00% a year (of 360 days, simple) from settlement "
               "to its due date when the face is paid, less CNY 500.00 and 0.50% of the face for "
               "every 30 days ended and 8.00% a year (of 365 days) of the amount financed; "
               "settlement is 1 china-bank day(s) after the purchase");
    BOOST_TEST(explain(*p.purchase, p, Language::chinese).find("每满30日面值的0.50%") !=
               std::string::npos);
    p.purchase->fees.assign(17, PriceFee{});
    BOOST_TEST(!program_from_json(to_json(p)).has_value());
}

BOOST_AUTO_TEST_CASE(the_judge_asks_for_price_yield_and_calm)
{
    Program p = small_deal();
    p.purchase = terms("financed - 1.00% a year of financed");
    p.criteria.resize(2);
    p.criteria[0].kind = Criterion::Kind::yield_at_least;
    p.criteria[0].rate = Rate::parse("5.00%").value();
    p.criteria[0].clause.text = "yield >= 5.00%";
    p.criteria[1].kind = Criterion::Kind::undisputed;
    p.criteria[1].clause.text = "not disputed";
    Holding h;
    h.asset_id = "R1";
    h.obligor_code = h.obligor_group = "O1";
    h.face = yuan("1000.00");
    h.financed = yuan("990.00");
    h.purchase_date = date("2019-02-01");
    h.due = h.purchase_date + 73;
    h.price = yuan("988.02"); // 990.00 - 1.98; earns 11.98 in 73 days: 6.06%
    const Date day = date("2019-01-31");
    BOOST_TEST(judge_holdings(p, nullptr, day, h.purchase_date, {h}).empty());
    Holding dear = h;
    dear.financed = dear.price = yuan("995.00");
    dear.price = yuan("993.01"); // earns 6.99: 3.52%
    Errors found = judge_holdings(p, nullptr, day, h.purchase_date, {dear});
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].message == "row 'R1' does not meet 'yield >= 5.00%'");
    Holding cheap = h;
    cheap.price = yuan("988.01");
    found = judge_holdings(p, nullptr, day, h.purchase_date, {cheap});
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].id == "wrong-price");
    Holding quarrel = h;
    quarrel.disputed = true;
    found = judge_holdings(p, nullptr, day, h.purchase_date, {quarrel});
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].message == "row 'R1' does not meet 'not disputed'");
}

BOOST_AUTO_TEST_SUITE_END()
