// Limits: the pool of closing is judged as a purchase is, and a buyer asks the judge's own test.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "tests/judge_fixture.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/purchase.hpp"

namespace tranchain::test {

BOOST_AUTO_TEST_SUITE(limit_tests)

namespace {

Limit limit(int count, bool each, const char* share)
{
    Limit l;
    l.count = count;
    l.each = each;
    l.share = Rate::parse(share).value();
    l.clause.text = fmt::format("{} of {} <= {}", each ? "each" : "top", count, share);
    return l;
}

/// Notes bring in 1,100,000.00; 990,000.00 buys 1,000,000.00, so the base is 1,110,000.00.
Verdict snapshot_under(std::vector<Limit> limits)
{
    Program p = small_deal();
    p.limits = std::move(limits);
    Judge judge(p, Judge::Rows::present);
    const RandomSource random = seeded_random("limits");
    std::vector<Row> rows;
    for (const Asked& a : std::vector<Asked>{{"R1", "O1", "2019-04-10", "555000.00", "545000.00"},
                                             {"R2", "O2", "2019-04-15", "445000.00", "445000.00"}})
        rows.push_back(receivable(a, p.closing, random));
    const Submission s = build_snapshot(p.closing, std::move(rows)).value();
    return judge.judge(s.record, by("servicer"), &s.rows);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_snapshot_keeps_the_limits)
{
    // 555,000.00 of 1,110,000.00 is one half exactly; equal is allowed.
    BOOST_TEST(snapshot_under({limit(1, true, "50%")}).accepted());
    const Verdict one = snapshot_under({limit(1, true, "49.99%")});
    BOOST_REQUIRE(one.findings.size() == 1u);
    BOOST_TEST(one.findings.front().id == "limit");
    BOOST_TEST(one.findings.front().message ==
               "'each of 1 <= 49.99%' is not met after the purchase: 555000.00 of 1110000.00 in "
               "group 'O1'");
    // Both together are 1,000,000.00 of 1,110,000.00: 90.09%.
    BOOST_TEST(snapshot_under({limit(2, false, "90.1%")}).accepted());
    BOOST_TEST(snapshot_under({limit(2, false, "90%")}).findings.size() == 1u);
}

/// A hundred offers one after another: what the test takes, the judge finds nothing in; what it
/// refuses, the judge would refuse as well.
BOOST_AUTO_TEST_CASE(a_buyer_is_told_what_the_judge_will_say)
{
    Program p = small_deal();
    p.limits = {limit(1, true, "30%"), limit(2, false, "50%")};
    DealState state = opening_state(p);
    state.book.post(Posting::receipt(p.closing, "notes", Account::principal, yuan("1100000.00")),
                    nullptr);
    const Pool pool;
    LimitTest test(p, state, pool);
    std::vector<Holding> taken;
    std::size_t refusals = 0;
    for (int i = 0; i < 100; ++i) {
        Holding h;
        h.asset_id = std::to_string(i);
        h.obligor_group = "G" + std::to_string(i * i % 7);
        h.face = Money::fen(2'500'000 + 100'000 * (i % 5));
        h.price = Money::fen(h.face.in_fen() * 98 / 100);
        std::vector<Holding> with = taken;
        with.push_back(h);
        const bool fits = judge_limits(p, state, pool, with).empty();
        BOOST_TEST(test.take(h) == fits);
        if (fits)
            taken = std::move(with);
        else
            ++refusals;
        BOOST_TEST(test.findings().empty());
    }
    BOOST_TEST(refusals > 10u);
    BOOST_TEST(taken.size() > 10u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain::test
