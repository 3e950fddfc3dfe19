// Criteria, prices, limits and the purchase test.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/purchase.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/price.hpp"

namespace tranchain {

namespace {

bool meets(const Criterion& c, const Pool* pool, Date purchase_day, const Holding& h)
{
    switch (c.kind) {
    case Criterion::Kind::tenor_at_most:
        return h.due - purchase_day <= c.days;
    case Criterion::Kind::due_at_latest:
        return h.due <= c.date;
    case Criterion::Kind::not_past_due:
        return h.due >= purchase_day;
    case Criterion::Kind::obligor_solvent: {
        const auto since = pool == nullptr ? std::nullopt : pool->insolvent_since(h.obligor_code);
        return !since || *since > purchase_day;
    }
    case Criterion::Kind::confirmed:
        return h.confirmed;
    case Criterion::Kind::yield_at_least:
        return yields(h.face, h.price, h.due - h.purchase_date, c.rate);
    case Criterion::Kind::undisputed:
        return !h.disputed;
    }
    invariant(false);
    return false;
}

/// Open purchases: bought, and settling on a day that is not closed.
PendingPurchase pending_total(const DealState& state)
{
    PendingPurchase sum;
    for (const auto& [reference, p] : state.purchases) {
        sum.count += p.count;
        sum.face += p.face;
        sum.price += p.price;
    }
    return sum;
}

/// amount / base > share, for amounts that may be zero.
bool above(Money amount, Money base, Rate share)
{
    return Int128{amount.in_fen()} * Rate::one > Int128{base.in_fen()} * share.in_ppb();
}

/// a / b > c / d
bool larger(Money a, Money b, Money c, Money d)
{
    return Int128{a.in_fen()} * d.in_fen() > Int128{c.in_fen()} * b.in_fen();
}

/// The `count` largest together.
Money top(const std::vector<Money>& amounts, int count)
{
    const auto n = std::min(amounts.size(), static_cast<std::size_t>(std::max(count, 0)));
    std::vector<Money> largest(n);
    std::partial_sort_copy(amounts.begin(), amounts.end(), largest.begin(), largest.end(),
                           std::greater<>());
    Money sum;
    for (const Money amount : largest) sum += amount;
    return sum;
}

} // namespace

Money notes_proceeds(const Program& program)
{
    Money sum;
    for (const Tranche& t : program.tranches) {
        if (t.notional.empty()) sum += t.face;
    }
    return sum;
}

Money reserves_opening(const Program& program)
{
    Money sum;
    for (const Reserve& r : program.reserves) sum += r.opening;
    return sum;
}

std::vector<const Criterion*>
unmet(const Program& program, const Pool* pool, Date purchase_day, const Holding& holding)
{
    std::vector<const Criterion*> result;
    for (const Criterion& c : program.criteria) {
        if (!meets(c, pool, purchase_day, holding)) result.push_back(&c);
    }
    return result;
}

Errors judge_holdings(const Program& program,
                      const Pool* pool,
                      Date purchase_day,
                      Date settle,
                      const std::vector<Holding>& holdings)
{
    Errors findings;
    for (const Holding& h : holdings) {
        for (const Criterion* c : unmet(program, pool, purchase_day, h)) {
            findings.push_back(pool_finding("criterion", fmt::format("row '{}' does not meet '{}'",
                                                                h.asset_id, c->clause.text)));
        }
        if (h.purchase_date != settle) {
            findings.push_back(pool_finding(
                "wrong-date", fmt::format("row '{}': purchase_date is {}, settlement is {}",
                                          h.asset_id, h.purchase_date.str(), settle.str())));
        }
        if (!program.purchase) continue;
        const Money price = price_of(*program.purchase, h.face, h.financed, settle, h.due);
        if (h.price != price) {
            findings.push_back(
                pool_finding("wrong-price", fmt::format("row '{}': purchase_price is {}, terms give {}",
                                                   h.asset_id, h.price.str(), price.str())));
        }
    }
    return findings;
}

LimitTest::LimitTest(const Program& program,
                     const std::map<std::string, Money>& groups,
                     Money base)
    : program_(program), base_before_(base), base_after_(base)
{
    for (const auto& [group, amount] : groups) {
        groups_.emplace(group, before_.size());
        before_.push_back(amount);
    }
    start();
}

LimitTest::LimitTest(const Program& program, const DealState& state, const Pool& pool)
    : program_(program)
{
    const PendingPurchase pending = pending_total(state);
    for (const auto& [group, amount] : pool.group_balances()) {
        groups_.emplace(group, before_.size());
        before_.push_back(amount);
    }
    start();
    base_before_ = state.totals.pool_balance + pending.face +
                   state.book.balance(Account::principal) - pending.price;
    base_after_ = base_before_;
}

void LimitTest::start()
{
    after_ = before_;
    for (const Limit& limit : program_.limits) {
        most_.push_back(limit.each ? zero : top(before_, limit.count));
    }
}

/// The place of the group.
std::size_t LimitTest::change(const std::string& group, Money face, Money price)
{
    const std::size_t place = groups_.try_emplace(group, after_.size()).first->second;
    if (place == after_.size()) {
        before_.push_back(zero);
        after_.push_back(zero);
    }
    after_[place] += face;
    base_after_ += face - price;
    return place;
}

void LimitTest::add(const Holding& holding)
{
    change(holding.obligor_group, holding.face, holding.price);
    for (Money& most : most_) most += holding.face;
}

bool LimitTest::exceeded(const Limit& limit, Money was, Money is) const
{
    return above(is, base_after_, limit.share) &&
           (!above(was, base_before_, limit.share) || larger(is, base_after_, was, base_before_));
}

/// Of one group, or of the largest together, which are looked for only where they could be above.
bool LimitTest::exceeded(std::size_t number, std::size_t group, Money added)
{
    const Limit& limit = program_.limits[number];
    if (limit.each) return exceeded(limit, before_[group], after_[group]);
    if (!above(most_[number] + added, base_after_, limit.share)) return false;
    const Money is = most_[number] = top(after_, limit.count);
    return above(is, base_after_, limit.share) && exceeded(limit, top(before_, limit.count), is);
}

// A purchase adds at least its price in face, so the shares of other groups do not rise.
bool LimitTest::take(const Holding& holding)
{
    const std::size_t group = change(holding.obligor_group, holding.face, holding.price);
    for (std::size_t i = 0; i < program_.limits.size(); ++i) {
        if (!exceeded(i, group, holding.face)) continue;
        change(holding.obligor_group, -holding.face, -holding.price);
        return false;
    }
    for (Money& most : most_) most += holding.face;
    return true;
}

Errors LimitTest::findings() const
{
    Errors findings;
    const auto judge = [&](const Limit& limit, const std::string& who, Money was, Money is) {
        if (!exceeded(limit, was, is)) return;
        findings.push_back(
            pool_finding("limit", fmt::format("'{}' is not met after the purchase: {} of {} {}",
                                         limit.clause.text, is.str(), base_after_.str(), who)));
    };
    for (const Limit& limit : program_.limits) {
        if (!limit.each) {
            judge(limit, fmt::format("in the {} largest groups", limit.count),
                  top(before_, limit.count), top(after_, limit.count));
            continue;
        }
        for (const auto& [group, place] : groups_) {
            judge(limit, fmt::format("in group '{}'", group), before_[place], after_[place]);
        }
    }
    return findings;
}

Errors judge_limits(const Program& program,
                    const DealState& state,
                    const Pool& pool,
                    const std::vector<Holding>& holdings)
{
    if (program.limits.empty()) return {};
    LimitTest test(program, state, pool);
    for (const Holding& h : holdings) test.add(h);
    return test.findings();
}

std::vector<LimitReading>
read_limits(const Program& program, const DealState& state, const Pool& pool)
{
    const auto balances = pool.group_balances();
    std::vector<Money> groups;
    for (const auto& [group, amount] : balances) groups.push_back(amount);
    const PendingPurchase pending = pending_total(state);
    const Money base = state.totals.pool_balance + pending.face +
                       state.book.balance(Account::principal) - pending.price;
    std::vector<LimitReading> result;
    for (const Limit& limit : program.limits) {
        LimitReading r;
        r.limit = &limit;
        if (limit.each && !balances.empty()) r.group = balances.front().first;
        r.amount = top(groups, limit.each ? 1 : limit.count);
        r.base = base;
        r.exceeded = above(r.amount, base, limit.share);
        result.push_back(std::move(r));
    }
    return result;
}

Errors judge_cash(const Program& program, const DealState& state, const PurchasePart& part)
{
    const PendingPurchase pending = pending_total(state);
    DealState then = state; // with what is ordered already
    Money principal = state.book.balance(Account::principal) - pending.price -
                      borne_by(state, Account::principal);
    Money income = state.book.balance(Account::income) - borne_by(state, Account::income);
    for (const Payout& p : state.payouts) {
        if (p.paid) continue;
        principal -= p.principal_out;
        income -= p.income_out;
        then.tranches = p.tranches;
        for (std::size_t i = 0; i < then.fees.size(); ++i) {
            const std::int64_t base_days = then.fees[i].base_days;
            then.fees[i] = p.fees[i];
            then.fees[i].base_days = base_days;
        }
    }
    if (part.price > principal) {
        return {pool_finding("no-cash", fmt::format("price {} is above principal cash {}",
                                               part.price.str(), principal.str()))};
    }
    const Money left = principal + income - part.price;
    const Money needed = accrued_and_unpaid(program, then, part.settle);
    if (left >= needed) return {};
    return {
        pool_finding("purchase-test",
                fmt::format("{} would be left in both ledgers, and {} of tax, fees and interest "
                            "is accrued and unpaid to {}",
                            left.str(), needed.str(), part.settle.str()))};
}

} // namespace tranchain
