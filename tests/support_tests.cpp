// The supporter's money: demanded, received, paid out, claimed; the arithmetic is written out.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "one_payment.hpp"
#include "stored_deal.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/matching.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(support_tests)

namespace {

const char* const supported_lines = R"([priority.amortization]
income = ["pay interest A supported by shortfall", "pay rest to principal"]
principal = ["pay principal A supported by shortfall", "pay principal SUB", "pay rest to SUB"]
[priority.accelerated]
income = ["pay interest A supported by shortfall", "pay rest to principal"]
principal = ["pay principal A supported by shortfall", "pay principal SUB", "pay rest to SUB"]
)";

/// A: 1,000,000.00 at 3.65%, so 100.00 a day; nothing is lent to income, so what is short is short.
std::string supported_deal(const std::string& more = "", const std::string& lines = supported_lines)
{
    return R"([deal]
id = "supported"
closing = 2019-01-31
expected_maturity = 2019-05-26
legal_final = 2020-12-26
)" + std::string(a_and_sub) + R"([[reserve]]
id = "shortfall"
target = "0.00"
[support]
by = "originator"
covers = ["interest A", "principal A at expected maturity"]
pays = "T-3 weekdays"
into = "shortfall"
[[schedule]]
during = "amortization, accelerated, default"
pay = "26 monthly"
first = 2019-02-26
calendar = "weekdays"
)" + more + lines;
}

/// One receivable of 1,111,000.00 for all that the notes brought in, due long after what is tested here.
Driver opened(const std::string& deal = supported_deal())
{
    Driver d(stored_deal(deal));
    d.snapshot({{"R-1", "O-1", "2019-12-15", "1111000.00", "1100000.00"}});
    return d;
}

void notice(Driver& d)
{
    d.must(d.with.make_notice().value(), "");
}

/// On the calculation date of 2019-02-26 with nothing at hand: 2,600.00 are demanded, and everyone told.
Driver demanded(const std::string& deal = supported_deal())
{
    Driver d = opened(deal);
    d.close(date("2019-01-31"));
    notice(d);
    return d;
}

std::string in_words(const std::vector<Demand>& claims)
{
    std::string out;
    for (const Demand& c : claims) {
        out += c.distribution.str() + " " + c.covers + " " + c.amount.str() + " by " + c.by.str() +
               " -" + c.received.str() + " -" + c.lapsed.str() + "\n";
    }
    return out;
}

Money held(const Driver& d)
{
    return d.with.state().book.balance(support_account(d.with.program()));
}

const Json& first_tranche(const Json& part)
{
    return part.find("tranches")->as_array().front();
}

} // namespace

/// Nothing has come in on 2019-01-31, the calculation date of 2019-02-26: 26 days of 100.00 are short.
/// Three weekdays before a Tuesday is the Thursday before.
BOOST_AUTO_TEST_CASE(what_is_short_is_demanded_on_the_calculation_date)
{
    Driver d = opened();
    d.close(date("2019-01-31"));
    BOOST_TEST(in_words(d.with.state().demands) ==
               "2019-02-26 interest A 2600.00 by 2019-02-21 -0.00 -0.00\n");
    const Record told = d.with.make_notice().value();
    const Json& said = told.public_part.find("triggers")->as_array().front();
    BOOST_TEST(said.find("id")->as_string() == "support");
    BOOST_TEST(said.find("distribution")->as_string() == "2019-02-26");
    BOOST_TEST(said.find("demands")->canonical() ==
               R"([{"amount":"2600.00","by":"2019-02-21","covers":"interest A"}])");
    std::string parties;
    for (const Json& a : told.public_part.find("addressees")->as_array()) {
        parties += a.find("party")->as_string() + " " + a.find("by")->as_string() + "\n";
    }
    BOOST_TEST(parties == "custodian 2019-02-21\nplan_manager 2019-02-21\noriginator 2019-02-21\n");
    const auto early = d.with.make_close(date("2019-02-01"));
    BOOST_REQUIRE(!early); // everyone is told first
    notice(d);
    d.close(date("2019-02-20"));
    BOOST_TEST(d.with.state().demands.size() == 1u); // and told once
}

/// A life: paid in part, late, not needed after all, and at maturity.
BOOST_AUTO_TEST_CASE(claims_are_what_is_unpaid)
{
    Driver d = demanded();
    d.pay(date("2019-02-21"), "", "1000.00", AllocationKind::support);
    d.close(date("2019-02-25"));
    BOOST_TEST(held(d).str() == "1000.00");

    // 2,600.00 are due and 1,000.00 are there: 1,600.00 stay unpaid and claimed.
    const Json february = d.distribute(date("2019-02-26"));
    BOOST_TEST(first_tranche(february).find("interest_paid")->as_string() == "1000.00");
    BOOST_TEST(february.find("lines")->as_array().front().find("drawn")->as_string() == "1000.00");
    BOOST_TEST(february.find("support")->canonical() ==
               R"([{"amount":"2600.00","by":"2019-02-21","covers":"interest A","received":"1000.00"}])");
    d.close(date("2019-02-28"));
    // 28 days of 100.00 more: 4,400.00 will be due, of which 1,600.00 is claimed already.
    BOOST_TEST(in_words(d.with.state().demands) ==
               "2019-02-26 interest A 2600.00 by 2019-02-21 -1000.00 -0.00\n"
               "2019-03-26 interest A 2800.00 by 2019-03-21 -0.00 -0.00\n");
    notice(d);

    // The first claim is settled late. Half of the receivable: 550,000.00 of principal, 5,500.00 of
    // income, after the calculation date and so for April.
    d.pay(date("2019-03-05"), "R-1", "555500.00");
    d.pay(date("2019-03-10"), "", "1600.00", AllocationKind::support);
    d.close(date("2019-03-25"));
    const Json march = d.distribute(date("2019-03-26"));
    BOOST_TEST(first_tranche(march).find("interest_paid")->as_string() == "1600.00");
    BOOST_TEST(first_tranche(march).find("arrears")->as_string() == "2800.00");
    d.close(date("2019-03-31"));
    // In April 2,800.00 + 31 x 100.00 = 5,900.00 are due and 5,500.00 are there: no new claim.
    BOOST_TEST(!d.with.state().notice_owed.has_value());
    BOOST_TEST(open_claims(d.with.state()).str() == "2800.00");

    d.close(date("2019-04-25"));
    const Json april = d.distribute(date("2019-04-26"));
    BOOST_TEST(first_tranche(april).find("interest_paid")->as_string() == "5500.00");
    BOOST_TEST(first_tranche(april).find("principal_paid")->as_string() == "550000.00");
    BOOST_TEST(april.find("support")->canonical() ==
               R"([{"amount":"2800.00","by":"2019-03-21","covers":"interest A","lapsed":"2400.00","of":"2019-03-26"}])");
    d.close(date("2019-04-30"));
    // 2019-05-26 is a Sunday and the expected maturity: 400.00 of old and 30 x 45.00 of new interest,
    // and all of the principal. Three weekdays before the Monday is the Wednesday.
    BOOST_TEST(in_words(d.with.state().demands) ==
               "2019-02-26 interest A 2600.00 by 2019-02-21 -2600.00 -0.00\n"
               "2019-03-26 interest A 2800.00 by 2019-03-21 -0.00 -2400.00\n"
               "2019-05-26 interest A 1350.00 by 2019-05-22 -0.00 -0.00\n"
               "2019-05-26 principal A 450000.00 by 2019-05-22 -0.00 -0.00\n");
    notice(d);
    d.pay(date("2019-05-22"), "", "451750.00", AllocationKind::support);
    d.close(date("2019-05-26"));
    const Json may = d.distribute(date("2019-05-26"));
    BOOST_TEST(first_tranche(may).find("closing")->as_string() == "0.00");
    BOOST_TEST(first_tranche(may).find("arrears")->as_string() == "0.00");
    BOOST_TEST(may.find("total")->as_string() == "451750.00");
    d.close(date("2019-05-27"));
    BOOST_TEST(held(d).str() == "0.00");
    BOOST_TEST(open_claims(d.with.state()).str() == "0.00");
    BOOST_TEST((d.with.state().phase == Phase::amortization)); // repaid in time
    BOOST_TEST(d.without.public_state() == d.with.public_state());
}

/// 3,000.00 for 2,600.00: the rest waits, repays no principal before expected maturity, and lowers the
/// next demand.
BOOST_AUTO_TEST_CASE(what_is_not_needed_waits_in_the_reserve)
{
    Driver d = demanded();
    d.pay(date("2019-02-21"), "", "3000.00", AllocationKind::support);
    d.close(date("2019-02-25"));
    const Json february = d.distribute(date("2019-02-26"));
    BOOST_TEST(first_tranche(february).find("principal_paid")->as_string() == "0.00");
    d.close(date("2019-02-28"));
    BOOST_TEST(held(d).str() == "400.00");
    BOOST_TEST(in_words(d.with.state().demands) ==
               "2019-02-26 interest A 2600.00 by 2019-02-21 -2600.00 -0.00\n"
               "2019-03-26 interest A 2400.00 by 2019-03-21 -0.00 -0.00\n");
}

/// Interest unpaid on 2019-02-26 is a default on the fifth weekday after it, 2019-03-05. The ledgers
/// merge; what the supporter paid before does not.
BOOST_AUTO_TEST_CASE(a_default_does_not_merge_it)
{
    Driver d = demanded(supported_deal(R"([[trigger]]
id = "late"
when = "interest A unpaid > 0.00"
for = "5 weekdays days after a payment date"
then = "default"
)", std::string(supported_lines) + R"([priority.default]
all = ["pay interest A supported by shortfall", "pay principal A supported by shortfall", "pay rest to SUB"]
)"));
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.close(date("2019-02-28"));
    notice(d);
    d.pay(date("2019-03-01"), "", "2600.00", AllocationKind::support);
    d.pay(date("2019-03-01"), "R-1", "101000.00");
    d.close(date("2019-03-05"));
    BOOST_REQUIRE((d.with.state().phase == Phase::defaulted));
    BOOST_TEST(held(d).str() == "2600.00");
    BOOST_TEST(d.with.state().totals.principal.str() == "101000.00");
    notice(d);
    d.close(date("2019-03-25"));
    // Funds are those of 2019-02-28, none; 2,600.00 of 5,400.00 are paid out of the reserve.
    const Json march = d.distribute(date("2019-03-26"));
    BOOST_TEST(first_tranche(march).find("interest_paid")->as_string() == "2600.00");
    BOOST_TEST(first_tranche(march).find("principal_paid")->as_string() == "0.00");
    BOOST_TEST(open_claims(d.with.state()).str() == "2800.00");
}

/// In March, 2,800.00 for A and 28 x 20.00 = 560.00 for SUB are due, and 3,800.50 are there: A's principal
/// takes 1,000.00 of them and has no use for the 500.00 in the reserve before expected maturity. They are
/// for SUB's interest.
BOOST_AUTO_TEST_CASE(what_principal_may_not_draw_stays_for_others)
{
    std::string deal = supported_deal("", R"([priority.amortization]
all = ["pay interest A supported by shortfall", "pay principal A supported by shortfall", "pay interest SUB supported by shortfall"]
)");
    deal.replace(deal.find("face = \"100000.00\""), 18, "face = \"100000.00\"\ncoupon = \"7.30%\"");
    deal.replace(deal.find("[\"interest A\""), 13, "[\"interest A\", \"interest SUB\"");
    const Program p = stored_deal(deal);
    const DealState s = eve_of_march(p, yuan("3800.50"), zero, yuan("500.00"));
    const auto d = distribute(p, s, date("2019-03-26"));
    BOOST_REQUIRE_MESSAGE(d, d.error().message);
    BOOST_TEST(d->tranches[0].principal_paid.str() == "1000.00");
    BOOST_TEST(d->tranches[1].interest_paid.str() == "500.00");
    BOOST_TEST(d->reserves[0].closing.str() == "0.00");
}

/// A line that may pay 1,000.00 a date at most leaves 1,600.00 of 2,600.00 unpaid though all of it was
/// paid in: what waits in the reserve is not asked for again.
BOOST_AUTO_TEST_CASE(what_waits_is_not_claimed_again)
{
    std::string lines = supported_lines;
    lines.replace(lines.find("pay interest A supported"), 24, "pay interest A up to 1000.00 supported");
    Driver d = opened(supported_deal("", lines));
    d.close(date("2019-01-31"));
    BOOST_TEST(open_claims(d.with.state()).str() == "2600.00");
    notice(d);
    d.pay(date("2019-02-21"), "", "2600.00", AllocationKind::support);
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    BOOST_TEST(d.with.state().demands.size() == 1u);
    d.close(date("2019-02-28"));
    BOOST_TEST(held(d).str() == "1600.00");
    // Of 4,400.00 due in March 1,000.00 will be paid: 3,400.00 less the 600.00 left over.
    BOOST_TEST(open_claims(d.with.state()).str() == "2800.00");
}

/// A trigger and a demand of one day are told by one notice, to each party once.
BOOST_AUTO_TEST_CASE(a_trigger_and_a_demand_share_a_notice)
{
    Driver d = opened(supported_deal(R"([[trigger]]
id = "small"
when = "principal cash < 1.00"
for = "1 consecutive day"
then = "notice"
)"));
    d.close(date("2019-01-31"));
    const Record told = d.with.make_notice().value();
    BOOST_TEST(told.public_part.find("triggers")->as_array().size() == 2u);
    std::string parties;
    for (const Json& a : told.public_part.find("addressees")->as_array()) {
        parties += a.find("party")->as_string() + "\n";
    }
    BOOST_TEST(parties == "custodian\nplan_manager\nservicer\noriginator\n");
    notice(d);
    d.must(build_acknowledgement(told.hash()), "originator");
    BOOST_TEST(d.with.state().notices[0].acknowledged == std::vector<std::string>{"originator"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(other_deals_take_no_money_of_a_supporter)
{
    Driver d(small_deal());
    d.snapshot({{"R-1", "O-1", "2019-12-15", "1111000.00", "1100000.00"}});
    d.pay(date("2019-01-31"), "", "1.00", AllocationKind::support);
    d.must(build_statement("plan", 1, d.cash, {d.next, d.next}, d.entries, d.random), "custodian");
    const Verdict v =
        d.feed(build_collections({d.next, d.next}, d.allocations, d.random), "servicer");
    BOOST_REQUIRE((v.kind == Verdict::Kind::refused));
    BOOST_TEST(v.findings.front().id == "no-support");
}

/// Whatever a file says, no program lets the money go elsewhere.
BOOST_AUTO_TEST_CASE(the_money_goes_only_to_the_lines_named)
{
    const auto findings = [](const std::string& deal) {
        const auto file = parse_deal(deal, "x.toml");
        BOOST_REQUIRE(file.has_value());
        std::string ids;
        for (const Error& e : check_deal(*file, nullptr).findings) {
            if (e.id.starts_with("support")) ids += e.id + "\n";
        }
        return ids;
    };
    BOOST_TEST(findings(supported_deal()) == "");
    std::string lines = supported_lines;
    lines.replace(lines.find("\"pay principal SUB\""), 19,
                  "\"pay principal SUB supported by shortfall\"");
    BOOST_TEST(findings(supported_deal("", lines)) == "support-elsewhere\n");
    lines = supported_lines;
    lines.replace(lines.find("\"pay rest to principal\""), 23,
                  "\"release reserve shortfall\", \"pay rest to principal\"");
    BOOST_TEST(findings(supported_deal("", lines)) == "support-elsewhere\n");
    const auto file = parse_deal(supported_deal("", lines), "x.toml");
    BOOST_TEST(!compile(*file).has_value());
    Program p = stored_deal(supported_deal());
    p.priorities[Phase::amortization].income.push_back(step(Step::Kind::fund_reserve, {}, "fund"));
    BOOST_TEST(!unsound(p).empty()); // of others' making: refused, and nobody falls over it
    lines = supported_lines;
    lines.replace(lines.find(" supported by shortfall"), 23, "");
    BOOST_TEST(findings(supported_deal("", lines)) == "support-not-drawn\n");
}

/// Money that says it is support settles what is claimed, and no more.
BOOST_AUTO_TEST_CASE(receipts_of_a_supporter_are_proposed)
{
    const Date day = date("2019-02-21");
    const auto kinds = [&](const char* amount, Money claims) {
        std::string out;
        const std::vector<OpenReceipt> receipts{
            {"plan/000001/00000001", day, yuan(amount), zero, "差额支付 supported", "Originator", ""}};
        for (const ProposedAllocation& p : propose_allocations({}, receipts, day, claims)) {
            out += std::string(name(p.allocation.kind)) + " " + p.allocation.amount.str() + " " +
                   std::string(name(p.confidence)) + "\n";
        }
        return out;
    };
    BOOST_TEST(kinds("2600.00", yuan("2600.00")) == "support 2600.00 exact\n");
    BOOST_TEST(kinds("2000.00", yuan("2600.00")) == "support 2000.00 likely\n");
    BOOST_TEST(kinds("3000.00", yuan("2600.00")) == "support 2600.00 likely\nunapplied 400.00 exact\n");
    BOOST_TEST(kinds("2600.00", zero) == "unapplied 2600.00 exact\n");
    Asset owed;
    owed.id = "R-1";
    owed.status = Asset::Status::live;
    owed.face = yuan("9999.00");
    const std::vector<OpenReceipt> of_obligor{
        {"plan/000001/00000001", day, yuan("2600.00"), zero, "IT support services", "Obligor", ""}};
    const auto p = propose_allocations({{&owed, "", "", "Obligor"}}, of_obligor, day, yuan("2600.00"));
    BOOST_REQUIRE(!p.empty());
    BOOST_TEST((p[0].allocation.kind == AllocationKind::payment));
}

BOOST_AUTO_TEST_SUITE_END()
