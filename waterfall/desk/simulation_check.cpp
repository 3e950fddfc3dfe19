// Simulation: whether stored sums of a chunk hold together.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "waterfall/desk/simulation.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t obligors_max = std::int64_t{1} << 32;
constexpr std::int64_t trigger_months_max = std::int64_t{1} << 20; ///< of a trigger, 30 days each

/// `all`: what the paths of the chunk weigh together.
const char* wrong_tranche(const SimulationSums::OfTranche& t, std::int64_t all, std::int64_t loss_max)
{
    if (t.interest_missed > all || t.principal_missed > all) return "more paths missed than there are";
    Int128 sum = 0;
    for (const std::int64_t n : t.bands) sum += n;
    if (sum != all) return "loss bands do not add up to the paths";
    if (t.worst > loss_max) return "the worst loss is too large";
    if (t.worst > t.loss) return "the worst loss is more than all of them";
    if ((t.bands[0] == all) != (t.worst == 0)) return "loss bands contradict the worst loss";
    if (t.loss > Int128{all} * t.worst) return "the loss is more than the worst on every path";
    if (t.loss_squared > t.loss * t.worst) return "squared losses are more than the worst allows";
    if (t.loss_squared < Int128{t.worst} * t.worst || t.loss * t.loss > t.loss_squared * all) return "squared losses are less than the loss allows";
    return nullptr;
}

const char* wrong_trigger(const SimulationSums::OfTrigger& t, std::int64_t all)
{
    if (t.fired > all) return "a trigger fired on more paths than there are";
    Int128 fired = 0;
    Int128 least = 0;
    for (const auto& [month, n] : t.months) {
        if (month < 1 || month > trigger_months_max || n < 1) return "a month of a trigger is out of range";
        fired += n;
        least += Int128{n} * 30 * (month - 1);
    }
    if (fired != t.fired) return "months of a trigger do not add up to the paths it fired on";
    if (t.days < least || t.days > least + 29 * fired) return "days of a trigger are not in its months";
    const Int128 longest = t.months.empty() ? 0 : 30 * t.months.rbegin()->first;
    if (t.days_squared > t.days * longest || Int128{t.days} * t.days > t.days_squared * all)
        return "squared days of a trigger are not those of its days";
    return nullptr;
}

} // namespace

std::optional<std::string>
chunk_fault(const SimulationSums& s, const Sampling& sampling, std::int64_t paths)
{
    const bool plain = sampling.is_plain();
    const std::int64_t all = plain ? paths : sampling.total();
    if (s.paths != paths) return "a chunk of another size";
    if (s.defaults > Int128{all} * obligors_max || s.defaults_squared > s.defaults * obligors_max ||
        s.defaults * s.defaults > s.defaults_squared * all) {
        return "squared defaults are not those of the defaults";
    }
    const std::int64_t loss_max = plain ? Money::max_fen : Sampling::loss_max_fen;
    for (const auto& t : s.tranches) {
        if (const char* why = wrong_tranche(t, all, loss_max)) return why;
    }
    for (const auto& t : s.triggers) {
        if (const char* why = wrong_trigger(t, all)) return why;
    }
    SimulationSums again = s;
    again.squares.clear();
    if (!plain) again.square();
    if (again.squares != s.squares) return "squares are not those of the sums";
    return std::nullopt;
}

} // namespace tranchain
