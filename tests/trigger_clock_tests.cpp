// Clocks by dates, grace, cure, averages over periods, tests of several comparisons; by hand.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

#include "data/csv.hpp"
#include "judge_fixture.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/exact/trigger.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(trigger_clock_tests)

namespace {

const Names names{{"A", "SUB"}, {"vat", "servicing"}, {}, {}, {"watch"}};

/// `watch`: the pool below 1,000,000.00, for `clock`; a notice unless changed.
Trigger watch(const char* clock, const char* when = "pool balance < 1000000.00")
{
    Trigger t;
    t.id = "watch";
    t.effect = Trigger::Effect::notice;
    const auto rule = parse_clock({clock, {}});
    if (!rule) BOOST_FAIL(rule.error().message);
    t.clock = rule->clock;
    t.days = rule->days;
    t.of_last = rule->of_last;
    t.calendar = rule->calendar;
    const auto test = parse_trigger_test({when, {}}, names);
    if (!test) BOOST_FAIL(test.error().message);
    t.when = test->when;
    t.test = test->test;
    t.clause = {"trigger.watch", when, 0, 0};
    return t;
}

/// The small deal from its closing on 2019-01-31, with one figure that a test sets each day.
struct Life {
    explicit Life(Trigger t)
    {
        p = small_deal();
        p.triggers = {std::move(t)};
        s = opening_state(p);
        s.totals.pool_balance = yuan("1000000.00");
    }
    /// Closes days to `to`, the pool at `pool` at the end of each. The days of effect.
    std::vector<std::string> days(const char* to, const char* pool)
    {
        std::vector<std::string> effects;
        while (s.closed_through < date(to)) {
            ++s.closed_through;
            if (s.closed_through > p.revolving_until && !s.revolving_ended) {
                s.phase = Phase::amortization;
                s.revolving_ended = p.revolving_until;
            }
            s.totals.pool_balance = yuan(pool);
            if (ends_period(p, s, s.closed_through)) {
                s.periods.push_back({s.closed_through, s.phase, s.totals});
            }
            for (const Fired& f : judge_triggers(p, s, s.closed_through)) {
                effects.push_back(f.effective.str());
                s.fired.push_back(f);
            }
        }
        return effects;
    }
    bool asked_on(const char* day) const
    {
        return holds(p, s, parse_trigger_test({"trigger watch and pool balance >= 0.00", {}}, names)
                               .value()
                               .test.value(),
                     date(day));
    }
    std::string next() const
    {
        const auto day = earliest_effect(p, s, 0);
        return day ? day->str() : "never";
    }
    Program p;
    DealState s;
};

using Effects = std::vector<std::string>;
const char* const low = "999999.99";
const char* const high = "1000000.00"; // equal is compliant

} // namespace

/// Calculation dates of the small deal: 01-31, 02-28, 03-31, 04-30, 05-31, 06-30.
BOOST_AUTO_TEST_CASE(two_of_the_last_three_periods)
{
    Life life(watch("2 of the last 3 periods"));
    BOOST_TEST(life.days("2019-01-31", low) == Effects{});
    BOOST_TEST(life.next() == "2019-02-28");
    BOOST_TEST(life.days("2019-02-27", low) == Effects{}); // no calculation date is a period's end
    BOOST_TEST(life.days("2019-02-28", high) == Effects{});
    BOOST_TEST(life.s.triggers[0].count == 1);
    BOOST_TEST(life.next() == "2019-03-31");
    BOOST_TEST(life.days("2019-03-31", low) == Effects{"2019-03-31"});
    BOOST_TEST(life.next() == "never");

    Life other(watch("2 of the last 3 periods")); // bad, good, good, bad: the first has dropped out
    other.days("2019-01-31", low);
    other.days("2019-03-31", high);
    BOOST_TEST(other.next() == "2019-05-31");
    BOOST_TEST(other.days("2019-04-30", low) == Effects{});
    BOOST_TEST(other.days("2019-05-31", low) == Effects{"2019-05-31"});
}

BOOST_AUTO_TEST_CASE(three_periods_in_a_row)
{
    Life life(watch("3 consecutive periods"));
    life.days("2019-02-28", low);
    BOOST_TEST(life.next() == "2019-03-31");
    life.days("2019-03-31", high);
    BOOST_TEST(life.next() == "2019-06-30");
    BOOST_TEST(life.days("2019-06-29", low) == Effects{});
    BOOST_TEST(life.days("2019-06-30", low) == Effects{"2019-06-30"});
    Life once(watch("1 period"));
    BOOST_TEST(once.days("2019-02-27", low) == Effects{"2019-01-31"});
}

/// 26 February rolls to the 28th here: judged on the 25th, and the payment named 02-26 sees it.
BOOST_AUTO_TEST_CASE(before_a_payment_is_the_day_before_it_is_rolled)
{
    Life life(watch("1 period before payment"));
    for (auto* list : {&life.p.revolving_dates, &life.p.monthly_dates}) {
        list->front().adjusted = date("2019-02-28");
    }
    life.days("2019-02-24", low);
    BOOST_TEST(life.next() == "2019-02-25");
    BOOST_TEST(life.days("2019-03-01", low) == Effects{"2019-02-25"});
    BOOST_TEST(life.asked_on("2019-02-26"));
    BOOST_TEST(!life.asked_on("2019-02-25"));
}

BOOST_AUTO_TEST_CASE(after_a_payment_is_the_day_it_was_made)
{
    Life life(watch("1 period after payment"));
    life.days("2019-02-26", low);
    BOOST_TEST(life.s.fired.empty());
    Payout late;
    late.unadjusted = late.adjusted = date("2019-02-26");
    late.booked = date("2019-03-04"); // made late
    life.s.payouts.push_back(late);
    BOOST_TEST(life.days("2019-03-03", low) == Effects{});
    life.s.payouts[0].paid = true;
    BOOST_TEST(life.days("2019-03-06", low) == Effects{"2019-03-04"});
}

/// Grace of five bank days after 28 February (Thursday): 1, 4, 5, 6 and 7 March.
BOOST_AUTO_TEST_CASE(a_grace_ends_in_the_effect_or_in_a_remedy)
{
    Trigger t = watch("1 period");
    t.grace = 5;
    t.grace_calendar = "china-bank";
    Life life(t);
    life.days("2019-02-27", high);
    BOOST_TEST(life.days("2019-03-06", low) == Effects{});
    BOOST_TEST(life.next() == "2019-03-07");
    BOOST_TEST(life.days("2019-03-20", low) == Effects{"2019-03-07"});

    Life other(t);
    other.days("2019-02-27", high);
    other.days("2019-03-06", low);
    BOOST_TEST(other.days("2019-03-07", high) == Effects{}); // cured on the last day
    BOOST_TEST(!other.s.triggers[0].due.has_value());
    BOOST_TEST(other.days("2019-03-30", low) == Effects{}); // and judged on the next date only
    BOOST_TEST(other.days("2019-04-05", low) == Effects{"2019-04-05"}); // 31 March is a Sunday
}

/// Breach from 1 February: the third day is the 3rd, two days of grace end on the 5th.
BOOST_AUTO_TEST_CASE(a_grace_after_days_in_a_row)
{
    Trigger t = watch("3 consecutive days");
    t.grace = 2;
    Life life(t);
    life.days("2019-01-31", high);
    life.days("2019-02-01", low);
    BOOST_TEST(life.next() == "2019-02-05");
    BOOST_TEST(life.days("2019-02-10", low) == Effects{"2019-02-05"});
    BOOST_TEST(life.s.triggers[0].count == 5);
}

/// In effect on 2 February; one good day is not two; 5 and 6 February cure it; 9 February again.
BOOST_AUTO_TEST_CASE(what_is_cured_counts_again_and_is_remembered_by_day)
{
    Trigger t = watch("2 consecutive days");
    t.cured_by = 2;
    Life life(t);
    BOOST_TEST(life.days("2019-02-02", low) == Effects{"2019-02-01"});
    life.days("2019-02-03", high);
    life.days("2019-02-04", low);
    BOOST_TEST(life.s.triggers[0].effective.has_value());
    life.days("2019-02-06", high);
    BOOST_TEST(!life.s.triggers[0].effective.has_value());
    BOOST_TEST(life.s.triggers[0].cured->str() == "2019-02-06");
    BOOST_TEST(life.next() == "2019-02-08");
    // What a formula sees is the status of its own day, whenever it is asked.
    BOOST_TEST(!life.asked_on("2019-02-01"));
    BOOST_TEST(life.asked_on("2019-02-02"));
    BOOST_TEST(life.asked_on("2019-02-06"));
    BOOST_TEST(!life.asked_on("2019-02-07"));
    BOOST_TEST(life.days("2019-02-20", low) == Effects{"2019-02-08"});
    BOOST_TEST(life.asked_on("2019-02-06"));
    BOOST_TEST(!life.asked_on("2019-02-08"));
    BOOST_TEST(life.asked_on("2019-02-09"));
}

/// Defaults to date 100.00, 400.00 and 500.00, pool 900.00, 800.00 and 701.00 on three dates.
/// New over two: (300 + 100) / 2; over three: 500 / 3 = 166.666...; pool: 2401 / 3 = 800.333...
BOOST_AUTO_TEST_CASE(averages_over_periods)
{
    Program p = small_deal();
    DealState s = opening_state(p);
    s.totals.pool_balance = yuan("950.00");
    const auto value = [&](const char* text) {
        const auto e = parse_expr({text, {}}, names);
        if (!e) BOOST_FAIL(e.error().message);
        return evaluate(p, s, *e).str();
    };
    BOOST_TEST(value("average of new defaults over 2 periods") == "0.00");
    BOOST_TEST(value("average of pool balance over 3 periods") == "950.00");
    const auto period = [&](const char* day, const char* defaults, const char* pool) {
        s.closed_through = date(day);
        s.totals.defaulted_to_date = yuan(defaults);
        s.totals.pool_balance = yuan(pool);
        s.periods.push_back({date(day), s.phase, s.totals});
    };
    period("2019-01-31", "100.00", "900.00");
    BOOST_TEST(value("average of new defaults over 3 periods") == "100.00");
    period("2019-02-28", "400.00", "800.00");
    period("2019-03-31", "500.00", "701.00");
    s.totals.defaulted_to_date = yuan("777.00"); // later than the last date: of no period yet
    BOOST_TEST(value("average of new defaults over 2 periods") == "200.00");
    BOOST_TEST(value("average of new defaults over 3 periods") == "166.67");
    BOOST_TEST(value("average of new defaults over 1 period") == "100.00");
    BOOST_TEST(value("average of pool balance over 3 periods") == "800.33");
    BOOST_TEST(value("average of cumulative defaults over 2 periods") == "450.00");
    // 200.00 is above 25% of the average pool (750.50, of it 187.63), not above 27% (202.64).
    const auto over = [&](const char* when) {
        return holds(p, s, watch("1 period", when));
    };
    BOOST_TEST(over("average of new defaults over 2 periods > "
                    "25.00% * average of pool balance over 2 periods"));
    BOOST_TEST(!over("average of new defaults over 2 periods > "
                     "27.00% * average of pool balance over 2 periods"));
    period("2019-04-30", "600.00", "650.00");
    BOOST_TEST(value("average of new defaults over 2 periods") == "100.00");
    s.periods.erase(s.periods.begin()); // a program that looks two back keeps three
    BOOST_TEST(value("average of new defaults over 2 periods") == "100.00");
    BOOST_TEST(value("average of pool balance over 2 periods") == "675.50");
}

BOOST_AUTO_TEST_CASE(a_test_of_several_comparisons_shows_its_first)
{
    Life life(watch("1 consecutive day", "date >= 2019-03-01 and pool balance < 1000000.00 or "
                                         "notes < 500000.00"));
    BOOST_TEST(life.days("2019-02-28", low) == Effects{});
    BOOST_TEST(life.s.triggers[0].run.back().value.str() == low);
    BOOST_TEST(life.s.triggers[0].run.back().threshold.str() == high);
    BOOST_TEST(life.days("2019-03-05", low) == Effects{"2019-03-01"});
}

BOOST_AUTO_TEST_CASE(clocks_are_read_and_refused_with_their_words)
{
    const auto why = [](const char* text) {
        const auto rule = parse_clock({text, {"x.toml", 7, 8, 0}});
        return rule ? std::string("accepted")
                    : fmt::format("{} {}", rule.error().where.column, rule.error().message);
    };
    BOOST_TEST(why("2 of the last 3 periods") == "accepted");
    BOOST_TEST(why("3 of the last 3 periods") ==
               "22 3 of the last 3 are more than there can be, or all of them");
    BOOST_TEST(why("61 periods") == "8 no more than 60 periods can be counted");
    BOOST_TEST(why("2 consecutiv periods").find("consecutiv") != std::string::npos);
    const auto cure = parse_cure({"2 compliant days", {}}, true);
    BOOST_TEST(cure.error().message == "a trigger that counts periods is cured by periods");
    BOOST_TEST(parse_cure({"2 compliant periods", {}}, true).value() == 2);
    BOOST_TEST(parse_grace({"5 days", {}}).value().calendar.empty());
    BOOST_TEST(parse_grace({"5 china-bank days", {}}).value().calendar == "china-bank");
    const auto kept = parse_expr({"average of senior balance over 3 periods", {}}, names);
    BOOST_TEST(!kept.has_value());
    BOOST_TEST(!parse_expr({"average of pool balance over 61 periods", {}}, names).has_value());
}

namespace {

std::string sample_with(const std::string& keys)
{
    std::string text = read_file("data/deal/jdht-2018-6.toml").value();
    const std::string from = "for = \"30 consecutive days\"\nduring = \"revolving\"\n"
                             "on_missing_day = \"carry forward 3 days, then breach\"\n"
                             "then = \"accelerate\"\n";
    const auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), keys);
}

std::string problem(const std::string& keys)
{
    const auto deal = parse_deal(sample_with(keys), "x.toml");
    return deal ? "accepted" : deal.error().front().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_trigger_is_read_stored_and_explained)
{
    const auto deal = parse_deal(sample_with("for = \"2 of the last 3 periods\"\n"
                                             "grace = \"5 china-bank days\"\n"
                                             "cured_by = \"2 compliant periods\"\n"
                                             "then = \"stop buying\"\n"),
                                 "x.toml");
    if (!deal) BOOST_FAIL(deal.error().front().message);
    const auto p = compile(*deal);
    if (!p) BOOST_FAIL(p.error().front().message);
    const Trigger& t = p->triggers.back(); // graver effects come first
    BOOST_TEST(t.id == "pool-shortfall");
    BOOST_TEST((t.clock == Trigger::Clock::calculation_dates));
    BOOST_TEST(t.days == 2);
    BOOST_TEST(t.of_last == 3);
    const auto back = program_from_json(parse_canonical(to_json(*p).canonical()).value());
    if (!back) BOOST_FAIL(back.error().front().message);
    BOOST_TEST((*back == without_places(*p)));
    const std::string said = explain(t, *p, Language::english);
    BOOST_TEST(said.find("2 of the last 3 judged dates (each a calculation date)") !=
               std::string::npos);
    BOOST_TEST(said.find("lasts for 5 more china-bank days, nothing more is bought") !=
               std::string::npos);
    BOOST_TEST(said.find("2 compliant judged dates in a row end this") != std::string::npos);
    const std::string zh = explain(t, *p, Language::chinese);
    BOOST_TEST(zh.find("最近3个计算日中有2个日终") != std::string::npos);
    BOOST_TEST(zh.find("停止循环购买") != std::string::npos);

    BOOST_TEST(problem("for = \"1 period\"\ncured_by = \"1 compliant period\"\n") ==
               "what 'accelerate' does is for ever");
    BOOST_TEST(problem("for = \"5 china-bank days after a payment date\"\ngrace = \"2 days\"\n") ==
               "days after a date are a grace already");
    BOOST_TEST(problem("for = \"1 period\"\nthen = \"call\"\n") == "a call needs a price");
    BOOST_TEST(problem("for = \"1 period\"\nprice = \"notes\"\n") == "only a call has a price");
    BOOST_TEST(problem("for = \"1 period\"\nthen = \"call\"\nprice = \"notes\"\n") == "accepted");
    BOOST_TEST(problem("for = \"1 period\"\nthen = \"stop buyin\"\n").find("stop buyin") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_stored_program_that_says_too_much_is_refused)
{
    Program p = small_deal();
    p.triggers = {watch("2 of the last 3 periods")};
    BOOST_TEST(unsound(p).empty());
    const auto bad = [&](auto change) {
        Program q = p;
        change(q.triggers[0]);
        return !unsound(q).empty();
    };
    BOOST_TEST(bad([](Trigger& t) { t.of_last = 2; }));
    BOOST_TEST(bad([](Trigger& t) { t.of_last = 61; }));
    BOOST_TEST(bad([](Trigger& t) { t.clock = Trigger::Clock::consecutive_days; }));
    BOOST_TEST(bad([](Trigger& t) { t.grace_calendar = "china-bank"; }));
    BOOST_TEST(bad([](Trigger& t) {
        t.cured_by = 1;
        t.effect = Trigger::Effect::accelerate;
    }));
    BOOST_TEST(bad([](Trigger& t) {
        t.test.emplace();
        t.test->kind = Expr::Kind::average;
        t.test->periods = 3;
    }));
    BOOST_TEST(bad([](Trigger& t) {
        t.when.left.kind = Expr::Kind::average;
        t.when.left.measure = Measure::senior_balance;
        t.when.left.periods = 3;
    }));
}

namespace {

/// 400,000.00 fall due on 10 February, 690,000.00 in July; A and SUB are 1,100,000.00.
Driver driver(const Program& p)
{
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-02-10", "400000.00", "400000.00"},
                {"R2", "O2", "2019-07-15", "690000.00", "690000.00"}});
    return d;
}

} // namespace

/// R1 is paid on 10 February: the pool is at 690,000.00 and buying stops that evening. What is
/// bought on the 12th would settle on the 13th.
BOOST_AUTO_TEST_CASE(purchases_stop_and_go_on_when_cured)
{
    Program p = small_deal();
    p.purchase = Purchase{};
    Trigger t = watch("1 consecutive day", "pool balance + collection account < 1000000.00 and "
                                           "date < 2019-02-14");
    t.effect = Trigger::Effect::stop_buying;
    t.cured_by = 2;
    p.triggers = {t};
    Driver d = driver(p);
    d.pay(date("2019-02-10"), "R1", "400000.00");
    d.close(date("2019-02-10"));
    BOOST_TEST((d.with.state().phase == Phase::revolving));
    d.must(d.with.make_notice().value(), "");
    d.close(date("2019-02-12"));
    const auto buy = [&](const char* day, const char* settle) {
        std::vector<Row> rows{receivable({"R3", "O3", "2019-06-15", "100.00", "100.00"},
                                         date(settle), d.random)};
        return d.feed(build_purchase(date(day), date(settle), std::move(rows)).value(), "servicer");
    };
    const Verdict refused = buy("2019-02-12", "2019-02-13");
    BOOST_REQUIRE(!refused.findings.empty());
    BOOST_TEST(refused.findings[0].id == "buying-stopped");
    d.close(date("2019-02-17")); // compliant on the 14th and the 15th
    BOOST_TEST(d.with.state().triggers[0].cured->str() == "2019-02-15");
    const Verdict taken = buy("2019-02-15", "2019-02-18");
    BOOST_TEST(taken.accepted(), told(taken));
}

/// R1 is paid on 10 February: 690,000.00 are left on 28 February, below 70% of the 1,090,000.00
/// bought (763,000.00). The price is 690,000.00 less 2%, 676,200.00; the next payment is 26 March.
BOOST_AUTO_TEST_CASE(a_call_is_offered_at_its_price_and_ends_purchases)
{
    Program p = small_deal();
    p.purchase = Purchase{};
    Trigger t = watch("1 period", "pool balance < 70.00% * cumulative purchases");
    t.effect = Trigger::Effect::call;
    p.triggers = {t};
    BOOST_TEST(!unsound(p).empty()); // no price
    p.triggers[0].price = parse_expr({"pool balance - 2.00% * pool balance", {}}, names).value();
    BOOST_TEST(unsound(p).empty());
    Driver d = driver(p);
    d.pay(date("2019-02-10"), "R1", "400000.00");
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-02-28"));
    const Record notice = d.with.make_notice().value();
    const Json& told = notice.public_part.find("triggers")->as_array()[0];
    BOOST_TEST(told.find("effect")->as_string() == "call");
    BOOST_TEST(told.find("price")->as_string() == "676200.00");
    BOOST_TEST(notice.public_part.find("addressees")->as_array()[1].find("by")->as_string() ==
               "2019-03-26");
    d.must(notice, "");
    BOOST_TEST((d.with.state().phase == Phase::revolving));
    BOOST_TEST(buying_stopped(p, d.with.state()));
    d.close(date("2019-03-05")); // and it goes on, whether he pays or not
}

/// The same facts, closed in one go or in pieces, their records in any order: the same bytes.
BOOST_AUTO_TEST_CASE(pieces_and_orders_give_the_same_bytes)
{
    Program p = small_deal();
    for (const char* clock : {"1 period", "2 consecutive periods", "2 of the last 3 periods",
                              "1 period before payment", "1 period after payment",
                              "20 consecutive days"}) {
        Trigger t = watch(clock, "average of pool balance over 2 periods < 900000.00 or "
                                 "average of new defaults over 2 periods > 0.00");
        t.id = "watch" + std::to_string(p.triggers.size());
        t.cured_by = t.clock == Trigger::Clock::consecutive_days ? 40 : 3;
        p.triggers.push_back(t);
    }
    const auto live = [&](const std::vector<const char*>& cuts, bool reverse) {
        Driver d = driver(p);
        const auto facts = [&](const char* through, const char* payment) {
            const Date to = date(through);
            if (payment != nullptr) d.pay(date(payment), "R1", "150000.00");
            Submission dilution = build_dilution({{"R2", to, yuan("1000.00"), "rebate"}}, d.random);
            Submission statement =
                build_statement(d.account, d.number + 1, d.cash, {d.next, to}, d.entries, d.random);
            if (reverse) d.must(statement, "custodian");
            d.must(dilution, "servicer");
            if (!reverse) d.must(statement, "custodian");
            d.must(build_collections({d.next, to}, d.allocations, d.random), "servicer");
            for (const StatementEntry& e : d.entries) d.cash += e.amount;
            ++d.number;
            d.next = to + 1;
            d.entries.clear();
            d.allocations.clear();
        };
        const auto close = [&](const char* through) {
            std::vector<Date> days;
            for (const char* cut : cuts) {
                if (date(cut) > d.with.state().closed_through && date(cut) < date(through))
                    days.push_back(date(cut));
            }
            days.push_back(date(through));
            for (const Date day : days) {
                while (d.with.state().closed_through < day) {
                    auto record = d.with.make_close(day);
                    Date stop = day;
                    while (!record) { // a trigger takes effect on the way
                        BOOST_REQUIRE_EQUAL(record.error().id, "past-trigger");
                        stop = stop - 1;
                        record = d.with.make_close(stop);
                    }
                    d.must(*record, "");
                    if (d.with.state().notice_owed) d.must(d.with.make_notice().value(), "");
                }
            }
        };
        facts("2019-02-25", "2019-02-10");
        close("2019-02-25");
        d.distribute(date("2019-02-26"));
        facts("2019-03-25", "2019-03-05");
        close("2019-03-25");
        d.distribute(date("2019-03-26"));
        facts("2019-04-25", nullptr);
        close("2019-04-25");
        d.distribute(date("2019-04-26"));
        facts("2019-05-25", nullptr);
        close("2019-05-25");
        return d.with.public_state();
    };
    const std::string whole = live({}, false);
    BOOST_TEST(live({"2019-02-10", "2019-02-28", "2019-03-12", "2019-04-30"}, false) == whole);
    BOOST_TEST(live({"2019-02-01", "2019-03-01", "2019-05-01"}, true) == whole);
    // And the state is one that can be stored and gone on from.
    BOOST_TEST(Judge::open(whole, std::nullopt).value()->public_state() == whole);
    BOOST_TEST(whole.find("\"periods\":[") != std::string::npos);
    BOOST_TEST(whole.find("\"fired\":[{") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
