// One day of the pool: settlements, payments, dilutions, repurchases, extensions, defaults, and the
// sheet that sums them up.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "data/assert.hpp"
#include "data/merkle.hpp"
#include "data/rate.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

Pool::Undo Pool::begin() const
{
    Undo undo;
    undo.live_count = live_count_;
    return undo;
}

Pool::Undo Pool::begin_final() const
{
    Undo undo = begin();
    undo.final = true;
    return undo;
}

/// The asset to be changed; its state before this close is kept once. What it owes is taken out of
/// its group until the close is committed or rolled back.
Asset& Pool::touch(std::uint32_t index, Undo& undo)
{
    if (touched_[index] != epoch_) {
        touched_[index] = epoch_;
        undo.touched.push_back(index);
        if (!undo.final) undo.before.push_back(assets_[index]);
        group_owed_[assets_[index].group] -= owed(assets_[index]);
    }
    assets_[index].leaf_stale = true;
    return assets_[index];
}

DaySheet Pool::close_day(Date day, Undo& undo)
{
    if (undo.touched.empty()) ++epoch_;
    DaySheet sheet;
    sheet.date = day;
    settle_day(day, sheet, undo);
    apply_facts(day, sheet, undo);
    derive_defaults(day, sheet, undo);
    sheet.live_count = live_count_;
    return sheet;
}

void Pool::settle_day(Date day, DaySheet& sheet, Undo& undo)
{
    for (auto at = purchases_.begin(); at != purchases_.end();) {
        const auto [first, end] = at->second;
        if (first < end && assets_[first].settle != day) {
            ++at;
            continue;
        }
        DaySheet::Bought bought;
        bought.reference = at->first;
        for (std::uint32_t i = first; i < end; ++i) {
            if (assets_[i].status != Asset::Status::pending) continue;
            Asset& a = touch(i, undo);
            a.status = Asset::Status::live;
            ++live_count_;
            ++bought.count;
            bought.face += a.face;
            bought.price += a.price;
        }
        sheet.bought.push_back(std::move(bought));
        undo.purchases.insert(*at);
        at = purchases_.erase(at);
    }
}

struct Pool::Change {
    Money paid, diluted, made_good;
    std::optional<Money> bought_back; ///< for this price
    bool written_off = false;
    std::optional<Date> due;

    void add(const Fact& fact)
    {
        switch (fact.kind) {
        case FactKind::payment:
            paid += fact.amount;
            break;
        case FactKind::dilution:
            diluted += fact.amount;
            break;
        case FactKind::made_good:
            made_good += fact.amount;
            break;
        case FactKind::repurchase:
            bought_back = fact.amount;
            break;
        case FactKind::write_off:
            written_off = true;
            break;
        case FactKind::extension: // of two on one day the later date, in whatever order they came
            due = std::max(due.value_or(fact.due), fact.due);
            break;
        }
    }
};

/// Facts of one receivable together, whatever the order in which they came.
void Pool::apply_facts(Date day, DaySheet& sheet, Undo& undo)
{
    const auto at = open_.find(day);
    if (at == open_.end()) return;
    std::vector<Fact> facts = at->second;
    std::sort(facts.begin(), facts.end(),
              [](const Fact& a, const Fact& b) { return a.asset < b.asset; });
    for (auto fact = facts.begin(); fact != facts.end();) {
        const std::uint32_t index = fact->asset;
        Change c;
        for (; fact != facts.end() && fact->asset == index; ++fact) c.add(*fact);
        Asset& a = touch(index, undo);
        a.paid_open -= c.paid;
        a.diluted_open -= c.diluted;
        a.made_good_open -= c.made_good;
        book(a, c.paid, c.diluted, c.made_good, sheet);
        if (c.bought_back) buy_back(a, *c.bought_back, sheet);
        if (c.written_off && a.status == Asset::Status::live) make_default(a, day, sheet);
        a.written_off = a.written_off || c.written_off;
        if (c.due && a.status == Asset::Status::live && *c.due > a.due) {
            a.due = *c.due;
            // Its older entries no longer fit its due date; one is left of a close taken back.
            auto& same_day = by_due_[a.due];
            const bool known = std::find(same_day.begin(), same_day.end(), index) != same_day.end();
            if (!known) same_day.push_back(index);
        }
    }
    undo.facts.emplace_back(day, at->second.size());
}

/// Books what one receivable received on one day: cost first, as product.md's words say.
void Pool::book(Asset& a, Money paid, Money diluted, Money made_good, DaySheet& sheet)
{
    const Money received = paid + made_good;
    a.paid += paid;
    a.diluted += diluted;
    a.made_good += made_good;
    if (a.status == Asset::Status::defaulted) {
        const Money cost = min(received, a.lost_cost - a.recovered);
        a.recovered += cost;
        sheet.to_principal += cost;
        sheet.recovered += cost;
        sheet.to_income += received - cost;
        return;
    }
    const std::int64_t face = a.face.in_fen();
    if (a.status == Asset::Status::repurchased) { // money for what was diluted before
        const Money still_lost =
            scale(a.price, (a.diluted - a.made_good).in_fen(), face, Rounding::half_up);
        sheet.to_principal += a.loss - still_lost;
        sheet.recovered += a.loss - still_lost;
        sheet.to_income += received - (a.loss - still_lost);
        a.loss = still_lost;
        return;
    }
    const Money principal =
        scale(a.price, (a.paid + a.made_good).in_fen(), face, Rounding::half_up);
    const Money loss = scale(a.price, (a.diluted - a.made_good).in_fen(), face, Rounding::half_up);
    sheet.to_principal += principal - a.principal;
    sheet.to_income += received - (principal - a.principal);
    if (loss > a.loss)
        sheet.loss += loss - a.loss;
    else
        sheet.recovered += a.loss - loss;
    a.principal = principal;
    a.loss = loss;
    if (a.status == Asset::Status::closed) return;
    sheet.paid += paid;
    sheet.diluted += diluted;
    if (a.unpaid() == zero) {
        a.status = Asset::Status::closed;
        --live_count_;
    }
}

/// The price brings back the cost that is left; what it has above that is income.
void Pool::buy_back(Asset& a, Money price, DaySheet& sheet)
{
    const bool live = a.status == Asset::Status::live;
    const Money cost =
        live ? max(zero, a.price - a.principal - a.loss) : a.lost_cost - a.recovered;
    const Money principal = min(price, cost);
    sheet.to_principal += principal;
    sheet.to_income += price - principal;
    if (live) {
        sheet.repurchased += a.unpaid();
        a.principal += principal;
        --live_count_;
    } else {
        sheet.recovered += principal;
        a.recovered += principal;
    }
    a.repurchased = a.unpaid();
    a.leaving = false;
    a.status = Asset::Status::repurchased;
}

void Pool::make_default(Asset& a, Date day, DaySheet& sheet)
{
    a.status = Asset::Status::defaulted;
    a.defaulted_on = day;
    a.defaulted_face = a.unpaid();
    a.lost_cost = max(zero, a.price - a.principal - a.loss);
    --live_count_;
    ++sheet.defaults;
    sheet.defaulted_face += a.defaulted_face;
    sheet.defaulted_cost += a.lost_cost;
}

void Pool::derive_defaults(Date day, DaySheet& sheet, Undo& undo)
{
    const auto judge = [&](std::uint32_t i) {
        if (assets_[i].status == Asset::Status::live) make_default(touch(i, undo), day, sheet);
    };
    const Date latest = day - (overdue_days_max + 1);
    const auto late = by_due_.find(latest);
    if (late != by_due_.end()) {
        for (const std::uint32_t i : late->second) {
            if (assets_[i].due == latest) judge(i); // else it was extended
        }
    }
    for (const auto& bought : sheet.bought) { // what was too late when it was bought
        const auto [first, end] = undo.purchases.at(bought.reference);
        for (std::uint32_t i = first; i < end; ++i) {
            if (day - assets_[i].due > overdue_days_max)
                judge(i);
            else if (insolvent_[assets_[i].obligor] && *insolvent_[assets_[i].obligor] <= day)
                judge(i);
        }
    }
    const auto insolvent = open_insolvent_.find(day);
    if (insolvent == open_insolvent_.end()) return;
    for (const std::uint32_t obligor : insolvent->second) {
        for (const std::uint32_t i : by_obligor_[obligor]) judge(i);
    }
    undo.insolvent.insert(*insolvent);
}

void Pool::roll_back(Undo& undo)
{
    invariant(!undo.final);
    for (std::size_t i = 0; i < undo.touched.size(); ++i) {
        Asset& asset = assets_[undo.touched[i]];
        asset = std::move(undo.before[i]);
        group_owed_[asset.group] += owed(asset);
    }
    purchases_.insert(undo.purchases.begin(), undo.purchases.end());
    live_count_ = undo.live_count;
    undo = begin();
    ++epoch_;
}

void Pool::commit(Undo& undo)
{
    for (const auto& [day, count] : undo.facts) open_.erase(day);
    for (const auto& [day, obligors] : undo.insolvent) open_insolvent_.erase(day);
    for (const std::uint32_t index : undo.touched) {
        group_owed_[assets_[index].group] += owed(assets_[index]);
    }
    undo = begin();
    ++epoch_;
}

std::string Pool::live_root()
{
    sort_order();
    std::vector<Hash> leaves;
    leaves.reserve(static_cast<std::size_t>(live_count_));
    for (const std::uint32_t i : order_) {
        Asset& a = assets_[i];
        if (a.status != Asset::Status::live) continue;
        if (a.leaf_stale) {
            const Hash salt = field_salt(a.secret, "live");
            const std::string unpaid = a.unpaid().str();
            using namespace std::string_view_literals;
            a.leaf = sha256({"\0"sv, "tranchain/live/v1\n"sv, view(salt), a.id, "\0"sv, unpaid});
            a.leaf_stale = false;
        }
        leaves.push_back(a.leaf);
    }
    return hex(merkle_root(leaves));
}

} // namespace tranchain
