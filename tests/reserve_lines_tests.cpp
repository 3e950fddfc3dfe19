// Reserves: set aside, drawn, filled up, released and merged; the arithmetic is written out.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "one_payment.hpp"
#include "stored_deal.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(reserve_lines_tests)

namespace {

const char* const usual = R"([priority.amortization]
income = ["pay f supported by cash", "pay interest A supported by cash", "fund reserve cash", "pay rest to principal"]
principal = ["cover income shortfall", "pay principal A", "release reserve cash", "pay principal SUB", "pay rest to SUB"]
)";

/// The amortizing deal with a fee of 300.00 on each payment date; reserve `cash`: 1% of A, opens with
/// 10,000.00.
std::string deal_text(const std::string& priority = usual,
                      const std::string& target = "1.00% * balance A",
                      const std::string& opening = "opening = \"10000.00\"")
{
    return amortizing_deal(R"([[reserve]]
id = "cash"
target = ")" + target + "\"\n" + opening + R"(
[[fee]]
id = "f"
amount = "300.00"
each = "payment date"
)", priority);
}

/// 28 days of interest are 2,800.00.
DealState eve(const Program& p, const char* income, const char* principal, const char* reserve)
{
    return eve_of_march(p, yuan(income), yuan(principal), yuan(reserve));
}

/// Distributes, and holds what leaves each account against what is paid.
Distribution run(const Program& p, const DealState& s)
{
    auto d = distribute(p, s, date("2019-03-26"));
    if (!d) BOOST_FAIL(d.error().message);
    Money paid;
    for (const TrancheLine& t : d->tranches) {
        paid += t.interest_paid + t.principal_paid + t.residual_paid;
    }
    for (const FeeLine& f : d->fees) paid += f.paid + f.above_cap_paid;
    BOOST_TEST((paid == d->total));
    const Payout& out = d->payout;
    BOOST_TEST((out.income_out + out.principal_out + out.reserves_out.at(0) == d->total));
    const ReserveLine& r = d->reserves.at(0);
    BOOST_TEST((r.opening + r.funded == r.drawn + r.released + r.closing));
    BOOST_TEST((r.closing >= zero));
    return *d;
}

std::string words(const ReserveLine& r)
{
    return r.opening.str() + " +" + r.funded.str() + " -" + r.drawn.str() + " -" +
           r.released.str() + " = " + r.closing.str() + " of " + r.required.str();
}

std::vector<std::string> findings(const std::string& text)
{
    const auto file = parse_deal(text, "x.toml");
    if (!file) BOOST_FAIL(file.error().front().message);
    const auto program = compile(*file);
    std::vector<std::string> out;
    for (const Error& e : check_deal(*file, program ? &*program : nullptr).findings) {
        if (e.id.starts_with("reserve-")) out.push_back(e.id);
    }
    return out;
}

std::string changed(std::string text, const std::string& from, const std::string& to)
{
    const std::size_t at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

/// Income 1,000.00: the fee takes 300, interest 700 and 2,100 of the reserve; principal lends nothing.
/// Principal 5,000.00 repays A to 995,000, so the target is 9,950; the reserve has 7,900: nothing is
/// released.
BOOST_AUTO_TEST_CASE(a_line_draws_on_its_reserve_before_principal_lends)
{
    const Program p = stored_deal(deal_text());
    const Distribution d = run(p, eve(p, "1000.00", "5000.00", "10000.00"));
    BOOST_TEST(d.lines[0].drawn.str() == "0.00");
    BOOST_TEST(d.lines[1].paid.str() == "2800.00");
    BOOST_TEST(d.lines[1].drawn.str() == "2100.00");
    BOOST_TEST(d.lines[1].lent.str() == "0.00");
    BOOST_TEST(d.lines[2].due.str() == "2100.00"); // lacking, with no income left to fund it
    BOOST_TEST(d.lines[2].paid.str() == "0.00");
    BOOST_TEST(d.loan.str() == "0.00");
    BOOST_TEST(d.tranches[0].principal_paid.str() == "5000.00");
    BOOST_TEST(words(d.reserves[0]) == "10000.00 +0.00 -2100.00 -0.00 = 7900.00 of 9950.00");
}

/// With 500.00 in the reserve it gives all of them, and principal lends the other 1,600 of 2,100.
BOOST_AUTO_TEST_CASE(principal_lends_what_the_reserve_lacks)
{
    const Program p = stored_deal(deal_text());
    const Distribution d = run(p, eve(p, "1000.00", "5000.00", "500.00"));
    BOOST_TEST(d.lines[1].drawn.str() == "500.00");
    BOOST_TEST(d.lines[1].lent.str() == "1600.00");
    BOOST_TEST(d.tranches[0].principal_paid.str() == "3400.00");
    // A lacks 9,966.00 then, and cannot be short of what it lends: loans are not the reserve's.
    BOOST_TEST(words(d.reserves[0]) == "500.00 +0.00 -500.00 -0.00 = 0.00 of 9966.00");
}

/// Income 12,000.00 less 3,100 leaves 8,900: the reserve lacks 6,000 of 10,000 and gets them, and
/// 2,900 move on. A is repaid by 12,900 to 987,100: the target falls to 9,871, and 129 are released
/// and go to SUB.
BOOST_AUTO_TEST_CASE(income_fills_it_up_and_the_excess_is_released)
{
    const Program p = stored_deal(deal_text());
    const Distribution d = run(p, eve(p, "12000.00", "10000.00", "4000.00"));
    BOOST_TEST(d.to_principal.str() == "2900.00");
    BOOST_TEST(words(d.reserves[0]) == "4000.00 +6000.00 -0.00 -129.00 = 9871.00 of 9871.00");
    BOOST_TEST(d.tranches[1].principal_paid.str() == "129.00");
    BOOST_TEST(d.payout.income_out.str() == "12000.00");
    BOOST_TEST(d.payout.principal_out.str() == "10000.00");
}

/// A has 5,000.00 left (interest 14.00). Principal 6,000.00 repays it, so nothing is required any
/// more: 10,000.00 are released in the same distribution, and SUB gets 11,000.00.
BOOST_AUTO_TEST_CASE(the_last_senior_payment_releases_all)
{
    const Program p = stored_deal(deal_text());
    DealState s = eve(p, "314.00", "6000.00", "10000.00");
    s.tranches[0].balance = yuan("5000.00");
    const Distribution d = run(p, s);
    BOOST_TEST(words(d.reserves[0]) == "10000.00 +0.00 -0.00 -10000.00 = 0.00 of 0.00");
    BOOST_TEST(d.tranches[1].principal_paid.str() == "11000.00");
}

/// 123.45 pay 0.0123 on each of 10,000 units; the 0.45 left are no junior's and stay in the reserve.
BOOST_AUTO_TEST_CASE(a_rest_too_small_for_a_unit_stays_in_the_reserve)
{
    const Program p = stored_deal(deal_text(R"([priority.amortization]
income = ["pay interest A supported by cash", "pay f supported by cash", "fund reserve cash", "pay rest to principal"]
principal = ["release reserve cash", "pay principal A", "pay principal SUB", "pay rest to SUB"]
)"));
    const Distribution d = run(p, eve(p, "0.00", "0.00", "123.45"));
    BOOST_TEST(d.lines[0].paid.str() == "123.00");
    BOOST_TEST(d.lines[1].paid.str() == "0.00");
    BOOST_TEST(d.reserves[0].closing.str() == "0.45");
}

/// One priority for both ledgers before any default: 2,000.00 of principal and 1,000.00 of income pay
/// 3,000 of 3,100, the reserve 100; neither ledger is overdrawn.
BOOST_AUTO_TEST_CASE(a_priority_of_all_funds_takes_from_both_ledgers)
{
    const Program p = stored_deal(deal_text(R"([priority.amortization]
all = ["pay f", "pay interest A supported by cash", "pay principal A", "release reserve cash", "pay principal SUB", "pay rest to SUB"]
)"));
    const Distribution d = run(p, eve(p, "1000.00", "2000.00", "10000.00"));
    BOOST_TEST(d.total.str() == "3100.00");
    BOOST_TEST(d.payout.principal_out.str() == "2000.00");
    BOOST_TEST(d.payout.income_out.str() == "1000.00");
    BOOST_TEST(words(d.reserves[0]) == "10000.00 +0.00 -100.00 -0.00 = 9900.00 of 10000.00");
}

BOOST_AUTO_TEST_CASE(formulas_ask_what_a_reserve_holds_and_lacks)
{
    const Program p = stored_deal(deal_text());
    const DealState s = eve(p, "0.00", "0.00", "4000.00");
    Names names;
    names.reserves = {"cash"};
    const auto value = [&](const char* text) {
        const auto e = parse_expr({text, {}}, names);
        if (!e) BOOST_FAIL(e.error().message);
        return evaluate(p, s, *e).str();
    };
    BOOST_TEST(value("reserve cash") == "4000.00");
    BOOST_TEST(value("required cash") == "10000.00");
    BOOST_TEST(value("shortfall cash + 50% * reserve cash") == "8000.00");
    // A target below zero requires nothing.
    const Program low = stored_deal(deal_text(usual, "balance A - face A - 5.00"));
    BOOST_TEST(measure(low, s, Measure::reserve_required, "cash").str() == "0.00");
    // Targets by date are those of the day.
    const Program dated = stored_deal(deal_text(usual, "if(date >= 2019-03-01, 7.00, 5.00)"));
    BOOST_TEST(measure(dated, s, Measure::reserve_required, "cash", date("2019-02-28")).str() ==
               "5.00");
    BOOST_TEST(measure(dated, s, Measure::reserve_required, "cash").str() == "7.00");
}

/// Notes 1,100,000.00 less a price of 490,000.00 leave 610,000.00, of which 10,000.00 are set aside. A
/// pool below 900,000.00 is an event of default at the end of closing: all is one ledger then.
BOOST_AUTO_TEST_CASE(it_is_set_aside_at_closing_and_merged_at_default)
{
    Driver d(stored_deal(deal_text(std::string(usual) + R"([priority.default]
all = ["pay f", "pay interest A", "pay principal A", "pay principal SUB", "pay rest to SUB"]
[[trigger]]
id = "small-pool"
when = "pool balance < 900000.00"
for = "1 consecutive day"
then = "default"
)")));
    d.snapshot({{"R1", "O1", "2019-04-10", "500000.00", "490000.00"}});
    const auto balance = [&](Account a) { return d.with.state().book.balance(a).str(); };
    BOOST_TEST(balance(Account::principal) == "600000.00");
    BOOST_TEST(balance(reserve_account(0)) == "10000.00");
    BOOST_TEST(balance(Account::bank) == "610000.00");
    BOOST_TEST(d.with.state().totals.principal.str() == "600000.00");
    d.close(date("2019-01-31"));
    BOOST_TEST(balance(Account::principal) == "610000.00");
    BOOST_TEST(balance(reserve_account(0)) == "0.00");
    BOOST_TEST(balance(Account::bank) == "610000.00");
}

BOOST_AUTO_TEST_CASE(closing_must_leave_enough_to_set_aside)
{
    Driver d(stored_deal(deal_text()));
    std::vector<Row> rows{receivable({"R1", "O1", "2019-04-10", "1100000.00", "1095000.00"},
                                     date("2019-01-31"), d.random)};
    const Verdict v =
        d.feed(build_snapshot(date("2019-01-31"), std::move(rows)).value(), "servicer");
    BOOST_REQUIRE((v.kind == Verdict::Kind::refused));
    BOOST_TEST(v.findings.front().id == "no-cash");
}

BOOST_AUTO_TEST_CASE(a_reserve_without_a_way_in_or_out_is_found)
{
    const auto ids = [](const std::string& text) { return findings(text); };
    using List = std::vector<std::string>;
    BOOST_TEST((ids(deal_text()) == List{}));
    const std::string closed = changed(deal_text(), "\"release reserve cash\", ", "");
    BOOST_TEST((ids(closed) == List{"reserve-never-released"}));
    const std::string empty =
        changed(deal_text(usual, "1.00% * balance A", ""), "\"fund reserve cash\", ", "");
    BOOST_TEST((ids(empty) == List{"reserve-never-funded"}));
    const std::string late = deal_text(std::string(usual) + R"([priority.default]
all = ["pay f", "pay interest A supported by cash", "pay principal A", "pay rest to SUB"]
)");
    BOOST_TEST((ids(late) == List{"reserve-merged"}));
}

BOOST_AUTO_TEST_CASE(what_makes_no_reserve_is_said)
{
    const auto error = [](const std::string& text) {
        const auto file = parse_deal(text, "x.toml");
        return file ? std::string("reads") : file.error().front().message;
    };
    BOOST_TEST(error(deal_text()) == "reads");
    BOOST_TEST(error(changed(deal_text(), "supported by cash", "supported by cahs")) ==
               "reserve 'cahs' is not declared");
    BOOST_TEST(error(changed(deal_text(), "supported by cash", "supported by cash, cash")) ==
               "'cash' supports this line twice");
    BOOST_TEST(error(changed(deal_text(), "rest to SUB", "rest to SUB supported by cash")) ==
               "what is left over needs no support");
    BOOST_TEST(error(deal_text(usual, "2.00% * required cash")) ==
               "the target of a reserve cannot follow from targets");
    BOOST_TEST(error(deal_text(usual, "1.00% * balance A", "opening = \"-5.00\"")) !=
               "reads");
}

BOOST_AUTO_TEST_CASE(unsound_reserves_are_refused)
{
    const Program good = stored_deal(deal_text());
    const auto refused = [&](auto change) {
        Program p = good;
        change(p, p.priorities[Phase::amortization].income);
        return !unsound(p).empty();
    };
    using Steps = std::vector<Step>;
    BOOST_TEST(!refused([](Program&, Steps&) {}));
    BOOST_TEST(refused([](Program& p, Steps&) { p.reserves.push_back(p.reserves[0]); }));
    BOOST_TEST(refused([](Program& p, Steps&) { p.reserves[0].opening = yuan("-0.01"); }));
    BOOST_TEST(refused([](Program& p, Steps&) {
        p.reserves[0].target.kind = Expr::Kind::measure;
        p.reserves[0].target.measure = Measure::reserve_shortfall;
        p.reserves[0].target.name = "cash";
    }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[2].payees = {"A"}; }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[2].payees.clear(); }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[2].supports = {"cash"}; }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[1].supports = {"f"}; }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[1].supports = {"cash", "cash"}; }));
}

BOOST_AUTO_TEST_SUITE_END()
