// Formulas: amounts, rates and tests, read, stored, evaluated and paid by; arithmetic by hand.
// SPDX-License-Identifier: Apache-2.0
#include <random>

#include <boost/test/unit_test.hpp>

#include "one_payment.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(formula_tests)

namespace {

const Names names{{"A", "SUB"}, {"vat", "servicing"}, {"lpr", "limit"}, {"plan"}, {"watch"}};

ValueTable table(std::string id, bool rates, std::vector<ValueTable::Point> points)
{
    return {std::move(id), rates, std::move(points), {}};
}

/// The small deal with a table of each kind and a trigger to ask for. No fee, one merged ledger.
Program formula_deal()
{
    Program p = small_deal();
    p.fees.clear();
    p.revolving_until = p.closing - 1;
    p.tables = {
        table("lpr", true, {{date("2019-01-31"), 43'500'000}, {date("2019-03-01"), 42'000'000}}),
        table("limit", true, {{date("2019-01-31"), 80'000'000}, {date("2019-06-01"), 120'000'000}}),
        table("plan", false, {{date("2019-01-31"), 900'000'00}, {date("2019-03-26"), 650'000'00}})};
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

} // namespace

BOOST_AUTO_TEST_CASE(rates_are_evaluated_on_the_first_day_of_a_period)
{
    const Program p = formula_deal();
    DealState s = opening_state(p);
    const auto rate = [&](const char* text, const char* day) {
        const auto e = parse_rate({text, {}}, names);
        if (!e) BOOST_FAIL(e.error().message);
        return evaluate_rate(p, s, *e, date(day)).str();
    };
    BOOST_TEST(rate("lpr + 0.85%", "2019-02-28") == "5.20%");
    BOOST_TEST(rate("lpr + 0.85%", "2019-03-01") == "5.05%");
    BOOST_TEST(rate("lpr", "2018-01-01") == "4.35%"); // before its first date: its first value
    BOOST_TEST(rate("min(max(lpr - 5.00%, 0.00%), 6.00%)", "2019-02-28") == "0.00%");
    BOOST_TEST(rate("min(lpr + 3.00%, 6.00%)", "2019-02-28") == "6.00%");
    BOOST_TEST(rate("if(date >= 2019-03-01, 5.10%, 4.10%)", "2019-02-28") == "4.10%");
    BOOST_TEST(rate("if(date >= 2019-03-01, 5.10%, 4.10%)", "2019-03-01") == "5.10%");
    BOOST_TEST(rate("4.10% + if(trigger watch, 0.50%, 0.00%)", "2019-03-26") == "4.10%");
    s.triggers[0].effective = date("2019-03-25");
    BOOST_TEST(rate("4.10% + if(trigger watch, 0.50%, 0.00%)", "2019-03-26") == "4.60%");
    BOOST_TEST(rate("4.10% + if(trigger watch, 0.50%, 0.00%)", "2019-03-25") == "4.10%");
}

/// A: 1,000,000.00 from 02-26 to 03-26 is 28 days. At 4.35% + 0.75% = 5.10%, the rate of 02-26:
/// 1,000,000 x 5.10% x 28 / 365 = 3,912.328..., rounded 3,912.33; per unit 0.3912: 3,912.00.
/// Arrears of 10,000.00 at 6.00%: 10,000 x 6% x 28 / 365 = 46.027..., so 3,958.36 together.
BOOST_AUTO_TEST_CASE(floating_coupon_and_interest_on_what_is_deferred)
{
    Program p = formula_deal();
    p.tranches[0].coupon = Rate{};
    p.tranches[0].coupon_rule = parse_rate({"lpr + 0.75%", {}}, names).value();
    DealState s = opening_state(p);
    s.tranches[0].arrears = yuan("10000.00");
    const auto interest = [&] {
        return interest_of(p, s, 0, date("2019-02-26"), date("2019-03-26")).str();
    };
    BOOST_TEST(interest() == "3912.33");
    p.tranches[0].deferred = Rate::parse("6.00%").value();
    BOOST_TEST(interest() == "3958.36");
}

/// The plan says 900,000.00 to 03-25 and 650,000.00 from then on. With 500,000.00 at hand A is paid
/// down from 1,000,000.00 to 900,000.00 on 02-26 and to 650,000.00 on 03-26; the rest is SUB's:
/// 100,000.00 and the 300,000.00 that are left stay.
BOOST_AUTO_TEST_CASE(principal_follows_a_planned_balance)
{
    const Program p = formula_deal();
    const std::vector<const char*> lines{"pay principal A up to balance A - plan",
                                         "pay principal SUB if date >= 2019-03-26", "keep rest"};
    const auto first =
        pay(p, before(p, "2019-02-26", "2019-01-31", "500000.00"), "2019-02-26", lines);
    BOOST_TEST(first.tranches[0].closing.str() == "900000.00");
    BOOST_TEST(first.tranches[1].closing.str() == "100000.00"); // locked out
    BOOST_TEST(first.income_left.str() == "400000.00");
    const auto second =
        pay(p, before(p, "2019-03-26", "2019-02-28", "500000.00"), "2019-03-26", lines);
    BOOST_TEST(second.tranches[0].closing.str() == "650000.00");
    BOOST_TEST(second.tranches[1].closing.str() == "0.00");
    BOOST_TEST(second.income_left.str() == "50000.00");
}

/// If the trigger is on, A takes all it can; if not, A takes 10% of the notes, 110,000.00.
BOOST_AUTO_TEST_CASE(one_line_or_another)
{
    const Program p = formula_deal();
    DealState s = before(p, "2019-02-26", "2019-01-31", "500000.00");
    const std::vector<const char*> lines{
        "pay principal A if trigger watch else pay principal A up to 10% * notes"};
    BOOST_TEST(pay(p, s, "2019-02-26", lines).tranches[0].principal_paid.str() == "110000.00");
    s.triggers[0].effective = date("2019-02-10");
    BOOST_TEST(pay(p, s, "2019-02-26", lines).tranches[0].principal_paid.str() == "500000.00");
}

/// Defaults of 9.00 of 100.00 bought: over 8% of it, under the 12% that hold from 2019-06-01.
BOOST_AUTO_TEST_CASE(steps_of_a_limit_by_date)
{
    const Program p = formula_deal();
    DealState s = opening_state(p);
    s.totals.defaulted_to_date = yuan("9.00");
    s.totals.bought_to_date = yuan("100.00");
    const auto c =
        parse_condition({"cumulative defaults > limit * cumulative purchases", {}}, names);
    BOOST_REQUIRE(c.has_value());
    s.closed_through = date("2019-05-31");
    BOOST_TEST(evaluate(p, s, c->right).str() == "8.00");
    BOOST_TEST(holds(p, s, *c));
    s.closed_through = date("2019-06-01");
    BOOST_TEST(evaluate(p, s, c->right).str() == "12.00");
    BOOST_TEST(!holds(p, s, *c));
}

BOOST_AUTO_TEST_CASE(every_form_survives_its_record)
{
    for (const char* line :
         {"pay principal A up to balance A - plan", "pay interest A if not trigger watch",
          "pay principal A if notes > 10% * face A and date < 2020-01-01 or trigger watch",
          "pay principal A up to max(plan, if(trigger watch, notes, 0.00)) if uncovered losses = "
          "0.00 "
          "else keep rest",
          "pay principal A up to limit * (cumulative losses - cumulative recoveries)"}) {
        BOOST_TEST_CONTEXT(line)
        {
            Program p = formula_deal();
            auto step = parse_step({line, {}}, names);
            if (!step) BOOST_FAIL(step.error().message);
            step->clause = {"priority.amortization.all.1", line, 0, 0};
            for (Step& other : step->otherwise) other.clause = step->clause;
            Priority priority;
            priority.all = {*step};
            p.priorities = {{Phase::amortization, priority}};
            p.tranches[0].coupon = Rate{};
            p.tranches[0].coupon_rule = parse_rate({"max(lpr, 1.00%)", {}}, names).value();
            const auto json = parse_canonical(to_json(p).canonical());
            BOOST_REQUIRE(json.has_value());
            const auto back = program_from_json(*json);
            if (!back) BOOST_FAIL(back.error().front().message);
            BOOST_TEST((*back == p));
            for (const Language l : {Language::english, Language::chinese}) {
                BOOST_TEST(!explain(*step, p, l).empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(wrong_types_are_refused_with_their_word)
{
    const auto why = [](const char* line) {
        const auto step = parse_step({line, {}}, names);
        return step ? std::string("accepted") : step.error().message;
    };
    BOOST_TEST(why("pay principal A up to lpr") == "'lpr' is a share of nothing");
    BOOST_TEST(why("pay principal A up to notes + 4.10%") == "'4.10%' is a share of nothing");
    BOOST_TEST(why("pay principal A up to plan * notes") ==
               "a product needs one percentage and one amount");
    BOOST_TEST(why("pay principal A if trigger wach") == "trigger 'wach' is not declared");
    const auto rate = parse_rate({"notes", {}}, names);
    BOOST_TEST(rate.error().message == "'notes' is an amount where a rate is due");
    // The same, in a record that nobody's parser has seen.
    Program p = formula_deal();
    p.triggers[0].when.left.kind = Expr::Kind::rate_table;
    p.triggers[0].when.left.name = "lpr";
    BOOST_TEST(unsound(p).size() >= 1U);
}

/// Random lines of every kind over random states: the money that came is paid or left, no one gets
/// more than he is due, and nothing is ever below zero.
BOOST_AUTO_TEST_CASE(money_is_conserved_under_random_lines)
{
    const std::vector<const char*> lines{
        "pay interest A",
        "pay principal A",
        "pay principal A up to balance A - plan",
        "pay principal A, SUB pro rata up to 30% * notes",
        "pay principal SUB if trigger watch",
        "pay interest A up to limit * notes if date >= 2019-03-01 else pay principal A",
        "pay principal A up to max(notes - pool balance, 0.00)",
        "pay rest to SUB if not trigger watch",
        "pay principal A if pool balance < 90% * notes",
        "pay principal SUB up to if(trigger watch, plan, 10.00) - income collected"};
    std::mt19937 random(20'181'108); // the sample deal's closing; results do not depend on it
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    int paid = 0;
    for (int round = 0; round < 2000; ++round) {
        Program p = formula_deal();
        p.tranches[0].coupon_rule = parse_rate({"max(lpr + 0.50%, 1.00%)", {}}, names).value();
        p.tranches[0].deferred = Rate::parse("5.00%").value();
        const bool march = below(2) == 1;
        DealState s = march ? before(p, "2019-03-26", "2019-02-28", "0.00")
                            : before(p, "2019-02-26", "2019-01-31", "0.00");
        const Money cash = Money::fen(below(150'000'000));
        for (const Account a : {Account::principal, Account::bank}) s.book.restore(a, cash);
        s.totals.principal = cash;
        s.totals.pool_balance = Money::fen(below(120'000'000));
        s.marks[0].figures = s.totals;
        s.tranches[0].balance = Money::fen(10'000 * std::int64_t{below(10'001)});
        s.tranches[0].arrears = Money::fen(below(2) * below(5'000'000));
        if (below(2) == 1) s.triggers[0].effective = date("2019-02-01");
        std::vector<const char*> chosen;
        for (std::uint32_t n = below(7); n > 0; --n) {
            chosen.push_back(lines[below(static_cast<std::uint32_t>(lines.size()))]);
        }
        chosen.push_back("keep rest");
        const Distribution d = pay(p, s, march ? "2019-03-26" : "2019-02-26", chosen);
        Money out;
        for (const TrancheLine& t : d.tranches) {
            BOOST_REQUIRE((t.closing >= zero && t.arrears_after >= zero));
            BOOST_REQUIRE((t.interest_paid >= zero && t.principal_paid >= zero));
            BOOST_REQUIRE((t.principal_paid <= t.opening && t.interest_paid <= t.interest_due));
            out += t.interest_paid + t.principal_paid + t.residual_paid;
        }
        Money by_line;
        for (const Line& l : d.lines) by_line += l.paid;
        BOOST_REQUIRE((out == d.total && by_line == out));
        BOOST_REQUIRE((d.income_left >= zero && d.total + d.income_left == cash));
        paid += out > zero;
    }
    BOOST_TEST(paid > 500);
}

BOOST_AUTO_TEST_SUITE_END()
