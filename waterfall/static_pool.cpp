// Static pools: flows of each invoice put to the month of its life in which they fell.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/static_pool.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

namespace tranchain {

namespace {

/// The last day of the month or quarter that `day` is in.
Date end_of_span(Date day, std::int32_t months)
{
    const auto place = (static_cast<std::int32_t>(day.month()) - 1) % months;
    return Date::of(day.year(), day.month(), 1).plus_months(months - 1 - place).end_of_month();
}

std::string label_of(Date last, std::int32_t months)
{
    return months == 3 ? fmt::format("{}-Q{}", last.year(), last.month() / 3) : last.str().substr(0, 7);
}

/// Amounts of single months; the sums are taken once all of the pool is there.
void put(const SellerInvoice& i, std::int32_t days, Date observed, std::vector<StaticPoolMonth>& months)
{
    const auto at = [&](Date day) -> StaticPoolMonth* {
        const auto age = static_cast<std::size_t>(months_between(i.issued, day));
        return age < months.size() ? &months[age] : nullptr;
    };
    const LedgerDefaults bad = defaults_of(i, days, observed);
    for (std::size_t k = 0; k < i.flows.size(); ++k) {
        const LedgerFlow& f = i.flows[k];
        StaticPoolMonth* month = at(f.date);
        if (month == nullptr) break;
        if (bad.recovers(i, k)) {
            month->recovered += f.amount;
        } else if (k < bad.flows_before) {
            if (f.kind == LedgerFlow::Kind::payment) month->collected += f.amount;
            if (f.kind == LedgerFlow::Kind::dilution) month->diluted += f.amount;
        }
    }
    for (const LedgerDefault& part : bad.parts) {
        if (StaticPoolMonth* month = at(part.date)) month->defaulted += part.amount;
    }
}

} // namespace

std::int32_t months_between(Date from, Date to)
{
    return (to.year() - from.year()) * 12 + static_cast<std::int32_t>(to.month()) -
           static_cast<std::int32_t>(from.month());
}

std::vector<StaticPool>
static_pools(const SellerLedger& ledger, std::int32_t months, std::int32_t default_days)
{
    std::map<Date, StaticPool> pools;
    for (const SellerInvoice& i : ledger.invoices) {
        const Date last = end_of_span(i.issued, months);
        if (last > ledger.observed) continue;
        StaticPool& pool = pools[last];
        if (pool.count == 0) {
            pool.label = label_of(last, months);
            pool.last = last;
            const bool whole = ledger.observed == ledger.observed.end_of_month();
            const std::int32_t seen = months_between(last, ledger.observed) + (whole ? 1 : 0);
            pool.months.resize(static_cast<std::size_t>(seen));
        }
        ++pool.count;
        pool.originated += i.amount;
        put(i, default_days, ledger.observed, pool.months);
    }
    std::vector<StaticPool> out;
    for (auto& [last, pool] : pools) {
        for (std::size_t m = 1; m < pool.months.size(); ++m) {
            pool.months[m].collected += pool.months[m - 1].collected;
            pool.months[m].diluted += pool.months[m - 1].diluted;
            pool.months[m].defaulted += pool.months[m - 1].defaulted;
            pool.months[m].recovered += pool.months[m - 1].recovered;
        }
        out.push_back(std::move(pool));
    }
    return out;
}

} // namespace tranchain
