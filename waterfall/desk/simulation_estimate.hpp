// Simulation estimates: means and shares of what a simulation added up, with their standard errors.
//
// Where paths are plain the error follows from how paths differ. Where each chunk is a stratified
// sample of its own it follows from how chunks differ, and beside it stands the error that as many
// plain paths would have, which the weighted squares of the same paths tell.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "waterfall/desk/sampling.hpp"
#include "waterfall/desk/simulation.hpp"

namespace tranchain {

/// A mean with its standard error, and that of as many plain paths.
struct Estimate {
    double mean = 0, error = 0, plain_error = 0;
};
/// n >= 1 plain paths. Of a share the error is sqrt(p (1 - p) / n).
Estimate estimate_share(std::int64_t count, std::int64_t n);
Estimate estimate_mean(Int128 sum, Int128 squares, std::int64_t n);

/// Of all paths of a plan, at least one, or two chunks where they are weighted. Keeps references.
class Estimates {
public:
    Estimates(const SimulationSums& sums, const Sampling& sampling)
        : sums_(sums), sampling_(sampling)
    {
    }
    [[nodiscard]] Estimate defaults() const;
    [[nodiscard]] Estimate loss(std::size_t tranche) const; ///< fen
    [[nodiscard]] Estimate interest_missed(std::size_t tranche) const;
    [[nodiscard]] Estimate principal_missed(std::size_t tranche) const;
    [[nodiscard]] Estimate band(std::size_t tranche, std::size_t band) const;
    [[nodiscard]] Estimate fired(std::size_t trigger) const;
    [[nodiscard]] Estimate day(std::size_t trigger) const;  ///< where it fired on some path
    /// What counted paths are of all of them.
    [[nodiscard]] double share(std::int64_t count) const;

private:
    [[nodiscard]] Estimate weighted(Int128 sum, Int128 chunk_squares, double mean_square) const;
    [[nodiscard]] Estimate counted(std::int64_t count, std::size_t place) const;
    [[nodiscard]] double chunks() const;
    const SimulationSums& sums_;
    const Sampling& sampling_;
};

} // namespace tranchain
