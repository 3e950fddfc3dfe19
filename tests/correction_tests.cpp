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
    BOOST_TEST(!d.with.make_distribution(date("2019-02-26"))); // not before it is booked

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

BOOST_AUTO_TEST_CASE(a_payment_that_may_still_be_ordered_waits)
{
    Driver d(reconciled_deal());
    d.snapshot({{"R1", "O1", "2019-04-10", "1050000.00", "1000000.00"}});
    const Date day = date("2019-02-25");
    d.debit(day, "distribution/2019-02-26", yuan("1.00"));
    d.must(build_statement("plan", 1, d.cash, {d.next, day}, d.entries, d.random), "custodian");
    d.must(build_collections({d.next, day}, {}, d.random), "servicer");
    const auto early = d.with.make_close(day);
    BOOST_REQUIRE(!early);
    BOOST_TEST((early.error().code == Code::busy));
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
    Submission buy =
        build_purchase(
            date("2019-02-01"), day,
            {receivable({"R3", "O3", "2019-05-15", "10000.00", "9900.00"}, day, base.random)})
            .value();
    buy.record.seq = 7;
    base.debit(day, "purchase/2019-02-04/7", yuan("9900.00"));
    base.debit(day, "another fee", yuan("5.00"));
    const std::vector<std::pair<Submission, std::string>> records{
        {build_statement("plan", 2, base.cash, {day, day}, base.entries, base.random), "custodian"},
        {buy, "servicer"},
        {build_collections({day, day}, {}, base.random), "servicer"},
        {{correction("2019-02-02", "account fee", "50.00", Account::principal), {}}, "plan_manager"},
        {build_insolvency(day, "O9", {"O9"}, base.random), "trustee"}};
    std::vector<std::size_t> order{0, 1, 2, 3, 4};
    std::string expected;
    int accepted_orders = 0;
    do {
        const auto place = [&](std::size_t i) { return std::find(order.begin(), order.end(), i); };
        if (place(2) < place(1)) continue; // the servicer's own two come in their order
        Judge judge(base.with);
        bool all = true;
        for (const std::size_t i : order) {
            const auto& [s, role] = records[i];
            const Verdict v = judge.judge(s.record, by(role), &s.rows);
            BOOST_REQUIRE_MESSAGE(v.kind != Verdict::Kind::refused, told(v));
            all = all && v.accepted();
        }
        if (!all) continue; // collections before their statement: not yet
        ++accepted_orders;
        const Record close = judge.make_close(day).value();
        BOOST_REQUIRE(judge.judge(close, by(""), nullptr).accepted());
        if (expected.empty()) expected = judge.public_state();
        BOOST_REQUIRE(judge.public_state() == expected);
        BOOST_REQUIRE(judge.state().breaks.size() == 1U);
        BOOST_REQUIRE(judge.state().book.balance(Account::principal).str() == "90050.00");
    } while (std::next_permutation(order.begin(), order.end()));
    BOOST_TEST(accepted_orders == 40); // 120 / 2, two thirds with the statement before the collections
}

BOOST_AUTO_TEST_SUITE_END()
