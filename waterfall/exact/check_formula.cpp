// Judging the triggers of a deal, and what its formulas ask for.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "waterfall/exact/check.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

class FormulaCheck {
public:
    FormulaCheck(const DealFile& deal, const Program* compiled, Errors& findings)
        : deal_(deal), p_(deal.program), compiled_(compiled), findings_(findings)
    {
    }

    void judge()
    {
        for (const Reserve& r : p_.reserves) measures(r.target, deal_.at(r.clause));
        for (const Fee& f : p_.fees) {
            if (f.formula) measures(*f.formula, deal_.at(f.clause));
        }
        for (const Trigger& t : p_.triggers) trigger(t);
    }

private:
    void find(std::string_view id, Source where, std::string message, std::string hint = {})
    {
        findings_.push_back(
            deal_finding(id, std::move(where), std::move(message), std::move(hint)));
    }
    Source at(const std::string& path) const { return deal_.at(path); }

    bool revolves() const
    {
        return std::any_of(deal_.schedules.begin(), deal_.schedules.end(),
                           [](const ScheduleRule& s) { return s.revolving(); });
    }

    /// Amounts of the expression that this deal can never have.
    void measures(const Expr& e, const Source& where)
    {
        if (e.kind == Expr::Kind::measure) measure(e, where);
        for (const Expr& operand : e.operands) measures(operand, where);
    }

    void measure(const Expr& e, const Source& where)
    {
        const auto find_it = [&](std::string message) {
            find("measure-without-data", where, std::move(message));
        };
        const bool senior = std::any_of(p_.tranches.begin(), p_.tranches.end(),
                                        [](const Tranche& t) { return t.coupon.has_value(); });
        if (e.measure == Measure::senior_balance && !senior) {
            find_it("'senior balance' is asked for and no tranche has a coupon");
        } else if (e.measure == Measure::interest_unpaid && !has_coupon(e.name)) {
            find_it(
                fmt::format("interest of tranche '{}' is asked for and it has no coupon", e.name));
        } else if (e.measure == Measure::excess_concentration && p_.limits.empty()) {
            find_it("'excess concentration' is asked for and the deal has no limits");
        } else if (p_.tranches.empty() && e.measure != Measure::pool_balance) {
            std::string words(name_of(e.measure));
            std::replace(words.begin(), words.end(), '_', ' ');
            find_it(fmt::format("'{}' is asked for and the deal has no tranche", words));
        }
    }

    bool has_coupon(const std::string& id) const
    {
        return std::any_of(p_.tranches.begin(), p_.tranches.end(),
                           [&](const Tranche& t) { return t.id == id && t.coupon; });
    }

    static bool is_constant(const Expr& e)
    {
        return e.kind != Expr::Kind::measure && e.kind != Expr::Kind::amount_table &&
               e.kind != Expr::Kind::rate_table && e.kind != Expr::Kind::fired &&
               e.kind != Expr::Kind::since && e.kind != Expr::Kind::count &&
               e.kind != Expr::Kind::average &&
               std::all_of(e.operands.begin(), e.operands.end(), is_constant);
    }

    void trigger(const Trigger& t)
    {
        const Source where = deal_.at(t.clause);
        if (t.test) {
            measures(*t.test, where);
        } else {
            measures(t.when.left, where);
            measures(t.when.right, where);
        }
        if (t.price) measures(*t.price, where);
        const bool constant = t.test ? is_constant(*t.test)
                                     : is_constant(t.when.left) && is_constant(t.when.right);
        if (constant) {
            find("trigger-constant", where, fmt::format("trigger '{}' compares constants", t.id));
        }
        if (t.effect == Trigger::Effect::stop_buying && !p_.purchase) {
            find("stop-without-buying", where,
                 fmt::format("trigger '{}' stops purchases and the deal makes none", t.id));
        }
        const Source clock = at("trigger." + t.id + ".for");
        if (t.clock == Trigger::Clock::inside_payments && !has_line(t)) {
            find("trigger-never-fires", clock,
                 fmt::format("trigger '{}' is judged inside a distribution and no line judges it",
                             t.id),
                 fmt::format("add a line 'judge {}'", t.id));
        }
        const bool dated = is_dated(t.clock) || t.clock == Trigger::Clock::days_after_payment;
        if (dated && deal_.schedules.empty()) {
            find("schedule-missing", clock,
                 fmt::format("trigger '{}' waits for a payment date and there is no schedule",
                             t.id));
        }
        if (is_dated(t.clock)) dates_enough(t, clock);
        if (t.during == Phase::revolving && !revolves()) {
            find("trigger-never-fires", where,
                 fmt::format("trigger '{}' is judged while revolving and the deal never revolves",
                             t.id));
        } else if (t.during && !can_reach(deal_, *t.during)) {
            find("trigger-never-fires", where,
                 fmt::format("trigger '{}' is judged in state '{}' and nothing leads there", t.id,
                             name_of(*t.during)));
        } else if (t.during == Phase::revolving && t.clock == Trigger::Clock::consecutive_days &&
                   p_.revolving_until - p_.closing + 1 < t.days) {
            find("trigger-never-fires", clock,
                 fmt::format("{} consecutive days do not fit into the revolving period of {} days",
                             t.days, p_.revolving_until - p_.closing + 1));
        }
    }

    bool has_line(const Trigger& t) const
    {
        return std::any_of(p_.priorities.begin(), p_.priorities.end(), [&](const auto& p) {
            const auto lines = lines_of(p.second);
            return std::any_of(lines.begin(), lines.end(), [&](const Step* s) {
                return s->kind == Step::Kind::judge_trigger && s->payees.front() == t.id;
            });
        });
    }

    /// A clause that counts dates needs so many of them while it is judged.
    void dates_enough(const Trigger& t, const Source& clock)
    {
        if (compiled_ == nullptr) return;
        const std::size_t revolving = compiled_->revolving_dates.size();
        const std::size_t dates = t.during == Phase::revolving ? revolving
                                  : t.during ? compiled_->monthly_dates.size()
                                             : revolving + compiled_->monthly_dates.size();
        if (dates >= static_cast<std::size_t>(t.days)) return;
        find("trigger-never-fires", clock,
             fmt::format("trigger '{}' counts {} periods and there are {}", t.id, t.days, dates));
    }

    const DealFile& deal_;
    const Program& p_;
    const Program* compiled_;
    Errors& findings_;
};

} // namespace

void check_formulas(const DealFile& deal, const Program* compiled, Errors& findings)
{
    FormulaCheck(deal, compiled, findings).judge();
}

} // namespace tranchain
