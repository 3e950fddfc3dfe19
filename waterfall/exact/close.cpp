// Closing a day, in the order of tranchain-chain(5).
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/close.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/instruction.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/exact/trigger.hpp"

namespace tranchain {

namespace {

/// One day of one deal.
class Day {
public:
    Day(const Program& program, DealState& state, const DaySheet& sheet, Journal* journal)
        : p_(program), s_(state), sheet_(sheet), journal_(journal), day_(sheet.date)
    {
        if (const auto at = s_.open.find(day_); at != s_.open.end()) facts_ = at->second;
        if (records_breaks(p_) && !facts_.debits.empty()) awaited_ = awaited_orders(p_, s_);
    }

    Errors run(std::int64_t height)
    {
        start();
        receipts();
        pool();
        settlements();
        payouts();
        debits();
        book_corrections(s_, day_, journal_);
        defaults();
        net_pool();
        finish();
        if (!errors_.empty()) return std::move(errors_);
        period();
        clauses(height);
        marks();
        support(height);
        return {};
    }

private:
    void find(std::string_view id, std::string message)
    {
        errors_.push_back(
            {Code::answer_no, fmt::format("{}: {}", day_.str(), message), {}, {}, std::string(id)});
    }
    void require(bool fact, std::string_view field, Money stated, Money known)
    {
        if (!fact) {
            find("sheet-not-sound",
                 fmt::format("{} {} does not agree with {}", field, stated.str(), known.str()));
        }
    }
    void move(std::string why, Account from, Account to, Money amount)
    {
        if (amount < zero)
            s_.book.post(Posting::transfer(day_, std::move(why), to, from, -amount), journal_);
        else
            s_.book.post(Posting::transfer(day_, std::move(why), from, to, amount), journal_);
    }
    void pay(std::string why, Account claim, Money amount)
    {
        s_.book.post(Posting::payment(day_, std::move(why), claim, amount), journal_);
    }
    Account income_ledger() const { return s_.defaulted ? Account::principal : Account::income; }

    void start()
    {
        if (s_.phase == Phase::revolving && day_ > p_.revolving_until) {
            s_.phase = Phase::amortization;
            s_.revolving_ended = p_.revolving_until;
        }
        for (std::size_t i = 0; i < p_.fees.size(); ++i) {
            if (!needs_base_days(p_.fees[i])) continue;
            s_.fees[i].base_days += fee_base(p_, s_, p_.fees[i], day_).in_fen();
        }
    }

    void receipts()
    {
        s_.book.post(
            Posting::receipt(day_, "receipts", Account::collection_account, facts_.credits),
            journal_);
        require(sheet_.to_principal + sheet_.to_income == facts_.collected,
                "to_principal + to_income", sheet_.to_principal + sheet_.to_income,
                facts_.collected);
        move("collections", Account::collection_account, Account::principal, sheet_.to_principal);
        move("collections", Account::collection_account, income_ledger(), sheet_.to_income);
        move("other income", Account::collection_account, income_ledger(), facts_.other_income);
        move("unapplied", Account::collection_account, Account::unapplied, facts_.unapplied);
        if (facts_.support != zero) {
            move("support", Account::collection_account, support_account(p_), facts_.support);
            settle_claims(s_, facts_.support);
        }
        s_.totals.income_to_date += sheet_.to_income + facts_.other_income;
        s_.totals.recovered_to_date += sheet_.recovered;
    }

    void pool()
    {
        require(sheet_.paid <= facts_.collected, "paid", sheet_.paid, facts_.collected);
        require(sheet_.diluted <= facts_.diluted, "diluted", sheet_.diluted, facts_.diluted);
        require(sheet_.loss <= sheet_.diluted, "loss", sheet_.loss, sheet_.diluted);
        require(sheet_.repurchased == zero || facts_.collected > zero, "repurchased",
                sheet_.repurchased, facts_.collected);
        s_.totals.pool_balance -= sheet_.paid + sheet_.diluted + sheet_.repurchased;
        s_.totals.losses_to_date += sheet_.loss;
    }

    void settlements()
    {
        std::size_t met = 0;
        for (const auto& bought : sheet_.bought) {
            const auto at = s_.purchases.find(bought.reference);
            if (at == s_.purchases.end() || at->second.settle != day_) {
                find("sheet-not-sound", fmt::format("'{}' does not settle", bought.reference));
                continue;
            }
            const PendingPurchase& pending = at->second;
            require(bought.face <= pending.face, "face bought", bought.face, pending.face);
            require(bought.price <= pending.price, "price paid", bought.price, pending.price);
            if (bought.count == pending.count) {
                require(bought.face == pending.face, "face bought", bought.face, pending.face);
                require(bought.price == pending.price, "price paid", bought.price, pending.price);
            }
            move(bought.reference, Account::principal, Account::payable, bought.price);
            if (bought.price > zero) s_.payables[bought.reference] += bought.price;
            lower_order(s_, bought.reference, bought.price);
            s_.totals.pool_balance += bought.face;
            s_.totals.bought_to_date += bought.face;
            bought_count_ += bought.count;
            s_.purchases.erase(at);
            ++met;
        }
        for (const auto& [reference, pending] : s_.purchases) {
            if (pending.settle == day_) {
                find("sheet-not-sound", fmt::format("'{}' settles and is not stated", reference));
            }
        }
    }

    void payouts()
    {
        for (Payout& payout : s_.payouts) {
            if (!payout.paid && payout.booked == day_) pay_out(s_, payout, journal_);
        }
    }

    void debits()
    {
        for (const Debit& debit : facts_.debits) {
            if (debit.reference.starts_with("transfer/")) { // to another account of the plan
                pay(debit.reference, Account::collection_account, debit.amount);
                continue;
            }
            const auto at = s_.payables.find(debit.reference);
            if (at == s_.payables.end()) {
                if (records_breaks(p_) && !awaited_.contains(debit.reference)) {
                    record_break(s_, {day_, debit.reference, debit.amount});
                    continue;
                }
                find(unknown_reference,
                     fmt::format("the bank paid {} for '{}', which is not ordered",
                                 debit.amount.str(), debit.reference));
                continue;
            }
            const Money paid = min(debit.amount, at->second);
            if (paid < debit.amount && records_breaks(p_)) {
                record_break(s_, {day_, debit.reference, debit.amount - paid});
            } else if (paid < debit.amount) {
                find("paid-too-much",
                     fmt::format("the bank paid {} for '{}', {} is ordered", debit.amount.str(),
                                 debit.reference, at->second.str()));
                continue;
            }
            if (!may_be_paid(s_, debit.reference)) {
                find(not_executed, "the bank paid '" + debit.reference +
                                       "', whose instruction is not executed");
                continue;
            }
            pay(debit.reference, Account::payable, paid);
            at->second -= paid;
            if (at->second == zero) s_.payables.erase(at);
            close_order(s_, debit.reference, day_);
        }
    }

    void defaults()
    {
        s_.totals.pool_balance -= sheet_.defaulted_face;
        s_.totals.defaulted_to_date += sheet_.defaulted_face;
        s_.totals.losses_to_date += sheet_.defaulted_cost;
        const std::int64_t most = s_.live_count + bought_count_ - sheet_.defaults;
        if (sheet_.live_count > most) {
            find("sheet-not-sound",
                 fmt::format("live_count {} is above {}", sheet_.live_count, most));
        }
        s_.live_count = sheet_.live_count;
        if (s_.totals.pool_balance < zero ||
            (s_.live_count == 0) != (s_.totals.pool_balance == zero)) {
            find("sheet-not-sound", fmt::format("pool balance {} of {} receivables",
                                                s_.totals.pool_balance.str(), s_.live_count));
        }
    }

    void net_pool()
    {
        if (sheet_.net_pool.has_value() != s_.net_pool.has_value()) {
            find("sheet-not-sound", s_.net_pool ? "eligible and excess_concentration are not stated"
                                                : "eligible is stated and the terms do not ask");
        }
        if (!sheet_.net_pool) return;
        const auto [eligible, excess] = *sheet_.net_pool;
        require(eligible <= s_.totals.pool_balance, "eligible", eligible, s_.totals.pool_balance);
        require(excess <= eligible, "excess_concentration", excess, eligible);
        s_.net_pool = sheet_.net_pool;
    }

    void finish()
    {
        s_.open.erase(day_);
        s_.closed_through = day_;
        s_.totals.principal = s_.book.balance(Account::principal);
        s_.totals.income = s_.book.balance(Account::income);
        s_.totals.collection = s_.book.balance(Account::collection_account);
        s_.totals.unapplied = s_.book.balance(Account::unapplied);
        for (const Money total :
             {s_.totals.pool_balance, s_.totals.principal, s_.totals.income, s_.totals.collection,
              s_.totals.unapplied, s_.totals.income_to_date, s_.totals.defaulted_to_date,
              s_.totals.bought_to_date, s_.totals.losses_to_date, s_.totals.recovered_to_date}) {
            Gross one;
            one.add(total);
            if (one.too_large()) find("too-large", fmt::format("a total is {}", total.str()));
        }
        if (const auto account = s_.book.overdrawn()) {
            find("overdrawn",
                 fmt::format("{} is at {}", name(*account), s_.book.balance(*account).str()));
        }
    }

    /// The figures of a collection period that ends, for averages and for triggers judged then.
    void period()
    {
        if (!ends_period(p_, s_, day_)) return;
        const auto kept = static_cast<std::size_t>(periods_kept(p_));
        if (kept == 0) return;
        s_.periods.push_back({day_, s_.phase, s_.totals});
        if (s_.periods.size() > kept) s_.periods.erase(s_.periods.begin());
    }

    void accelerate()
    {
        if (s_.phase != Phase::revolving && s_.phase != Phase::amortization) return;
        if (s_.phase == Phase::revolving) s_.revolving_ended = day_;
        s_.phase = Phase::accelerated;
    }

    void enter_default()
    {
        if (s_.phase >= Phase::defaulted) return;
        if (s_.phase == Phase::revolving) s_.revolving_ended = day_;
        s_.phase = Phase::defaulted;
        s_.defaulted = day_;
        move("ledgers merged", Account::income, Account::principal,
             s_.book.balance(Account::income));
        for (std::size_t i = 0; i < p_.reserves.size(); ++i) {
            if (holds_support(p_, p_.reserves[i].id)) continue;
            move("reserve merged", reserve_account(i), Account::principal,
                 s_.book.balance(reserve_account(i)));
        }
        s_.totals.principal = s_.book.balance(Account::principal);
        s_.totals.income = zero;
    }

    void enforce()
    {
        if (s_.phase == Phase::defaulted) s_.phase = Phase::enforcement;
    }

    void end()
    {
        if (s_.phase == Phase::revolving) s_.revolving_ended = day_;
        s_.phase = Phase::ended;
    }

    void take_effect(Trigger::Effect effect)
    {
        switch (effect) {
        case Trigger::Effect::event_of_default:
            return enter_default();
        case Trigger::Effect::accelerate:
            return accelerate();
        case Trigger::Effect::enforce:
            return enforce();
        case Trigger::Effect::end:
            return end();
        case Trigger::Effect::call: // what these change is asked of the trigger's own state
        case Trigger::Effect::stop_buying:
        case Trigger::Effect::notice:
            return;
        }
    }

    /// Principal still outstanding on the expected maturity accelerates; it is no default.
    bool maturity_missed() const
    {
        if (s_.phase != Phase::revolving && s_.phase != Phase::amortization) return false;
        Date due = p_.expected_maturity;
        for (const PaymentDate& d : payment_dates(p_, s_)) {
            if (d.unadjusted == p_.expected_maturity) due = d.adjusted;
        }
        return day_ == due && measure(p_, s_, Measure::senior_balance, {}) > zero;
    }

    void clauses(std::int64_t height)
    {
        if (s_.phase == Phase::ended) return;
        std::vector<Fired> fired = judge_triggers(p_, s_, day_);
        if (maturity_missed()) fired.push_back({Fired::expected_maturity, day_});
        for (const Fired& f : fired) {
            take_effect(f.trigger < 0 ? Trigger::Effect::accelerate
                                      : p_.triggers[static_cast<std::size_t>(f.trigger)].effect);
        }
        if (fired.empty()) return;
        s_.fired.insert(s_.fired.end(), fired.begin(), fired.end());
        s_.notice_owed = NoticeOwed{height, std::move(fired)};
    }

    void marks()
    {
        bool calculation = false;
        bool unadjusted = false;
        for (const auto* dates : {&p_.revolving_dates, &p_.monthly_dates}) {
            for (const PaymentDate& d : *dates) {
                calculation = calculation || d.calculation == day_;
                unadjusted = unadjusted || d.unadjusted == day_ + 1;
            }
        }
        if (calculation) s_.marks.push_back({day_, s_.phase, s_.totals});
        const bool moving = std::any_of(p_.fees.begin(), p_.fees.end(), needs_base_days);
        if (!unadjusted || !moving) return;
        BaseMark mark{day_ + 1, {}};
        for (const FeeState& fee : s_.fees) mark.base_days.push_back(fee.base_days);
        s_.base_marks.push_back(std::move(mark));
    }

    /// What is missing on the next payment date is demanded, and everyone told.
    void support(std::int64_t height)
    {
        if (s_.phase == Phase::ended || !judge_support(p_, s_)) return;
        const Fired demanded{Fired::support, day_};
        s_.fired.push_back(demanded);
        if (!s_.notice_owed) s_.notice_owed = NoticeOwed{height, {}};
        s_.notice_owed->fired.push_back(demanded);
    }

    const Program& p_;
    DealState& s_;
    const DaySheet& sheet_;
    Journal* journal_;
    Date day_;
    OpenDay facts_;
    std::set<std::string> awaited_; ///< before anything of the day was done
    Errors errors_;
    std::int64_t bought_count_ = 0;
};

} // namespace

void pay_out(DealState& state, Payout& payout, Journal* journal)
{
    const std::string reference = distribution_reference(payout.unadjusted);
    Posting posting{payout.booked,
                    reference,
                    {{Account::income, payout.income_out},
                     {Account::principal, payout.principal_out},
                     {Account::payable, -payout.total}}};
    for (std::size_t i = 0; i < payout.reserves_out.size(); ++i) {
        posting.entries.push_back({reserve_account(i), payout.reserves_out[i]});
    }
    state.book.post(std::move(posting), journal);
    if (payout.total > zero) state.payables[reference] += payout.total;
    take_balances(state, payout);
    payout.paid = true;
}

Errors close_day(const Program& program,
                 DealState& state,
                 const DaySheet& sheet,
                 std::int64_t height,
                 Journal* journal)
{
    if (sheet.date != state.closed_through + 1) {
        return {{Code::answer_no,
                 fmt::format("{} is stated where {} is due", sheet.date.str(),
                             (state.closed_through + 1).str()),
                 {},
                 {},
                 "sheet-not-sound"}};
    }
    return Day(program, state, sheet, journal).run(height);
}

} // namespace tranchain
