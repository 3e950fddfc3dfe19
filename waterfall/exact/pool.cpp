// Looking into the pool, and adding receivables to it.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/pool.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"

namespace tranchain {

std::string_view name(Asset::Status status)
{
    static constexpr std::array<std::string_view, 6> words{"pending", "live",    "defaulted",
                                                           "closed",  "dropped", "repurchased"};
    return words[static_cast<std::size_t>(status)];
}

std::uint32_t Pool::place_of(std::string_view id) const
{
    return by_id_.find(id, [&](std::uint32_t at) -> std::string_view { return assets_[at].id; });
}

const Asset* Pool::find(std::string_view id) const
{
    const std::uint32_t at = place_of(id);
    return at == NameIndex::none ? nullptr : &assets_[at];
}

std::optional<Date> Pool::insolvent_since(std::string_view obligor) const
{
    const auto at = obligor_index_.find(obligor);
    return at == obligor_index_.end() ? std::nullopt : insolvent_[at->second];
}

std::vector<std::pair<std::string, Money>> Pool::group_balances() const
{
    std::vector<std::pair<std::string, Money>> result;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        if (group_owed_[i] > zero) result.emplace_back(groups_[i], group_owed_[i]);
    }
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    return result;
}

bool Pool::counts(const Asset& a)
{
    return a.status == Asset::Status::live || a.status == Asset::Status::pending;
}

Money Pool::owed(const Asset& a)
{
    return counts(a) ? a.unpaid() : zero;
}

std::optional<Money> Pool::receipt_left(std::string_view entry_key) const
{
    const auto at = receipts_.find(entry_key);
    if (at == receipts_.end()) return std::nullopt;
    return at->second.amount - at->second.booked;
}

std::map<std::string, Pool::Receipt> Pool::open_receipts() const
{
    return {receipts_.begin(), receipts_.end()};
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
    } else {
        group_owed_.emplace_back();
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
    by_obligor_[a.obligor].push_back(index);
    by_due_[a.due].push_back(index);
    order_.push_back(index);
    group_owed_[a.group] += owed(a);
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
    expect_assets(holdings.size());
    const auto first = static_cast<std::uint32_t>(assets_.size());
    const auto id_at = [&](std::uint32_t at) -> std::string_view {
        return at < first ? assets_[at].id : holdings[at - first].asset_id;
    };
    for (std::uint32_t i = 0; i < holdings.size(); ++i) {
        const std::string& id = holdings[i].asset_id;
        if (!by_id_.insert(id, first + i, id_at)) {
            findings.push_back(
                pool_finding("asset-not-new", fmt::format("'{}' was in the deal before", id)));
        }
    }
    if (!findings.empty()) {
        by_id_.erase_from(first);
        return findings;
    }
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

} // namespace tranchain
