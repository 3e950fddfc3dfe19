// Looking into the pool, and adding facts to it.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/pool.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"

namespace tranchain {

namespace {

Error finding(std::string id, std::string message)
{
    return {Code::answer_no, std::move(message), {}, {}, std::move(id)};
}

} // namespace

std::string_view name(Asset::Status status)
{
    static constexpr std::array<std::string_view, 5> words{"pending", "live", "defaulted", "closed",
                                                           "dropped"};
    return words[static_cast<std::size_t>(status)];
}

const Asset* Pool::find(std::string_view id) const
{
    const auto at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : &assets_[at->second];
}

std::optional<Date> Pool::insolvent_since(std::string_view obligor) const
{
    const auto at = obligor_index_.find(obligor);
    return at == obligor_index_.end() ? std::nullopt : insolvent_[at->second];
}

std::vector<std::pair<std::string, Money>> Pool::group_balances() const
{
    std::vector<Money> sums(groups_.size());
    for (const std::uint32_t i : unpaid_) {
        const Asset& a = assets_[i];
        if (a.status == Asset::Status::live || a.status == Asset::Status::pending) {
            sums[a.group] += a.unpaid();
        }
    }
    std::vector<std::pair<std::string, Money>> result;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (sums[i] > zero) result.emplace_back(groups_[i], sums[i]);
    }
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    return result;
}

std::optional<Money> Pool::receipt_left(std::string_view entry_key) const
{
    const auto at = receipts_.find(entry_key);
    if (at == receipts_.end()) return std::nullopt;
    return at->second.amount - at->second.booked;
}

std::uint32_t
Pool::intern(std::vector<std::string>& names, ByName<std::uint32_t>& index, std::string_view text)
{
    if (const auto at = index.find(text); at != index.end()) return at->second;
    const auto number = static_cast<std::uint32_t>(names.size());
    names.emplace_back(text);
    index.emplace(std::string(text), number);
    if (&names == &obligors_) {
        insolvent_.emplace_back();
        by_obligor_.emplace_back();
    }
    return number;
}

void Pool::expect_assets(std::size_t more)
{
    const std::size_t all = assets_.size() + more;
    if (all <= assets_.capacity()) return;
    assets_.reserve(std::max(all, 2 * assets_.capacity()));
    by_id_.reserve(assets_.capacity());
}

void Pool::index_asset(std::uint32_t index)
{
    const Asset& a = assets_[index];
    by_id_.emplace(a.id, index);
    by_obligor_[a.obligor].push_back(index);
    by_due_[a.due].push_back(index);
    order_.push_back(index);
    unpaid_.push_back(index);
    touched_.push_back(0);
}

void Pool::sort_order()
{
    if (sorted_ == order_.size()) return;
    const auto less = [&](std::uint32_t a, std::uint32_t b) {
        return assets_[a].id < assets_[b].id;
    };
    const auto middle = order_.begin() + static_cast<std::ptrdiff_t>(sorted_);
    std::sort(middle, order_.end(), less);
    std::inplace_merge(order_.begin(), middle, order_.end(), less);
    sorted_ = order_.size();
}

Errors Pool::add_assets(const std::vector<Holding>& holdings,
                        const std::vector<Row>* rows,
                        Date settle,
                        Asset::Status status)
{
    invariant(rows == nullptr || holdings.size() == rows->size());
    Errors findings;
    std::unordered_set<std::string_view> fresh;
    for (const Holding& h : holdings) {
        if (find(h.asset_id) != nullptr || !fresh.insert(h.asset_id).second) {
            findings.push_back(
                finding("asset-not-new", fmt::format("'{}' was in the deal before", h.asset_id)));
        }
    }
    if (!findings.empty()) return findings;
    expect_assets(holdings.size());
    for (std::size_t i = 0; i < holdings.size(); ++i) {
        const Holding& h = holdings[i];
        Asset a;
        a.id = h.asset_id;
        a.obligor = intern(obligors_, obligor_index_, h.obligor_code);
        a.group = intern(groups_, group_index_, h.obligor_group);
        a.settle = settle;
        a.due = h.due;
        a.face = h.face;
        a.price = h.price;
        if (rows != nullptr) a.secret = (*rows)[i].secret;
        a.status = status;
        const auto since = insolvent_[a.obligor];
        if (status == Asset::Status::pending && since && *since < settle) {
            a.status = Asset::Status::dropped;
        }
        if (a.status == Asset::Status::live) ++live_count_;
        assets_.push_back(std::move(a));
        index_asset(static_cast<std::uint32_t>(assets_.size() - 1));
    }
    return {};
}

Errors Pool::add_snapshot(const std::vector<Holding>& holdings, const std::vector<Row>* rows)
{
    const Date settle = holdings.empty() ? Date{} : holdings.front().purchase_date;
    return add_assets(holdings, rows, settle, Asset::Status::live);
}

Errors Pool::add_purchase(const std::string& reference,
                          Date settle,
                          const std::vector<Holding>& holdings,
                          const std::vector<Row>* rows)
{
    const auto first = static_cast<std::uint32_t>(assets_.size());
    Errors findings = add_assets(holdings, rows, settle, Asset::Status::pending);
    if (findings.empty()) {
        purchases_[reference] = {first, static_cast<std::uint32_t>(assets_.size())};
    }
    return findings;
}

void Pool::add_receipt(const std::string& entry_key, Date date, Money amount)
{
    receipts_[entry_key] = {date, amount, zero, zero};
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
        if (a.kind == AllocationKind::income) continue;
        Asset& asset = assets_[by_id_.find(a.asset_id)->second];
        (a.kind == AllocationKind::payment ? asset.paid_open : asset.made_good_open) -= a.amount;
        const auto day = open_.find(a.date);
        day->second.pop_back();
        if (day->second.empty()) open_.erase(day);
    }
}

namespace {

/// Why this allocation cannot be booked to that asset.
std::optional<Error> misfit(const Allocation& a, const Asset* asset)
{
    if (asset == nullptr || asset->status == Asset::Status::dropped) {
        return finding("unknown-asset", fmt::format("'{}' is not the plan's", a.asset_id));
    }
    if (a.date < asset->settle) {
        return finding("not-owned-yet", fmt::format("'{}' is the plan's from {} on, not on {}",
                                                    a.asset_id, asset->settle.str(), a.date.str()));
    }
    if (a.kind == AllocationKind::payment && a.amount > asset->unpaid_open()) {
        return finding("above-face",
                       fmt::format("{} allocated to '{}', of which {} is unpaid", a.amount.str(),
                                   a.asset_id, asset->unpaid_open().str()));
    }
    const Money open_dilution =
        asset->diluted + asset->diluted_open - asset->made_good - asset->made_good_open;
    if (a.kind == AllocationKind::dilution && a.amount > open_dilution) {
        return finding("above-dilution",
                       fmt::format("{} made good on '{}', of which {} is diluted", a.amount.str(),
                                   a.asset_id, open_dilution.str()));
    }
    return std::nullopt;
}

} // namespace

Errors Pool::add_allocations(const std::vector<Allocation>& allocations)
{
    Errors findings;
    std::size_t booked = 0;
    std::vector<Receipt*> of; // of each allocation; a hash table never moves its nodes
    of.reserve(allocations.size());
    for (const Allocation& a : allocations) {
        const auto receipt = receipts_.find(a.receipt);
        if (receipt == receipts_.end()) {
            findings.push_back(finding(
                "unknown-receipt", fmt::format("receipt '{}' is not on an accepted statement, or "
                                               "nothing of it is left",
                                               a.receipt)));
            break;
        }
        Receipt& r = receipt->second;
        if (a.date < r.date) {
            findings.push_back(
                finding("before-receipt", fmt::format("receipt '{}' was booked on {}, after {}",
                                                      a.receipt, r.date.str(), a.date.str())));
            break;
        }
        if (a.kind == AllocationKind::payment || a.kind == AllocationKind::dilution) {
            const auto at = by_id_.find(a.asset_id);
            Asset* asset = at == by_id_.end() ? nullptr : &assets_[at->second];
            if (auto problem = misfit(a, asset)) {
                findings.push_back(std::move(*problem));
                break;
            }
            const bool payment = a.kind == AllocationKind::payment;
            (payment ? asset->paid_open : asset->made_good_open) += a.amount;
            open_[a.date].push_back(
                {at->second, payment ? FactKind::payment : FactKind::made_good, a.amount});
        }
        (a.kind == AllocationKind::unapplied ? r.unapplied : r.booked) += a.amount;
        of.push_back(&r);
        ++booked;
    }
    for (std::size_t i = 0; findings.empty() && i < allocations.size(); ++i) {
        const Receipt& r = *of[i];
        if (r.booked + r.unapplied > r.amount || r.unapplied < zero) {
            findings.push_back(
                finding("above-receipt", fmt::format("{} allocated of receipt '{}', which is {}",
                                                     (r.booked + r.unapplied).str(),
                                                     allocations[i].receipt, r.amount.str())));
        }
    }
    if (!findings.empty()) {
        take_back(booked, allocations);
        return findings;
    }
    for (const Allocation& a : allocations) {
        const auto r = receipts_.find(a.receipt);
        if (r != receipts_.end() && r->second.booked == r->second.amount) receipts_.erase(r);
    }
    return {};
}

Errors Pool::add_dilutions(const std::vector<Dilution>& dilutions)
{
    Errors findings;
    std::size_t added = 0;
    for (const Dilution& d : dilutions) {
        const auto at = by_id_.find(d.asset_id);
        Asset* asset = at == by_id_.end() ? nullptr : &assets_[at->second];
        if (asset == nullptr || asset->status == Asset::Status::dropped || d.date < asset->settle) {
            findings.push_back(finding("unknown-asset", fmt::format("'{}' is not the plan's on {}",
                                                                    d.asset_id, d.date.str())));
            break;
        }
        if (d.amount > asset->unpaid_open()) {
            findings.push_back(finding(
                "above-face", fmt::format("dilution of {} on '{}', of which {} is unpaid",
                                          d.amount.str(), d.asset_id, asset->unpaid_open().str())));
            break;
        }
        asset->diluted_open += d.amount;
        open_[d.date].push_back({at->second, FactKind::dilution, d.amount});
        ++added;
    }
    for (std::size_t i = findings.empty() ? 0 : added; i-- > 0;) {
        const Dilution& d = dilutions[i];
        assets_[by_id_.find(d.asset_id)->second].diluted_open -= d.amount;
        const auto day = open_.find(d.date);
        day->second.pop_back();
        if (day->second.empty()) open_.erase(day);
    }
    return findings;
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
