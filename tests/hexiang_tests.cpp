// 和享2017-5: the offering circular's 23-period table through the deal's two ledgers.
//
// What the circular determines: the pool's roll-forward; and, taking the principal of the table
// alone (no excess of interest goes to principal), when each class is repaid: A on 2019-03-26 and B
// on 2019-05-26, each one month before its expected maturity, SUB on 2019-11-26, which is its own.
// What it does not: spreads and fees, so no figure of interest is compared.
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <map>

#include <boost/test/unit_test.hpp>

#include "data/csv.hpp"
#include "judge_fixture.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/exact/distribution.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(hexiang_tests)

namespace {

std::string circular()
{
    const char* named = std::getenv("TRANCHAIN_SHARED");
    return std::string(named != nullptr ? named : "../shared") +
           "/data/hexiang_2017_5/cashflow_projection.csv";
}

/// 10,000 CNY with two decimals, so a hundred yuan is the last digit.
Money ten_thousands(std::string_view text)
{
    return Money::fen(Money::parse(text).value().in_fen() * 10'000);
}

} // namespace

BOOST_AUTO_TEST_CASE(classes_are_repaid_as_the_table_lets_them)
{
    const auto program = compile_file("data/deal/hexiang-2017-5.toml");
    if (!program) BOOST_FAIL(program.error().front().message);
    if (!std::filesystem::exists(circular())) {
        BOOST_TEST_MESSAGE("skipped: " << circular() << " is not here");
        return;
    }
    const auto table = read_csv(circular());
    BOOST_REQUIRE(table.has_value());
    Program p = *program;
    p.fees.clear();
    Priority& priority = p.priorities[Phase::amortization];
    priority.income.clear();
    priority.all = std::exchange(priority.principal, {});
    priority.all.erase(priority.all.begin()); // cover income shortfall
    DealState s = opening_state(p);
    s.started = true;
    std::map<std::string, std::string> repaid;
    int periods = 0;
    Money expected_opening = ten_thousands("1506120.36");
    for (const auto& row : table->rows) {
        const Date end = Date::parse(row.fields[0]).value();
        const Date paid = Date::parse(row.fields[1]).value();
        const Money principal = ten_thousands(row.fields[3]);
        const Money apart = ten_thousands(row.fields[2]) - principal - ten_thousands(row.fields[5]);
        BOOST_TEST((max(apart, -apart) <= ten_thousands("0.01"))); // rounded to 100 yuan
        BOOST_TEST(ten_thousands(row.fields[2]).str() == expected_opening.str());
        expected_opening = ten_thousands(row.fields[5]);
        const auto next = next_payment(p, s);
        BOOST_REQUIRE(next.has_value());
        BOOST_TEST(next->unadjusted.str() == paid.str());
        BOOST_TEST(next->calculation.str() == end.str());
        const Money cash = s.book.balance(Account::principal) + principal;
        for (const Account a : {Account::principal, Account::bank}) s.book.restore(a, cash);
        s.totals.principal = cash;
        s.closed_through = next->adjusted - 1;
        s.marks = {{end, Phase::amortization, s.totals}};
        const auto d = distribute(p, s, paid);
        if (!d) BOOST_FAIL(d.error().message);
        BOOST_TEST((d->total + d->income_left).str() == cash.str());
        s.tranches = d->payout.tranches;
        for (TrancheState& t : s.tranches) t.arrears = zero;
        for (const Account a : {Account::principal, Account::bank}) {
            s.book.restore(a, cash - d->total);
        }
        s.accrued_from = paid;
        s.calculated = end;
        for (std::size_t i = 0; i < p.tranches.size(); ++i) {
            if (s.tranches[i].balance == zero) repaid.emplace(p.tranches[i].id, paid.str());
        }
        ++periods;
    }
    BOOST_TEST(periods == 23);
    BOOST_TEST(repaid["A"] == "2019-03-26");
    BOOST_TEST(repaid["B"] == "2019-05-26");
    BOOST_TEST(repaid["SUB"] == "2019-11-26");
}

BOOST_AUTO_TEST_SUITE_END()
