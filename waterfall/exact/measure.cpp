// What a clause measures, at the end of the last closed day.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "data/assert.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

namespace {

/// Arrears, and what fell due on payment dates that passed without a distribution.
Money interest_unpaid(const Program& program, const DealState& state, std::size_t tranche)
{
    const Tranche& t = program.tranches[tranche];
    Money unpaid = state.tranches[tranche].arrears;
    Date from = state.accrued_from;
    for (const PaymentDate& d : payment_dates(program, state)) {
        if (d.unadjusted <= from) continue;
        if (d.adjusted > state.closed_through) break;
        if (!capitalises(program, state, tranche, d.unadjusted)) {
            const Money due = interest_of(program, state, tranche, from, d.unadjusted);
            unpaid += per_unit(program, t, due).amount;
        }
        from = d.unadjusted;
    }
    return unpaid;
}

Money balance_of(const Program& program, const DealState& state, bool with_residual)
{
    Money sum;
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        if (with_residual || program.tranches[i].coupon) sum += state.tranches[i].balance;
    }
    return sum;
}

} // namespace

Money measure(const Program& program, const DealState& state, Measure what, std::string_view name)
{
    return measure(program, state, what, name, state.closed_through);
}

Money measure(const Program& program,
              const DealState& state,
              Measure what,
              std::string_view name,
              Date day)
{
    const auto reserve = [&]() -> std::optional<std::size_t> {
        const int index = reserve_index(program, name);
        if (index < 0) return std::nullopt;
        return static_cast<std::size_t>(index);
    };
    const auto tranche = [&]() -> std::optional<std::size_t> {
        const int index = tranche_index(program, name);
        if (index < 0) return std::nullopt;
        return static_cast<std::size_t>(index);
    };
    const auto facility = [&]() -> std::optional<std::size_t> {
        const int index = facility_index(program, name);
        if (index < 0) return std::nullopt;
        return static_cast<std::size_t>(index);
    };
    switch (what) {
    case Measure::pool_balance:
        return state.totals.pool_balance;
    case Measure::principal_cash:
        return state.book.balance(Account::principal);
    case Measure::income_cash:
        return state.book.balance(Account::income);
    case Measure::collection_account:
        return state.book.balance(Account::collection_account);
    case Measure::unapplied_cash:
        return state.book.balance(Account::unapplied);
    case Measure::senior_balance:
        return balance_of(program, state, false);
    case Measure::outstanding_notes:
        return balance_of(program, state, true);
    case Measure::tranche_balance: {
        const auto i = tranche();
        return i ? state.tranches[*i].balance : zero;
    }
    case Measure::interest_unpaid: {
        const auto i = tranche();
        return i ? interest_unpaid(program, state, *i) : zero;
    }
    case Measure::principal_unpaid: {
        const auto i = tranche();
        return i && state.closed_through >= program.legal_final ? state.tranches[*i].balance : zero;
    }
    case Measure::income_collected:
        return state.totals.income_to_date - state.income_taken;
    case Measure::income_cumulative:
        return state.totals.income_to_date;
    case Measure::defaulted_cumulative:
        return state.totals.defaulted_to_date;
    case Measure::bought_cumulative:
        return state.totals.bought_to_date;
    case Measure::losses_cumulative:
        return state.totals.losses_to_date;
    case Measure::recovered_cumulative:
        return state.totals.recovered_to_date;
    case Measure::uncovered_losses:
        return max(zero, state.totals.losses_to_date - state.totals.recovered_to_date +
                             state.loans_to_date - state.covered_to_date);
    case Measure::reserve_balance: {
        const auto i = reserve();
        return i ? state.book.balance(reserve_account(*i)) : zero;
    }
    case Measure::reserve_required: {
        const auto i = reserve();
        return i ? required(program, state, *i, day) : zero;
    }
    case Measure::reserve_shortfall: {
        const auto i = reserve();
        if (!i) return zero;
        return max(zero, required(program, state, *i, day) -
                             state.book.balance(reserve_account(*i)));
    }
    case Measure::eligible_balance:
        return state.net_pool ? state.net_pool->eligible : zero;
    case Measure::excess_concentration:
        return state.net_pool ? state.net_pool->excess : zero;
    case Measure::net_pool_balance:
        return state.net_pool ? state.net_pool->eligible - state.net_pool->excess : zero;
    case Measure::facility_drawn: {
        const auto i = facility();
        return i ? state.facilities[*i].drawn : zero;
    }
    case Measure::facility_undrawn: {
        const auto i = facility();
        return i ? undrawn(program, state, *i, day) : zero;
    }
    case Measure::tranche_face: {
        const auto i = tranche();
        return i ? program.tranches[*i].face : zero;
    }
    }
    invariant(false);
    return zero;
}

} // namespace tranchain
