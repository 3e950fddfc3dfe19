// Money: text both ways, limits, and the largest-remainder split.
// SPDX-License-Identifier: Apache-2.0
#include "data/money.hpp"

#include <numeric>

#include <boost/test/unit_test.hpp>
#include <rapidcheck/boost_test.h>

namespace tranchain {

BOOST_AUTO_TEST_SUITE(money_tests)

namespace {

std::vector<std::int64_t> split_fen(std::int64_t amount, std::vector<std::int64_t> weights)
{
    std::vector<std::int64_t> out;
    for (const auto part : allocate_pro_rata(Money::fen(amount), weights)) {
        out.push_back(part.in_fen());
    }
    return out;
}

using Fen = std::vector<std::int64_t>;

} // namespace

BOOST_AUTO_TEST_CASE(reads_and_writes_canonical_text)
{
    for (const std::string text : {"0.00", "0.01", "-0.01", "1.10", "-12.34", "1500000000.00",
                                   "10000000000000.00", "-10000000000000.00"}) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(Money::parse(text).value().str() == text);
        }
    }
    BOOST_TEST(Money::parse("-12.34").value().in_fen() == -1234);
    BOOST_TEST(Money().str() == "0.00");
}

BOOST_AUTO_TEST_CASE(refuses_any_other_text)
{
    for (const std::string text : {"",
                                   "-",
                                   ".",
                                   "0",
                                   "0.0",
                                   "0.000",
                                   ".00",
                                   "-.00",
                                   "-0.00",
                                   "00.00",
                                   "01.00",
                                   "+1.00",
                                   "1,000.00",
                                   " 1.00",
                                   "1.00 ",
                                   "1.0e",
                                   "1e3",
                                   "1.00.00",
                                   "--1.00",
                                   "1.-1",
                                   "0x1.00",
                                   "10000000000000.01",
                                   "-10000000000000.01",
                                   "100000000000000.00",
                                   "999999999999999.99",
                                   "1000000000000000.00",
                                   "99999999999999999999999999.00",
                                   "１.00",
                                   "1.0０",
                                   "nan"}) {
        BOOST_TEST_CONTEXT(text)
        {
            const auto money = Money::parse(text);
            BOOST_REQUIRE(!money);
            BOOST_TEST(money.error().message.starts_with("'" + text + "' "));
            BOOST_TEST(!money.error().hint.empty());
        }
    }
    BOOST_TEST(!Money::parse(std::string_view("1.00\0", 5)));
}

BOOST_AUTO_TEST_CASE(groups_thousands_for_people)
{
    BOOST_TEST(Money::fen(0).grouped() == "0.00");
    BOOST_TEST(Money::fen(99999).grouped() == "999.99");
    BOOST_TEST(Money::fen(100000).grouped() == "1,000.00");
    BOOST_TEST(Money::fen(-100000000).grouped() == "-1,000,000.00");
    BOOST_TEST(Money::fen(150'000'000'000).grouped() == "1,500,000,000.00");
    BOOST_TEST(Money::fen(-Money::max_fen).grouped() == "-10,000,000,000,000.00");
}

BOOST_AUTO_TEST_CASE(adds_and_compares)
{
    Money sum = Money::fen(5) + Money::fen(7);
    sum += Money::fen(1);
    sum -= Money::fen(20);
    BOOST_TEST((sum == Money::fen(-7)));
    BOOST_TEST((-sum == Money::fen(7)));
    BOOST_TEST((Money::fen(1) - Money::fen(3) == Money::fen(-2)));
    BOOST_TEST((min(Money::fen(1), Money::fen(2)) == Money::fen(1)));
    BOOST_TEST((max(Money::fen(1), Money::fen(2)) == Money::fen(2)));
    BOOST_TEST((Money::fen(-1) < zero));
    BOOST_TEST((Money::fen(Money::max_fen) - Money::fen(Money::max_fen) == zero));
}

BOOST_AUTO_TEST_CASE(splits_by_largest_remainder)
{
    BOOST_TEST(split_fen(100, {1, 1, 1}) == Fen({34, 33, 33})); // ties go to the earlier
    BOOST_TEST(split_fen(200, {1, 1, 1}) == Fen({67, 67, 66}));
    BOOST_TEST(split_fen(100, {1, 2, 3}) == Fen({17, 33, 50}));   // 16.67 33.33 50
    BOOST_TEST(split_fen(10, {0, 3, 0, 4}) == Fen({0, 4, 0, 6})); // 4.29 5.71
    BOOST_TEST(split_fen(1, {1, 1, 2}) == Fen({0, 0, 1}));
    BOOST_TEST(split_fen(0, {0, 0}) == Fen({0, 0}));
    BOOST_TEST(split_fen(0, {}) == Fen({}));
    BOOST_TEST(split_fen(7, {5}) == Fen({7}));
    const auto most = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(split_fen(Money::max_fen, {most, most}) ==
               Fen({Money::max_fen / 2, Money::max_fen / 2}));
}

RC_BOOST_PROP(parts_sum_to_the_amount, ())
{
    const auto amount = *rc::gen::inRange<std::int64_t>(0, Money::max_fen + 1);
    const auto weights = *rc::gen::suchThat(
        rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 1'000'000)),
        [](const auto& w) { return std::accumulate(w.begin(), w.end(), std::int64_t{0}) > 0; });
    const auto parts = split_fen(amount, weights);
    const auto total = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    RC_ASSERT(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == amount);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        __extension__ const auto exact = static_cast<__int128>(amount) * weights[i];
        RC_ASSERT(parts[i] == exact / total ||
                  (parts[i] == exact / total + 1 && exact % total != 0));
    }
}

RC_BOOST_PROP(text_comes_back, ())
{
    const auto fen = *rc::gen::inRange<std::int64_t>(-Money::max_fen, Money::max_fen + 1);
    RC_ASSERT(Money::parse(Money::fen(fen).str()).value().in_fen() == fen);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
