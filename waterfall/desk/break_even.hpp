// Break-even: the smallest point of a grid at which something breaks, and whether there is one.
//
// The search looks at evenly spaced points first and then halves the gap before the first that
// breaks. Its answer holds only if what breaks once stays broken, so every point looked at is kept,
// and one that holds above one that breaks is reported.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

/// What must not happen to a tranche or by a trigger.
struct Watched {
    enum class Kind : std::uint8_t {
        loss,      ///< of interest or principal, whichever comes first
        interest,  ///< due to the tranche, is not paid in full on a payment date
        principal, ///< of the tranche is left unpaid after the last distribution
        trigger,   ///< takes effect
    };
    Kind kind = Kind::loss;
    std::size_t index = 0; ///< of the tranche or trigger in the program
};

struct Break {
    std::string what; ///< `interest`, `principal` or `trigger`
    Date on;          ///< names the distribution (its unadjusted date); the trigger's effective day
    Money missing;    ///< interest unpaid on that date, principal unpaid at the end; trigger: 0.00
};
/// None if it does not happen.
std::optional<Break> break_of(const Program& program, const Projection& run, const Watched& watched);

struct BreakSearch {
    std::map<std::int64_t, std::optional<Break>> tried; ///< by point of the grid
    std::optional<std::int64_t> breaks;   ///< smallest that breaks, of those tried
    std::optional<std::int64_t> survives; ///< the point before it; without a break the last
    /// A point that breaks, and a higher one that holds.
    std::optional<std::pair<std::int64_t, std::int64_t>> contradiction;
    bool complete = false;                ///< every point was tried
    /// `breaks` is the smallest of the whole grid as far as the points tried can tell.
    [[nodiscard]] bool certain() const { return complete || !contradiction || !survives; }
};

/// The answers for several points, in their order.
using TryPoints = std::function<Result<std::vector<std::optional<Break>>>(
    const std::vector<std::int64_t>&)>;

/// Searches the points 0 to `points` - 1, `points` >= 1, after looking at `probes` >= 2 of them;
/// all of them if there are no more. `known`: answers that other searches of the same runs left, of
/// points of the grid; they are looked at too. Errors: those of `run`.
[[nodiscard]] Result<BreakSearch> search_break(std::int64_t points, std::int64_t probes,
                                               const TryPoints& run,
                                               std::map<std::int64_t, std::optional<Break>> known = {});

} // namespace tranchain
