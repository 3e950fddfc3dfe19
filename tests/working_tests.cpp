// Working: how what is due was computed, against figures worked out by hand.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/working.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(working_tests)

namespace {

/// The eve of 2019-03-26, 28 days after the last payment: 3,000.00 of income and 900,000.00 of principal
/// cash; 5,000.00 were booked to income, 700.00 of cost were lost and 200.00 recovered.
DealState eve_of_working(const Program& p)
{
    DealState s = opening_state(p);
    s.started = true;
    s.closed_through = date("2019-03-25");
    s.accrued_from = date("2019-02-26");
    s.book.restore(Account::income, yuan("3000.00"));
    s.book.restore(Account::principal, yuan("900000.00"));
    s.book.restore(Account::bank, yuan("903000.00"));
    s.totals.income = yuan("3000.00");
    s.totals.principal = yuan("900000.00");
    s.totals.income_to_date = yuan("5000.00");
    s.totals.losses_to_date = yuan("700.00");
    s.totals.recovered_to_date = yuan("200.00");
    s.marks = {{date("2019-02-28"), Phase::amortization, s.totals}};
    return s;
}

std::string text_of(const WorkingStep& step)
{
    const Money* money = std::get_if<Money>(&step.figure);
    return step.what + " " + (money ? money->str() : std::get<std::string>(step.figure));
}

/// Of the line with that number, such as `income.3`.
std::vector<std::string> working_text(const Program& p, const DealState& s, const std::string& line)
{
    const auto d = distribute(p, s, date("2019-03-26"));
    if (!d) BOOST_FAIL(d.error().message);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < d->lines.size(); ++i) {
        if (!d->lines[i].number.ends_with(line)) continue;
        for (const WorkingStep& step : working_of(p, s, *d, i, Language::english))
            out.push_back(text_of(step));
    }
    return out;
}

/// small_deal() with numbers on its lines, as a deal file gives them.
Program numbered_deal()
{
    Program p = small_deal();
    for (auto& [phase, priority] : p.priorities) {
        for (auto& [book, steps] : {std::pair("income", &priority.income),
                                    std::pair("principal", &priority.principal)})
            for (std::size_t i = 0; i < steps->size(); ++i)
                (*steps)[i].clause.number =
                    "priority." + std::string(phase == Phase::revolving ? "revolving" : "later") + "." + book +
                    "." + std::to_string(i + 1);
    }
    return p;
}

} // namespace

/// 1,000,000.00 x 3.65% x 28 / 365 = 2,800.00: 0.2800 for each of 10,000 units.
BOOST_AUTO_TEST_CASE(interest)
{
    const Program p = numbered_deal();
    const std::vector<std::string> want{
        "outstanding principal of A 1000000.00",
        "rate a year 3.65%",
        "part of a year (act/365f), 2019-02-26 inclusive to 2019-03-26 exclusive 28 / 365",
        "principal × rate × part of a year, rounded half-up to the fen 2800.00",
        "each of 10000 units, rounded down to 4 decimals 0.2800",
        "interest of the period: units × amount per unit 2800.00",
        "due and unpaid from earlier dates 0.00",
        "due on this line 2800.00"};
    const auto got = working_text(p, eve_of_working(p), "income.3");
    BOOST_TEST(got == want, boost::test_tools::per_element());
}

/// 999,900.00 x 3.65% x 28 / 365 = 2,799.72, and 0.27 for each of 10,000 units with
/// two decimals = 2,700.00; what is left of it stays in the ledger. 12.00 were unpaid before.
BOOST_AUTO_TEST_CASE(rounding_and_arrears)
{
    Program p = numbered_deal();
    p.per_unit_places = 2;
    DealState s = eve_of_working(p);
    s.tranches[0] = {yuan("999900.00"), yuan("12.00")};
    const auto got = working_text(p, s, "income.3");
    const std::vector<std::string> want{"principal × rate × part of a year, rounded half-up to the fen 2799.72",
                                        "each of 10000 units, rounded down to 2 decimals 0.27",
                                        "interest of the period: units × amount per unit 2700.00",
                                        "rounding left in the ledger 99.72",
                                        "due and unpaid from earlier dates 12.00",
                                        "due on this line 2712.00"};
    BOOST_REQUIRE(got.size() == want.size() + 3);
    BOOST_TEST(std::vector<std::string>(got.begin() + 3, got.end()) == want,
               boost::test_tools::per_element());
}

/// VAT: 3% of the 5,000.00 booked = 150.00. Servicing: 1,100,000.00 x 0.365% x 28 / 365 = 308.00.
BOOST_AUTO_TEST_CASE(fees)
{
    const Program p = numbered_deal();
    const auto vat = working_text(p, eve_of_working(p), "income.1");
    BOOST_REQUIRE(vat.size() == 5u);
    BOOST_TEST(vat[0].ends_with(" 5000.00"));
    BOOST_TEST(vat[1] == "rate 3.00%");
    BOOST_TEST(vat[2] == "accrued in the period, rounded half-up to the fen 150.00");
    BOOST_TEST(vat[4] == "due on this line 150.00");
    const auto servicing = working_text(p, eve_of_working(p), "income.2");
    BOOST_REQUIRE(servicing.size() == 6u);
    BOOST_TEST(servicing[0].ends_with(" 1100000.00"));
    BOOST_TEST(servicing[1] == "rate a year 0.365%");
    BOOST_TEST(servicing[2].ends_with(" 28 / 365"));
    BOOST_TEST(servicing[5] == "due on this line 308.00");
}

/// A cap of 1,000.00 a year, of which 900.00 are paid, leaves 100.00 of the 308.00.
BOOST_AUTO_TEST_CASE(a_capped_fee)
{
    Program p = numbered_deal();
    for (auto& [phase, priority] : p.priorities) priority.income[1].cap_per_year = yuan("1000.00");
    DealState s = eve_of_working(p);
    s.fees[1].year = p.closing;
    s.fees[1].paid_in_year = yuan("900.00");
    const auto got = working_text(p, s, "income.2");
    BOOST_REQUIRE(got.size() == 8u);
    BOOST_TEST(got[5] == "yearly cap on servicing together 1000.00");
    BOOST_TEST(got[6] == "of it paid since 2019-01-31 900.00");
    BOOST_TEST(got[7] == "due on this line 100.00");
}

/// 40.00 that a cap left before a state of the deal that has none are due again: 308.00 + 40.00.
BOOST_AUTO_TEST_CASE(what_a_cap_left_is_due_where_there_is_none)
{
    const Program p = numbered_deal();
    DealState s = eve_of_working(p);
    s.fees[1].above_cap = yuan("40.00");
    const auto got = working_text(p, s, "income.2");
    BOOST_REQUIRE(got.size() == 7u);
    BOOST_TEST(got[4] == "due and unpaid from earlier dates 0.00");
    BOOST_TEST(got[5] == "left by the cap on earlier dates, due again 40.00");
    BOOST_TEST(got[6] == "due on this line 348.00");
}

/// Where a line above the cap pays them, they are not due here.
BOOST_AUTO_TEST_CASE(what_a_cap_left_waits_for_its_own_line)
{
    Program p = numbered_deal();
    for (auto& [phase, priority] : p.priorities)
        priority.income.push_back(step(Step::Kind::pay_fees_above_cap, {"servicing"}, "pay servicing above cap"));
    DealState s = eve_of_working(p);
    s.fees[1].above_cap = yuan("40.00");
    const auto got = working_text(p, s, "income.2");
    BOOST_REQUIRE(got.size() == 6u);
    BOOST_TEST(got[5] == "due on this line 308.00");
}

/// Two lines of a cap of 400.00 a year on both fees: the first pays 150.00 of tax, so servicing gets 250.00.
BOOST_AUTO_TEST_CASE(a_cap_that_two_lines_share)
{
    Program p = numbered_deal();
    for (auto& [phase, priority] : p.priorities) {
        priority.income[0].cap_per_year = yuan("400.00");
        priority.income[1].cap_per_year = yuan("400.00");
        priority.income[1].payees = {"servicing", "vat"};
    }
    const auto got = working_text(p, eve_of_working(p), "income.2");
    BOOST_REQUIRE(got.size() > 9u);
    BOOST_TEST(got[5] == "yearly cap on servicing, vat together 400.00");
    BOOST_TEST(got[6] == "of it paid since 2019-01-31 0.00");
    BOOST_TEST(got[7] == "of it paid by earlier lines of this distribution 150.00");
    BOOST_TEST(got[8] == "due on this line 250.00");
}

/// 3,000.00 less 150.00 and 308.00 leave 2,542.00 for 2,800.00 of interest: 258.00 are lent, and the
/// losses to cover are 700.00 - 200.00 + 258.00.
BOOST_AUTO_TEST_CASE(losses_and_what_was_lent)
{
    const Program p = numbered_deal();
    const auto got = working_text(p, eve_of_working(p), "income.4");
    const std::vector<std::string> want{"cost lost to default and dilution since closing 700.00",
                                        "less recovered to principal -200.00",
                                        "lent by principal to income on earlier dates 0.00",
                                        "lent by principal in this distribution so far 258.00",
                                        "less paid on this line on earlier dates 0.00",
                                        "due on this line 758.00"};
    BOOST_TEST(got == want, boost::test_tools::per_element());
    const auto lent = working_text(p, eve_of_working(p), "principal.1");
    BOOST_REQUIRE(lent.size() == 3u);
    BOOST_TEST(lent[0] == "principal cash on the payment date, all that can be lent 900000.00");
    BOOST_TEST(lent[1].ends_with("income.3 258.00"));
}

BOOST_AUTO_TEST_SUITE_END()
