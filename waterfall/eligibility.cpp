// Eligibility: criteria and limits, judged as the purchase clause says.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/eligibility.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/rate.hpp"

namespace tranchain {

std::vector<Rejection> rejections(const Program& program, const Receivable& receivable, Date day,
                                  bool solvent)
{
    std::vector<Rejection> result;
    const Date due = receivable.extended_due_date.value_or(receivable.due_date);
    const int tenor = due - day;
    for (const Criterion& c : program.criteria) {
        std::string reason;
        switch (c.kind) {
        case Criterion::Kind::tenor_at_most:
            if (tenor > c.days) reason = fmt::format("tenor is {} days", tenor);
            break;
        case Criterion::Kind::due_at_latest:
            if (due > c.date) reason = "due on " + due.str();
            break;
        case Criterion::Kind::not_past_due:
            if (tenor < 0) reason = fmt::format("{} days past due", -tenor);
            break;
        case Criterion::Kind::obligor_solvent:
            if (!solvent) reason = fmt::format("obligor {} is insolvent", receivable.obligor_code);
            break;
        case Criterion::Kind::confirmed:
            if (receivable.confirmation == Confirmation::none) reason = "confirmation is none";
            break;
        }
        if (!reason.empty()) result.push_back({&c.clause, std::move(reason)});
    }
    return result;
}

std::vector<Concentration> concentrations(const Program& program, const GroupFaces& faces,
                                          Money base)
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

}  // namespace tranchain
