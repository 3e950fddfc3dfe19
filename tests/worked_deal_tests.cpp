// A deal small enough to be checked by hand, over three distributions; the arithmetic is written
// out. SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/pool.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(worked_deal_tests)

namespace {

std::string at(const Json& json, std::initializer_list<const char*> path)
{
    const Json* j = &json;
    for (const char* key : path) {
        if (j->is_array())
            j = &j->as_array().at(static_cast<std::size_t>(std::stoi(key)));
        else
            j = j->find(key);
        BOOST_REQUIRE(j != nullptr);
    }
    return j->is_string() ? j->as_string() : j->canonical();
}

std::string balance(const Driver& d, Account account)
{
    return d.with.state().book.balance(account).str();
}

} // namespace

BOOST_AUTO_TEST_CASE(three_distributions_with_loan_and_losses)
{
    Driver d(small_deal());
    // Notes 1,100,000.00; prices 490,000 + 297,000 + 196,000 = 983,000: principal 117,000.00.
    d.snapshot({{"R1", "O1", "2019-03-10", "500000.00", "490000.00"},
                {"R2", "O2", "2019-04-15", "300000.00", "297000.00"},
                {"R3", "O3", "2019-02-10", "200000.00", "196000.00"}});
    BOOST_TEST(balance(d, Account::principal) == "117000.00");
    BOOST_TEST(d.with.state().totals.pool_balance.str() == "1000000.00");

    // R1 pays 100,000: principal 490,000 x 100,000 / 500,000 = 98,000, income 2,000.
    d.pay(date("2019-02-20"), "R1", "100000.00");
    d.close(date("2019-02-25"));
    BOOST_TEST(balance(d, Account::principal) == "215000.00");
    BOOST_TEST(balance(d, Account::income) == "2000.00");
    BOOST_TEST(d.with.state().totals.pool_balance.str() == "900000.00");

    // 1: income at the calculation date 2019-01-31 is nothing. 26 days: servicing 286.00, interest
    // 2,600.00, all lent by principal.
    Json first = d.distribute(date("2019-02-26"));
    BOOST_TEST(at(first, {"loan"}) == "2886.00");
    BOOST_TEST(at(first, {"total"}) == "2886.00");
    BOOST_TEST(at(first, {"available", "income"}) == "0.00");
    BOOST_TEST(at(first, {"lines", "2", "paid"}) == "2600.00");
    BOOST_TEST(at(first, {"lines", "2", "lent"}) == "2600.00");
    BOOST_TEST(at(first, {"lines", "5", "due"}) == "2886.00"); // cover income shortfall

    // R1 pays the rest on 03-10: principal 490,000 - 98,000 = 392,000, income 8,000. R3 is due
    // 02-10; 03-12 is 30 days past due, so it defaults on 03-13, cost 196,000. R2 loses 3,000 to
    // dilution on 03-15 (cost 2,970); the seller makes 1,000 good on 03-20: principal 990, income
    // 10, and 990 of the loss is back.
    d.close(date("2019-03-12"));
    BOOST_TEST(d.with.state().totals.defaulted_to_date.str() == "0.00");
    d.must(build_dilution({{"R2", date("2019-03-15"), yuan("3000.00"), "rebate"}}, d.random),
           "servicer");
    d.pay(date("2019-03-13"), "R1", "400000.00");
    d.pay(date("2019-03-20"), "R2", "1000.00", AllocationKind::dilution);
    d.close(date("2019-03-25"));
    const Figures& f = d.with.state().totals;
    BOOST_TEST(f.defaulted_to_date.str() == "200000.00");
    BOOST_TEST(f.pool_balance.str() == "297000.00");
    BOOST_TEST(f.losses_to_date.str() == "198970.00");
    BOOST_TEST(f.recovered_to_date.str() == "990.00");
    BOOST_TEST(balance(d, Account::principal) == "605104.00"); // 212,114 + 392,000 + 990
    BOOST_TEST(balance(d, Account::income) == "10010.00");

    // 2: calculated 02-28 with income 2,000. Tax 60.00, servicing 28 x 11 = 308.00, interest
    // 2,800.00: 3,168.00, of which 1,168.00 is lent.
    Json second = d.distribute(date("2019-03-26"));
    BOOST_TEST(at(second, {"income_collected"}) == "2000.00");
    BOOST_TEST(at(second, {"lines", "0", "paid"}) == "60.00");
    BOOST_TEST(at(second, {"loan"}) == "1168.00");
    BOOST_TEST(at(second, {"total"}) == "3168.00");
    BOOST_TEST(at(second, {"priority"}) == "revolving");
    d.close(date("2019-03-30"));
    BOOST_TEST((d.with.state().phase == Phase::revolving));
    d.close(date("2019-04-14"));
    BOOST_TEST((d.with.state().phase == Phase::amortization));

    // R2 pays its remaining 297,000: principal to date 297,000 x 298,000 / 300,000 = 295,020, of
    // which 990 was booked; income 297,000 - 294,030 = 2,970. R3 recovers 50,000, all of it cost.
    d.pay(date("2019-04-15"), "R2", "297000.00");
    d.pay(date("2019-04-20"), "R3", "50000.00");
    d.close(date("2019-04-25"));
    BOOST_TEST(d.with.state().totals.recovered_to_date.str() == "50990.00");
    BOOST_TEST(d.with.state().totals.pool_balance.str() == "0.00");

    // 3: calculated 03-31: income 10,010 - 2,000 = 8,010. Tax 240.30, servicing 31 x 11 = 341.00,
    // interest 3,100.00 leave 4,328.70 for losses: 198,970 - 990 + 2,886 + 1,168 = 202,034.
    // Principal 605,104 - 1,168 = 603,936, and the 4,328.70: 608,264.70; per unit (10,000 units)
    // 60.8264, so 608,264.00 is paid and 0.70 stays.
    Json third = d.distribute(date("2019-04-26"));
    BOOST_TEST(at(third, {"priority"}) == "amortization");
    BOOST_TEST(at(third, {"lines", "3", "due"}) == "202034.00");
    BOOST_TEST(at(third, {"covered"}) == "4328.70");
    BOOST_TEST(at(third, {"tranches", "0", "principal_paid"}) == "608264.00");
    BOOST_TEST(at(third, {"tranches", "0", "closing"}) == "391736.00");
    BOOST_TEST(at(third, {"left", "principal"}) == "0.70");
    d.close(date("2019-04-26"));
    BOOST_TEST(balance(d, Account::payable) == "0.00");
    BOOST_TEST(balance(d, Account::bank) == d.cash.str());
    BOOST_TEST(d.with.state().covered_to_date.str() == "4328.70");
    BOOST_TEST(d.with.state().loans_to_date.str() == "4054.00");
}

/// A1 600,000.00 and A2 400,000.00 have rank 1, B 100,000.00 rank 2. All funds are 250,000.70 at the
/// calculation date, nothing comes after it. Of interest nothing is due (no coupon is paid here), so
/// principal takes all: 250,000.70 x 6/10 = 150,000.42 and 100,000.28; per unit of 6,000 units
/// 25.0000, of 4,000 units 25.0000: 150,000.00 and 100,000.00; 0.70 stays, and B gets nothing.
BOOST_AUTO_TEST_CASE(tranches_of_one_rank_share)
{
    Program p = small_deal();
    const auto coupon = p.tranches[0].coupon;
    p.tranches = {{"A1", 1, yuan("600000.00"), coupon, DayCount::act_365f, ""},
                  {"A2", 1, yuan("400000.00"), coupon, DayCount::act_365f, ""},
                  {"B", 2, yuan("100000.00"), std::nullopt, DayCount::act_365f, ""}};
    p.fees.clear();
    p.revolving_until = p.closing - 1;
    using K = Step::Kind;
    Priority all;
    all.all = {step(K::pay_principal, {"A1", "A2", "B"}, "pay principal A1, A2, B")};
    p.priorities = {{Phase::amortization, all}};
    DealState s = opening_state(p);
    s.started = true;
    s.closed_through = date("2019-02-25");
    s.book.restore(Account::principal, yuan("250000.70"));
    s.book.restore(Account::bank, yuan("250000.70"));
    s.totals.principal = yuan("250000.70");
    s.marks = {{date("2019-01-31"), Phase::amortization, s.totals}};
    const auto d = distribute(p, s, date("2019-02-26"));
    BOOST_REQUIRE(d.has_value());
    BOOST_TEST(d->tranches[0].principal_paid.str() == "150000.00");
    BOOST_TEST(d->tranches[1].principal_paid.str() == "100000.00");
    BOOST_TEST(d->tranches[2].principal_paid.str() == "0.00");
    BOOST_TEST(d->income_left.str() == "0.70");
    // Interest of 26 days at 3.65%: A1 1,560.00, A2 1,040.00. With 1,300.00 there is half of it:
    // "pro rata" shares whatever the ranks.
    p.tranches[1].rank = 2;
    p.priorities[Phase::amortization].all = {step(K::pay_interest, {"A1", "A2"}, "")};
    p.priorities[Phase::amortization].all[0].pro_rata = true;
    s.book.restore(Account::principal, yuan("1300.00"));
    s.totals.principal = yuan("1300.00");
    s.marks = {{date("2019-01-31"), Phase::amortization, s.totals}};
    const auto e = distribute(p, s, date("2019-02-26"));
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST(e->tranches[0].interest_paid.str() == "780.00");
    BOOST_TEST(e->tranches[1].interest_paid.str() == "520.00");
}

BOOST_AUTO_TEST_CASE(figures_of_the_sample_deal)
{
    Program p = small_deal();
    const Tranche a{"A", 1, yuan("1080000000.00"), Rate::parse("4.10%").value(), DayCount::act_365f,
                    ""};
    const Tranche b{"B", 2, yuan("419250000.00"), Rate::parse("5.90%").value(), DayCount::act_365f,
                    ""};
    const Date from = date("2019-11-26");
    const Date to = date("2020-01-26"); // 61 days
    BOOST_TEST(accrued_interest(p, a, a.face, from, to).str() == "7400219.18");
    BOOST_TEST(accrued_interest(p, b, b.face, from, to).str() == "4133919.86");
    const Date closing = date("2018-11-08");
    const Date first = date("2019-02-26"); // 110 days
    const Money due_a = accrued_interest(p, a, a.face, closing, first);
    const Money due_b = accrued_interest(p, b, b.face, closing, first);
    BOOST_TEST(due_a.str() == "13344657.53");
    BOOST_TEST(due_b.str() == "7454609.59");
    BOOST_TEST(per_unit(p, a, due_a).amount.str() == "13344480.00"); // 1.2356 x 10,800,000
    BOOST_TEST(per_unit(p, b, due_b).amount.str() == "7454265.00");  // 1.7780 x 4,192,500
    p.per_unit_rounding = Rounding::half_up;
    BOOST_TEST(per_unit(p, b, due_b).amount.str() == "7454684.25"); // 1.7781, more than computed
}

BOOST_AUTO_TEST_SUITE_END()
