// Reserve: what a trade-receivables programme must hold back, by the international method.
//
// Every ratio is a whole number of parts per billion, rounded half-up once, so the figures are the
// same everywhere and a reader can redo each line; the money that may be lent is rounded down.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"

namespace tranchain {

/// One calendar month of a seller's history.
struct ReserveMonth {
    Date first; ///< of the month
    Money sales;
    std::optional<Money> defaults; ///< became 91 to 120 days past due, or were written off
    std::optional<Money> dilution; ///< credited without cash
};

/// Parts per billion: 1'000'000'000 is 1, 100%, one month or one day.
using Parts = std::int64_t;

struct ReserveTerms {
    Parts stress = 0;             ///< multiplies losses and expected dilution
    std::int64_t default_lag = 0; ///< months from sale to default
    std::int64_t dilution_lag = 0;
    Parts loss_horizon = 0, dilution_horizon = 0; ///< months of sales at risk
    Parts concentration = 0;                      ///< floor for large obligors
    Parts rate = 0, fees = 0, servicing_fee = 0;  ///< a year
    Parts rate_factor = 0, yield_factor = 0, servicing_factor = 0;
};
/// TOML. Errors: all, with their places.
[[nodiscard]] Checked<ReserveTerms> read_reserve_terms(const std::string& path);
/// CSV: month (YYYY-MM), sales, defaults, dilution; the last twelve rows need all four. Months
/// follow one another. Errors: all, with their places.
[[nodiscard]] Checked<std::vector<ReserveMonth>> read_reserve_history(const std::string& path);

struct PoolReserve {
    struct Month {
        Date first;
        Parts default_ratio = 0, dilution_ratio = 0;
        /// Average default ratio of it and the two before; none where the history starts too late.
        std::optional<Parts> three_months;
    };
    std::vector<Month> months; ///< the last twelve
    Parts loss_ratio = 0, loss_horizon = 0, loss = 0;
    Parts expected_dilution = 0, spike = 0, volatility = 0, dilution_horizon = 0, dilution = 0;
    Parts dynamic = 0, floor = 0;
    Parts days_sales = 0; ///< days of sales outstanding
    Parts yield = 0, servicing = 0, required = 0;
    std::int64_t quarter_days = 0; ///< of the last three months
    Money quarter_sales;
    Money fundable; ///< balance x (1 - required), not below zero
};

/// `balance`: the net receivables pool balance, > 0. Errors: fewer than twelve months, or than a
/// lag or a horizon needs; a month without sales that something is divided by.
[[nodiscard]] Result<PoolReserve>
reserve_of(std::span<const ReserveMonth> history, const ReserveTerms& terms, Money balance);

/// Sum over groups of what exceeds `limit` of `eligible`, half-up to the fen.
Money excess_concentration(std::span<const Money> groups, Parts limit, Money eligible);

} // namespace tranchain
