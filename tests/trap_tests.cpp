// Traps that factoring deals set for their models, one test each. The others are of the data and kept
// there: tapes csv_tests and tape_tests, codes credit_code_tests, holidays and working weekends
// schedule_tests, capitals capitals_tests.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/trigger.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(trap_tests)

namespace {

Expr of(Measure what)
{
    Expr e;
    e.kind = Expr::Kind::measure;
    e.measure = what;
    return e;
}

Expr share(const char* rate, Measure what)
{
    Expr e;
    e.kind = Expr::Kind::scale;
    e.rate = Rate::parse(rate).value();
    e.operands = {of(what)};
    return e;
}

Trigger trigger(const char* id, Condition when, int days, Trigger::Effect effect)
{
    Trigger t;
    t.id = id;
    t.when = std::move(when);
    t.days = days;
    t.effect = effect;
    t.clause.number = std::string("trigger.") + id;
    t.clause.text = id;
    return t;
}

Trigger shortfall(Trigger::Effect effect = Trigger::Effect::accelerate)
{
    return trigger("shortfall",
                   {of(Measure::pool_balance), Compare::less, of(Measure::senior_balance)}, 30,
                   effect);
}

const DealState& state(const Driver& d)
{
    return d.with.state();
}

std::string text(const Json& json, const char* list, int i, const char* member)
{
    return json.find(list)->as_array().at(static_cast<std::size_t>(i)).find(member)->as_string();
}

/// R1 is due 2019-01-10, so it defaults on 2019-02-10 and leaves 890,000.00 below 1,000,000.00.
const std::vector<Asked> failing{{"R1", "O1", "2019-01-10", "200000.00", "200000.00"},
                                 {"R2", "O2", "2019-07-15", "890000.00", "890000.00"}};

/// With the clause of thirty days, judged while revolving.
Program watched()
{
    Program p = small_deal();
    p.triggers = {shortfall()};
    p.triggers[0].during = Phase::revolving;
    return p;
}

/// Everything in one book from the first day on.
Program amortizing()
{
    Program p = small_deal();
    p.revolving_until = p.closing - 1;
    p.revolving_dates.clear();
    return p;
}

} // namespace

/// In breach from 2019-02-10, a Sunday, on: day 29 is 03-10, day 30 is 03-11.
BOOST_AUTO_TEST_CASE(trap_01_day_30_and_no_other)
{
    Driver d(watched());
    d.snapshot(failing);
    d.close(date("2019-02-09"));
    BOOST_TEST(state(d).triggers[0].count == 0);
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-10"));
    BOOST_TEST(state(d).triggers[0].count == 29);
    BOOST_TEST(state(d).fired.empty());
    d.close(date("2019-03-11"));
    BOOST_TEST(state(d).fired.size() == 1u);
    BOOST_TEST(state(d).triggers[0].effective->str() == "2019-03-11");
}

/// The same, with cash in the measure and R1 recovered on day 29: one compliant day sets it to zero.
BOOST_AUTO_TEST_CASE(trap_01_one_compliant_day_resets)
{
    Program p = watched();
    Expr& sum = p.triggers[0].when.left;
    sum.kind = Expr::Kind::add;
    sum.operands = {of(Measure::pool_balance), of(Measure::principal_cash)};
    Driver d(p);
    d.snapshot(failing);
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-09"));
    BOOST_TEST(state(d).triggers[0].count == 28);
    d.pay(date("2019-03-10"), "R1", "200000.00");
    d.close(date("2019-03-12"));
    BOOST_TEST(state(d).triggers[0].count == 0);
    BOOST_TEST(state(d).fired.empty());
}

/// In breach from 2019-03-04 on: 27 days when the revolving period ends on 03-30. It lapses.
BOOST_AUTO_TEST_CASE(trap_01_a_running_breach_lapses_with_its_phase)
{
    Driver d(watched());
    d.snapshot({{"R1", "O1", "2019-02-01", "200000.00", "200000.00"},
                {"R2", "O2", "2019-07-15", "890000.00", "890000.00"}});
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-25"));
    d.distribute(date("2019-03-26"));
    d.close(date("2019-03-30"));
    BOOST_TEST(state(d).triggers[0].count == 27);
    d.close(date("2019-04-10"));
    BOOST_TEST((state(d).phase == Phase::amortization));
    BOOST_TEST(state(d).triggers[0].lapsed);
    BOOST_TEST(state(d).fired.empty());
}

/// `<` and `>` are strict, `<=` and `>=` are not: "falls below" and "exceeds" spare the equal day.
BOOST_AUTO_TEST_CASE(trap_02_equality)
{
    const Money eight = yuan("8.00");
    BOOST_TEST(!compares(eight, Compare::greater, eight));
    BOOST_TEST(!compares(eight, Compare::less, eight));
    BOOST_TEST(compares(eight, Compare::greater_equal, eight));
    BOOST_TEST(compares(eight, Compare::less_equal, eight));
    BOOST_TEST(compares(yuan("8.01"), Compare::greater, eight));
    BOOST_TEST(compares(yuan("7.99"), Compare::less, eight));
}

BOOST_AUTO_TEST_CASE(trap_03_acceleration_stays_when_the_pool_recovers)
{
    const Program p = watched();
    Driver d(p);
    d.snapshot(failing);
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-11"));
    BOOST_TEST((state(d).phase == Phase::accelerated));
    d.must(d.with.make_notice().value(), "");
    d.pay(date("2019-03-15"), "R1", "200000.00"); // recovered in full
    d.close(date("2019-03-25"));
    d.distribute(date("2019-03-26"));
    d.close(date("2019-04-25"));
    d.distribute(date("2019-04-26")); // repays A: 890,000.00 of pool are enough again
    d.close(date("2019-04-30"));
    BOOST_TEST((measure(p, state(d), Measure::pool_balance, "") >
                measure(p, state(d), Measure::senior_balance, "")));
    BOOST_TEST((state(d).phase == Phase::accelerated));
    BOOST_TEST(state(d).fired.size() == 1u);
}

BOOST_AUTO_TEST_CASE(trap_04_default_outranks_acceleration_and_both_are_recorded)
{
    Program p = small_deal();
    Trigger worse = shortfall(Trigger::Effect::event_of_default);
    worse.id = "worse";
    Trigger slower = shortfall();
    slower.rank = 1;
    p.triggers = {worse, slower};
    p.priorities[Phase::defaulted].all = {
        step(Step::Kind::pay_interest, {"A"}, "pay interest A")};
    Driver d(p);
    d.snapshot(failing);
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-11"));
    BOOST_TEST((state(d).phase == Phase::defaulted));
    BOOST_REQUIRE(state(d).fired.size() == 2u);
    const Record notice = d.with.make_notice().value();
    BOOST_TEST(text(notice.public_part, "triggers", 0, "id") == "worse");
    BOOST_TEST(text(notice.public_part, "triggers", 1, "id") == "shortfall");
    BOOST_TEST(text(notice.public_part, "triggers", 1, "effective") == "2019-03-11");
}

/// 2020-02-26 to 2020-03-26 has 29 days, and 29 February is one of them: 29 x 100.00.
BOOST_AUTO_TEST_CASE(trap_05_a_leap_day_is_one_day)
{
    const Program p = small_deal();
    const Tranche& a = p.tranches[0];
    BOOST_TEST(accrued_interest(p, a, a.face, date("2020-02-26"), date("2020-03-26")).str() ==
               "2900.00");
    BOOST_TEST(accrued_interest(p, a, a.face, date("2019-02-26"), date("2019-03-26")).str() ==
               "2800.00");
}

/// Paid three days late because of a holiday: interest to the 26th, and from the 26th on the
/// smaller balance: 400,000.00 are repaid, so 30 days at 60.00.
BOOST_AUTO_TEST_CASE(trap_06_interest_runs_between_unadjusted_dates)
{
    Program p = amortizing();
    p.fees.clear();
    p.monthly_dates[2].adjusted = date("2019-04-29");
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-03-20", "400000.00", "400000.00"},
                {"R2", "O2", "2019-07-15", "700000.00", "700000.00"}});
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-25"));
    d.distribute(date("2019-03-26"));
    d.pay(date("2019-03-28"), "R1", "400000.00");
    d.close(date("2019-04-28"));
    const Json april = d.distribute(date("2019-04-26"));
    BOOST_TEST(april.find("paid_on")->as_string() == "2019-04-29");
    BOOST_TEST(text(april, "tranches", 0, "interest") == "3100.00"); // 31 days, not 34
    const Money repaid = Money::parse(text(april, "tranches", 0, "principal_paid")).value();
    BOOST_TEST((repaid > yuan("380000.00")));
    d.close(date("2019-05-25"));
    const auto may = d.with.make_distribution(date("2019-05-26"));
    BOOST_REQUIRE(may.has_value());
    const Money left = yuan("1000000.00") - repaid;
    BOOST_TEST(text(may->public_part, "tranches", 0, "opening") == left.str());
    const Money interest = Money::parse(text(may->public_part, "tranches", 0, "interest")).value();
    // 0.3% for 30 days on what is left, per unit of 100.00 cut to four places: within 1.00 below.
    const Money exact = Money::fen(left.in_fen() * 3 / 1000);
    BOOST_TEST((interest <= exact && exact - interest < yuan("1.00")));
}

/// A third of 100.00 three times leaves a fen: it goes to the first of equal remainders.
BOOST_AUTO_TEST_CASE(trap_07_parts_add_up)
{
    const std::vector<std::int64_t> thirds{1, 1, 1};
    const std::vector<Money> parts{yuan("33.34"), yuan("33.33"), yuan("33.33")};
    BOOST_TEST((allocate_pro_rata(yuan("100.00"), thirds) == parts));
}

BOOST_AUTO_TEST_CASE(trap_08_a_repaid_deal_has_zeros_without_a_sign)
{
    Program p = amortizing();
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-03-20", "1100000.00", "1090000.00"}});
    d.pay(date("2019-02-10"), "R1", "1100000.00");
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-25"));
    const Json march = d.distribute(date("2019-03-26"));
    BOOST_TEST(text(march, "tranches", 0, "closing") == "0.00");
    d.close(date("2019-04-25"));
    const Json april = d.distribute(date("2019-04-26"));
    BOOST_TEST(text(april, "tranches", 0, "interest") == "0.00");
    BOOST_TEST(text(april, "tranches", 0, "opening") == "0.00");
    BOOST_TEST(april.canonical().find("-0.00") == std::string::npos);
    BOOST_TEST(state(d).totals.pool_balance.str() == "0.00");
}

/// 26 days of interest, 2,600.00, are lent in the first period, when there is no income; the second
/// has 10,000.00 of it and pays them back; nothing is paid back twice in the third.
BOOST_AUTO_TEST_CASE(trap_09_what_principal_lent_comes_back_once)
{
    Program p = amortizing();
    p.fees.clear();
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-02-20", "500000.00", "490000.00"},
                {"R2", "O2", "2019-07-15", "300000.00", "300000.00"}});
    d.pay(date("2019-02-20"), "R1", "500000.00");
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-25"));
    BOOST_TEST(state(d).loans_to_date.str() == "2600.00");
    BOOST_TEST(state(d).covered_to_date.str() == "0.00");
    d.distribute(date("2019-03-26"));
    d.close(date("2019-04-25"));
    BOOST_TEST(state(d).loans_to_date.str() == "2600.00");
    BOOST_TEST(state(d).covered_to_date.str() == "2600.00");
    d.distribute(date("2019-04-26"));
    d.close(date("2019-05-25"));
    BOOST_TEST(state(d).covered_to_date.str() == "2600.00");
}

/// 200,000.00 of 1,090,000.00 are 18.3%: below the 20% of the default clause, but the pool is short.
BOOST_AUTO_TEST_CASE(trap_10_a_default_trips_the_shortfall_before_the_default_rate)
{
    Program p = small_deal();
    p.triggers = {shortfall(),
                  trigger("default-rate",
                          {of(Measure::defaulted_cumulative), Compare::greater,
                           share("20%", Measure::bought_cumulative)},
                          1, Trigger::Effect::accelerate)};
    p.triggers[1].rank = 1;
    Driver d(p);
    d.snapshot(failing);
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-11"));
    BOOST_REQUIRE(state(d).fired.size() == 1u);
    BOOST_TEST(state(d).fired[0].trigger == 0);
    BOOST_TEST(state(d).triggers[1].count == 0);
}

/// Bought back on its twentieth of forty days: cost 490,000.00 and half of the discount. Cash comes in
/// and the balance goes out, but it is neither paid by the obligor nor lost.
BOOST_AUTO_TEST_CASE(trap_11_a_repurchase_is_no_collection)
{
    Driver d(small_deal());
    d.snapshot({{"R1", "O1", "2019-03-12", "500000.00", "490000.00"}});
    d.pay(date("2019-02-20"), "R1", "495000.00", AllocationKind::repurchase);
    d.must(build_statement("plan", 1, d.cash, {d.next, date("2019-02-20")}, d.entries, d.random),
           "custodian");
    d.must(build_collections({d.next, date("2019-02-20")}, d.allocations, d.random), "servicer");
    const Record close = d.with.make_close(date("2019-02-20")).value();
    const Json& last = close.public_part.find("days")->as_array().back();
    BOOST_TEST(last.find("paid")->as_string() == "0.00");
    BOOST_TEST(last.find("repurchased")->as_string() == "500000.00");
    d.must(close, "");
    BOOST_TEST(state(d).totals.pool_balance.str() == "0.00");
    BOOST_TEST(state(d).totals.losses_to_date.str() == "0.00");
    BOOST_TEST(state(d).totals.income_to_date.str() == "5000.00");
}

BOOST_AUTO_TEST_CASE(trap_12_dilution_is_neither_cash_nor_default)
{
    Driver d(small_deal());
    d.snapshot({{"R1", "O1", "2019-05-10", "500000.00", "490000.00"}});
    const Money cash = state(d).book.balance(Account::bank);
    d.must(build_dilution({{"R1", date("2019-02-05"), yuan("50000.00"), "return"}}, d.random),
           "servicer");
    d.close(date("2019-02-05"));
    const Figures& f = state(d).totals;
    BOOST_TEST(f.pool_balance.str() == "450000.00");
    BOOST_TEST((state(d).book.balance(Account::bank) == cash));
    BOOST_TEST(f.defaulted_to_date.str() == "0.00");
    BOOST_TEST(f.losses_to_date.str() == "49000.00"); // 490,000 x 50,000 / 500,000
}

/// The buyer pays 74 days early: price and discount are booked whole, no day is taken off.
BOOST_AUTO_TEST_CASE(trap_13_early_payment_earns_the_whole_discount)
{
    for (const char* day : {"2019-02-05", "2019-04-20"}) {
        Driver d(amortizing());
        d.snapshot({{"R1", "O1", "2019-04-20", "500000.00", "490000.00"}});
        if (date(day) > date("2019-02-26")) {
            d.close(date("2019-02-25"));
            d.distribute(date("2019-02-26"));
            d.close(date("2019-03-25"));
            d.distribute(date("2019-03-26"));
        }
        d.pay(date(day), "R1", "500000.00");
        d.close(date(day));
        BOOST_TEST(state(d).totals.income_to_date.str() == "10000.00");
        BOOST_TEST(state(d).totals.losses_to_date.str() == "0.00");
    }
}

/// R1 pays on its 30th day past due; R2 on its 31st, all of it: the rate keeps R2 for ever.
BOOST_AUTO_TEST_CASE(trap_14_grace_is_no_default_and_a_default_counts_for_ever)
{
    Driver d(amortizing());
    d.snapshot({{"R1", "O1", "2019-01-10", "200000.00", "200000.00"},
                {"R2", "O2", "2019-01-11", "300000.00", "300000.00"}});
    d.pay(date("2019-02-09"), "R1", "200000.00");
    d.close(date("2019-02-10"));
    BOOST_TEST(state(d).totals.defaulted_to_date.str() == "0.00");
    d.close(date("2019-02-11"));
    BOOST_TEST(state(d).totals.defaulted_to_date.str() == "300000.00");
    d.pay(date("2019-02-12"), "R2", "300000.00");
    d.close(date("2019-02-12"));
    BOOST_TEST(state(d).totals.defaulted_to_date.str() == "300000.00");
    BOOST_TEST(state(d).totals.recovered_to_date.str() == "300000.00");
    BOOST_TEST(state(d).totals.pool_balance.str() == "0.00");
}

/// One buyer, written in two ways: the code says that it is one, for limits and for its insolvency.
BOOST_AUTO_TEST_CASE(trap_16_the_code_names_the_obligor)
{
    Driver d(small_deal());
    std::vector<Row> rows;
    const std::pair<const char*, const char*> written[]{{"R1", "华东电器有限公司"},
                                                        {"R2", "华东电器（有限）公司"}};
    for (const auto& [id, name] : written) {
        Row row = receivable({id, "O1", "2019-07-15", "400000.00", "400000.00"},
                             d.with.program().closing, d.random);
        row.fields.push_back({"obligor_name", name});
        std::sort(row.fields.begin(), row.fields.end());
        rows.push_back(std::move(row));
    }
    d.must(build_snapshot(d.with.program().closing, std::move(rows)).value(), "servicer");
    d.cash = state(d).book.balance(Account::bank);
    d.next = d.with.program().closing;
    BOOST_TEST(d.with.pool().group_balances().size() == 1u);
    d.must(build_insolvency(date("2019-02-05"), "O1", {"O1"}, d.random), "servicer");
    d.close(date("2019-02-05"));
    BOOST_TEST(state(d).totals.defaulted_to_date.str() == "800000.00");
}

BOOST_AUTO_TEST_SUITE_END()
