// Matching: hand-made receipts with one right answer each, and that the pool takes every proposal.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <deque>
#include <map>
#include <random>

#include <fmt/core.h>

#include "tests/seed.hpp"
#include "waterfall/matching.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(matching_tests)

namespace {

const Date closing = Date::of(2018, 11, 8);

Money yuan(std::int64_t amount)
{
    return Money::fen(amount * 100);
}

/// A pool of closing, and what is known of its receivables beside it.
struct Desk {
    Pool pool;
    std::map<std::string, OpenReceivable> known;
    std::vector<OpenReceipt> receipts;

    void own(const std::string& id, Money face, Date due, const std::string& invoice,
             const std::string& obligor)
    {
        Holding h;
        h.asset_id = id;
        h.obligor_code = h.obligor_group = obligor;
        h.face = face;
        h.price = face;
        h.purchase_date = closing;
        h.due = due;
        BOOST_TEST_REQUIRE(pool.add_snapshot({h}, nullptr).empty());
        known[id] = {nullptr, invoice, obligor, "name of " + obligor};
    }

    void receive(const std::string& key, Date date, Money amount, const std::string& reference,
                 const std::string& payer = "", const std::string& code = "")
    {
        pool.add_receipt(key, date, amount);
        receipts.push_back({key, date, amount, zero, reference, payer, code});
    }

    std::vector<ProposedAllocation> propose(Date from = closing) const
    {
        std::vector<OpenReceivable> open;
        for (const Asset& a : pool.assets()) {
            open.push_back(known.at(a.id));
            open.back().asset = &a;
        }
        return propose_allocations(open, receipts, from);
    }
};

/// `kind asset amount confidence`, one line each.
std::string lines(const std::vector<ProposedAllocation>& proposed)
{
    std::string out;
    for (const auto& [a, confidence, reason] : proposed)
        out += fmt::format("{} {} {} {}\n", name(a.kind), a.asset_id.empty() ? "-" : a.asset_id,
                           a.amount.str(), name(confidence));
    return out;
}

Desk four()
{
    Desk d;
    d.own("R-1", yuan(100), closing + 20, "11111111", "G1");
    d.own("R-2", yuan(250), closing + 30, "22222222", "G1");
    d.own("R-3", yuan(430), closing + 40, "33333333", "G1");
    d.own("R-4", yuan(900), closing + 50, "44444444", "G2");
    return d;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_the_payer_wrote_comes_before_what_fits)
{
    // The first receipt, of the same obligor, would take R-1 as the oldest; the second names it.
    Desk d = four();
    d.receive("a", closing + 5, yuan(250), "", "", "G1");
    d.receive("b", closing + 6, yuan(350), "invoices 11111111, 22222222", "", "G1");
    BOOST_TEST(lines(d.propose()) == "payment R-3 250.00 weak\n"
                                     "payment R-1 100.00 exact\npayment R-2 250.00 exact\n");
}

BOOST_AUTO_TEST_CASE(a_number_within_a_number_names_nothing)
{
    Desk d = four();
    d.receive("a", closing + 5, yuan(7), "order 9111111119 of 2018");
    BOOST_TEST(lines(d.propose()) == "unapplied - 7.00 exact\n");
    d.receipts[0].reference = "货款11111111号";
    BOOST_TEST(lines(d.propose()) == "payment R-1 7.00 likely\n");
}

BOOST_AUTO_TEST_CASE(amounts_of_one_payer)
{
    Desk d = four();
    d.receive("a", closing + 5, yuan(430), "", "name of G1"); // that of R-3 alone
    BOOST_TEST(lines(d.propose()) == "payment R-3 430.00 likely\n");
    d.receipts[0].left = yuan(350); // the two that fall due first
    BOOST_TEST(lines(d.propose()) == "payment R-1 100.00 likely\npayment R-2 250.00 likely\n");
    d.receipts[0].left = yuan(530); // no other sum
    BOOST_TEST(lines(d.propose()) == "payment R-1 100.00 likely\npayment R-3 430.00 likely\n");
    d.receipts[0].left = yuan(120); // nothing fits: the oldest first
    BOOST_TEST(lines(d.propose()) == "payment R-1 100.00 weak\npayment R-2 20.00 weak\n");
    d.receipts[0].left = yuan(800); // more than all
    BOOST_TEST(lines(d.propose()) == "payment R-1 100.00 weak\npayment R-2 250.00 weak\n"
                                     "payment R-3 430.00 weak\nunapplied - 20.00 exact\n");
}

BOOST_AUTO_TEST_CASE(two_sums_are_no_certainty)
{
    Desk d = four();
    d.own("R-5", yuan(150), closing + 60, "55555555", "G1");
    d.receive("a", closing + 5, yuan(400), "", "", "G1"); // alone
    BOOST_TEST(lines(d.propose()) == "payment R-2 250.00 likely\npayment R-5 150.00 likely\n");
    d.own("R-6", yuan(50), closing + 70, "66666666", "G1"); // now R-1 + R-2 + R-6 as well
    BOOST_TEST(lines(d.propose()).find("weak") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_pays_is_known_by_name_too)
{
    Desk d = four();
    d.receive("a", closing + 5, yuan(250), "22222222 incl. interest", "name of G1");
    d.receive("b", closing + 6, yuan(3), "interest", "name of G2"); // an obligor's, so no income
    d.receive("c", closing + 7, yuan(2), "interest", "the bank");
    BOOST_TEST(lines(d.propose()) == "payment R-2 250.00 exact\npayment R-4 3.00 weak\n"
                                     "income - 2.00 likely\n");
    Desk e = four();
    BOOST_TEST_REQUIRE(e.pool.add_dilutions({{"R-3", closing + 2, yuan(30), "return", {}}}).empty());
    e.receive("a", closing + 5, yuan(30), "R-3", "name of G1"); // the obligor himself makes nothing good
    BOOST_TEST(lines(e.propose()) == "payment R-3 30.00 likely\n");
}

BOOST_AUTO_TEST_CASE(what_falls_due_first_is_weak_where_another_sum_fits)
{
    Desk d = four();
    d.own("R-5", yuan(350), closing + 60, "55555555", "G1");
    d.receive("a", closing + 5, yuan(350), "", "", "G1");
    BOOST_TEST(lines(d.propose()) == "payment R-5 350.00 weak\n");
}

BOOST_AUTO_TEST_CASE(a_receipt_partly_unapplied)
{
    Desk d = four();
    d.receive("a", closing + 5, yuan(300), ""); // 180.00 unapplied, 120.00 not booked at all
    BOOST_TEST_REQUIRE(
        d.pool.add_allocations({{closing + 5, "a", "", AllocationKind::unapplied, yuan(180)}}).empty());
    d.receipts[0].unapplied = yuan(180);
    BOOST_TEST(lines(d.propose(closing + 9)) == "unapplied - 120.00 exact\n");
    d.receipts[0].reference = "11111111"; // 100.00 of the 120.00
    BOOST_TEST(lines(d.propose(closing + 9)) == "payment R-1 100.00 likely\nunapplied - 20.00 exact\n");
    d.receipts[0].reference = "22222222"; // all 120.00 and 130.00 of the 180.00
    BOOST_TEST(lines(d.propose(closing + 9)) == "unapplied - -130.00 exact\npayment R-2 250.00 likely\n");
}

BOOST_AUTO_TEST_CASE(a_stranger)
{
    Desk d = four();
    d.receive("a", closing + 5, yuan(900), "", "somebody");
    BOOST_TEST(lines(d.propose()) == "payment R-4 900.00 weak\n");
    d.own("R-5", yuan(900), closing + 60, "55555555", "G3");
    BOOST_TEST(lines(d.propose()) == "unapplied - 900.00 exact\n");
    d.receipts[0].reference = "for 44444444";
    const auto named = d.propose();
    BOOST_TEST(lines(named) == "payment R-4 900.00 exact\n");
    BOOST_TEST(named[0].reason.find("paid by somebody, who is not its obligor") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(dilution_made_good_and_repurchase)
{
    Desk d = four();
    BOOST_TEST_REQUIRE(d.pool.add_dilutions({{"R-3", closing + 2, yuan(30), "return", {}}}).empty());
    d.receive("a", closing + 5, yuan(30), "dilution of R-3", "seller");
    d.receive("b", closing + 6, yuan(900), "回购R-4", "seller"); // bought at its face: no discount to earn
    const auto proposed = d.propose();
    BOOST_TEST(lines(proposed) == "dilution R-3 30.00 exact\nrepurchase R-4 900.00 exact\n");
}

BOOST_AUTO_TEST_CASE(unapplied_cash_finds_its_receivable_later)
{
    Desk d = four();
    d.receive("a", closing + 5, yuan(260), "");
    BOOST_TEST_REQUIRE(
        d.pool.add_allocations({{closing + 5, "a", "", AllocationKind::unapplied, yuan(260)}}).empty());
    d.receipts[0].unapplied = yuan(260);
    BOOST_TEST(lines(d.propose(closing + 9)).empty()); // stays, without a line
    d.receipts[0].reference = "22222222";              // the payer explained
    const auto proposed = d.propose(closing + 9);
    BOOST_TEST(lines(proposed) == "unapplied - -250.00 exact\npayment R-2 250.00 likely\n");
    BOOST_TEST(proposed[1].allocation.date.str() == (closing + 9).str());
}

BOOST_AUTO_TEST_CASE(the_pool_takes_every_proposal)
{
    std::mt19937_64 random(test_seed());
    const auto below = [&](std::uint64_t n) { return random() % n; };
    for (int round = 0; round < 200; ++round) {
        Desk d;
        const auto count = 1 + below(12);
        for (std::uint64_t i = 0; i < count; ++i)
            d.own(fmt::format("R-{}", i), yuan(static_cast<std::int64_t>(1 + below(40) * 10)),
                  closing + static_cast<std::int32_t>(10 + below(90)), fmt::format("{:08}", i % 9),
                  fmt::format("G{}", below(3)));
        std::vector<Dilution> dilutions;
        for (const Asset& a : d.pool.assets())
            if (below(4) == 0) dilutions.push_back({a.id, closing + 1, Money::fen(100), "return", {}});
        BOOST_TEST_REQUIRE(d.pool.add_dilutions(dilutions).empty());
        const auto receipts = below(9);
        for (std::uint64_t i = 0; i < receipts; ++i) {
            const std::string reference = below(2) == 0   ? fmt::format("{:08} 回购", below(9))
                                          : below(2) == 0 ? fmt::format("R-{}", below(12))
                                                          : "";
            d.receive(fmt::format("k{}", i), closing + static_cast<std::int32_t>(2 + below(5)),
                      yuan(static_cast<std::int64_t>(1 + below(60) * 5)), reference, "",
                      below(2) == 0 ? fmt::format("G{}", below(3)) : "");
        }
        std::map<std::string, Money> booked;
        for (OpenReceipt& r : d.receipts) {
            const Money part = yuan(static_cast<std::int64_t>(below(3)));
            if (part == zero || part > r.left) continue;
            BOOST_TEST_REQUIRE(
                d.pool.add_allocations({{r.date, r.key, "", AllocationKind::unapplied, part}}).empty());
            r.unapplied = booked[r.key] = part;
        }
        const auto proposed = d.propose();
        std::vector<Allocation> allocations;
        for (const ProposedAllocation& p : proposed) {
            allocations.push_back(p.allocation);
            booked[p.allocation.receipt] += p.allocation.amount;
            BOOST_TEST(!p.reason.empty());
        }
        for (const OpenReceipt& r : d.receipts) BOOST_TEST(booked[r.key].str() == r.left.str());
        const Errors refused = d.pool.add_allocations(allocations);
        BOOST_TEST(refused.empty(), (refused.empty() ? "" : refused.front().message));
    }
}

BOOST_AUTO_TEST_SUITE_END()
