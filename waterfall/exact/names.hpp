// Names: the one word by which each enumerator of a program is stored, and back.
//
// The tables below are read by program_json.cpp, so their words are in signed records.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "waterfall/exact/program.hpp"
#include "waterfall/exact/state.hpp"

namespace tranchain {

namespace names {
// stored: never rename, never reorder (the order is that of the enumerators)
inline constexpr std::array<std::string_view, 6> phase{"revolving", "amortization", "accelerated",
                                                       "default",   "enforcement",  "ended"};
inline constexpr std::array<std::string_view, 8> day_count{"act/365f",     "act/360",   "30/360",
                                                           "act/act isda", "30/360 us", "30e/360",
                                                           "30e/360 isda", "nl/365"};
inline constexpr std::array<std::string_view, 6> compare{"less",      "less_equal",    "equal",
                                                         "not_equal", "greater_equal", "greater"};
inline constexpr std::array<std::string_view, 26> measure{
    "pool_balance",      "principal_cash",    "income_cash",          "collection_account",
    "unapplied_cash",    "senior_balance",    "outstanding_notes",    "tranche_balance",
    "interest_unpaid",   "principal_unpaid",  "income_collected",     "defaulted_cumulative",
    "bought_cumulative", "losses_cumulative", "recovered_cumulative", "uncovered_losses",
    "tranche_face",      "income_cumulative", "reserve_balance",      "reserve_required",
    "reserve_shortfall", "eligible_balance",  "excess_concentration", "net_pool_balance",
    "facility_drawn",    "facility_undrawn"};
inline constexpr std::array<std::string_view, 6> fee{"flat_rate",    "annual_rate", "annual_amount",
                                                     "each_payment", "on_dates",    "target"};
inline constexpr std::array<std::string_view, 7> criterion{
    "tenor_at_most", "due_at_latest",  "not_past_due", "obligor_solvent",
    "confirmed",     "yield_at_least", "undisputed"};
inline constexpr std::array<std::string_view, 4> price{"discount", "face", "financed", "yield"};
inline constexpr std::array<std::string_view, 5> price_fee{
    "fixed", "of_face", "per_started_period", "per_full_period", "a_year_of_financed"};
inline constexpr std::array<std::string_view, 7> milestone{
    "remittance", "custodian_report", "servicer_report", "allocation",
    "report",     "transfer",         "record"};
inline constexpr std::array<std::string_view, 7> clock{"consecutive_days", "days_after_payment",
                                                       "days_after_final", "calculation_dates",
                                                       "before_payments",  "after_payments",
                                                       "inside_payments"};
inline constexpr std::array<std::string_view, 7> effect{
    "accelerate", "default", "stop_buying", "notice", "call", "enforce", "end"};
inline constexpr std::array<std::string_view, 16> step{"pay_fees",
                                                       "pay_interest",
                                                       "pay_principal",
                                                       "cover_losses",
                                                       "pay_fees_above_cap",
                                                       "pay_rest_to_principal",
                                                       "pay_rest_to_tranche",
                                                       "cover_income_shortfall",
                                                       "buy_receivables",
                                                       "keep_rest",
                                                       "fund_reserve",
                                                       "release_reserve",
                                                       "pay_facility_interest",
                                                       "pay_facility_premium",
                                                       "repay_facility",
                                                       "judge_trigger"};
inline constexpr std::array<std::string_view, 21> expr{
    "constant", "measure", "add",          "subtract",   "scale",   "minimum",
    "maximum",  "rate",    "amount_table", "rate_table", "product", "compare",
    "every",    "some",    "negate",       "fired",      "since",   "choose",
    "count",    "times",   "average"};
inline constexpr std::array<std::string_view, 5> rounding{"half-up", "half-even", "down", "up",
                                                          "truncate"};
inline constexpr std::array<std::string_view, 5> order_status{"ordered", "instructed", "executed",
                                                              "refused", "lapsed"};
} // namespace names

using NameTable = std::span<const std::string_view>;
constexpr NameTable names_of(Phase)
{
    return names::phase;
}
constexpr NameTable names_of(DayCount)
{
    return names::day_count;
}
constexpr NameTable names_of(Compare)
{
    return names::compare;
}
constexpr NameTable names_of(Measure)
{
    return names::measure;
}
constexpr NameTable names_of(Fee::Kind)
{
    return names::fee;
}
constexpr NameTable names_of(Criterion::Kind)
{
    return names::criterion;
}
constexpr NameTable names_of(Purchase::Form)
{
    return names::price;
}
constexpr NameTable names_of(PriceFee::Kind)
{
    return names::price_fee;
}
constexpr NameTable names_of(Milestone::Kind)
{
    return names::milestone;
}
constexpr NameTable names_of(Trigger::Clock)
{
    return names::clock;
}
constexpr NameTable names_of(Trigger::Effect)
{
    return names::effect;
}
constexpr NameTable names_of(Step::Kind)
{
    return names::step;
}
constexpr NameTable names_of(Expr::Kind)
{
    return names::expr;
}
constexpr NameTable names_of(Rounding)
{
    return names::rounding;
}
constexpr NameTable names_of(PaymentOrder::Status)
{
    return names::order_status;
}

/// The stored word of an enumerator, such as `default` for Phase::defaulted.
template <class E>
constexpr std::string_view name_of(E value)
{
    return names_of(value)[static_cast<std::size_t>(value)];
}

/// The enumerator of a stored word, if there is one.
template <class E>
constexpr std::optional<E> from_name(std::string_view word)
{
    const NameTable table = names_of(E{});
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i] == word) return static_cast<E>(i);
    }
    return std::nullopt;
}

} // namespace tranchain
