// Distribution: executes the priority of payments of one payment date, with a trace of every line.
//
// A pure function of program and state. Available are the ledgers at the end of the calculation
// date, corrected for earlier distributions paid after it. Interest runs between unadjusted dates;
// amounts due to a tranche are whole numbers of units times an amount per unit.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/json.hpp"
#include "data/money.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

/// One line of the trace: clause, amount due, amount paid, funds left.
struct Line {
    std::string book;   ///< `income`, `principal`, or `all`
    std::string number; ///< of the clause, such as priority.revolving.income.3
    std::string clause; ///< its words
    std::string payee;  ///< fee or tranche; `principal` or `income` for moves between ledgers; what is judged
    Money due, paid;
    Money lent;  ///< part of `paid` that principal lent (income lines)
    Money left;  ///< of this book, after the line
    Money drawn; ///< part of `paid` that reserves gave
    Money borrowed = {}; ///< part of `paid` that facilities lent
    Step::Kind kind = Step::Kind::keep_rest;
    bool operator==(const Line&) const = default;
};

struct TrancheLine {
    std::string id;
    std::int64_t units = 0;
    Money opening, interest_exact; ///< interest of the period, before per-unit rounding
    Money arrears_before;
    Money interest_due, interest_paid; ///< arrears included
    Money rounding_left;               ///< interest_exact - its per-unit amount
    Money capitalised;                 ///< that amount, when it is not due but becomes principal
    Money arrears_after;
    Money principal_paid, residual_paid, closing;
    bool operator==(const TrancheLine&) const = default;
};

struct FeeLine {
    std::string id;
    Money accrued;                   ///< in this period
    Money due, paid, above_cap_paid; ///< due: accrued + carried
    Money carried, above_cap;        ///< after
    bool operator==(const FeeLine&) const = default;
};

struct ReserveLine {
    std::string id;
    Money opening;
    Money required; ///< its target, with the principal that this distribution repaid
    Money funded, drawn, released, closing;
    bool operator==(const ReserveLine&) const = default;
};

struct FacilityLine {
    std::string id;
    Money limit;                ///< before the payments of the date
    Money opening;              ///< drawn before
    Money drawn, repaid;        ///< by this distribution
    Money closing;              ///< opening + drawn - repaid
    Money undrawn;              ///< could still be drawn after it
    Money interest_accrued;     ///< in this period
    Money interest_due, interest_paid; ///< what was unpaid before included
    Money premium_accrued;      ///< in this period
    Money premium_due, premium_paid;
    bool operator==(const FacilityLine&) const = default;
};

/// What a line `judge` found; later lines of the distribution see it.
struct JudgedLine {
    std::string id;
    Money value, threshold;
    bool breach = false;
    int count = 0;          ///< breaches that count, this one included
    bool in_effect = false; ///< of the trigger, from this line on
    bool operator==(const JudgedLine&) const = default;
};

struct Distribution {
    PaymentDate date;
    Date booked;          ///< paid on
    Date interest_from;   ///< previous unadjusted date; runs to date.unadjusted
    Date collection_from; ///< collection period, to date.calculation
    Phase priority = Phase::revolving;
    bool merged = false; ///< `all`: income_available holds both ledgers
    Money income_available, principal_available;
    Money principal_held;   ///< on the payment date: what a loan may use
    Money income_collected; ///< in the collection period: the tax base
    std::vector<Line> lines;
    std::vector<TrancheLine> tranches;
    std::vector<FeeLine> fees;
    std::vector<ReserveLine> reserves;
    std::vector<FacilityLine> facilities;
    std::vector<JudgedLine> judged;
    Money loan, covered, to_principal; ///< between the ledgers
    Money total;                       ///< leaves the bank: what facilities lend does not
    Money income_left, principal_left;
    std::vector<Demand> demands; ///< on the supporter, for this date
    std::vector<Demand> claims;  ///< where his money is received: all of them, as they are after it
    Payout payout;               ///< what the state keeps
};

/// Without its trace a distribution has no lines.
enum class Trace : std::uint8_t { on, off };

/// Why a distribution cannot be computed yet (Code::busy) or at all.
/// Needs every day before its adjusted date closed, and all earlier payment dates distributed.
[[nodiscard]] Result<Distribution>
distribute(const Program& program,
           const DealState& state,
           Date unadjusted,
           Trace trace = Trace::on);
/// What distribute() would compute of `next` on what the ledgers hold now: every day to its
/// calculation date is closed, later ones need not be. Without a trace.
[[nodiscard]] Result<Distribution>
foresee(const Program& program, const DealState& state, const PaymentDate& next);
/// Puts what was distributed into the state; money moves when the day it is paid on is closed.
void accept(DealState& state, const Distribution& distribution);
/// What tranches, facilities, fees and the loans between the ledgers stand at once `payout` is made;
/// the money itself is not moved. A fee's base_days stay, since the day counts them.
void take_balances(DealState& state, const Payout& payout);
/// The public part of the distribution record: exactly what distribute() computes.
Json distribution_part(const Program& program, const Distribution& distribution);

} // namespace tranchain
