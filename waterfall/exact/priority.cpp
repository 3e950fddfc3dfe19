// Paying line by line.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/priority.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "data/assert.hpp"
#include "waterfall/exact/accrual.hpp"

namespace tranchain {

namespace {

Money total(const std::vector<Money>& parts)
{
    return std::accumulate(parts.begin(), parts.end(), zero);
}

std::vector<Money> pro_rata(Money amount, const std::vector<Money>& dues)
{
    if (amount == zero) return std::vector<Money>(dues.size());
    if (dues.size() == 1) return {amount};
    std::vector<std::int64_t> weights;
    for (const Money due : dues) weights.push_back(due.in_fen());
    return allocate_pro_rata(amount, weights);
}

bool has_step(const std::vector<Step>& steps, Step::Kind kind)
{
    return std::any_of(steps.begin(), steps.end(), [&](const Step& s) { return s.kind == kind; });
}

} // namespace

bool pays_above_cap(const Priority& priority)
{
    const auto in = [](const std::vector<Step>& steps) {
        return has_step(steps, Step::Kind::pay_fees_above_cap);
    };
    return in(priority.income) || in(priority.principal) || in(priority.all);
}

void PriorityRun::run(const Priority& priority)
{
    above_cap_has_line_ = pays_above_cap(priority);
    for (const ReserveLine& r : out_.reserves) pots_.push_back({r.opening, {}});
    open_facilities();
    if (out_.merged) {
        Book all{"all", out_.income_available, {}, {}, false, {}};
        run_steps(priority.all, all);
        out_.income_left = all.funds + all.kept;
        out_.total = all.paid_out;
        // After a default all money is in the principal ledger; else it pays first.
        const Money net = all.paid_out - all.from_reserves;
        out_.payout.principal_out = out_.priority >= Phase::defaulted
                                        ? net
                                        : min(net, max(zero, out_.principal_held));
        out_.payout.income_out = net - out_.payout.principal_out;
    } else {
        two_ledgers(priority);
    }
    for (std::size_t i = 0; i < pots_.size(); ++i) {
        out_.reserves[i].closing = pots_[i].balance();
        out_.reserves[i].required = required(i);
    }
}

void PriorityRun::two_ledgers(const Priority& priority)
{
    Book income{"income", out_.income_available, {}, {}, false, {}};
    income.covered = has_step(priority.principal, Step::Kind::cover_income_shortfall);
    lendable_ = income.covered ? max(zero, out_.principal_held) : zero;
    run_steps(priority.income, income);
    out_.income_left = income.funds + income.kept;
    const Money moved = out_.covered + out_.to_principal;
    Book principal{
        "principal", max(zero, out_.principal_available - out_.loan) + moved, {}, {}, false, {}};
    run_steps(priority.principal, principal);
    out_.principal_left = principal.funds + principal.kept;
    out_.payout.income_out = income.paid_out - income.from_reserves + moved - out_.loan;
    out_.payout.principal_out = principal.paid_out - principal.from_reserves + out_.loan - moved;
    out_.total = income.paid_out + principal.paid_out;
}

void PriorityRun::run_steps(const std::vector<Step>& steps, Book& book)
{
    for (const Step& step : steps) run_step(step, book);
}

void PriorityRun::run_step(const Step& step, Book& book)
{
    if (step.only_if && !holds(p_, s_, *step.only_if, out_.date.unadjusted)) {
        if (step.otherwise.empty()) return line(step, book, {}, zero, zero);
        return run_step(step.otherwise.front(), book);
    }
    switch (step.kind) {
    case Step::Kind::pay_fees:
        return pay_fees(step, book);
    case Step::Kind::pay_interest:
    case Step::Kind::pay_principal:
        return pay_tranches(step, book);
    case Step::Kind::cover_losses:
        return move_to_principal(step, book, max(zero, losses_ + out_.loan), out_.covered);
    case Step::Kind::pay_fees_above_cap:
        return pay_fees_above_cap(step, book);
    case Step::Kind::pay_rest_to_principal:
        return move_to_principal(step, book, book.funds, out_.to_principal);
    case Step::Kind::pay_rest_to_tranche:
        return pay_residual(step, book);
    case Step::Kind::cover_income_shortfall:
        return show_shortfall(step, book);
    case Step::Kind::fund_reserve:
        return fund_reserve(step, book);
    case Step::Kind::release_reserve:
        return release_reserve(step, book);
    case Step::Kind::pay_facility_interest:
    case Step::Kind::pay_facility_premium:
    case Step::Kind::repay_facility:
        return pay_facility(step, book);
    case Step::Kind::judge_trigger:
        return judge(step, book);
    case Step::Kind::buy_receivables:
    case Step::Kind::keep_rest:
        return line(step, book, {}, zero, zero);
    }
    invariant(false);
}

Money PriorityRun::most(const Step& step, Money due, Money funds) const
{
    Money limit = due;
    if (step.limit) limit = min(limit, evaluate(p_, s_, *step.limit, out_.date.unadjusted));
    if (step.due_share) limit = min(limit, share(due, *step.due_share, p_.amount_rounding));
    return max(zero, min(limit, funds));
}

Money PriorityRun::own_funds(const Step& step, const Book& book) const
{
    if (!step.keep) return book.funds;
    const Money keep = max(zero, evaluate(p_, s_, *step.keep, out_.date.unadjusted));
    return max(zero, min(book.funds, book.funds + book.kept - keep));
}

/// A line that must keep something borrows nothing.
Money PriorityRun::reach(const Step& step, const Book& book, bool borrows) const
{
    Money funds = own_funds(step, book);
    for (const std::string& id : step.supports) funds += room_of(step, id);
    return funds + (borrows && book.covered && !step.keep ? lendable_ : zero);
}

PriorityRun::Source PriorityRun::take(const Step& step, Book& book, Money amount)
{
    Source source;
    const Money own = min(own_funds(step, book), amount);
    Money rest = amount - own;
    for (const std::string& id : step.supports) rest -= draw(step, id, rest, source);
    invariant(rest <= (book.covered && !step.keep ? lendable_ : zero));
    source.lent = rest;
    book.funds -= own;
    book.paid_out += amount - source.borrowed;
    book.from_reserves += source.drawn;
    lendable_ -= source.lent;
    out_.loan += source.lent;
    return source;
}

/// A payee got less than he is due because the funds ran out: what is left is no one else's.
void PriorityRun::keep_rounding(const Step& step, Book& book)
{
    book.kept += book.funds;
    book.funds = zero;
    for (const std::string& id : step.supports) keep_rounding_of(step, id);
    if (book.covered) lendable_ = zero;
}

std::size_t PriorityRun::pot_of(const std::string& id) const
{
    const int i = reserve_index(p_, id);
    invariant(i >= 0);
    return static_cast<std::size_t>(i);
}

/// The target, with what this distribution has drawn and repaid so far.
Money PriorityRun::required(std::size_t reserve) const
{
    DealState after = s_;
    for (std::size_t i = 0; i < after.tranches.size(); ++i) {
        after.tranches[i].balance -= out_.tranches[i].principal_paid;
    }
    for (std::size_t i = 0; i < after.facilities.size(); ++i) {
        after.facilities[i].drawn += out_.facilities[i].drawn - out_.facilities[i].repaid;
    }
    return tranchain::required(p_, after, reserve, out_.date.unadjusted);
}

void PriorityRun::line(
    const Step& step, const Book& book, std::string payee, Money due, Money paid, Source source)
{
    if (trace_ == Trace::off) return;
    out_.lines.push_back({book.name, step.clause.number, step.clause.text, std::move(payee), due,
                          paid, source.lent, book.funds + book.kept, source.drawn, source.borrowed,
                          step.kind});
}

std::vector<std::size_t> PriorityRun::fees_of(const Step& step) const
{
    std::vector<std::size_t> result;
    for (const std::string& payee : step.payees) {
        const int i = fee_index(p_, payee);
        if (i >= 0) result.push_back(static_cast<std::size_t>(i));
    }
    if (step.payees.empty()) {
        for (std::size_t i = 0; i < p_.fees.size(); ++i) result.push_back(i);
    }
    return result;
}

void PriorityRun::pay_fees(const Step& step, Book& book)
{
    const auto payees = fees_of(step);
    std::vector<FeeState>& fees = out_.payout.fees;
    if (!step.cap_per_year && !above_cap_has_line_) { // no cap in this state: all is due here
        for (const std::size_t i : payees) {
            fees[i].due += fees[i].above_cap;
            fees[i].above_cap = zero;
        }
    }
    std::vector<Money> due;
    for (const std::size_t i : payees) due.push_back(fees[i].due);
    if (step.cap_per_year) {
        Money room = *step.cap_per_year;
        for (const std::size_t i : payees) room -= fees[i].paid_in_year;
        const auto within = pro_rata(min(total(due), max(zero, room)), due);
        for (std::size_t k = 0; k < payees.size(); ++k) {
            fees[payees[k]].above_cap += due[k] - within[k];
            fees[payees[k]].due = within[k];
        }
        due = within;
    }
    const Money amount = most(step, total(due), reach(step, book, true));
    const auto paid = pro_rata(amount, due);
    for (std::size_t k = 0; k < payees.size(); ++k) {
        const std::size_t i = payees[k];
        const Source source = take(step, book, paid[k]);
        fees[i].due -= paid[k];
        if (step.cap_per_year) fees[i].paid_in_year += paid[k];
        out_.fees[i].paid += paid[k];
        if (book.covered) shortfall_ += due[k] - (paid[k] - source.lent);
        line(step, book, p_.fees[i].id, due[k], paid[k], source);
    }
}

void PriorityRun::pay_fees_above_cap(const Step& step, Book& book)
{
    const auto payees = fees_of(step);
    std::vector<FeeState>& fees = out_.payout.fees;
    std::vector<Money> due;
    for (const std::size_t i : payees) due.push_back(fees[i].above_cap);
    const Money amount = most(step, total(due), reach(step, book, false));
    const auto paid = pro_rata(amount, due);
    bool shown = false;
    for (std::size_t k = 0; k < payees.size(); ++k) {
        if (due[k] == zero) continue;
        const std::size_t i = payees[k];
        const Source source = take(step, book, paid[k]);
        fees[i].above_cap -= paid[k];
        out_.fees[i].above_cap_paid += paid[k];
        line(step, book, p_.fees[i].id, due[k], paid[k], source);
        shown = true;
    }
    if (!shown) line(step, book, {}, zero, zero);
}

/// Payees that share: all of them when the line says so, else neighbours of one rank.
std::vector<std::vector<std::size_t>> PriorityRun::groups_of(const Step& step) const
{
    std::vector<std::vector<std::size_t>> groups;
    for (const std::string& payee : step.payees) {
        const auto i = static_cast<std::size_t>(tranche_index(p_, payee));
        const bool shares =
            !groups.empty() &&
            (step.pro_rata || p_.tranches[groups.back().back()].rank == p_.tranches[i].rank);
        if (!shares) groups.emplace_back();
        groups.back().push_back(i);
    }
    return groups;
}

/// No principal yet, unless everything is due.
bool PriorityRun::is_locked(std::size_t tranche) const
{
    const auto& lockout = p_.tranches[tranche].lockout;
    return lockout && out_.date.unadjusted < *lockout && out_.priority < Phase::defaulted;
}

void PriorityRun::pay_tranches(const Step& step, Book& book)
{
    const bool interest = step.kind == Step::Kind::pay_interest;
    const auto groups = groups_of(step);
    std::vector<std::vector<Money>> dues;
    Money all;
    for (const auto& group : groups) {
        std::vector<Money>& due = dues.emplace_back();
        for (const std::size_t i : group) {
            const TrancheLine& t = out_.tranches[i];
            due.push_back(interest       ? t.interest_due - t.interest_paid
                          : is_locked(i) ? zero
                                         : t.opening - t.principal_paid);
        }
        all += total(due);
    }
    Money limit = most(step, all, reach(step, book, interest));
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto& group = groups[g];
        const auto& due = dues[g];
        const Money funds = reach(step, book, interest);
        const Money amount = min(min(total(due), limit), funds);
        const bool short_of_funds = amount < total(due) && amount == funds;
        const auto parts = pro_rata(amount, due);
        for (std::size_t k = 0; k < group.size(); ++k) {
            const Tranche& tranche = p_.tranches[group[k]];
            TrancheLine& t = out_.tranches[group[k]];
            // The final payment is exactly what remains, whatever a unit's share of it.
            const Money paid =
                parts[k] == due[k] ? due[k] : per_unit_at_most(p_, tranche, parts[k]).amount;
            const Source source = take(step, book, paid);
            limit -= paid;
            (interest ? t.interest_paid : t.principal_paid) += paid;
            if (interest && book.covered) shortfall_ += due[k] - (paid - source.lent);
            line(step, book, tranche.id, due[k], paid, source);
        }
        if (short_of_funds && own_funds(step, book) == book.funds) keep_rounding(step, book);
    }
}

void PriorityRun::pay_residual(const Step& step, Book& book)
{
    for (const std::string& payee : step.payees) {
        const auto i = static_cast<std::size_t>(tranche_index(p_, payee));
        const Money due = most(step, book.funds, own_funds(step, book));
        const Money paid = per_unit_at_most(p_, p_.tranches[i], due).amount;
        take(step, book, paid);
        out_.tranches[i].residual_paid += paid;
        line(step, book, payee, due, paid);
    }
}

void PriorityRun::move_to_principal(const Step& step, Book& book, Money due, Money& counter)
{
    const Money moved = most(step, due, own_funds(step, book));
    book.funds -= moved;
    counter += moved;
    line(step, book, "principal", due, moved);
}

void PriorityRun::fund_reserve(const Step& step, Book& book)
{
    const std::size_t i = pot_of(step.payees.front());
    const Money due = max(zero, required(i) - pots_[i].balance());
    const Money paid = most(step, due, own_funds(step, book));
    book.funds -= paid;
    book.from_reserves -= paid;
    pots_[i].funds += paid;
    out_.reserves[i].funded += paid;
    line(step, book, step.payees.front(), due, paid);
}

void PriorityRun::release_reserve(const Step& step, Book& book)
{
    const std::size_t i = pot_of(step.payees.front());
    const Money excess = max(zero, pots_[i].balance() - required(i));
    const Money from_kept = max(zero, excess - pots_[i].funds);
    pots_[i].funds -= excess - from_kept;
    pots_[i].kept -= from_kept;
    book.funds += excess;
    book.from_reserves += excess;
    out_.reserves[i].released += excess;
    line(step, book, step.payees.front(), excess, excess);
}

void PriorityRun::show_shortfall(const Step& step, Book& book)
{
    line(step, book, "income", shortfall_, out_.loan);
}

} // namespace tranchain
