// Facilities: drawn, repaid and paid for, line by line; the arithmetic is written out.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include "judge_fixture.hpp"
#include "one_payment.hpp"
#include "stored_deal.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/close.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/exact/trigger.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(facility_lines_tests)

namespace {

const char* const usual_lines = R"([priority.amortization]
income = ["pay f supported by line", "pay facility interest line", "pay facility premium line", "pay interest A supported by line", "repay facility line", "pay rest to principal"]
principal = ["cover income shortfall", "pay principal A", "pay principal SUB", "pay rest to SUB"]
)";

/// The amortizing deal with a fee of 300.00 on each payment date; facility `line`: 7.30% on what is
/// drawn and 0.73% on what is not, so 0.02% and 0.002% a day; reserve `cash`, which opens with nothing
/// and is named by no line but those of one test.
std::string lent_deal(const std::string& limit = "5.00% * balance A",
                      const std::string& priority = usual_lines,
                      const std::string& more = "")
{
    return amortizing_deal(R"([[reserve]]
id = "cash"
target = "0.00"
[[facility]]
id = "line"
provider = "a bank"
limit = ")" + limit + R"("
rate = "7.30%"
premium = "0.73%"
)" + more + R"(
[[fee]]
id = "f"
amount = "300.00"
each = "payment date"
)", priority);
}

DealState lent_eve(const Program& p, Money income, Money principal, Money drawn, Money reserve = zero)
{
    DealState s = eve_of_march(p, income, principal, reserve);
    s.facilities[0].drawn = s.facilities[0].lent_to_date = drawn;
    return s;
}

/// Whether all that was paid is what left the bank and what was lent, and nothing was lent above the
/// limit. Says what is wrong; empty if nothing is.
std::string wrong_with(const Distribution& d)
{
    Money paid;
    for (const TrancheLine& t : d.tranches) {
        paid += t.interest_paid + t.principal_paid + t.residual_paid;
    }
    for (const FeeLine& f : d.fees) paid += f.paid + f.above_cap_paid;
    const FacilityLine& l = d.facilities.at(0);
    paid += l.interest_paid + l.premium_paid + l.repaid;
    if (paid != d.total + l.drawn) return "paid is not what was there";
    const Payout& out = d.payout;
    if (out.income_out + out.principal_out + out.reserves_out.at(0) != d.total) return "ledgers";
    if (d.income_available + d.principal_available + d.reserves.at(0).opening !=
        d.total + d.income_left + d.principal_left + d.reserves.at(0).closing) {
        return "money in is not money out";
    }
    if (l.opening + l.drawn != l.repaid + l.closing) return "the balance does not roll forward";
    if (l.drawn > zero && l.opening + l.drawn > l.limit) return "lent above the limit";
    if (l.closing < zero || l.undrawn < zero) return "below zero";
    return {};
}

Distribution lend(const Program& p, const DealState& s)
{
    auto d = distribute(p, s, date("2019-03-26"));
    if (!d) BOOST_FAIL(d.error().message);
    BOOST_TEST(wrong_with(*d) == "");
    return *d;
}

std::string in_words(const FacilityLine& f)
{
    return f.opening.str() + " +" + f.drawn.str() + " -" + f.repaid.str() + " = " +
           f.closing.str() + ", undrawn " + f.undrawn.str();
}

} // namespace

/// Limit 5% of 1,000,000.00 = 50,000.00, drawn 10,000.00: interest 10,000 x 7.3% x 28 / 365 = 56.00,
/// premium 40,000 x 0.73% x 28 / 365 = 22.40. Income 1,000.00 - 300 - 56 - 22.40 = 621.60 of the 2,800
/// due to A; the facility lends 2,178.40 and principal nothing. Nothing is left to repay 12,178.40.
BOOST_AUTO_TEST_CASE(a_line_draws_what_its_ledger_lacks)
{
    const Program p = stored_deal(lent_deal());
    const Distribution d =
        lend(p, lent_eve(p, yuan("1000.00"), yuan("5000.00"), yuan("10000.00")));
    BOOST_TEST(d.lines[0].borrowed.str() == "0.00");
    BOOST_TEST(d.lines[1].paid.str() == "56.00");
    BOOST_TEST(d.lines[2].paid.str() == "22.40");
    BOOST_TEST(d.lines[3].paid.str() == "2800.00");
    BOOST_TEST(d.lines[3].borrowed.str() == "2178.40");
    BOOST_TEST(d.lines[4].due.str() == "12178.40");
    BOOST_TEST(d.lines[4].paid.str() == "0.00");
    BOOST_TEST(d.loan.str() == "0.00");
    BOOST_TEST(d.total.str() == "6000.00"); // all there was; the rest came from the provider
    BOOST_TEST(in_words(d.facilities[0]) ==
               "10000.00 +2178.40 -0.00 = 12178.40, undrawn 37821.60");
}

/// Income 20,000.00 - 300 - 56 - 22.40 - 2,800 = 16,821.60: 10,000 are repaid, 6,821.60 go to principal
/// and with its 5,000.00 make 11,821.60, of which A's 10,000 units get 1.1821 each and 0.60 are left.
/// All 50,000 can be drawn again, or 40,000 when it is lent once only.
BOOST_AUTO_TEST_CASE(it_is_repaid_and_drawn_again_or_not)
{
    for (const bool again : {true, false}) {
        const Program p = stored_deal(lent_deal("5.00% * balance A", usual_lines,
                                                again ? "" : "replenishes = false"));
        const Distribution d =
            lend(p, lent_eve(p, yuan("20000.00"), yuan("5000.00"), yuan("10000.00")));
        BOOST_TEST(d.tranches[0].principal_paid.str() == "11821.00");
        BOOST_TEST(d.total.str() == "24999.40");
        BOOST_TEST(in_words(d.facilities[0]) ==
                   std::string("10000.00 +0.00 -10000.00 = 0.00, undrawn ") +
                       (again ? "50000.00" : "40000.00"));
    }
}

/// A fixed 1,000.00 and no other money: 300 for the fee, 700 of A's 2,800; nothing leaves the bank. The
/// premium, 1,000 x 0.73% x 28 / 365 = 0.56, stays due, and is not interest bearing.
BOOST_AUTO_TEST_CASE(it_lends_no_more_than_its_limit)
{
    const Program p = stored_deal(lent_deal("1000.00"));
    const Distribution d = lend(p, lent_eve(p, zero, zero, zero));
    BOOST_TEST(d.lines[0].borrowed.str() == "300.00");
    BOOST_TEST(d.tranches[0].interest_paid.str() == "700.00");
    BOOST_TEST(d.tranches[0].arrears_after.str() == "2100.00");
    BOOST_TEST(d.total.str() == "0.00");
    BOOST_TEST(in_words(d.facilities[0]) == "0.00 +1000.00 -0.00 = 1000.00, undrawn 0.00");
    BOOST_TEST(d.payout.facilities[0].premium.str() == "0.56");
}

/// A limit that fell below what is drawn lends nothing and recalls nothing.
BOOST_AUTO_TEST_CASE(a_fallen_limit_recalls_nothing)
{
    const Program p = stored_deal(lent_deal("1000.00"));
    const Distribution d = lend(p, lent_eve(p, zero, zero, yuan("1500.00")));
    BOOST_TEST(in_words(d.facilities[0]) == "1500.00 +0.00 -0.00 = 1500.00, undrawn 0.00");
    BOOST_TEST(d.facilities[0].premium_due.str() == "0.00");
}

/// Income 1,000.00 less 300 leaves 700; A lacks 2,100. The reserve has 500.00.
BOOST_AUTO_TEST_CASE(helpers_are_drawn_in_the_order_written)
{
    const auto drawn = [](const std::string& helpers) {
        const Program p = stored_deal(lent_deal("50000.00", R"([priority.amortization]
income = ["pay f", "pay interest A supported by )" + helpers + R"(", "repay facility line", "pay rest to principal"]
principal = ["pay principal A", "release reserve cash", "pay principal SUB", "pay rest to SUB"]
)"));
        const Distribution d =
            lend(p, lent_eve(p, yuan("1000.00"), zero, zero, yuan("500.00")));
        return d.lines[1].drawn.str() + " " + d.lines[1].borrowed.str();
    };
    BOOST_TEST(drawn("cash, line") == "500.00 1600.00");
    BOOST_TEST(drawn("line, cash") == "0.00 2100.00");
}

/// 2,178.40 are lent on 03-26 as above. On 04-26, 31 days later: interest 12,178.40 x 7.3% x 31 / 365 =
/// 75.506 = 75.51; the limit is 5% of 995,000.00 = 49,750.00, so the premium is
/// 37,571.60 x 0.73% x 31 / 365 = 23.294 = 23.29.
BOOST_AUTO_TEST_CASE(what_is_drawn_stays_in_the_state)
{
    const Program p = stored_deal(lent_deal());
    DealState s = lent_eve(p, yuan("1000.00"), yuan("5000.00"), yuan("10000.00"));
    accept(s, lend(p, s));
    const auto stored = state_from_json(to_json(s, p), p);
    BOOST_REQUIRE(stored.has_value());
    BOOST_TEST((*stored == s));
    pay_out(s, s.payouts.back(), nullptr);
    BOOST_TEST(s.facilities[0].drawn.str() == "12178.40");
    BOOST_TEST(s.facilities[0].lent_to_date.str() == "12178.40");
    BOOST_TEST(s.book.balance(Account::payable).str() == "6000.00");
    s.closed_through = date("2019-04-25");
    s.marks = {{date("2019-03-31"), Phase::amortization, s.totals}};
    s.payouts.clear();
    const auto next = distribute(p, s, date("2019-04-26"));
    BOOST_REQUIRE(next.has_value());
    BOOST_TEST(next->facilities[0].limit.str() == "49750.00");
    BOOST_TEST(next->facilities[0].interest_due.str() == "75.51");
    BOOST_TEST(next->facilities[0].premium_due.str() == "23.29");
}

/// Drawn 10,000.00 of 50,000.00. Income 60,000.00 less the fee of 300, interest of 56.00 on the line and
/// 2,800 on A, and 10,000 repaid, leaves 46,844.00. Amounts and tests are those at the beginning: 40,000
/// undrawn, or 20,000 of a line that lends once and has lent 30,000; and something is drawn.
BOOST_AUTO_TEST_CASE(formulas_ask_what_is_drawn_and_undrawn)
{
    const auto pays = [](const std::string& more, const std::string& last) {
        const Program p = stored_deal(lent_deal("50000.00", R"([priority.amortization]
income = ["pay f", "pay facility interest line", "pay interest A", "repay facility line", ")" + last + R"("]
principal = ["pay principal A", "pay principal SUB", "pay rest to SUB"]
)", more));
        DealState s = lent_eve(p, yuan("60000.00"), zero, yuan("10000.00"));
        s.facilities[0].lent_to_date = yuan("30000.00");
        return lend(p, s).to_principal.str();
    };
    BOOST_TEST(pays("", "pay rest to principal up to undrawn line") == "40000.00");
    BOOST_TEST(pays("replenishes = false", "pay rest to principal up to undrawn line") ==
               "20000.00");
    BOOST_TEST(pays("", "pay rest to principal up to drawn line") == "10000.00");
    BOOST_TEST(pays("", "keep rest if drawn line > 0.00 else pay rest to principal") == "0.00");
    BOOST_TEST(pays("", "keep rest if drawn line > 10000.00 else pay rest to principal") ==
               "46844.00");
}

/// Of 20,000.00 less 300, 56.00 and 2,800, the line gets 4,000 back, so that 6,000 stay drawn: that is
/// what the reserve must then hold.
BOOST_AUTO_TEST_CASE(a_target_follows_what_is_drawn)
{
    std::string text = lent_deal("50000.00", R"([priority.amortization]
income = ["pay f", "pay facility interest line", "pay interest A", "repay facility line up to 4000.00", "fund reserve cash", "pay rest to principal"]
principal = ["release reserve cash", "pay principal A", "pay principal SUB", "pay rest to SUB"]
)");
    text.replace(text.find("target = \"0.00\""), 15, "target = \"drawn line\"");
    const Program p = stored_deal(text);
    const Distribution d = lend(p, lent_eve(p, yuan("20000.00"), zero, yuan("10000.00")));
    BOOST_TEST(d.reserves[0].required.str() == "6000.00");
    BOOST_TEST(d.reserves[0].funded.str() == "6000.00");
}

/// 5% of 1,000,000.00 is 50,000.00: with 45,000 drawn, 5,000 are undrawn, and with 60,000 nothing.
BOOST_AUTO_TEST_CASE(a_trigger_watches_what_is_undrawn)
{
    const Program p = stored_deal(lent_deal("5.00% * balance A", usual_lines, R"([[trigger]]
id = "thin"
when = "undrawn line < 10000.00"
for = "1 consecutive day"
then = "notice"
)"));
    for (const auto& [drawn, left, fires] :
         {std::tuple{"45000.00", "5000.00", true}, std::tuple{"60000.00", "0.00", true},
          std::tuple{"40000.00", "10000.00", false}}) {
        DealState s = lent_eve(p, zero, zero, yuan(drawn));
        BOOST_TEST(judge_triggers(p, s, s.closed_through).empty() != fires);
        BOOST_TEST(s.triggers[0].run.back().value.str() == left);
    }
}

RC_BOOST_PROP(money_is_kept_and_the_limit_holds, ())
{
    const auto fen = [](std::int64_t most) { return Money::fen(*rc::gen::inRange<std::int64_t>(0, most)); };
    static const Program again = stored_deal(lent_deal("0.50% * balance A"));
    static const Program once =
        stored_deal(lent_deal("0.50% * balance A", usual_lines, "replenishes = false"));
    const Program& p = *rc::gen::arbitrary<bool>() ? again : once;
    DealState s = lent_eve(p, fen(800000), fen(800000), fen(800000), fen(1000));
    s.facilities[0].lent_to_date += fen(300000);
    s.facilities[0].interest = fen(10000);
    s.tranches[0].balance = Money::fen(*rc::gen::inRange<std::int64_t>(1, 10000) * 10000);
    const auto d = distribute(p, s, date("2019-03-26"));
    RC_ASSERT(d.has_value());
    RC_ASSERT(wrong_with(*d).empty());
    const FacilityLine& f = d->facilities[0];
    if (&p == &once && f.drawn > zero) {
        RC_ASSERT(s.facilities[0].lent_to_date + f.drawn <= f.limit);
    }
}

BOOST_AUTO_TEST_CASE(what_makes_no_facility_is_said)
{
    const auto error = [](std::string text, const std::string& from, const std::string& to) {
        const std::size_t at = text.find(from);
        BOOST_REQUIRE(at != std::string::npos);
        const auto file = parse_deal(text.replace(at, from.size(), to), "x.toml");
        return file ? std::string("reads") : file.error().front().message;
    };
    BOOST_TEST(error(lent_deal(), "supported by line", "supported by lnie") ==
               "reserve or facility 'lnie' is not declared");
    BOOST_TEST(error(lent_deal(), "repay facility line", "repay facility cash") ==
               "facility 'cash' is not declared");
    BOOST_TEST(error(lent_deal(), "id = \"line\"", "id = \"cash\"") ==
               "facility 'cash' is declared twice");
    BOOST_TEST(error(lent_deal(), "7.30%", "-7.30%") ==
               "rate '-7.30%' of facility 'line' is below zero");
    BOOST_TEST(error(lent_deal(), "target = \"0.00\"", "target = \"undrawn line\"") ==
               "the target of a reserve cannot follow from what is undrawn");
    BOOST_TEST(error(lent_deal("drawn cash"), "", "") == "facility 'cash' is not declared");
    BOOST_TEST(error(lent_deal("max(undrawn line, 1.00)"), "", "") ==
               "the limit of a facility cannot follow from what is undrawn");
}

BOOST_AUTO_TEST_CASE(unsound_facilities_are_refused)
{
    const Program good = stored_deal(lent_deal());
    const auto refused = [&](auto change) {
        Program p = good;
        change(p, p.priorities[Phase::amortization].income);
        return !unsound(p).empty();
    };
    using Steps = std::vector<Step>;
    BOOST_TEST(!refused([](Program&, Steps&) {}));
    BOOST_TEST(refused([](Program& p, Steps&) { p.facilities.push_back(p.facilities[0]); }));
    BOOST_TEST(refused([](Program& p, Steps&) { p.facilities[0].id = "cash"; }));
    BOOST_TEST(refused([](Program& p, Steps&) { p.facilities[0].rate = Rate::ppb(2 * Rate::one); }));
    const auto asked = [](const char* of) {
        Expr e;
        e.kind = Expr::Kind::measure;
        e.measure = Measure::facility_undrawn;
        e.name = of;
        return e;
    };
    BOOST_TEST(!refused([&](Program&, Steps& s) { s[4].limit = asked("line"); }));
    BOOST_TEST(refused([&](Program&, Steps& s) { s[4].limit = asked("cash"); }));
    BOOST_TEST(refused([&](Program& p, Steps&) { p.facilities[0].limit = asked("line"); }));
    BOOST_TEST(refused([&](Program& p, Steps&) { p.reserves[0].target = asked("line"); }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[4].payees = {"A"}; }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[4].payees.clear(); }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[4].supports = {"line"}; }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[0].supports = {"line", "line"}; }));
}

BOOST_AUTO_TEST_SUITE_END()
