// Breaks between the ledgers and the bank: recorded with day and amount, and borne by a ledger.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/correction.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(correction_tests)

namespace {

Program reconciled_deal()
{
    Program p = small_deal();
    p.authors["correction"] = {"plan_manager"};
    return p;
}

/// 1,100,000.00 of notes less 1,000,000.00 of price: the bank begins with 100,000.00. It takes 50.00
/// for itself on 11 February, and all days to the 25th are closed.
Driver charged(const Program& p = reconciled_deal())
{
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    d.pay(date("2019-01-31"), "R1", "21000.00"); // 20,000.00 principal, 1,000.00 income
    d.debit(date("2019-02-11"), "account fee", yuan("50.00"));
    d.close(date("2019-02-25"));
    return d;
}

Record correction(const char* day, const char* reference, const char* amount, Account ledger)
{
    Record r;
    r.type = record_type::correction;
    r.public_part =
        correction_part({{date(day), reference, yuan(amount)}, ledger, "the bank's yearly fee"});
    return r;
}

std::string refusal(Driver& d, const Record& r, const char* role)
{
    const Verdict v = d.feed({r, {}}, role);
    return v.findings.empty() ? told(v) : v.findings.front().id;
}

Money ledger(const Driver& d, Account account)
{
    return d.with.state().book.balance(account);
}

/// 10,000.00 bought at 9,900.00 on a Friday, to be paid on the Monday.
Submission bought(Driver& d)
{
    const Date settle = date("2019-02-04");
    Submission s =
        build_purchase(
            date("2019-02-01"), settle,
            {receivable({"R3", "O3", "2019-05-15", "10000.00", "9900.00"}, settle, d.random)})
            .value();
    s.record.seq = 7;
    return s;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_debit_that_nothing_orders_is_recorded_and_borne)
{
    Driver d = charged();
    const DealState& s = d.with.state();
    BOOST_REQUIRE(s.breaks.size() == 1U);
    BOOST_TEST((s.breaks[0] == BankBreak{date("2019-02-11"), "account fee", yuan("50.00")}));
    BOOST_TEST(d.cash.str() == "120950.00"); // 100,000.00 + 21,000.00 - 50.00
    BOOST_TEST(bank_holds(s).str() == "120950.00");
    BOOST_TEST(ledger(d, Account::bank).str() == "121000.00");
    const auto again = Judge::open(d.with.public_state(), std::nullopt);
    BOOST_REQUIRE(again);
    BOOST_TEST((*again)->public_state() == d.with.public_state());
    BOOST_TEST(d.with.make_distribution(date("2019-02-26")).error().message ==
               "the correction of 2019-02-11: the bank paid 50.00 for 'account fee', which nothing "
               "orders");

    const Record right = correction("2019-02-11", "account fee", "50.00", Account::principal);
    BOOST_TEST(refusal(d, right, "custodian") == "wrong-author");
    BOOST_TEST(refusal(d, correction("2019-02-11", "account fee", "50.01", Account::principal),
                       "plan_manager") == "no-such-break");
    BOOST_TEST(refusal(d, correction("2019-02-12", "account fee", "50.00", Account::principal),
                       "plan_manager") == "no-such-break");
    BOOST_TEST(refusal(d, correction("2019-02-11", "account fee", "50.00", Account::unapplied),
                       "plan_manager") == "no-cash");
    BOOST_TEST(refusal(d, correction("2019-02-11", "account fee", "50.00", Account::payable),
                       "plan_manager") == "bad-record");
    Record dated = right;
    dated.business_date = date("2019-02-11");
    BOOST_TEST(refusal(d, dated, "plan_manager") == "wrong-date");
    d.must(right, "plan_manager");
    BOOST_TEST(refusal(d, right, "plan_manager") == "no-such-break");
    BOOST_TEST(bank_holds(s).str() == "120950.00");
    const auto reopened = Judge::open(d.with.public_state(), std::nullopt);
    BOOST_REQUIRE(reopened);
    BOOST_TEST((*reopened)->public_state() == d.with.public_state());
    BOOST_TEST(d.with.make_distribution(date("2019-02-26")).has_value()); // of what is left then

    d.close(date("2019-02-26"));
    BOOST_TEST(ledger(d, Account::principal).str() == "119950.00");
    BOOST_TEST(ledger(d, Account::income).str() == "1000.00");
    BOOST_TEST(ledger(d, Account::bank).str() == "120950.00");
    BOOST_TEST(d.with.public_state().find("breaks") == std::string::npos);
    BOOST_TEST(d.with.make_distribution(date("2019-02-26")).has_value());
}

BOOST_AUTO_TEST_CASE(the_bank_gives_it_back)
{
    Driver d = charged();
    const Date day = date("2019-02-26");
    d.credit(day, "50.00");
    d.allocations.push_back({day, d.last_entry(), "", AllocationKind::unapplied, yuan("50.00")});
    d.close(day);
    BOOST_TEST(ledger(d, Account::unapplied).str() == "50.00");
    d.must(correction("2019-02-11", "account fee", "50.00", Account::unapplied), "plan_manager");
    d.close(day + 1);
    BOOST_TEST(ledger(d, Account::unapplied).str() == "0.00");
    BOOST_TEST(ledger(d, Account::principal).str() == "120000.00");
    BOOST_TEST((ledger(d, Account::bank) == d.cash));
}

BOOST_AUTO_TEST_CASE(what_is_paid_above_its_order_or_twice_is_a_break)
{
    Driver d(reconciled_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    d.pay(date("2019-01-31"), "R1", "21000.00");
    d.close(date("2019-02-25"));
    const char* const payment = "distribution/2019-02-26";
    d.must(d.with.make_distribution(date("2019-02-26")).value(), "plan_manager"); // 2,916.00
    d.debit(date("2019-02-26"), payment, yuan("2916.01"));
    d.debit(date("2019-02-28"), payment, yuan("2916.00"));
    d.close(date("2019-02-28"));
    const std::vector<BankBreak> expected{{date("2019-02-26"), payment, yuan("0.01")},
                                          {date("2019-02-28"), payment, yuan("2916.00")}};
    BOOST_TEST((d.with.state().breaks == expected));
    BOOST_TEST((bank_holds(d.with.state()) == d.cash));
    BOOST_TEST(ledger(d, Account::payable).str() == "0.00");
}

/// The statement of the payment date has the payment, and nobody can take that back: the close waits
/// for the distribution, which pays what the correction leaves. 2,916.00: 2,600.00 of interest, 286.00 of
/// servicing and 30.00 of tax, of which 1,000.00 less 50.00 come out of income.
BOOST_AUTO_TEST_CASE(a_payment_in_a_sealed_statement_does_not_wait_for_a_booked_correction)
{
    Driver d = charged();
    const Date day = date("2019-02-26");
    d.debit(day, "distribution/2019-02-26", yuan("2916.00"));
    d.must(build_statement("plan", 2, d.cash, {day, day}, d.entries, d.random), "custodian");
    d.must(build_collections({day, day}, {}, d.random), "servicer");
    BOOST_TEST((d.with.make_close(day).error().code == Code::busy));
    d.must(correction("2019-02-11", "account fee", "50.00", Account::income), "plan_manager");
    d.must(d.with.make_distribution(day).value(), "plan_manager");
    d.must(d.with.make_close(day).value(), "");
    BOOST_TEST(ledger(d, Account::income).str() == "0.00");
    BOOST_TEST(ledger(d, Account::principal).str() == "118034.00"); // 120,000.00 - 1,966.00
    BOOST_TEST(ledger(d, Account::bank).str() == "118034.00"); // 120,950.00 - 2,916.00
    BOOST_TEST(d.with.state().breaks.empty());
}

/// 1,500.00 of principal and no income: the 50.00 that a correction will take are not lent. Servicing takes
/// 286.00 of 1,450.00, and interest the 1,164.00 left.
BOOST_AUTO_TEST_CASE(a_distribution_leaves_what_a_correction_will_take)
{
    Driver d(reconciled_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1150000.00", "1098500.00"}});
    d.debit(date("2019-02-11"), "account fee", yuan("50.00"));
    d.close(date("2019-02-25"));
    d.must(correction("2019-02-11", "account fee", "50.00", Account::principal), "plan_manager");
    const Json paid = d.distribute(date("2019-02-26"));
    BOOST_TEST(paid.find("total")->as_string() == "1450.00");
    d.close(date("2019-02-26"));
    BOOST_TEST(ledger(d, Account::principal).str() == "0.00");
    BOOST_TEST(ledger(d, Account::bank).str() == "0.00");
    BOOST_TEST(d.cash.str() == "0.00");
}

BOOST_AUTO_TEST_CASE(a_payment_that_may_still_be_ordered_waits)
{
    Driver d(reconciled_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    d.close(date("2019-02-25"));
    const Date day = date("2019-02-26");
    d.debit(day, "distribution/2019-02-26", yuan("1.00"));
    d.must(build_statement("plan", 2, d.cash, {day, day}, d.entries, d.random), "custodian");
    d.must(build_collections({day, day}, {}, d.random), "servicer");
    const auto early = d.with.make_close(day);
    BOOST_REQUIRE(!early);
    BOOST_TEST((early.error().code == Code::busy));
}

/// A day early, months early, on no payment date, of a purchase that nobody makes.
BOOST_AUTO_TEST_CASE(what_cannot_be_ordered_any_more_is_a_break)
{
    Driver d(reconciled_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    d.close(date("2019-02-03"));
    const std::vector<BankBreak> wrong{
        {date("2019-02-04"), "distribution/2019-06-26", yuan("1.00")},
        {date("2019-02-04"), "purchase/2019-02-04/8", yuan("2.00")},
        {date("2019-02-04"), "purchase/2019-03-04/8", yuan("3.00")},
        {date("2019-02-25"), "distribution/2019-02-26", yuan("4.00")},
        {date("2019-02-26"), "distribution/2019-02-27", yuan("5.00")}};
    for (const BankBreak& b : wrong) d.debit(b.date, b.reference, b.amount);
    d.close(date("2019-02-26"));
    BOOST_TEST((d.with.state().breaks == wrong));
    BOOST_TEST((bank_holds(d.with.state()) == d.cash));
}

/// A close of many days goes no further than where a purchase that the bank paid could be ordered.
BOOST_AUTO_TEST_CASE(a_close_of_many_days_leaves_room_for_a_purchase)
{
    Driver d(reconciled_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    const Date day = date("2019-02-04");
    d.debit(day, "purchase/2019-02-04/7", yuan("9900.00"));
    d.must(build_statement("plan", 1, d.cash, {d.next, day}, d.entries, d.random), "custodian");
    d.must(build_collections({d.next, day}, {}, d.random), "servicer");
    const auto early = d.with.make_close(day);
    BOOST_REQUIRE(!early);
    BOOST_TEST((early.error().code == Code::busy));
    BOOST_TEST(early.error().message ==
               "2019-02-04: the bank paid 9900.00 for 'purchase/2019-02-04/7', which may be ordered once "
               "2019-02-03 is closed");
    d.must(d.with.make_close(day - 1).value(), "");
    d.must(bought(d), "servicer");
    d.must(d.with.make_close(day).value(), "");
    BOOST_TEST(d.with.state().breaks.empty());
    BOOST_TEST(ledger(d, Account::principal).str() == "90100.00");
}

/// Its only receivable is of an obligor that failed: nothing is bought, and the bank pays all the same.
BOOST_AUTO_TEST_CASE(a_purchase_that_drops_out_and_is_paid_is_a_break)
{
    Driver d(reconciled_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    d.must(build_insolvency(date("2019-02-02"), "O3", {"O3"}, d.random), "trustee");
    d.close(date("2019-02-03"));
    const Date day = date("2019-02-04");
    d.must(bought(d), "servicer");
    d.debit(day, "purchase/2019-02-04/7", yuan("9900.00"));
    d.close(day);
    BOOST_REQUIRE(d.with.state().breaks.size() == 1U);
    BOOST_TEST(d.with.state().breaks[0].amount.str() == "9900.00");
    BOOST_TEST(ledger(d, Account::principal).str() == "100000.00");
}

/// The bank took 95,000.00 of 100,000.00: a purchase of 9,900.00 out of the ledger, which still has all of
/// it, is accepted, though 5,000.00 are there, and then too little is left to bear the break. Once a
/// correction bears it first, the ledger has 5,000.00 too, and nothing is bought.
BOOST_AUTO_TEST_CASE(a_break_stops_a_purchase_only_once_a_ledger_bears_it)
{
    Driver open(reconciled_deal());
    open.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    open.debit(date("2019-02-02"), "attachment", yuan("95000.00"));
    open.close(date("2019-02-03"));
    BOOST_TEST(bank_holds(open.with.state()).str() == "5000.00");
    Driver borne = open;
    const Record bears = correction("2019-02-02", "attachment", "95000.00", Account::principal);
    open.must(bought(open), "servicer");
    BOOST_TEST(refusal(open, bears, "plan_manager") == "no-cash"); // 90,100.00 are not promised

    borne.must(bears, "plan_manager");
    const Submission buy = bought(borne);
    const Verdict v = borne.feed(buy, "servicer");
    BOOST_REQUIRE(v.findings.size() == 1U);
    BOOST_TEST(v.findings[0].id == "no-cash");
    BOOST_TEST(v.findings[0].message == "price 9900.00 is above principal cash 5000.00");
}

/// The revolving period ends on the eve of a monthly date: that is a payment date only once its day is
/// closed, so the close does not wait for it.
BOOST_AUTO_TEST_CASE(a_payment_date_that_its_own_close_makes_is_not_awaited)
{
    Program p = reconciled_deal();
    p.revolving_until = date("2019-02-25");
    p.revolving_dates.clear();
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    d.close(date("2019-02-25"));
    BOOST_REQUIRE(!d.with.make_distribution(date("2019-02-26")));
    d.debit(date("2019-02-26"), "distribution/2019-02-26", yuan("1.00"));
    d.close(date("2019-02-26"));
    BOOST_TEST(d.with.state().breaks.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_day_waits_for_distributions_that_can_be_made)
{
    const Program p = reconciled_deal();
    DealState s = opening_state(p);
    s.closed_through = date("2019-02-25");
    const std::set<std::string> first{"distribution/2019-02-26"};
    BOOST_TEST((awaited_orders(p, s) == first));
    s.closed_through = date("2019-02-24"); // not computed before the 25th is closed
    BOOST_TEST(awaited_orders(p, s).empty());
    s.closed_through = date("2019-03-25"); // the second can follow the first, on one day
    BOOST_TEST(awaited_orders(p, s).size() == 2U);
    s.phase = Phase::ended;
    BOOST_TEST(awaited_orders(p, s).empty());
}

BOOST_AUTO_TEST_CASE(other_deals_wait_as_ever)
{
    Driver d(small_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    const Date day = date("2019-02-11");
    d.debit(day, "account fee", yuan("50.00"));
    d.must(build_statement("plan", 1, d.cash, {d.next, day}, d.entries, d.random), "custodian");
    d.must(build_collections({d.next, day}, {}, d.random), "servicer");
    const auto close = d.with.make_close(day);
    BOOST_REQUIRE(!close);
    BOOST_TEST((close.error().code == Code::busy));
    BOOST_TEST(refusal(d, correction("2019-02-11", "account fee", "50.00", Account::income),
                       "plan_manager") == "not-asked");
}

/// A correction, a purchase and what the sources say of a day, in every order.
BOOST_AUTO_TEST_CASE(order_of_a_days_records_does_not_matter)
{
    Driver base(reconciled_deal());
    base.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    base.debit(date("2019-02-02"), "account fee", yuan("50.00"));
    base.close(date("2019-02-03"));
    const Date day = date("2019-02-04");
    const Submission buy = bought(base);
    base.debit(day, "purchase/2019-02-04/7", yuan("9900.00"));
    base.debit(day, "purchase/2019-02-04/7", yuan("9900.00")); // once too often
    base.debit(day, "another fee", yuan("5.00"));
    const std::vector<std::pair<Submission, std::string>> records{
        {build_statement("plan", 2, base.cash, {day, day}, base.entries, base.random), "custodian"},
        {buy, "servicer"},
        {build_collections({day, day}, {}, base.random), "servicer"},
        {{correction("2019-02-02", "account fee", "50.00", Account::principal), {}}, "plan_manager"},
        {build_insolvency(day, "O9", {"O9"}, base.random), "trustee"}};
    // The servicer's own two come in their order.
    const auto in_order = [](const auto& place) { return place(1) < place(2); };
    const int accepted = accepted_orders(base.with, records, day, in_order, [&](const Judge& judge) {
        const std::vector<BankBreak> breaks{{day, "another fee", yuan("5.00")},
                                            {day, "purchase/2019-02-04/7", yuan("9900.00")}};
        BOOST_REQUIRE((judge.state().breaks == breaks));
        BOOST_REQUIRE(judge.state().book.balance(Account::principal).str() == "90050.00");
    });
    BOOST_TEST(accepted == 40); // 120 / 2, two thirds with the statement before the collections
}

BOOST_AUTO_TEST_SUITE_END()
