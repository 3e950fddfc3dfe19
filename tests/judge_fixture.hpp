// A small deal by hand and a driver that feeds its judge day by day.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain::test {

inline Date date(const char* text)
{
    return Date::parse(text).value();
}
inline Money yuan(const char* text)
{
    return Money::parse(text).value();
}

inline Step step(Step::Kind kind, std::vector<std::string> payees, std::string text)
{
    Step s;
    s.kind = kind;
    s.payees = std::move(payees);
    s.clause.number = "priority";
    s.clause.text = std::move(text);
    return s;
}

/// A: 1,000,000.00 at 3.65%, so 100.00 a day. SUB: 100,000.00. Servicing 0.365% on the notes, so
/// 11.00 a day on 1,100,000.00. Tax 3% of income. Paid on the 26th; revolving to 2019-03-30.
inline Program small_deal()
{
    Program p;
    p.id = "small";
    p.name = "small";
    p.currency = "CNY";
    p.cut_off = p.closing = date("2019-01-31");
    p.expected_maturity = date("2019-12-26");
    p.legal_final = date("2020-12-26");
    p.revolving_until = date("2019-03-30");
    p.unit = yuan("100.00");
    p.tranches = {
        {"A", 1, yuan("1000000.00"), Rate::parse("3.65%").value(), DayCount::act_365f, "AAA"},
        {"SUB", 2, yuan("100000.00"), std::nullopt, DayCount::act_365f, ""}};
    Fee vat;
    vat.id = "vat";
    vat.rate = Rate::parse("3%").value();
    Fee servicing;
    servicing.id = "servicing";
    servicing.kind = Fee::Kind::annual_rate;
    servicing.rate = Rate::parse("0.365%").value();
    servicing.base = Measure::outstanding_notes;
    p.fees = {vat, servicing};
    const std::vector<std::pair<const char*, const char*>> dates{
        {"2019-02-26", "2019-01-31"}, {"2019-03-26", "2019-02-28"}, {"2019-04-26", "2019-03-31"},
        {"2019-05-26", "2019-04-30"}, {"2019-06-26", "2019-05-31"}, {"2019-07-26", "2019-06-30"}};
    for (const auto& [pay, calculation] : dates) {
        const PaymentDate d{date(pay), date(pay), date(calculation), false};
        p.monthly_dates.push_back(d);
        if (d.unadjusted < p.revolving_until) p.revolving_dates.push_back(d);
    }
    using K = Step::Kind;
    const std::vector<Step> income{
        step(K::pay_fees, {"vat"}, "pay vat"), step(K::pay_fees, {"servicing"}, "pay servicing"),
        step(K::pay_interest, {"A"}, "pay interest A"), step(K::cover_losses, {}, "cover losses"),
        step(K::pay_rest_to_principal, {}, "pay rest to principal")};
    p.priorities[Phase::revolving] = {
        income,
        {step(K::cover_income_shortfall, {}, "cover income shortfall"),
         step(K::buy_receivables, {}, "buy receivables"), step(K::keep_rest, {}, "keep rest")},
        {}};
    p.priorities[Phase::amortization] = {
        income,
        {step(K::cover_income_shortfall, {}, "cover income shortfall"),
         step(K::pay_principal, {"A"}, "pay principal A"),
         step(K::pay_principal, {"SUB"}, "pay principal SUB"),
         step(K::pay_rest_to_tranche, {"SUB"}, "pay rest to SUB")},
        {}};
    p.priorities[Phase::accelerated] = p.priorities[Phase::amortization];
    p.sources = {{"plan", "statement", "custodian", 10, "trustee"},
                 {"servicer", "collections", "servicer", 10, "plan_manager"}};
    p.calendars = {{"china-bank", date("2018-01-01"), date("2022-12-31"), {}}};
    return p;
}

struct Asked {
    const char* id;
    const char* obligor;
    const char* due;
    const char* face;
    const char* price;
};

inline Row receivable(const Asked& a, Date purchase_date, const RandomSource& random)
{
    Row row;
    row.key = a.id;
    row.fields = {{"asset_id", a.id},           {"obligor_code", a.obligor},
                  {"obligor_group", a.obligor}, {"due_date", a.due},
                  {"current_balance", a.face},  {"purchase_date", purchase_date.str()},
                  {"purchase_price", a.price},  {"confirmation", "stamped"}};
    row.secret = random();
    return row;
}

inline Context by(std::string role, std::int64_t height = 1)
{
    Context c;
    c.height = height;
    if (!role.empty()) c.author_roles = {std::move(role)};
    return c;
}

inline std::string told(const Verdict& v)
{
    std::string text = v.accepted() ? "accepted" : "not accepted: " + v.waits_for;
    for (const Error& e : v.findings) text += " [" + e.id + "] " + e.message;
    return text;
}

/// Judges the records of `day` after `base` in every order that `wanted` lets pass, and demands one
/// state of all those in which each was accepted, once the day is closed; `seen` looks at each. Returns
/// how many those were.
template <class Wanted, class Seen>
int accepted_orders(const Judge& base,
                    const std::vector<std::pair<Submission, std::string>>& records,
                    Date day,
                    Wanted wanted,
                    Seen seen)
{
    std::vector<std::size_t> order(records.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::string expected;
    int accepted = 0;
    const auto place = [&](std::size_t i) { return std::find(order.begin(), order.end(), i); };
    do {
        if (!wanted(place)) continue;
        Judge judge(base);
        bool all = true;
        for (const std::size_t i : order) {
            const auto& [s, role] = records[i];
            const Verdict v = judge.judge(s.record, by(role), &s.rows);
            BOOST_REQUIRE_MESSAGE(v.kind != Verdict::Kind::refused, told(v));
            all = all && v.accepted();
        }
        if (!all) continue; // collections before their statement: not yet
        ++accepted;
        const Record close = judge.make_close(day).value();
        BOOST_REQUIRE(judge.judge(close, by(""), nullptr).accepted());
        if (expected.empty()) expected = judge.public_state();
        BOOST_REQUIRE(judge.public_state() == expected);
        seen(judge);
    } while (std::next_permutation(order.begin(), order.end()));
    return accepted;
}

/// Feeds one judge with rows and one without, and demands the same public state of both.
class Driver {
public:
    explicit Driver(const Program& program)
        : with(program, Judge::Rows::present), without(program, Judge::Rows::absent)
    {
        for (const DaySource& s : program.sources) {
            if (s.type == "statement") account = s.id;
        }
    }

    Verdict feed(const Submission& s, const std::string& role)
    {
        Verdict v = with.judge(s.record, by(role), &s.rows);
        if (v.accepted()) {
            const Verdict w = without.judge(s.record, by(role), nullptr);
            BOOST_REQUIRE_MESSAGE(w.accepted(), told(w));
            BOOST_REQUIRE(with.public_state() == without.public_state());
        }
        return v;
    }
    void must(const Submission& s, const std::string& role)
    {
        const Verdict v = feed(s, role);
        BOOST_REQUIRE_MESSAGE(v.accepted(), s.record.type << " " << told(v));
        fed.push_back(s);
    }
    void must(const Record& r, const std::string& role) { must(Submission{r, {}}, role); }

    void snapshot(const std::vector<Asked>& pool)
    {
        std::vector<Row> rows;
        for (const Asked& a : pool) rows.push_back(receivable(a, with.program().closing, random));
        must(build_snapshot(with.program().closing, std::move(rows)).value(), "servicer");
        cash = with.state().book.balance(Account::bank);
        next = with.program().closing;
    }

    /// What happens on a day: entries and allocations queue up until `close`.
    void credit(Date d, const char* amount)
    {
        entries.push_back(
            {static_cast<std::int64_t>(entries.size()) + 1, d, yuan(amount), "", "", ""});
    }
    void debit(Date d, const std::string& reference, Money amount)
    {
        entries.push_back(
            {static_cast<std::int64_t>(entries.size()) + 1, d, -amount, reference, "", ""});
    }
    std::string last_entry() const
    {
        return entry_key(account, number + 1, static_cast<std::int64_t>(entries.size()));
    }
    void pay(Date d,
             const char* asset,
             const char* amount,
             AllocationKind kind = AllocationKind::payment)
    {
        credit(d, amount);
        allocations.push_back({d, last_entry(), asset, kind, yuan(amount)});
    }
    void close(Date through)
    {
        must(build_statement(account, number + 1, cash, {next, through}, entries, random),
             "custodian");
        must(build_collections({next, through}, allocations, random), "servicer");
        auto record = with.make_close(through);
        BOOST_REQUIRE_MESSAGE(record, record.error().message);
        must(*record, "");
        for (const StatementEntry& e : entries) cash += e.amount;
        ++number;
        next = through + 1;
        entries.clear();
        allocations.clear();
    }
    /// Instructs and executes what is ordered, where the terms ask for it.
    void answer_orders()
    {
        const auto orders = with.state().orders;
        for (const auto& [reference, order] : orders) {
            if (order.status == PaymentOrder::Status::executed) continue;
            must(with.make_instruction(reference).value(), "plan_manager");
            must(with.make_execution(reference, std::nullopt).value(), "custodian");
        }
    }
    /// Accepts the distribution and has the bank pay it on that day.
    Json distribute(Date unadjusted)
    {
        auto record = with.make_distribution(unadjusted);
        BOOST_REQUIRE_MESSAGE(record, record.error().message);
        must(*record, "plan_manager");
        answer_orders();
        const Money total = Money::parse(record->public_part.find("total")->as_string()).value();
        if (total > zero) debit(*record->business_date, distribution_reference(unadjusted), total);
        return record->public_part;
    }

    RandomSource random = seeded_random("judge");
    Judge with, without;
    std::vector<Submission> fed; ///< all that was accepted, in order
    std::string account = "plan";
    std::int64_t number = 0;
    Money cash;
    Date next;
    std::vector<StatementEntry> entries;
    std::vector<Allocation> allocations;
};

} // namespace tranchain::test
