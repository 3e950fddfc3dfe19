// A life again: nothing differs under the same terms, and only what a clause decides under others.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "stored_deal.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/rehearsal.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(rehearsal_tests)

namespace {

/// Buys at face for the next weekday, no group above 60%; a pool below `least` for three days
/// accelerates. A: 1,000,000.00 at 3.65%, so 100.00 a day, which principal lends.
Program bought_deal(const std::string& least = "pool balance < 400000.00",
                    const std::string& limit = "60%",
                    const std::string& more = "")
{
    return stored_deal(R"([deal]
id = "bought"
closing = 2019-01-31
expected_maturity = 2019-12-26
legal_final = 2020-12-26
)" + std::string(a_and_sub) + R"([purchase]
price = "face"
settle = "T+1 china-bank"
[eligibility]
criteria = ["tenor <= 360 days"]
limits = ["obligor group <= )" + limit + R"("]
[[schedule]]
during = "revolving"
until = 2019-06-30
pay = "26 monthly"
first = 2019-02-26
calendar = "china-bank"
[[schedule]]
during = "amortization, accelerated"
pay = "26 monthly"
calendar = "china-bank"
[[trigger]]
id = "small-pool"
when = ")" + least + R"("
for = "3 consecutive days"
during = "revolving"
then = "accelerate"
)" + more + R"([priority.revolving]
income = ["pay interest A", "pay rest to principal"]
principal = ["cover income shortfall", "buy receivables", "keep rest"]
[priority.amortization]
income = ["pay interest A", "pay rest to principal"]
principal = ["cover income shortfall", "pay principal A", "pay principal SUB", "pay rest to SUB"]
[priority.accelerated]
income = ["pay interest A", "pay rest to principal"]
principal = ["cover income shortfall", "pay principal A", "pay principal SUB", "pay rest to SUB"]
)");
}

void buy(Driver& d, Date day, const std::vector<Asked>& offered)
{
    const Date settle = settlement_day(d.with.program(), day);
    std::vector<Row> rows;
    Money price;
    for (const Asked& a : offered) {
        rows.push_back(receivable(a, settle, d.random));
        price += yuan(a.price);
    }
    Submission s = build_purchase(day, settle, std::move(rows)).value();
    s.record.seq = 7;
    d.must(s, "servicer");
    d.debit(settle, purchase_reference(settle, 7), price);
}

/// R-1 pays on 2019-02-13; of what that leaves, P-1 and P-2 are bought a week later, and P-1 pays in
/// March. Every statement is of one span, as custodians send them.
Driver lived()
{
    Driver d(bought_deal());
    d.snapshot({{"R-1", "O-1", "2019-05-15", "600000.00", "600000.00"},
                {"R-2", "O-2", "2019-12-20", "500000.00", "500000.00"}});
    d.pay(date("2019-02-13"), "R-1", "600000.00");
    d.close(date("2019-02-20"));
    buy(d, date("2019-02-20"),
        {{"P-1", "O-3", "2019-03-05", "300000.00", "300000.00"},
         {"P-2", "O-4", "2019-08-20", "100000.00", "100000.00"}});
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    d.pay(date("2019-03-05"), "P-1", "300000.00");
    d.close(date("2019-03-25"));
    d.distribute(date("2019-03-26"));
    d.close(date("2019-03-31"));
    return d;
}

bool is_computed(const Submission& s)
{
    return s.record.type == record_type::day_close || s.record.type == record_type::notice;
}

std::vector<LifeRecord> records_of(const Driver& d, std::size_t from = 0)
{
    std::vector<LifeRecord> out;
    for (std::size_t i = from; i < d.fed.size(); ++i) {
        out.push_back({static_cast<std::int64_t>(i), d.fed[i].record, d.fed[i].rows});
    }
    return out;
}

RehearsedLife again(Judge& judge, const std::vector<LifeRecord>& records)
{
    auto life = rehearse(judge, records);
    BOOST_REQUIRE_MESSAGE(life, life.error().message);
    return std::move(*life);
}

/// The payments of a life as its records have them.
std::vector<std::string> paid_in(const Driver& d)
{
    std::vector<std::string> out;
    for (const Submission& s : d.fed) {
        if (s.record.type == record_type::distribution) out.push_back(s.record.public_part.canonical());
    }
    return out;
}

std::vector<std::string> paid_in(const Program& p, const RehearsedLife& life)
{
    std::vector<std::string> out;
    for (const Distribution& d : life.distributions) out.push_back(distribution_part(p, d).canonical());
    return out;
}

/// A trigger takes effect on 2019-02-15, and everyone is told before the next day is closed.
Driver told_life()
{
    Driver d(bought_deal("pool balance < 500000.01"));
    d.snapshot({{"R-1", "O-1", "2019-05-15", "600000.00", "600000.00"},
                {"R-2", "O-2", "2019-12-20", "500000.00", "500000.00"}});
    d.pay(date("2019-02-13"), "R-1", "600000.00");
    d.close(date("2019-02-15"));
    d.must(d.with.make_notice().value(), "");
    d.close(date("2019-02-25"));
    d.distribute(date("2019-02-26"));
    // The custodian sends two statements before days are closed again.
    d.must(build_statement("plan", d.number + 1, d.cash, {d.next, date("2019-03-05")}, d.entries,
                           d.random),
           "custodian");
    for (const StatementEntry& e : d.entries) d.cash += e.amount;
    d.entries.clear();
    ++d.number;
    d.must(build_statement("plan", d.number + 1, d.cash, {date("2019-03-06"), date("2019-03-25")},
                           {}, d.random),
           "custodian");
    ++d.number;
    d.must(build_collections({d.next, date("2019-03-25")}, {}, d.random), "servicer");
    d.must(d.with.make_close(date("2019-03-25")).value(), "");
    d.next = date("2019-03-26");
    d.distribute(date("2019-03-26"));
    d.close(date("2019-03-31"));
    return d;
}

/// From any record on, the same terms change nothing either.
void nothing_changes_from_any_block(const Driver& d)
{
    for (std::size_t n = 1; n <= d.fed.size(); ++n) {
        Judge before(d.with.program(), Judge::Rows::present);
        std::size_t paid = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const Submission& s = d.fed[i];
            const std::string role = s.record.type == record_type::statement      ? "custodian"
                                     : s.record.type == record_type::distribution ? "plan_manager"
                                     : is_computed(s)                               ? ""
                                                                                  : "servicer";
            BOOST_REQUIRE(before.judge(s.record, by(role), &s.rows).accepted());
            paid += s.record.type == record_type::distribution ? 1 : 0;
        }
        auto judge = judge_under(before, for_rehearsal(d.with.program()));
        BOOST_REQUIRE_MESSAGE(judge, judge.error().message);
        const RehearsedLife life = again(**judge, records_of(d, n));
        std::vector<std::string> rest = paid_in(d);
        rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(paid));
        BOOST_TEST(paid_in((*judge)->program(), life) == rest, boost::test_tools::per_element());
        BOOST_TEST((*judge)->state().totals.principal.str() ==
                   d.with.state().totals.principal.str());
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(the_same_terms_give_the_same_life)
{
    const Driver d = lived();
    Judge judge(for_rehearsal(d.with.program()), Judge::Rows::present);
    const RehearsedLife life = again(judge, records_of(d));
    BOOST_TEST(paid_in(judge.program(), life) == paid_in(d), boost::test_tools::per_element());
    BOOST_TEST(life.purchases.empty());
    BOOST_TEST(life.left_out == 0);
    const Figures& was = d.with.state().totals;
    const Figures& is = judge.state().totals;
    BOOST_TEST(is.pool_balance.str() == was.pool_balance.str());
    BOOST_TEST(is.principal.str() == was.principal.str());
    BOOST_TEST(is.income.str() == was.income.str());
}

BOOST_AUTO_TEST_CASE(the_same_terms_change_nothing_from_any_block)
{
    nothing_changes_from_any_block(lived());
    nothing_changes_from_any_block(told_life());
}

/// With 500,000.01 asked for, the pool of 500,000.00 is too small from 2019-02-13 on and accelerates on
/// the 15th: nothing is bought, what P-1 paid never came in, and in March principal is distributed:
/// 600,000.00 less 2,600.00 lent in February and 28 x 100.00 now.
BOOST_AUTO_TEST_CASE(a_trigger_that_fires_earlier_changes_what_follows)
{
    const Driver d = lived();
    BOOST_TEST(d.with.state().fired.empty());
    Judge judge(for_rehearsal(bought_deal("pool balance < 500000.01")), Judge::Rows::present);
    const RehearsedLife life = again(judge, records_of(d));
    BOOST_REQUIRE(judge.state().fired.size() == 1u);
    BOOST_TEST(judge.state().fired[0].effective.str() == "2019-02-15");
    BOOST_REQUIRE(life.purchases.size() == 1u);
    BOOST_TEST(life.purchases[0].bought == 0);
    BOOST_TEST(life.left_out == 2);
    BOOST_TEST(life.not_received.str() == "300000.00");
    BOOST_REQUIRE(life.distributions.size() == 2u);
    BOOST_TEST(life.distributions[0].total.str() == "2600.00");
    BOOST_TEST(life.distributions[1].tranches[0].interest_paid.str() == "2800.00");
    BOOST_TEST(life.distributions[1].tranches[0].principal_paid.str() == "594600.00");
    BOOST_TEST(judge.state().totals.pool_balance.str() == "500000.00");
}

/// A third of what there is: 300,000.00 of pool and cash of 1,100,000.00 is 27.3%, 100,000.00 is 9.1%.
BOOST_AUTO_TEST_CASE(a_tighter_limit_buys_what_fits)
{
    const Driver d = lived();
    const Program changed = for_rehearsal(bought_deal("pool balance < 400000.00", "10%"));
    Judge early(changed, Judge::Rows::present);
    const auto refused = rehearse(early, records_of(d));
    BOOST_REQUIRE(!refused.has_value()); // the opening pool does not keep it either
    BOOST_TEST(refused.error().message.starts_with("block 0: under the changed terms this snapshot"));

    Judge closed(d.with.program(), Judge::Rows::present);
    BOOST_REQUIRE(closed.judge(d.fed[0].record, by("servicer"), &d.fed[0].rows).accepted());
    auto moved = judge_under(closed, changed);
    BOOST_REQUIRE_MESSAGE(moved, moved.error().message);
    Judge& judge = **moved;
    const RehearsedLife life = again(judge, records_of(d, 1));
    BOOST_REQUIRE(life.purchases.size() == 1u);
    BOOST_TEST(life.purchases[0].offered == 2);
    BOOST_TEST(life.purchases[0].bought == 1);
    BOOST_TEST(life.purchases[0].price.str() == "100000.00");
    BOOST_TEST(life.purchases[0].why.find("10%") != std::string::npos);
    BOOST_TEST(life.left_out == 1);
    BOOST_TEST(judge.state().totals.pool_balance.str() == "600000.00");
}

/// Half the money for half of the face, at a price that the changed terms give.
BOOST_AUTO_TEST_CASE(purchases_are_priced_by_the_changed_terms)
{
    const Driver d = lived();
    Program changed = bought_deal();
    changed.purchase->form = Purchase::Form::discount;
    changed.purchase->discount = Rate::parse("36.50%").value(); // 0.1% a day
    Judge judge(for_rehearsal(changed), Judge::Rows::present);
    const RehearsedLife life = again(judge, records_of(d));
    BOOST_REQUIRE(life.purchases.size() == 1u);
    BOOST_TEST(life.purchases[0].bought == 2);
    // 12 days to 2019-03-05 and 180 to 2019-08-20, from settlement on 2019-02-21.
    BOOST_TEST(life.purchases[0].price.str() == "378400.00"); // 296,400.00 + 82,000.00
    // R-1 cost 600,000.00 less 104 days from closing and pays 62,400.00 of income, P-1 then 3,600.00.
    BOOST_TEST(judge.state().totals.income_to_date.str() == "66000.00");
}

/// T+2: the offer of 2019-02-20 settles on the 22nd, once the 21st is closed.
BOOST_AUTO_TEST_CASE(a_later_settlement_buys_later)
{
    const Driver d = lived();
    Program changed = bought_deal();
    changed.purchase->settle_days = 2;
    Judge judge(for_rehearsal(changed), Judge::Rows::present);
    const RehearsedLife life = again(judge, records_of(d));
    BOOST_TEST(life.purchases.empty());
    BOOST_TEST(life.left_out == 0);
    BOOST_TEST(judge.pool().find("P-1")->settle.str() == "2019-02-22");
    BOOST_TEST(judge.state().totals.principal.str() == d.with.state().totals.principal.str());
}

/// From a later block a trigger may be added and begins to count then; tranches may not differ.
BOOST_AUTO_TEST_CASE(from_a_later_block_triggers_may_come)
{
    const Driver d = lived();
    Judge before(d.with.program(), Judge::Rows::present);
    BOOST_REQUIRE(before.judge(d.fed[0].record, by("servicer"), &d.fed[0].rows).accepted());
    const Program changed = bought_deal("pool balance < 400000.00", "60%", R"([[trigger]]
id = "halved"
when = "pool balance < 550000.00"
for = "1 consecutive day"
then = "notice"
)");
    auto judge = judge_under(before, for_rehearsal(changed));
    BOOST_REQUIRE_MESSAGE(judge, judge.error().message);
    again(**judge, records_of(d, 1));
    BOOST_REQUIRE((*judge)->state().fired.size() == 1u);
    BOOST_TEST((*judge)->state().fired[0].effective.str() == "2019-02-13");

    Program other = bought_deal();
    other.tranches[0].id = "A1";
    const auto no = judge_under(before, for_rehearsal(other));
    BOOST_REQUIRE(!no.has_value());
    BOOST_TEST((no.error().code == Code::invalid_input));
    BOOST_TEST(no.error().hint.find("--from") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
