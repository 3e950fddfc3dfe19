// Reading a program from canonical JSON, strictly.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "waterfall/exact/program_reader.hpp"

namespace tranchain {

namespace {

std::vector<Date> dates_of(Reader& r, std::string_view key)
{
    std::vector<Date> out;
    for (const std::string& text : r.texts(key)) {
        if (const auto date = Date::parse(text)) {
            out.push_back(*date);
        } else {
            r.add(key, fmt::format("'{}' is not a date", text));
        }
    }
    return out;
}

Tranche read_tranche(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Tranche out;
    out.id = r.text("id");
    out.rank = r.number("rank");
    out.face = r.money("face");
    out.day_count = r.word<DayCount>("day_count");
    out.rating = r.text("rating");
    if (r.has("coupon")) out.coupon = r.rate("coupon");
    if (r.has("coupon_rule")) {
        out.coupon = Rate{};
        out.coupon_rule = read_expr(r.array("coupon_rule"), where + ".coupon_rule", errors);
    }
    if (r.has("deferred")) out.deferred = r.rate("deferred");
    if (r.has("lockout")) out.lockout = r.date("lockout");
    if (r.has("notional")) out.notional = r.texts("notional");
    if (r.has("capitalises")) {
        out.capitalises = read_expr(r.array("capitalises"), where + ".capitalises", errors);
    }
    if (r.has("resets")) out.resets = dates_of(r, "resets");
    return out;
}

Fee read_fee(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Fee out;
    out.id = r.text("id");
    out.kind = r.word<Fee::Kind>("kind");
    const bool rated = out.kind == Fee::Kind::flat_rate || out.kind == Fee::Kind::annual_rate;
    if (out.kind == Fee::Kind::annual_amount) out.amount = r.money("amount");
    if (rated) out.rate = r.rate("rate");
    if (r.has("formula")) {
        out.formula = read_expr(r.array("formula"), where + ".formula", errors);
    } else if (rated) {
        out.base = r.word<Measure>("base");
    }
    if (out.kind == Fee::Kind::on_dates) out.dates = dates_of(r, "dates");
    out.clause = r.clause();
    return out;
}

Reserve read_reserve(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Reserve out;
    out.id = r.text("id");
    out.target = read_expr(r.array("target"), where + ".target", errors);
    out.opening = r.money("opening");
    out.clause = r.clause();
    return out;
}

Facility read_facility(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Facility out;
    out.id = r.text("id");
    out.provider = r.text("provider");
    out.limit = read_expr(r.array("limit"), where + ".limit", errors);
    out.replenishes = r.boolean("replenishes");
    out.rate = r.rate("rate");
    if (r.has("premium")) out.premium = r.rate("premium");
    out.day_count = r.word<DayCount>("day_count");
    out.clause = r.clause();
    return out;
}

PriceFee read_price_fee(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    PriceFee out;
    out.kind = r.word<PriceFee::Kind>("kind");
    if (out.kind == PriceFee::Kind::fixed) {
        out.amount = r.money("amount");
    } else {
        out.rate = r.rate("rate");
    }
    if (r.has("days")) out.days = r.number("days");
    return out;
}

Purchase read_purchase(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Purchase out;
    out.discount = r.rate("discount");
    out.basis = r.number("basis");
    out.settle_days = r.number("settle_days");
    out.calendar = r.text("calendar");
    out.clause = r.clause();
    if (r.has("form")) out.form = r.word<Purchase::Form>("form");
    if (r.has("fees")) out.fees = r.list<PriceFee>("fees", read_price_fee);
    return out;
}

Criterion read_criterion(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Criterion out;
    out.kind = r.word<Criterion::Kind>("kind");
    if (out.kind == Criterion::Kind::tenor_at_most) out.days = r.number("days");
    if (out.kind == Criterion::Kind::due_at_latest) out.date = r.date("date");
    if (out.kind == Criterion::Kind::yield_at_least) out.rate = r.rate("rate");
    out.clause = r.clause();
    return out;
}

Limit read_limit(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Limit out;
    out.count = r.number("count");
    out.each = r.boolean("each");
    out.share = r.rate("share");
    out.clause = r.clause();
    return out;
}

PaymentDate read_date(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    PaymentDate out;
    out.unadjusted = r.date("unadjusted");
    out.adjusted = r.date("adjusted");
    out.calculation = r.date("calculation");
    out.provisional = r.flag("provisional");
    return out;
}

Milestone read_milestone(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Milestone out;
    out.kind = r.word<Milestone::Kind>("kind");
    out.before_payment = r.boolean("before_payment");
    out.days = r.number("days");
    out.calendar = r.text("calendar");
    out.clause = r.clause();
    return out;
}

Trigger read_trigger(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Trigger out;
    out.id = r.text("id");
    if (r.has("test")) {
        out.test = read_expr(r.array("test"), where + ".test", errors);
        out.when = first_comparison(*out.test);
    } else {
        out.when = read_condition(r.object("when"), where + ".when", errors);
    }
    out.clock = r.word<Trigger::Clock>("clock");
    out.days = r.number("days");
    out.carry_forward_days = r.number("carry_forward_days");
    out.effect = r.word<Trigger::Effect>("effect");
    out.rank = r.number("rank");
    out.clause = r.clause();
    if (r.has("calendar")) out.calendar = r.text("calendar");
    if (r.has("during")) out.during = r.word<Phase>("during");
    if (r.has("of_last")) out.of_last = r.number("of_last");
    if (r.has("grace")) out.grace = r.number("grace");
    if (r.has("grace_calendar")) out.grace_calendar = r.text("grace_calendar");
    if (r.has("cured_by")) out.cured_by = r.number("cured_by");
    if (r.has("price")) out.price = read_expr(r.array("price"), where + ".price", errors);
    return out;
}

Step read_step(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Step out;
    out.kind = r.word<Step::Kind>("kind");
    if (r.has("payees")) out.payees = r.texts("payees");
    out.pro_rata = r.flag("pro_rata");
    if (r.has("cap_per_year")) out.cap_per_year = r.money("cap_per_year");
    if (r.has("limit")) out.limit = read_expr(r.array("limit"), where + ".limit", errors);
    if (r.has("due_share")) out.due_share = r.rate("due_share");
    if (r.has("keep")) out.keep = read_expr(r.array("keep"), where + ".keep", errors);
    if (r.has("supports")) out.supports = r.texts("supports");
    if (r.has("if")) out.only_if = read_expr(r.array("if"), where + ".if", errors);
    if (r.has("else")) out.otherwise.push_back(read_step(r.object("else"), where, errors));
    out.clause = r.clause();
    return out;
}

ValueTable read_table(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    ValueTable out;
    out.id = r.text("id");
    out.is_rate = r.boolean("rates");
    out.points = r.list<ValueTable::Point>(
        "points", [](const Json& item, const std::string& at, Errors& problems) {
            Reader point(item, at, problems);
            return ValueTable::Point{point.date("from"), point.integer("value")};
        });
    out.clause = r.clause();
    return out;
}

Priority read_priority(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Priority out;
    if (r.has("income")) out.income = r.list<Step>("income", read_step);
    if (r.has("principal")) out.principal = r.list<Step>("principal", read_step);
    if (r.has("all")) out.all = r.list<Step>("all", read_step);
    return out;
}

Support::Cover read_cover(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Support::Cover out;
    out.interest = r.boolean("interest");
    out.tranche = r.text("tranche");
    out.at_expected_maturity = r.boolean("at_expected_maturity");
    return out;
}

Support read_support(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Support out;
    out.by = r.text("by");
    out.days_before = r.number("days_before");
    out.calendar = r.text("calendar");
    out.covers = r.list<Support::Cover>("covers", read_cover);
    if (r.has("into")) out.into = r.text("into");
    out.clause = r.clause();
    return out;
}

DaySource read_source(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    DaySource out;
    out.id = r.text("id");
    out.type = r.text("type");
    out.by = r.text("by");
    out.latest_days = r.number("latest_days");
    out.instead = r.text("instead");
    return out;
}

Calendar read_calendar(const Json& json, const std::string& where, Errors& errors)
{
    Reader r(json, where, errors);
    Calendar out;
    out.name = r.text("name");
    out.from = r.date("from");
    out.to = r.date("to");
    out.exceptions = dates_of(r, "exceptions");
    return out;
}

std::map<std::string, std::vector<std::string>>
read_roles(const Json& json, const std::string& where, Errors& errors)
{
    std::map<std::string, std::vector<std::string>> out;
    Reader r(json, where, errors);
    if (!json.is_object()) return out;
    for (const auto& [type, roles] : json.as_object()) out[type] = r.texts(type);
    return out;
}

void read_parts(Reader& r, Program& p, Errors& errors)
{
    p.tranches = r.list<Tranche>("tranches", read_tranche);
    p.fees = r.list<Fee>("fees", read_fee);
    if (r.has("tables")) p.tables = r.list<ValueTable>("tables", read_table);
    if (r.has("reserves")) p.reserves = r.list<Reserve>("reserves", read_reserve);
    if (r.has("facilities")) p.facilities = r.list<Facility>("facilities", read_facility);
    if (r.has("purchase")) p.purchase = read_purchase(r.object("purchase"), "purchase", errors);
    p.criteria = r.list<Criterion>("criteria", read_criterion);
    p.limits = r.list<Limit>("limits", read_limit);
    p.revolving_dates = r.list<PaymentDate>("revolving_dates", read_date);
    p.monthly_dates = r.list<PaymentDate>("monthly_dates", read_date);
    if (r.has("timetable")) p.timetable = r.list<Milestone>("timetable", read_milestone);
    p.triggers = r.list<Trigger>("triggers", read_trigger);
    const Json& priorities = r.object("priorities");
    if (priorities.is_object()) {
        for (const auto& [name, priority] : priorities.as_object()) {
            const auto phase = from_name<Phase>(name);
            if (!phase || *phase == Phase::ended) {
                r.add("priorities", fmt::format("'{}' is not a state of a deal", name));
                continue;
            }
            p.priorities[*phase] = read_priority(priority, "priorities." + name, errors);
        }
    }
    if (r.has("support")) p.support = read_support(r.object("support"), "support", errors);
    p.sources = r.list<DaySource>("sources", read_source);
    p.calendars = r.list<Calendar>("calendars", read_calendar);
    p.approvals = read_roles(r.object("approvals"), "approvals", errors);
    p.authors = read_roles(r.object("authors"), "authors", errors);
}

} // namespace

Checked<Program> program_from_json(const Json& json)
{
    Program p;
    Errors errors;
    {
        Reader r(json, "program", errors);
        p.v = r.integer("v");
        if (p.v != 1) r.add("v", fmt::format("version {} is not known to this version", p.v));
        p.id = r.text("id");
        p.name = r.text("name");
        p.currency = r.text("currency");
        p.cut_off = r.date("cut_off");
        p.closing = r.date("closing");
        p.expected_maturity = r.date("expected_maturity");
        p.legal_final = r.date("legal_final");
        p.revolving_until = r.date("revolving_until");
        p.unit = r.money("unit");
        p.amount_rounding = r.word<Rounding>("amount_rounding");
        p.per_unit_places = r.number("per_unit_places");
        p.per_unit_rounding = r.word<Rounding>("per_unit_rounding");
        read_parts(r, p, errors);
    }
    if (errors.empty()) errors = unsound(p);
    if (errors.empty() && to_json(p) != json) {
        errors.push_back(
            {Code::invalid_input, "program: holds a member that says nothing", {}, {}});
    }
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return p;
}

} // namespace tranchain
