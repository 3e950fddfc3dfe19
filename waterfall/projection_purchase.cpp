// Player, purchases: what the servicer buys of the tapes with the cash that is there.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "waterfall/eligibility.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/purchase.hpp"
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
    const Scenario& scenario = input_.scenario;
    for (std::size_t i = 0; i < scenario.assumptions.size(); ++i) {
        const Assumption& a = scenario.assumptions[i];
        if (a.kind != Assumption::Kind::replenishment || !a.of.covers(r, true)) continue;
        if (!drawn(scenario.seed, fmt::format("offer {}", i), r.asset_id,
                   a.share.at(day, program_.closing))) {
            return false;
        }
    }
    return true;
}

std::vector<const Receivable*> Player::choose(const Cut& cut, Money funds) const
{
    const auto& insolvency = input_.scenario.insolvency;
    LimitTest limits(program_, judge_.state(), judge_.pool());
    const auto wanted = [&](const Receivable& r) {
        const bool solvent =
            !insolvency || insolvency->date > cut.settle || r.obligor_group != insolvency->group;
        const Date due = r.extended_due_date.value_or(r.due_date);
        if (due <= cut.settle) return false;
        if (!rejections(program_, r, cut.purchase_day, solvent).empty()) return false;
        const Money price = price_of(*program_.purchase, r.current_balance, cut.settle, due);
        if (price > funds) return false;
        Holding h;
        h.obligor_group = r.obligor_group.empty() ? r.obligor_code : r.obligor_group;
        h.face = r.current_balance;
        h.price = price;
        if (!limits.take(h)) return false;
        funds -= price;
        return true;
    };
    std::vector<const Receivable*> chosen;
    for (const CandidateTape* tape : cut.tapes) {
        for (const Receivable& r : tape->rows) {
            if (is_offered(r, tape->as_of) && wanted(r)) chosen.push_back(&r);
        }
    }
    return chosen;
}

Result<> Player::buy(const Cut& cut, ProjectionStep& step)
{
    if (cut.tapes.empty() || judge_.state().phase != Phase::revolving) return {};
    Money funds = spendable(cut.settle);
    const auto columns = projection_columns();
    for (int attempt = 0; attempt < 5; ++attempt) {
        std::vector<Row> rows;
        step.bought.clear();
        step.price = zero;
        for (const Receivable* candidate : choose(cut, funds)) {
            Receivable r = *candidate;
            r.purchase_date = cut.settle;
            r.purchase_price = price_of(*program_.purchase, r.current_balance, cut.settle,
                                        r.extended_due_date.value_or(r.due_date));
            step.price += r.purchase_price;
            rows.push_back(to_row(r, columns));
            step.bought.push_back(std::move(r));
        }
        if (step.bought.empty()) return {};
        std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.key < b.key; });
        TRANCHAIN_TRY(Submission s, build_purchase(cut.purchase_day, cut.settle, std::move(rows)));
        TRANCHAIN_TRY(const bool accepted, submit(std::move(s.record), s.rows, "servicer"));
        if (accepted) {
            step.purchase_day = cut.purchase_day;
            step.settle = cut.settle;
            debits_[cut.settle].push_back(
                {purchase_reference(cut.settle, servicer_seq_), step.price});
            result_.bought[cut.settle] += step.price;
            for (const Receivable& r : step.bought) {
                result_.bought_face += r.current_balance;
                owned_.push_back(std::make_unique<Receivable>(r));
                own(*owned_.back(), cut.settle);
            }
            return {};
        }
        result_.remarks.push_back(
            fmt::format("{}: a purchase was refused: {}", cut.purchase_day.str(), refusal_));
        funds = scale(funds, 9, 10, Rounding::down);
    }
    step.bought.clear();
    return {};
}

}  // namespace tranchain
