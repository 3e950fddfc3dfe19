// The life of a receivable after it was bought: repurchase, write-off, extension, set-off, recovery,
// each worked by hand, and what cannot be.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

#include "judge_fixture.hpp"
#include "waterfall/exact/pool.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(life_tests)

namespace {

std::string balance(const Driver& d, Account account)
{
    return d.with.state().book.balance(account).str();
}

/// R1: face 500,000.00 at 490,000.00, due in 40 days; R2: face 300,000.00 at par.
Driver deal()
{
    Driver d(small_deal());
    d.snapshot({{"R1", "O1", "2019-03-12", "500000.00", "490000.00"},
                {"R2", "O2", "2019-06-15", "300000.00", "300000.00"}});
    d.close(date("2019-01-31"));
    return d;
}

std::string pool(const Driver& d)
{
    return d.with.state().totals.pool_balance.str();
}

const Asset& asset(const Driver& d, const char* id)
{
    return *d.with.pool().find(id);
}

void event(Driver& d, Date day, const char* id, const char* amount, const char* reason,
           std::optional<Date> due = {})
{
    d.must(build_dilution({{id, day, yuan(amount), reason, due}}, d.random), "servicer");
}

/// What the groups owe is what their receivables do: those live, and those still to settle.
void groups_add_up(const Pool& pool)
{
    std::map<std::string, Money> owed;
    for (const Asset& a : pool.assets()) {
        if (a.status != Asset::Status::live && a.status != Asset::Status::pending) continue;
        if (a.unpaid() > zero) owed[pool.group(a.group)] += a.unpaid();
    }
    const auto balances = pool.group_balances();
    BOOST_TEST((std::map<std::string, Money>(balances.begin(), balances.end()) == owed));
}

/// original - collected - dilution - repurchased = current, for every receivable.
void rows_add_up(const Driver& d)
{
    for (const Asset& a : d.with.pool().assets()) {
        BOOST_TEST((a.face == a.unpaid() + a.paid + a.diluted + a.repurchased));
        BOOST_TEST((a.unpaid() >= zero));
    }
    const auto again = Judge::open(d.with.public_state(), d.with.private_state());
    BOOST_REQUIRE_MESSAGE(again, again.error().message);
    BOOST_TEST((*again)->public_state() == d.with.public_state());
    BOOST_TEST((*again)->private_state() == d.with.private_state());
    groups_add_up(d.with.pool());
    groups_add_up((*again)->pool());
}

std::string refused(Driver& d, const Submission& s)
{
    const std::string before = d.with.public_state();
    const std::string rows = d.with.private_state();
    const Verdict v = d.with.judge(s.record, by("servicer"), &s.rows);
    BOOST_TEST(d.with.public_state() == before);
    BOOST_TEST(d.with.private_state() == rows);
    return v.findings.empty() ? told(v) : v.findings.front().id;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_repurchase_brings_cost_and_the_discount_earned)
{
    Driver d = deal();
    // 100,000 is paid on 10 February: principal 98,000, income 2,000.
    d.pay(date("2019-02-10"), "R1", "100000.00");
    d.close(date("2019-02-10"));
    BOOST_TEST(pool(d) == "700000.00");
    // On the 20th 400,000 is unpaid and 392,000 of the cost not recovered. Of the discount of 8,000
    // on it 20 of 40 days are earned: 4,000.
    d.pay(date("2019-02-20"), "R1", "396000.00", AllocationKind::repurchase);
    d.close(date("2019-02-20"));
    BOOST_TEST(balance(d, Account::income) == "6000.00");
    // 1,100,000 notes less 790,000 prices, and all of the 490,000 back.
    BOOST_TEST(balance(d, Account::principal) == "800000.00");
    BOOST_TEST(pool(d) == "300000.00");
    BOOST_TEST(d.with.state().live_count == 1);
    BOOST_TEST((asset(d, "R1").status == Asset::Status::repurchased));
    BOOST_TEST(asset(d, "R1").repurchased.str() == "400000.00");
    BOOST_TEST(d.with.state().totals.losses_to_date.str() == "0.00");
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "0.00");
    rows_add_up(d);
    d.close(date("2019-04-20")); // and is never past due
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "0.00");
}

BOOST_AUTO_TEST_CASE(a_defaulted_receivable_is_bought_back_as_a_recovery)
{
    Driver d = deal();
    d.close(date("2019-04-12")); // due 12 March, defaulted 31 days later
    BOOST_TEST(d.with.state().totals.losses_to_date.str() == "490000.00");
    // Cost 490,000 and the whole discount, for the due date is past.
    d.pay(date("2019-04-15"), "R1", "500000.00", AllocationKind::repurchase);
    d.close(date("2019-04-15"));
    BOOST_TEST(d.with.state().totals.recovered_to_date.str() == "490000.00");
    BOOST_TEST(balance(d, Account::income) == "10000.00");
    BOOST_TEST(pool(d) == "300000.00");
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "500000.00"); // never reduced
    rows_add_up(d);
}

BOOST_AUTO_TEST_CASE(the_price_counts_what_is_diluted_and_made_good)
{
    Driver d = deal();
    // 50,000 diluted, 20,000 of it made good: cost left 490,000 - 19,600 - 29,400 = 441,000 of an
    // unpaid 450,000. On 12 February half of the discount of 9,000 would be too much: 12 of 40 days
    // are 2,700.
    event(d, date("2019-02-11"), "R1", "50000.00", "setoff");
    d.pay(date("2019-02-11"), "R1", "20000.00", AllocationKind::dilution);
    d.pay(date("2019-02-12"), "R1", "443700.00", AllocationKind::repurchase);
    d.close(date("2019-02-12"));
    BOOST_TEST(d.with.state().totals.losses_to_date.str() == "29400.00");
    BOOST_TEST(balance(d, Account::income) == "3100.00"); // 400 of the 20,000, and 2,700
    // The rest of the dilution is made good later: 29,400 of cost and 600 of income.
    d.pay(date("2019-02-13"), "R1", "30000.00", AllocationKind::dilution);
    d.close(date("2019-02-13"));
    BOOST_TEST(d.with.state().totals.recovered_to_date.str() == "29400.00");
    BOOST_TEST(balance(d, Account::income) == "3700.00");
    BOOST_TEST(balance(d, Account::principal) == "800000.00");
    rows_add_up(d);
}

BOOST_AUTO_TEST_CASE(a_repurchase_has_one_price_and_one_day)
{
    Driver d = deal();
    const Date day = date("2019-02-20");
    d.credit(day, "500000.00");
    const std::string entry = d.last_entry();
    const auto back = [&](const char* id, const char* amount) {
        return build_collections(
            {d.next, day}, {{day, entry, id, AllocationKind::repurchase, yuan(amount)}}, d.random);
    };
    d.must(build_statement("plan", d.number + 1, d.cash, {d.next, day}, d.entries, d.random),
           "custodian");
    BOOST_TEST(refused(d, back("R1", "494999.99")) == "wrong-price");
    BOOST_TEST(refused(d, back("R9", "495000.00")) == "unknown-asset");
    // What is known of a later day would be lost with it.
    Driver later = deal();
    later.must(build_dilution({{"R1", day + 1, yuan("1.00"), "return", {}}}, later.random),
               "servicer");
    later.credit(day, "500000.00");
    later.must(build_statement("plan", later.number + 1, later.cash, {later.next, day},
                               later.entries, later.random),
               "custodian");
    BOOST_TEST(refused(later, build_collections({later.next, day},
                                                {{day, later.last_entry(), "R1",
                                                  AllocationKind::repurchase, yuan("494999.00")}},
                                                later.random)) == "later-fact");
    // After it nothing can be allocated, or lost, any more; not even on the same day.
    BOOST_TEST(refused(d, build_collections(
                              {d.next, day},
                              {{day, entry, "R1", AllocationKind::repurchase, yuan("495000.00")},
                               {day, entry, "R1", AllocationKind::payment, yuan("1.00")}},
                              d.random)) == "above-face");
    d.must(back("R1", "495000.00"), "servicer");
    d.must(d.with.make_close(day).value(), "");
    BOOST_TEST(refused(d, build_dilution({{"R1", day + 1, yuan("1.00"), "return", {}}},
                                         d.random)) == "above-face");
    rows_add_up(d);
}

BOOST_AUTO_TEST_CASE(a_write_off_is_a_default_of_that_day)
{
    Driver d = deal();
    event(d, date("2019-02-10"), "R2", "300000.00", "writeoff");
    d.close(date("2019-02-10"));
    BOOST_TEST((asset(d, "R2").status == Asset::Status::defaulted));
    BOOST_TEST(asset(d, "R2").written_off);
    BOOST_TEST(pool(d) == "500000.00");
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "300000.00");
    BOOST_TEST(d.with.state().totals.losses_to_date.str() == "300000.00");
    // What comes in later is a recovery.
    d.pay(date("2019-03-01"), "R2", "1000.00");
    d.close(date("2019-03-01"));
    BOOST_TEST(d.with.state().totals.recovered_to_date.str() == "1000.00");
    rows_add_up(d);
    BOOST_TEST(refused(d, build_dilution({{"R2", d.next, yuan("299000.00"), "writeoff", {}}},
                                         d.random)) == "not-live");
    BOOST_TEST(refused(d, build_dilution({{"R1", d.next, yuan("1.00"), "writeoff", {}}},
                                         d.random)) == "above-face");
    // A default that is written off counts once.
    d.close(date("2019-04-12"));
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "800000.00");
    event(d, date("2019-04-13"), "R1", "500000.00", "writeoff");
    d.close(date("2019-04-13"));
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "800000.00");
    BOOST_TEST(asset(d, "R1").written_off);
}

BOOST_AUTO_TEST_CASE(an_extension_moves_the_due_date)
{
    Driver d = deal();
    event(d, date("2019-03-10"), "R1", "500000.00", "extension", date("2019-04-12"));
    d.close(date("2019-03-10"));
    BOOST_TEST(asset(d, "R1").due.str() == "2019-04-12");
    rows_add_up(d);
    d.close(date("2019-05-12")); // thirty days after the new date it still counts
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "0.00");
    d.close(date("2019-05-13"));
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "500000.00");
}

BOOST_AUTO_TEST_CASE(what_is_no_extension)
{
    Driver d = deal();
    const auto extend = [&](const char* amount, const char* due) {
        return build_dilution({{"R1", d.next, yuan(amount), "extension", date(due)}}, d.random);
    };
    BOOST_TEST(refused(d, extend("500000.00", "2019-03-12")) == "wrong-date");
    BOOST_TEST(refused(d, extend("400000.00", "2019-04-12")) == "above-face");
    BOOST_TEST(refused(d, extend("500000.00", "2019-02-01")) == "bad-row"); // not after its day
    Submission stated = extend("500000.00", "2019-04-12");
    stated.record.public_part["days"].as_array()[0]["extended"] = yuan("1.00");
    BOOST_TEST(refused(d, stated) == "sum-differs");
    d.close(date("2019-04-12"));
    BOOST_TEST(refused(d, extend("500000.00", "2019-09-12")) == "not-live"); // too late
    rows_add_up(d);
}

BOOST_AUTO_TEST_CASE(facts_not_closed_yet_survive_a_restart)
{
    Driver d = deal();
    event(d, date("2019-02-10"), "R1", "500000.00", "extension", date("2019-04-12"));
    event(d, date("2019-02-11"), "R2", "300000.00", "writeoff");
    rows_add_up(d);
    auto again = Judge::open(d.with.public_state(), d.with.private_state()).value();
    const Date day = date("2019-02-12");
    d.credit(day, "500000.00");
    const auto statement =
        build_statement("plan", d.number + 1, d.cash, {d.next, day}, d.entries, d.random);
    // 12 of 71 days of 10,000.00 are 1,690.14.
    const auto collections = build_collections(
        {d.next, day}, {{day, d.last_entry(), "R1", AllocationKind::repurchase, yuan("491690.14")}},
        d.random);
    for (Judge* judge : {&d.with, again.get()}) {
        BOOST_REQUIRE(judge->judge(statement.record, by("custodian"), &statement.rows).accepted());
    }
    // The extension is not closed, so the straight line still runs to 12 March: 12 of 40 days.
    BOOST_TEST(refused(d, collections) == "wrong-price");
    const auto right = build_collections(
        {d.next, day}, {{day, d.last_entry(), "R1", AllocationKind::repurchase, yuan("493000.00")}},
        d.random);
    for (Judge* judge : {&d.with, again.get()}) {
        BOOST_REQUIRE(judge->judge(right.record, by("servicer"), &right.rows).accepted());
    }
    BOOST_TEST(again->private_state() == d.with.private_state());
    again = Judge::open(d.with.public_state(), d.with.private_state()).value();
    const Record close = d.with.make_close(day).value();
    BOOST_REQUIRE(d.with.judge(close, by(""), nullptr).accepted());
    const Verdict v = again->judge(close, by(""), nullptr);
    BOOST_REQUIRE_MESSAGE(v.accepted(), told(v));
    BOOST_TEST(again->private_state() == d.with.private_state());
}

BOOST_AUTO_TEST_CASE(a_false_sheet_is_caught_with_rows_and_its_face_bounded_without)
{
    Driver d = deal();
    const Date day = date("2019-02-20");
    d.credit(day, "495000.00");
    d.must(build_statement("plan", d.number + 1, d.cash, {d.next, day}, d.entries, d.random),
           "custodian");
    d.must(build_collections({d.next, day},
                             {{day, d.last_entry(), "R1", AllocationKind::repurchase,
                               yuan("495000.00")}},
                             d.random),
           "servicer");
    const Record close = d.with.make_close(day).value();
    Record lie = close;
    const auto last = lie.public_part["days"].as_array().size() - 1;
    lie.public_part["days"].as_array()[last]["repurchased"] = yuan("499999.99");
    BOOST_TEST((d.with.judge(lie, by(""), nullptr).kind == Verdict::Kind::refused));
    lie = close;
    lie.public_part["days"].as_array()[0]["repurchased"] = yuan("1.00"); // no money came that day
    BOOST_TEST((d.without.judge(lie, by(""), nullptr).kind == Verdict::Kind::refused));
    d.must(close, "");
}

BOOST_AUTO_TEST_SUITE_END()
