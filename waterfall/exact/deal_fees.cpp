// Reading the fees, reserves and facilities of a deal file.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/deal_reader.hpp"

namespace tranchain {

namespace {

/// A measure of the whole deal and nothing else: stored by its name.
bool is_plain(const Expr& e)
{
    return e.kind == Expr::Kind::measure && e.name.empty();
}

} // namespace

Expr DealReader::formula(TomlTable& table, std::string_view key, const Located& text)
{
    return sentence(table, key, text,
                    [this](const Located& words) { return parse_expr(words, names_); });
}

void DealReader::reserve(TomlTable& table)
{
    Reserve r;
    r.id = id(table, "reserve", reserves_);
    const Located target = table.text("target");
    r.target = formula(table, "target", target);
    if (asks_target(r.target)) {
        table.fail("target", "the target of a reserve cannot follow from targets");
    } else if (asks_undrawn(r.target)) {
        table.fail("target", "the target of a reserve cannot follow from what is undrawn",
                   "'drawn' of a facility is allowed");
    }
    r.opening = table.optional_money("opening").value_or(zero);
    if (r.opening < zero) table.fail("opening", "nothing below zero can be set aside");
    r.clause = clause("reserve." + r.id,
                      fmt::format("{}, {} at closing", target.text, r.opening.str()), target.where);
    p().reserves.push_back(std::move(r));
}

void DealReader::facility(TomlTable& table)
{
    Facility f;
    f.id = id(table, "facility", reserves_);
    f.provider = table.text("provider").text;
    const Located limit = table.text("limit");
    f.limit = formula(table, "limit", limit);
    if (asks_undrawn(f.limit)) {
        table.fail("limit", "the limit of a facility cannot follow from what is undrawn",
                   "'drawn' of a facility is allowed");
    }
    const std::string of = fmt::format("facility '{}'", f.id);
    f.rate = rate(table, "rate", of).value_or(Rate{});
    f.premium = rate(table, "premium", of).value_or(Rate{});
    const auto count = table.optional_text("day_count");
    f.day_count = count ? day_count(*count) : day_count_;
    f.replenishes = !table.has("replenishes") || table.boolean("replenishes");
    f.clause = clause("facility." + f.id,
                      fmt::format("by {}, up to {}{}, {} a year drawn, {} undrawn", f.provider,
                                  limit.text, f.replenishes ? "" : " once", f.rate.str(),
                                  f.premium.str()),
                      limit.where);
    p().facilities.push_back(std::move(f));
}

void DealReader::fee(TomlTable& table)
{
    Fee f;
    f.id = id(table, "fee", names_.fees);
    const auto& tranches = names_.tranches;
    if (std::find(tranches.begin(), tranches.end(), f.id) != tranches.end()) {
        table.fail("id", fmt::format("'{}' is already the name of a tranche", f.id));
    }
    const int forms = int{table.has("rate")} + int{table.has("amount")} + int{table.has("target")};
    if (forms != 1) {
        const char* at = table.has("amount") ? "amount" : table.has("target") ? "target" : "rate";
        table.fail(at, fmt::format("fee '{}' needs either a rate or an amount", f.id),
                   "or the target of what is paid on it altogether");
        for (const auto* key : {"rate", "amount", "target", "per", "of", "each"}) {
            (void)table.optional_text(key);
        }
    } else if (table.has("rate")) {
        rated_fee(table, f);
    } else if (table.has("target")) {
        const Located target = table.text("target");
        f.kind = Fee::Kind::target;
        f.formula = formula(table, "target", target);
        f.clause = clause("fee." + f.id, "up to " + target.text + " altogether", target.where);
    } else if (table.has("each") || table.has("on")) {
        dated_fee(table, f);
    } else {
        f.kind = Fee::Kind::annual_amount;
        f.amount = table.money("amount");
        if (f.amount < zero) table.fail("amount", "an amount of a fee cannot be below zero");
        if (!per_year(table)) {
            table.fail("per", "an amount needs 'per = \"year\"'",
                       "or the days on which it falls due: 'each' or 'on'");
        }
        f.clause = clause("fee." + f.id, f.amount.str() + " per year", table.where("amount"));
    }
    p().fees.push_back(std::move(f));
}

bool DealReader::per_year(TomlTable& table)
{
    const auto per = table.optional_text("per");
    if (per && per->text != "year") unknown(*per, "a period a fee accrues over", {"year"});
    return per.has_value();
}

void DealReader::rated_fee(TomlTable& table, Fee& f)
{
    const bool per = per_year(table);
    f.kind = per ? Fee::Kind::annual_rate : Fee::Kind::flat_rate;
    f.rate = rate(table, "rate", fmt::format("fee '{}'", f.id)).value_or(Rate{});
    const Located of = table.text("of");
    Expr base = formula(table, "of", of);
    if (is_plain(base)) {
        f.base = base.measure;
    } else {
        f.formula = std::move(base);
    }
    f.clause = clause("fee." + f.id,
                      fmt::format("{} {}of {}", f.rate.str(), per ? "per year " : "", of.text),
                      table.where("rate"));
}

/// An amount that falls due on days: every payment date, days of a rule, or one day.
void DealReader::dated_fee(TomlTable& table, Fee& f)
{
    const Located amount = table.text("amount");
    f.formula = formula(table, "amount", amount);
    const auto each = table.optional_text("each");
    const auto on = table.optional_date("on");
    if (each && on) table.fail("on", "a fee has either 'each' or 'on'");
    f.kind = Fee::Kind::on_dates;
    bool readable = true;
    if (each && each->text == "payment date") {
        f.kind = Fee::Kind::each_payment;
    } else if (each) {
        const PayRule rule = take(parse_pay_rule(*each));
        readable = !rule.months.empty();
        const bool sane = p().closing <= p().legal_final &&
                          p().legal_final.year() - p().closing.year() <= years_limit;
        if (sane) f.dates = days_of(rule, p().closing, p().legal_final);
    } else if (on) {
        f.dates = {*on};
    }
    const std::string when = each ? "each " + each->text : on ? "on " + on->str() : "";
    if (f.kind == Fee::Kind::on_dates && readable &&
        (f.dates.empty() || f.dates.back() > p().legal_final || f.dates.front() < p().closing)) {
        table.fail(each ? "each" : "on", fmt::format("fee '{}' never falls due: no such day lies "
                                                     "between closing and legal_final",
                                                     f.id));
    }
    f.clause = clause("fee." + f.id, amount.text + " " + when, amount.where);
}

} // namespace tranchain
