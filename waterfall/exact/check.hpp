// Check: what is wrong with a deal that reads well: contradictions, impossible timetables, fees
// that nobody pays, states without a priority.
//
// Everything is reported, in the order of the file, each with its place, its id and what to do.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "data/error.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

struct FindingMeaning {
    std::string_view id;
    std::string_view meaning;
};

/// Every finding of `deal check`; tranchain-deal(1) lists them. Never rename an id.
inline constexpr std::array<FindingMeaning, 46> deal_findings{{
    {"sizes-differ", "the faces of the tranches do not add up to the size of the deal"},
    {"no-whole-units", "a face is not a whole number of units"},
    {"face-not-positive", "a face is zero or less"},
    {"rank-twice", "two tranches have one rank and a line pays only one of them"},
    {"rank-order", "a priority pays a junior tranche before a senior one"},
    {"rating-order", "a junior tranche has a better rating than a senior one"},
    {"date-order", "dates of the deal contradict each other"},
    {"due-too-late", "what may be bought can fall due too late to be paid out by maturity"},
    {"first-date", "the first payment date does not fit its schedule"},
    {"calendar-missing", "a schedule names no calendar"},
    {"schedule-missing", "a state of the deal has no payment dates"},
    {"timetable-impossible", "something is due before it can be known"},
    {"timetable-order", "a day of the timetable comes after what needs it"},
    {"state-without-priority", "a state can be reached and has no priority"},
    {"state-unreachable", "a priority belongs to a state that nothing leads to"},
    {"fee-never-paid", "a fee is declared and no priority pays it"},
    {"fee-unpaid-in-state", "a priority leaves out a fee that another pays"},
    {"interest-never-paid", "a priority does not pay the interest of a tranche"},
    {"principal-never-paid", "a priority after the revolving period leaves a principal unpaid"},
    {"cap-without-line", "a cap has no later line that pays what it leaves due"},
    {"line-without-cap", "a line pays fees above a cap that does not exist"},
    {"line-after-rest", "a line stands after one that takes all the rest"},
    {"money-unclaimed", "no line of a ledger takes what the others leave"},
    {"line-in-wrong-ledger", "a line belongs to the other ledger"},
    {"buy-out-of-place", "receivables are bought where nothing may be bought"},
    {"purchase-undefined", "receivables are bought and the deal states no price"},
    {"purchase-unused", "the deal states a price and no line buys"},
    {"yield-unreachable", "no receivable can earn at the deal's price what a criterion asks"},
    {"measure-without-data", "a clause asks for an amount that this deal does not have"},
    {"trigger-constant", "a trigger compares amounts that never change"},
    {"trigger-never-fires", "a trigger counts more than its period has, or its state is never reached"},
    {"stop-without-buying", "a trigger stops purchases in a deal that makes none"},
    {"support-without-claim", "the support covers something that is never due"},
    {"support-elsewhere", "the supporter's money would be mixed with other money, or pay what is not covered"},
    {"support-not-drawn", "a priority pays what is covered and does not draw on the supporter's reserve"},
    {"reserve-never-funded", "a reserve opens with nothing and no line funds it"},
    {"reserve-never-released", "a priority after the revolving period never releases a reserve"},
    {"reserve-released-early", "a line releases a reserve before senior principal is repaid"},
    {"reserve-merged", "a line after default names a reserve, which is merged by then"},
    {"facility-never-drawn", "no line is supported by a facility"},
    {"facility-never-repaid", "no line repays what a facility lends"},
    {"facility-unpaid-in-state", "a priority leaves out a facility that another repays"},
    {"facility-cost-unpaid", "a facility bears interest or a premium that no line pays"},
    {"source-incomplete", "a source of daily records is not usable"},
    {"obligor-share", "note: one obligor may be so much of the pool that it must be disclosed"},
    {"dates-provisional", "note: payment dates lie past what the calendars cover"},
}};

struct DealJudgement {
    Errors findings; ///< the answer is no; code answer_no, `id` from deal_findings
    Errors notes;    ///< worth knowing; the deal is good
};

/// `compiled` may be absent when compiling failed; what needs dates is then not judged.
DealJudgement check_deal(const DealFile& deal, const Program* compiled);

/// Whether the clauses of a deal can bring it into a state.
bool can_reach(const DealFile& deal, Phase phase);

/// The part that judges priorities of payments; called by check_deal.
void check_priorities(const DealFile& deal, Errors& findings);
/// The same of its states, its reserves and its facilities.
void check_states(const DealFile& deal, Errors& findings);
void check_reserves(const DealFile& deal, Errors& findings);
void check_facilities(const DealFile& deal, Errors& findings);
void check_support(const DealFile& deal, Errors& findings);

/// The part that judges triggers and the formulas of fees; called by check_deal.
void check_formulas(const DealFile& deal, const Program* compiled, Errors& findings);

/// One finding at a place.
Error deal_finding(std::string_view id, Source where, std::string message, std::string hint = {});

} // namespace tranchain
