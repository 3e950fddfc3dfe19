// Compare: five real deals, 152 months, class by class.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/core.h>

#include "waterfall/compare.hpp"
#include "waterfall/compile.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(compare_tests)

namespace {

/// Not part of the repository: beside it, or where TRANCHAIN_SHARED says.
std::string reports(const char* file = "ally_10d/ally10d_2017_deals.csv")
{
    const char* named = std::getenv("TRANCHAIN_SHARED");
    const std::string folder = named != nullptr ? named : "../shared";
    return folder + "/data/" + file;
}

struct Known {
    int deal;
    std::int64_t months, principal_equal;
};
std::ostream& operator<<(std::ostream& out, const Known& k) { return out << "ally-2017-" << k.deal; }
const Known known[] = {{1, 35, 31}, {2, 33, 29}, {3, 31, 27}, {4, 28, 25}, {5, 25, 24}};

}  // namespace

BOOST_DATA_TEST_CASE(real_deals_agree_to_the_cent, known, k)
{
    const auto program = compile_file(fmt::format("data/deal/ally-2017-{}.toml", k.deal));
    BOOST_REQUIRE(program.has_value());
    if (!std::filesystem::exists(reports())) {
        BOOST_TEST_MESSAGE("skipped: " << reports() << " is not here");
        return;
    }
    const auto months = read_actual(reports(), *program);
    BOOST_REQUIRE(months.has_value());
    const auto c = compare(*program, *months);
    BOOST_REQUIRE(c.has_value());
    BOOST_TEST(static_cast<std::int64_t>(c->months.size()) == k.months);
    BOOST_TEST(c->principal_equal == k.principal_equal);
    BOOST_TEST(c->thirty_360_equal == c->thirty_360_compared);
    BOOST_TEST(c->thirty_360_compared > 140);
    for (const Difference& d : c->differences) {
        BOOST_TEST_CONTEXT(d.period << " " << d.tranche << " " << d.item)
        {
            // What differs is explained: the target still being built, or days really paid on.
            const bool building = d.item == "principal" && d.actual < d.by_rule;
            const bool rolled = d.tranche == "A1" && d.why.starts_with("accrues between");
            BOOST_TEST((building || rolled));
        }
    }
}

/// Two classes of one rank. The month's sum is given; coupons come from one month's interest.
BOOST_AUTO_TEST_CASE(classes_of_one_rank_share)
{
    const auto program = compile_file("data/deal/carmax-2017-3.toml");
    BOOST_REQUIRE(program.has_value());
    const std::string file = reports("carmax_10d/carmax10d_2017_deals.csv");
    if (!std::filesystem::exists(file)) {
        BOOST_TEST_MESSAGE("skipped: " << file << " is not here");
        return;
    }
    const auto months = read_actual(file, *program);
    BOOST_REQUIRE(months.has_value());
    const auto c = compare(*program, *months);
    BOOST_REQUIRE(c.has_value());
    BOOST_TEST(c->months.size() == 29U);
    BOOST_TEST(c->principal_equal == 29);
    BOOST_TEST(c->thirty_360_equal == c->thirty_360_compared);
    int split = 0;
    for (const Difference& d : c->differences) {
        BOOST_TEST_CONTEXT(d.period << " " << d.tranche << " " << d.item)
        {
            const Money apart = max(d.by_rule - d.actual, d.actual - d.by_rule);
            const bool cents = d.item == "principal" && d.tranche.starts_with("A2") &&
                               apart <= Money::fen(51); // the trust pays by a rounded factor
            const bool rolled = d.tranche == "A1" && d.why.starts_with("accrues between");
            BOOST_TEST((cents || rolled));
            if (cents) ++split;
        }
    }
    BOOST_TEST(split > 0);
    BOOST_TEST(split <= 18);
}

BOOST_AUTO_TEST_CASE(wrong_columns_are_named)
{
    const auto program = compile_file("data/deal/ally-2017-1.toml");
    BOOST_REQUIRE(program.has_value());
    const auto path = std::filesystem::temp_directory_path() / "tranchain-compare-test.csv";
    std::ofstream(path) << "date,pool\n2017-01-01,1.00\n";
    const auto missing = read_actual(path.string(), *program);
    std::filesystem::remove(path);
    BOOST_REQUIRE(!missing.has_value());
    BOOST_TEST(missing.error().front().message == "column 'period' is missing");
}

BOOST_AUTO_TEST_SUITE_END()
