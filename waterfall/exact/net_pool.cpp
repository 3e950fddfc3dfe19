// What a borrowing base lends on, from the rows of a pool at the end of a day.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/net_pool.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "data/rate.hpp"
#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

/// Due dates of the receivables that are not eligible any more.
struct Unfit {
    std::optional<Date> before; ///< past due
    std::optional<Date> after;  ///< extended too far
};

Unfit unfit_due_dates(const Program& program, Date day)
{
    Unfit out;
    for (const Criterion& c : program.criteria) {
        if (c.kind == Criterion::Kind::not_past_due) out.before = day;
        if (c.kind != Criterion::Kind::due_at_latest) continue;
        out.after = out.after ? std::min(*out.after, c.date) : c.date;
    }
    return out;
}

} // namespace

bool asks_net_pool(const Program& program)
{
    bool asks = false;
    for_each_formula(program, [&](const Expr& e) {
        asks = asks || asks_for(e, {Measure::eligible_balance, Measure::excess_concentration,
                                    Measure::net_pool_balance});
    });
    return asks;
}

Money excess_concentration(const std::vector<Limit>& limits,
                           std::vector<Money> groups,
                           Money eligible)
{
    const auto allowed = [&](const Limit& l) { return share(eligible, l.share, Rounding::half_up); };
    Money excess;
    for (const Limit& limit : limits) {
        if (!limit.each) continue;
        for (Money& group : groups) {
            const Money kept = min(group, allowed(limit));
            excess += group - kept;
            group = kept;
        }
    }
    std::sort(groups.begin(), groups.end(), std::greater<>());
    Money together;
    for (const Limit& limit : limits) {
        if (limit.each) continue;
        Money top;
        const auto count = std::min(groups.size(), static_cast<std::size_t>(limit.count));
        for (std::size_t i = 0; i < count; ++i) top += groups[i];
        together = max(together, top - allowed(limit));
    }
    return excess + together;
}

NetPool Pool::net_pool(const Program& program, Date day, const Undo& undo) const
{
    std::vector<Money> groups = group_owed_;
    for (const std::uint32_t index : undo.touched) {
        groups[assets_[index].group] += owed(assets_[index]);
    }
    // No purchase is pending: it is judged once the day before its settlement is closed.
    const auto leave_out = [&](auto from, auto to) {
        for (; from != to; ++from) {
            for (const std::uint32_t i : from->second) {
                const Asset& a = assets_[i];
                const bool here = a.due == from->first && a.status == Asset::Status::live;
                if (here) groups[a.group] -= a.unpaid();
            }
        }
    };
    const Unfit unfit = unfit_due_dates(program, day);
    if (unfit.before) {
        leave_out(by_due_.lower_bound(day - overdue_days_max), by_due_.lower_bound(day));
    }
    if (unfit.after) {
        const auto past = unfit.before ? by_due_.lower_bound(day) : by_due_.begin();
        const auto beyond = by_due_.upper_bound(*unfit.after);
        const bool passed = unfit.before && *unfit.after < day;
        leave_out(passed ? past : beyond, by_due_.end());
    }
    NetPool net;
    for (const Money group : groups) net.eligible += group;
    net.excess = excess_concentration(program.limits, std::move(groups), net.eligible);
    return net;
}

} // namespace tranchain
