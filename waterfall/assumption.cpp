// Acting on the fate of one receivable.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/assumption.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/name.hpp"

namespace tranchain {

namespace {

using Kind = Assumption::Kind;

void sort_payments(Fate& fate)
{
    std::stable_sort(
        fate.payments.begin(), fate.payments.end(),
        [](const Fate::Payment& a, const Fate::Payment& b) { return a.date < b.date; });
}

/// Takes `amount` off what the obligor pays, the last payment first.
void pay_less(Fate& fate, Money amount)
{
    for (auto p = fate.payments.rbegin(); p != fate.payments.rend() && amount > zero; ++p) {
        if (p->by_seller) continue;
        const Money part = min(amount, p->amount);
        p->amount -= part;
        amount -= part;
    }
    std::erase_if(fate.payments, [](const Fate::Payment& p) { return p.amount == zero; });
}

} // namespace

void dilute(Fate& fate, Rate rate, bool made_good, const Receivable& r, Date owned)
{
    const Money open = r.current_balance - fate.dilution;
    const Money amount = min(open, share(r.current_balance, rate, Rounding::half_up));
    if (amount == zero) return;
    pay_less(fate, amount);
    if (!fate.diluted_on) fate.diluted_on = std::max(owned + 1, due_of(r) - 10);
    fate.dilution += amount;
    if (made_good) fate.payments.push_back({*fate.diluted_on + 5, amount, true});
}

namespace {

/// What is unpaid some days after it fell due, the seller takes back.
void buy_back(Fate& fate, const Assumption& a, const Receivable& r, Date owned)
{
    const Date day =
        std::max(owned + 1, due_of(r) + static_cast<std::int32_t>(a.days));
    Money left = r.current_balance - fate.dilution;
    for (const Fate::Payment& p : fate.payments) {
        if (!p.by_seller && p.date < day) left -= p.amount;
    }
    if (left <= zero) return;
    std::erase_if(fate.payments,
                  [&](const Fate::Payment& p) { return !p.by_seller && p.date >= day; });
    if (fate.diluted_on && *fate.diluted_on >= day) {
        fate.diluted_on.reset();
        fate.dilution = zero;
        std::erase_if(fate.payments, [](const Fate::Payment& p) { return p.by_seller; });
    }
    fate.repurchased_on = day;
}

/// The obligor pays nothing of his own; what is got out of him comes later.
void default_on(Fate& fate, const Assumption& a, const Receivable& r, Rate factor)
{
    std::erase_if(fate.payments, [](const Fate::Payment& p) { return !p.by_seller; });
    const Money unpaid = r.current_balance - fate.dilution;
    Money left = unpaid;
    for (const auto& [days, part] : a.recovery) {
        const Money amount = min(left, share(unpaid, times(part, factor), Rounding::down));
        left -= amount;
        const Date day = due_of(r) + static_cast<std::int32_t>(days);
        if (amount > zero) fate.payments.push_back({day, amount, false});
    }
}

void shift(Fate& fate, std::int64_t days, Date earliest)
{
    for (Fate::Payment& p : fate.payments) {
        if (p.by_seller) continue;
        p.date = std::max(earliest, p.date + static_cast<std::int32_t>(days));
    }
}

/// Paid in one sum, on a day that its lot chooses, whatever was to become of it. The lot is named by
/// the place among the timings alone: what else is assumed does not change what it draws.
Fate timed(const Assumption& a, std::size_t place, const AssumptionContext& c, const Receivable& r)
{
    Sampler sampler(c.seed, fmt::format("timing {}/{}", place, r.asset_id));
    std::int64_t left = sampler.below(Rate::one);
    std::int64_t days = 0;
    for (const auto& [after_due, part] : a.paid) {
        days = after_due;
        left -= part.in_ppb();
        if (left < 0) break;
    }
    Fate fate;
    fate.payments.push_back(
        {std::max(c.owned + 1, due_of(r) + static_cast<std::int32_t>(days)), r.current_balance, false});
    return fate;
}

/// The last timing that covers it counts; none leaves its fate as it is.
Fate timed_by_last(const std::vector<Assumption>& assumptions,
                   const AssumptionContext& c,
                   const Receivable& r,
                   Fate fate)
{
    const Assumption* last = nullptr;
    std::size_t place = 0;
    std::size_t timings = 0;
    for (const Assumption& a : assumptions) {
        if (a.kind != Kind::timing) continue;
        if (a.of.covers(r, c.bought)) {
            last = &a;
            place = timings;
        }
        ++timings;
    }
    return last == nullptr ? std::move(fate) : timed(*last, place, c, r);
}

} // namespace

Rate times(Rate share, Rate factor)
{
    const Int128 product = Int128{share.in_ppb()} * factor.in_ppb() / Rate::one;
    return Rate::ppb(static_cast<std::int64_t>(std::min(product, Int128{Rate::one})));
}

bool Scope::covers(const Receivable& r, bool is_bought) const
{
    switch (kind) {
    case Kind::pool:
        return true;
    case Kind::bought:
        return is_bought;
    case Kind::group:
        return same_name(r.obligor_group, name);
    case Kind::obligor:
        return r.obligor_code == name;
    case Kind::industry:
        return same_name(r.obligor_industry, name);
    case Kind::receivable:
        return r.asset_id == name;
    case Kind::rating:
        return same_name(r.obligor_rating, name);
    case Kind::region:
        return same_name(r.obligor_region, name);
    case Kind::supplier:
        return r.seller_code == name;
    }
    return false;
}

std::string_view Scope::kind_word() const
{
    static constexpr std::string_view words[]{"pool",       "bought", "group",
                                              "obligor",    "industry", "receivable",
                                              "rating",     "region", "supplier"};
    return words[static_cast<std::size_t>(kind)];
}

std::string Scope::words() const
{
    return name.empty() ? std::string(kind_word()) : fmt::format("{} '{}'", kind_word(), name);
}

Rate ShareCurve::at(Date date, Date closing) const
{
    if (!points.empty()) {
        Rate rate;
        for (const auto& [from, value] : points) {
            if (from <= date) rate = value;
        }
        return rate;
    }
    if (months.empty()) return constant;
    std::size_t month = 0;
    while (month + 1 < months.size() && closing.plus_months(static_cast<int>(month) + 1) <= date) {
        ++month;
    }
    return months[month];
}

std::string_view lot_of(const Receivable& r)
{
    return r.asset_type == AssetType::instalment ? r.contract_no : r.asset_id;
}

bool drawn(std::uint64_t seed, std::string_view lot, std::string_view asset_id, Rate share)
{
    Sampler sampler(seed, fmt::format("{}/{}", lot, asset_id));
    return sampler.below(Rate::one) < share.in_ppb();
}

Fate assumed(const std::vector<Assumption>& assumptions,
             const AssumptionContext& c,
             const Receivable& r,
             Fate fate)
{
    if (assumptions.empty() && c.drawn.rate.in_ppb() == 0) return fate;
    fate = timed_by_last(assumptions, c, r, std::move(fate));
    for (const Kind kind :
         {Kind::dilution, Kind::early, Kind::delay, Kind::default_, Kind::repurchase}) {
        for (std::size_t i = 0; i < assumptions.size(); ++i) {
            const Assumption& a = assumptions[i];
            if (a.kind != kind || !a.of.covers(r, c.bought)) continue;
            Rate part = times(a.share.at(due_of(r), c.closing), c.factors[kind]);
            if (kind == Kind::dilution || kind == Kind::default_) part = times(part, c.stress);
            if (!drawn(c.seed, fmt::format("assumption {}", i), lot_of(r), part)) continue;
            if (kind == Kind::dilution) dilute(fate, a.rate, a.made_good, r, c.owned);
            if (kind == Kind::early) shift(fate, -a.days, c.owned + 1);
            if (kind == Kind::delay) shift(fate, a.days, c.owned + 1);
            if (kind == Kind::default_) default_on(fate, a, r, c.factors.recovery);
            if (kind == Kind::repurchase) buy_back(fate, a, r, c.owned);
        }
        if (kind == Kind::dilution) dilute(fate, c.drawn.rate, c.drawn.made_good, r, c.owned);
    }
    sort_payments(fate);
    return fate;
}

} // namespace tranchain
