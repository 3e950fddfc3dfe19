// The state as canonical JSON: what a block header's `state` commits to.
//
// Lists that follow the program (tranches, fees, triggers) are stored in its order, each with its
// id. Members that are absent most of the time are left out.
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "waterfall/exact/names.hpp"
#include "waterfall/exact/state.hpp"
#include "waterfall/exact/state_orders.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

Json figures(const Figures& f)
{
    return Json::object({{"pool_balance", f.pool_balance},
                         {"principal", f.principal},
                         {"income", f.income},
                         {"collection", f.collection},
                         {"unapplied", f.unapplied},
                         {"income_to_date", f.income_to_date},
                         {"defaulted_to_date", f.defaulted_to_date},
                         {"bought_to_date", f.bought_to_date},
                         {"losses_to_date", f.losses_to_date},
                         {"recovered_to_date", f.recovered_to_date}});
}

Json book(const Book& b, const Program& program)
{
    Json json;
    for (std::size_t i = 0; i < account_count; ++i) {
        const auto account = static_cast<Account>(i);
        json[name(account)] = b.balance(account);
    }
    Json::Array reserves;
    for (std::size_t i = 0; i < program.reserves.size(); ++i) {
        reserves.push_back(Json::object({{"id", program.reserves[i].id},
                                         {"balance", b.balance(reserve_account(i))}}));
    }
    if (!reserves.empty()) json["reserves"] = std::move(reserves);
    return json;
}

Json tranche(const TrancheState& t)
{
    return Json::object({{"balance", t.balance}, {"arrears", t.arrears}});
}

Json fee_state_json(const FeeState& f)
{
    // base_days is fen x days and may pass 2^53, so it is a string.
    Json json = Json::object({{"due", f.due},
                              {"above_cap", f.above_cap},
                              {"paid_in_year", f.paid_in_year},
                              {"year", f.year},
                              {"base_days", std::to_string(f.base_days)}});
    if (f.paid_to_date != zero) json["paid_to_date"] = f.paid_to_date;
    return json;
}

Json facility(const FacilityState& f)
{
    return Json::object({{"drawn", f.drawn},
                         {"lent_to_date", f.lent_to_date},
                         {"interest", f.interest},
                         {"premium", f.premium}});
}

Json reading(const Reading& r)
{
    return Json::object({{"date", r.date},
                         {"value", r.value},
                         {"threshold", r.threshold},
                         {"breach", r.breach},
                         {"count", r.count},
                         {"stale", r.stale}});
}

Json trigger(const TriggerState& t)
{
    Json json = Json::object({{"lapsed", t.lapsed},
                              {"count", t.count},
                              {"missing", t.missing},
                              {"run", json_list(t.run, reading)}});
    if (t.effective) json["effective"] = *t.effective;
    if (t.cured) json["cured"] = *t.cured;
    if (t.due) json["due"] = *t.due;
    if (t.compliant != 0) json["compliant"] = t.compliant;
    return json;
}

Json debit(const Debit& d)
{
    return Json::object({{"reference", d.reference}, {"amount", d.amount}});
}

Json open_day(Date date, const OpenDay& o)
{
    Json json = Json::object({{"date", date},
                              {"credits", o.credits},
                              {"debits", json_list(o.debits, debit)},
                              {"collected", o.collected},
                              {"unapplied", o.unapplied},
                              {"other_income", o.other_income},
                              {"diluted", o.diluted},
                              {"insolvent", json_list(o.insolvent, [](const GroupInsolvency& g) {
                                   return Json::object({{"group", g.group}, {"count", g.count}});
                               })}});
    if (o.support != zero) json["support"] = o.support;
    return json;
}

Json mark(const Mark& m)
{
    return Json::object(
        {{"date", m.date}, {"phase", name_of(m.phase)}, {"figures", figures(m.figures)}});
}

Json base_mark(const BaseMark& m)
{
    return Json::object({{"date", m.date}, {"base_days", json_list(m.base_days, [](std::int64_t n) {
                                                return Json(std::to_string(n));
                                            })}});
}

Json judgement(const LineJudgement& j)
{
    return Json::object({{"trigger", j.trigger},
                         {"value", j.value},
                         {"threshold", j.threshold},
                         {"breach", j.breach}});
}

Json payout(const Payout& p)
{
    Json json = Json::object({{"unadjusted", p.unadjusted},
                         {"adjusted", p.adjusted},
                         {"calculation", p.calculation},
                         {"booked", p.booked},
                         {"paid", p.paid},
                         {"income_out", p.income_out},
                         {"principal_out", p.principal_out},
                         {"total", p.total},
                         {"loan", p.loan},
                         {"covered", p.covered},
                         {"tranches", json_list(p.tranches, tranche)},
                         {"fees", json_list(p.fees, fee_state_json)}});
    if (!p.reserves_out.empty()) {
        json["reserves_out"] = json_list(p.reserves_out, [](Money m) { return Json(m); });
    }
    if (!p.facilities.empty()) json["facilities"] = json_list(p.facilities, facility);
    if (!p.judged.empty()) json["judged"] = json_list(p.judged, judgement);
    return json;
}

Json fired(const Fired& f)
{
    return Json::object({{"trigger", f.trigger}, {"effective", f.effective}});
}

Json notice(const NoticeGiven& n)
{
    return Json::object(
        {{"hash", n.hash},
         {"fired", json_list(n.fired, fired)},
         {"acknowledged", json_list(n.acknowledged, [](const std::string& s) { return Json(s); })}});
}

Json demand(const Demand& d)
{
    Json json = Json::object({{"distribution", d.distribution},
                              {"covers", d.covers},
                              {"amount", d.amount},
                              {"by", d.by}});
    if (d.received != zero) json["received"] = d.received;
    if (d.lapsed != zero) json["lapsed"] = d.lapsed;
    return json;
}

Json sources(const DealState& s)
{
    Json::Array result;
    for (const auto& [id, source] : s.sources) {
        result.push_back(Json::object({{"id", id},
                                       {"complete_through", source.complete_through},
                                       {"number", source.number},
                                       {"closing", source.closing}}));
    }
    return result;
}

template <class T, class Ids, class Make>
Json::Array with_ids(const std::vector<T>& items, const Ids& ids, Make make)
{
    Json::Array result;
    for (std::size_t i = 0; i < items.size(); ++i) {
        Json json = make(items[i]);
        json["id"] = ids[i].id;
        result.push_back(std::move(json));
    }
    return result;
}

} // namespace

Json to_json(const DealState& s, const Program& program)
{
    Json json = Json::object({{"v", s.v},
                              {"phase", name_of(s.phase)},
                              {"started", s.started},
                              {"closed_through", s.closed_through},
                              {"sources", sources(s)},
                              {"book", book(s.book, program)},
                              {"tranches", with_ids(s.tranches, program.tranches, tranche)},
                              {"fees", with_ids(s.fees, program.fees, fee_state_json)},
                              {"totals", figures(s.totals)},
                              {"accrued_from", s.accrued_from},
                              {"calculated", s.calculated},
                              {"income_taken", s.income_taken},
                              {"loans_to_date", s.loans_to_date},
                              {"covered_to_date", s.covered_to_date},
                              {"triggers", with_ids(s.triggers, program.triggers, trigger)},
                              {"marks", json_list(s.marks, mark)},
                              {"base_marks", json_list(s.base_marks, base_mark)},
                              {"payouts", json_list(s.payouts, payout)},
                              {"notices", json_list(s.notices, notice)},
                              {"demands", json_list(s.demands, demand)},
                              {"fired", json_list(s.fired, fired)},
                              {"live_count", s.live_count},
                              {"live_root", s.live_root}});
    Json::Array open;
    for (const auto& [date, day] : s.open) open.push_back(open_day(date, day));
    json["open"] = std::move(open);
    Json::Array purchases;
    for (const auto& [reference, p] : s.purchases) {
        purchases.push_back(Json::object({{"reference", reference},
                                          {"settle", p.settle},
                                          {"count", p.count},
                                          {"face", p.face},
                                          {"price", p.price}}));
    }
    json["purchases"] = std::move(purchases);
    Json::Array payables;
    for (const auto& [reference, amount] : s.payables)
        payables.push_back(debit({reference, amount}));
    json["payables"] = std::move(payables);
    add_orders(s, json);
    if (!s.facilities.empty()) {
        json["facilities"] = with_ids(s.facilities, program.facilities, facility);
    }
    if (s.net_pool) {
        json["net_pool"] = Json::object(
            {{"eligible", s.net_pool->eligible}, {"excess_concentration", s.net_pool->excess}});
    }
    if (receives_support(program)) json["support_judged"] = s.support_judged;
    if (!s.periods.empty()) json["periods"] = json_list(s.periods, mark);
    if (s.revolving_ended) json["revolving_ended"] = *s.revolving_ended;
    if (s.defaulted) json["defaulted"] = *s.defaulted;
    if (s.notice_owed) {
        json["notice_owed"] = Json::object(
            {{"revealed", s.notice_owed->revealed}, {"fired", json_list(s.notice_owed->fired, fired)}});
    }
    return json;
}

} // namespace tranchain
