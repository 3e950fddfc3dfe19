// Sampling: which values of the market factor the paths of a simulation take, and what each counts for.
//
// Plain paths draw it freely and count alike. Else the 16 paths of a chunk share its 4,096 values out:
// path j of each chunk draws from a stratum of its own, of values next to one another, the worst ones
// first, and counts in proportion to how many they are. So each chunk by itself is a fair picture of
// all futures, what differs between strata is no error any more, and the standard error follows from
// how chunks differ. Weights are integers of the plan, and so are sums of what is weighted.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/json.hpp"

namespace tranchain {

struct Sampling {
    static constexpr std::int64_t strata = 16;   ///< paths of a chunk
    static constexpr std::int64_t values = 4096; ///< of the market factor, equally likely
    /// What one path may lose of a tranche, principal and interest, where paths are weighted: a chunk
    /// weighs 2^8 at most, so that its loss squared is below 2^106, and 625,000 chunks of them below
    /// 2^126, which fits.
    static constexpr std::int64_t loss_max_fen = std::int64_t{1} << 45;
    /// Of a tranche's face when a plan is made: leaves seven times as much for interest.
    static constexpr std::int64_t face_max_fen = std::int64_t{1} << 42;

    /// None: plain. Else one for each path of a chunk, of which the sum divides 4,096, 256 at most.
    std::vector<std::int64_t> weights;

    static Sampling plain() { return {}; }
    static Sampling stratified();            ///< strata of one size
    /// Four strata each of 0.39%, 1.17%, 4.7% and 18.75%: three quarters of the paths draw from the
    /// worst quarter of its values.
    static Sampling importance();

    [[nodiscard]] bool is_plain() const { return weights.empty(); }
    [[nodiscard]] std::string name() const;  ///< `plain`, `stratified`, `importance`
    [[nodiscard]] std::int64_t weight(std::int64_t path) const;
    /// Of a whole chunk, or of one path where all are plain.
    [[nodiscard]] std::int64_t total() const;
    /// The heaviest part of a chunk's weight that one path has, times 16: 1 where all count alike.
    [[nodiscard]] double heaviest() const;
    /// Weighted paths come in whole chunks, two or more, or chunks would not show how they differ.
    [[nodiscard]] bool fits(std::int64_t paths) const
    {
        return is_plain() || (paths >= 2 * strata && paths % strata == 0);
    }
    /// The word that chooses the market factor (its upper 12 bits) on a path that drew `word`.
    [[nodiscard]] std::uint32_t market(std::int64_t path, std::uint32_t word) const;
    bool operator==(const Sampling&) const = default;
};

/// The weights, an array of integers.
Json strata_json(const Sampling& sampling);
/// Those of the member `strata`, plain without one. Adds to `f` that they are not what stratified() or
/// importance() makes, or do not fit so many paths.
Sampling read_strata(Fields& f, std::int64_t paths);

} // namespace tranchain
