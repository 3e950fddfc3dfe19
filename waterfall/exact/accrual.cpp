// Interest, per-unit amounts and fees in integers.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/accrual.hpp"

#include <algorithm>

#include "data/assert.hpp"
#include "waterfall/exact/day_count.hpp"

namespace tranchain {

namespace {

std::int64_t power_of_ten(int n)
{
    std::int64_t p = 1;
    for (; n > 0; --n) p *= 10;
    return p;
}

PerUnit per_unit_rounded(const Program& program, const Tranche& tranche, Money amount, Rounding r)
{
    PerUnit result;
    result.units = tranche.face.in_fen() / program.unit.in_fen();
    invariant(result.units > 0);
    // Per unit in 10^-places yuan; a fen is 10^-2 yuan. Back to the nearest fen: with places finer
    // than the fen of a unit, rounding per unit takes nothing from an amount that was whole fen.
    // Never more than a per-unit amount rounded down allows, since `amount` is a whole number.
    const int places = std::max(program.per_unit_places, 2);
    const std::int64_t fine = power_of_ten(places - 2);
    const std::int64_t each =
        divide_rounded(Int128{amount.in_fen()} * fine, Int128{result.units}, r);
    result.amount =
        Money::fen(divide_rounded(Int128{each} * result.units, Int128{fine}, Rounding::half_up));
    return result;
}

Money at_fraction(Money base, Rate rate, std::int64_t days, Rounding rounding)
{
    return interest(base, rate, days, 365, rounding);
}

bool on_notes(Measure base)
{
    return base == Measure::outstanding_notes || base == Measure::senior_balance ||
           base == Measure::tranche_balance;
}

} // namespace

Money accrued_interest(
    const Program& program, const Tranche& tranche, Money balance, Date from, Date to)
{
    if (!tranche.coupon || to <= from) return zero;
    const YearFraction t = year_fraction(tranche.day_count, from, to, program.legal_final);
    return interest(balance, *tranche.coupon, t.days, t.basis, program.amount_rounding);
}

Money interest_of(
    const Program& program, const DealState& state, std::size_t tranche, Date from, Date to)
{
    Tranche t = program.tranches[tranche];
    const TrancheState& at = state.tranches[tranche];
    if (t.coupon_rule) {
        t.coupon = std::max(Rate{}, evaluate_rate(program, state, *t.coupon_rule, from));
    }
    Money sum = accrued_interest(program, t, at.balance, from, to);
    if (t.deferred) {
        t.coupon = t.deferred;
        sum += accrued_interest(program, t, at.arrears, from, to);
    }
    return sum;
}

PerUnit per_unit(const Program& program, const Tranche& tranche, Money amount)
{
    return per_unit_rounded(program, tranche, amount, program.per_unit_rounding);
}

PerUnit per_unit_at_most(const Program& program, const Tranche& tranche, Money amount)
{
    return per_unit_rounded(program, tranche, amount, Rounding::down);
}

bool needs_base_days(const Fee& fee)
{
    return fee.kind == Fee::Kind::annual_rate && !on_notes(fee.base);
}

Money accrued_annual_fee(const Program& program,
                         const DealState& state,
                         const Fee& fee,
                         Date from,
                         Date to,
                         std::int64_t base_days)
{
    if (to <= from) return zero;
    const std::int64_t days = to - from;
    if (fee.kind == Fee::Kind::annual_amount) {
        return scale(fee.amount, days, 365, program.amount_rounding);
    }
    if (needs_base_days(fee)) {
        return Money::fen(divide_rounded(Int128{base_days} * fee.rate.in_ppb(),
                                         Int128{Rate::one} * 365, program.amount_rounding));
    }
    const Money base = measure(program, state, fee.base, {});
    return at_fraction(base, fee.rate, days, program.amount_rounding);
}

Money flat_fee(const Program& program, const DealState& state, const Fee& fee, Money income)
{
    const Money base =
        fee.base == Measure::income_collected ? income : measure(program, state, fee.base, {});
    return share(base, fee.rate, program.amount_rounding);
}

Date fee_year(const Program& program, Date date)
{
    int years = date.year() - program.closing.year();
    if (program.closing.plus_months(12 * years) > date) --years;
    return program.closing.plus_months(12 * years);
}

Money accrued_and_unpaid(const Program& program, const DealState& state, Date day)
{
    Money sum;
    const Money income = state.totals.income_to_date - state.income_taken;
    const std::vector<std::int64_t> none(program.fees.size(), 0);
    for (std::size_t i = 0; i < program.fees.size(); ++i) {
        const Fee& fee = program.fees[i];
        const FeeState& at = state.fees[i];
        sum += at.due + at.above_cap;
        if (fee.kind == Fee::Kind::flat_rate) {
            sum += flat_fee(program, state, fee, income);
            continue;
        }
        std::int64_t base_days = at.base_days;
        if (needs_base_days(fee)) {
            // Days closed since accrued_from, and the days to `day` at the base as it stands.
            for (const BaseMark& m : state.base_marks) {
                if (m.date == state.accrued_from) base_days -= m.base_days[i];
            }
            const std::int64_t more = day - (state.closed_through + 1);
            base_days += more * measure(program, state, fee.base, {}).in_fen();
        }
        sum += accrued_annual_fee(program, state, fee, state.accrued_from, day, base_days);
    }
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        sum += state.tranches[i].arrears;
        sum += interest_of(program, state, i, state.accrued_from, day);
    }
    return sum;
}

} // namespace tranchain
