// Triggers judged by a line of a distribution: what they see, who sees them, and how they count.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include "judge_fixture.hpp"
#include "one_payment.hpp"
#include "stored_deal.hpp"
#include "waterfall/exact/close.hpp"
#include "waterfall/exact/trigger.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(judge_line_tests)

namespace {

std::string judged_trigger(const std::string& when,
                           const std::string& clock = "1 period",
                           const std::string& then = "notice\"")
{
    return R"([[reserve]]
id = "cash"
target = "1000.00"
[[facility]]
id = "line"
provider = "a bank"
limit = "50000.00"
[[trigger]]
id = "t"
when = ")" + when + R"("
for = ")" + clock + R"( inside the distribution"
then = ")" + then + "\n";
}

std::string lines(const std::string& income, const std::string& principal)
{
    return "[priority.amortization]\nincome = [" + income + "]\nprincipal = [" + principal + "]\n";
}

Distribution march(const Program& p, const DealState& s)
{
    auto d = distribute(p, s, date("2019-03-26"));
    if (!d) BOOST_FAIL(d.error().message);
    return *d;
}

/// Interest unpaid, judged right after it should have been paid.
std::string unpaid_deal(const std::string& clock, const std::string& then)
{
    return amortizing_deal(judged_trigger("interest A unpaid > 0.00", clock, then),
                           lines(R"("pay rest to principal up to 10.00 if trigger t", "pay interest A", "judge t",
                                    "keep rest if trigger t else pay rest to principal")",
                                 R"("pay principal A", "pay principal SUB", "pay rest to SUB")"));
}

/// No money at all until R1 falls due in July: 26 days of interest are 2,600.00, 28 more 2,800.00.
Driver without_money(const char* clock)
{
    Driver d(stored_deal(unpaid_deal(clock, "accelerate\"")));
    d.snapshot({{"R1", "O1", "2019-07-10", "1100000.00", "1100000.00"}});
    return d;
}

const Json& judged(const Json& part)
{
    return part.find("judged")->as_array().at(0);
}

} // namespace

/// Income 5,000.00, principal 3,000.00, reserve 500.00 of 1,000.00. Interest takes 2,000.00 of 2,800.00,
/// the reserve 500.00, so 2,500.00 are left and then moved: principal has 5,500.00 and repays 1,000.00.
BOOST_AUTO_TEST_CASE(a_line_sees_what_the_lines_before_it_left)
{
    struct Case {
        bool of_income;
        const char* formula;
        const char* value;
    };
    for (const Case& c : {Case{true, "income cash", "2500.00"},
                          Case{true, "principal cash", "3000.00"},
                          Case{true, "interest A unpaid", "800.00"},
                          Case{true, "reserve cash", "1000.00"},
                          Case{true, "shortfall cash", "0.00"},
                          Case{true, "balance A", "1000000.00"},
                          Case{false, "income cash", "0.00"},
                          Case{false, "principal cash", "4500.00"},
                          Case{false, "balance A", "999000.00"},
                          Case{false, "notes", "1099000.00"}}) {
        BOOST_TEST_CONTEXT(c.formula)
        {
            const std::string in = c.of_income ? "\"judge t\", " : "";
            const std::string out = c.of_income ? "" : "\"judge t\", ";
            const Program p = stored_deal(amortizing_deal(
                judged_trigger(c.formula + std::string(" < 0.00")),
                lines("\"pay interest A up to 2000.00\", \"fund reserve cash\", " + in +
                          "\"pay rest to principal\"",
                      "\"pay principal A up to 1000.00\", " + out + "\"keep rest\"")));
            const Distribution d =
                march(p, eve_of_march(p, yuan("5000.00"), yuan("3000.00"), yuan("500.00")));
            BOOST_REQUIRE(d.judged.size() == 1U);
            BOOST_TEST(d.judged[0].value.str() == c.value);
            BOOST_TEST(!d.judged[0].breach);
        }
    }
}

/// Income of 500.00 leaves 1,500.00 of the 2,000.00 to the facility, which can lend 48,500.00 more.
/// Merged, 8,000.00 less 2,800.00 of interest are 5,200.00, all of it principal.
BOOST_AUTO_TEST_CASE(a_line_sees_facilities_and_merged_funds)
{
    for (const auto& [formula, value] : {std::pair{"drawn line", "1500.00"},
                                         std::pair{"undrawn line", "48500.00"}}) {
        const Program p = stored_deal(amortizing_deal(
            judged_trigger(formula + std::string(" < 0.00")),
            lines("\"pay interest A up to 2000.00 supported by line\", \"judge t\", \"pay rest to principal\"",
                  "\"keep rest\"")));
        BOOST_TEST(march(p, eve_of_march(p, yuan("500.00"), zero, zero)).judged[0].value.str() ==
                   value);
    }
    for (const auto& [formula, value] : {std::pair{"principal cash", "5200.00"},
                                         std::pair{"income cash", "0.00"}}) {
        const Program p = stored_deal(amortizing_deal(
            judged_trigger(formula + std::string(" < 0.00")),
            "[priority.amortization]\nall = [\"pay interest A\", \"judge t\", \"keep rest\"]\n"));
        BOOST_TEST(march(p, eve_of_march(p, yuan("5000.00"), yuan("3000.00"), zero))
                       .judged[0]
                       .value.str() == value);
    }
}

/// Of 2,800.00 due, 2,000.00 are there: t takes effect at its line, and only later lines see it. With
/// 5,000.00 nothing is unpaid, and 2,200.00 go to principal.
BOOST_AUTO_TEST_CASE(later_lines_see_it_and_earlier_ones_do_not)
{
    const Program p = stored_deal(unpaid_deal("1 period", "notice\""));
    const Distribution late = march(p, eve_of_march(p, yuan("2000.00"), zero, zero));
    BOOST_TEST(late.judged[0].in_effect);
    BOOST_TEST(late.judged[0].value.str() == "800.00");
    BOOST_TEST(late.lines[2].payee == "t");
    BOOST_TEST(late.to_principal.str() == "0.00");
    const Distribution good = march(p, eve_of_march(p, yuan("5000.00"), zero, zero));
    BOOST_TEST(!good.judged[0].in_effect);
    BOOST_TEST(good.to_principal.str() == "2200.00");
}

/// In effect since February. The first line takes its 10.00, so 4,990.00 pay the interest: what can be
/// cured is cured at its line, and 2,190.00 follow the 10.00; what cannot keeps them.
BOOST_AUTO_TEST_CASE(a_line_can_cure)
{
    for (const bool curable : {true, false}) {
        const Program p = stored_deal(unpaid_deal(
            "1 period", curable ? "notice\"\ncured_by = \"1 compliant period\"" : "notice\""));
        DealState s = eve_of_march(p, yuan("5000.00"), zero, zero);
        s.triggers[0].effective = date("2019-02-26");
        s.triggers[0].count = 1;
        s.fired = {{0, date("2019-02-26")}};
        const Distribution d = march(p, s);
        BOOST_TEST(d.judged[0].in_effect != curable);
        BOOST_TEST(d.to_principal.str() == (curable ? "2200.00" : "10.00"));
    }
}

/// A line judges and moves no money: without a later line that asks, nothing else differs.
RC_BOOST_PROP(a_line_that_judges_pays_nothing, ())
{
    const auto deal = [](const std::string& in, const std::string& out) {
        return stored_deal(amortizing_deal(
            judged_trigger("principal cash < 2000.00"),
            lines("\"pay interest A supported by line, cash\", " + in +
                      "\"fund reserve cash\", \"repay facility line\", \"pay rest to principal\"",
                  "\"cover income shortfall\", \"pay principal A\", " + out +
                      "\"release reserve cash\", \"pay principal SUB\", \"pay rest to SUB\"")));
    };
    static const Program plain = deal("", "");
    static const Program early = deal("\"judge t\", ", "");
    static const Program late = deal("", "\"judge t\", ");
    const auto fen = [] { return Money::fen(*rc::gen::inRange<std::int64_t>(0, 800000)); };
    const DealState s = eve_of_march(plain, fen(), fen(), fen());
    const Distribution without = march(plain, s);
    for (const Program* p : {&early, &late}) {
        Distribution with = march(*p, s);
        RC_ASSERT(with.judged.size() == 1U);
        RC_ASSERT(with.lines.size() == without.lines.size() + 1);
        RC_ASSERT(with.tranches == without.tranches);
        RC_ASSERT(with.reserves == without.reserves);
        RC_ASSERT(with.facilities == without.facilities);
        RC_ASSERT(with.principal_left == without.principal_left);
        with.payout.judged.clear();
        RC_ASSERT(with.payout == without.payout);
    }
}

BOOST_AUTO_TEST_CASE(it_counts_when_the_distribution_is_paid)
{
    Driver d = without_money("2 periods");
    d.close(date("2019-02-25"));
    const Json february = d.distribute(date("2019-02-26"));
    BOOST_TEST(judged(february).find("value")->as_string() == "2600.00");
    BOOST_TEST(judged(february).find("count")->as_integer() == 1);
    BOOST_TEST(d.with.state().triggers[0].count == 0);
    const Program& p = d.with.program();
    const auto stored = state_from_json(to_json(d.with.state(), p), p);
    BOOST_REQUIRE(stored.has_value());
    BOOST_TEST((*stored == d.with.state()));
    BOOST_TEST(stored->payouts.back().judged.size() == 1U);
    d.close(date("2019-03-25"));
    BOOST_TEST(d.with.state().triggers[0].count == 1);
    BOOST_TEST(d.with.state().triggers[0].run.back().date.str() == "2019-02-26");
    BOOST_TEST(earliest_effect(p, d.with.state(), 0)->str() == "2019-03-26");
    const Json march = d.distribute(date("2019-03-26"));
    BOOST_TEST(judged(march).find("value")->as_string() == "5400.00");
    BOOST_TEST(judged(march).find("in_effect")->as_bool());
    BOOST_TEST((d.with.state().phase == Phase::amortization));
    d.close(date("2019-03-26"));
    BOOST_TEST((d.with.state().phase == Phase::accelerated));
    const Record notice = d.with.make_notice().value();
    const Json& fired = notice.public_part.find("triggers")->as_array().at(0);
    BOOST_TEST(fired.find("effective")->as_string() == "2019-03-26");
    BOOST_TEST(fired.find("days")->as_array().size() == 2U);
}

/// Both are made late and paid on one day: the second knows what the first found.
BOOST_AUTO_TEST_CASE(distributions_that_wait_for_one_day_count_one_by_one)
{
    Driver d = without_money("2 consecutive periods");
    d.close(date("2019-03-25"));
    BOOST_TEST(!judged(d.distribute(date("2019-02-26"))).find("in_effect")->as_bool());
    BOOST_TEST(judged(d.distribute(date("2019-03-26"))).find("in_effect")->as_bool());
    d.close(date("2019-03-26"));
    BOOST_TEST((d.with.state().phase == Phase::accelerated));
    BOOST_TEST(d.with.state().fired.at(0).effective.str() == "2019-03-26");
}

/// The line of February, paid on 26 March, found t: March sees it on that day already. Of 5,000.00, 10.00
/// go to principal, 2,800.00 are interest, and the rest is kept.
BOOST_AUTO_TEST_CASE(what_was_found_on_the_payment_date_holds_on_it)
{
    const Program p = stored_deal(unpaid_deal("1 period", "notice\""));
    DealState s = eve_of_march(p, yuan("5000.00"), zero, zero);
    s.closed_through = date("2019-03-26");
    BOOST_TEST(march(p, s).to_principal.str() == "2200.00");
    s.triggers[0].effective = date("2019-03-26");
    BOOST_TEST(march(p, s).to_principal.str() == "10.00");
}

/// Made two months late: what fell due since is no part of what this date leaves unpaid.
BOOST_AUTO_TEST_CASE(a_late_distribution_is_judged_by_its_own_date)
{
    const Program p = stored_deal(unpaid_deal("1 period", "notice\""));
    DealState s = eve_of_march(p, yuan("5000.00"), zero, zero);
    s.closed_through = date("2019-05-31");
    const Distribution d = march(p, s);
    BOOST_TEST(d.judged[0].value.str() == "0.00");
    BOOST_TEST(!d.judged[0].breach);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_judged_by_a_line_is_said)
{
    const auto error = [](std::string text, const std::string& from, const std::string& to) {
        text.replace(text.find(from), from.size(), to);
        const auto file = parse_deal(text, "x.toml");
        return file ? std::string("reads") : file.error().front().message;
    };
    const std::string good = unpaid_deal("1 period", "notice\"");
    BOOST_TEST(error(good, " inside the distribution", "") == "trigger 't' is not judged by lines");
    BOOST_TEST(error(good, "judge t", "judge s") == "trigger 's' is not declared");
    BOOST_TEST(error(good, "then = \"notice\"", "then = \"notice\"\nduring = \"default\"") ==
               "the line that judges it says when, and nothing else");
    BOOST_TEST(error(good, "then = \"notice\"", "then = \"notice\"\ngrace = \"2 days\"") ==
               "the line that judges it says when, and nothing else");

    const Program sound = stored_deal(good);
    const auto refused = [&](auto change) {
        Program p = sound;
        change(p, p.priorities[Phase::amortization].income);
        return !unsound(p).empty();
    };
    using Steps = std::vector<Step>;
    BOOST_TEST(!refused([](Program&, Steps&) {}));
    BOOST_TEST(refused([](Program&, Steps& s) { s.push_back(s[2]); }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[2].payees = {"A"}; }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[2].payees.clear(); }));
    BOOST_TEST(refused([](Program&, Steps& s) { s[2].keep = s[0].limit; }));
    BOOST_TEST(refused([](Program& p, Steps&) { p.triggers[0].grace = 1; }));
    BOOST_TEST(refused([](Program& p, Steps&) { p.triggers[0].during = Phase::amortization; }));
    BOOST_TEST(refused([](Program& p, Steps&) {
        p.triggers[0].clock = Trigger::Clock::after_payments;
    }));
}

BOOST_AUTO_TEST_SUITE_END()
