// Projection: a deal played from closing to its last payment, day by day, on the exact judge.
//
// It acts for everybody who feeds the contract: the custodian whose statement shows each receipt,
// the servicer who allocates receipts and buys what the tapes offer, the plan manager whose
// distributions the judge computes. What receivables do is their fate (generate.hpp), changed by a
// scenario; everything else is what the deal says, so a projection can be replayed as records.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "data/record.hpp"
#include "data/tape.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/distribution.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/program.hpp"
#include "waterfall/assumption.hpp"
#include "waterfall/exact/state.hpp"
#include "waterfall/generate.hpp"
#include "waterfall/obligor_future.hpp"

namespace tranchain {

/// What is assumed of the obligors.
struct Scenario {
    std::string name = "base";
    std::uint64_t seed = 15;           ///< of the fates
    struct Insolvency {
        Date date;
        std::string group;             ///< pays nothing from that day on, and nobody buys it back
    };
    std::optional<Insolvency> insolvency;
    Source insolvency_where;
    std::int64_t delay_days = 0;       ///< every payment that much later
    /// Interest on the cash of the account, simple, on the balance at the end of each day.
    struct Earnings {
        Rate rate;
        int basis = 365;               ///< days of a year: act/365f or act/360
        PayRule credited;              ///< for the days before; on the next bank day if it is none
    };
    std::optional<Earnings> earnings;
    Rate stress = Rate::ppb(Rate::one);  ///< multiplies the shares of defaults and dilutions
    Factors factors;
    Source factors_where;
    std::optional<Source> call_where;  ///< the originator exercises the deal's call
    std::optional<Source> support_where; ///< the supporter pays every claim on the day it is due
    std::vector<Assumption> assumptions;
    std::vector<ValueTable> tables;    ///< instead of the deal's of the same id
    Source tables_where;               ///< the file they stand in
    std::shared_ptr<const ObligorFutures> futures;  ///< drawn by a simulation; none in a file
};
Scenario base_scenario(std::uint64_t seed);
Scenario stressed_scenario(std::uint64_t seed);  ///< G01 insolvent on 2019-12-01
/// TOML, see tranchain-scenario(5).
[[nodiscard]] Checked<Scenario> read_scenario(const std::string& path);

/// What was stated and decided over some days: replay it in the order of the members.
struct ProjectionStep {
    Record::Covers covers;
    std::vector<Dilution> dilutions;
    struct Insolvency {
        Date date;
        std::string group;
        std::vector<std::string> obligors;
    };
    std::optional<Insolvency> insolvency;
    std::int64_t number = 0;           ///< of the statement
    Money opening, closing;
    std::vector<StatementEntry> entries;
    std::vector<Allocation> allocations;
    // covers.to is closed here; then, with what the state is now:
    bool notice = false;
    std::vector<Date> distributions;   ///< named by unadjusted dates
    Date purchase_day, settle;
    std::vector<Receivable> bought;    ///< empty: nothing was bought
    Money price;                       ///< of `bought`
};

struct ProjectionDay {
    Date date;
    Phase phase = Phase::revolving;
    Figures figures;
    Money senior;
    Money value, threshold;            ///< of the first trigger that counts days
    int count = 0;
    bool judged = false;               ///< the trigger was running, or fired, that day
    [[nodiscard]] Money margin() const { return value - threshold; }
};

/// A trigger as it stood at the end of a calculation date.
struct TriggerReading {
    Date date;
    std::size_t trigger = 0;
    bool judged = false;               ///< its state is the deal's, or it has fired
    Money value, threshold;
    bool breach = false;
    int count = 0;
    std::optional<int> days_left;      ///< to its effect, if it is in breach from now on
    std::optional<Date> effective;
};

struct Projection {
    Scenario scenario;
    std::vector<ProjectionDay> days;
    std::vector<Distribution> distributions;
    std::map<Date, Money> collected;   ///< from obligors, seller and bank, by booking day
    std::map<Date, Money> bought;      ///< price by settlement day
    Money bought_face;                 ///< closing not included
    Money diluted, made_good;
    Money repurchased;                 ///< unpaid face taken back
    Money insolvent_face;              ///< unpaid face of the group on its day
    std::vector<TriggerReading> readings;  ///< every trigger on the last day of every month
    std::vector<Fired> fired;          ///< demands on a supporter are no trigger
    std::vector<Demand> claims;        ///< on him, as they stand at the end
    std::vector<std::string> remarks;  ///< what a servicer would note: purchases held back, ...
};

struct ProjectionInput {
    Program program;
    std::vector<Receivable> opening;
    std::vector<CandidateTape> candidates;
    Scenario scenario;
    std::uint64_t seed = 15;  ///< of the tapes: of every scenario that names none
};
using OnStep = std::function<void(const ProjectionStep&)>;

/// Assumptions of the scenario that do not fit the receivables or the deal, with their places.
Errors misfits(const ProjectionInput& input);
Errors misfits(const ProjectionInput& input, const Scenario& scenario);

/// Errors: a tape that does not fit the deal; what the judge refused, with its findings.
/// `on_day` sees the judge's state at the end of each day.
[[nodiscard]] Result<Projection> project(const ProjectionInput& input,
                                         const OnStep& on_step = {},
                                         const Judge::OnDay& on_day = {});
/// Another scenario on the same tapes, which misfits() found nothing in. Input is only read, so
/// threads may share it.
[[nodiscard]] Result<Projection> project(const ProjectionInput& input, const Scenario& scenario);

}  // namespace tranchain
