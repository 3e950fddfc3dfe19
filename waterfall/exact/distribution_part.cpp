// A distribution as the public part of its record.
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

Json line_json(const Line& l)
{
    Json json = Json::object({{"book", l.book},
                              {"number", l.number},
                              {"clause", l.clause},
                              {"due", l.due},
                              {"paid", l.paid},
                              {"left", l.left}});
    if (!l.payee.empty()) json["payee"] = l.payee;
    if (l.lent != zero) json["lent"] = l.lent;
    if (l.drawn != zero) json["drawn"] = l.drawn;
    if (l.borrowed != zero) json["borrowed"] = l.borrowed;
    return json;
}

Json paid_tranche_json(const TrancheLine& t)
{
    Json json = Json::object({{"id", t.id},
                         {"units", t.units},
                         {"opening", t.opening},
                         {"interest", t.interest_exact},
                         {"rounding_left", t.rounding_left},
                         {"arrears_before", t.arrears_before},
                         {"interest_due", t.interest_due},
                         {"interest_paid", t.interest_paid},
                         {"arrears", t.arrears_after},
                         {"principal_paid", t.principal_paid},
                         {"residual_paid", t.residual_paid},
                         {"closing", t.closing}});
    if (t.capitalised != zero) json["capitalised"] = t.capitalised;
    return json;
}

Json paid_fee_json(const FeeLine& f)
{
    return Json::object({{"id", f.id},
                         {"accrued", f.accrued},
                         {"due", f.due},
                         {"paid", f.paid},
                         {"above_cap_paid", f.above_cap_paid},
                         {"carried", f.carried},
                         {"above_cap", f.above_cap}});
}

Json paid_reserve_json(const ReserveLine& r)
{
    return Json::object({{"id", r.id},
                         {"opening", r.opening},
                         {"required", r.required},
                         {"funded", r.funded},
                         {"drawn", r.drawn},
                         {"released", r.released},
                         {"closing", r.closing}});
}

Json paid_facility_json(const FacilityLine& f)
{
    return Json::object({{"id", f.id},
                         {"limit", f.limit},
                         {"opening", f.opening},
                         {"drawn", f.drawn},
                         {"repaid", f.repaid},
                         {"closing", f.closing},
                         {"undrawn", f.undrawn},
                         {"interest_accrued", f.interest_accrued},
                         {"interest_due", f.interest_due},
                         {"interest_paid", f.interest_paid},
                         {"premium_accrued", f.premium_accrued},
                         {"premium_due", f.premium_due},
                         {"premium_paid", f.premium_paid}});
}

Json judged_json(const JudgedLine& j)
{
    return Json::object({{"id", j.id},
                         {"value", j.value},
                         {"threshold", j.threshold},
                         {"breach", j.breach},
                         {"count", j.count},
                         {"in_effect", j.in_effect}});
}

Json claim_json(const Demand& claim)
{
    Json json = Json::object(
        {{"covers", claim.covers}, {"amount", claim.amount}, {"by", claim.by}});
    if (claim.received != zero) json["received"] = claim.received;
    if (claim.lapsed != zero) json["lapsed"] = claim.lapsed;
    return json;
}

/// Demands of this date, and older claims that are still open.
Json claims_json(const Distribution& d)
{
    Json::Array list = json_list(d.demands, claim_json);
    for (const Demand& claim : d.claims) {
        if (claim.distribution == d.date.unadjusted || open_claim(claim) == zero) continue;
        list.push_back(claim_json(claim));
        list.back()["of"] = claim.distribution;
    }
    return list;
}

} // namespace

Json distribution_part(const Program& program, const Distribution& d)
{
    Json funds = Json::object({{"income", d.income_available}});
    Json left = Json::object({{"income", d.income_left}});
    if (d.merged) {
        funds = Json::object({{"all", d.income_available}});
        left = Json::object({{"all", d.income_left}});
    } else {
        funds["principal"] = d.principal_available;
        funds["principal_held"] = d.principal_held;
        left["principal"] = d.principal_left;
    }
    Json part = Json::object({{"date", d.date.unadjusted},
                         {"pay_date", d.date.adjusted},
                         {"paid_on", d.booked},
                         {"calculation", d.date.calculation},
                         {"interest_from", d.interest_from},
                         {"collection_from", d.collection_from},
                         {"currency", program.currency},
                         {"priority", name_of(d.priority)},
                         {"reference", distribution_reference(d.date.unadjusted)},
                         {"available", std::move(funds)},
                         {"left", std::move(left)},
                         {"income_collected", d.income_collected},
                         {"lines", json_list(d.lines, line_json)},
                         {"tranches", json_list(d.tranches, paid_tranche_json)},
                         {"fees", json_list(d.fees, paid_fee_json)},
                         {"loan", d.loan},
                         {"covered", d.covered},
                         {"to_principal", d.to_principal},
                         {"total", d.total},
                         {"support", claims_json(d)}});
    if (!d.reserves.empty()) part["reserves"] = json_list(d.reserves, paid_reserve_json);
    if (!d.facilities.empty()) part["facilities"] = json_list(d.facilities, paid_facility_json);
    if (!d.judged.empty()) part["judged"] = json_list(d.judged, judged_json);
    return part;
}

} // namespace tranchain
