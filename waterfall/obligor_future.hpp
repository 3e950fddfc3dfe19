// Obligor future: what befalls obligors in one drawn future, beside how they pay by themselves.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/date.hpp"
#include "data/rate.hpp"
#include "data/tape.hpp"
#include "waterfall/assumption.hpp"
#include "waterfall/generate.hpp"

namespace tranchain {

struct ObligorFuture {
    std::optional<Date> defaults_on; ///< pays nothing of his own from that day on
    std::int64_t late_days = 0;      ///< every payment before it that much later
    Rate dilution{};                 ///< of the face of his invoices, as dilute() has it
    bool made_good = false;          ///< the seller pays for it
    /// That of this receivable: only invoices are diluted.
    [[nodiscard]] DrawnDilution dilution_of(const Receivable& receivable) const;
    bool operator==(const ObligorFuture&) const = default;
};

struct ObligorFutures {
    /// By obligor code; who is not named pays as he would.
    std::map<std::string, ObligorFuture, std::less<>> of;
    /// Days after the due date, or after the default if that is later; share of what is unpaid at
    /// default, rounded down to the fen.
    std::vector<std::pair<std::int64_t, Rate>> recovery;

    /// Null of who pays as he would.
    [[nodiscard]] const ObligorFuture* find(std::string_view obligor) const;
    /// The fate of a receivable whose obligor is late or defaults so, after all that a scenario assumes
    /// and the dilution drawn have acted on it; by date.
    [[nodiscard]] Fate applied(const ObligorFuture& future, const Receivable& receivable, Fate fate) const;
    /// Nobody buys what an obligor in default owes.
    [[nodiscard]] bool in_default(std::string_view obligor, Date day) const;
};

} // namespace tranchain
