// Rate: text both ways, every rounding with every sign, and interest by hand.
// SPDX-License-Identifier: Apache-2.0
#include "data/rate.hpp"

#include <boost/test/unit_test.hpp>

namespace tranchain {

BOOST_AUTO_TEST_SUITE(rate_tests)

namespace {

Money yuan(std::string_view text)
{
    return Money::parse(text).value();
}
Rate rate(std::string_view text)
{
    return Rate::parse(text).value();
}

constexpr Rounding all_modes[] = {Rounding::half_up, Rounding::half_even, Rounding::down,
                                  Rounding::up};

} // namespace

BOOST_AUTO_TEST_CASE(reads_and_writes_percent)
{
    const std::tuple<const char*, std::int64_t, const char*> cases[] = {
        {"4.10%", 41'000'000, "4.10%"},      {"4.1%", 41'000'000, "4.10%"},
        {"5.90%", 59'000'000, "5.90%"},      {"0%", 0, "0.00%"},
        {"100%", 1'000'000'000, "100.00%"},  {"-0.5%", -5'000'000, "-0.50%"},
        {"0.000001%", 10, "0.000001%"},      {"0.0000001%", 1, "0.0000001%"},
        {"12.345%", 123'450'000, "12.345%"}, {"-100000%", -1'000'000'000'000, "-100000.00%"},
    };
    for (const auto& [text, ppb, written] : cases) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(rate(text).in_ppb() == ppb);
            BOOST_TEST(rate(text).str() == written);
            BOOST_TEST((rate(rate(text).str()) == Rate::ppb(ppb)));
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_any_other_text)
{
    for (const std::string text : {"",        "%",           "4.10",
                                   "4.%",     ".5%",         "-%",
                                   "-.5%",    "-0%",         "-0.00%",
                                   "04%",     "00%",         "+1%",
                                   "1 %",     " 1%",         "1%%",
                                   "1e2%",    "0.00000001%", "100000.0000001%",
                                   "100001%", "1000000%",    "99999999999999999999%",
                                   "1,000%",  "1.2.3%",      "1.-2%",
                                   "％"}) {
        BOOST_TEST_CONTEXT(text)
        {
            const auto read = Rate::parse(text);
            BOOST_REQUIRE(!read);
            BOOST_TEST(read.error().message.starts_with("'" + text + "' "));
        }
    }
}

BOOST_AUTO_TEST_CASE(names_of_rounding_come_back)
{
    for (const auto mode : all_modes) BOOST_TEST((parse_rounding(name(mode)).value() == mode));
    for (const auto* text : {"", "half", "HALF-UP", "half_up", "up "}) {
        BOOST_TEST(!parse_rounding(text));
    }
}

BOOST_AUTO_TEST_CASE(rounds_by_hand)
{
    struct Case {
        int numerator, denominator;
        std::int64_t half_up, half_even, down, up;
    };
    const Case cases[] = {
        {0, 2, 0, 0, 0, 0},      {4, 2, 2, 2, 2, 2},       {-4, 2, -2, -2, -2, -2},
        {1, 2, 1, 0, 0, 1},      {-1, 2, -1, 0, 0, -1},    {3, 2, 2, 2, 1, 2},
        {-3, 2, -2, -2, -1, -2}, {5, 2, 3, 2, 2, 3},       {-5, 2, -3, -2, -2, -3},
        {7, 2, 4, 4, 3, 4},      {-7, 2, -4, -4, -3, -4},  {1, 3, 0, 0, 0, 1},
        {-1, 3, 0, 0, 0, -1},    {2, 3, 1, 1, 0, 1},       {-2, 3, -1, -1, 0, -1},
        {10, 4, 3, 2, 2, 3},     {-10, 4, -3, -2, -2, -3}, {1, 1, 1, 1, 1, 1},
        {1, 100, 0, 0, 0, 1},    {-1, 100, 0, 0, 0, -1},   {99, 100, 1, 1, 0, 1},
    };
    for (const auto& c : cases) {
        BOOST_TEST_CONTEXT(c.numerator << "/" << c.denominator)
        {
            BOOST_TEST(divide_rounded(c.numerator, c.denominator, Rounding::half_up) == c.half_up);
            BOOST_TEST(divide_rounded(c.numerator, c.denominator, Rounding::half_even) ==
                       c.half_even);
            BOOST_TEST(divide_rounded(c.numerator, c.denominator, Rounding::down) == c.down);
            BOOST_TEST(divide_rounded(c.numerator, c.denominator, Rounding::up) == c.up);
        }
    }
}

// Every small fraction against the definition: the nearest integer, said without division.
BOOST_AUTO_TEST_CASE(rounds_as_defined)
{
    int wrong = 0;
    for (int d = 1; d <= 24; ++d) {
        for (int n = -200; n <= 200; ++n) {
            for (const auto mode : all_modes) {
                const auto q = divide_rounded(n, d, mode);
                const auto error = 2 * (q * d - n); // twice the error, in units of 1/d
                const bool exact = n % d == 0;
                const bool outwards = n < 0 ? q * d <= n : q * d >= n;
                bool good = std::abs(error) <= d;
                if (mode == Rounding::half_up) good = good && (std::abs(error) != d || outwards);
                if (mode == Rounding::half_even)
                    good = good && (std::abs(error) != d || q % 2 == 0);
                if (mode == Rounding::up) good = std::abs(error) < 2 * d && outwards;
                if (mode == Rounding::down) good = std::abs(error) < 2 * d && (exact || !outwards);
                wrong += good && (!exact || error == 0) ? 0 : 1;
            }
        }
    }
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(divides_the_largest_numbers)
{
    const auto most = std::numeric_limits<std::int64_t>::max();
    const Int128 huge = static_cast<Int128>(most) * most;
    BOOST_TEST(divide_rounded(huge, most, Rounding::half_up) == most);
    BOOST_TEST(divide_rounded(-huge, most, Rounding::half_even) == -most);
    const Int128 half = Int128{1} << 126;
    const Int128 widest = half - 1 + half;  // 2^127 - 1
    BOOST_TEST(divide_rounded(widest - 1, widest, Rounding::half_up) == 1);
    BOOST_TEST(divide_rounded(1, widest, Rounding::half_up) == 0);
    BOOST_TEST(divide_rounded(-1, widest, Rounding::up) == -1);
}

BOOST_AUTO_TEST_CASE(interest_by_hand)
{
    const auto at = [](const char* amount, const char* percent, int days) {
        return interest(yuan(amount), rate(percent), days, 365, Rounding::half_up).grouped();
    };
    // 1,080,000,000 x 0.041 = 44,280,000 a year; x 61 / 365 = 7,400,219.178...
    BOOST_TEST(at("1080000000.00", "4.10%", 61) == "7,400,219.18");
    BOOST_TEST(at("419250000.00", "5.90%", 61) == "4,133,919.86");
    BOOST_TEST(at("1080000000.00", "4.10%", 110) == "13,344,657.53");
    BOOST_TEST(at("419250000.00", "5.90%", 110) == "7,454,609.59");
    BOOST_TEST(at("1080000000.00", "4.10%", 0) == "0.00");
    BOOST_TEST(at("-365.00", "1.00%", 1) == "-0.01");
    BOOST_TEST((interest(yuan("182.50"), rate("1%"), 1, 365, Rounding::half_up) == Money::fen(1)));
    BOOST_TEST((interest(yuan("182.50"), rate("1%"), 1, 365, Rounding::half_even) == zero));
    // The limits that the header states: 10^15 fen at 0.01% of the largest rate, 99,999 days.
    BOOST_TEST((interest(Money::fen(Money::max_fen), Rate::ppb(1), 99'999, 1, Rounding::down) ==
                Money::fen(99'999'000'000)));
    BOOST_TEST((interest(Money::fen(Money::max_fen), Rate::ppb(1'000'000'000'000), 1, 1000,
                         Rounding::down) == Money::fen(Money::max_fen)));
}

BOOST_AUTO_TEST_CASE(shares_and_scales_round_once)
{
    BOOST_TEST((share(yuan("100.01"), rate("50%"), Rounding::half_up) == yuan("50.01")));
    BOOST_TEST((share(yuan("100.01"), rate("50%"), Rounding::half_even) == yuan("50.00")));
    BOOST_TEST((share(yuan("-100.01"), rate("50%"), Rounding::half_up) == yuan("-50.01")));
    BOOST_TEST((share(yuan("0.01"), rate("0.0000001%"), Rounding::up) == yuan("0.01")));
    BOOST_TEST((scale(yuan("100.00"), 1, 3, Rounding::half_up) == yuan("33.33")));
    BOOST_TEST((scale(yuan("100.00"), 2, 3, Rounding::half_up) == yuan("66.67")));
    BOOST_TEST((scale(yuan("100.00"), -2, 3, Rounding::down) == yuan("-66.66")));
    BOOST_TEST((scale(Money::fen(Money::max_fen), Money::max_fen, Money::max_fen, Rounding::up) ==
                Money::fen(Money::max_fen)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
