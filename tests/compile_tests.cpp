// Compile: the sample deal becomes a program with the dates that its story depends on.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(compile_tests)

namespace {

Program sample()
{
    auto program = compile_file("data/deal/jdht-2018-6.toml");
    if (!program) BOOST_FAIL(program.error().front().message);
    return *program;
}

const PaymentDate& named(const std::vector<PaymentDate>& dates, Date day)
{
    for (const PaymentDate& d : dates) {
        if (d.unadjusted == day) return d;
    }
    BOOST_FAIL("no payment date " + day.str());
    return dates.front();
}

const std::string minimal = R"([deal]
id = "ledger-30d"
[[trigger]]
id = "balance-low"
when = "pool balance < 6000.00"
for = "30 consecutive days"
)";

} // namespace

BOOST_AUTO_TEST_CASE(revolving_dates_of_the_sample)
{
    const Program p = sample();
    BOOST_REQUIRE_EQUAL(p.revolving_dates.size(), 8U);
    BOOST_TEST(p.revolving_dates.front().unadjusted.str() == "2019-02-26");
    BOOST_TEST(p.revolving_dates.front().adjusted.str() == "2019-02-26");
    BOOST_TEST(p.revolving_dates.front().calculation.str() == "2019-01-31");
    BOOST_TEST(p.revolving_dates.back().unadjusted.str() == "2020-11-26");
    BOOST_TEST(p.revolving_dates.back().calculation.str() == "2020-10-31");
    BOOST_TEST(named(p.revolving_dates, Date::of(2019, 5, 26)).adjusted.str() == "2019-05-27");
}

BOOST_AUTO_TEST_CASE(monthly_dates_of_the_sample)
{
    const Program p = sample();
    BOOST_TEST(p.monthly_dates.front().unadjusted.str() == "2018-12-26");
    BOOST_TEST(p.monthly_dates.back().unadjusted.str() == "2023-02-26");
    BOOST_TEST(named(p.monthly_dates, Date::of(2020, 1, 26)).adjusted.str() == "2020-02-03");
    BOOST_TEST(named(p.monthly_dates, Date::of(2020, 1, 26)).calculation.str() == "2019-12-31");
    BOOST_TEST(named(p.monthly_dates, Date::of(2020, 12, 26)).adjusted.str() == "2020-12-28");
    BOOST_TEST(named(p.monthly_dates, Date::of(2021, 2, 26)).adjusted.str() == "2021-02-26");
    for (const PaymentDate& d : p.monthly_dates) BOOST_TEST(!d.provisional);
}

BOOST_AUTO_TEST_CASE(terms_of_the_sample)
{
    const Program p = sample();
    BOOST_TEST(p.id == "jdht-2018-6");
    BOOST_REQUIRE_EQUAL(p.tranches.size(), 3U);
    BOOST_TEST(p.tranches[0].coupon->str() == "4.10%");
    BOOST_TEST(!p.tranches[2].coupon.has_value());
    BOOST_REQUIRE_EQUAL(p.triggers.size(), 3U);
    BOOST_TEST(p.triggers[0].id == "senior-interest");
    BOOST_TEST(p.triggers[2].id == "pool-shortfall");
    BOOST_TEST(p.triggers[2].days == 30);
    BOOST_TEST(p.triggers[2].carry_forward_days == 3);
    BOOST_TEST((p.triggers[2].during == Phase::revolving));
    BOOST_TEST(p.support->covers.size() == 4U);
    BOOST_TEST(p.priorities.size() == 4U);
    BOOST_TEST(p.priorities.at(Phase::revolving).income[1].cap_per_year->str() == "700000.00");
    BOOST_TEST(p.priorities.at(Phase::defaulted).all.size() == 8U);
    BOOST_TEST(p.calendars.size() == 2U);
    BOOST_TEST(p.sources.size() == 2U);
    BOOST_TEST(p.revolving_until.str() == "2020-11-08");
    BOOST_TEST(p.expected_maturity.str() == "2021-02-26");
}

BOOST_AUTO_TEST_CASE(days_past_the_calendar_are_provisional)
{
    const std::string text = R"([deal]
id = "long"
closing = 2025-06-30
legal_final = 2028-06-26
[[tranche]]
id = "A"
rank = 1
face = "1000000.00"
[[schedule]]
during = "amortization"
pay = "26 Jan, Jun"
calendar = "china-bank"
[priority.amortization]
all = ["pay principal A"]
)";
    const auto deal = parse_deal(text, "long.toml");
    BOOST_REQUIRE(deal.has_value());
    const auto program = compile(*deal);
    BOOST_REQUIRE(program.has_value());
    BOOST_TEST(program->monthly_dates[0].unadjusted.str() == "2026-01-26");
    BOOST_TEST(!program->monthly_dates[1].provisional);
    BOOST_TEST(program->monthly_dates[2].unadjusted.str() == "2027-01-26");
    BOOST_TEST(program->monthly_dates[2].provisional);
    BOOST_TEST((program_from_json(to_json(*program)).value() == without_places(*program)));
}

BOOST_AUTO_TEST_CASE(a_deal_may_be_one_trigger_over_a_ledger)
{
    const auto deal = parse_deal(minimal, "ledger.toml");
    if (!deal) BOOST_FAIL(deal.error().front().message);
    const auto program = compile(*deal);
    if (!program) BOOST_FAIL(program.error().front().message);
    BOOST_TEST(program->triggers.size() == 1U);
    BOOST_TEST(program->triggers[0].when.right.constant.str() == "6000.00");
    BOOST_TEST(program->sources.empty());
}

BOOST_AUTO_TEST_CASE(an_auto_deal_with_merged_ledgers)
{
    const std::string text = R"toml([deal]
id = "auto-2017-1"
currency = "USD"
closing = 2017-01-31
legal_final = 2022-01-18
day_count = "30/360"
unit = "1.00"
[[tranche]]
id = "A1"
rank = 1
face = "274000000.00"
coupon = "0.83%"
day_count = "act/360"
[[tranche]]
id = "A2"
rank = 2
face = "353000000.00"
coupon = "1.38%"
[[schedule]]
during = "amortization"
pay = "15 monthly"
first = 2017-02-15
calendar = "us-federal-reserve"
[priority.amortization]
all = ["pay interest A1", "pay interest A2", "pay principal A1, A2 up to notes - (pool balance - 25000000.00)"]
)toml";
    const auto deal = parse_deal(text, "auto.toml");
    if (!deal) BOOST_FAIL(deal.error().front().message);
    const auto program = compile(*deal);
    if (!program) BOOST_FAIL(program.error().front().message);
    BOOST_TEST((program->tranches[0].day_count == DayCount::act_360));
    BOOST_TEST((program->tranches[1].day_count == DayCount::thirty_360));
    BOOST_TEST(program->monthly_dates.size() == 60U);
    BOOST_TEST(named(program->monthly_dates, Date::of(2017, 7, 15)).adjusted.str() == "2017-07-17");
    BOOST_TEST(named(program->monthly_dates, Date::of(2018, 1, 15)).adjusted.str() == "2018-01-16");
    BOOST_TEST(program->priorities.at(Phase::amortization).all[2].limit.has_value());
}

BOOST_AUTO_TEST_CASE(every_shipped_deal_compiles)
{
    for (const char* name : {"jdht-2018-6", "jdht-75-15-10", "borrowing-base", "ledger-30d", "ally-2017-1", "ally-2017-2",
                             "ally-2017-3", "ally-2017-4", "ally-2017-5"}) {
        const auto program = compile_file(std::string("data/deal/") + name + ".toml");
        BOOST_TEST_CONTEXT(name) BOOST_REQUIRE(program.has_value());
        BOOST_TEST(program->id == name);
        BOOST_TEST((program_from_json(to_json(*program)).value() == without_places(*program)));
    }
}

BOOST_AUTO_TEST_CASE(impossible_dates_are_errors)
{
    std::string text = minimal + "[[tranche]]\nid = \"A\"\nrank = 1\nface = \"100.00\"\n";
    text.replace(text.find("[[trigger]]"), 0, "closing = 2020-01-01\nlegal_final = 2019-01-01\n");
    const auto deal = parse_deal(text, "x.toml");
    BOOST_REQUIRE(deal.has_value());
    const auto program = compile(*deal);
    BOOST_REQUIRE(!program.has_value());
    BOOST_TEST(program.error().front().message ==
               "legal_final 2019-01-01 is not after closing 2020-01-01");
    BOOST_TEST(program.error().front().where.line == 4);
}

BOOST_AUTO_TEST_SUITE_END()
