// Clause: the sentences of a deal file, read into the typed parts of a program.
//
// Each function reads one sentence and nothing else; its error points at the word that is wrong
// and, where one is close, gives the word that was probably meant. The grammar is in
// tranchain-deal(5). SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/error.hpp"
#include "data/toml.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// What a sentence may name.
struct Names {
    std::vector<std::string> tranches;
    std::vector<std::string> fees;
    std::vector<std::string> rate_tables = {}, amount_tables = {};
    std::vector<std::string> triggers = {};
    std::vector<std::string> reserves = {};
    std::map<std::string, std::vector<std::string>> groups = {}; ///< tranches under one name
    std::vector<std::string> facilities = {};
};

/// Words with a meaning of their own after `pay`; no tranche and no fee may be called so.
const std::vector<std::string>& reserved_ids();
/// Calendars a deal file may name.
const std::vector<std::string>& known_calendars();

// Amounts and tests
[[nodiscard]] Result<Expr> parse_expr(const Located& sentence, const Names& names);
[[nodiscard]] Result<Expr> parse_rate(const Located& sentence, const Names& names);
/// A test such as those of a priority.
[[nodiscard]] Result<Expr> parse_test(const Located& sentence, const Names& names);
[[nodiscard]] Result<Condition> parse_condition(const Located& sentence, const Names& names);

// Priorities of payments. The clause of the step is the caller's to fill.
[[nodiscard]] Result<Step> parse_step(const Located& sentence, const Names& names);

/// `4.35% from 2017-11-01`: one row of a table.
struct TableRow {
    bool is_rate = false;
    ValueTable::Point point;
};
[[nodiscard]] Result<TableRow> parse_table_row(const Located& sentence);

// Purchases
struct PriceRule {
    Rate discount;
    int basis = 365;
    Purchase::Form form = Purchase::Form::discount;
    std::vector<PriceFee> fees;
};
struct DayRule {
    int days = 0;
    std::string calendar;
};
[[nodiscard]] Result<PriceRule> parse_price(const Located& sentence);
[[nodiscard]] Result<DayRule> parse_settle(const Located& sentence); ///< `T+1`, `T+1 china-bank`
[[nodiscard]] Result<Criterion> parse_criterion(const Located& sentence);
[[nodiscard]] Result<Limit> parse_limit(const Located& sentence);

// Triggers
struct ClockRule {
    Trigger::Clock clock = Trigger::Clock::consecutive_days;
    int days = 1;
    int of_last = 0;
    std::string calendar;
};
[[nodiscard]] Result<ClockRule> parse_clock(const Located& sentence);
[[nodiscard]] Result<int> parse_missing_day(const Located& sentence); ///< days carried forward
[[nodiscard]] Result<Trigger::Effect> parse_effect(const Located& sentence);
/// `5 days`, `5 china-bank days`; no calendar: calendar days.
[[nodiscard]] Result<DayRule> parse_grace(const Located& sentence);
/// `3 compliant days`, `2 compliant periods` when `dated`.
[[nodiscard]] Result<int> parse_cure(const Located& sentence, bool dated);
/// One comparison, or a test of several.
struct TestRule {
    Condition when;
    std::optional<Expr> test;
};
[[nodiscard]] Result<TestRule> parse_trigger_test(const Located& sentence, const Names& names);

// Support
[[nodiscard]] Result<std::vector<Support::Cover>> parse_cover(const Located& sentence,
                                                              const Names& names);
[[nodiscard]] Result<DayRule> parse_support_time(const Located& sentence); ///< `T-3 china-bank`

/// `calculation + 9 china-bank`: days after the calculation date; `T-6 china-bank`: a negative
/// number, days before the payment.
[[nodiscard]] Result<DayRule> parse_milestone(const Located& sentence);

// Schedules
struct PayRule {
    unsigned day = 0;
    std::vector<unsigned> months; ///< ascending, 1 to 12; all twelve for `monthly`
};
[[nodiscard]] Result<PayRule> parse_pay_rule(const Located& sentence);
/// The days of the rule from `from` to `to`, both included; day 31 of a short month is its last.
std::vector<Date> days_of(const PayRule& rule, Date from, Date to);
[[nodiscard]] Result<std::vector<std::string>> parse_calendars(const Located& sentence);
[[nodiscard]] Result<std::vector<Phase>> parse_phases(const Located& sentence);

} // namespace tranchain
