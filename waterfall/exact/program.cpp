// What a program is asked for apart from a deal: types, formulas, business days.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/program.hpp"

#include <algorithm>

#include "data/assert.hpp"

namespace tranchain {

ExprType type_of(const Expr& e)
{
    switch (e.kind) {
    case Expr::Kind::rate:
    case Expr::Kind::rate_table:
        return ExprType::rate;
    case Expr::Kind::compare:
    case Expr::Kind::every:
    case Expr::Kind::some:
    case Expr::Kind::negate:
    case Expr::Kind::fired:
    case Expr::Kind::since:
        return ExprType::truth;
    case Expr::Kind::count:
        return ExprType::number;
    case Expr::Kind::choose:
        return e.operands.size() == 3 ? type_of(e.operands[1]) : ExprType::amount;
    case Expr::Kind::add:
    case Expr::Kind::subtract:
    case Expr::Kind::minimum:
    case Expr::Kind::maximum:
        return e.operands.empty() ? ExprType::amount : type_of(e.operands.front());
    case Expr::Kind::constant:
    case Expr::Kind::measure:
    case Expr::Kind::average:
    case Expr::Kind::amount_table:
    case Expr::Kind::scale:
    case Expr::Kind::product:
    case Expr::Kind::times:
        return ExprType::amount;
    }
    return ExprType::amount;
}

std::vector<const Step*> lines_of(const Priority& priority)
{
    std::vector<const Step*> lines;
    const std::function<void(const std::vector<Step>&)> add = [&](const std::vector<Step>& steps) {
        for (const Step& step : steps) {
            lines.push_back(&step);
            add(step.otherwise);
        }
    };
    for (const auto* steps : {&priority.income, &priority.principal, &priority.all}) add(*steps);
    return lines;
}

void for_each_formula(const Program& program, const std::function<void(const Expr&)>& use)
{
    for (const Tranche& t : program.tranches) {
        if (t.coupon_rule) use(*t.coupon_rule);
        if (t.capitalises) use(*t.capitalises);
    }
    for (const Fee& f : program.fees) {
        if (f.formula) use(*f.formula);
    }
    for (const Reserve& r : program.reserves) use(r.target);
    for (const Facility& f : program.facilities) use(f.limit);
    for (const Trigger& t : program.triggers) {
        if (t.test) {
            use(*t.test);
        } else {
            use(t.when.left);
            use(t.when.right);
        }
        if (t.price) use(*t.price);
    }
    for (const auto& [phase, priority] : program.priorities) {
        for (const Step* s : lines_of(priority)) {
            if (s->limit) use(*s->limit);
            if (s->only_if) use(*s->only_if);
            if (s->keep) use(*s->keep);
        }
    }
}

const Priority* priority_of(const Program& program, Phase phase)
{
    auto found = program.priorities.find(phase);
    if (found == program.priorities.end() && phase == Phase::enforcement) {
        found = program.priorities.find(Phase::defaulted);
    }
    return found == program.priorities.end() ? nullptr : &found->second;
}

int gravity(Trigger::Effect effect)
{
    switch (effect) {
    case Trigger::Effect::event_of_default:
        return 6;
    case Trigger::Effect::enforce:
        return 5;
    case Trigger::Effect::accelerate:
        return 4;
    case Trigger::Effect::call:
        return 3;
    case Trigger::Effect::stop_buying:
        return 2;
    case Trigger::Effect::end:
        return 1;
    case Trigger::Effect::notice:
        return 0;
    }
    invariant(false);
    return 0;
}

bool can_be_cured(Trigger::Effect effect)
{
    return effect == Trigger::Effect::stop_buying || effect == Trigger::Effect::notice;
}

bool is_dated(Trigger::Clock clock)
{
    return clock == Trigger::Clock::calculation_dates || clock == Trigger::Clock::before_payments ||
           clock == Trigger::Clock::after_payments || clock == Trigger::Clock::inside_payments;
}

Condition first_comparison(const Expr& test)
{
    if (test.kind == Expr::Kind::compare && test.operands.size() == 2) {
        return {test.operands[0], test.compare, test.operands[1]};
    }
    for (const Expr& operand : test.operands) {
        if (Condition found = first_comparison(operand); !(found == Condition{})) return found;
    }
    return {};
}

bool is_business_day(const Calendar& calendar, Date day)
{
    const bool weekday = day.weekday() <= 5;
    if (day < calendar.from || day > calendar.to) return weekday;
    const bool excepted =
        std::binary_search(calendar.exceptions.begin(), calendar.exceptions.end(), day);
    return weekday != excepted;
}

Date add_business_days(const Calendar& calendar, Date day, int n)
{
    invariant(n >= 1);
    while (n > 0) {
        ++day;
        if (is_business_day(calendar, day)) --n;
    }
    return day;
}

} // namespace tranchain
