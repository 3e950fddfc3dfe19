// Stress: replaces what a scenario assumes.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/stress.hpp"

#include <algorithm>

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

} // namespace

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
