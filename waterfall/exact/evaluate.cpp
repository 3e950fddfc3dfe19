// The value of a formula on a day.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "data/assert.hpp"
#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/state.hpp"
#include "waterfall/exact/trigger.hpp"

namespace tranchain {

namespace {

std::int64_t table_value(const Program& program, const std::string& id, Date day)
{
    const auto table = std::find_if(program.tables.begin(), program.tables.end(),
                                    [&](const ValueTable& t) { return t.id == id; });
    invariant(table != program.tables.end());
    std::int64_t value = table->points.front().value;
    for (const ValueTable::Point& p : table->points) {
        if (p.from <= day) value = p.value;
    }
    return value;
}

bool has_fired(const Program& program, const DealState& state, const std::string& id, Date day)
{
    for (std::size_t i = 0; i < program.triggers.size(); ++i) {
        if (program.triggers[i].id != id) continue;
        const TriggerState& t = state.triggers[i];
        if (t.effective && *t.effective < day) return true;
        if (!t.cured || *t.cured < day) return false;
        // The day lies before the cure: did the effect that was cured precede it?
        std::optional<Date> last;
        for (const Fired& f : state.fired) {
            if (f.trigger == static_cast<int>(i) && f.effective < *t.cured) last = f.effective;
        }
        return last && *last < day;
    }
    return false;
}

/// Folds the operands of an amount or a rate, as integers of either unit.
template <class Value>
std::int64_t fold(const Expr& expr, Value value)
{
    std::int64_t result = value(expr.operands[0]);
    for (std::size_t i = 1; i < expr.operands.size(); ++i) {
        const std::int64_t next = value(expr.operands[i]);
        switch (expr.kind) {
        case Expr::Kind::add:
            result += next;
            break;
        case Expr::Kind::subtract:
            result -= next;
            break;
        case Expr::Kind::minimum:
            result = std::min(result, next);
            break;
        default:
            invariant(expr.kind == Expr::Kind::maximum);
            result = std::max(result, next);
        }
    }
    return result;
}

} // namespace

Money required(const Program& program, const DealState& state, std::size_t reserve, Date day)
{
    const Money target = evaluate(program, state, program.reserves[reserve].target, day);
    return max(zero, min(target, Money::fen(amount_limit)));
}

Money evaluate(const Program& program, const DealState& state, const Expr& expr, Date day)
{
    const auto value = [&](const Expr& e) { return evaluate(program, state, e, day); };
    switch (expr.kind) {
    case Expr::Kind::constant:
        return expr.constant;
    case Expr::Kind::measure:
        return measure(program, state, expr.measure, expr.name, day);
    case Expr::Kind::average:
        return average_of(program, state, expr);
    case Expr::Kind::amount_table:
        return Money::fen(table_value(program, expr.name, day));
    case Expr::Kind::scale:
        return share(value(expr.operands[0]), expr.rate, program.amount_rounding);
    case Expr::Kind::product:
        return share(value(expr.operands[0]), evaluate_rate(program, state, expr.operands[1], day),
                     program.amount_rounding);
    case Expr::Kind::times:
        return scale(value(expr.operands[0]), std::min(state.live_count, count_limit), 1,
                     program.amount_rounding);
    case Expr::Kind::choose:
        return value(expr.operands[holds(program, state, expr.operands[0], day) ? 1 : 2]);
    case Expr::Kind::add: {
        Money sum;
        for (const Expr& operand : expr.operands) sum += value(operand);
        return sum;
    }
    case Expr::Kind::subtract:
        return value(expr.operands[0]) - value(expr.operands[1]);
    case Expr::Kind::minimum:
    case Expr::Kind::maximum:
        return Money::fen(fold(expr, [&](const Expr& e) { return value(e).in_fen(); }));
    case Expr::Kind::count: // the only number there is
    case Expr::Kind::rate:
    case Expr::Kind::rate_table:
    case Expr::Kind::compare:
    case Expr::Kind::every:
    case Expr::Kind::some:
    case Expr::Kind::negate:
    case Expr::Kind::fired:
    case Expr::Kind::since:
        break;
    }
    invariant(false);
    return zero;
}

Money evaluate(const Program& program, const DealState& state, const Expr& expr)
{
    return evaluate(program, state, expr, state.closed_through);
}

Rate evaluate_rate(const Program& program, const DealState& state, const Expr& expr, Date day)
{
    const auto value = [&](const Expr& e) {
        return evaluate_rate(program, state, e, day).in_ppb();
    };
    if (expr.kind == Expr::Kind::rate) return expr.rate;
    if (expr.kind == Expr::Kind::rate_table) {
        return Rate::ppb(table_value(program, expr.name, day));
    }
    if (expr.kind == Expr::Kind::choose) {
        const bool first = holds(program, state, expr.operands[0], day);
        return Rate::ppb(value(expr.operands[first ? 1 : 2]));
    }
    return Rate::ppb(std::clamp(fold(expr, value), -rate_limit, rate_limit));
}

bool holds(const Program& program, const DealState& state, const Expr& test, Date day)
{
    const auto value = [&](const Expr& e) { return holds(program, state, e, day); };
    switch (test.kind) {
    case Expr::Kind::compare:
        return compares(evaluate(program, state, test.operands[0], day), test.compare,
                        evaluate(program, state, test.operands[1], day));
    case Expr::Kind::every:
        return std::all_of(test.operands.begin(), test.operands.end(), value);
    case Expr::Kind::some:
        return std::any_of(test.operands.begin(), test.operands.end(), value);
    case Expr::Kind::negate:
        return !value(test.operands[0]);
    case Expr::Kind::fired:
        return has_fired(program, state, test.name, day);
    default:
        invariant(test.kind == Expr::Kind::since);
        return day >= test.date;
    }
}

bool compares(Money left, Compare compare, Money right)
{
    switch (compare) {
    case Compare::less:
        return left < right;
    case Compare::less_equal:
        return left <= right;
    case Compare::equal:
        return left == right;
    case Compare::not_equal:
        return left != right;
    case Compare::greater_equal:
        return left >= right;
    case Compare::greater:
        return left > right;
    }
    invariant(false);
    return false;
}

bool holds(const Program& program, const DealState& state, const Condition& condition)
{
    return compares(evaluate(program, state, condition.left), condition.compare,
                    evaluate(program, state, condition.right));
}

bool holds(const Program& program, const DealState& state, const Trigger& trigger)
{
    return trigger.test ? holds(program, state, *trigger.test, state.closed_through)
                        : holds(program, state, trigger.when);
}

} // namespace tranchain
