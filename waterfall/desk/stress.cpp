// Stress: replaces what a scenario assumes.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/stress.hpp"

#include <algorithm>
#include <functional>

namespace tranchain {

namespace {

using Kind = Assumption::Kind;

Assumption of_pool(Kind kind, Rate share)
{
    Assumption a;
    a.kind = kind;
    a.share.constant = share;
    return a;
}

/// So that there is something to move: zero of the whole pool. It comes last, because lots are drawn
/// by place, and those of the others stay.
void make_room(Scenario& s, Moved what)
{
    auto& all = s.assumptions;
    const auto lacks = [&](Kind kind) {
        return std::none_of(all.begin(), all.end(),
                            [&](const Assumption& a) { return a.kind == kind; });
    };
    if (what == Moved::default_share && lacks(Kind::default_)) {
        all.push_back(of_pool(Kind::default_, {}));
    }
    if (what == Moved::dilution && lacks(Kind::dilution)) {
        all.push_back(of_pool(Kind::dilution, Rate::ppb(Rate::one)));
    }
    if (what == Moved::recovery) {
        for (Assumption& a : all) {
            if (a.kind == Kind::default_ && a.recovery.empty()) {
                a.recovery = {{Stress{}.recovery_days, Rate{}}};
            }
        }
    }
}

using Change = std::function<std::int64_t(std::int64_t)>;

void change_rate(Rate& rate, const Change& change) { rate = Rate::ppb(change(rate.in_ppb())); }

void change_curve(ShareCurve& curve, const Change& change)
{
    for (auto& [from, share] : curve.points) change_rate(share, change);
    for (Rate& share : curve.months) change_rate(share, change);
    if (curve.points.empty() && curve.months.empty()) change_rate(curve.constant, change);
}

/// Puts change(value) in the place of every value there is.
void change_each(Scenario& s, Moved what, const Change& change)
{
    if (what == Moved::delay) s.delay_days = change(s.delay_days);
    for (Assumption& a : s.assumptions) {
        if (a.kind == Kind::dilution && what == Moved::dilution) change_rate(a.rate, change);
        if (a.kind != Kind::default_) continue;
        if (what == Moved::default_share) change_curve(a.share, change);
        if (what == Moved::recovery) change_rate(a.recovery.back().second, change);
        if (what != Moved::recovery_days) continue;
        for (auto& [days, share] : a.recovery) days = change(days);
    }
}

bool recovers_too_much(const Scenario& s)
{
    return std::any_of(s.assumptions.begin(), s.assumptions.end(), [](const Assumption& a) {
        std::int64_t sum = 0;
        for (const auto& [days, share] : a.recovery) sum += share.in_ppb();
        return sum > Rate::one;
    });
}

} // namespace

std::set<std::int64_t> values_of(const Scenario& base, Moved what)
{
    Scenario s = base;
    make_room(s, what);
    std::set<std::int64_t> values;
    change_each(s, what, [&](std::int64_t value) { return *values.insert(value).first; });
    return values;
}

std::optional<Scenario> with_moved(const Scenario& base, Moved what, std::int64_t by)
{
    Scenario s = base;
    make_room(s, what);
    const bool days = what == Moved::delay || what == Moved::recovery_days;
    const std::int64_t least = what == Moved::recovery_days ? 1 : 0;
    const std::int64_t most = !days ? Rate::one : what == Moved::delay ? 365 : 1000;
    bool any = false;
    bool outside = false;
    change_each(s, what, [&](std::int64_t value) {
        any = true;
        outside = outside || value + by < least || value + by > most;
        return std::clamp(value + by, least, most);
    });
    if (!any || outside || recovers_too_much(s)) return std::nullopt;
    return s;
}

Scenario with_stress(const Scenario& base, const Stress& stress)
{
    Scenario s = base;
    auto& all = s.assumptions;
    const auto first = std::find_if(all.begin(), all.end(), [](const Assumption& a) {
        return a.kind == Kind::default_;
    });
    const auto recovery = first == all.end() ? decltype(first->recovery){} : first->recovery;
    const auto without = [&](Kind kind) {
        std::erase_if(all, [&](const Assumption& a) { return a.kind == kind; });
    };
    if (stress.default_share) {
        without(Kind::default_);
        all.push_back(of_pool(Kind::default_, *stress.default_share));
        all.back().recovery = recovery;
    }
    if (stress.recovery) {
        for (Assumption& a : all) {
            if (a.kind != Kind::default_) continue;
            a.recovery = {{stress.recovery_days, *stress.recovery}};
        }
    }
    if (stress.dilution) {
        without(Kind::dilution);
        all.push_back(of_pool(Kind::dilution, Rate::ppb(Rate::one)));
        all.back().rate = *stress.dilution;
    }
    if (stress.delay_days) {
        without(Kind::delay);
        s.delay_days = *stress.delay_days;
    }
    // Lots are drawn by place, and a file is read kind by kind.
    std::stable_sort(all.begin(), all.end(), [](const Assumption& a, const Assumption& b) {
        return a.kind < b.kind;
    });
    return s;
}

} // namespace tranchain
