// Adding facts to the pool: payments, money for dilutions, repurchases, dilutions, write-offs,
// extensions, insolvencies.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

bool is_of_asset(AllocationKind kind)
{
    return kind == AllocationKind::payment || kind == AllocationKind::dilution ||
           kind == AllocationKind::repurchase;
}

/// Cost not recovered when all facts accepted so far are closed.
Money cost_left(const Asset& a)
{
    const Money received_open = a.paid_open + a.made_good_open;
    if (a.status == Asset::Status::defaulted) {
        const Money cost = a.lost_cost - a.recovered;
        return cost - min(cost, received_open);
    }
    const std::int64_t face = a.face.in_fen();
    const Money received = a.paid + a.made_good + received_open;
    const Money lost = a.diluted + a.diluted_open - a.made_good - a.made_good_open;
    return max(zero, a.price - scale(a.price, received.in_fen(), face, Rounding::half_up) -
                         scale(a.price, lost.in_fen(), face, Rounding::half_up));
}

} // namespace

Money repurchase_price(const Asset& a, Date day)
{
    const Money cost = cost_left(a);
    const Money discount = max(zero, a.unpaid_open() - cost);
    const std::int64_t term = a.due - a.settle;
    if (term <= 0 || day >= a.due) return cost + discount;
    const std::int64_t elapsed = std::max<std::int64_t>(0, day - a.settle);
    return cost + scale(discount, elapsed, term, Rounding::half_up);
}

/// Takes back the first `count` allocations, each of which was booked.
void Pool::take_back(std::size_t count, const std::vector<Allocation>& allocations)
{
    for (std::size_t i = count; i-- > 0;) {
        const Allocation& a = allocations[i];
        Receipt& r = receipts_.find(a.receipt)->second;
        if (a.kind == AllocationKind::unapplied) {
            r.unapplied -= a.amount;
            continue;
        }
        r.booked -= a.amount;
        if (!is_of_asset(a.kind)) continue;
        Asset& asset = assets_[place_of(a.asset_id)];
        if (a.kind == AllocationKind::payment) asset.paid_open -= a.amount;
        if (a.kind == AllocationKind::dilution) asset.made_good_open -= a.amount;
        if (a.kind == AllocationKind::repurchase) asset.leaving = false;
        const auto day = open_.find(a.date);
        day->second.pop_back();
        if (day->second.empty()) open_.erase(day);
    }
}

/// True when something is known of the receivable on a day after `day`. Rarely asked.
bool Pool::changes_after(std::string_view asset_id, Date day) const
{
    const std::uint32_t index = place_of(asset_id);
    for (auto at = open_.upper_bound(day); at != open_.end(); ++at) {
        for (const Fact& fact : at->second) {
            if (fact.asset == index) return true;
        }
    }
    return false;
}

/// Why this allocation cannot be booked to that asset.
std::optional<Error> Pool::misfit(const Allocation& a, const Asset* asset) const
{
    if (asset == nullptr || asset->status == Asset::Status::dropped) {
        return pool_finding("unknown-asset", fmt::format("'{}' is not the plan's", a.asset_id));
    }
    if (a.date < asset->settle) {
        return pool_finding("not-owned-yet", fmt::format("'{}' is the plan's from {} on, not on {}",
                                                    a.asset_id, asset->settle.str(), a.date.str()));
    }
    if (a.kind == AllocationKind::repurchase) {
        if (asset->unpaid_open() == zero) {
            return pool_finding("above-face",
                           fmt::format("nothing of '{}' is unpaid: it cannot be bought back",
                                       a.asset_id));
        }
        if (changes_after(a.asset_id, a.date)) {
            return pool_finding("later-fact",
                           fmt::format("more is known of '{}' after {}: it cannot be bought back "
                                       "that day",
                                       a.asset_id, a.date.str()));
        }
        const Money price = repurchase_price(*asset, a.date);
        if (a.amount == price) return std::nullopt;
        return pool_finding("wrong-price",
                       fmt::format("'{}' is bought back for {}, on {} its price is {}", a.asset_id,
                                   a.amount.str(), a.date.str(), price.str()));
    }
    if (a.kind == AllocationKind::payment && a.amount > asset->unpaid_open()) {
        return pool_finding("above-face",
                       fmt::format("{} allocated to '{}', of which {} is unpaid", a.amount.str(),
                                   a.asset_id, asset->unpaid_open().str()));
    }
    const Money open_dilution =
        asset->diluted + asset->diluted_open - asset->made_good - asset->made_good_open;
    if (a.kind == AllocationKind::dilution && a.amount > open_dilution) {
        return pool_finding("above-dilution",
                       fmt::format("{} made good on '{}', of which {} is diluted", a.amount.str(),
                                   a.asset_id, open_dilution.str()));
    }
    return std::nullopt;
}

Errors Pool::add_allocations(const std::vector<Allocation>& allocations)
{
    Errors findings;
    std::size_t booked = 0;
    std::vector<Receipt*> of; // of each allocation; a hash table never moves its nodes
    of.reserve(allocations.size());
    auto receipt = receipts_.end(); // most of one receipt come together
    for (const Allocation& a : allocations) {
        if (receipt == receipts_.end() || receipt->first != a.receipt) {
            receipt = receipts_.find(a.receipt);
        }
        if (receipt == receipts_.end()) {
            findings.push_back(pool_finding(
                "unknown-receipt", fmt::format("receipt '{}' is not on an accepted statement, or "
                                               "nothing of it is left",
                                               a.receipt)));
            break;
        }
        Receipt& r = receipt->second;
        if (a.date < r.date) {
            findings.push_back(
                pool_finding("before-receipt", fmt::format("receipt '{}' was booked on {}, after {}",
                                                      a.receipt, r.date.str(), a.date.str())));
            break;
        }
        if (is_of_asset(a.kind)) {
            const std::uint32_t at = place_of(a.asset_id);
            Asset* asset = at == NameIndex::none ? nullptr : &assets_[at];
            if (auto problem = misfit(a, asset)) {
                findings.push_back(std::move(*problem));
                break;
            }
            FactKind kind = FactKind::payment;
            if (a.kind == AllocationKind::payment) {
                asset->paid_open += a.amount;
            } else if (a.kind == AllocationKind::dilution) {
                kind = FactKind::made_good;
                asset->made_good_open += a.amount;
            } else {
                kind = FactKind::repurchase;
                asset->leaving = true;
            }
            open_[a.date].push_back({at, kind, a.amount});
        }
        (a.kind == AllocationKind::unapplied ? r.unapplied : r.booked) += a.amount;
        of.push_back(&r);
        ++booked;
    }
    for (std::size_t i = 0; findings.empty() && i < allocations.size(); ++i) {
        const Receipt& r = *of[i];
        if (r.booked + r.unapplied > r.amount || r.unapplied < zero) {
            findings.push_back(
                pool_finding("above-receipt", fmt::format("{} allocated of receipt '{}', which is {}",
                                                     (r.booked + r.unapplied).str(),
                                                     allocations[i].receipt, r.amount.str())));
        }
    }
    if (!findings.empty()) {
        take_back(booked, allocations);
        return findings;
    }
    for (std::size_t i = 0; i < allocations.size(); ++i) {
        if (i > 0 && allocations[i].receipt == allocations[i - 1].receipt) continue;
        const auto r = receipts_.find(allocations[i].receipt);
        if (r != receipts_.end() && r->second.booked == r->second.amount) receipts_.erase(r);
    }
    return {};
}

/// Why this dilution, write-off or extension cannot be. The last two are about all that is unpaid.
std::optional<Error> Pool::misfit(const Dilution& d, const Asset* asset) const
{
    if (asset == nullptr || asset->status == Asset::Status::dropped || d.date < asset->settle) {
        return pool_finding("unknown-asset",
                       fmt::format("'{}' is not the plan's on {}", d.asset_id, d.date.str()));
    }
    const bool whole = d.reason == "writeoff" || d.reason == "extension";
    if (whole ? d.amount != asset->unpaid_open() : d.amount > asset->unpaid_open()) {
        return pool_finding("above-face", fmt::format("{} of {} on '{}', of which {} is unpaid",
                                                 whole ? d.reason : "dilution", d.amount.str(),
                                                 d.asset_id, asset->unpaid_open().str()));
    }
    if (!whole) return std::nullopt;
    if (asset->written_off ||
        (d.reason == "extension" && asset->status == Asset::Status::defaulted)) {
        return pool_finding("not-live", fmt::format("'{}' is {}", d.asset_id,
                                               asset->written_off ? "written off" : "defaulted"));
    }
    if (changes_after(d.asset_id, d.date)) {
        return pool_finding("later-fact", fmt::format("more is known of '{}' after {}", d.asset_id,
                                                 d.date.str()));
    }
    if (d.due && *d.due <= asset->due) {
        return pool_finding("wrong-date", fmt::format("'{}' falls due on {}: {} is no extension",
                                                 d.asset_id, asset->due.str(), d.due->str()));
    }
    return std::nullopt;
}

void Pool::undo(const Dilution& d)
{
    const auto day = open_.find(d.date);
    const Fact& fact = day->second.back();
    if (fact.kind == FactKind::dilution) assets_[fact.asset].diluted_open -= d.amount;
    day->second.pop_back();
    if (day->second.empty()) open_.erase(day);
}

Errors Pool::add_dilutions(const std::vector<Dilution>& dilutions)
{
    for (std::size_t i = 0; i < dilutions.size(); ++i) {
        const Dilution& d = dilutions[i];
        const std::uint32_t at = place_of(d.asset_id);
        Asset* asset = at == NameIndex::none ? nullptr : &assets_[at];
        if (auto problem = misfit(d, asset)) {
            while (i-- > 0) undo(dilutions[i]);
            return {std::move(*problem)};
        }
        FactKind kind = FactKind::dilution;
        if (d.reason == "writeoff") {
            kind = FactKind::write_off;
        } else if (d.reason == "extension") {
            kind = FactKind::extension;
        } else {
            asset->diluted_open += d.amount;
        }
        open_[d.date].push_back({at, kind, d.amount, d.due.value_or(Date{})});
    }
    return {};
}

void Pool::add_insolvency(Date date, const std::vector<std::string>& obligors)
{
    for (const std::string& code : obligors) {
        const std::uint32_t index = intern(obligors_, obligor_index_, code);
        if (!insolvent_[index] || date < *insolvent_[index]) insolvent_[index] = date;
        open_insolvent_[date].push_back(index);
    }
}

} // namespace tranchain
