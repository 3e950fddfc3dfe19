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
    const std::int64_t fine = power_of_ten(unit_places(program) - 2);
    result.each = divide_rounded(Int128{amount.in_fen()} * fine, Int128{result.units}, r);
    result.amount = Money::fen(
        divide_rounded(Int128{result.each} * result.units, Int128{fine}, Rounding::half_up));
    return result;
}

Money at_fraction(Money base, Rate rate, std::int64_t days, Rounding rounding)
{
    return interest(base, rate, days, 365, rounding);
}

/// The day on which the coupon of a period that begins on `from` is read.
Date reset_before(const Program& program, const Tranche& tranche, Date from)
{
    if (tranche.resets.empty()) return from;
    const auto after = std::upper_bound(tranche.resets.begin(), tranche.resets.end(), from);
    return after == tranche.resets.begin() ? program.closing : *(after - 1);
}

bool on_notes(Measure base)
{
    return base == Measure::outstanding_notes || base == Measure::senior_balance ||
           base == Measure::tranche_balance || base == Measure::tranche_face;
}

/// The formula can change between two payment dates.
bool moves(const Expr& e)
{
    const bool by_day = e.kind == Expr::Kind::amount_table || e.kind == Expr::Kind::rate_table ||
                        e.kind == Expr::Kind::fired || e.kind == Expr::Kind::since ||
                        e.kind == Expr::Kind::count;
    return by_day || (e.kind == Expr::Kind::measure && !on_notes(e.measure)) ||
           std::any_of(e.operands.begin(), e.operands.end(), moves);
}

/// All days a dated fee falls due on after `from`, closing itself included, up to `to`.
Money dated_fee(const Program& program, const DealState& state, const Fee& fee, Date from, Date to)
{
    Money sum;
    for (const Date day : fee.dates) {
        const bool opening = day == program.closing && from == program.closing;
        if ((day <= from && !opening) || day > to) continue;
        sum += max(zero, evaluate(program, state, *fee.formula, day));
    }
    return sum;
}

} // namespace

Money simple_interest(
    const Program& program, Rate rate, DayCount days, Money balance, Date from, Date to)
{
    if (to <= from) return zero;
    const YearFraction t = year_fraction(days, from, to, program.legal_final);
    return interest(balance, rate, t.days, t.basis, program.amount_rounding);
}

Money accrued_interest(
    const Program& program, const Tranche& tranche, Money balance, Date from, Date to)
{
    if (!tranche.coupon) return zero;
    return simple_interest(program, *tranche.coupon, tranche.day_count, balance, from, to);
}

Money interest_of(
    const Program& program, const DealState& state, std::size_t tranche, Date from, Date to)
{
    const Tranche& t = program.tranches[tranche];
    const TrancheState& at = state.tranches[tranche];
    const auto accrued = [&](const std::optional<Rate>& rate, Money balance) {
        return rate ? simple_interest(program, *rate, t.day_count, balance, from, to) : zero;
    };
    return accrued(coupon_of(program, state, tranche, from), coupon_base(program, state, tranche)) +
           accrued(t.deferred, at.arrears);
}

std::optional<Rate>
coupon_of(const Program& program, const DealState& state, std::size_t tranche, Date from)
{
    const Tranche& t = program.tranches[tranche];
    if (!t.coupon_rule) return t.coupon;
    const Date day = reset_before(program, t, from);
    return std::max(Rate{}, evaluate_rate(program, state, *t.coupon_rule, day));
}

Money coupon_base(const Program& program, const DealState& state, std::size_t tranche)
{
    Money balance = state.tranches[tranche].balance;
    for (const std::string& of : program.tranches[tranche].notional) {
        balance += measure(program, state, Measure::tranche_balance, of);
    }
    return balance;
}

int unit_places(const Program& program)
{
    return std::max(program.per_unit_places, 2);
}

bool capitalises(const Program& program, const DealState& state, std::size_t tranche, Date payment)
{
    const auto& test = program.tranches[tranche].capitalises;
    return test && holds(program, state, *test, payment);
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
    if (fee.kind != Fee::Kind::annual_rate) return false;
    return fee.formula ? moves(*fee.formula) : !on_notes(fee.base);
}

std::int64_t base_days_between(const DealState& state, std::size_t fee, Date from, Date to)
{
    std::int64_t first = 0;
    std::int64_t last = state.fees[fee].base_days;
    for (const BaseMark& m : state.base_marks) {
        if (m.date == from) first = m.base_days[fee];
        if (m.date == to) last = m.base_days[fee];
    }
    return last - first;
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
    const Money base = fee_base(program, state, fee, from);
    return at_fraction(base, fee.rate, days, program.amount_rounding);
}

Money fee_base(const Program& program, const DealState& state, const Fee& fee, Date day)
{
    if (!fee.formula) return measure(program, state, fee.base, {});
    return max(zero, evaluate(program, state, *fee.formula, day));
}

Money single_fee(
    const Program& program, const DealState& state, std::size_t index, Date from, Date to)
{
    const Fee& fee = program.fees[index];
    const FeeState& at = state.fees[index];
    switch (fee.kind) {
    case Fee::Kind::flat_rate:
        return share(fee_base(program, state, fee, to), fee.rate, program.amount_rounding);
    case Fee::Kind::each_payment:
        return fee_base(program, state, fee, to);
    case Fee::Kind::on_dates:
        return dated_fee(program, state, fee, from, to);
    case Fee::Kind::target:
        return max(zero, fee_base(program, state, fee, to) - at.paid_to_date) -
               (at.due + at.above_cap);
    case Fee::Kind::annual_rate:
    case Fee::Kind::annual_amount:
        break;
    }
    invariant(false);
    return zero;
}

bool by_year(const Fee& fee)
{
    return fee.kind == Fee::Kind::annual_rate || fee.kind == Fee::Kind::annual_amount;
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
    for (std::size_t i = 0; i < program.fees.size(); ++i) {
        const Fee& fee = program.fees[i];
        const FeeState& at = state.fees[i];
        sum += at.due + at.above_cap;
        if (!by_year(fee)) {
            sum += single_fee(program, state, i, state.accrued_from, day);
            continue;
        }
        std::int64_t base_days = at.base_days;
        if (needs_base_days(fee)) {
            // Days closed since accrued_from, and the days to `day` at the base as it stands.
            for (const BaseMark& m : state.base_marks) {
                if (m.date == state.accrued_from) base_days -= m.base_days[i];
            }
            const std::int64_t more = day - (state.closed_through + 1);
            base_days += more * fee_base(program, state, fee, day).in_fen();
        }
        sum += accrued_annual_fee(program, state, fee, state.accrued_from, day, base_days);
    }
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        sum += state.tranches[i].arrears;
        if (capitalises(program, state, i, day)) continue;
        sum += interest_of(program, state, i, state.accrued_from, day);
    }
    return sum;
}

} // namespace tranchain
