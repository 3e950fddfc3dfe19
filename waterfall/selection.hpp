// Selection: which receivables on offer a purchase takes, and why it leaves the others.
//
// Candidates are tried in the order in which they are offered. One is taken if it meets the
// criteria, its price is not above the cash that is left, and the pool with it keeps every limit;
// each of these is asked of the code by which the contract judges the purchase.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "data/tape.hpp"
#include "waterfall/exact/purchase.hpp"

namespace tranchain {

struct SelectionTerms {
    const Program& program; ///< with a purchase clause
    Date purchase_day, settle;
    Money cash;                          ///< what may be spent
    std::map<std::string, Money> groups; ///< unpaid face of the pool before, by obligor group
    Money base;                          ///< pool balance and principal cash before
    std::function<bool(const Receivable&)> insolvent = {}; ///< the obligor, that day
};

struct Refusal {
    const Receivable* receivable = nullptr;
    const Clause* clause = nullptr; ///< null: the cash, or the due date
    std::string reason;
};

struct Selection {
    std::vector<std::pair<const Receivable*, Money>> chosen; ///< with their prices
    std::vector<Refusal> refused;                            ///< a line for each reason
    Money face, price;                                       ///< of the chosen
};

/// Never spends more than `cash`. The first reason of a kind is given: criteria before cash, cash
/// before limits.
Selection select_receivables(const SelectionTerms& terms,
                             const std::vector<const Receivable*>& offered);

} // namespace tranchain
