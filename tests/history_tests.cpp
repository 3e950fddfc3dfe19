// Tests of waterfall/exact/history: known answers on a real ledger, and a model on random ones.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <random>

#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/history.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(history_tests)

namespace {

Trigger below(std::string_view amount, int days = 30)
{
    Trigger trigger;
    trigger.id = "pool-shortfall";
    trigger.days = days;
    trigger.when.left.kind = Expr::Kind::measure;
    trigger.when.right.constant = Money::parse(amount).value();
    return trigger;
}

History judge(const Trigger& trigger, std::span<const Invoice> invoices, Date from, Date to)
{
    const auto history = judge_history(Program{}, trigger, invoices, from, to);
    BOOST_REQUIRE(history);
    return *history;
}

Invoice invoice(Date from, std::optional<Date> to, std::int64_t fen)
{
    Invoice i;
    i.invoice_date = from;
    i.due_date = from;
    i.settled_date = to;
    i.amount = Money::fen(fen);
    return i;
}

} // namespace

BOOST_AUTO_TEST_CASE(known_answers_on_a_real_ledger)
{
    const char* path = "../shared/data/ibm_ar/WA_Fn-UseC_-Accounts-Receivable.csv";
    if (!std::filesystem::exists(path)) {
        BOOST_TEST_MESSAGE("skipped: ../shared/data/ibm_ar is absent");
        return;
    }
    const auto mapping = read_mapping("data/map/ibm-ar.toml");
    BOOST_REQUIRE(mapping);
    const auto ledger = read_ledger(path, *mapping);
    BOOST_REQUIRE(ledger);
    const Date from = Date::of(2012, 3, 1);
    const Date to = Date::of(2013, 10, 31);
    const auto run = [&](const char* amount) {
        return judge(below(amount), ledger->invoices, from, to);
    };
    BOOST_TEST(run("6500.00").fired_on->str() == "2012-04-23");
    BOOST_TEST(run("6000.00").fired_on->str() == "2012-07-10");
    BOOST_TEST(run("6000.00").longest_run == 136);
    BOOST_TEST(!run("4500.00").fired_on);
    BOOST_TEST(run("4500.00").longest_run == 10);
    const History history = run("6000.00");
    BOOST_TEST(history.days.size() == 610U);
    const auto on = [&](Date day) {
        return history.days[static_cast<std::size_t>(day - from)].balance.str();
    };
    BOOST_TEST(on(Date::of(2012, 6, 30)) == "5504.09");
    BOOST_TEST(on(Date::of(2012, 12, 31)) == "5725.06");
    BOOST_TEST(on(Date::of(2013, 6, 30)) == "5119.85");
}

BOOST_AUTO_TEST_CASE(the_shipped_deal_is_a_trigger_alone)
{
    const auto deal = read_deal("data/deal/ledger-30d.toml");
    BOOST_REQUIRE(deal);
    BOOST_REQUIRE(deal->program.triggers.size() == 1U);
    const Trigger& trigger = deal->program.triggers[0];
    BOOST_TEST(trigger.days == 30);
    BOOST_TEST((trigger.when == below("6000.00").when));
    const Date day = Date::of(2020, 1, 1);
    BOOST_TEST(judge(trigger, {}, day, day + 29).fired_on->str() == "2020-01-30");
}

BOOST_AUTO_TEST_CASE(fires_at_the_end_of_the_last_day_and_equal_is_compliant)
{
    const Date start = Date::of(2020, 2, 1);
    // Below the threshold from day 3 on: 100.00 until then, 99.99 after.
    const std::vector<Invoice> book = {invoice(start - 5, std::nullopt, 99'99),
                                       invoice(start - 5, start + 3, 1)};
    History h = judge(below("100.00", 30), book, start, start + 31);
    BOOST_TEST(!h.fired_on);
    BOOST_TEST(h.longest_run == 29);
    h = judge(below("100.00", 30), book, start, start + 32);
    BOOST_TEST(h.fired_on->str() == (start + 32).str());
    BOOST_TEST(h.longest_from->str() == (start + 3).str());
    BOOST_TEST(h.days[2].count == 0);
    BOOST_TEST(h.days[3].count == 1);

    // One compliant day resets a running count.
    std::vector<Invoice> healed = book;
    healed.push_back(invoice(start + 20, start + 21, 1));
    h = judge(below("100.00", 30), healed, start, start + 50);
    BOOST_TEST(h.days[20].count == 0);
    BOOST_TEST(h.fired_on->str() == (start + 50).str());
}

BOOST_AUTO_TEST_CASE(agrees_with_a_naive_count)
{
    std::mt19937 random(7);
    const Date start = Date::of(2019, 12, 1);
    for (int round = 0; round < 60; ++round) {
        std::vector<Invoice> book;
        for (int i = 0; i < 40; ++i) {
            const Date from = start + static_cast<int>(random() % 90) - 20;
            const int open = static_cast<int>(random() % 40);
            book.push_back(invoice(from, i % 7 == 0 ? std::nullopt : std::optional(from + open),
                                   static_cast<std::int64_t>(random() % 1000)));
        }
        const int days = 1 + static_cast<int>(random() % 6);
        Trigger trigger = below("40.00", days);
        const History h = judge(trigger, book, start, start + 60);
        std::optional<Date> fired;
        int longest = 0;
        for (int d = 0; d <= 60; ++d) {
            int run = 0;
            for (int back = d; back >= 0; --back) {
                std::int64_t total = 0;
                for (const Invoice& i : book) {
                    if (i.outstanding(start + back)) {
                        total += i.amount.in_fen();
                    }
                }
                if (back == d) {
                    BOOST_TEST(h.days[static_cast<std::size_t>(d)].balance.in_fen() == total);
                }
                if (total >= 40'00) {
                    break;
                }
                ++run;
            }
            longest = std::max(longest, run);
            if (run == days && !fired) {
                fired = start + d;
            }
        }
        BOOST_TEST((h.fired_on == fired));
        BOOST_TEST(h.longest_run == longest);
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_a_ledger_cannot_answer)
{
    const Date day = Date::of(2020, 1, 1);
    const auto refused = [&](auto change, Date to) {
        Trigger trigger = below("1.00");
        change(trigger);
        const auto history = judge_history(Program{}, trigger, {}, day, to);
        BOOST_REQUIRE(!history);
        return history.error().message;
    };
    BOOST_TEST(refused([](Trigger&) {}, day - 1) ==
               "the scan ends on 2019-12-31, before it begins on 2020-01-01");
    BOOST_TEST(refused([](Trigger& t) { t.during = Phase::revolving; }, day) ==
               "trigger 'pool-shortfall' is judged in one state only, and a ledger has none");
    BOOST_TEST(refused([](Trigger& t) { t.clock = Trigger::Clock::days_after_final; }, day) ==
               "trigger 'pool-shortfall' does not count consecutive days");
    BOOST_TEST(refused([](Trigger& t) { t.when.left.measure = Measure::principal_cash; }, day) ==
               "trigger 'pool-shortfall' asks for something a ledger does not have");
}

BOOST_AUTO_TEST_SUITE_END()
