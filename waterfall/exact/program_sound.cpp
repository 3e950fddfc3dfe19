// What a stored program must satisfy beside its types, so that running it needs no more questions.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/ledger.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/program_json.hpp"
#include "waterfall/exact/state.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

/// Collects problems of one program; knows which ids are declared.
class Soundness {
public:
    explicit Soundness(const Program& program) : p_(program) {}

    Errors judge()
    {
        ids();
        tables();
        for (const Trigger& t : p_.triggers) trigger_ids_.insert(t.id);
        reserves();
        facilities();
        targets();
        for (const Fee& f : p_.fees) fee(f);
        for (const Tranche& t : p_.tranches) {
            if (t.coupon_rule) expr("tranche." + t.id, *t.coupon_rule, ExprType::rate);
            require(!t.deferred || in_range(*t.deferred), "tranches", "deferred is out of range");
            tranche(t);
        }
        numbers();
        years();
        dates("revolving_dates", p_.revolving_dates);
        dates("monthly_dates", p_.monthly_dates);
        calendars();
        std::set<Milestone::Kind> milestones;
        for (const Milestone& m : p_.timetable) {
            require(milestones.empty() || *milestones.rbegin() < m.kind, "timetable",
                    "is out of order");
            milestones.insert(m.kind);
            require(m.days <= 366, "timetable", "is out of range");
            need_calendar("timetable", m.calendar);
        }
        for (const Trigger& t : p_.triggers) trigger(t);
        for (const auto& [phase, priority] : p_.priorities) this->priority(phase, priority);
        if (p_.support) {
            for (const auto& cover : p_.support->covers) need_tranche("support", cover.tranche);
            need_calendar("support", p_.support->calendar);
            require(p_.support->days_before >= 0 && p_.support->days_before <= days_limit,
                    "support", "pays too long before");
            if (!p_.support->into.empty()) need_reserve("support", p_.support->into);
            for (const SupportMisuse& m : misused_support(p_)) require(false, "support", m.what);
        }
        return std::move(errors_);
    }

private:
    void fail(const std::string& where, const std::string& message)
    {
        errors_.push_back({Code::invalid_input, "program." + where + ": " + message, {}, {}});
    }
    void require(bool fact, const std::string& where, const std::string& message)
    {
        if (!fact) fail(where, message);
    }

    void ids()
    {
        require(!p_.id.empty(), "id", "is empty");
        require(p_.unit > zero, "unit", "is not above zero");
        int rank = 0;
        Gross faces;
        for (const Tranche& t : p_.tranches) {
            require(!t.id.empty() && tranches_.insert(t.id).second, "tranches",
                    fmt::format("'{}' is declared twice", t.id));
            require(t.rank >= rank && t.rank >= 1, "tranches",
                    fmt::format("'{}' is out of rank", t.id));
            rank = t.rank;
            require(t.face > zero, "tranches", fmt::format("face of '{}' is not above zero", t.id));
            require(p_.unit <= zero || t.face.in_fen() % p_.unit.in_fen() == 0, "tranches",
                    fmt::format("face of '{}' is not a whole number of units", t.id));
            require(!t.coupon || in_range(*t.coupon), "tranches", "coupon is not 0% to 100%");
            faces.add(t.face);
        }
        require(!faces.too_large(), "tranches", "faces are too large together");
        require(p_.fees.size() <= fees_limit, "fees", "are too many");
        for (const Fee& f : p_.fees) {
            require(!f.id.empty() && !tranches_.contains(f.id) && fees_.insert(f.id).second, "fees",
                    fmt::format("'{}' is declared twice", f.id));
            require(in_range(f.rate) && f.amount >= zero, "fees",
                    fmt::format("'{}' is below zero or above 100%", f.id));
            require(f.amount.in_fen() <= amount_limit / years_limit, "fees",
                    fmt::format("'{}' is too large", f.id));
        }
    }

    void reserves()
    {
        require(p_.reserves.size() <= reserves_limit, "reserves", "are too many");
        Gross opening;
        for (const Reserve& r : p_.reserves) {
            require(!r.id.empty() && reserves_.insert(r.id).second, "reserves",
                    fmt::format("'{}' is declared twice", r.id));
            require(r.opening >= zero, "reserves", "opening is below zero");
            opening.add(r.opening);
        }
        require(!opening.too_large(), "reserves", "are too large together");
    }
    void targets()
    {
        for (const Reserve& r : p_.reserves) {
            expr("reserve." + r.id, r.target, ExprType::amount);
            require(!asks_target(r.target), "reserve." + r.id, "its target asks for a target");
            require(!asks_undrawn(r.target), "reserve." + r.id, "its target asks what is undrawn");
        }
    }
    void facilities()
    {
        require(p_.facilities.size() <= facilities_limit, "facilities", "are too many");
        for (const Facility& f : p_.facilities) {
            require(!f.id.empty() && !reserves_.contains(f.id) && facilities_.insert(f.id).second,
                    "facilities", fmt::format("'{}' is declared twice", f.id));
            require(in_range(f.rate) && in_range(f.premium), "facilities", "a rate is out of range");
        }
        for (const Facility& f : p_.facilities) {
            require(!asks_undrawn(f.limit), "facility." + f.id, "its limit asks what is undrawn");
            expr("facility." + f.id, f.limit, ExprType::amount);
        }
    }
    void fee(const Fee& f)
    {
        const std::string where = "fee." + f.id;
        const bool own = f.kind == Fee::Kind::each_payment || f.kind == Fee::Kind::on_dates ||
                         f.kind == Fee::Kind::target;
        require(f.formula || !own, where, "has no formula");
        require(!f.formula || f.kind != Fee::Kind::annual_amount, where, "has a formula too many");
        require(f.dates.empty() == (f.kind != Fee::Kind::on_dates), where,
                "has dates out of place, or none");
        for (std::size_t i = 0; i < f.dates.size(); ++i) {
            require(i == 0 || f.dates[i - 1] < f.dates[i], where, "has dates out of order");
            require(f.dates[i] >= p_.closing && f.dates[i] <= p_.legal_final, where,
                    f.dates[i].str() + " is outside the deal");
        }
        if (!f.formula) return;
        expr(where, *f.formula, ExprType::amount);
        // Its sum over the days of the longest deal fits 64 bits.
        require(reach(*f.formula) <= 6 * Int128{amount_limit}, where, "may become too large");
    }

    static bool in_range(Rate rate) { return rate >= Rate{} && rate.in_ppb() <= rate_limit; }

    /// A program without sources judges a ledger's history and holds no money.
    void years()
    {
        if (p_.sources.empty()) return;
        const auto inside = [](Date day) {
            return day.year() >= first_year && day.year() <= last_year;
        };
        require(inside(p_.closing) && inside(p_.legal_final) && inside(p_.cut_off) &&
                    inside(p_.expected_maturity) && inside(p_.revolving_until) &&
                    p_.legal_final >= p_.closing &&
                    p_.legal_final.year() - p_.closing.year() <= years_limit,
                "closing",
                fmt::format("the deal's days are not within {} years of {} to {}", years_limit,
                            first_year, last_year));
        for (const auto* list : {&p_.revolving_dates, &p_.monthly_dates}) {
            for (const PaymentDate& d : *list) {
                require(inside(d.unadjusted) && inside(d.adjusted) && inside(d.calculation) &&
                            d.unadjusted.year() - p_.closing.year() <= years_limit,
                        "payment_dates", d.unadjusted.str() + " is outside the deal's years");
            }
        }
    }

    void numbers()
    {
        require(p_.per_unit_places <= 8, "per_unit_places", "is above 8");
        if (p_.purchase) {
            require(p_.purchase->basis >= 1, "purchase", "basis is zero");
            require(in_range(p_.purchase->discount), "purchase", "discount is not 0% to 100%");
            require(p_.purchase->settle_days >= 1 && p_.purchase->settle_days <= days_limit,
                    "purchase", "settles before it is made, or never");
            need_calendar("purchase", p_.purchase->calendar);
            price_fees(p_.purchase->fees);
        }
        for (const Criterion& c : p_.criteria) {
            require(in_range(c.rate), "criteria", "yield is not 0% to 100%");
        }
        for (const Limit& l : p_.limits) {
            require(l.count >= 1 && l.share >= Rate{}, "limits", "is out of range");
        }
        require(p_.authors.contains("instruction") == p_.authors.contains("execution"), "authors",
                "name who instructs payments without who executes them, or the reverse");
        std::set<std::string> sources;
        for (const DaySource& s : p_.sources) {
            require(sources.insert(s.type + "/" + s.id).second, "sources",
                    fmt::format("'{}' is declared twice", s.id));
            require(s.latest_days >= 0 && s.latest_days <= days_limit, "sources",
                    fmt::format("latest_days of '{}' is out of range", s.id));
        }
    }

    void price_fees(const std::vector<PriceFee>& fees)
    {
        require(fees.size() <= price_fees_limit, "purchase", "has too many fees");
        for (const PriceFee& f : fees) {
            const bool periodic = f.kind == PriceFee::Kind::per_started_period ||
                                  f.kind == PriceFee::Kind::per_full_period;
            require(f.amount >= zero && in_range(f.rate), "purchase", "a fee is out of range");
            require(periodic ? f.days >= 1 && f.days <= 3660 : f.days == 0, "purchase",
                    "the days of a fee are out of range");
        }
    }

    void dates(const std::string& where, const std::vector<PaymentDate>& dates)
    {
        for (std::size_t i = 0; i < dates.size(); ++i) {
            const PaymentDate& d = dates[i];
            require(d.calculation < d.unadjusted && d.calculation < d.adjusted, where,
                    d.unadjusted.str() + " is not after its calculation date");
            require(i == 0 || dates[i - 1].unadjusted < d.unadjusted, where,
                    d.unadjusted.str() + " is out of order");
        }
    }

    void calendars()
    {
        std::set<std::string> names;
        for (const Calendar& c : p_.calendars) {
            require(names.insert(c.name).second, "calendars", "'" + c.name + "' is given twice");
            require(c.from <= c.to, "calendars", "'" + c.name + "' ends before it begins");
            const bool ascending = std::adjacent_find(c.exceptions.begin(), c.exceptions.end(),
                                                      std::greater_equal<>()) == c.exceptions.end();
            require(ascending, "calendars", "'" + c.name + "' is out of order");
        }
    }

    void tranche(const Tranche& t)
    {
        const std::string where = "tranche." + t.id;
        if (t.capitalises) expr(where, *t.capitalises, ExprType::truth);
        require(t.coupon || (!t.capitalises && t.notional.empty()), where, "bears no interest");
        require(t.notional.empty() || (!t.capitalises && !t.lockout), where, "has no principal");
        std::set<std::string> seen;
        for (const std::string& of : t.notional) {
            const auto found =
                std::find_if(p_.tranches.begin(), p_.tranches.end(), [&](const Tranche& other) {
                    return other.id == of && other.notional.empty();
                });
            require(found != p_.tranches.end() && seen.insert(of).second, where,
                    "bears interest on '" + of + "', which has no principal, or twice");
        }
        require(t.resets.empty() || t.coupon_rule, where, "resets a coupon that does not move");
        require(std::adjacent_find(t.resets.begin(), t.resets.end(), std::greater_equal<>()) ==
                    t.resets.end(),
                where, "resets out of order");
    }

    void trigger(const Trigger& t)
    {
        const std::string where = "trigger." + t.id;
        require(triggers_.insert(t.id).second, where, "is declared twice");
        require(t.days >= 1 && t.days <= days_limit, where, "counts no day, or too many");
        require(t.during != Phase::ended, where, "is never judged");
        if (t.test) {
            require(t.test->kind != Expr::Kind::compare, where, "is a comparison in other words");
            expr(where, *t.test, ExprType::truth);
        } else {
            expr(where, t.when.left, ExprType::amount);
            expr(where, t.when.right, ExprType::amount);
        }
        const bool dated = is_dated(t.clock);
        const bool daily = t.clock == Trigger::Clock::consecutive_days;
        if (!daily && !dated) need_calendar(where, t.calendar);
        require(!dated || std::max(t.days, t.of_last) <= periods_limit, where,
                "counts too many dates");
        require(t.of_last == 0 || (dated && t.of_last > t.days), where, "counts among too few");
        require(t.grace == 0 || daily || dated, where, "has a grace beside its clock");
        require(t.clock != Trigger::Clock::inside_payments || (!t.during && t.grace == 0), where,
                "is judged by lines and says when else");
        require(t.grace <= days_limit && t.cured_by <= days_limit, where, "counts too many days");
        if (!t.grace_calendar.empty()) need_calendar(where, t.grace_calendar);
        require(t.grace > 0 || t.grace_calendar.empty(), where, "has a grace of no day");
        require(t.effect != Trigger::Effect::enforce || t.during == Phase::defaulted, where,
                "enforces what is not in default");
        require(t.cured_by == 0 || can_be_cured(t.effect), where, "undoes what is for ever");
        require(t.price.has_value() == (t.effect == Trigger::Effect::call), where,
                "has a price that is no call's, or none");
        if (t.price) expr(where, *t.price, ExprType::amount);
    }

    void tables()
    {
        for (const ValueTable& t : p_.tables) {
            require(!t.id.empty() && tables_.emplace(t.id, t.is_rate).second, "tables",
                    fmt::format("'{}' is declared twice", t.id));
            require(!t.points.empty(), "tables", fmt::format("'{}' is empty", t.id));
            for (std::size_t i = 0; i < t.points.size(); ++i) {
                const std::int64_t most = t.is_rate ? rate_limit : amount_limit;
                require(t.points[i].value <= most && t.points[i].value >= -most, "tables",
                        fmt::format("'{}' is out of range", t.id));
                require(i == 0 || t.points[i - 1].from < t.points[i].from, "tables",
                        fmt::format("'{}' is out of order", t.id));
            }
        }
    }

    /// What an operand must be, given its place.
    static ExprType due_type(const Expr& e, std::size_t operand)
    {
        switch (e.kind) {
        case Expr::Kind::every:
        case Expr::Kind::some:
        case Expr::Kind::negate:
            return ExprType::truth;
        case Expr::Kind::product:
            return operand == 0 ? ExprType::amount : ExprType::rate;
        case Expr::Kind::times:
            return operand == 0 ? ExprType::amount : ExprType::number;
        case Expr::Kind::choose:
            return operand == 0 ? ExprType::truth : type_of(e);
        case Expr::Kind::compare:
            return ExprType::amount;
        default:
            return type_of(e);
        }
    }

    void expr(const std::string& where, const Expr& e, ExprType due)
    {
        require(type_of(e) == due, where, "a formula is of the wrong type");
        if (e.kind == Expr::Kind::amount_table || e.kind == Expr::Kind::rate_table) {
            const auto table = tables_.find(e.name);
            require(table != tables_.end() && table->second == (e.kind == Expr::Kind::rate_table),
                    where, "table '" + e.name + "' is not declared");
        }
        if (e.kind == Expr::Kind::fired) {
            require(trigger_ids_.contains(e.name), where,
                    "trigger '" + e.name + "' is not declared");
        }
        if (e.kind == Expr::Kind::measure) {
            const bool named =
                e.measure == Measure::tranche_balance || e.measure == Measure::interest_unpaid ||
                e.measure == Measure::principal_unpaid || e.measure == Measure::tranche_face;
            const bool reserve = e.measure == Measure::reserve_balance ||
                                 e.measure == Measure::reserve_required ||
                                 e.measure == Measure::reserve_shortfall;
            const bool facility = e.measure == Measure::facility_drawn ||
                                  e.measure == Measure::facility_undrawn;
            if (named) need_tranche(where, e.name);
            if (reserve) need_reserve(where, e.name);
            if (facility) need_facility(where, e.name);
            require(named || reserve || facility || e.name.empty(), where,
                    "names a tranche that does not apply");
        }
        require(e.kind != Expr::Kind::times || (e.operands.size() == 2 &&
                                                e.operands[1].kind == Expr::Kind::count),
                where, "counts what cannot be counted");
        if (e.kind == Expr::Kind::average) {
            const bool cumulative = e.measure == Measure::defaulted_cumulative ||
                                    e.measure == Measure::losses_cumulative ||
                                    e.measure == Measure::income_cumulative ||
                                    e.measure == Measure::recovered_cumulative;
            require(figure_of({}, e.measure) && (cumulative || !e.flow), where,
                    "averages what is not kept");
            require(e.periods >= 1 && e.periods <= periods_limit, where,
                    "averages no period, or too many");
        }
        require(e.kind != Expr::Kind::rate || in_range(e.rate), where, "a rate is out of range");
        require(type_of(e) != ExprType::amount || reach(e) <= Money::max_fen, where,
                "may become too large");
        for (std::size_t i = 0; i < e.operands.size(); ++i) {
            expr(where, e.operands[i], due_type(e, i));
        }
    }

    void priority(Phase phase, const Priority& priority)
    {
        const std::string where = fmt::format("priorities.{}", name_of(phase));
        const bool split = !priority.income.empty() || !priority.principal.empty();
        require(split != !priority.all.empty(), where, "has neither or both kinds of lines");
        for (const Step& s : priority.income) step(where, s);
        for (const Step& s : priority.principal) step(where, s);
        for (const Step& s : priority.all) step(where, s);
        std::set<std::string> judged;
        for (const Step* s : lines_of(priority)) {
            if (s->kind != Step::Kind::judge_trigger || s->payees.empty()) continue;
            require(judged.insert(s->payees.front()).second, where,
                    "'" + s->payees.front() + "' is judged twice");
        }
    }

    void step(const std::string& where, const Step& s)
    {
        const bool fees = s.kind == Step::Kind::pay_fees;
        const bool tranches = s.kind == Step::Kind::pay_interest ||
                              s.kind == Step::Kind::pay_principal ||
                              s.kind == Step::Kind::pay_rest_to_tranche;
        const bool reserve =
            s.kind == Step::Kind::fund_reserve || s.kind == Step::Kind::release_reserve;
        const bool facility = s.kind == Step::Kind::pay_facility_interest ||
                              s.kind == Step::Kind::pay_facility_premium ||
                              s.kind == Step::Kind::repay_facility;
        const bool judges = s.kind == Step::Kind::judge_trigger;
        require(!judges || s.payees.size() == 1, where, "judges two triggers");
        require((fees || tranches || reserve || facility || judges) != s.payees.empty(), where,
                "pays nobody, or one it cannot pay");
        require(!reserve || s.payees.size() == 1, where, "names two reserves");
        require(!facility || s.payees.size() == 1, where, "names two facilities");
        const bool supported = fees || s.kind == Step::Kind::pay_interest ||
                               s.kind == Step::Kind::pay_principal ||
                               s.kind == Step::Kind::pay_fees_above_cap;
        require(supported || s.supports.empty(), where, "support is out of place");
        std::set<std::string> helpers;
        for (const std::string& id : s.supports) {
            if (!facilities_.contains(id)) need_reserve(where, id);
            require(helpers.insert(id).second, where, "'" + id + "' supports one line twice");
        }
        std::set<std::string> seen;
        for (const std::string& payee : s.payees) {
            require(seen.insert(payee).second, where, "'" + payee + "' is paid twice by one line");
            if (fees) {
                require(fees_.contains(payee), where, "fee '" + payee + "' is not declared");
            } else if (reserve) {
                need_reserve(where, payee);
            } else if (judges) {
                need_line_trigger(where, payee);
            } else if (facility) {
                need_facility(where, payee);
            } else {
                need_tranche(where, payee);
            }
        }
        require(s.kind != Step::Kind::pay_rest_to_tranche || s.payees.size() == 1, where,
                "pays the rest twice");
        require(!s.cap_per_year || (fees && *s.cap_per_year >= zero), where, "cap is out of place");
        if (s.limit) expr(where, *s.limit, ExprType::amount);
        if (s.keep) expr(where, *s.keep, ExprType::amount);
        require(!s.due_share || in_range(*s.due_share), where, "share of due is out of range");
        require((!s.limit && !s.keep && !s.due_share) || pays(s.kind), where,
                "limits a line that pays nothing");
        if (s.only_if) expr(where, *s.only_if, ExprType::truth);
        require(s.otherwise.size() <= (s.only_if ? 1U : 0U), where, "'else' is out of place");
        for (const Step& other : s.otherwise) step(where, other);
    }

    static bool pays(Step::Kind kind)
    {
        return kind != Step::Kind::cover_income_shortfall && kind != Step::Kind::buy_receivables &&
               kind != Step::Kind::judge_trigger && kind != Step::Kind::keep_rest &&
               kind != Step::Kind::release_reserve;
    }
    void need_tranche(const std::string& where, const std::string& id)
    {
        require(tranches_.contains(id), where, "tranche '" + id + "' is not declared");
    }
    void need_reserve(const std::string& where, const std::string& id)
    {
        require(reserves_.contains(id), where, "reserve '" + id + "' is not declared");
    }
    void need_facility(const std::string& where, const std::string& id)
    {
        require(facilities_.contains(id), where, "facility '" + id + "' is not declared");
    }
    void need_line_trigger(const std::string& where, const std::string& id)
    {
        const auto is = [&](const Trigger& t) {
            return t.id == id && t.clock == Trigger::Clock::inside_payments;
        };
        require(std::any_of(p_.triggers.begin(), p_.triggers.end(), is), where,
                "no trigger '" + id + "' is judged by lines");
    }
    void need_calendar(const std::string& where, const std::string& name)
    {
        const bool known = std::any_of(p_.calendars.begin(), p_.calendars.end(),
                                       [&](const Calendar& c) { return c.name == name; });
        require(known, where, "calendar '" + name + "' is not in the program");
    }

    const Program& p_;
    Errors errors_;
    std::set<std::string> tranches_;
    std::set<std::string> fees_;
    std::set<std::string> reserves_;
    std::set<std::string> facilities_;
    std::map<std::string, bool> tables_; ///< true: of rates
    std::set<std::string> trigger_ids_;
    std::set<std::string> triggers_;
};

} // namespace

Errors unsound(const Program& program)
{
    return Soundness(program).judge();
}

} // namespace tranchain
