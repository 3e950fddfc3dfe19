// Instructions of payments and the custodian's answers, by figures worked by hand.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "data/csv.hpp"
#include "judge_fixture.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/instruction.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(instruction_tests)

namespace {

using Status = PaymentOrder::Status;
const char* const payment = "distribution/2019-02-26";

/// The small deal, which asks for instructions; holders' money is at the depository two days before.
Program instructed_deal()
{
    Program p = small_deal();
    p.authors = {{"distribution", {"plan_manager"}},
                 {"execution", {"custodian"}},
                 {"instruction", {"plan_manager"}}};
    p.timetable = {{Milestone::Kind::transfer, true, 2, "china-bank", {}},
                   {Milestone::Kind::record, true, 1, "china-bank", {}}};
    return p;
}

/// 21,000.00 of a face of 1,050,000.00 bought at 1,000,000.00 come in on closing: 20,000.00 are
/// principal, 1,000.00 income. All days before the first payment date are closed.
Driver before_payment(const Program& p = instructed_deal())
{
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    d.pay(date("2019-01-31"), "R1", "21000.00");
    d.close(date("2019-02-25"));
    return d;
}

/// And its distribution is accepted, with no debit of the bank so far.
Driver ordered()
{
    Driver d = before_payment();
    d.must(d.with.make_distribution(date("2019-02-26")).value(), "plan_manager");
    return d;
}

const PaymentOrder& order(const Driver& d)
{
    return d.with.state().orders.at(payment);
}

Record instruction(const Driver& d, const char* reference = payment)
{
    auto r = d.with.make_instruction(reference);
    BOOST_REQUIRE_MESSAGE(r, r.error().message);
    return *r;
}

Record execution(const Driver& d, std::optional<std::string> refusal = {})
{
    auto r = d.with.make_execution(payment, refusal);
    BOOST_REQUIRE_MESSAGE(r, r.error().message);
    return *r;
}

std::string refusal(Driver& d, const Record& r, const char* role)
{
    const Verdict v = d.feed({r, {}}, role);
    return v.findings.empty() ? told(v) : v.findings.front().id;
}

void reopen(const Driver& d)
{
    const auto again = Judge::open(d.with.public_state(), std::nullopt);
    BOOST_REQUIRE_MESSAGE(again, again.error().message);
    BOOST_TEST((*again)->public_state() == d.with.public_state());
}

} // namespace

/// Tax 3% of 1,000.00 is 30.00. Servicing and interest run 26 days from closing: 286.00 and 2,600.00,
/// of which income has 684.00 left and principal lends 1,916.00. A has 10,000 units: 0.2600 each.
BOOST_AUTO_TEST_CASE(an_instruction_says_what_the_distribution_pays)
{
    Driver d = ordered();
    reopen(d);
    const Record r = instruction(d);
    BOOST_TEST(r.business_date->str() == "2019-02-26");
    BOOST_TEST(
        r.public_part.canonical() ==
        R"({"amount":"2916.00","capitals":"人民币贰仟玖佰壹拾陆元整","currency":"CNY",)"
        R"("depository":{"amount":"2600.00","by":"2019-02-22","record_date":"2019-02-25",)"
        R"("time":"16:00","tranches":[{"interest":"2600.00","interest_per_unit":"0.2600",)"
        R"("principal":"0.00","principal_per_unit":"0.0000","rounding_left":"0.00",)"
        R"("tranche":"A","units":10000}]},"latest":"2019-02-26",)"
        R"("ledgers":{"income":"1000.00","principal":"1916.00"},)"
        R"("lines":[{"amount":"30.00","income":"30.00","item":"fee","payee":"vat"},)"
        R"({"amount":"286.00","income":"286.00","item":"fee","payee":"servicing"},)"
        R"({"amount":"2600.00","income":"684.00","item":"interest","payee":"A",)"
        R"("principal":"1916.00"}],"payer":"plan","reference":"distribution/2019-02-26"})");
    d.must(r, "plan_manager");
    BOOST_TEST((order(d).status == Status::instructed));
    reopen(d);
    d.must(execution(d), "custodian");
    BOOST_TEST((order(d).status == Status::executed));
    reopen(d);
    d.debit(date("2019-02-26"), payment, yuan("2916.00"));
    d.close(date("2019-02-26"));
    BOOST_TEST(d.with.state().orders.empty());
    BOOST_TEST(d.with.public_state().find("\"orders\"") == std::string::npos);
    BOOST_TEST(refusal(d, r, "plan_manager") == "not-ordered");
}

BOOST_AUTO_TEST_CASE(only_the_right_one_says_it_once_and_to_the_fen)
{
    Driver d = ordered();
    const Record r = instruction(d);
    BOOST_TEST(refusal(d, r, "custodian") == "wrong-author");
    Record wrong = r;
    wrong.public_part["amount"] = yuan("2916.01");
    BOOST_TEST(refusal(d, wrong, "plan_manager") == "figure-differs");
    wrong = r;
    wrong.business_date = date("2019-02-27");
    BOOST_TEST(refusal(d, wrong, "plan_manager") == "wrong-date");
    wrong.public_part["reference"] = "purchase/2019-02-01/9";
    BOOST_TEST(refusal(d, wrong, "plan_manager") == "not-ordered");
    wrong.public_part["reference"] = "distribution/2019-03-26";
    BOOST_TEST((d.feed({wrong, {}}, "plan_manager").kind == Verdict::Kind::not_yet));
    BOOST_TEST(d.with.make_execution(payment, std::nullopt).error().message ==
               "the instruction of 'distribution/2019-02-26'");
    d.must(r, "plan_manager");
    BOOST_TEST(refusal(d, r, "plan_manager") == "already-answered");

    const Record e = execution(d);
    BOOST_TEST(refusal(d, e, "plan_manager") == "wrong-author");
    wrong = e;
    wrong.public_part["instruction"] = std::string(64, '0');
    BOOST_TEST(refusal(d, wrong, "custodian") == "figure-differs");
    wrong = e;
    wrong.public_part["result"] = "later";
    BOOST_TEST(refusal(d, wrong, "custodian") == "bad-record");
    wrong = execution(d, "");
    BOOST_TEST(refusal(d, wrong, "custodian") == "bad-record");
    d.must(e, "custodian");
    BOOST_TEST(refusal(d, e, "custodian") == "already-answered");
    BOOST_TEST(refusal(d, r, "plan_manager") == "already-answered");
}

BOOST_AUTO_TEST_CASE(a_refused_one_is_instructed_again_and_not_executed)
{
    Driver d = ordered();
    const Record first = instruction(d);
    d.must(first, "plan_manager");
    const Record answer = execution(d);
    d.must(execution(d, "the account of the servicer is closed"), "custodian");
    BOOST_TEST((order(d).status == Status::refused));
    reopen(d);
    BOOST_TEST(refusal(d, answer, "custodian") == "already-answered");
    BOOST_TEST(refusal(d, first, "plan_manager") == "figure-differs"); // it does not say `after`
    const Record second = instruction(d);
    BOOST_TEST(second.public_part.find("after")->as_string() == hex(first.hash()));
    d.must(second, "plan_manager");
    BOOST_TEST(refusal(d, answer, "custodian") == "figure-differs"); // it answers the first
    d.must(execution(d), "custodian");
    BOOST_TEST((order(d).status == Status::executed));
}

BOOST_AUTO_TEST_CASE(a_day_on_which_the_bank_paid_waits_for_the_execution)
{
    Driver d = ordered();
    const Date day = date("2019-02-26");
    d.debit(day, payment, yuan("2916.00"));
    d.must(build_statement("plan", 2, d.cash, {day, day}, d.entries, d.random), "custodian");
    d.must(build_collections({day, day}, {}, d.random), "servicer");
    const auto early = d.with.make_close(day);
    BOOST_REQUIRE(!early);
    BOOST_TEST((early.error().code == Code::busy));
    BOOST_TEST(early.error().message == "2019-02-26: the bank paid 'distribution/2019-02-26', whose "
                                        "instruction is not executed");
    d.must(instruction(d), "plan_manager");
    BOOST_TEST(!d.with.make_close(day));
    d.must(execution(d), "custodian");
    d.must(d.with.make_close(day).value(), "");
    BOOST_TEST(d.with.state().orders.empty());
}

BOOST_AUTO_TEST_CASE(a_debit_that_differs_is_recorded_and_stops_the_next_distribution)
{
    Driver d = ordered();
    d.must(instruction(d), "plan_manager");
    d.must(execution(d), "custodian");
    const Date day = date("2019-02-26");
    const Verdict more =
        d.feed(build_statement("plan", 2, d.cash, {day, day},
                               {{1, day, -yuan("2916.01"), payment, "", ""}}, d.random),
               "custodian");
    BOOST_TEST(more.findings.front().message ==
               "2019-02-26: 2916.01 paid for 'distribution/2019-02-26', 2916.00 is ordered");
    d.debit(day, payment, yuan("2900.00"));
    d.close(date("2019-03-25"));
    BOOST_REQUIRE(order(d).missing.has_value());
    BOOST_TEST(order(d).missing->date.str() == "2019-02-26");
    BOOST_TEST(order(d).missing->amount.str() == "16.00");
    reopen(d);
    const auto next = d.with.make_distribution(date("2019-03-26"));
    BOOST_REQUIRE(!next);
    BOOST_TEST(next.error().message == "the rest of 'distribution/2019-02-26', which the bank paid "
                                       "16.00 short on 2019-02-26");
    d.debit(date("2019-03-26"), payment, yuan("16.00"));
    d.close(date("2019-03-26"));
    BOOST_TEST(d.with.state().orders.empty());
    BOOST_TEST(d.with.make_distribution(date("2019-03-26")).has_value());
}

/// The rest of a payment comes on the day of the next, or after it, in a statement that is sealed: the next
/// distribution does not wait for a close that waits for it.
BOOST_AUTO_TEST_CASE(the_rest_of_a_payment_may_come_with_the_next)
{
    for (const char* rest_on : {"2019-03-26", "2019-03-27"}) {
        Driver d = ordered();
        d.must(instruction(d), "plan_manager");
        d.must(execution(d), "custodian");
        d.debit(date("2019-02-26"), payment, yuan("2900.00"));
        d.close(date("2019-03-25"));
        const Date day = date("2019-03-26");
        const Date last = date(rest_on);
        Driver paid = d;
        const char* const next = "distribution/2019-03-26";
        d.debit(day, next, yuan("3108.00")); // 28 days at 100.00 and at 11.00
        d.debit(last, payment, yuan("15.99"));
        d.debit(last, payment, yuan("0.01"));
        d.must(build_statement("plan", 3, d.cash, {day, last}, d.entries, d.random), "custodian");
        d.must(build_collections({day, last}, {}, d.random), "servicer");
        BOOST_TEST((d.with.make_close(day).error().code == Code::busy));
        d.must(d.with.make_distribution(day).value(), "plan_manager");
        d.must(instruction(d, next), "plan_manager");
        d.must(d.with.make_execution(next, std::nullopt).value(), "custodian");
        d.must(d.with.make_close(last).value(), "");
        BOOST_TEST(d.with.state().orders.empty());
        BOOST_TEST(d.with.state().book.balance(Account::payable).str() == "0.00");

        paid.debit(last, payment, yuan("15.99")); // a fen is still missing
        paid.must(build_statement("plan", 3, paid.cash, {day, last}, paid.entries, paid.random), "custodian");
        BOOST_TEST(!paid.with.make_distribution(day));
    }
}

namespace {

/// 10,000.00 bought at 9,900.00 and 20,000.00 at 19,700.00 on a Friday, to be paid on the Monday.
Submission bought(Driver& d)
{
    const Date settle = date("2019-02-04");
    Submission s =
        build_purchase(date("2019-02-01"), settle,
                       {receivable({"R3", "O3", "2019-05-15", "10000.00", "9900.00"}, settle, d.random),
                        receivable({"R4", "O4", "2019-05-15", "20000.00", "19700.00"}, settle,
                                   d.random)})
            .value();
    s.record.seq = 7;
    return s;
}

/// Obligors that failed two days before it settles: what they owe drops out of it.
Driver before_purchase(const std::vector<std::string>& insolvent = {})
{
    Driver d(instructed_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    for (const std::string& code : insolvent) {
        d.must(build_insolvency(date("2019-02-02"), code, {code}, d.random), "trustee");
    }
    d.close(date("2019-02-03"));
    return d;
}

const char* const purchase = "purchase/2019-02-04/7";

} // namespace

BOOST_AUTO_TEST_CASE(a_purchase_is_instructed_and_follows_what_drops_out)
{
    Driver d = before_purchase({"O3"});
    const Date day = date("2019-02-04");
    BOOST_TEST((d.with.make_instruction(purchase).error().code == Code::busy));
    d.must(bought(d), "servicer");
    const Record r = instruction(d, purchase);
    BOOST_TEST(r.public_part.canonical() ==
               R"({"amount":"29600.00","capitals":"人民币贰万玖仟陆佰元整","currency":"CNY",)"
               R"("latest":"2019-02-04","ledgers":{"income":"0.00","principal":"29600.00"},)"
               R"("lines":[{"amount":"29600.00","item":"price","payee":"originator",)"
               R"("principal":"29600.00"}],"payer":"plan","reference":"purchase/2019-02-04/7"})");
    d.must(r, "plan_manager");
    d.close(day);
    const PaymentOrder& left = d.with.state().orders.at(purchase);
    BOOST_TEST(left.amount().str() == "19700.00");
    BOOST_TEST((left.status == Status::lapsed));
    BOOST_TEST(instruction(d, purchase).public_part.find("amount")->as_string() == "19700.00");
    reopen(d);

    Driver gone = before_purchase({"O3", "O4"}); // nothing is left of it: nothing is to be paid
    gone.must(bought(gone), "servicer");
    gone.close(day);
    BOOST_TEST(gone.with.state().orders.empty());
}

/// Every accepted order of a day's records, each author's own in theirs, leads to one state.
BOOST_AUTO_TEST_CASE(order_of_a_days_payments_does_not_matter)
{
    Driver base = before_purchase();
    const Date day = date("2019-02-04");
    Driver made = base;
    const Submission buy = bought(base);
    made.must(buy, "servicer");
    const Record told_to = instruction(made, purchase);
    made.must(told_to, "plan_manager");
    const Record answer = made.with.make_execution(purchase, std::nullopt).value();
    base.debit(day, purchase, yuan("29600.00"));
    const std::vector<std::pair<Submission, std::string>> records{
        {build_statement("plan", 2, base.cash, {day, day}, base.entries, base.random), "custodian"},
        {{answer, {}}, "custodian"},
        {buy, "servicer"},
        {build_collections({day, day}, {}, base.random), "servicer"},
        {{told_to, {}}, "plan_manager"},
        {build_insolvency(day, "O9", {"O9"}, base.random), "trustee"}};
    const auto any = [](const auto&) { return true; };
    const int accepted = accepted_orders(base.with, records, day, any, [](const Judge& judge) {
        BOOST_REQUIRE(judge.public_state().find("\"orders\"") == std::string::npos);
    });
    // Purchase, instruction, execution in this order: 720 / 3!; the statement before the
    // collections: half of them.
    BOOST_TEST(accepted == 60);
}

BOOST_AUTO_TEST_CASE(a_deal_that_does_not_ask_has_none)
{
    Program p = small_deal();
    Driver d = before_payment(p);
    d.must(d.with.make_distribution(date("2019-02-26")).value(), "plan_manager");
    BOOST_TEST(d.with.state().orders.empty());
    BOOST_TEST(d.with.make_instruction(payment).error().id == "not-asked");
    Record r;
    r.type = record_type::instruction;
    BOOST_TEST(refusal(d, r, "plan_manager") == "not-asked");
    d.debit(date("2019-02-26"), payment, yuan("2916.00"));
    d.close(date("2019-02-26"));
}

BOOST_AUTO_TEST_CASE(a_deal_file_asks_by_naming_who_signs)
{
    const auto read = [](const std::string& more) {
        const auto deal = parse_deal(read_file("data/deal/jdht-2018-6.toml").value() + more, "x.toml");
        if (!deal) BOOST_FAIL(deal.error().front().message);
        return deal->program;
    };
    BOOST_TEST(!asks_instructions(read("")));
    const Program approved = read("[approvals]\ninstruction = [\"trustee\"]\n");
    BOOST_TEST(asks_instructions(approved));
    BOOST_TEST(approved.authors.at("instruction").front() == "plan_manager");
    BOOST_TEST(approved.authors.at("execution").front() == "custodian");
    BOOST_TEST(approved.approvals.at("instruction").front() == "trustee");
    const Program named = read("[authors]\nexecution = [\"trustee\"]\n");
    BOOST_TEST(named.authors.at("execution").front() == "trustee");
    BOOST_TEST(named.authors.at("instruction").front() == "plan_manager");
}

BOOST_AUTO_TEST_CASE(amounts_per_unit_are_cut)
{
    Program p = small_deal();
    BOOST_TEST(amount_per_unit(p, yuan("13344657.53"), 10'800'000) == "1.2356");
    BOOST_TEST(amount_per_unit(p, yuan("7454609.59"), 4'192'500) == "1.7780");
    p.per_unit_places = 8;
    BOOST_TEST(amount_per_unit(p, yuan("500000000000.00"), 1) == "500000000000.00000000");
    BOOST_TEST(amount_per_unit(p, yuan("0.01"), 3) == "0.00333333");
    p.per_unit_places = 0;
    BOOST_TEST(amount_per_unit(p, yuan("1.00"), 3) == "0.33");
}

BOOST_AUTO_TEST_SUITE_END()
