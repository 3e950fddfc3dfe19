// Lockout, interest-only, accruing, reset and grouped tranches; arithmetic by hand.
// SPDX-License-Identifier: Apache-2.0
#include <random>

#include <boost/test/unit_test.hpp>

#include "data/csv.hpp"
#include "one_payment.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(tranche_terms_tests)

namespace {

const Names names{{"A", "SUB", "IO"}, {}, {"lpr"}, {"plan"}, {"watch"}, {}, {{"ALL", {"A", "SUB"}}}};

/// A 1,000,000.00 at 3.65% (100.00 a day) and SUB 100,000.00, without fees, in one merged ledger.
Program plain_deal()
{
    Program p = small_deal();
    p.fees.clear();
    p.revolving_until = p.closing - 1;
    p.tables = {
        {"lpr", true, {{date("2019-01-31"), 43'500'000}, {date("2019-03-01"), 42'000'000}}, {}},
        {"plan", false, {{date("2019-01-31"), 900'000'00}, {date("2019-03-26"), 650'000'00}}, {}}};
    Trigger t;
    t.id = "watch";
    t.clause.number = "trigger.watch";
    p.triggers = {t};
    return p;
}

Distribution pay(const Program& p, const DealState& s, const char* day, const std::vector<const char*>& lines)
{
    return pay_by(p, names, s, day, lines);
}

Expr test_of(const char* text)
{
    return parse_test({text, {}}, names).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(no_principal_before_the_lockout)
{
    Program p = plain_deal();
    p.tranches[0].lockout = date("2019-03-26");
    const DealState february = before(p, "2019-02-26", "2019-01-31", "500000.00");
    Distribution d = pay(p, february, "2019-02-26", {"pay principal A, SUB pro rata", "keep rest"});
    BOOST_TEST((d.tranches[0].principal_paid == zero));
    BOOST_TEST(d.tranches[1].principal_paid.str() == "100000.00"); // A's share goes to SUB
    BOOST_TEST((d.lines[0].due == zero));
    BOOST_TEST(d.income_left.str() == "400000.00");
    const DealState march = before(p, "2019-03-26", "2019-02-28", "500000.00");
    d = pay(p, march, "2019-03-26", {"pay principal A", "keep rest"});
    BOOST_TEST(d.tranches[0].principal_paid.str() == "500000.00");
    DealState defaulted = february;
    defaulted.defaulted = date("2019-02-20");
    d = pay(p, defaulted, "2019-02-26", {"pay principal A", "keep rest"});
    BOOST_TEST(d.tranches[0].principal_paid.str() == "500000.00");
}

/// 0.73% of A is 20.00 a day: 560.00 for the 28 days to 03-26, 336.00 once A is at 600,000.00.
BOOST_AUTO_TEST_CASE(interest_only_runs_on_the_principal_of_others)
{
    Program p = plain_deal();
    p.tranches.push_back(
        {"IO", 3, yuan("1000000.00"), Rate::parse("0.73%").value(), DayCount::act_365f, ""});
    p.tranches[2].notional = {"A"};
    p.priorities.clear(); // they pay the fees of the small deal
    BOOST_TEST(unsound(p).empty());
    DealState s = before(p, "2019-03-26", "2019-02-28", "5000.00");
    BOOST_TEST((s.tranches[2].balance == zero));
    BOOST_TEST(measure(p, s, Measure::outstanding_notes, {}).str() == "1100000.00");
    const std::vector<const char*> lines{"pay interest IO", "pay principal IO", "keep rest"};
    Distribution d = pay(p, s, "2019-03-26", lines);
    BOOST_TEST(d.tranches[2].interest_paid.str() == "560.00");
    BOOST_TEST((d.tranches[2].principal_paid == zero));
    s.tranches[0].balance = yuan("600000.00");
    BOOST_TEST(pay(p, s, "2019-03-26", lines).tranches[2].interest_paid.str() == "336.00");

    Driver driver(p); // the notes bring in 1,100,000.00: an interest-only one brings nothing
    driver.snapshot({{"R1", "O1", "2019-07-15", "1090000.00", "1090000.00"}});
    BOOST_TEST(driver.with.state().book.balance(Account::principal).str() == "10000.00");

    p.tranches[2].notional = {"SUB", "IO"};
    BOOST_TEST(!unsound(p).empty());
}

/// 28 days at 100.00 a day: 2,800.00 become principal while SUB is outstanding. Then 1,002,800.00
/// for 31 days: 3,108.68, per unit 0.3108, so 3,108.00.
BOOST_AUTO_TEST_CASE(interest_becomes_principal_while_its_test_holds)
{
    Program p = plain_deal();
    p.tranches[0].capitalises = test_of("balance SUB > 0.00");
    DealState s = before(p, "2019-03-26", "2019-02-28", "5000.00");
    Distribution d = pay(p, s, "2019-03-26", {"pay interest A", "keep rest"});
    BOOST_TEST(d.tranches[0].capitalised.str() == "2800.00");
    BOOST_TEST((d.tranches[0].interest_due == zero));
    BOOST_TEST((d.total == zero));
    BOOST_TEST(d.tranches[0].closing.str() == "1002800.00");
    BOOST_TEST((d.payout.tranches[0].balance == d.tranches[0].closing));
    const Json part = distribution_part(p, d);
    BOOST_TEST(part.find("tranches")->as_array()[0].find("capitalised")->as_string() == "2800.00");
    BOOST_TEST((part.find("tranches")->as_array()[1].find("capitalised") == nullptr));

    s = before(p, "2019-04-26", "2019-03-31", "2000000.00");
    s.tranches = {{yuan("1002800.00"), zero}, {zero, zero}};
    d = pay(p, s, "2019-04-26", {"pay interest A", "pay principal A", "keep rest"});
    BOOST_TEST(d.tranches[0].interest_paid.str() == "3108.00");
    BOOST_TEST(d.tranches[0].principal_paid.str() == "1002800.00"); // more than it was issued with
    BOOST_TEST((d.tranches[0].closing == zero));
}

BOOST_AUTO_TEST_CASE(interest_that_becomes_principal_is_never_unpaid)
{
    Program p = plain_deal();
    DealState s = before(p, "2019-03-26", "2019-02-28", "0.00");
    s.closed_through = date("2019-03-30"); // a payment date passes without a distribution
    BOOST_TEST(measure(p, s, Measure::interest_unpaid, "A").str() == "2800.00");
    p.tranches[0].capitalises = test_of("date < 2019-06-01");
    BOOST_TEST((measure(p, s, Measure::interest_unpaid, "A") == zero));
}

/// The index falls from 4.35% to 4.20% on 1 March; the coupon is read on 26 February and 26 August.
BOOST_AUTO_TEST_CASE(the_index_is_read_on_reset_dates)
{
    Program p = plain_deal();
    p.tranches[0].coupon = Rate{};
    p.tranches[0].coupon_rule = parse_rate({"lpr", {}}, names).value();
    const DealState s = opening_state(p);
    const auto interest = [&](const char* from) {
        return interest_of(p, s, 0, date(from), date(from) + 73).str(); // a fifth of a year
    };
    BOOST_TEST(interest("2019-03-26") == "8400.00");
    p.tranches[0].resets = {date("2019-02-26"), date("2019-08-26")};
    BOOST_TEST(interest("2019-02-10") == "8700.00"); // before the first: closing's
    BOOST_TEST(interest("2019-03-26") == "8700.00");
    BOOST_TEST(interest("2019-08-26") == "8400.00");
}

/// An anchor: A keeps to its plan while SUB is outstanding, and then takes everything.
BOOST_AUTO_TEST_CASE(a_planned_tranche_and_its_anchor)
{
    const Program p = plain_deal();
    DealState s = before(p, "2019-02-26", "2019-01-31", "450000.00");
    const std::vector<const char*> lines{
        "pay principal A up to balance A - plan if balance SUB > 0.00 else pay principal A",
        "pay principal SUB", "keep rest"};
    Distribution d = pay(p, s, "2019-02-26", lines);
    BOOST_TEST(d.tranches[0].closing.str() == "900000.00");
    BOOST_TEST((d.tranches[1].closing == zero));
    BOOST_TEST(d.income_left.str() == "250000.00");
    s.tranches[1].balance = zero;
    d = pay(p, s, "2019-02-26", lines);
    BOOST_TEST(d.tranches[0].closing.str() == "550000.00");
}

BOOST_AUTO_TEST_CASE(a_group_is_its_members_wherever_tranches_are_named)
{
    const auto step = parse_step({"pay principal ALL pro rata up to balance ALL - plan", {}}, names);
    if (!step) BOOST_FAIL(step.error().message);
    BOOST_TEST((step->payees == std::vector<std::string>{"A", "SUB"}));
    const Program p = plain_deal();
    const DealState s = opening_state(p);
    const auto value = [&](const char* text) {
        return evaluate(p, s, parse_expr({text, {}}, names).value()).str();
    };
    BOOST_TEST(value("balance ALL") == "1100000.00");
    BOOST_TEST(value("face ALL") == "1100000.00");
    BOOST_TEST(value("interest ALL unpaid") == "0.00");
    BOOST_TEST(parse_step({"pay interest ALL, A", {}}, names).error().message ==
               "'A' is paid twice by this line");
    BOOST_TEST(parse_step({"pay interest ALLS", {}}, names).error().hint == "did you mean 'ALL'?");
}

namespace {

std::string sample_with(const std::string& of_b, const std::string& tables = "")
{
    std::string text = read_file("data/deal/jdht-2018-6.toml").value();
    const std::string b = "coupon = \"5.90%\"\n";
    text.replace(text.find(b), b.size(), of_b);
    const std::string purchase = "[purchase]\n";
    return text.insert(text.find(purchase), tables);
}

std::string problem(const std::string& of_b, const std::string& tables = "")
{
    const auto deal = parse_deal(sample_with(of_b, tables), "x.toml");
    return deal ? "accepted" : deal.error().front().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(terms_are_read_stored_and_explained)
{
    const auto deal = parse_deal(
        sample_with("coupon = \"4.90% + if(trigger pool-shortfall, 1.00%, 0.00%)\"\n"
                    "reset = \"26 Feb, Aug\"\nlockout = 2020-02-26\n"
                    "capitalises = \"balance SENIOR > 0.00 and date < 2020-11-26\"\n",
                    "[[group]]\nid = \"SENIOR\"\nof = [\"A\"]\n"),
        "x.toml");
    if (!deal) BOOST_FAIL(deal.error().front().message);
    const auto p = compile(*deal);
    if (!p) BOOST_FAIL(p.error().front().message);
    const Tranche& b = p->tranches[1];
    BOOST_REQUIRE_EQUAL(b.resets.size(), 9U); // Feb and Aug of 2019 to 2022, and 2023-02-26
    BOOST_TEST(b.resets.front().str() == "2019-02-26");
    BOOST_TEST(b.resets.back().str() == "2023-02-26");
    const auto back = program_from_json(parse_canonical(to_json(*p).canonical()).value());
    if (!back) BOOST_FAIL(back.error().front().message);
    BOOST_TEST((*back == without_places(*p)));
    const auto said = [&](Language l) {
        for (const Explanation& e : explain(*p, l)) {
            if (e.number == "tranche.B") return e.sentence;
        }
        return std::string();
    };
    BOOST_TEST(said(Language::english).find("before 2020-02-26 it takes no principal") !=
               std::string::npos);
    BOOST_TEST(said(Language::english).find("not paid but becomes principal") !=
               std::string::npos);
    BOOST_TEST(said(Language::english).find("9 reset dates") != std::string::npos);
    BOOST_TEST(said(Language::chinese).find("2020-02-26前不偿付本金") != std::string::npos);

    BOOST_TEST(problem("coupon = \"5.90%\"\nreset = \"26 Feb\"\n") ==
               "a coupon that is no formula is never reset");
    BOOST_TEST(problem("capitalises = \"date < 2020-01-01\"\n") ==
               "a tranche without a coupon has no interest");
    BOOST_TEST(problem("coupon = \"5.90%\"\nnotional = [\"C\"]\n") ==
               "'C' is not a tranche with a principal");
    BOOST_TEST(problem("coupon = \"5.90%\"\nnotional = [\"A\"]\nlockout = 2020-01-01\n") ==
               "a tranche with a notional has no principal");
    BOOST_TEST(problem("coupon = \"5.90%\"\n", "[[group]]\nid = \"A\"\nof = [\"B\"]\n") ==
               "'A' is the name of something else");
    BOOST_TEST(problem("coupon = \"5.90%\"\n", "[[group]]\nid = \"G\"\nof = [\"Z\"]\n") ==
               "'Z' is not a tranche");
}

BOOST_AUTO_TEST_CASE(a_lockout_past_the_end_is_found)
{
    const auto deal =
        parse_deal(sample_with("coupon = \"5.90%\"\nlockout = 2023-02-27\n"), "x.toml");
    const auto p = compile(*deal);
    const DealJudgement judged = check_deal(*deal, &*p);
    BOOST_REQUIRE_EQUAL(judged.findings.size(), 1U);
    BOOST_TEST(judged.findings[0].id == "date-order");
    BOOST_TEST(judged.findings[0].where.line == 24);
}

/// Random terms over random states: what is paid came in, and balances add up and stay above zero.
BOOST_AUTO_TEST_CASE(money_is_conserved_under_random_terms)
{
    const std::vector<const char*> lines{"pay interest A",       "pay principal A",
                                         "pay interest IO",      "pay principal ALL pro rata",
                                         "pay principal SUB",    "pay rest to SUB",
                                         "pay interest ALL, IO", "pay principal IO, A pro rata"};
    std::mt19937 random(20'190'226);
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    int grown = 0;
    int paid = 0;
    for (int round = 0; round < 1000; ++round) {
        Program p = plain_deal();
        p.tranches.push_back(
            {"IO", 3, yuan("1000000.00"), Rate::parse("0.73%").value(), DayCount::act_360, ""});
        p.tranches[2].notional = {"A", "SUB"};
        if (below(2) == 1) p.tranches[0].lockout = date("2019-03-26");
        if (below(2) == 1) p.tranches[0].capitalises = test_of("balance SUB > 50000.00");
        const bool march = below(2) == 1;
        const Money cash = Money::fen(below(150'000'000));
        DealState s = march ? before(p, "2019-03-26", "2019-02-28", cash.str().c_str())
                            : before(p, "2019-02-26", "2019-01-31", cash.str().c_str());
        s.tranches[0].balance = Money::fen(10'000 * std::int64_t{below(10'001)});
        s.tranches[1].balance = Money::fen(10'000 * std::int64_t{below(1'001)});
        std::vector<const char*> chosen;
        for (std::uint32_t n = below(7); n > 0; --n) {
            chosen.push_back(lines[below(static_cast<std::uint32_t>(lines.size()))]);
        }
        chosen.push_back("keep rest");
        const Distribution d = pay(p, s, march ? "2019-03-26" : "2019-02-26", chosen);
        Money out;
        for (const TrancheLine& t : d.tranches) {
            BOOST_REQUIRE((t.closing >= zero && t.arrears_after >= zero));
            BOOST_REQUIRE((t.closing + t.principal_paid == t.opening + t.capitalised));
            out += t.interest_paid + t.principal_paid + t.residual_paid;
            grown += t.capitalised > zero;
        }
        BOOST_REQUIRE((out == d.total && d.total + d.income_left == cash));
        BOOST_REQUIRE((d.tranches[2].closing == zero));
        paid += out > zero;
    }
    BOOST_TEST(paid > 300);
    BOOST_TEST(grown > 100);
}

BOOST_AUTO_TEST_SUITE_END()
