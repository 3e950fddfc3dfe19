// Random life: a small deal that is bought, paid, diluted and defaulted as a seed has it, judged
// record by record, with the books that papers are made of. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "cmd/contract.hpp"
#include "cmd/report_fields.hpp"
#include "tests/judge_fixture.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/price.hpp"
#include "waterfall/exact/purchase.hpp"

namespace tranchain::test {

/// What is odd about a life.
enum class Turn : std::uint8_t {
    none,
    defaults,   ///< the trigger is an event of default, whose priority pays fees without a cap
    quiet_year, ///< it goes on into a year in which nothing is distributed
    late,       ///< the same, and the bank pays the last distribution on 2020-01-02 only
    charged,    ///< the bank takes 50.00 for itself after the last distribution
};

/// The small deal, with purchases, a trigger of three days, a fee with a cap and what is above it.
inline Program life_program(Turn turn)
{
    Program p = small_deal();
    Trigger t;
    t.id = "shortfall";
    Expr pool, cash;
    pool.kind = cash.kind = t.when.right.kind = Expr::Kind::measure;
    pool.measure = Measure::pool_balance;
    cash.measure = Measure::principal_cash;
    t.when.left.kind = Expr::Kind::add;
    t.when.left.operands = {pool, cash};
    t.when.right.measure = Measure::senior_balance;
    t.clock = Trigger::Clock::consecutive_days;
    t.days = 20;
    t.during = Phase::revolving;
    t.clause = {"trigger.1", "when pool balance + principal cash < senior balance"};
    p.triggers = {t};
    Fee rating;
    rating.id = "rating";
    rating.kind = Fee::Kind::annual_amount;
    rating.amount = yuan("36500.00"); // 100.00 a day
    p.fees.push_back(rating);
    Purchase terms;
    terms.discount = Rate::parse("7%").value();
    p.purchase = terms;
    for (auto& [phase, priority] : p.priorities) {
        Step capped = step(Step::Kind::pay_fees, {"rating"}, "pay rating up to 5000.00 a year");
        capped.cap_per_year = yuan("5000.00");
        priority.income.insert(priority.income.begin() + 1, capped);
        priority.income.insert(priority.income.end() - 1,
                               step(Step::Kind::pay_fees_above_cap, {}, "pay fees above cap"));
    }
    p.expected_maturity = date("2020-06-26");
    if (turn == Turn::charged) p.authors["correction"] = {"plan_manager"};
    if (turn != Turn::defaults) return p;
    p.triggers[0].effect = Trigger::Effect::event_of_default;
    p.triggers[0].days = 3;
    p.priorities[Phase::defaulted].all = {
        step(Step::Kind::pay_fees, {"vat", "servicing", "rating"}, "pay fees"),
        step(Step::Kind::pay_interest, {"A"}, "pay interest A"),
        step(Step::Kind::pay_principal, {"A"}, "pay principal A"),
        step(Step::Kind::pay_principal, {"SUB"}, "pay principal SUB"),
        step(Step::Kind::pay_rest_to_tranche, {"SUB"}, "pay rest to SUB")};
    return p;
}

/// A life that no one planned: receivables are paid in parts, late or never, some are diluted, some
/// obligors fail, and while the deal revolves something is bought.
class Life {
public:
    explicit Life(std::uint64_t seed) : Life(seed, static_cast<Turn>(seed % 5)) {}
    Life(std::uint64_t seed, Turn turn)
        : draw_(seed), turn_(turn), session_(*DealContract(true).open("small", {}, {}))
    {
        program_ = life_program(turn);
        must({build_terms(program_, sha256("small.toml")), {}}, "plan_manager");
        std::vector<Row> rows;
        for (int i = 0; i < 9; ++i) {
            const Money face = Money::fen(up_to(10'500'000) + 1'000'000);
            const Date due = program_.closing + int_up_to(150) + 10;
            const Money price = price_of(*program_.purchase, face, face, program_.closing, due);
            assets_.push_back(fmt::format("R{}", i));
            rows.push_back(receivable({assets_.back().c_str(), i % 2 == 0 ? "O1" : "O2",
                                       due.str().c_str(), face.str().c_str(), price.str().c_str()},
                                      program_.closing, random_));
        }
        must(build_snapshot(program_.closing, std::move(rows)).value(), "servicer");
        cash_ = judge().state().book.balance(Account::bank);
        next_ = program_.closing;
        for (const PaymentDate& month : program_.monthly_dates) {
            live_until(month.unadjusted - 1);
            distribute(month.unadjusted);
        }
        live_until(program_.monthly_dates.back().unadjusted + 3);
        if (turn == Turn::quiet_year || turn == Turn::late) live_until(date("2020-01-05"));
        if (turn != Turn::charged || cash_ < yuan("50.00")) return;
        debit(next_, "account fee", yuan("50.00"));
        close(next_);
    }
    /// A `charged` one: a ledger bears what the bank took, and another day is closed.
    void correct()
    {
        Record r;
        r.type = record_type::correction;
        r.public_part = correction_part(
            {{next_ - 1, "account fee", yuan("50.00")}, Account::principal, "the yearly fee"});
        must({r, {}}, "plan_manager");
        close(next_);
    }
    Money cash() const { return cash_; } ///< by the statements

    ReportBooks books{100};

private:
    std::int64_t up_to(std::int64_t n)
    {
        return std::uniform_int_distribution<std::int64_t>(0, n)(draw_);
    }
    std::int32_t int_up_to(std::int32_t n) { return static_cast<std::int32_t>(up_to(n)); }
    Judge& judge() { return judge_of(*session_); }

    /// False where the judge refuses it; `why_` says why.
    bool feed(Submission s, const std::string& role)
    {
        s.record.deal = "small";
        RecordContext context;
        context.height = 1 + static_cast<std::int64_t>(blocks_++);
        if (!role.empty()) context.author_roles = {role};
        const Judgement j = session_->judge(s.record, context, &s.rows);
        why_ = j.waits_for;
        for (const Finding& f : j.findings) why_ += fmt::format(" [{}] {}", f.id, f.message);
        if (j.ruling == Ruling::accepted) books.follow(1, s.record, *session_);
        return j.ruling == Ruling::accepted;
    }
    void must(const Submission& s, const std::string& role)
    {
        BOOST_REQUIRE_MESSAGE(feed(s, role), s.record.type << why_);
    }

    Date some_day(Date to) { return next_ + int_up_to(to - next_); }
    std::string credit(Date on, Money amount)
    {
        entries_.push_back(
            {static_cast<std::int64_t>(entries_.size()) + 1, on, amount, "", "", ""});
        return entry_key("plan", number_ + 1, entries_.back().entry);
    }

    void pay_something(Date through)
    {
        std::map<std::string, Money> left;
        const std::int64_t count = up_to(5);
        for (std::int64_t i = 0; i < count; ++i) {
            const std::string& id = assets_[static_cast<std::size_t>(
                up_to(static_cast<std::int64_t>(assets_.size()) - 1))];
            const Asset* asset = judge().pool().find(id);
            if (asset == nullptr || asset->status != Asset::Status::live || touched_.contains(id))
                continue;
            touched_.insert(id);
            const Money amount = up_to(2) == 0
                                     ? asset->unpaid()
                                     : Money::fen(up_to(asset->unpaid().in_fen() - 1) + 1);
            const Date on = some_day(through);
            const std::string receipt = credit(on, amount);
            allocations_.push_back({on, receipt, id, AllocationKind::payment, amount});
        }
        if (up_to(3) == 0) { // interest on cash
            const Money amount = Money::fen(up_to(50'000) + 1);
            const Date on = some_day(through);
            const std::string receipt = credit(on, amount);
            allocations_.push_back({on, receipt, "", AllocationKind::income, amount});
        }
        if (up_to(3) == 0) { // money of nobody knows what
            const Money amount = Money::fen(up_to(50'000) + 1);
            const Date on = some_day(through);
            const std::string receipt = credit(on, amount);
            allocations_.push_back({on, receipt, "", AllocationKind::unapplied, amount});
        }
    }
    void dilute_something(Date through)
    {
        const std::string& id =
            assets_[static_cast<std::size_t>(up_to(static_cast<std::int64_t>(assets_.size()) - 1))];
        const Asset* asset = judge().pool().find(id);
        if (asset == nullptr || asset->status != Asset::Status::live || touched_.contains(id))
            return;
        touched_.insert(id);
        const Money amount = Money::fen(up_to(asset->unpaid().in_fen() / 2) + 1);
        feed(build_dilution({{id, some_day(through), amount, "setoff", {}}}, random_), "servicer");
    }
    void fail_somebody(Date through)
    {
        if (up_to(5) == 0 && failed_++ == 0)
            feed(build_insolvency(some_day(through), "O2", {"O2"}, random_), "servicer");
    }
    /// Offered on the last closed day; what the terms do not allow is refused.
    void buy_something(Date through)
    {
        const Date day = next_ - 1, settle = settlement_day(program_, day);
        if (day < program_.closing || settle > through || judge().state().revolving_ended) return;
        const std::string id = fmt::format("N{}", assets_.size());
        const Money face = Money::fen(up_to(5'000'000) + 100'000);
        const Date due = settle + int_up_to(120) + 10;
        const Money price = price_of(*program_.purchase, face, face, settle, due);
        Submission s = build_purchase(day, settle,
                                      {receivable({id.c_str(), "N1", due.str().c_str(),
                                                   face.str().c_str(), price.str().c_str()},
                                                  settle, random_)})
                           .value();
        s.record.seq = ++bought_;
        if (!feed(s, "servicer")) return;
        assets_.push_back(id);
        touched_.insert(id);
        debit(settle, purchase_reference(settle, bought_), price);
    }
    void debit(Date on, const std::string& reference, Money amount)
    {
        entries_.push_back(
            {static_cast<std::int64_t>(entries_.size()) + 1, on, -amount, reference, "", ""});
    }

    void live_until(Date last)
    {
        while (next_ <= last) {
            const Date through = std::min(last, next_ + int_up_to(12) + 3);
            buy_something(through);
            pay_something(through);
            if (up_to(2) == 0) dilute_something(through);
            fail_somebody(through);
            close(through);
        }
    }
    void close(Date through)
    {
        if (late_ > zero && through >= date("2020-01-02")) {
            debit(date("2020-01-02"),
                  distribution_reference(program_.monthly_dates.back().unadjusted), late_);
            late_ = zero;
        }
        must(build_statement("plan", number_ + 1, cash_, {next_, through}, entries_, random_),
             "custodian");
        must(build_collections({next_, through}, allocations_, random_), "servicer");
        // A close ends on a day on which a trigger takes effect; another goes on from there.
        while (judge().state().closed_through < through) {
            Date to = through;
            auto closed = judge().make_close(to);
            while (!closed && judge().state().closed_through < to - 1)
                closed = judge().make_close(to = to - 1);
            BOOST_REQUIRE_MESSAGE(closed, closed.error().message);
            must({*closed, {}}, "");
            if (const auto notice = judge().make_notice()) must({*notice, {}}, "");
        }
        for (const StatementEntry& e : entries_) cash_ += e.amount;
        ++number_;
        next_ = through + 1;
        entries_.clear();
        allocations_.clear();
        touched_.clear();
    }
    void distribute(Date unadjusted)
    {
        const auto record = judge().make_distribution(unadjusted);
        BOOST_REQUIRE_MESSAGE(record, record.error().message);
        must({*record, {}}, "plan_manager");
        const Money total = money_in(record->public_part, "total");
        if (turn_ == Turn::late && unadjusted == program_.monthly_dates.back().unadjusted)
            late_ = total;
        else if (total > zero)
            debit(*record->business_date, distribution_reference(unadjusted), total);
    }

    std::mt19937_64 draw_;
    Turn turn_;
    Money late_; ///< what the bank is still to pay
    RandomSource random_ = seeded_random("papers");
    std::unique_ptr<Session> session_;
    Program program_;
    std::string why_;
    std::vector<std::string> assets_;
    std::set<std::string> touched_; ///< since the last close
    std::vector<StatementEntry> entries_;
    std::vector<Allocation> allocations_;
    Money cash_;
    Date next_;
    std::int64_t number_ = 0, bought_ = 0;
    std::size_t blocks_ = 0, failed_ = 0;
};

} // namespace tranchain::test
