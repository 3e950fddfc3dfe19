// Eligibility: may this receivable be bought on that day, and if not, by which clause?
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"
#include "data/tape.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// A receivable as a purchase settling on that day would hold it.
Holding holding_of(const Receivable& receivable, Date settle, Money price);

struct Rejection {
    const Clause* clause = nullptr; ///< null: not a clause but the price
    std::string reason;             ///< `tenor of 181 days`
};
/// Every reason, in the order of the criteria. `solvent` = the obligor is not insolvent.
std::vector<Rejection>
rejections(const Program& program, const Receivable& receivable, Date day, bool solvent = true);

/// Whether there is none.
bool is_eligible(const Program& program, const Holding& holding, Date day, bool solvent);

/// Unpaid face by obligor group.
using GroupFaces = std::map<std::string, Money>;
struct Concentration {
    const Limit* limit = nullptr;
    std::vector<std::string> groups; ///< largest first: those counted
    Money face, allowed;
    [[nodiscard]] bool exceeded() const { return face > allowed; }
};
/// One per limit: the largest group, or the `count` largest together, against its share of `base`.
std::vector<Concentration>
concentrations(const Program& program, const GroupFaces& faces, Money base);

} // namespace tranchain
