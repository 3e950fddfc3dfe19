// The state back from canonical JSON: strict, so that to_json of the result is the same text.
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <utility>

#include "waterfall/exact/names.hpp"
#include "waterfall/exact/net_pool.hpp"
#include "waterfall/exact/state.hpp"
#include "waterfall/exact/state_orders.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

/// Reads nested objects and gathers the problems of all of them.
class StateReader {
public:
    explicit StateReader(const Program& program) : p_(program) {}

    Checked<DealState> read(const Json& json)
    {
        Fields f(json, "state");
        DealState s;
        head(f, s);
        ledgers(f, s);
        days(f, s);
        history(f, s);
        if (s.v != 1) f.add("v", "is not known to this version");
        finish(f);
        if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
        return s;
    }

private:
    void finish(Fields& f)
    {
        for (Error& e : f.finish()) errors_.push_back(std::move(e));
    }
    template <class T, class Read>
    std::vector<T> list(Fields& f, std::string_view key, Read make)
    {
        std::vector<T> result;
        for (const Json& item : f.array(key)) {
            Fields g(item, "state." + std::string(key));
            result.push_back(make(g));
            finish(g);
        }
        return result;
    }
    static std::int64_t big(Fields& f, std::string_view key)
    {
        const std::string text = f.text(key);
        std::int64_t n = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
        if (problem != std::errc{} || end != text.data() + text.size() ||
            std::to_string(n) != text) {
            f.add(key, "is not a whole number");
        }
        return n;
    }
    static int small(Fields& f, std::string_view key)
    {
        const std::int64_t n = f.integer(key);
        if (n < -1'000'000 || n > 1'000'000) f.add(key, "is out of range");
        return static_cast<int>(n);
    }
    static Phase phase(Fields& f)
    {
        const auto value = from_name<Phase>(f.text("phase"));
        if (!value) f.add("phase", "is not a phase");
        return value.value_or(Phase::revolving);
    }
    static std::optional<Date> maybe_date(Fields& f, std::string_view key)
    {
        if (!f.has(key)) return std::nullopt;
        return f.date(key);
    }

    static Figures figures(Fields& f)
    {
        Figures x;
        x.pool_balance = f.money("pool_balance");
        x.principal = f.money("principal");
        x.income = f.money("income");
        x.collection = f.money("collection");
        x.unapplied = f.money("unapplied");
        x.income_to_date = f.money("income_to_date");
        x.defaulted_to_date = f.money("defaulted_to_date");
        x.bought_to_date = f.money("bought_to_date");
        x.losses_to_date = f.money("losses_to_date");
        x.recovered_to_date = f.money("recovered_to_date");
        return x;
    }
    Figures figures_of(Fields& f, std::string_view key)
    {
        Fields g(f.object(key), "state." + std::string(key));
        Figures x = figures(g);
        finish(g);
        return x;
    }
    static TrancheState tranche(Fields& f) { return {f.money("balance"), f.money("arrears")}; }
    static FeeState fee(Fields& f)
    {
        FeeState x;
        x.due = f.money("due");
        x.above_cap = f.money("above_cap");
        x.paid_in_year = f.money("paid_in_year");
        x.year = f.date("year");
        x.base_days = big(f, "base_days");
        if (f.has("paid_to_date")) {
            x.paid_to_date = f.money("paid_to_date");
            if (x.paid_to_date <= zero) f.add("paid_to_date", "says nothing");
        }
        return x;
    }
    static FacilityState facility(Fields& f)
    {
        FacilityState x{f.money("drawn"), f.money("lent_to_date"), f.money("interest"),
                        f.money("premium")};
        if (x.drawn < zero || x.drawn > x.lent_to_date) f.add("drawn", "is not what was lent");
        return x;
    }
    static Reading reading(Fields& f)
    {
        Reading r;
        r.date = f.date("date");
        r.value = f.money("value");
        r.threshold = f.money("threshold");
        r.breach = f.boolean("breach");
        r.count = small(f, "count");
        r.stale = f.boolean("stale");
        return r;
    }
    TriggerState trigger(Fields& f)
    {
        TriggerState t;
        t.effective = maybe_date(f, "effective");
        t.cured = maybe_date(f, "cured");
        t.due = maybe_date(f, "due");
        if (f.has("compliant")) t.compliant = small(f, "compliant");
        t.lapsed = f.boolean("lapsed");
        t.count = small(f, "count");
        t.missing = small(f, "missing");
        t.run = list<Reading>(f, "run", reading);
        return t;
    }
    Fired fired(Fields& f)
    {
        Fired x{small(f, "trigger"), f.date("effective")};
        const int least = receives_support(p_) ? Fired::support : Fired::expected_maturity;
        if (x.trigger < least || x.trigger >= static_cast<int>(p_.triggers.size())) {
            f.add("trigger", "is not a trigger of the deal");
        }
        return x;
    }
    auto fired_reader()
    {
        return [this](Fields& f) { return fired(f); };
    }

    /// A list in the program's order: same length, same ids.
    template <class T, class Items, class Read>
    std::vector<T> matching(Fields& f, std::string_view key, const Items& items, Read make)
    {
        std::size_t i = 0;
        auto result = list<T>(f, key, [&](Fields& g) {
            const bool known = i < items.size() && g.text("id") == items[i].id;
            if (!known) g.add("id", "is not that of the program");
            ++i;
            return make(g);
        });
        if (result.size() != items.size()) f.add(key, "is not as long as in the program");
        result.resize(items.size());
        return result;
    }

    void head(Fields& f, DealState& s)
    {
        s.v = f.integer("v");
        s.phase = phase(f);
        s.started = f.boolean("started");
        s.closed_through = f.date("closed_through");
        s.revolving_ended = maybe_date(f, "revolving_ended");
        s.defaulted = maybe_date(f, "defaulted");
        s.accrued_from = f.date("accrued_from");
        s.calculated = f.date("calculated");
        s.income_taken = f.money("income_taken");
        s.loans_to_date = f.money("loans_to_date");
        s.covered_to_date = f.money("covered_to_date");
        s.live_count = f.integer("live_count");
        s.live_root = f.text("live_root");
    }

    Book reserves(Fields& b, const Book& others)
    {
        Book book(p_.reserves.size());
        for (std::size_t i = 0; i < account_count; ++i) {
            const auto account = static_cast<Account>(i);
            book.restore(account, others.balance(account));
        }
        if (p_.reserves.empty()) return book;
        struct Balance {
            Money amount;
        };
        const auto stored = matching<Balance>(b, "reserves", p_.reserves, [](Fields& g) {
            return Balance{g.money("balance")};
        });
        for (std::size_t i = 0; i < stored.size(); ++i) {
            book.restore(reserve_account(i), stored[i].amount);
        }
        return book;
    }

    void ledgers(Fields& f, DealState& s)
    {
        for (const Json& item : f.array("sources")) {
            Fields g(item, "state.sources");
            SourceState& source = s.sources[g.text("id")];
            source.complete_through = g.date("complete_through");
            source.number = g.integer("number");
            source.closing = g.money("closing");
            finish(g);
        }
        for (const DaySource& source : p_.sources) {
            if (!s.sources.contains(source.id)) f.add("sources", "lack '" + source.id + "'");
        }
        if (s.sources.size() != p_.sources.size()) f.add("sources", "are not the program's");
        Fields b(f.object("book"), "state.book");
        for (std::size_t i = 0; i < account_count; ++i) {
            const auto account = static_cast<Account>(i);
            s.book.restore(account, b.money(name(account)));
        }
        s.book = reserves(b, s.book);
        finish(b);
        s.tranches = matching<TrancheState>(f, "tranches", p_.tranches, tranche);
        s.fees = matching<FeeState>(f, "fees", p_.fees, fee);
        if (!p_.facilities.empty()) {
            s.facilities = matching<FacilityState>(f, "facilities", p_.facilities, facility);
        }
        s.totals = figures_of(f, "totals");
        if (asks_net_pool(p_)) {
            Fields g(f.object("net_pool"), "state.net_pool");
            s.net_pool = NetPool{g.money("eligible"), g.money("excess_concentration")};
            finish(g);
        }
        s.triggers = matching<TriggerState>(f, "triggers", p_.triggers,
                                            [this](Fields& g) { return trigger(g); });
    }

    void days(Fields& f, DealState& s)
    {
        for (const Json& item : f.array("open")) {
            Fields g(item, "state.open");
            OpenDay& o = s.open[g.date("date")];
            o.credits = g.money("credits");
            o.debits = list<Debit>(g, "debits", debit);
            o.collected = g.money("collected");
            o.unapplied = g.money("unapplied");
            o.other_income = g.money("other_income");
            o.diluted = g.money("diluted");
            if (g.has("support")) o.support = g.money("support");
            if (o.support < zero || (o.support > zero && !receives_support(p_))) {
                g.add("support", "is below zero, or there is no reserve for it");
            }
            o.insolvent = list<GroupInsolvency>(g, "insolvent", [](Fields& h) {
                return GroupInsolvency{h.text("group"), h.integer("count")};
            });
            finish(g);
        }
        for (const Json& item : f.array("purchases")) {
            Fields g(item, "state.purchases");
            PendingPurchase& p = s.purchases[g.text("reference")];
            p = {g.date("settle"), g.integer("count"), g.money("face"), g.money("price")};
            finish(g);
        }
        for (const Debit& d : list<Debit>(f, "payables", debit)) s.payables[d.reference] = d.amount;
        read_orders(f, s, errors_);
        const auto mark = [this](Fields& g) {
            return Mark{g.date("date"), phase(g), figures_of(g, "figures")};
        };
        s.marks = list<Mark>(f, "marks", mark);
        if (f.has("periods")) s.periods = list<Mark>(f, "periods", mark);
        s.base_marks = list<BaseMark>(f, "base_marks", [this](Fields& g) {
            BaseMark m{g.date("date"), {}};
            for (const Json& n : g.array("base_days")) {
                const Json wrapped = Json::object({{"n", n}});
                Fields h(wrapped, "state.base_marks.base_days");
                m.base_days.push_back(big(h, "n"));
                finish(h);
            }
            if (m.base_days.size() != p_.fees.size()) g.add("base_days", "is not one per fee");
            m.base_days.resize(p_.fees.size());
            return m;
        });
    }
    static Debit debit(Fields& f) { return {f.text("reference"), f.money("amount")}; }

    Payout payout(Fields& f)
    {
        Payout p;
        p.unadjusted = f.date("unadjusted");
        p.adjusted = f.date("adjusted");
        p.calculation = f.date("calculation");
        p.booked = f.date("booked");
        p.paid = f.boolean("paid");
        p.income_out = f.money("income_out");
        p.principal_out = f.money("principal_out");
        p.total = f.money("total");
        p.loan = f.money("loan");
        p.covered = f.money("covered");
        p.tranches = list<TrancheState>(f, "tranches", tranche);
        p.fees = list<FeeState>(f, "fees", fee);
        if (!p_.reserves.empty()) {
            for (const Json& item : f.array("reserves_out")) {
                const Json wrapped = Json::object({{"m", item}});
                Fields g(wrapped, "state.payouts.reserves_out");
                p.reserves_out.push_back(g.money("m"));
                finish(g);
            }
            if (p.reserves_out.size() != p_.reserves.size()) {
                f.add("reserves_out", "are not the program's");
            }
        }
        if (!p_.facilities.empty()) {
            p.facilities = list<FacilityState>(f, "facilities", facility);
            if (p.facilities.size() != p_.facilities.size()) {
                f.add("facilities", "are not the program's");
            }
        }
        if (f.has("judged")) {
            p.judged = list<LineJudgement>(f, "judged", [this](Fields& g) {
                LineJudgement j{small(g, "trigger"), g.money("value"), g.money("threshold"),
                                g.boolean("breach")};
                const auto at = static_cast<std::size_t>(j.trigger);
                if (j.trigger < 0 || at >= p_.triggers.size() ||
                    p_.triggers[at].clock != Trigger::Clock::inside_payments) {
                    g.add("trigger", "is not one that a line judges");
                }
                return j;
            });
        }
        if (p.tranches.size() != p_.tranches.size()) f.add("tranches", "are not the program's");
        if (p.fees.size() != p_.fees.size()) f.add("fees", "are not the program's");
        return p;
    }

    void history(Fields& f, DealState& s)
    {
        s.payouts = list<Payout>(f, "payouts", [this](Fields& g) { return payout(g); });
        s.notices = list<NoticeGiven>(f, "notices", [this](Fields& g) {
            return NoticeGiven{g.hash("hash"), list<Fired>(g, "fired", fired_reader()),
                               g.texts("acknowledged")};
        });
        s.demands = list<Demand>(f, "demands", [](Fields& g) {
            Demand d{g.date("distribution"), g.text("covers"), g.money("amount"), g.date("by"), {}, {}};
            if (g.has("received")) d.received = g.money("received");
            if (g.has("lapsed")) d.lapsed = g.money("lapsed");
            if (d.received < zero || d.lapsed < zero || open_claim(d) < zero) {
                g.add("amount", "is less than what was received and has lapsed");
            }
            return d;
        });
        if (receives_support(p_)) s.support_judged = f.date("support_judged");
        s.fired = list<Fired>(f, "fired", fired_reader());
        if (f.has("notice_owed")) {
            Fields g(f.object("notice_owed"), "state.notice_owed");
            NoticeOwed owed{g.integer("revealed"), list<Fired>(g, "fired", fired_reader())};
            if (owed.fired.empty()) g.add("fired", "is empty");
            s.notice_owed = std::move(owed);
            finish(g);
        }
    }

    const Program& p_;
    Errors errors_;
};

} // namespace

Checked<DealState> state_from_json(const Json& json, const Program& program)
{
    return StateReader(program).read(json);
}

} // namespace tranchain
