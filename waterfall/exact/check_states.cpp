// Judging which states a deal can be in, and what it pays by in each.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "waterfall/exact/check.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

bool can_reach(const DealFile& deal, Phase phase)
{
    const Program& p = deal.program;
    const auto leads = [&](Trigger::Effect effect) {
        return std::any_of(p.triggers.begin(), p.triggers.end(),
                           [&](const Trigger& t) { return t.effect == effect; });
    };
    switch (phase) {
    case Phase::revolving:
        return p.revolving_until >= p.closing;
    case Phase::amortization:
        return true;
    case Phase::accelerated:
        return leads(Trigger::Effect::accelerate) ||
               (deal.places.contains("deal.expected_maturity") &&
                p.expected_maturity < p.legal_final);
    case Phase::defaulted:
        return leads(Trigger::Effect::event_of_default);
    case Phase::enforcement:
        return leads(Trigger::Effect::enforce) && leads(Trigger::Effect::event_of_default);
    case Phase::ended:
        return leads(Trigger::Effect::end);
    }
    return false;
}

void check_states(const DealFile& deal, Errors& findings)
{
    static const std::map<Phase, std::string> ways{
        {Phase::revolving, "no [[schedule]] has during = \"revolving\""},
        {Phase::amortization, ""},
        {Phase::accelerated, "no trigger has then = \"accelerate\""},
        {Phase::defaulted, "no trigger has then = \"default\""},
        {Phase::enforcement, "no trigger has then = \"enforce\", or none leads to default"}};
    const Program& p = deal.program;
    for (const auto& [phase, way] : ways) {
        const bool can = can_reach(deal, phase);
        if (!can && p.priorities.contains(phase)) {
            findings.push_back(deal_finding(
                "state-unreachable", deal.at(fmt::format("priority.{}", name_of(phase))),
                fmt::format("nothing leads to the state '{}' of this priority", name_of(phase)),
                way));
        } else if (can && priority_of(p, phase) == nullptr) {
            findings.push_back(deal_finding(
                "state-without-priority", deal.at("deal"),
                fmt::format("the deal can be in state '{}' and has no priority for it",
                            name_of(phase)),
                fmt::format("add [priority.{}]", name_of(phase))));
        }
    }
}

} // namespace tranchain
