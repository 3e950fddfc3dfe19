// What a borrowing base lends on: eligible balance and excess concentration, worked by hand.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

#include <algorithm>
#include <numeric>

#include "judge_fixture.hpp"
#include "stored_deal.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/net_pool.hpp"
#include "waterfall/exact/pool.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(net_pool_tests)

namespace {

Limit at_most(const char* share, int top = 0)
{
    Limit limit;
    limit.each = top == 0;
    limit.count = std::max(top, 1);
    limit.share = Rate::parse(share).value();
    limit.clause.text = share;
    return limit;
}

std::string excess(std::vector<Limit> limits, std::vector<const char*> groups, const char* eligible)
{
    std::vector<Money> amounts;
    for (const char* group : groups) amounts.push_back(yuan(group));
    return excess_concentration(limits, std::move(amounts), yuan(eligible)).str();
}

Expr of(Measure what)
{
    Expr e;
    e.kind = Expr::Kind::measure;
    e.measure = what;
    return e;
}

/// Bought at face; nothing past due, nothing due after June, no group above 46%. A notice when what
/// may be lent on falls below 100,000.00.
Program facility()
{
    Program p = small_deal();
    p.purchase = Purchase{};
    p.purchase->form = Purchase::Form::face;
    Criterion june;
    june.kind = Criterion::Kind::due_at_latest;
    june.date = date("2019-06-30");
    Criterion late;
    late.kind = Criterion::Kind::not_past_due;
    p.criteria = {june, late};
    p.limits = {at_most("46%")};
    Trigger thin;
    thin.id = "thin";
    Expr hundred;
    hundred.constant = yuan("100000.00");
    thin.when = {of(Measure::net_pool_balance), Compare::less, hundred};
    thin.effect = Trigger::Effect::notice;
    thin.clause.text = "net pool balance < 100000.00";
    p.triggers = {thin};
    return p;
}

/// 500,000.00 + 300,000.00 + 200,000.00.
Driver opened()
{
    Driver d(facility());
    d.snapshot({{"R1", "O1", "2019-02-10", "500000.00", "500000.00"},
                {"R2", "O2", "2019-04-15", "300000.00", "300000.00"},
                {"R3", "O3", "2019-05-10", "200000.00", "200000.00"}});
    return d;
}

/// `eligible excess net` at the end of the last closed day.
std::string readings(const Driver& d)
{
    std::string text;
    for (const Measure m :
         {Measure::eligible_balance, Measure::excess_concentration, Measure::net_pool_balance}) {
        text += (text.empty() ? "" : " ") + measure(d.with.program(), d.with.state(), m, "").str();
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_group_is_cut_to_its_share)
{
    // 40% of 600.00 are 240.00.
    BOOST_TEST(excess({at_most("40%")}, {"300.00", "200.00", "100.00"}, "600.00") == "60.00");
    BOOST_TEST(excess({at_most("50%")}, {"300.00", "200.00", "100.00"}, "600.00") == "0.00");
    // The smaller share governs, in whatever order they stand: 120.00 and 20.00 above 180.00.
    for (const auto& limits : {std::vector{at_most("40%"), at_most("30%")},
                               std::vector{at_most("30%"), at_most("40%")}}) {
        BOOST_TEST(excess(limits, {"300.00", "200.00", "100.00"}, "600.00") == "140.00");
    }
    // 33.33% of 100.01 are 33.333333: half-up to 33.33.
    BOOST_TEST(excess({at_most("33.33%")}, {"50.00", "50.01"}, "100.01") == "33.35");
    BOOST_TEST(excess({}, {"600.00"}, "600.00") == "0.00");
    BOOST_TEST(excess({at_most("10%")}, {}, "0.00") == "0.00");
}

BOOST_AUTO_TEST_CASE(no_fen_is_left_out_twice)
{
    // Of single groups 60.00; of what is left, 240.00 + 200.00 are 80.00 above 60% of 600.00.
    BOOST_TEST(excess({at_most("60%", 2), at_most("40%")}, {"300.00", "200.00", "100.00"},
                      "600.00") == "140.00");
    // Top 1 alone would leave out 120.00, top 2 200.00: both are met once 200.00 are gone.
    BOOST_TEST(excess({at_most("30%", 1), at_most("50%", 2)}, {"300.00", "200.00", "100.00"},
                      "600.00") == "200.00");
    // More groups are asked for than there are.
    BOOST_TEST(excess({at_most("50%", 9)}, {"300.00", "200.00", "100.00"}, "600.00") == "300.00");
}

RC_BOOST_PROP(the_excess_is_part_of_the_pool_in_any_order, ())
{
    auto groups = *rc::gen::container<std::vector<std::int64_t>>(
        *rc::gen::inRange<std::size_t>(0, 12), rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
    const int each = *rc::gen::inRange(1, 101);
    const int top = *rc::gen::inRange(1, 101);
    const int count = *rc::gen::inRange(1, 6);
    const auto limits = [&](int a, int b) {
        return std::vector<Limit>{at_most((std::to_string(a) + "%").c_str()),
                                  at_most((std::to_string(b) + "%").c_str(), count)};
    };
    const Money all = Money::fen(std::accumulate(groups.begin(), groups.end(), std::int64_t{0}));
    const auto amounts = [&] {
        std::vector<Money> out;
        for (const std::int64_t g : groups) out.push_back(Money::fen(g));
        return out;
    };
    const Money out = excess_concentration(limits(each, top), amounts(), all);
    RC_ASSERT(out >= zero);
    RC_ASSERT(out <= all);
    std::reverse(groups.begin(), groups.end());
    RC_ASSERT(excess_concentration(limits(each, top), amounts(), all) == out);
    // A wider limit never leaves out more.
    RC_ASSERT(excess_concentration(limits(std::min(100, each + 7), top), amounts(), all) <= out);
    RC_ASSERT(excess_concentration(limits(each, std::min(100, top + 7)), amounts(), all) <= out);
}

BOOST_AUTO_TEST_CASE(day_by_day)
{
    Driver d = opened();
    d.close(date("2019-01-31")); // 46% of 1,000,000.00 are 460,000.00
    BOOST_TEST(readings(d) == "1000000.00 40000.00 960000.00");
    d.close(date("2019-02-10")); // R1's due date: not past due
    BOOST_TEST(readings(d) == "1000000.00 40000.00 960000.00");
    d.close(date("2019-02-11")); // of 500,000.00 left a group may have 230,000.00
    BOOST_TEST(readings(d) == "500000.00 70000.00 430000.00");
    BOOST_TEST(d.with.state().totals.pool_balance.str() == "1000000.00");
    d.pay(date("2019-02-20"), "R1", "500000.00"); // did not count any more
    d.close(date("2019-02-20"));
    BOOST_TEST(readings(d) == "500000.00 70000.00 430000.00");
    d.must(build_dilution({{"R3", date("2019-02-21"), yuan("200000.00"), "extension",
                            date("2019-07-10")}},
                          d.random),
           "servicer");
    d.close(date("2019-02-21")); // extended beyond June: 138,000.00 of 300,000.00
    BOOST_TEST(readings(d) == "300000.00 162000.00 138000.00");
    BOOST_TEST(!d.with.state().notice_owed.has_value());
    d.pay(date("2019-02-22"), "R2", "100000.00");
    d.close(date("2019-02-22")); // 92,000.00 of 200,000.00: below the hundred
    BOOST_TEST(readings(d) == "200000.00 108000.00 92000.00");
    BOOST_TEST(d.with.state().notice_owed.has_value());
    d.must(d.with.make_notice().value(), "");
    d.close(date("2019-02-24"));
    std::vector<Row> rows{
        receivable({"R4", "O4", "2019-05-20", "50000.00", "50000.00"}, date("2019-02-25"), d.random)};
    d.must(build_purchase(date("2019-02-22"), date("2019-02-25"), std::move(rows)).value(),
           "servicer");
    BOOST_TEST(readings(d) == "200000.00 108000.00 92000.00"); // it has not settled
    d.close(date("2019-02-25")); // 115,000.00 of 250,000.00
    BOOST_TEST(readings(d) == "250000.00 85000.00 165000.00");

    const auto again = Judge::open(d.with.public_state(), d.with.private_state());
    BOOST_REQUIRE_MESSAGE(again, again.error().message);
    BOOST_TEST((*again)->public_state() == d.with.public_state());
}

BOOST_AUTO_TEST_CASE(without_criteria_all_of_the_pool_is_eligible)
{
    Program p = facility();
    p.criteria.clear();
    p.limits.clear();
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-02-10", "500000.00", "500000.00"}});
    d.close(date("2019-02-20"));
    BOOST_TEST(readings(d) == "500000.00 0.00 500000.00");
    d.pay(date("2019-02-21"), "R1", "500000.00");
    d.close(date("2019-02-21"));
    BOOST_TEST(readings(d) == "0.00 0.00 0.00");
}

/// The two criteria together: what is late and was due too late counts once.
BOOST_AUTO_TEST_CASE(what_breaks_two_criteria_counts_once)
{
    Program p = facility();
    p.limits.clear();
    Driver d(p);
    d.snapshot({{"R1", "O1", "2019-02-10", "500000.00", "500000.00"},
                {"R2", "O2", "2019-06-15", "300000.00", "300000.00"}});
    d.must(build_dilution({{"R1", date("2019-02-05"), yuan("500000.00"), "extension",
                            date("2019-07-01")}},
                          d.random),
           "servicer");
    d.close(date("2019-02-25"));
    BOOST_TEST(readings(d) == "300000.00 0.00 300000.00");
    const auto pay = [&](const char* unadjusted, const char* before) {
        d.distribute(date(unadjusted));
        d.close(date(before));
    };
    pay("2019-02-26", "2019-03-25");
    pay("2019-03-26", "2019-04-25");
    pay("2019-04-26", "2019-05-25");
    pay("2019-05-26", "2019-06-16"); // R2 is past due, R1 not due yet
    BOOST_TEST(readings(d) == "0.00 0.00 0.00");
    d.must(d.with.make_notice().value(), "");
    d.close(date("2019-06-25"));
    pay("2019-06-26", "2019-07-15"); // R1 is past due as well
    BOOST_TEST(readings(d) == "0.00 0.00 0.00");
    BOOST_TEST(d.with.state().totals.pool_balance.str() == "800000.00");
}

BOOST_AUTO_TEST_CASE(a_false_figure_is_caught_with_rows_and_bounded_without)
{
    Driver d = opened();
    const Date day = date("2019-01-31");
    d.must(build_statement("plan", 1, d.cash, {d.next, day}, {}, d.random), "custodian");
    d.must(build_collections({d.next, day}, {}, d.random), "servicer");
    const Record close = d.with.make_close(day).value();
    const auto told_by = [&](Judge& judge, const char* key, std::optional<const char*> amount) {
        Record lie = close;
        Json& sheet = lie.public_part["days"].as_array()[0];
        if (amount)
            sheet[key] = yuan(*amount);
        else
            sheet.as_object().erase(key);
        const Verdict v = judge.judge(lie, by(""), nullptr);
        BOOST_REQUIRE(!v.accepted());
        return v.findings.front().id + ": " + v.findings.front().message;
    };
    BOOST_TEST(told_by(d.with, "excess_concentration", "40000.01") ==
               "sheet-differs: 2019-01-31: excess_concentration is '40000.01', recomputed '40000.00'");
    BOOST_TEST(told_by(d.without, "excess_concentration", "1000000.01") ==
               "sheet-not-sound: 2019-01-31: excess_concentration 1000000.01 does not agree with "
               "1000000.00");
    BOOST_TEST(told_by(d.without, "eligible", "1000000.01") ==
               "sheet-not-sound: 2019-01-31: eligible 1000000.01 does not agree with 1000000.00");
    BOOST_TEST(told_by(d.without, "eligible", {}).starts_with("bad-record"));
    // Where the terms do not ask, nothing may be stated.
    Program plain = facility();
    plain.triggers.clear();
    Driver other(plain);
    other.snapshot({{"R1", "O1", "2019-02-10", "500000.00", "500000.00"}});
    other.must(build_statement("plan", 1, other.cash, {other.next, day}, {}, other.random),
               "custodian");
    other.must(build_collections({other.next, day}, {}, other.random), "servicer");
    Record more = other.with.make_close(day).value();
    more.public_part["days"].as_array()[0]["eligible"] = yuan("1.00");
    more.public_part["days"].as_array()[0]["excess_concentration"] = yuan("0.00");
    BOOST_TEST(told(other.without.judge(more, by(""), nullptr)) ==
               "not accepted:  [sheet-not-sound] 2019-01-31: eligible is stated and the terms do "
               "not ask");
}

BOOST_AUTO_TEST_CASE(words_program_and_sentences)
{
    const Program p = stored_deal(amortizing_deal(
        R"([[trigger]]
id = "deficiency"
when = "balance A > 85.00% * net pool balance + excess concentration - eligible balance"
for = "5 consecutive days"
then = "notice"
)",
        R"~([priority.amortization]
all = ["pay principal A up to max(balance A - 85.00% * net pool balance, 0.00)"]
)~"));
    BOOST_TEST(asks_net_pool(p));
    BOOST_TEST(opening_state(p).net_pool.has_value());
    BOOST_TEST(explain(p.triggers[0].when.right, p, Language::english) ==
               "85.00% of the net pool balance (eligible less excess concentration) plus excess "
               "concentration less the eligible part of the pool balance");
    BOOST_TEST(explain(*p.priorities.at(Phase::amortization).all[0].limit, p, Language::chinese) ==
               "（A未偿本金减资产池净额（合格余额扣除超集中度）的85.00%；CNY 0.00）中最大者");
    const Program plain = stored_deal(amortizing_deal("", R"([priority.amortization]
all = ["pay principal A"]
)"));
    BOOST_TEST(!asks_net_pool(plain));
    BOOST_TEST(to_json(opening_state(plain), plain).canonical().find("net_pool") ==
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
