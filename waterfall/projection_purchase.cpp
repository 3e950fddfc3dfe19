// Player, purchases: what the servicer buys of the tapes with the cash that is there.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/eligibility.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/price.hpp"
#include "waterfall/exact/purchase.hpp"
#include "waterfall/exact/trigger.hpp"
#include "waterfall/projection_player.hpp"

namespace tranchain {

/// Principal cash that a purchase may use: less what distributions take that day, and what the
/// purchase test keeps for tax, fees and interest.
Money Player::spendable(Date settle) const
{
    const DealState& state = judge_.state();
    Money principal = state.book.balance(Account::principal);
    Money both = principal + state.book.balance(Account::income);
    for (const Payout& payout : state.payouts) {
        if (payout.paid) continue;
        principal -= max(zero, payout.principal_out);
        both -= payout.income_out + payout.principal_out;
    }
    return max(zero, min(principal, both - accrued_and_unpaid(program_, state, settle)));
}

/// False for what the scenario's replenishment leaves out.
bool Player::is_offered(const Receivable& r, Date day) const
{
    for (std::size_t i = 0; i < scenario_.assumptions.size(); ++i) {
        const Assumption& a = scenario_.assumptions[i];
        if (a.kind != Assumption::Kind::replenishment || !a.of.covers(r, true)) continue;
        if (!drawn(scenario_.seed, fmt::format("offer {}", i), lot_of(r),
                   times(a.share.at(day, program_.closing), scenario_.factors[a.kind]))) {
            return false;
        }
    }
    return true;
}

Player::Basket Player::choose(const Cut& cut, Money funds) const
{
    const auto& insolvency = scenario_.insolvency;
    LimitTest limits(program_, judge_.state(), judge_.pool());
    Basket basket;
    const auto consider = [&](const Receivable& r) {
        const bool solvent =
            !insolvency || insolvency->date > cut.settle || r.obligor_group != insolvency->group;
        if (scenario_.futures && scenario_.futures->in_default(r.obligor_code, cut.settle)) return;
        const Date due = due_of(r);
        if (due <= cut.settle) return;
        const Money price = price_of(*program_.purchase, r.current_balance,
                                     r.financed_amount, cut.settle, due);
        if (price <= zero || price > r.current_balance || basket.price + price > funds) return;
        Holding holding = holding_of(r, cut.settle, price);
        if (!is_eligible(program_, holding, cut.purchase_day, solvent)) return;
        if (!limits.take(holding)) return;
        basket.price += price;
        basket.receivables.push_back(&r);
        basket.holdings.push_back(std::move(holding));
    };
    for (const CandidateTape* tape : cut.tapes) {
        for (const Receivable& r : tape->rows) {
            if (is_offered(r, tape->as_of)) consider(r);
        }
    }
    return basket;
}

Result<> Player::buy(const Cut& cut, ProjectionStep& step)
{
    if (cut.tapes.empty() || judge_.state().phase != Phase::revolving) return {};
    if (buying_stopped(program_, judge_.state())) return {};
    Money funds = spendable(cut.settle);
    for (int attempt = 0; attempt < 5; ++attempt) {
        const Basket basket = choose(cut, funds);
        if (basket.receivables.empty()) return {};
        if (!accepts(
                judge_.take_purchase(cut.purchase_day, servicer_seq_ + 1, basket.holdings))) {
            result_.remarks.push_back(
                fmt::format("{}: a purchase was refused: {}", cut.purchase_day.str(), refusal_));
            funds = scale(funds, 9, 10, Rounding::down);
            continue;
        }
        ++servicer_seq_;
        step.purchase_day = cut.purchase_day;
        step.settle = cut.settle;
        step.price = basket.price;
        debits_[cut.settle].push_back(
            {purchase_reference(cut.settle, servicer_seq_), basket.price});
        result_.bought[cut.settle] += basket.price;
        for (std::size_t i = 0; i < basket.receivables.size(); ++i) {
            const Receivable& r = *basket.receivables[i];
            result_.bought_face += r.current_balance;
            own(r, cut.settle, basket.holdings[i].price);
            if (!on_step_) continue;
            step.bought.push_back(r);
            step.bought.back().purchase_date = cut.settle;
            step.bought.back().purchase_price = basket.holdings[i].price;
        }
        return {};
    }
    return {};
}

}  // namespace tranchain
