// The judge as a whole: random deals keep their books, order does not matter, rows are checked.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <random>

#include <boost/test/unit_test.hpp>

#include "judge_fixture.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/price.hpp"
#include "waterfall/exact/purchase.hpp"

using namespace tranchain;
using namespace tranchain::test;

BOOST_AUTO_TEST_SUITE(judge_tests)

namespace {

Program buying_deal()
{
    Program p = small_deal();
    Purchase terms;
    terms.discount = Rate::parse("7%").value();
    p.purchase = terms;
    p.revolving_until = date("2019-05-15");
    p.revolving_dates = {p.monthly_dates.begin(), p.monthly_dates.begin() + 3};
    return p;
}

Expr measured(Measure m)
{
    Expr e;
    e.kind = Expr::Kind::measure;
    e.measure = m;
    return e;
}

/// Tax to date, a fee on the cash and the pool as they move, one on two days; interest is paid half
/// on one line and what is left of it on the next, which leaves something.
Program varied_deal()
{
    Program p = buying_deal();
    p.fees[0].kind = Fee::Kind::target;
    Expr tax = measured(Measure::income_cumulative);
    Expr scaled;
    scaled.kind = Expr::Kind::scale;
    scaled.rate = Rate::parse("3%").value();
    scaled.operands = {tax};
    p.fees[0].formula = scaled;
    p.fees[1].formula = measured(Measure::pool_balance);
    Fee dated;
    dated.id = "audit";
    dated.kind = Fee::Kind::on_dates;
    dated.formula = Expr{};
    dated.formula->constant = yuan("123.45");
    dated.dates = {date("2019-03-01"), date("2019-04-26")};
    p.fees.push_back(dated);
    Reserve cash{"cash", measured(Measure::tranche_balance), yuan("20000.00"), {}};
    cash.target.name = "A"; // 2.5% of it
    Expr target;
    target.kind = Expr::Kind::scale;
    target.rate = Rate::parse("2.5%").value();
    target.operands = {cash.target};
    cash.target = target;
    p.reserves = {cash, {"spare", Expr{}, zero, {}}};
    p.reserves[1].target.constant = yuan("300.00");
    for (auto& [phase, priority] : p.priorities) {
        Step half = priority.income[2];
        half.due_share = Rate::parse("50%").value();
        priority.income[2].keep = Expr{};
        priority.income[2].keep->constant = yuan("77.77");
        Step audit = step(Step::Kind::pay_fees, {"audit"}, "pay audit");
        priority.income.insert(priority.income.begin() + 2, {audit, half});
        for (std::size_t i = 0; i < 5; ++i) priority.income[i].supports = {"cash"};
        priority.income[4].supports.emplace_back("spare");
        const auto line = [](Step::Kind kind, const char* id) { return step(kind, {id}, id); };
        priority.income.insert(priority.income.begin() + 5,
                               {line(Step::Kind::fund_reserve, "cash"),
                                line(Step::Kind::fund_reserve, "spare")});
        priority.principal.insert(priority.principal.end() - 1,
                                  line(Step::Kind::release_reserve, "cash"));
    }
    return p;
}

std::string priced(const Program& p, const char* face, Date settle, Date due)
{
    return price_of(*p.purchase, yuan(face), zero, settle, due).str();
}

/// Checks what must hold on every closed day.
struct Watch {
    explicit Watch(const Judge& judge) : judge_(judge) {}
    void operator()(const DealState& s, const Journal& journal)
    {
        std::vector<Money> moved(s.book.size());
        opening.resize(s.book.size());
        for (const Posting& posting : journal) {
            Money sum;
            for (const auto& e : posting.entries) {
                sum += e.amount;
                const Money own = e.account == Account::bank ? e.amount : -e.amount;
                moved.at(static_cast<std::size_t>(e.account)) += own;
            }
            BOOST_REQUIRE(sum == zero);
        }
        Money claims;
        for (std::size_t i = 0; i < s.book.size(); ++i) {
            const Money balance = s.book.balance(static_cast<Account>(i));
            BOOST_REQUIRE(balance >= zero);
            BOOST_REQUIRE(opening[i] + moved[i] == balance);
            opening[i] = balance;
            if (i > 0) claims += balance;
        }
        BOOST_REQUIRE(claims == s.book.balance(Account::bank));
        if (s.book.size() > account_count && s.book.balance(reserve_account(0)) > zero) ++set_aside;
        Money live;
        Money defaulted;
        for (const Asset& a : judge_.pool().assets()) {
            if (a.status == Asset::Status::live) live += a.unpaid();
            defaulted += a.defaulted_face;
        }
        if (s.closed_through == judge_.state().closed_through) {
            BOOST_REQUIRE(live == s.totals.pool_balance);
            BOOST_REQUIRE(defaulted == s.totals.defaulted_to_date);
        }
        ++days;
    }
    const Judge& judge_;
    std::vector<Money> opening = std::vector<Money>(account_count);
    int days = 0;
    int set_aside = 0; ///< days on which a reserve holds something
};

/// Every third deal has its payments instructed.
Program asking(unsigned seed, Program p)
{
    if (seed % 3 == 0) {
        p.authors = {{"execution", {"custodian"}}, {"instruction", {"plan_manager"}}};
    }
    return p;
}

class RandomDeal {
public:
    explicit RandomDeal(unsigned seed)
        : random_(seed), d(asking(seed, seed % 2 == 0 ? varied_deal() : buying_deal())),
          watch(d.with)
    {
        std::vector<Row> rows;
        for (int i = 0; i < 12; ++i) rows.push_back(make(d.with.program().closing, roll(80) + 3));
        d.must(build_snapshot(d.with.program().closing, std::move(rows)).value(), "servicer");
        d.cash = d.with.state().book.balance(Account::principal);
        d.next = d.with.program().closing;
        watch.opening[0] = d.cash;
        const Book& book = d.with.state().book;
        watch.opening[static_cast<std::size_t>(Account::principal)] = d.cash;
        d.cash = watch.opening[0] = book.balance(Account::bank);
        for (std::size_t i = account_count; i < book.size(); ++i) {
            watch.opening.push_back(book.balance(static_cast<Account>(i)));
        }
        d.with.on_day([this](const DealState& s, const Journal& j) { watch(s, j); });
    }

    void live_through(Date to)
    {
        for (Date day = d.next; day <= to; ++day) {
            buy(day);
            distribute(day);
            happen(day);
            if (roll(3) != 0 || due(day + 1)) d.close(day);
            if (roll(15) == 0) reopen();
        }
    }

    std::size_t roll(std::size_t n) { return random_() % n; }

    std::mt19937 random_;
    Driver d;
    Watch watch;
    int bought = 0;

private:
    Row make(Date settle, std::size_t days)
    {
        const Date due_date = settle + static_cast<std::int32_t>(days);
        const std::string id = "R" + std::to_string(1000 + ++count_);
        const std::string obligor = "O" + std::to_string(roll(5));
        const Money face = Money::fen(static_cast<std::int64_t>(1'000'000 + roll(7'000'000)));
        const std::string f = face.str();
        const std::string price =
            price_of(*d.with.program().purchase, face, zero, settle, due_date).str();
        return receivable(
            {id.c_str(), obligor.c_str(), due_date.str().c_str(), f.c_str(), price.c_str()}, settle,
            d.random);
    }
    bool due(Date day) const
    {
        const auto next = next_payment(d.with.program(), d.with.state());
        return next && next->adjusted == day;
    }
    void distribute(Date day)
    {
        const auto next = next_payment(d.with.program(), d.with.state());
        if (next && next->adjusted <= day && d.with.state().closed_through == day - 1 &&
            roll(5) != 0) {
            d.distribute(next->unadjusted);
        }
    }
    void buy(Date day)
    {
        if (d.with.state().closed_through != day - 1 || roll(2) == 0) return;
        const Date settle = settlement_day(d.with.program(), day - 1);
        if (settle != day) return;
        std::vector<Row> rows;
        for (std::size_t n = roll(3) + 1; n > 0; --n) rows.push_back(make(settle, roll(60) + 20));
        auto s = build_purchase(day - 1, settle, std::move(rows)).value();
        s.record.seq = ++seq_;
        const Verdict v = d.feed(s, "servicer");
        if (!v.accepted()) return;
        ++bought;
        d.answer_orders();
        Money price; // what drops out is not paid
        for (const Row& row : s.rows) {
            const Asset* a = d.with.pool().find(row.key);
            if (a->status == Asset::Status::pending) price += a->price;
        }
        if (price > zero) d.debit(day, purchase_reference(settle, s.record.seq), price);
    }
    void happen(Date day)
    {
        const auto& assets = d.with.pool().assets();
        if (roll(60) == 0) {
            const std::string code = "O" + std::to_string(roll(5));
            d.must(build_insolvency(day, code, {code}, d.random), "servicer");
        }
        std::map<std::string, Money> left; // unpaid, less what this day takes
        for (std::size_t n = roll(3); n > 0; --n) {
            const Asset& a = assets[roll(assets.size())];
            if (a.status == Asset::Status::dropped || a.status == Asset::Status::pending) continue;
            for (const Allocation& x : d.allocations) {
                if (x.asset_id == a.id) left.try_emplace(a.id, zero);
            }
            if (left.contains(a.id)) continue;
            left.emplace(a.id, zero);
            const Money open = a.unpaid_open();
            if (open <= zero) continue;
            const Money amount =
                roll(2) == 0 ? open
                             : Money::fen(1 + static_cast<std::int64_t>(
                                                  roll(static_cast<std::size_t>(open.in_fen()))));
            const std::size_t what = roll(11);
            if (what > 7) {
                whole(a, day, what);
            } else if (what == 0) {
                d.must(build_dilution({{a.id, day, amount, "rebate"}}, d.random), "servicer");
                if (roll(2) == 0)
                    d.pay(day, a.id.c_str(), amount.str().c_str(), AllocationKind::dilution);
            } else {
                d.pay(day, a.id.c_str(), amount.str().c_str());
            }
        }
        if (roll(9) == 0) d.pay(day, "", "12.34", AllocationKind::income);
        if (roll(9) == 0) d.pay(day, "", "56.78", AllocationKind::unapplied);
        if (roll(9) == 0) d.credit(day, "0.99"); // stays in the collection account
    }
    /// Something about all that is unpaid of a receivable.
    void whole(const Asset& a, Date day, std::size_t what)
    {
        const Money open = a.unpaid_open();
        if (what == 8) {
            const Money price = repurchase_price(a, day);
            d.pay(day, a.id.c_str(), price.str().c_str(), AllocationKind::repurchase);
            return;
        }
        Dilution x{a.id, day, open, "writeoff", {}};
        if (what == 10) {
            x.reason = "extension";
            x.due = std::max(day, a.due) + 20;
        }
        d.feed(build_dilution({x}, d.random), "servicer"); // not of what is lost already
    }
    void reopen()
    {
        const auto again = Judge::open(d.with.public_state(), d.with.private_state());
        BOOST_REQUIRE_MESSAGE(again, again.error().message);
        BOOST_REQUIRE((*again)->state() == d.with.state());
        BOOST_REQUIRE((*again)->public_state() == d.with.public_state());
        BOOST_REQUIRE((*again)->private_state() == d.with.private_state());
    }
    int count_ = 0;
    std::int64_t seq_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(random_deals_keep_their_books)
{
    int days = 0;
    int bought = 0;
    int set_aside = 0;
    for (unsigned seed = 1; seed <= 12; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            RandomDeal deal(seed);
            deal.live_through(date("2019-07-20"));
            days += deal.watch.days;
            bought += deal.bought;
            set_aside += deal.watch.set_aside;
        }
    }
    BOOST_TEST(days > 1900);
    BOOST_TEST(bought > 20);
    BOOST_TEST(set_aside > 500);
}

BOOST_AUTO_TEST_CASE(order_of_a_days_records_does_not_matter)
{
    const Program p = buying_deal();
    Driver base(p);
    const Date closing = p.closing;
    const Date day = date("2019-02-04"); // a Monday
    const auto face = [&](const char* f, Date settle, const char* due) {
        return priced(p, f, settle, date(due));
    };
    const std::string p1 = face("500000.00", closing, "2019-04-10");
    const std::string p2 = face("300000.00", closing, "2019-04-15");
    base.snapshot({{"R1", "O1", "2019-04-10", "500000.00", p1.c_str()},
                   {"R2", "O2", "2019-04-15", "300000.00", p2.c_str()}});
    base.close(day - 1);
    // One day: two insolvencies, a purchase, dilution before collections, a statement.
    const std::string p3 = face("90000.00", day, "2019-05-15");
    Submission purchase =
        build_purchase(
            date("2019-02-01"), day,
            {receivable({"R3", "O3", "2019-05-15", "90000.00", p3.c_str()}, day, base.random)})
            .value();
    purchase.record.seq = 7;
    base.credit(day, "1000.00");
    const std::string entry = base.last_entry();
    base.debit(day, purchase_reference(day, 7), yuan(p3.c_str()));
    const std::vector<std::pair<Submission, std::string>> records{
        {build_statement("plan", 2, base.cash, {day, day}, base.entries, base.random), "custodian"},
        {purchase, "servicer"},
        {build_dilution({{"R2", day, yuan("500.00"), "return"}}, base.random), "servicer"},
        {build_collections({day, day},
                           {{day, entry, "R1", AllocationKind::payment, yuan("1000.00")}},
                           base.random),
         "servicer"},
        {build_insolvency(day, "O3", {"O3"}, base.random), "trustee"},
        {build_insolvency(day, "O9", {"O9", "P9"}, base.random), "plan_manager"}};
    // The servicer's own three come in the order of their numbers.
    const auto in_order = [](const auto& place) { return place(1) < place(2) && place(2) < place(3); };
    const int accepted = accepted_orders(base.with, records, day, in_order, [](const Judge&) {});
    BOOST_TEST(accepted == 90); // 720 / 3! orders, three quarters with the statement first
}

BOOST_AUTO_TEST_CASE(rows_are_held_against_what_is_stated)
{
    Driver d(small_deal());
    d.snapshot({{"R1", "O1", "2019-03-10", "500000.00", "490000.00"},
                {"R2", "O2", "2019-04-15", "300000.00", "297000.00"}});
    d.credit(d.next, "1000.00");
    const std::string entry = d.last_entry();
    const auto statement =
        build_statement("plan", 1, d.cash, {d.next, d.next}, d.entries, d.random);
    const auto collect = [&](const char* amount, const char* asset = "R1") {
        return build_collections({d.next, d.next},
                                 {{d.next, entry, asset, AllocationKind::payment, yuan(amount)}},
                                 d.random);
    };
    const std::string before = d.with.public_state();
    const auto expect = [&](const Submission& s, const std::string& role, const std::string& id) {
        const Verdict v = d.feed(s, role);
        BOOST_REQUIRE_MESSAGE(v.kind == Verdict::Kind::refused, told(v));
        BOOST_TEST(v.findings.front().id == id);
    };
    BOOST_TEST((d.feed(collect("1000.00"), "servicer").kind == Verdict::Kind::not_yet));
    BOOST_TEST(d.with.public_state() == before);
    Submission wrong = statement;
    wrong.record.public_part["opening"] = yuan("1.00");
    expect(wrong, "custodian", "bad-record");
    expect(statement, "servicer", "wrong-author");
    d.must(statement, "custodian");

    const std::string after = d.with.public_state();
    const std::string rows_after = d.with.private_state();
    expect(collect("1000.01"), "servicer", "above-receipts");
    expect(collect("10.00", "R9"), "servicer", "unknown-asset");
    wrong = collect("999.00");
    wrong.record.public_part["days"].as_array()[0]["amount"] = yuan("998.00");
    expect(wrong, "servicer", "sum-differs");
    wrong = build_collections(
        {d.next, d.next},
        {{d.next, entry, "R1", AllocationKind::payment, yuan("600.00")},
         {d.next, entry, "R2", AllocationKind::payment, yuan("400.00")},
         {d.next, "plan/000001/00000009", "R2", AllocationKind::payment, yuan("0.00")}},
        d.random);
    expect(wrong, "servicer", "bad-row");
    BOOST_TEST(d.with.public_state() == after);
    BOOST_TEST(d.with.private_state() == rows_after);
    d.must(collect("1000.00"), "servicer");

    Record close = d.with.make_close(d.next).value();
    Record false_close = close;
    false_close.public_part["days"].as_array()[0]["to_principal"] = yuan("979.00");
    const Verdict v = d.with.judge(false_close, by(""), nullptr);
    BOOST_REQUIRE((v.kind == Verdict::Kind::refused));
    BOOST_TEST(v.findings.front().message ==
               "2019-01-31: to_principal is '979.00', recomputed '980.00'");
    // Without rows the same lie is caught, because the parts do not add up to the collections.
    BOOST_TEST((d.without.judge(false_close, by(""), nullptr).kind == Verdict::Kind::refused));
    d.must(close, "");
}

BOOST_AUTO_TEST_CASE(a_purchase_is_priced_tested_and_limited)
{
    Program p = buying_deal();
    Criterion tenor;
    tenor.kind = Criterion::Kind::tenor_at_most;
    tenor.days = 100;
    tenor.clause.text = "tenor <= 100 days";
    p.criteria = {tenor};
    Limit limit;
    limit.share = Rate::parse("60%").value();
    limit.clause.text = "obligor group <= 60%";
    p.limits = {limit};
    Driver d(p);
    const std::string p1 = priced(p, "500000.00", p.closing, date("2019-04-10"));
    const std::string p2 = priced(p, "500000.00", p.closing, date("2019-04-15"));
    d.snapshot({{"R1", "O1", "2019-04-10", "500000.00", p1.c_str()},
                {"R2", "O2", "2019-04-15", "500000.00", p2.c_str()}});
    const Date friday = date("2019-02-01");
    const Date monday = date("2019-02-04");
    const auto offer = [&](const char* face, const char* due, const std::string& price,
                           const char* obligor) {
        auto s = build_purchase(
                     friday, monday,
                     {receivable({"R3", obligor, due, face, price.c_str()}, monday, d.random)})
                     .value();
        s.record.seq = 1;
        return s;
    };
    const auto fair = [&](const char* face, const char* due) {
        return priced(p, face, monday, date(due));
    };
    const auto id = [&](const Submission& s) {
        const Verdict v = d.feed(s, "servicer");
        return v.findings.empty() ? v.waits_for : v.findings.front().id;
    };
    d.close(friday);
    BOOST_TEST(id(offer("100000.00", "2019-05-01", fair("100000.00", "2019-05-01"), "O3")) ==
               "the close of 2019-02-03");
    d.close(date("2019-02-03"));
    BOOST_TEST(id(offer("100000.00", "2019-05-13", fair("100000.00", "2019-05-13"), "O3")) ==
               "criterion");
    BOOST_TEST(id(offer("100000.00", "2019-05-01", "98000.00", "O3")) == "wrong-price");
    BOOST_TEST(id(offer("120000.00", "2019-05-01", fair("120000.00", "2019-05-01"), "O3")) ==
               "no-cash");
    const std::string before = d.with.public_state();
    const auto good = offer("100000.00", "2019-05-01", fair("100000.00", "2019-05-01"), "O3");
    BOOST_TEST(id(good).empty());
    BOOST_TEST(d.with.public_state() != before);
    BOOST_TEST(id(good) == "duplicate");
}

BOOST_AUTO_TEST_SUITE_END()
