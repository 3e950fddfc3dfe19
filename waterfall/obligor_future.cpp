// Acting on the fate of one receivable.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/obligor_future.hpp"

#include <algorithm>

namespace tranchain {

DrawnDilution ObligorFuture::dilution_of(const Receivable& r) const
{
    return r.asset_type == AssetType::factoring ? DrawnDilution{dilution, made_good} : DrawnDilution{};
}

const ObligorFuture* ObligorFutures::find(std::string_view obligor) const
{
    const auto found = of.find(obligor);
    return found == of.end() ? nullptr : &found->second;
}

Fate ObligorFutures::applied(const ObligorFuture& future, const Receivable& r, Fate fate) const
{
    const auto late = static_cast<std::int32_t>(future.late_days);
    for (Fate::Payment& p : fate.payments) {
        if (!p.by_seller) p.date = p.date + late;
    }
    if (future.defaults_on) {
        const Date day = *future.defaults_on;
        std::erase_if(fate.payments,
                      [&](const Fate::Payment& p) { return !p.by_seller && p.date >= day; });
        Money unpaid = r.current_balance - fate.dilution;
        for (const Fate::Payment& p : fate.payments) {
            if (!p.by_seller) unpaid -= p.amount;
        }
        const Date from = std::max(day, due_of(r));
        for (const auto& [days, part] : recovery) {
            const Money amount = share(max(zero, unpaid), part, Rounding::down);
            if (amount == zero) continue;
            fate.payments.push_back({from + static_cast<std::int32_t>(days), amount, false});
        }
    }
    std::stable_sort(
        fate.payments.begin(), fate.payments.end(),
        [](const Fate::Payment& a, const Fate::Payment& b) { return a.date < b.date; });
    return fate;
}

bool ObligorFutures::in_default(std::string_view obligor, Date day) const
{
    const ObligorFuture* future = find(obligor);
    return future != nullptr && future->defaults_on && *future->defaults_on <= day;
}

} // namespace tranchain
