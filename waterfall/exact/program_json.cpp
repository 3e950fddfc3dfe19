// Writing a program as canonical JSON. Reading it back is program_read.cpp.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/program_json.hpp"

#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

template <class E>
Json word(E value)
{
    return Json(name_of(value));
}

Json texts(const std::vector<std::string>& list)
{
    Json out = Json::array();
    for (const std::string& text : list) out.push_back(text);
    return out;
}

Json clause_json(const Clause& c)
{
    return Json::object({{"number", c.number}, {"text", c.text}});
}

Json dates_json(const std::vector<PaymentDate>& dates)
{
    return json_list(dates, [](const PaymentDate& d) {
        Json out = Json::object({{"unadjusted", d.unadjusted},
                                 {"adjusted", d.adjusted},
                                 {"calculation", d.calculation}});
        if (d.provisional) out["provisional"] = true;
        return out;
    });
}

void postfix(const Expr& expr, Json& out)
{
    for (const Expr& operand : expr.operands) postfix(operand, out);
    switch (expr.kind) {
    case Expr::Kind::constant:
        out.push_back(Json::object({{"money", expr.constant}}));
        return;
    case Expr::Kind::measure: {
        Json item = Json::object({{"measure", word(expr.measure)}});
        if (!expr.name.empty()) item["of"] = expr.name;
        out.push_back(std::move(item));
        return;
    }
    case Expr::Kind::rate:
        out.push_back(Json::object({{"rate", expr.rate.in_ppb()}}));
        return;
    case Expr::Kind::amount_table:
    case Expr::Kind::rate_table:
    case Expr::Kind::fired:
        out.push_back(Json::object({{"named", expr.name}, {"what", word(expr.kind)}}));
        return;
    case Expr::Kind::average: {
        Json item = Json::object({{"average", word(expr.measure)}, {"over", expr.periods}});
        if (expr.flow) item["new"] = true;
        out.push_back(std::move(item));
        return;
    }
    case Expr::Kind::since:
        out.push_back(Json::object({{"since", expr.date}}));
        return;
    case Expr::Kind::count:
        out.push_back(Json::object({{"count", "receivables"}}));
        return;
    case Expr::Kind::compare:
        out.push_back(Json::object({{"op", word(expr.kind)}, {"by", word(expr.compare)}}));
        return;
    case Expr::Kind::scale:
        out.push_back(Json::object({{"op", word(expr.kind)}, {"rate", expr.rate.in_ppb()}}));
        return;
    case Expr::Kind::add:
    case Expr::Kind::subtract:
    case Expr::Kind::minimum:
    case Expr::Kind::maximum:
    case Expr::Kind::product:
    case Expr::Kind::every:
    case Expr::Kind::some:
    case Expr::Kind::negate:
    case Expr::Kind::choose:
    case Expr::Kind::times:
        out.push_back(Json::object(
            {{"op", word(expr.kind)}, {"of", static_cast<std::int64_t>(expr.operands.size())}}));
        return;
    }
}

Json tranche_json(const Tranche& t)
{
    Json out = Json::object({{"id", t.id},
                             {"rank", t.rank},
                             {"face", t.face},
                             {"day_count", word(t.day_count)},
                             {"rating", t.rating}});
    if (t.coupon_rule) {
        out["coupon_rule"] = to_json(*t.coupon_rule);
    } else if (t.coupon) {
        out["coupon"] = t.coupon->in_ppb();
    }
    if (t.deferred) out["deferred"] = t.deferred->in_ppb();
    if (t.lockout) out["lockout"] = *t.lockout;
    if (!t.notional.empty()) out["notional"] = texts(t.notional);
    if (t.capitalises) out["capitalises"] = to_json(*t.capitalises);
    if (!t.resets.empty()) out["resets"] = json_list(t.resets, [](Date d) { return Json(d); });
    return out;
}

Json fee_json(const Fee& f)
{
    Json out =
        Json::object({{"id", f.id}, {"kind", word(f.kind)}, {"clause", clause_json(f.clause)}});
    if (f.kind == Fee::Kind::annual_amount) out["amount"] = f.amount;
    if (f.kind == Fee::Kind::flat_rate || f.kind == Fee::Kind::annual_rate) {
        out["rate"] = f.rate.in_ppb();
        if (!f.formula) out["base"] = word(f.base);
    }
    if (f.formula) out["formula"] = to_json(*f.formula);
    if (!f.dates.empty()) out["dates"] = json_list(f.dates, [](Date d) { return Json(d); });
    return out;
}

Json reserve_json(const Reserve& r)
{
    return Json::object({{"id", r.id},
                         {"target", to_json(r.target)},
                         {"opening", r.opening},
                         {"clause", clause_json(r.clause)}});
}

Json facility_json(const Facility& f)
{
    Json out = Json::object({{"id", f.id},
                             {"provider", f.provider},
                             {"limit", to_json(f.limit)},
                             {"replenishes", f.replenishes},
                             {"rate", f.rate.in_ppb()},
                             {"day_count", word(f.day_count)},
                             {"clause", clause_json(f.clause)}});
    if (f.premium != Rate{}) out["premium"] = f.premium.in_ppb();
    return out;
}

Json purchase_json(const Purchase& p)
{
    Json out = Json::object({{"discount", p.discount.in_ppb()},
                             {"basis", p.basis},
                             {"settle_days", p.settle_days},
                             {"calendar", p.calendar},
                             {"clause", clause_json(p.clause)}});
    if (p.form != Purchase::Form::discount) out["form"] = word(p.form);
    if (p.fees.empty()) return out;
    Json::Array fees;
    for (const PriceFee& f : p.fees) {
        Json fee = Json::object({{"kind", word(f.kind)}});
        if (f.kind == PriceFee::Kind::fixed) fee["amount"] = f.amount;
        if (f.kind != PriceFee::Kind::fixed) fee["rate"] = f.rate.in_ppb();
        if (f.days != 0) fee["days"] = f.days;
        fees.push_back(std::move(fee));
    }
    out["fees"] = std::move(fees);
    return out;
}

Json criterion_json(const Criterion& c)
{
    Json out = Json::object({{"kind", word(c.kind)}, {"clause", clause_json(c.clause)}});
    if (c.kind == Criterion::Kind::tenor_at_most) out["days"] = c.days;
    if (c.kind == Criterion::Kind::due_at_latest) out["date"] = c.date;
    if (c.kind == Criterion::Kind::yield_at_least) out["rate"] = c.rate.in_ppb();
    return out;
}

Json limit_json(const Limit& l)
{
    return Json::object({{"count", l.count},
                         {"each", l.each},
                         {"share", l.share.in_ppb()},
                         {"clause", clause_json(l.clause)}});
}

Json milestone_json(const Milestone& m)
{
    return Json::object({{"kind", word(m.kind)},
                         {"before_payment", m.before_payment},
                         {"days", m.days},
                         {"calendar", m.calendar},
                         {"clause", clause_json(m.clause)}});
}

Json trigger_json(const Trigger& t)
{
    Json out = Json::object({{"id", t.id},
                             {"clock", word(t.clock)},
                             {"days", t.days},
                             {"carry_forward_days", t.carry_forward_days},
                             {"effect", word(t.effect)},
                             {"rank", t.rank},
                             {"clause", clause_json(t.clause)}});
    if (!t.calendar.empty()) out["calendar"] = t.calendar;
    if (t.during) out["during"] = word(*t.during);
    if (t.test) {
        out["test"] = to_json(*t.test);
    } else {
        out["when"] = to_json(t.when);
    }
    if (t.of_last > 0) out["of_last"] = t.of_last;
    if (t.grace > 0) out["grace"] = t.grace;
    if (!t.grace_calendar.empty()) out["grace_calendar"] = t.grace_calendar;
    if (t.cured_by > 0) out["cured_by"] = t.cured_by;
    if (t.price) out["price"] = to_json(*t.price);
    return out;
}

Json step_json(const Step& s)
{
    Json out = Json::object({{"kind", word(s.kind)}, {"clause", clause_json(s.clause)}});
    if (!s.payees.empty()) out["payees"] = texts(s.payees);
    if (s.pro_rata) out["pro_rata"] = true;
    if (s.cap_per_year) out["cap_per_year"] = *s.cap_per_year;
    if (s.limit) out["limit"] = to_json(*s.limit);
    if (s.due_share) out["due_share"] = s.due_share->in_ppb();
    if (s.keep) out["keep"] = to_json(*s.keep);
    if (!s.supports.empty()) out["supports"] = texts(s.supports);
    if (s.only_if) out["if"] = to_json(*s.only_if);
    if (!s.otherwise.empty()) out["else"] = step_json(s.otherwise.front());
    return out;
}

Json table_json(const ValueTable& t)
{
    return Json::object({{"id", t.id},
                         {"rates", t.is_rate},
                         {"clause", clause_json(t.clause)},
                         {"points", json_list(t.points, [](const ValueTable::Point& p) {
                              return Json::object({{"from", p.from}, {"value", p.value}});
                          })}});
}

Json priority_json(const Priority& p)
{
    Json out;
    if (!p.income.empty()) out["income"] = json_list(p.income, step_json);
    if (!p.principal.empty()) out["principal"] = json_list(p.principal, step_json);
    if (!p.all.empty()) out["all"] = json_list(p.all, step_json);
    return out;
}

Json support_json(const Support& s)
{
    Json out = Json::object({{"by", s.by},
                             {"days_before", s.days_before},
                             {"calendar", s.calendar},
                             {"clause", clause_json(s.clause)},
                             {"covers", json_list(s.covers, [](const Support::Cover& c) {
                                  return Json::object(
                                      {{"interest", c.interest},
                                       {"tranche", c.tranche},
                                       {"at_expected_maturity", c.at_expected_maturity}});
                              })}});
    if (!s.into.empty()) out["into"] = s.into;
    return out;
}

Json source_json(const DaySource& s)
{
    return Json::object({{"id", s.id},
                         {"type", s.type},
                         {"by", s.by},
                         {"latest_days", s.latest_days},
                         {"instead", s.instead}});
}

Json calendar_json(const Calendar& c)
{
    return Json::object({{"name", c.name},
                         {"from", c.from},
                         {"to", c.to},
                         {"exceptions", json_list(c.exceptions, [](Date d) { return Json(d); })}});
}

Json roles_json(const std::map<std::string, std::vector<std::string>>& roles)
{
    Json out;
    for (const auto& [type, names] : roles) out[type] = texts(names);
    return out;
}

} // namespace

Json to_json(const Expr& expr)
{
    Json out = Json::array();
    postfix(expr, out);
    return out;
}

Json to_json(const Condition& condition)
{
    return Json::object({{"left", to_json(condition.left)},
                         {"compare", word(condition.compare)},
                         {"right", to_json(condition.right)}});
}

Json to_json(const Program& p)
{
    Json out = Json::object({{"v", p.v},
                             {"id", p.id},
                             {"name", p.name},
                             {"currency", p.currency},
                             {"cut_off", p.cut_off},
                             {"closing", p.closing},
                             {"expected_maturity", p.expected_maturity},
                             {"legal_final", p.legal_final},
                             {"revolving_until", p.revolving_until},
                             {"unit", p.unit},
                             {"amount_rounding", word(p.amount_rounding)},
                             {"per_unit_places", p.per_unit_places},
                             {"per_unit_rounding", word(p.per_unit_rounding)}});
    out["tranches"] = json_list(p.tranches, tranche_json);
    out["fees"] = json_list(p.fees, fee_json);
    if (!p.tables.empty()) out["tables"] = json_list(p.tables, table_json);
    if (!p.reserves.empty()) out["reserves"] = json_list(p.reserves, reserve_json);
    if (!p.facilities.empty()) out["facilities"] = json_list(p.facilities, facility_json);
    if (p.purchase) out["purchase"] = purchase_json(*p.purchase);
    out["criteria"] = json_list(p.criteria, criterion_json);
    out["limits"] = json_list(p.limits, limit_json);
    out["revolving_dates"] = dates_json(p.revolving_dates);
    out["monthly_dates"] = dates_json(p.monthly_dates);
    if (!p.timetable.empty()) out["timetable"] = json_list(p.timetable, milestone_json);
    out["triggers"] = json_list(p.triggers, trigger_json);
    Json priorities;
    for (const auto& [phase, priority] : p.priorities) {
        priorities[name_of(phase)] = priority_json(priority);
    }
    out["priorities"] = std::move(priorities);
    if (p.support) out["support"] = support_json(*p.support);
    out["sources"] = json_list(p.sources, source_json);
    out["calendars"] = json_list(p.calendars, calendar_json);
    out["approvals"] = roles_json(p.approvals);
    out["authors"] = roles_json(p.authors);
    return out;
}

Program without_places(Program p)
{
    const auto forget = [](Clause& clause) { clause.line = clause.column = 0; };
    for (Fee& f : p.fees) forget(f.clause);
    for (ValueTable& t : p.tables) forget(t.clause);
    for (Reserve& r : p.reserves) forget(r.clause);
    for (Facility& f : p.facilities) forget(f.clause);
    if (p.purchase) forget(p.purchase->clause);
    for (Criterion& c : p.criteria) forget(c.clause);
    for (Limit& l : p.limits) forget(l.clause);
    for (Milestone& t : p.timetable) forget(t.clause);
    for (Trigger& t : p.triggers) forget(t.clause);
    if (p.support) forget(p.support->clause);
    for (auto& [phase, priority] : p.priorities) {
        for (auto* steps : {&priority.income, &priority.principal, &priority.all}) {
            for (Step& s : *steps) {
                forget(s.clause);
                for (Step& other : s.otherwise) forget(other.clause);
            }
        }
    }
    return p;
}

} // namespace tranchain
