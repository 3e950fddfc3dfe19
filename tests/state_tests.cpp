// States of a deal move forward only: default, enforcement, the end; the arithmetic is written out.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "stored_deal.hpp"
#include "waterfall/exact/trigger.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(state_tests)

namespace {

const char* const amortization = R"([priority.amortization]
income = ["pay interest A", "pay rest to principal"]
principal = ["cover income shortfall", "pay principal A", "pay principal SUB", "pay rest to SUB"]
)";
const char* const default_lines = R"([priority.default]
all = ["pay interest A", "pay principal A", "keep rest"]
)";
const char* const enforcement_lines = R"([priority.enforcement]
all = ["pay principal A", "pay interest A", "keep rest"]
)";

/// A default on the third business day with interest unpaid, enforcement after ten days of it, and
/// an acceleration that comes too late.
const char* const bad_end = R"([[trigger]]
id = "unpaid"
when = "interest A unpaid > 0.00"
for = "3 weekdays days after a payment date"
then = "default"
[[trigger]]
id = "holders"
when = "balance A > 0.00"
for = "10 consecutive days"
during = "default"
then = "enforce"
[[trigger]]
id = "slow"
when = "date >= 2019-03-20"
for = "1 consecutive day"
then = "accelerate"
)";

const char* const good_end = R"([[trigger]]
id = "done"
when = "senior balance = 0.00 and pool balance = 0.00 and principal cash + income cash = 0.00"
for = "1 period after payment"
then = "end"
[[trigger]]
id = "later"
when = "date >= 2019-05-01"
for = "1 consecutive day"
then = "notice"
)";

std::string text_at(const Json& json, const char* list, std::size_t i, const char* key)
{
    return json.find(list)->as_array().at(i).find(key)->as_string();
}

/// To the end of March: 10,000.00 of the notes' proceeds are left over, R1 pays 110,000.00 of its
/// 1,100,000.00 on 1 February and 100,000.00 on 20 March. The payment of 26 February is missed; the
/// third business day after it is 1 March.
Driver enforced(const std::string& priorities)
{
    Driver d(stored_deal(amortizing_deal(bad_end, amortization + std::string(default_lines) +
                                                      priorities)));
    d.snapshot({{"R1", "O1", "2019-07-10", "1100000.00", "1090000.00"}});
    d.pay(date("2019-02-01"), "R1", "110000.00");
    d.close(date("2019-03-01"));
    BOOST_TEST((d.with.state().phase == Phase::defaulted));
    d.must(d.with.make_notice().value(), "");
    d.distribute(date("2019-02-26"));
    d.close(date("2019-03-10"));
    BOOST_TEST((d.with.state().phase == Phase::defaulted));
    d.close(date("2019-03-11"));
    BOOST_TEST((d.with.state().phase == Phase::enforcement));
    return d;
}

} // namespace

/// In default since 1 March, so that 2 March is the first day counted and 11 March the tenth.
BOOST_AUTO_TEST_CASE(default_becomes_enforcement_and_never_goes_back)
{
    Driver d = enforced(enforcement_lines);
    const Record notice = d.with.make_notice().value();
    BOOST_TEST(text_at(notice.public_part, "triggers", 0, "effect") == "enforce");
    BOOST_TEST(text_at(notice.public_part, "triggers", 0, "effective") == "2019-03-11");
    BOOST_TEST(text_at(notice.public_part, "addressees", 0, "action") ==
               "pay by the enforcement priority only");
    d.must(notice, "");
    d.close(date("2019-03-20")); // the acceleration is recorded and changes nothing
    BOOST_TEST(d.with.state().fired.size() == 3U);
    BOOST_TEST((d.with.state().phase == Phase::enforcement));
    const Program& p = d.with.program();
    const auto stored = state_from_json(to_json(d.with.state(), p), p);
    BOOST_REQUIRE(stored.has_value());
    BOOST_TEST((*stored == d.with.state()));
}

/// 26 February takes the 10,000.00 held on 31 January: interest 26 x 100.00 = 2,600, principal 7,400.
/// 26 March, calculated in February and so before enforcement, takes 110,000.00: interest
/// 992,600.00 x 3.65% x 28 / 365 = 2,779.28, so 0.2779 a unit, 2,779.00; principal 107,221.00.
/// 26 April, calculated on 31 March, has 100,000.00: all of it is principal, and the interest of
/// 885,379.00 x 3.65% x 31 / 365 = 2,744.67 stays due at 0.2744 a unit.
BOOST_AUTO_TEST_CASE(enforcement_pays_by_its_own_priority_from_its_calculation_date_on)
{
    Driver d = enforced(enforcement_lines);
    d.must(d.with.make_notice().value(), "");
    d.pay(date("2019-03-20"), "R1", "100000.00");
    d.close(date("2019-03-20"));
    d.must(d.with.make_notice().value(), "");
    d.close(date("2019-03-25"));
    const Json march = d.distribute(date("2019-03-26"));
    BOOST_TEST(march.find("priority")->as_string() == "default");
    BOOST_TEST(text_at(march, "tranches", 0, "interest_paid") == "2779.00");
    BOOST_TEST(text_at(march, "tranches", 0, "principal_paid") == "107221.00");
    d.close(date("2019-04-25"));
    const Json april = d.distribute(date("2019-04-26"));
    BOOST_TEST(april.find("priority")->as_string() == "enforcement");
    BOOST_TEST(text_at(april, "tranches", 0, "principal_paid") == "100000.00");
    BOOST_TEST(text_at(april, "tranches", 0, "interest_paid") == "0.00");
    BOOST_TEST(text_at(april, "tranches", 0, "arrears") == "2744.00");
    d.close(date("2019-04-30"));
    BOOST_TEST((d.with.state().book.balance(Account::principal) == zero));
}

/// Without lines of its own, interest comes first as in default: 2,744.00, then 97,256.00.
BOOST_AUTO_TEST_CASE(without_its_own_priority_that_of_default_holds)
{
    Driver d = enforced("");
    d.must(d.with.make_notice().value(), "");
    d.pay(date("2019-03-20"), "R1", "100000.00");
    d.close(date("2019-03-20"));
    d.must(d.with.make_notice().value(), "");
    d.close(date("2019-03-25"));
    d.distribute(date("2019-03-26"));
    d.close(date("2019-04-25"));
    const Json april = d.distribute(date("2019-04-26"));
    BOOST_TEST(april.find("priority")->as_string() == "enforcement");
    BOOST_TEST(text_at(april, "lines", 0, "number") == "priority.default.all.1");
    BOOST_TEST(text_at(april, "tranches", 0, "interest_paid") == "2744.00");
    BOOST_TEST(text_at(april, "tranches", 0, "principal_paid") == "97256.00");
}

/// R1 pays 1,100,000.00 on 10 March. On 26 April principal lends interest 2,600 + 2,800 + 3,100 =
/// 8,500.00, repays A's 1,000,000.00 and 91,500.00 of SUB; nothing is left, and 8,500.00 of SUB is lost.
BOOST_AUTO_TEST_CASE(a_deal_ends_with_the_distribution_that_pays_out_the_last)
{
    Driver d(stored_deal(amortizing_deal(good_end, amortization)));
    d.snapshot({{"R1", "O1", "2019-03-10", "1100000.00", "1100000.00"}});
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.pay(date("2019-03-10"), "R1", "1100000.00");
    d.close(date("2019-03-25"));
    d.distribute(date("2019-03-26"));
    d.close(date("2019-04-25"));
    const Json last = d.distribute(date("2019-04-26"));
    BOOST_TEST(text_at(last, "tranches", 0, "closing") == "0.00");
    BOOST_TEST(text_at(last, "tranches", 1, "closing") == "8500.00");
    BOOST_TEST((d.with.state().phase == Phase::amortization));
    d.close(date("2019-04-26"));
    BOOST_TEST((d.with.state().phase == Phase::ended));
    const Record notice = d.with.make_notice().value();
    BOOST_TEST(text_at(notice.public_part, "triggers", 0, "id") == "done");
    BOOST_TEST(text_at(notice.public_part, "addressees", 0, "action") ==
               "pay nothing more; hold what still comes in");
    d.must(notice, "");

    const Program& p = d.with.program();
    BOOST_TEST(!next_payment(p, d.with.state()).has_value());
    BOOST_TEST(payment_dates(p, d.with.state()).back().unadjusted.str() == "2019-04-26");
    BOOST_TEST(!earliest_effect(p, d.with.state(), 1).has_value());
    d.credit(date("2019-05-02"), "50.00"); // what still comes in is booked and kept
    d.close(date("2019-05-31"));
    BOOST_TEST(d.with.state().fired.size() == 1U); // nothing is judged any more
    BOOST_TEST(d.with.state().book.balance(Account::bank).str() == "50.00");
    const auto more = d.with.make_distribution(date("2019-05-26"));
    BOOST_REQUIRE(!more.has_value());
    BOOST_TEST(more.error().message == "the deal has ended: nothing more is distributed");
    const auto stored = state_from_json(to_json(d.with.state(), p), p);
    BOOST_REQUIRE(stored.has_value());
    BOOST_TEST((stored->phase == Phase::ended));
}

BOOST_AUTO_TEST_CASE(only_a_default_is_enforced)
{
    const auto error = [](std::string text, const std::string& from, const std::string& to) {
        text.replace(text.find(from), from.size(), to);
        const auto file = parse_deal(text, "x.toml");
        return file ? std::string("reads") : file.error().front().message;
    };
    const std::string good =
        amortizing_deal(bad_end, amortization + std::string(default_lines) + enforcement_lines);
    BOOST_TEST(error(good, "during = \"default\"", "") == "only a deal in default can be enforced");
    BOOST_TEST(error(good, "\"default\"\nthen", "\"amortization\"\nthen") ==
               "only a deal in default can be enforced");
    BOOST_TEST(error(good, "priority.enforcement", "priority.ended") ==
               "'ended' is not a state of a deal");
    Program p = stored_deal(good);
    BOOST_TEST(unsound(p).empty());
    for (Trigger& t : p.triggers) t.during.reset();
    BOOST_TEST(!unsound(p).empty());
}

BOOST_AUTO_TEST_SUITE_END()
