// Counting clauses: against a naive count, at the edges of 30 days, and through the judge.
// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <random>

#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/trigger.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(trigger_tests)

namespace {

Trigger below(int days, int carry = 0)
{
    Trigger t;
    t.id = "shortfall";
    t.when.left.kind = Expr::Kind::measure;
    t.when.left.measure = Measure::pool_balance;
    t.when.compare = Compare::less;
    t.when.right.kind = Expr::Kind::measure;
    t.when.right.measure = Measure::senior_balance;
    t.days = days;
    t.carry_forward_days = carry;
    t.clause.number = "trigger.shortfall";
    t.clause.text = "pool balance < senior balance for 30 consecutive days";
    return t;
}

/// What each day counts as, by the words of the clause and nothing cleverer.
std::vector<bool> breaches(const std::vector<std::optional<Observation>>& days, int carry)
{
    std::vector<bool> result;
    for (std::size_t i = 0; i < days.size(); ++i) {
        std::size_t last = i;
        while (!days[last] && last > 0) --last;
        if (!days[last])
            result.push_back(true); // missing since ever
        else if (static_cast<int>(i - last) > carry)
            result.push_back(true);
        else
            result.push_back(days[last]->value < days[last]->threshold);
    }
    return result;
}

std::optional<std::size_t> first_run(const std::vector<bool>& breach, int n)
{
    for (std::size_t i = static_cast<std::size_t>(n) - 1; i < breach.size(); ++i) {
        bool all = true;
        for (std::size_t k = 0; k < static_cast<std::size_t>(n); ++k) all = all && breach[i - k];
        if (all) return i;
    }
    return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_CASE(equals_a_naive_count)
{
    std::mt19937 random(7);
    int fired = 0;
    for (int round = 0; round < 2000; ++round) {
        const int n = 1 + static_cast<int>(random() % 6);
        const int carry = static_cast<int>(random() % 4);
        const Trigger t = below(n, carry);
        std::vector<std::optional<Observation>> days;
        bool low = false;
        for (int i = 0; i < 40; ++i) {
            if (random() % 3 == 0) low = !low;
            if (random() % 6 == 0)
                days.emplace_back(std::nullopt);
            else
                days.push_back(Observation{Money::fen(low ? 99 : 100), Money::fen(100)});
        }
        const auto breach = breaches(days, carry);
        const auto expected = first_run(breach, n);
        TriggerState state;
        std::optional<std::size_t> effective;
        int run = 0;
        for (std::size_t i = 0; i < days.size(); ++i) {
            const Date day = date("2019-11-28") + static_cast<std::int32_t>(i);
            if (count_day(t, state, day, days[i])) {
                BOOST_REQUIRE(!effective);
                effective = i;
                BOOST_TEST((*state.effective == day));
                BOOST_TEST(state.run.size() == static_cast<std::size_t>(n));
            }
            run = breach[i] ? run + 1 : 0;
            BOOST_REQUIRE_EQUAL(state.count, effective ? n : run);
        }
        BOOST_REQUIRE((effective == expected));
        fired += effective ? 1 : 0;
    }
    BOOST_TEST(fired > 500);
    BOOST_TEST(fired < 2000);
}

BOOST_AUTO_TEST_CASE(equal_is_compliant_and_one_good_day_resets)
{
    const Trigger t = below(30);
    TriggerState s;
    const Observation bad{Money::fen(99), Money::fen(100)};
    const Observation equal{Money::fen(100), Money::fen(100)};
    Date day = date("2019-12-01");
    for (int i = 0; i < 29; ++i) BOOST_TEST(!count_day(t, s, day + i, bad));
    BOOST_TEST(s.count == 29);
    BOOST_TEST(!count_day(t, s, day + 29, equal));
    BOOST_TEST(s.count == 0);
    for (int i = 30; i < 59; ++i) BOOST_TEST(!count_day(t, s, day + i, bad));
    BOOST_TEST(count_day(t, s, day + 59, bad));
    BOOST_TEST(!count_day(t, s, day + 60, equal));
    BOOST_TEST(s.count == 30);
}

namespace {

/// One receivable that defaults on 2019-02-10 (a Sunday) leaves the pool below the notes.
Driver failing(const char* until)
{
    Program p = small_deal();
    p.triggers = {below(30)};
    p.triggers[0].during = Phase::revolving;
    p.revolving_until = date(until);
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-01-10", "200000.00", "200000.00"},
                {"R2", "O2", "2019-07-15", "890000.00", "890000.00"}});
    return d;
}

} // namespace

BOOST_AUTO_TEST_CASE(thirtieth_day_takes_effect_and_a_notice_is_owed)
{
    Driver d = failing("2019-03-30");
    d.close(date("2019-02-09"));
    BOOST_TEST(d.with.state().triggers[0].count == 0);
    d.close(date("2019-02-10")); // 31 days past due: 890,000 < 1,000,000
    BOOST_TEST(d.with.state().triggers[0].count == 1);
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-10"));
    BOOST_TEST(d.with.state().triggers[0].count == 29);
    BOOST_TEST((d.with.state().phase == Phase::revolving));

    // A close that reaches past the day is refused and names it.
    const Date far = date("2019-03-15");
    d.must(build_statement("plan", d.number + 1, d.cash, {d.next, far}, d.entries, d.random),
           "custodian");
    d.must(build_collections({d.next, far}, {}, d.random), "servicer");
    auto past = d.with.make_close(far);
    BOOST_REQUIRE(!past);
    BOOST_TEST(past.error().id == "past-trigger");
    BOOST_TEST(past.error().message.find("2019-03-11") != std::string::npos);

    d.must(d.with.make_close(date("2019-03-11")).value(), "");
    const DealState& s = d.with.state();
    BOOST_TEST(s.triggers[0].count == 30);
    BOOST_TEST((s.phase == Phase::accelerated));
    BOOST_TEST(s.revolving_ended->str() == "2019-03-11");
    BOOST_TEST(next_payment(d.with.program(), s)->unadjusted.str() == "2019-03-26");

    // Only the notice is acceptable, and only the one that is computed.
    BOOST_TEST(!d.with.make_close(far).has_value());
    Record notice = d.with.make_notice().value();
    BOOST_TEST(notice.public_part.find("triggers")->as_array()[0].find("days")->as_array().size() ==
               30);
    Record wrong = notice;
    wrong.public_part["revealed"] = 99;
    BOOST_TEST((d.feed({wrong, {}}, "").kind == Verdict::Kind::refused));
    d.must(notice, "");
    d.must(build_acknowledgement(notice.hash()), "custodian");
    BOOST_TEST((d.feed({build_acknowledgement(notice.hash()), {}}, "custodian").kind ==
                Verdict::Kind::refused));
    BOOST_TEST((d.feed({build_acknowledgement(notice.hash()), {}}, "regulator").kind ==
                Verdict::Kind::refused));
    const auto rest = d.with.make_close(far);
    BOOST_REQUIRE_MESSAGE(rest, rest.error().message);
    d.must(*rest, "");
    BOOST_TEST(d.with.state().triggers[0].count == 30);
}

BOOST_AUTO_TEST_CASE(a_running_count_lapses_with_its_phase)
{
    Driver d = failing("2019-03-10"); // the 29th breach day is the last revolving day
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-10"));
    BOOST_TEST(d.with.state().triggers[0].count == 29);
    d.close(date("2019-03-25"));
    BOOST_TEST(d.with.state().triggers[0].count == 0);
    BOOST_TEST(d.with.state().triggers[0].lapsed);
    BOOST_TEST(!d.with.state().triggers[0].effective.has_value());
    BOOST_TEST((d.with.state().phase == Phase::amortization));
}

BOOST_AUTO_TEST_CASE(unpaid_interest_becomes_a_default_that_merges_the_ledgers)
{
    Program p = small_deal();
    Trigger t = below(5);
    t.id = "senior-interest";
    t.clock = Trigger::Clock::days_after_payment;
    t.calendar = "china-bank";
    t.effect = Trigger::Effect::event_of_default;
    t.when.left.measure = Measure::interest_unpaid;
    t.when.left.name = "A";
    t.when.compare = Compare::greater;
    t.when.right = {};
    p.triggers = {t};
    Step all = step(Step::Kind::pay_interest, {"A"}, "pay interest A");
    p.priorities[Phase::defaulted].all = {
        all, step(Step::Kind::pay_principal, {"A"}, "pay principal A")};
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-07-10", "1100000.00", "1090000.00"}});
    d.pay(date("2019-02-01"), "R1", "110000.00");
    d.close(date("2019-03-04")); // 26 February passes without a distribution; 5 March is day 5
    BOOST_TEST(measure(p, d.with.state(), Measure::interest_unpaid, "A").str() == "2600.00");
    BOOST_TEST((d.with.state().phase == Phase::revolving));
    d.close(date("2019-03-05"));
    BOOST_TEST((d.with.state().phase == Phase::defaulted));
    BOOST_TEST((d.with.state().book.balance(Account::income) == zero));
    BOOST_TEST(d.with.state().book.balance(Account::principal).str() == "120000.00");
    d.must(d.with.make_notice().value(), "");
    // The late distribution is made by the default priority, on the next open day.
    const Json late = d.distribute(date("2019-02-26"));
    BOOST_TEST(late.find("priority")->as_string() == "default");
    BOOST_TEST(late.find("paid_on")->as_string() == "2019-03-06");
    d.close(date("2019-03-06"));
    BOOST_TEST((measure(p, d.with.state(), Measure::interest_unpaid, "A") == zero));
}

BOOST_AUTO_TEST_SUITE_END()
