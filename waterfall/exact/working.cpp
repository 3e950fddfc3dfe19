// Working, by kind of line.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/working.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "data/text.hpp"
#include "waterfall/exact/accrual.hpp"
#include "waterfall/exact/day_count.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/pending.hpp"
#include "waterfall/exact/priority.hpp"

namespace tranchain {

namespace {

/// `0.5391` of 5391 with four places.
std::string with_places(std::int64_t value, int places)
{
    std::string digits = fmt::format("{:0{}}", value, places + 1);
    digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
    return digits;
}

class LineWorking {
public:
    LineWorking(const Program& program,
                const DealState& before,
                const Distribution& d,
                std::size_t index,
                Language language)
        : p_(program), now_(before_lines(program, before, d.date)), d_(d), line_(d.lines[index]),
          earlier_(d.lines.begin(), d.lines.begin() + static_cast<std::ptrdiff_t>(index)),
          l_(language), from_(d.interest_from), to_(d.date.unadjusted)
    {
        const auto mark = std::find_if(before.marks.begin(), before.marks.end(), [&](const Mark& m) {
            return m.date == d.date.calculation;
        });
        if (mark != before.marks.end()) figures_ = mark->figures;
    }

    std::vector<WorkingStep> run()
    {
        if (const Step* step = executed(); step != nullptr) {
            if (step->only_if) {
                say({"paid only if", "仅当以下条件成立时支付"}, explain(*step->only_if, p_, l_));
            }
            explain_kind(*step);
            limits(*step);
        }
        say({"due on this line", "本项应付"}, line_.due);
        return std::move(out_);
    }

private:
    void say(Words what, std::variant<Money, std::string> figure)
    {
        out_.push_back({std::string(what.in(l_)), std::move(figure)});
    }
    template <class... Parts>
    void say_of(Words what, std::variant<Money, std::string> figure, const Parts&... parts)
    {
        out_.push_back({fmt::format(fmt::runtime(what.in(l_)), parts...), std::move(figure)});
    }
    void if_any(Words what, Money figure)
    {
        if (figure != zero) say(what, figure);
    }
    std::string rounding(Rounding r) const
    {
        constexpr std::array<const char*, 5> chinese{"四舍五入", "四舍六入五成双", "向零舍去", "进一法",
                                                     "截断"};
        return l_ == Language::english ? std::string(name_of(r)) : chinese[static_cast<std::size_t>(r)];
    }
    std::string fen() const { return rounding(p_.amount_rounding); }

    const Step* executed() const;
    void explain_kind(const Step& step);
    void interest(std::size_t tranche);
    void principal(std::size_t tranche);
    void fee(std::size_t index, const Step& step);
    void accrued_fee(const Fee& fee, std::size_t index);
    void above_cap(std::size_t index);
    void losses();
    void shortfall();
    void reserve(std::size_t index);
    void facility(std::size_t index, Step::Kind kind);
    void judged();
    void limits(const Step& step);
    /// What earlier lines of this distribution paid to the same payee by steps of that kind.
    Money paid_before(Step::Kind kind) const;

    const Program& p_;
    const DealState now_;
    const Distribution& d_;
    const Line& line_;
    std::vector<Line> earlier_;
    Language l_;
    Date from_, to_; ///< of the interest period
    Figures figures_; ///< at the end of the calculation date
    std::vector<WorkingStep> out_;
};

/// What stands after `else` has the number of its line. Where a line judged a trigger, a test may have
/// read otherwise than it does now; then the payee tells.
const Step* LineWorking::executed() const
{
    const Step* step = step_of(p_, line_);
    if (!d_.judged.empty()) return step;
    while (step != nullptr && step->only_if && !step->otherwise.empty() &&
           !holds(p_, now_, *step->only_if, to_))
        step = &step->otherwise.front();
    return step;
}

void LineWorking::explain_kind(const Step& step)
{
    const auto tranche = tranche_index(p_, line_.payee);
    const auto fee_at = fee_index(p_, line_.payee);
    const auto reserve_at = reserve_index(p_, line_.payee);
    const auto facility_at = facility_index(p_, line_.payee);
    switch (step.kind) {
    case Step::Kind::pay_interest:
        if (tranche >= 0) interest(static_cast<std::size_t>(tranche));
        return;
    case Step::Kind::pay_principal:
        if (tranche >= 0) principal(static_cast<std::size_t>(tranche));
        return;
    case Step::Kind::pay_fees:
        if (fee_at >= 0) fee(static_cast<std::size_t>(fee_at), step);
        return;
    case Step::Kind::pay_fees_above_cap:
        if (fee_at >= 0) above_cap(static_cast<std::size_t>(fee_at));
        return;
    case Step::Kind::cover_losses:
        return losses();
    case Step::Kind::cover_income_shortfall:
        return shortfall();
    case Step::Kind::pay_rest_to_principal:
    case Step::Kind::pay_rest_to_tranche:
        return say({"all that earlier lines left", "前列各项支付后的余额"}, line_.due);
    case Step::Kind::buy_receivables:
    case Step::Kind::keep_rest:
        return say({"stays in the ledger", "留存于科目"}, line_.left);
    case Step::Kind::fund_reserve:
    case Step::Kind::release_reserve:
        if (reserve_at >= 0) reserve(static_cast<std::size_t>(reserve_at));
        return;
    case Step::Kind::pay_facility_interest:
    case Step::Kind::pay_facility_premium:
    case Step::Kind::repay_facility:
        if (facility_at >= 0) facility(static_cast<std::size_t>(facility_at), step.kind);
        return;
    case Step::Kind::judge_trigger:
        return judged();
    }
}

void LineWorking::interest(std::size_t i)
{
    const Tranche& t = p_.tranches[i];
    const TrancheLine& line = d_.tranches[i];
    const Money base = coupon_base(p_, now_, i);
    if (t.notional.empty())
        say_of({"outstanding principal of {}", "{}未偿本金"}, base, t.id);
    else
        say_of({"outstanding principal of {}", "{}未偿本金"}, base,
               join(t.notional, l_ == Language::english ? ", " : "、"));
    const auto coupon = coupon_of(p_, now_, i, from_);
    if (t.coupon_rule)
        say_of({"rate a year: {}", "年利率：{}"}, coupon->str(), explain(*t.coupon_rule, p_, l_));
    else if (coupon)
        say({"rate a year", "年利率"}, coupon->str());
    const YearFraction part = year_fraction(t.day_count, from_, to_, p_.legal_final);
    say_of({"part of a year ({}), {} inclusive to {} exclusive", "计息天数（{}），{}（含）至{}（不含）"},
           fmt::format("{} / {}", part.days, part.basis), name_of(t.day_count), from_.str(), to_.str());
    if (coupon) {
        say_of({"principal × rate × part of a year, rounded {} to the fen",
                "本金×利率×天数，{}至分"},
               simple_interest(p_, *coupon, t.day_count, base, from_, to_), fen());
    }
    if (t.deferred && line.arrears_before != zero) {
        say_of({"interest at {} on what was unpaid", "未付利息按{}计息"},
               simple_interest(p_, *t.deferred, t.day_count, line.arrears_before, from_, to_),
               t.deferred->str());
    }
    const PerUnit unit = per_unit(p_, t, line.interest_exact);
    say_of({"each of {} units, rounded {} to {} decimals", "每份（共{}份），{}至{}位小数"},
           with_places(unit.each, unit_places(p_)), unit.units, rounding(p_.per_unit_rounding),
           unit_places(p_));
    say({"interest of the period: units × amount per unit", "本期利息：份数×每份金额"}, unit.amount);
    if_any({"rounding left in the ledger", "舍入余额（留存于科目）"}, line.rounding_left);
    if_any({"of it, becomes principal and is not due", "其中计入本金、不应付"}, line.capitalised);
    say({"due and unpaid from earlier dates", "以前兑付日欠付"}, line.arrears_before);
    if_any({"paid by earlier lines of this distribution", "本次分配前列各项已付"},
           paid_before(Step::Kind::pay_interest));
}

void LineWorking::principal(std::size_t i)
{
    const TrancheLine& line = d_.tranches[i];
    say_of({"outstanding principal of {}", "{}未偿本金"}, line.opening, line.id);
    if_any({"paid by earlier lines of this distribution", "本次分配前列各项已付"},
           paid_before(Step::Kind::pay_principal));
    const auto& lockout = p_.tranches[i].lockout;
    if (lockout && to_ < *lockout)
        say({"takes no principal before", "此日前不偿付本金"}, lockout->str());
}

void LineWorking::accrued_fee(const Fee& fee, std::size_t i)
{
    Expr base;
    base.kind = Expr::Kind::measure;
    base.measure = fee.base;
    if (fee.formula) base = *fee.formula;
    const std::string words = explain(base, p_, l_);
    const std::string days = fmt::format("{} / 365", to_ - from_);
    const Words period{"days of a year, {} inclusive to {} exclusive", "计费天数，{}（含）至{}（不含）"};
    switch (fee.kind) {
    case Fee::Kind::flat_rate:
        say_of({"{}", "{}"}, fee_base(p_, now_, fee, to_), words);
        return say({"rate", "费率"}, fee.rate.str());
    case Fee::Kind::annual_rate:
        if (needs_base_days(fee)) {
            say_of({"sum over the days of the period of {}", "计费期间各日{}之和"},
                   Money::fen(base_days_between(now_, i, from_, to_)), words);
            return say({"rate a year, over 365", "年费率（÷365）"}, fee.rate.str());
        }
        say_of({"{}", "{}"}, fee_base(p_, now_, fee, from_), words);
        say({"rate a year", "年费率"}, fee.rate.str());
        return say_of(period, days, from_.str(), to_.str());
    case Fee::Kind::annual_amount:
        say({"amount a year", "年费用"}, fee.amount);
        return say_of(period, days, from_.str(), to_.str());
    case Fee::Kind::each_payment:
        return say_of({"on each payment date: {}", "每个兑付日：{}"}, fee_base(p_, now_, fee, to_), words);
    case Fee::Kind::on_dates:
        return say_of({"on its days: {}", "约定日：{}"}, d_.fees[i].accrued, words);
    case Fee::Kind::target:
        say_of({"its target: {}", "累计应付目标：{}"}, fee_base(p_, now_, fee, to_), words);
        return say({"paid so far", "累计已付"}, now_.fees[i].paid_to_date);
    }
}

void LineWorking::fee(std::size_t i, const Step& step)
{
    accrued_fee(p_.fees[i], i);
    say_of({"accrued in the period, rounded {} to the fen", "本期计提，{}至分"}, d_.fees[i].accrued,
           fen());
    say({"due and unpaid from earlier dates", "以前兑付日欠付"}, now_.fees[i].due);
    if (!step.cap_per_year && !pays_above_cap(*priority_of(p_, d_.priority)))
        if_any({"left by the cap on earlier dates, due again", "以前兑付日超限未付，本次重新应付"},
               now_.fees[i].above_cap);
    if_any({"paid by earlier lines of this distribution", "本次分配前列各项已付"},
           paid_before(Step::Kind::pay_fees));
    if (!step.cap_per_year) return;
    Money paid, by_earlier;
    for (const std::string& id : step.payees) {
        for (const Line& l : earlier_) { // its own lines are paid at once
            const Step* other = l.payee == id && l.number != line_.number ? step_of(p_, l) : nullptr;
            if (other != nullptr && other->cap_per_year) by_earlier += l.paid;
        }
        const auto at = static_cast<std::size_t>(fee_index(p_, id));
        if (now_.fees[at].year == fee_year(p_, to_)) paid += now_.fees[at].paid_in_year;
    }
    say_of({"yearly cap on {} together", "{}合计年度上限"}, *step.cap_per_year, join(step.payees, ", "));
    say_of({"of it paid since {}", "自{}起已支付"}, paid, fee_year(p_, to_).str());
    if_any({"of it paid by earlier lines of this distribution", "其中本次分配前列各项已用"},
           by_earlier);
}

void LineWorking::above_cap(std::size_t i)
{
    say({"left by the cap on earlier dates", "以前兑付日超限未付"}, now_.fees[i].above_cap);
    const Money added = d_.fees[i].above_cap + d_.fees[i].above_cap_paid - now_.fees[i].above_cap;
    say({"left by the cap on this date", "本兑付日超限"}, added);
}

void LineWorking::losses()
{
    Money lent;
    for (const Line& l : earlier_) lent += l.lent;
    say({"cost lost to default and dilution since closing", "设立以来违约及抵扣损失的成本"},
        figures_.losses_to_date);
    say({"less recovered to principal", "减：已收回计入本金"}, -figures_.recovered_to_date);
    say({"lent by principal to income on earlier dates", "以前本金对收入的垫付"}, now_.loans_to_date);
    say({"lent by principal in this distribution so far", "本次分配至此的垫付"}, lent);
    say({"less paid on this line on earlier dates", "减：本项以前已补足"}, -now_.covered_to_date);
}

void LineWorking::shortfall()
{
    say({"principal cash on the payment date, all that can be lent", "兑付日本金科目余额（可垫付上限）"},
        d_.principal_held);
    for (const Line& l : d_.lines) {
        if (l.lent != zero) say_of({"lent to line {}", "垫付第{}项"}, l.lent, l.number);
    }
}

void LineWorking::reserve(std::size_t i)
{
    const ReserveLine& line = d_.reserves[i];
    say_of({"target: {}", "目标金额：{}"}, line.required, explain(p_.reserves[i].target, p_, l_));
    say({"in the reserve before", "分配前储备金余额"}, line.opening);
    if_any({"drawn in this distribution", "本次支取"}, -line.drawn);
    if_any({"funded in this distribution", "本次转入"}, line.funded);
    if_any({"released in this distribution", "本次释放"}, -line.released);
    say({"in the reserve after", "分配后储备金余额"}, line.closing);
}

void LineWorking::facility(std::size_t i, Step::Kind kind)
{
    const Facility& f = p_.facilities[i];
    const FacilityLine& line = d_.facilities[i];
    say({"drawn before", "分配前已提取"}, line.opening);
    if (kind == Step::Kind::repay_facility) return if_any({"drawn in this distribution", "本次提取"}, line.drawn);
    const bool premium = kind == Step::Kind::pay_facility_premium;
    say({"limit", "额度"}, line.limit);
    say({"rate a year", "年利率"}, (premium ? f.premium : f.rate).str());
    const YearFraction part = year_fraction(f.day_count, from_, to_, p_.legal_final);
    say_of({"part of a year ({}), {} inclusive to {} exclusive", "计息天数（{}），{}（含）至{}（不含）"},
           fmt::format("{} / {}", part.days, part.basis), name_of(f.day_count), from_.str(), to_.str());
    const Money accrued = premium ? line.premium_accrued : line.interest_accrued;
    say({"accrued in the period", "本期计提"}, accrued);
    say({"due and unpaid from earlier dates", "以前兑付日欠付"},
        (premium ? line.premium_due : line.interest_due) - accrued);
}

void LineWorking::judged()
{
    for (const JudgedLine& j : d_.judged) {
        if (j.id != line_.payee) continue;
        say({"value", "数值"}, j.value);
        say({"threshold", "阈值"}, j.threshold);
        say({"breaches that count", "计入次数"}, std::to_string(j.count));
    }
}

/// Values only where no line judges a trigger: one that did may have changed what a formula says.
void LineWorking::limits(const Step& step)
{
    const auto formula = [&](Words what, const Expr& e) {
        const std::string words = explain(e, p_, l_);
        if (d_.judged.empty())
            say_of(what, evaluate(p_, now_, e, to_), words);
        else
            say_of(what, words, "");
    };
    if (step.limit) formula({"at most: {}", "不超过：{}"}, *step.limit);
    if (step.due_share) say({"at most this share of what is due", "不超过应付金额的"}, step.due_share->str());
    if (step.keep) formula({"leaving in the ledger: {}", "科目至少留存：{}"}, *step.keep);
}

Money LineWorking::paid_before(Step::Kind kind) const
{
    Money sum;
    for (const Line& l : earlier_) {
        const Step* step = step_of(p_, l);
        if (step != nullptr && step->kind == kind && l.payee == line_.payee) sum -= l.paid;
    }
    return sum;
}

} // namespace

const Step* step_of(const Program& program, const Line& line)
{
    const Step* found = nullptr;
    for (const auto& [phase, priority] : program.priorities) {
        for (const Step* s : lines_of(priority)) {
            if (s->clause.number != line.number) continue;
            const auto& ids = s->payees;
            if (std::find(ids.begin(), ids.end(), line.payee) != ids.end()) return s;
            if (found == nullptr) found = s;
        }
    }
    return found;
}

std::vector<WorkingStep> working_of(const Program& program,
                                    const DealState& before,
                                    const Distribution& d,
                                    std::size_t index,
                                    Language language)
{
    return LineWorking(program, before, d, index, language).run();
}

} // namespace tranchain
