// Eligibility: criteria and limits, judged as the purchase clause says.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/eligibility.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/rate.hpp"
#include "waterfall/exact/price.hpp"
#include "waterfall/exact/purchase.hpp"

namespace tranchain {

namespace {

std::string reason_of(const Criterion& c, const Receivable& r, int tenor, Date due)
{
    switch (c.kind) {
    case Criterion::Kind::tenor_at_most:
        return fmt::format("tenor is {} days", tenor);
    case Criterion::Kind::due_at_latest:
        return "due on " + due.str();
    case Criterion::Kind::not_past_due:
        return fmt::format("{} days past due", -tenor);
    case Criterion::Kind::obligor_solvent:
        return fmt::format("obligor {} is insolvent", r.obligor_code);
    case Criterion::Kind::confirmed:
        return "confirmation is none";
    case Criterion::Kind::yield_at_least:
        return "it earns less";
    case Criterion::Kind::undisputed:
        return "status is disputed";
    }
    return {};
}

} // namespace

Holding holding_of(const Receivable& r, Date settle, Money price)
{
    return {r.asset_id,
            r.obligor_code,
            r.obligor_group,
            r.current_balance,
            price,
            settle,
            due_of(r),
            r.confirmation != Confirmation::none,
            r.financed_amount,
            r.status == Status::disputed};
}

namespace {

/// As the judge sees it: at the deal's price on the day it settles.
Holding priced_holding(const Program& program, const Receivable& r, Date day)
{
    const auto& criteria = program.criteria;
    const bool by_yield = std::any_of(criteria.begin(), criteria.end(), [](const Criterion& c) {
        return c.kind == Criterion::Kind::yield_at_least;
    });
    if (!by_yield || !program.purchase) return holding_of(r, day, r.purchase_price);
    const Date settle = day == program.closing ? day : settlement_day(program, day);
    const Date due = due_of(r);
    return holding_of(r, settle,
                      price_of(*program.purchase, r.current_balance, r.financed_amount, settle, due));
}

} // namespace

std::vector<Rejection>
rejections(const Program& program, const Receivable& receivable, Date day, bool solvent)
{
    const Holding holding = priced_holding(program, receivable, day);
    const auto failed = unmet(program, nullptr, day, holding);
    std::vector<Rejection> result;
    for (const Criterion& c : program.criteria) {
        const bool insolvent = !solvent && c.kind == Criterion::Kind::obligor_solvent;
        if (!insolvent && std::find(failed.begin(), failed.end(), &c) == failed.end()) continue;
        result.push_back({&c.clause, reason_of(c, receivable, holding.due - day, holding.due)});
    }
    return result;
}

bool is_eligible(const Program& program, const Holding& holding, Date day, bool solvent)
{
    if (!unmet(program, nullptr, day, holding).empty()) return false;
    return solvent || std::none_of(program.criteria.begin(), program.criteria.end(), [](const auto& c) {
        return c.kind == Criterion::Kind::obligor_solvent;
    });
}

std::vector<Concentration>
concentrations(const Program& program, const GroupFaces& faces, Money base)
{
    std::vector<std::pair<Money, std::string>> sorted;
    for (const auto& [group, face] : faces) sorted.emplace_back(face, group);
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::vector<Concentration> result;
    for (const Limit& limit : program.limits) {
        Concentration c;
        c.limit = &limit;
        c.allowed = share(base, limit.share, Rounding::down);
        const std::size_t count = limit.each ? 1 : static_cast<std::size_t>(limit.count);
        for (std::size_t i = 0; i < std::min(count, sorted.size()); ++i) {
            c.face += sorted[i].first;
            c.groups.push_back(sorted[i].second);
        }
        result.push_back(std::move(c));
    }
    return result;
}

} // namespace tranchain
