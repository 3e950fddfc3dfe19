// Break-even: what breaks in a run, and the search for where it first does.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/break_even.hpp"

#include <algorithm>

#include "data/attempt.hpp"

namespace tranchain {

namespace {

std::optional<Break> missed_interest(const Projection& run, std::size_t index)
{
    for (const Distribution& d : run.distributions) {
        const Money unpaid = d.tranches[index].arrears_after;
        if (unpaid > zero) return Break{"interest", d.date.unadjusted, unpaid};
    }
    return std::nullopt;
}

std::optional<Break>
lost_principal(const Program& program, const Projection& run, std::size_t index)
{
    if (run.distributions.empty()) {
        const Money face = program.tranches[index].face;
        return face > zero ? std::optional(Break{"principal", program.closing, face})
                           : std::nullopt;
    }
    const Distribution& last = run.distributions.back();
    const Money unpaid = last.tranches[index].closing;
    if (unpaid == zero) return std::nullopt;
    return Break{"principal", last.date.unadjusted, unpaid};
}

std::optional<Break> fired(const Projection& run, std::size_t index)
{
    for (const Fired& f : run.fired) {
        if (f.trigger == static_cast<int>(index)) return Break{"trigger", f.effective, zero};
    }
    return std::nullopt;
}

void conclude(BreakSearch& s, std::int64_t points)
{
    s.complete = static_cast<std::int64_t>(s.tried.size()) == points;
    for (const auto& [point, broken] : s.tried) {
        if (broken && !s.breaks) s.breaks = point;
        if (!broken && s.breaks && !s.contradiction) s.contradiction = {*s.breaks, point};
    }
    if (!s.breaks) s.survives = points - 1;
    else if (*s.breaks > 0) s.survives = *s.breaks - 1;
}

} // namespace

std::optional<Break> break_of(const Program& program, const Projection& run, const Watched& watched)
{
    switch (watched.kind) {
    case Watched::Kind::interest:
        return missed_interest(run, watched.index);
    case Watched::Kind::principal:
        return lost_principal(program, run, watched.index);
    case Watched::Kind::trigger:
        return fired(run, watched.index);
    case Watched::Kind::loss:
        break;
    }
    auto interest = missed_interest(run, watched.index);
    return interest ? interest : lost_principal(program, run, watched.index);
}

Result<BreakSearch> search_break(std::int64_t points, std::int64_t probes, const TryPoints& run,
                                 std::map<std::int64_t, std::optional<Break>> known)
{
    BreakSearch s;
    s.tried = std::move(known);
    const auto look_at = [&](const std::vector<std::int64_t>& wanted) -> Result<> {
        TRANCHAIN_TRY(auto answers, run(wanted));
        for (std::size_t i = 0; i < wanted.size(); ++i) s.tried[wanted[i]] = std::move(answers[i]);
        return {};
    };
    std::vector<std::int64_t> first;
    const std::int64_t count = std::min(points, probes);
    for (std::int64_t i = 0; i < count; ++i) {
        first.push_back(count == 1 ? 0 : i * (points - 1) / (count - 1));
    }
    TRANCHAIN_DO(look_at(first));
    std::int64_t low = -1;
    std::int64_t high = points;
    for (const auto& [point, broken] : s.tried) {
        if (broken) {
            high = point;
            break;
        }
        low = point;
    }
    while (high < points && high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        TRANCHAIN_DO(look_at({middle}));
        (s.tried[middle] ? high : low) = middle;
    }
    conclude(s, points);
    return s;
}

} // namespace tranchain
