// What a purchase takes of the receivables on offer.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <boost/test/unit_test.hpp>

#include "tests/golden.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/generate.hpp"
#include "waterfall/selection.hpp"
#include "waterfall/strata.hpp"

using namespace tranchain; // tests read better without qualification

BOOST_AUTO_TEST_SUITE(selection_tests)

namespace {

const Program& sample_program()
{
    static const Program program = compile_file("data/deal/jdht-2018-6.toml").value();
    return program;
}

std::vector<const Receivable*> pointers(const std::vector<Receivable>& rows)
{
    std::vector<const Receivable*> out;
    for (const Receivable& r : rows) out.push_back(&r);
    return out;
}

/// 212 candidates of the sample, bought with `cash` into an empty pool.
Selection select(Money cash, const std::vector<Receivable>& rows)
{
    const Date day = Date::of(2018, 11, 12);
    const SelectionTerms terms{
        sample_program(), day, settlement_day(sample_program(), day), cash, {}, cash, {}};
    return select_receivables(terms, pointers(rows));
}

const std::vector<Receivable>& offered()
{
    static const std::vector<Receivable> rows = [] {
        SampleTerms terms;
        terms.last_tape = Date::of(2018, 11, 12);
        return SampleWorld(15, terms).candidates().front().rows;
    }();
    return rows;
}

} // namespace

BOOST_AUTO_TEST_CASE(never_spends_more_than_the_cash_and_explains_every_refusal)
{
    for (const std::int64_t fen :
         std::initializer_list<std::int64_t>{0, 1, 5'000'000, 7'000'000'00, 2'000'000'000'00}) {
        const Selection s = select(Money::fen(fen), offered());
        Money price, face;
        for (const auto& [r, p] : s.chosen) {
            price += p;
            face += r->current_balance;
        }
        BOOST_TEST(price.in_fen() == s.price.in_fen());
        BOOST_TEST(face.in_fen() == s.face.in_fen());
        BOOST_TEST(s.price.in_fen() <= fen);
        std::set<std::string> explained;
        for (const Refusal& r : s.refused) explained.insert(r.receivable->asset_id);
        BOOST_TEST(s.chosen.size() + explained.size() == offered().size());
    }
}

BOOST_AUTO_TEST_CASE(what_is_chosen_keeps_every_limit_counted_anew)
{
    const Money cash = Money::fen(200'000'000'00);
    const Selection s = select(cash, offered());
    BOOST_REQUIRE(!s.chosen.empty());
    std::map<std::string, std::int64_t> groups;
    std::int64_t base = cash.in_fen();
    for (const auto& [r, price] : s.chosen) {
        groups[r->obligor_group] += r->current_balance.in_fen();
        base += r->current_balance.in_fen() - price.in_fen();
    }
    std::vector<std::int64_t> sorted;
    for (const auto& [group, face] : groups) sorted.push_back(face);
    std::sort(sorted.rbegin(), sorted.rend());
    BOOST_TEST(sorted[0] * 10 <= base);
    std::int64_t five = 0;
    for (std::size_t i = 0; i < 5; ++i) five += sorted[i];
    BOOST_TEST(five * 10 <= base * 4);
}

BOOST_AUTO_TEST_CASE(a_group_that_was_over_its_limit_is_not_made_worse)
{
    Receivable r = offered().front();
    const Date day = Date::of(2018, 11, 12);
    const Money cash = Money::fen(100'000'000'00);
    const std::map<std::string, Money> groups{{r.obligor_group, Money::fen(30'000'000'00)}};
    const SelectionTerms terms{
        sample_program(), day, settlement_day(sample_program(), day), cash, groups,
        cash + cash,      {}};
    BOOST_TEST(select_receivables(terms, {&r}).chosen.empty());
    r.obligor_group = "another";
    BOOST_TEST(select_receivables(terms, {&r}).chosen.size() == 1U);
}

BOOST_AUTO_TEST_CASE(strata_add_up_to_the_tape)
{
    Tape tape;
    tape.receivables = offered();
    for (const char* column :
         {"obligor_code", "due_date", "current_balance", "holdback", "status"}) {
        const auto strata = stratify(tape, column, {}, Date::of(2018, 11, 12));
        BOOST_REQUIRE(strata.has_value());
        std::int64_t count = 0;
        for (const Stratum& s : *strata) count += s.count;
        BOOST_TEST(count == static_cast<std::int64_t>(tape.receivables.size()), column);
    }
}

BOOST_AUTO_TEST_SUITE_END()
