// Reserve bound: the largest tranche that a required reserve leaves room for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/reserve_lines.hpp"
#include "cmd/sizing.hpp"
#include "data/error.hpp"
#include "data/tape.hpp"

namespace tranchain {

/// As on the command line; the method is asked for with both files.
struct ReserveWords {
    std::optional<std::string> history, terms;
    std::optional<std::string> rating; ///< its stress factor in the place of that of the terms
    NetTerms net;
    /// Errors: one file without the other, net terms without both.
    [[nodiscard]] Result<bool> asked() const;
};

struct ReserveBound {
    ReserveTerms terms; ///< at the factor of the rating
    PoolReserve reserve;
    ReserveLines lines;        ///< from the tape to the largest amount
    std::optional<Money> face; ///< none: nothing is left after the tranches senior to it
    const char* binding = "";  ///< `dynamic reserve` or `concentration floor`, the higher of the two
    bool capped = false;       ///< the reserve leaves more than there is to move
};

/// The multiple of losses and expected dilution of `AAA`, `AA`, `A` or `BBB`: tranchain-tranche(1).
/// It is that of a scenario's defaults and dilutions too.
[[nodiscard]] Parts rating_factor(const std::string& rating);
/// `tape` is that of closing. Errors:
/// all of the two files; a balance of which nothing is left.
[[nodiscard]] Checked<ReserveBound> reserve_bound(const ReserveWords& words, const Sizing& sizing,
                                                  const std::vector<Receivable>& tape);

} // namespace tranchain
