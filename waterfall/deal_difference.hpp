// Deal difference: which clauses of two deals say something else, whatever their files look like.
//
// Compared are the typed programs, so spaces, comments and the order of tables do not count. A line
// of a priority is matched by what it does: one that was inserted does not make all later ones
// differ.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "data/json.hpp"
#include "waterfall/exact/deal_file.hpp"

namespace tranchain {

/// A program as it is stored, and the deal file it came from, if there is one: it gives the places
/// and the words of what has no sentence of its own, such as a date.
struct DealSide {
    Json program;
    const DealFile* file = nullptr;
};

struct ClauseChange {
    enum class Kind : std::uint8_t {
        changed,
        added,
        removed,
        moved,    ///< to another rank within its priority
        reworded, ///< other words, the same meaning
    };
    Kind kind = Kind::changed;
    std::string clause;        ///< its number in the first deal, or in the second if it was added
    std::string before, after; ///< words
    Source before_at, after_at;
};
std::string_view name(ClauseChange::Kind kind);

/// In the order of the second deal's file; what was removed stands where it stood in the first.
std::vector<ClauseChange> deal_differences(const DealSide& before, const DealSide& after);

} // namespace tranchain
