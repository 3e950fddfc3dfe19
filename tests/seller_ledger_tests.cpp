// Sellers' ledgers: what becomes of invoices, static pools and turnover, worked by hand and at random.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <random>

#include "waterfall/static_pool.hpp"
#include "waterfall/turnover.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(seller_ledger_tests)

namespace {

using Kind = LedgerFlow::Kind;

Ledger one_invoice(std::optional<Date> settled = std::nullopt)
{
    Ledger ledger;
    ledger.file = "l.csv";
    ledger.invoices.push_back(
        {"I", "X", Date::of(2019, 1, 20), Date::of(2019, 2, 19), settled, Money::fen(20000), 2, {}});
    return ledger;
}

LedgerEvent event(Date date, Kind kind, std::int64_t fen)
{
    return {"I", date, kind, Money::fen(fen), {"e.csv", 2, 0, 0}};
}

std::string flows(const Checked<SellerLedger>& ledger)
{
    if (!ledger) return ledger.error().front().message;
    static constexpr const char* words[]{"paid", "diluted", "lost", "recovered"};
    std::string out;
    for (const LedgerFlow& f : ledger->invoices.front().flows) {
        out += f.date.str().substr(5) + " " + words[static_cast<int>(f.kind)] + " " + f.amount.str() + "; ";
    }
    return out + "too much " + ledger->excess().amount.str();
}

/// Invoices of four months with every kind of event, drawn from `seed`.
std::pair<Ledger, std::vector<LedgerEvent>> random_ledger(unsigned seed)
{
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<std::int32_t>(random() % n); };
    std::pair<Ledger, std::vector<LedgerEvent>> out;
    for (int i = 0; i < 60; ++i) {
        const Date issued = Date::of(2019, 1, 1) + below(250);
        std::optional<Date> settled;
        if (below(2) == 0) settled = issued + below(120);
        const std::string id = "I" + std::to_string(i);
        out.first.invoices.push_back(
            {id, "X", issued, issued + below(60), settled, Money::fen(below(100000)), i + 2, {}});
        for (int k = below(4); k > 0; --k) {
            out.second.push_back({id, issued + below(200), static_cast<Kind>(below(3)),
                                  Money::fen(1 + below(60000)), {"e.csv", k, 0, 0}});
        }
    }
    return out;
}

Money sum_at(const SellerLedger& ledger, Date day)
{
    Money sum;
    for (const SellerInvoice& i : ledger.invoices) sum += i.unpaid(day);
    return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(events_are_put_to_their_invoice)
{
    const Date feb = Date::of(2019, 2, 15);
    const Date mar = Date::of(2019, 3, 2);
    const auto read = [](const Ledger& ledger, const std::vector<LedgerEvent>& events) {
        return flows(seller_ledger(ledger, {}, events, {}));
    };
    BOOST_TEST(read(one_invoice(), {event(mar, Kind::dilution, 3000), event(feb, Kind::payment, 12000)}) ==
               "02-15 paid 120.00; 03-02 diluted 30.00; too much 0.00");
    // What is settled pays the rest, last of its day.
    BOOST_TEST(read(one_invoice(mar), {event(mar, Kind::dilution, 3000)}) ==
               "03-02 diluted 30.00; 03-02 paid 170.00; too much 0.00");
    // Cash goes to what is unpaid, then to what was given up; the rest is too much.
    BOOST_TEST(read(one_invoice(), {event(feb, Kind::writeoff, 15000), event(mar, Kind::payment, 22000)}) ==
               "02-15 lost 150.00; 03-02 paid 50.00; 03-02 recovered 150.00; too much 20.00");
    BOOST_TEST(read(one_invoice(), {event(Date::of(2019, 1, 19), Kind::payment, 1)}) ==
               "on 2019-01-19, before the invoice of 2019-01-20");
    BOOST_TEST(read(one_invoice(), {event(feb, Kind::payment, 0)}) == "the amount '0.00' is not above zero");
    BOOST_TEST(read(one_invoice(), {{"J", feb, Kind::payment, Money::fen(1), {}}}) == "no invoice is 'J'");
    BOOST_TEST(read({}, {}) == "the ledger has no invoice");
}

BOOST_AUTO_TEST_CASE(a_default_is_of_the_first_day_beyond)
{
    const auto at = [](const std::vector<LedgerEvent>& events, Date observed) {
        const auto ledger = seller_ledger(one_invoice(), {}, events, observed);
        std::string out;
        for (const LedgerDefault& part : defaults_of(ledger->invoices.front(), 30, observed).parts) {
            out += part.date.str() + " " + part.amount.str() + "; ";
        }
        return out;
    };
    const Date day = Date::of(2019, 3, 22); // 31 days past due
    BOOST_TEST(at({}, day) == "2019-03-22 200.00; ");
    BOOST_TEST(at({}, day - 1).empty()); // not seen yet
    BOOST_TEST(at({event(day, Kind::payment, 20000)}, day + 9).empty());
    BOOST_TEST(at({event(day + 1, Kind::payment, 20000)}, day + 9) == "2019-03-22 200.00; ");
    BOOST_TEST(at({event(day - 9, Kind::payment, 5000)}, day + 9) == "2019-03-22 150.00; ");
    // What is written off defaults that day, and nothing else of the invoice.
    BOOST_TEST(at({event(day - 9, Kind::writeoff, 5000)}, day + 9) == "2019-03-13 50.00; 2019-03-22 150.00; ");
    BOOST_TEST(at({event(day - 9, Kind::writeoff, 1), event(day - 5, Kind::payment, 19999)}, day + 9) ==
               "2019-03-13 0.01; ");
    BOOST_TEST(at({event(day + 2, Kind::writeoff, 20000)}, day + 9) == "2019-03-22 200.00; "); // once
}

/// 50.00 of 200.00 is given up; of it 20.00 comes back with what pays the rest.
BOOST_AUTO_TEST_CASE(cash_for_what_was_given_up_is_recovered)
{
    const auto ledger = seller_ledger(one_invoice(), {},
                                      {event(Date::of(2019, 2, 10), Kind::writeoff, 5000),
                                       event(Date::of(2019, 3, 2), Kind::payment, 17000)},
                                      Date::of(2019, 4, 30));
    const StaticPoolMonth last = static_pools(*ledger, 1, 30).front().months.back();
    BOOST_TEST(last.collected.str() == "150.00");
    BOOST_TEST(last.defaulted.str() == "50.00");
    BOOST_TEST(last.recovered.str() == "20.00");
}

/// What was known on a day is what a later ledger says of that day.
BOOST_AUTO_TEST_CASE(later_days_do_not_change_earlier_figures)
{
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const auto [ledger, events] = random_ledger(seed);
        const auto all = seller_ledger(ledger, {}, events, Date::of(2020, 12, 31));
        const auto then = seller_ledger(ledger, {}, events, Date::of(2019, 6, 30));
        BOOST_REQUIRE((all && then));
        const auto pools = static_pools(*all, 1, 30);
        const auto early = static_pools(*then, 1, 30);
        BOOST_REQUIRE(early.size() <= pools.size());
        for (std::size_t i = 0; i < early.size(); ++i) {
            BOOST_TEST((early[i].originated == pools[i].originated));
            const std::size_t age = 5 - static_cast<std::size_t>(months_between(Date::of(2019, 1, 1), early[i].last));
            BOOST_REQUIRE(early[i].months.size() == age + 1); // and not one month more
            for (std::size_t m = 0; m <= age; ++m) {
                const StaticPoolMonth& a = early[i].months[m];
                const StaticPoolMonth& b = pools[i].months[m];
                BOOST_TEST((a.collected == b.collected && a.diluted == b.diluted &&
                            a.defaulted == b.defaulted && a.recovered == b.recovered));
                BOOST_TEST((a.collected + a.diluted + a.defaulted <= early[i].originated));
            }
        }
        // Once all of them are past due, nothing of what was sold is open.
        for (const StaticPool& pool : pools) {
            const StaticPoolMonth& last = pool.months.back();
            BOOST_TEST((last.collected + last.diluted + last.defaulted == pool.originated));
            BOOST_TEST((last.recovered <= last.defaulted));
        }
        const auto months = turnover_of(*then, 30).months;
        BOOST_REQUIRE(months.size() == 6U);
        for (const TurnoverMonth& m : months) {
            BOOST_TEST((m.closing == sum_at(*all, m.first.end_of_month())));
            BOOST_TEST((m.opening == sum_at(*all, m.first - 1)));
        }
    }
}

/// Nothing that stood in a bucket is lost on its way, and the last month moves nothing.
BOOST_AUTO_TEST_CASE(rolls_account_for_every_fen)
{
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const auto [ledger, events] = random_ledger(seed);
        const auto read = seller_ledger(ledger, {}, events, Date::of(2020, 6, 30));
        BOOST_REQUIRE(read);
        const Turnover turnover = turnover_of(*read, 90);
        std::int64_t balances = 0;
        for (std::size_t b = 0; b < ageing_buckets; ++b) {
            const BucketRoll& roll = turnover.rolls[b];
            std::int64_t sum = roll.collected + roll.diluted + roll.written_off;
            for (std::size_t to = 0; to < ageing_buckets; ++to) {
                sum += roll.to[to];
                BOOST_TEST((to >= b || roll.to[to] == 0)); // nobody grows younger
            }
            BOOST_TEST((sum == roll.balance));
            balances += roll.balance;
        }
        std::int64_t closings = 0;
        for (std::size_t i = 0; i + 1 < turnover.months.size(); ++i) {
            closings += turnover.months[i].closing.in_fen();
        }
        BOOST_TEST((balances == closings));
    }
}

/// 30.00 is credited after all was paid, and 1.00 is paid too much: neither lessens the other.
BOOST_AUTO_TEST_CASE(excess_is_told_by_its_kind)
{
    const Date feb = Date::of(2019, 2, 15);
    const auto ledger = seller_ledger(one_invoice(), {},
                                      {event(feb, Kind::payment, 20100), event(feb + 9, Kind::dilution, 3000),
                                       event(feb + 9, Kind::dilution, 1), event(feb + 9, Kind::writeoff, 5)},
                                      {});
    BOOST_REQUIRE(ledger);
    BOOST_TEST(ledger->paid_above.amount.str() == "1.00");
    BOOST_TEST(ledger->credited_above.count == 2);
    BOOST_TEST(ledger->credited_above.amount.str() == "30.01");
    BOOST_TEST(ledger->written_off_above.amount.str() == "0.05");
    BOOST_TEST(ledger->excess().count == 4);
    BOOST_TEST(ledger->excess().amount.str() == "31.06");
}

/// Blanks around a name are none of it, and what a mapping says of all invoices holds for each.
BOOST_AUTO_TEST_CASE(names_are_trimmed_and_constants_count)
{
    Ledger ledger = one_invoice();
    ledger.invoices[0].more = {{"obligor_rating", "\u3000ＡA "}, {"obligor_group", " \u3000 "}};
    Mapping mapping;
    mapping.constants = {{"currency", "USD"}, {"obligor_region", "310000"}, {"obligor_rating", "B"}};
    const auto read = seller_ledger(ledger, mapping, {}, {});
    BOOST_REQUIRE(read);
    BOOST_TEST(read->currency == "USD");
    BOOST_TEST(read->invoices[0].rating == "AA"); // the line's own word before that of all
    BOOST_TEST(read->invoices[0].region == "310000");
    BOOST_TEST(read->invoices[0].group == "X");
}

/// Twenty years after the due day of 2019-02-19, five of them leap years, and a day more.
BOOST_AUTO_TEST_CASE(a_year_that_cannot_be_is_refused)
{
    const auto said = [](Date day, Date as_of) {
        return flows(seller_ledger(one_invoice(), {}, {event(day, Kind::payment, 1)}, as_of)).substr(0, 28);
    };
    const Date last = Date::of(2039, 2, 19);
    BOOST_TEST(said(last, last) == "02-19 paid 0.01; too much 0.");
    BOOST_TEST(said(last + 1, last + 1) == "on 2039-02-20, more than twe");
    BOOST_TEST(said(last + 1, last) == "too much 0.00"); // left out
}

/// The invoice is of 2019-01-20; a payment 366 days later is believed, and one a day later if more is
/// known of the days between, or of which day is the last.
BOOST_AUTO_TEST_CASE(the_last_day_is_near_the_last_but_one)
{
    const Date year = Date::of(2020, 1, 21);
    const auto one = event(year, Kind::payment, 1);
    const auto far = event(year + 1, Kind::payment, 1);
    BOOST_TEST(seller_ledger(one_invoice(), {}, {one}, {}).has_value());
    BOOST_TEST(seller_ledger(one_invoice(), {}, {far}, year + 1).has_value());
    BOOST_TEST(seller_ledger(one_invoice(), {}, {far, event(Date::of(2019, 1, 21), Kind::payment, 1)}, {}).has_value());
    // Twice on that day is one day.
    const auto refused = seller_ledger(one_invoice(), {}, {far, far}, {});
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().front().message ==
               "on 2020-01-22, more than a year after the last day but one, 2019-01-20");
    Ledger ledger = one_invoice(year + 1);
    ledger.invoices[0].settled_column = 7;
    const auto settled = seller_ledger(ledger, {}, {}, {});
    BOOST_REQUIRE(!settled);
    BOOST_TEST(settled.error().front().where.column == 7);
}

/// Ten trillion, sold in 1998 and never paid: it stands in a bucket at 2,424 month ends, the last of
/// which is the last that a Date can be, and nothing comes of it.
BOOST_AUTO_TEST_CASE(the_largest_ledger_over_the_longest_time)
{
    Ledger ledger = one_invoice();
    ledger.invoices[0].amount = Money::fen(Money::max_fen);
    ledger.invoices[0].invoice_date = Date::of(1998, 1, 1);
    ledger.invoices[0].due_date = Date::of(1998, 1, 31);
    const Date last = Date::of(2199, 12, 31);
    const auto read = seller_ledger(ledger, {}, {}, last);
    BOOST_REQUIRE(read);
    const Turnover turnover = turnover_of(*read, 90);
    BOOST_REQUIRE(turnover.months.size() == 2424U);
    BOOST_TEST((turnover.months.back().first == Date::of(2199, 12, 1)));
    // Not past due at one end, then once in each bucket to 120 days, then older at 2,418 more, of which
    // the last has no next month.
    BOOST_TEST(turnover.rolls[0].balance == Money::max_fen);
    BOOST_TEST(turnover.rolls[5].balance == 2418 * Money::max_fen);
    BOOST_TEST(static_pools(*read, 3, 90).front().months.size() == 2422U);
}

/// The sum is of invoices and events: the first line with which it is too large is named, once.
BOOST_AUTO_TEST_CASE(a_ledger_beyond_the_range_is_refused)
{
    Ledger ledger = one_invoice();
    ledger.invoices[0].amount = Money::fen(Money::max_fen - 1);
    const Date day = Date::of(2019, 2, 15);
    const auto one = event(day, Kind::payment, 1);
    LedgerEvent large{"I", day, Kind::payment, Money::fen(Money::max_fen), {"e.csv", 3, 0, 0}};
    BOOST_TEST(seller_ledger(ledger, {}, {one}, {}).has_value());
    const auto refused = seller_ledger(ledger, {}, {one, large, large}, {});
    BOOST_REQUIRE(!refused);
    BOOST_REQUIRE(refused.error().size() == 1U);
    BOOST_TEST(refused.error().front().where.line == 3);
    BOOST_TEST(refused.error().front().where.file == "e.csv");
}

/// Facts of the real ledger: 2,466 invoices, all settled, none more than 45 days late.
BOOST_AUTO_TEST_CASE(the_real_ledger)
{
    const char* path = "../shared/data/ibm_ar/WA_Fn-UseC_-Accounts-Receivable.csv";
    if (!std::filesystem::exists(path)) {
        BOOST_TEST_MESSAGE("skipped: ../shared/data/ibm_ar is absent");
        return;
    }
    const auto ledger =
        read_seller_ledger({path, "data/map/ibm-ar.toml", std::nullopt, Date::of(2014, 3, 31)});
    BOOST_REQUIRE(ledger);
    std::int64_t count = 0;
    for (const StaticPool& pool : static_pools(*ledger, 3, 45)) {
        count += pool.count;
        BOOST_TEST((pool.months[3].collected == pool.originated));
        BOOST_TEST((pool.months[3].defaulted == zero));
    }
    BOOST_TEST(count == 2466);
    const auto months = turnover_of(*ledger, 45).months;
    BOOST_TEST(months[5].closing.str() == "5504.09"); // 2012-06-30, as mapping_tests has it
    BOOST_TEST(months[11].closing.str() == "5725.06");
    BOOST_TEST((months.back().closing == zero));
}

BOOST_AUTO_TEST_SUITE_END()
