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
    std::vector<std::int64_t> weights;
    for (const Money due : dues) weights.push_back(due.in_fen());
    return allocate_pro_rata(amount, weights);
}

bool has_step(const std::vector<Step>& steps, Step::Kind kind)
{
    return std::any_of(steps.begin(), steps.end(), [&](const Step& s) { return s.kind == kind; });
}

} // namespace

void PriorityRun::run(const Priority& priority)
{
    above_cap_has_line_ = false;
    for (const auto* steps : {&priority.income, &priority.principal, &priority.all}) {
        above_cap_has_line_ =
            above_cap_has_line_ || has_step(*steps, Step::Kind::pay_fees_above_cap);
    }
    if (out_.merged) {
        Book all{"all", out_.income_available, {}, {}, false};
        run_steps(priority.all, all);
        out_.income_left = all.funds + all.kept;
        out_.total = all.paid_out;
        out_.payout.principal_out = all.paid_out;
        return;
    }
    Book income{"income", out_.income_available, {}, {}, false};
    income.covered = has_step(priority.principal, Step::Kind::cover_income_shortfall);
    lendable_ = income.covered ? max(zero, out_.principal_held) : zero;
    run_steps(priority.income, income);
    const Money moved = out_.covered + out_.to_principal;
    Book principal{
        "principal", max(zero, out_.principal_available - out_.loan) + moved, {}, {}, false};
    run_steps(priority.principal, principal);
    out_.income_left = income.funds + income.kept;
    out_.principal_left = principal.funds + principal.kept;
    out_.payout.income_out = income.paid_out + moved - out_.loan;
    out_.payout.principal_out = principal.paid_out + out_.loan - moved;
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
    case Step::Kind::buy_receivables:
    case Step::Kind::keep_rest:
        return line(step, book, {}, zero, zero);
    }
    invariant(false);
}

Money PriorityRun::most(const Step& step, const Book& book, Money due, Money funds) const
{
    Money limit = due;
    if (step.limit) limit = min(limit, evaluate(p_, s_, *step.limit, out_.date.unadjusted));
    if (step.due_share) limit = min(limit, share(due, *step.due_share, p_.amount_rounding));
    return max(zero, min(limit, spendable(step, book, funds)));
}

/// A line that must keep something pays from its own ledger only.
Money PriorityRun::spendable(const Step& step, const Book& book, Money funds) const
{
    if (!step.keep) return funds;
    const Money keep = max(zero, evaluate(p_, s_, *step.keep, out_.date.unadjusted));
    return max(zero, min(book.funds, book.funds + book.kept - keep));
}

Money PriorityRun::reach(const Book& book) const
{
    return book.funds + (book.covered ? lendable_ : zero);
}

Money PriorityRun::take(Book& book, Money amount)
{
    const Money own = min(book.funds, amount);
    const Money lent = amount - own;
    invariant(lent <= (book.covered ? lendable_ : zero));
    book.funds -= own;
    book.paid_out += amount;
    lendable_ -= lent;
    out_.loan += lent;
    return lent;
}

/// A payee got less than he is due because the funds ran out: what is left is no one else's.
void PriorityRun::keep_rounding(Book& book)
{
    book.kept += book.funds;
    book.funds = zero;
    if (book.covered) lendable_ = zero;
}

void PriorityRun::line(
    const Step& step, const Book& book, std::string payee, Money due, Money paid, Money lent)
{
    if (trace_ == Trace::off) return;
    out_.lines.push_back({book.name, step.clause.number, step.clause.text, std::move(payee), due,
                          paid, lent, book.funds + book.kept});
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
    const Money amount = most(step, book, total(due), reach(book));
    const auto paid = pro_rata(amount, due);
    for (std::size_t k = 0; k < payees.size(); ++k) {
        const std::size_t i = payees[k];
        const Money lent = take(book, paid[k]);
        fees[i].due -= paid[k];
        if (step.cap_per_year) fees[i].paid_in_year += paid[k];
        out_.fees[i].paid += paid[k];
        if (book.covered) shortfall_ += due[k] - (paid[k] - lent);
        line(step, book, p_.fees[i].id, due[k], paid[k], lent);
    }
}

void PriorityRun::pay_fees_above_cap(const Step& step, Book& book)
{
    const auto payees = fees_of(step);
    std::vector<FeeState>& fees = out_.payout.fees;
    std::vector<Money> due;
    for (const std::size_t i : payees) due.push_back(fees[i].above_cap);
    const Money amount = most(step, book, total(due), book.funds);
    const auto paid = pro_rata(amount, due);
    bool shown = false;
    for (std::size_t k = 0; k < payees.size(); ++k) {
        if (due[k] == zero) continue;
        const std::size_t i = payees[k];
        take(book, paid[k]);
        fees[i].above_cap -= paid[k];
        out_.fees[i].above_cap_paid += paid[k];
        line(step, book, p_.fees[i].id, due[k], paid[k]);
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
            due.push_back(interest ? t.interest_due - t.interest_paid
                                   : t.opening - t.principal_paid);
        }
        all += total(due);
    }
    Money limit = most(step, book, all, interest ? reach(book) : book.funds);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto& group = groups[g];
        const auto& due = dues[g];
        const Money funds = interest ? reach(book) : book.funds;
        const Money amount = min(min(total(due), limit), funds);
        const bool short_of_funds = amount < total(due) && amount == funds;
        const auto parts = pro_rata(amount, due);
        for (std::size_t k = 0; k < group.size(); ++k) {
            const Tranche& tranche = p_.tranches[group[k]];
            TrancheLine& t = out_.tranches[group[k]];
            // The final payment is exactly what remains, whatever a unit's share of it.
            const Money paid =
                parts[k] == due[k] ? due[k] : per_unit_at_most(p_, tranche, parts[k]).amount;
            const Money lent = take(book, paid);
            limit -= paid;
            (interest ? t.interest_paid : t.principal_paid) += paid;
            if (interest && book.covered) shortfall_ += due[k] - (paid - lent);
            line(step, book, tranche.id, due[k], paid, lent);
        }
        if (short_of_funds) keep_rounding(book);
    }
}

void PriorityRun::pay_residual(const Step& step, Book& book)
{
    for (const std::string& payee : step.payees) {
        const auto i = static_cast<std::size_t>(tranche_index(p_, payee));
        const Money due = most(step, book, book.funds, book.funds);
        const Money paid = per_unit_at_most(p_, p_.tranches[i], due).amount;
        take(book, paid);
        out_.tranches[i].residual_paid += paid;
        line(step, book, payee, due, paid);
    }
}

void PriorityRun::move_to_principal(const Step& step, Book& book, Money due, Money& counter)
{
    const Money moved = most(step, book, due, book.funds);
    book.funds -= moved;
    counter += moved;
    line(step, book, "principal", due, moved);
}

void PriorityRun::show_shortfall(const Step& step, Book& book)
{
    line(step, book, "income", shortfall_, out_.loan);
}

} // namespace tranchain
