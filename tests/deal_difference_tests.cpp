// Which clauses of two deals differ.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "tests/golden.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/deal_difference.hpp"
#include "waterfall/exact/program_json.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(deal_difference_tests)

namespace {

/// The shipped deal with some text replaced.
DealFile changed(const std::vector<std::pair<std::string, std::string>>& edits)
{
    std::string text = golden::read_text("data/deal/jdht-2018-6.toml");
    for (const auto& [from, to] : edits) {
        const auto at = text.find(from);
        BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
        text.replace(at, from.size(), to);
    }
    auto deal = parse_deal(text, "b.toml");
    BOOST_REQUIRE(deal.has_value());
    return *deal;
}

std::vector<std::string> compare(const DealFile& a, const DealFile& b)
{
    const auto one = compile(a);
    const auto two = compile(b);
    BOOST_REQUIRE(one && two);
    std::vector<std::string> out;
    for (const ClauseChange& c : deal_differences({to_json(*one), &a}, {to_json(*two), &b})) {
        out.push_back(std::string(name(c.kind)) + " " + c.clause + ": " + c.before + " / " +
                      c.after);
    }
    return out;
}

const std::string lines = R"("pay principal A", "pay principal B", "pay principal SUB")";

} // namespace

BOOST_AUTO_TEST_CASE(an_inserted_line_is_one_change)
{
    const auto changes =
        compare(changed({}),
                changed({{R"("cover income shortfall", "pay principal A")",
                          R"("cover income shortfall", "pay servicing", "pay principal A")"}}));
    BOOST_TEST(
        changes ==
            std::vector<std::string>{"added priority.amortization.principal.2:  / pay servicing"},
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_order_is_a_move_in_a_priority_and_nothing_among_criteria)
{
    const auto changes =
        compare(changed({}),
                changed({{lines, R"("pay principal B", "pay principal A", "pay principal SUB")"},
                         {R"("not past due", "obligor not insolvent")",
                          R"("obligor not insolvent", "not past due")"}}));
    BOOST_REQUIRE_EQUAL(changes.size(), 1U);
    BOOST_TEST(changes[0].starts_with("moved priority.amortization.principal."));
}

BOOST_AUTO_TEST_CASE(an_added_table_is_one_change)
{
    const auto changes = compare(
        changed({}),
        changed({{"[[schedule]]",
                  "[[fee]]\nid = \"audit\"\namount = \"1.00\"\nper = \"year\"\n[[schedule]]"}}));
    BOOST_TEST(changes == std::vector<std::string>{"added fee.audit:  / 1.00 per year"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_moved_payment_is_named)
{
    const auto changes =
        compare(changed({}), changed({{"roll = \"following\"", "roll = \"preceding\""}}));
    BOOST_REQUIRE_EQUAL(changes.size(), 1U);
    BOOST_TEST(changes[0].starts_with("changed schedule.revolving: "));
    BOOST_TEST(changes[0].find("2019-05-27") != std::string::npos, changes[0]);
    BOOST_TEST(changes[0].find("2019-05-24") != std::string::npos, changes[0]);
}

/// Form, rate, basis and fees of a price stand in one clause, and so do they here.
BOOST_AUTO_TEST_CASE(every_member_of_a_price_is_compared)
{
    const std::string old = "price = \"face * (1 - 7.00% * days to due / 365)\"";
    const std::string was = "face * (1 - 7.00% * days to due / 365)";
    for (const std::string now :
         {"face * (1 - 7.50% * days to due / 365)", "face * (1 - 7.00% * days to due / 360)",
          "face / (1 + 7.00% * days to due / 365)", "face", "financed",
          "face * (1 - 7.00% * days to due / 365) - 1000.00",
          "face * (1 - 7.00% * days to due / 365) - 0.50% of face",
          "face * (1 - 7.00% * days to due / 365) - 0.10% of face per started 30 days"}) {
        const auto changes = compare(changed({}), changed({{old, "price = \"" + now + "\""}}));
        BOOST_TEST(changes == std::vector<std::string>{"changed purchase: " + was +
                                                       ", settles T+1 / " + now + ", settles T+1"},
                   boost::test_tools::per_element());
    }
    const std::string fee = "price = \"face - 0.10% of face per started 30 days\"";
    const std::string days = "price = \"face - 0.10% of face per started 31 days\"";
    const std::string full = "price = \"face - 0.10% of face per full 30 days\"";
    for (const std::string& other : {days, full}) {
        BOOST_TEST(compare(changed({{old, fee}}), changed({{old, other}})).size() == 1U);
    }
    BOOST_TEST(compare(changed({}), changed({{"settle = \"T+1\"", "settle = \"T+2\""}})).size() ==
               1U);
}

BOOST_AUTO_TEST_SUITE_END()
