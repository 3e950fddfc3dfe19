// Draw: words against thresholds.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/draw.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace tranchain {

namespace {

enum class Stream : std::uint32_t { market, sector, obligor }; // stored by use: never renumber

std::array<std::uint32_t, 2> halves(std::int64_t value)
{
    const auto bits = static_cast<std::uint64_t>(value);
    return {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
}

PhiloxCounter counter_of(std::int64_t path, Stream stream, std::uint32_t index)
{
    const auto words = halves(path);
    return {words[0], words[1], index, static_cast<std::uint32_t>(stream)};
}

/// The class whose end is the first above the word, by counting those that are not: ends rise.
template <class Class>
std::int32_t class_of(const std::vector<Class>& classes, std::uint32_t word)
{
    std::size_t before = 0;
    for (const Class& c : classes) before += std::int64_t{word} >= c.below ? 1 : 0;
    return before == classes.size() ? -1 : static_cast<std::int32_t>(before);
}

template <class Class>
std::int64_t highest_of(const std::vector<Class>& classes)
{
    std::int64_t most = 0;
    for (const Class& c : classes) most = std::max(most, c.below);
    return most;
}

} // namespace

Draw::Draw(const SimulationPlan& plan, PhiloxKernel kernel)
    : plan_(plan), kernel_(kernel), late_below_(highest_of(plan.late)), dilution_below_(highest_of(plan.dilution))
{
    std::map<std::pair<std::int64_t, std::int64_t>, std::uint32_t> known;
    for (const auto& o : plan.obligors) {
        const auto next = static_cast<std::uint32_t>(slots_.size());
        const auto [slot, is_new] = known.try_emplace({o.class_index, o.sector}, next);
        if (is_new) slots_.push_back({o.class_index, o.sector, 0, 0});
        slot_of_.push_back(slot->second);
    }
    hit_.resize(slot_of_.size() + 1); // the last obligor may be written down for nothing
}

std::uint64_t Draw::threshold(const Slot& slot, std::int64_t month) const
{
    const auto index = static_cast<std::size_t>(slot.class_index);
    return plan_.student ? plan_.student->threshold(index, month, slot.z, mixing_word_)
                         : plan_.copula.threshold(index, month, slot.z);
}

/// The first month whose threshold is above the word, as that of the last month is: they rise.
std::int32_t Draw::month(const Slot& slot, std::uint32_t word) const
{
    std::int64_t first = 1;
    std::int64_t last = plan_.copula.months;
    while (first < last) {
        const std::int64_t middle = (first + last) / 2;
        if (word < threshold(slot, middle)) last = middle;
        else first = middle + 1;
    }
    return static_cast<std::int32_t>(first);
}

void Draw::look_up(std::int64_t number)
{
    const PhiloxKey key = halves(plan_.seed);
    const PhiloxCounter market = philox4x32_10(counter_of(number, Stream::market, 0), key);
    const std::uint32_t factor = plan_.sampling.market(number, market[0]);
    mixing_word_ = market[1];
    for (Slot& slot : slots_) {
        if (slot.class_index < 0) continue; // never defaults
        const auto sector = static_cast<std::uint32_t>(slot.sector);
        slot.z = plan_.copula.z(factor, philox4x32_10(counter_of(number, Stream::sector, sector), key)[0]);
        slot.below = threshold(slot, plan_.copula.months);
    }
}

/// Whether something befalls an obligor is as good as random: a branch on it would be mispredicted, so
/// each is written down and the next written over those that nothing befalls.
std::size_t Draw::find_hit(std::int64_t number)
{
    const PhiloxKey key = halves(plan_.seed);
    const auto count = static_cast<std::uint32_t>(slot_of_.size());
    std::size_t found = 0;
    for (std::uint32_t first = 0; first < count; first += 8) {
        const PhiloxEight words = philox_eight(counter_of(number, Stream::obligor, first), key, kernel_);
        for (std::uint32_t i = 0; i < std::min(8U, count - first); ++i) {
            const bool defaults = words[0][i] < slots_[slot_of_[first + i]].below;
            const bool is_late = std::int64_t{words[1][i]} < late_below_;
            const bool dilutes = std::int64_t{words[2][i]} < dilution_below_;
            hit_[found] = {first + i, {words[0][i], words[1][i], words[2][i]}};
            found += static_cast<std::size_t>(defaults | is_late | dilutes);
        }
    }
    return found;
}

const std::vector<DrawnObligor>& Draw::path(std::int64_t number)
{
    look_up(number);
    const std::size_t found = find_hit(number);
    drawn_.resize(found);
    for (std::size_t n = 0; n < found; ++n) {
        const Hit& hit = hit_[n];
        const Slot& slot = slots_[slot_of_[hit.index]];
        drawn_[n] = {hit.index, hit.words[0] < slot.below ? month(slot, hit.words[0]) : 0,
                     class_of(plan_.late, hit.words[1]), class_of(plan_.dilution, hit.words[2])};
    }
    return drawn_;
}

} // namespace tranchain
