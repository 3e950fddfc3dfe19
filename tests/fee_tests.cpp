// Fees of every form, and the limits of lines that pay them; the arithmetic is written out.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "stored_deal.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(fee_tests)

namespace {

/// The amortizing deal with these fees and one table.
std::string deal_text(const std::string& fees, const std::string& lines)
{
    return amortizing_deal(R"([[table]]
id = "by-date"
values = ["100.00 from 2019-01-31", "250.00 from 2019-03-01"]
)" + fees, "[priority.amortization]\n" + lines + "\n");
}

std::string fee_text(const std::string& keys)
{
    return "[[fee]]\nid = \"f\"\n" + keys + "\n";
}

Program deal(const std::string& fees, const std::string& lines = R"(all = ["pay f", "keep rest"])")
{
    return stored_deal(deal_text(fees, lines));
}

Program fee_deal(const std::string& keys)
{
    return deal(fee_text(keys));
}

/// The day before `pay`, in the second period or later; all cash was there on the calculation date.
DealState eve(const Program& p, const char* pay, const char* principal, const char* income = "0.00")
{
    DealState s = opening_state(p);
    s.started = true;
    const Date day = date(pay);
    Date paid = day;
    for (const PaymentDate& d : p.monthly_dates) {
        if (d.unadjusted == day) paid = d.adjusted;
    }
    s.closed_through = paid - 1;
    s.accrued_from = day.plus_months(-1);
    s.book.restore(Account::principal, yuan(principal));
    s.book.restore(Account::income, yuan(income));
    s.book.restore(Account::bank, yuan(principal) + yuan(income));
    s.totals.principal = yuan(principal);
    s.totals.income = yuan(income);
    s.marks = {{Date::of(day.year(), day.month(), 1) - 1, Phase::amortization, s.totals}};
    return s;
}

Distribution run(const Program& p, const DealState& s, const char* pay)
{
    auto d = distribute(p, s, date(pay));
    if (!d) BOOST_FAIL(d.error().message);
    return *d;
}

std::string accrued(const Program& p, const char* pay)
{
    return run(p, eve(p, pay, "10000.00"), pay).fees[0].accrued.str();
}

std::string first_error(const std::string& fees, const std::string& lines = R"(all = ["pay f"])")
{
    const auto file = parse_deal(deal_text(fees, lines), "x.toml");
    return file ? "reads" : file.error().front().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_amount_falls_due_on_days_of_a_rule)
{
    const Program p = fee_deal("amount = \"300.00\"\neach = \"15 Jan, Jul\"");
    const std::vector<Date> days{date("2019-07-15"), date("2020-01-15"), date("2020-07-15")};
    BOOST_TEST((p.fees[0].dates == days));
    BOOST_TEST(accrued(p, "2019-06-26") == "0.00");
    BOOST_TEST(accrued(p, "2019-07-26") == "300.00");
    BOOST_TEST(accrued(p, "2019-08-26") == "0.00");
    // The 31st of a short month is its last day.
    const Program last = fee_deal("amount = \"1.00\"\neach = \"31 monthly\"");
    BOOST_TEST(last.fees[0].dates.size() == 23U); // 2019-01-31 to 2020-11-30
    BOOST_TEST(last.fees[0].dates[1].str() == "2019-02-28");
    BOOST_TEST(last.fees[0].dates[13].str() == "2020-02-29");
}

BOOST_AUTO_TEST_CASE(an_amount_falls_due_once)
{
    const Program p = fee_deal("amount = \"300.00\"\non = 2019-03-26");
    BOOST_TEST(accrued(p, "2019-03-26") == "300.00"); // the payment date itself
    BOOST_TEST(accrued(p, "2019-04-26") == "0.00");
    // What is due at closing is paid on the first payment date.
    const Program opening = fee_deal("amount = \"300.00\"\non = 2019-01-31");
    DealState s = eve(opening, "2019-02-26", "10000.00");
    s.accrued_from = opening.closing;
    BOOST_TEST(run(opening, s, "2019-02-26").fees[0].accrued.str() == "300.00");
    BOOST_TEST(accrued(opening, "2019-03-26") == "0.00");
}

BOOST_AUTO_TEST_CASE(an_amount_by_table_by_count_and_by_formula)
{
    const Program table = fee_deal("amount = \"by-date\"\neach = \"payment date\"");
    BOOST_TEST(accrued(table, "2019-02-26") == "100.00");
    BOOST_TEST(accrued(table, "2019-03-26") == "250.00");
    const Program count =
        fee_deal("amount = \"10.00 + 2.00 * receivable count\"\neach = \"payment date\"");
    DealState s = eve(count, "2019-03-26", "10000.00");
    s.live_count = 37;
    s.totals.pool_balance = yuan("1.00");
    BOOST_TEST(run(count, s, "2019-03-26").fees[0].accrued.str() == "84.00"); // 10 + 37 x 2
    const Program none = fee_deal("amount = \"balance A - face A\"\neach = \"payment date\"");
    s = eve(none, "2019-03-26", "10000.00");
    s.tranches[0].balance = yuan("999000.00");
    BOOST_TEST(run(none, s, "2019-03-26").fees[0].accrued.str() == "0.00"); // not -1,000
}

/// Income to date is 5,000.00 at the calculation date, of which 1,500.00 was distributed before;
/// 4,000.00 more came later and belong to the next period. 3,500 - 1,000 = 2,500; 10% is 250.00.
BOOST_AUTO_TEST_CASE(a_percentage_of_a_formula)
{
    const Program p = fee_deal("rate = \"10%\"\nof = \"max(income collected - 1000.00, 0.00)\"");
    DealState s = eve(p, "2019-03-26", "10000.00");
    s.income_taken = yuan("1500.00");
    s.marks[0].figures.income_to_date = yuan("5000.00");
    s.totals.income_to_date = yuan("9000.00");
    BOOST_TEST(run(p, s, "2019-03-26").fees[0].accrued.str() == "250.00");
}

/// 28 days at 0.365% a year on 500,000.00 are 5.00 a day; the notes stand still in between, a pool
/// does not.
BOOST_AUTO_TEST_CASE(an_annual_rate_on_a_formula)
{
    const Program p =
        fee_deal("rate = \"0.365%\"\nper = \"year\"\nof = \"min(balance A, 500000.00)\"");
    BOOST_TEST(!needs_base_days(p.fees[0]));
    BOOST_TEST(accrued(p, "2019-03-26") == "140.00");
    const Program pool = fee_deal(
        "rate = \"0.365%\"\nper = \"year\"\nof = \"pool balance + principal cash\"");
    BOOST_TEST(needs_base_days(pool.fees[0]));
    DealState s = eve(pool, "2019-03-26", "10000.00");
    s.fees[0].base_days = 10 * 300'000'00 + 18 * 200'000'00; // ten days, then eighteen
    // (10 x 300,000 + 18 x 200,000) x 0.365% / 365 = 66.00
    BOOST_TEST(run(pool, s, "2019-03-26").fees[0].accrued.str() == "66.00");
}

/// 3.26% of 20.00 altogether is 0.652, so 0.65; 0.33 of it was paid when income stood at 10.00.
/// A flat fee of each period would ask for 0.33 twice.
BOOST_AUTO_TEST_CASE(a_target_asks_for_what_was_not_paid)
{
    const Program p = fee_deal("target = \"3.26% * cumulative income\"");
    const auto line = [&](const char* income, const char* paid, const char* due, const char* cash) {
        DealState s = eve(p, "2019-03-26", cash);
        s.marks[0].figures.income_to_date = s.totals.income_to_date = yuan(income);
        s.fees[0].paid_to_date = yuan(paid);
        s.fees[0].due = yuan(due);
        return run(p, s, "2019-03-26");
    };
    Distribution d = line("20.00", "0.33", "0.00", "100.00");
    BOOST_TEST(d.fees[0].due.str() == "0.32");
    BOOST_TEST(d.payout.fees[0].paid_to_date.str() == "0.65");
    // 0.10 paid and 0.23 left due: 0.32 more accrues; 0.50 of 0.55 is paid.
    d = line("20.00", "0.10", "0.23", "0.50");
    BOOST_TEST(d.fees[0].accrued.str() == "0.32");
    BOOST_TEST(d.fees[0].due.str() == "0.55");
    BOOST_TEST(d.fees[0].carried.str() == "0.05");
    BOOST_TEST(d.payout.fees[0].paid_to_date.str() == "0.60");
    // More was paid than the target is now: nothing is due, and nothing comes back.
    d = line("20.00", "0.70", "0.02", "100.00");
    BOOST_TEST(d.fees[0].due.str() == "0.00");
    BOOST_TEST(d.total.str() == "0.00");
}

/// The purchase test counts what each form will ask for by the day of settlement.
BOOST_AUTO_TEST_CASE(what_has_accrued_is_known_before_it_is_due)
{
    const Program p = deal(fee_text("amount = \"300.00\"\non = 2019-03-10") +
                           "[[fee]]\nid = \"g\"\ntarget = \"cumulative income\"\n"
                           "[[fee]]\nid = \"h\"\namount = \"by-date\"\neach = \"payment date\"\n");
    DealState s = eve(p, "2019-03-26", "10000.00");
    s.tranches[0].balance = zero;
    s.totals.income_to_date = yuan("40.00");
    s.fees[1].paid_to_date = yuan("15.00");
    s.fees[1].due = yuan("5.00");
    // By 03-09: 0 + 25 + 250; by 03-10 also the 300.
    BOOST_TEST(accrued_and_unpaid(p, s, date("2019-03-09")).str() == "275.00");
    BOOST_TEST(accrued_and_unpaid(p, s, date("2019-03-10")).str() == "575.00");
}

BOOST_AUTO_TEST_CASE(lines_pay_a_share_of_what_is_due)
{
    // Interest of 28 days is 2,800.00 and the fee 300.00.
    const std::string fee = fee_text("amount = \"300.00\"\neach = \"payment date\"");
    const Program p = deal(fee, R"(all = ["pay f up to 50% of due", "pay interest A up to 25% of due",
        "pay interest A up to 50% of due up to 900.00", "keep rest"])");
    const Distribution d = run(p, eve(p, "2019-03-26", "10000.00"), "2019-03-26");
    BOOST_TEST(d.lines[0].paid.str() == "150.00");
    BOOST_TEST(d.fees[0].carried.str() == "150.00");
    BOOST_TEST(d.lines[1].paid.str() == "700.00");
    BOOST_TEST(d.lines[2].due.str() == "2100.00");
    BOOST_TEST(d.lines[2].paid.str() == "900.00"); // less than half of 2,100
    BOOST_TEST(d.income_left.str() == "8250.00");
}

/// Of 10,000.00: the fee may take 100 and 200 stay due; interest 900; principal 5,000, and what was
/// kept from each line is there for the next; the rest is 3,000.
BOOST_AUTO_TEST_CASE(lines_leave_something_in_their_ledger)
{
    const std::string fee = fee_text("amount = \"300.00\"\neach = \"payment date\"");
    const Program p = deal(fee, R"x(all = ["pay f keep 9900.00", "pay interest A keep 9000.00",
        "pay principal A keep max(by-date, 4000.00)", "pay rest to SUB keep 1000.00", "keep rest"])x");
    const Distribution d = run(p, eve(p, "2019-03-26", "10000.00"), "2019-03-26");
    const std::vector<std::string> paid{"100.00", "900.00", "5000.00", "3000.00", "0.00"};
    for (std::size_t i = 0; i < paid.size(); ++i) BOOST_TEST(d.lines[i].paid.str() == paid[i]);
    BOOST_TEST(d.fees[0].carried.str() == "200.00");
    BOOST_TEST(d.tranches[0].arrears_after.str() == "1900.00");
    BOOST_TEST(d.income_left.str() == "1000.00");
    // More than there is: nothing is paid.
    const Distribution poor = run(p, eve(p, "2019-03-26", "999.00"), "2019-03-26");
    BOOST_TEST(poor.total.str() == "0.00");
}

/// Income 1,000.00 and principal 5,000.00. A line that keeps something borrows nothing: 600 of 2,800
/// are paid though principal would lend 5,000. Of the 400 left half of the rest moves.
BOOST_AUTO_TEST_CASE(a_line_that_keeps_something_borrows_nothing)
{
    const Program p = deal("", R"(income = ["pay interest A keep 400.00",
        "pay rest to principal up to 50% of due", "keep rest"]
principal = ["cover income shortfall", "pay principal A keep 1.00", "keep rest"])");
    const Distribution d =
        run(p, eve(p, "2019-03-26", "5000.00", "1000.00"), "2019-03-26");
    BOOST_TEST(d.lines[0].paid.str() == "600.00");
    BOOST_TEST(d.loan.str() == "0.00");
    BOOST_TEST(d.to_principal.str() == "200.00");
    BOOST_TEST(d.income_left.str() == "200.00");
    BOOST_TEST(d.tranches[0].principal_paid.str() == "5199.00");
    BOOST_TEST(d.principal_left.str() == "1.00");
}

BOOST_AUTO_TEST_CASE(what_makes_no_fee_and_no_limit_is_said)
{
    const std::string each = fee_text("amount = \"300.00\"\neach = \"payment date\"");
    BOOST_TEST(first_error(fee_text("rate = \"1%\"\ntarget = \"notes\"")) ==
               "fee 'f' needs either a rate or an amount");
    BOOST_TEST(first_error(fee_text("amount = \"1.00\"")) == "an amount needs 'per = \"year\"'");
    BOOST_TEST(first_error(fee_text("amount = \"1.00\"\non = 2021-01-01")) ==
               "fee 'f' never falls due: no such day lies between closing and legal_final");
    BOOST_TEST(first_error(fee_text("amount = \"1.00\"\neach = \"15 Jann\"")) ==
               "'Jann' is not a month or 'monthly'");
    BOOST_TEST(first_error(fee_text("amount = \"receivable count\"\neach = \"payment date\"")) ==
               "a count is no amount by itself");
    BOOST_TEST(first_error(fee_text("amount = \"1% * receivable count\"\neach = \"1 Jan\"")) ==
               "receivables are counted times an amount");
    BOOST_TEST(first_error(each, R"(all = ["pay f up to 120% of due"])") ==
               "more than all that is due");
    BOOST_TEST(first_error(each, R"(all = ["pay f up to 5.00 up to 6.00"])") ==
               "the line has two limits of one kind");
    BOOST_TEST(first_error(each, R"(all = ["pay f up to 50% of dues"])") ==
               "'dues' stands where 'due' is expected");
    BOOST_TEST(first_error(each, R"(all = ["keep rest keep 5.00"])") ==
               "'keep' is left over after the end of the sentence");
}

/// A stored program whose fee or limit has no meaning is refused, whoever signed it.
BOOST_AUTO_TEST_CASE(unsound_fees_are_refused)
{
    const Program good = fee_deal("amount = \"300.00\"\neach = \"15 Jan, Jul\"");
    const auto refused = [&](auto change) {
        Program p = good;
        change(p);
        return !unsound(p).empty();
    };
    BOOST_TEST(!refused([](Program&) {}));
    BOOST_TEST(refused([](Program& p) { p.fees[0].formula.reset(); }));
    BOOST_TEST(refused([](Program& p) { p.fees[0].dates.clear(); }));
    BOOST_TEST(refused([](Program& p) { p.fees[0].dates[2] = p.legal_final + 1; }));
    BOOST_TEST(refused([](Program& p) { std::swap(p.fees[0].dates[0], p.fees[0].dates[1]); }));
    BOOST_TEST(refused([](Program& p) { p.fees[0].kind = Fee::Kind::each_payment; }));
    BOOST_TEST(refused([](Program& p) { p.fees[0].kind = Fee::Kind::annual_amount; }));
    BOOST_TEST(refused([](Program& p) { p.fees.resize(101, p.fees[0]); }));
    const auto line = [](Program& p) -> Step& {
        return p.priorities[Phase::amortization].all[1]; // keep rest
    };
    BOOST_TEST(refused([&](Program& p) { line(p).due_share = Rate::parse("50%").value(); }));
    BOOST_TEST(refused([&](Program& p) { line(p).keep = Expr{}; }));
    const auto fee = [](Program& p) -> Step& { return p.priorities[Phase::amortization].all[0]; };
    BOOST_TEST(refused([&](Program& p) { fee(p).due_share = Rate::parse("101%").value(); }));
}

BOOST_AUTO_TEST_SUITE_END()
