// Sample pools: the same bytes from a seed, and the shape that the sample deal needs.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <boost/test/unit_test.hpp>

#include "data/digest.hpp"
#include "data/tape.hpp"
#include "data/text.hpp"
#include "waterfall/generate.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(generate_tests)

namespace {

std::string opening_csv(const SampleWorld& world)
{
    Tape tape;
    tape.columns = sample_tape_columns();
    tape.receivables = world.opening();
    return tape_csv(tape);
}

}  // namespace

BOOST_AUTO_TEST_CASE(sampler_is_splitmix64)
{
    Sampler s(1234567);  // the reference values of the algorithm's authors
    BOOST_TEST(s.next() == 6457827717110365317u);
    BOOST_TEST(s.next() == 3203168211198807973u);
    std::map<std::int64_t, int> seen;
    for (int i = 0; i < 60000; ++i) ++seen[s.between(1, 6)];
    BOOST_TEST(seen.size() == 6u);
    for (const auto& [face, count] : seen) BOOST_TEST((count > 9500 && count < 10500));
}

BOOST_AUTO_TEST_CASE(price_rounds_half_up)
{
    const Rate seven = Rate::ppb(70'000'000);
    BOOST_TEST(discount_price(Money::fen(100'000'00), seven, 73).str() == "98600.00");
    BOOST_TEST(discount_price(Money::fen(100'00), seven, 0).str() == "100.00");
    BOOST_TEST(discount_price(Money::fen(1'00), seven, 26).str() == "1.00");   // 0.99501...
    BOOST_TEST(discount_price(Money::fen(1'00), seven, 27).str() == "0.99");   // 0.99482...
}

BOOST_AUTO_TEST_CASE(opening_pool_has_the_shape_of_the_deal)
{
    for (std::uint64_t seed : {1u, 2u, 15u}) {
        const SampleWorld world(seed);
        Money price, face;
        std::map<std::string, Money> groups;
        for (const Receivable& r : world.opening()) {
            const int days = r.due_date - world.terms().closing;
            BOOST_TEST((days >= 20 && days <= 150));
            BOOST_TEST((r.purchase_price ==
                        discount_price(r.current_balance, world.terms().discount, days)));
            price += r.purchase_price;
            face += r.current_balance;
            groups[r.obligor_group] += r.current_balance;
        }
        BOOST_TEST(world.opening().size() == 2000u);
        BOOST_TEST(price.str() == "1500000000.00");
        BOOST_TEST(groups.size() >= 30u);
        Money largest;
        for (const auto& [group, sum] : groups) largest = max(largest, sum);
        BOOST_TEST((largest == groups["G01"]));
        BOOST_TEST((largest > scale(face, 44, 1000, Rounding::down)));
        BOOST_TEST((largest < scale(face, 54, 1000, Rounding::down)));
    }
}

BOOST_AUTO_TEST_CASE(tapes_read_back_without_a_flaw)
{
    const SampleWorld world(15);
    const auto opening = parse_tape(opening_csv(world), "opening.csv");
    BOOST_REQUIRE(opening.has_value());
    BOOST_TEST((opening->receivables == world.opening()));
    std::set<std::string> ids;
    Money sum;
    for (const Receivable& r : world.opening()) ids.insert(r.asset_id);
    std::size_t rows = ids.size();
    for (const CandidateTape& tape : world.candidates()) {
        for (const Receivable& r : tape.rows) {
            BOOST_REQUIRE(check_receivable(r).empty());
            ids.insert(r.asset_id);
            sum += r.current_balance;
            const int tenor = r.due_date - tape.as_of;
            BOOST_REQUIRE((tenor >= 30 && tenor <= 150));
        }
        rows += tape.rows.size();
    }
    BOOST_TEST(ids.size() == rows);
    const std::int64_t weeks = static_cast<std::int64_t>(world.candidates().size());
    BOOST_TEST(weeks == 104);
    const Money month = scale(sum, 365, weeks * 7 * 12, Rounding::half_up);
    BOOST_TEST((month > Money::fen(69'000'000'000) && month < Money::fen(72'000'000'000)));
}

BOOST_AUTO_TEST_CASE(same_seed_same_bytes)
{
    const std::string once = opening_csv(SampleWorld(15));
    BOOST_TEST(once == opening_csv(SampleWorld(15)));
    BOOST_TEST(once != opening_csv(SampleWorld(16)));
}

BOOST_AUTO_TEST_CASE(fates_follow_the_measured_rates)
{
    const Date owned = Date::of(2019, 3, 5);
    const Date due = Date::of(2019, 6, 5);
    const Money face = Money::fen(100'000'000);
    int by_due = 0, by_ten = 0, beyond_thirty = 0, one = 0, over = 0;
    Money lost;
    constexpr int n = 20000;
    for (int i = 0; i < n; ++i) {
        const Fate fate = fate_of(15, "R-" + std::to_string(i), face, due, owned);
        Money paid, made_good;
        int payments = 0;
        Date last = owned;
        for (const Fate::Payment& p : fate.payments) {
            BOOST_REQUIRE((p.date > owned && p.amount > zero));
            if (p.by_seller) {
                made_good += p.amount;
                continue;
            }
            ++payments;
            paid += p.amount;
            last = std::max(last, p.date);
        }
        BOOST_REQUIRE((paid >= face - fate.dilution));
        if (fate.dilution > zero) BOOST_REQUIRE((*fate.diluted_on > owned));
        over += paid > face - fate.dilution;
        one += payments == 1;
        by_due += last <= due;
        by_ten += last <= due + 10;
        beyond_thirty += last > due + 30;
        BOOST_REQUIRE((last <= due + 45));
        lost += fate.dilution - made_good;
    }
    const auto near = [](int count, int permille, int slack) {
        return count > n * (permille - slack) / 1000 && count < n * (permille + slack) / 1000;
    };
    BOOST_TEST(near(one, 942, 10));
    BOOST_TEST(near(by_due, 635, 25));
    BOOST_TEST(near(by_ten, 860, 20));
    BOOST_TEST((beyond_thirty > 0 && beyond_thirty < n / 150));
    BOOST_TEST((over > 0 && over < n / 500));
    const Money all = Money::fen(face.in_fen() * n);
    BOOST_TEST((lost > scale(all, 17, 10000, Rounding::down)));
    BOOST_TEST((lost < scale(all, 23, 10000, Rounding::down)));
}

BOOST_AUTO_TEST_CASE(bad_tapes_are_bad)
{
    const SampleWorld world(15);
    const auto malformed = parse_tape(malformed_tape_csv(world), "malformed.csv");
    BOOST_REQUIRE(!malformed.has_value());
    BOOST_TEST(malformed.error().size() >= 11u);
    const auto ineligible = parse_tape(ineligible_tape_csv(world), "ineligible.csv");
    BOOST_TEST(ineligible.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
