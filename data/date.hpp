// Date: a calendar day, 1900-01-01 to 2199-12-31, without time or zone (business dates of the deal).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "data/error.hpp"

namespace tranchain {

class Date {
public:
    constexpr Date() = default;  ///< 1970-01-01
    [[nodiscard]] static Result<Date> parse(std::string_view text);  ///< `YYYY-MM-DD`, a real day
    /// A real day in range, else a bug: for constants and for parts already checked.
    static Date of(int year, unsigned month, unsigned day);
    static Date from_days(std::int32_t days_since_1970);

    [[nodiscard]] std::int32_t days() const { return days_; }  ///< since 1970-01-01
    [[nodiscard]] int year() const;
    [[nodiscard]] unsigned month() const;
    [[nodiscard]] unsigned day() const;
    [[nodiscard]] unsigned weekday() const;  ///< ISO: Monday 1 ... Sunday 7
    [[nodiscard]] std::string str() const;
    [[nodiscard]] Date end_of_month() const;
    /// Same day `months` later; a day the month lacks becomes its last day.
    [[nodiscard]] Date plus_months(int months) const;

    Date operator+(std::int32_t days) const { return from_days(days_ + days); }
    Date operator-(std::int32_t days) const { return from_days(days_ - days); }
    std::int32_t operator-(Date other) const { return days_ - other.days_; }
    Date& operator++();
    auto operator<=>(const Date&) const = default;

private:
    std::int32_t days_ = 0;
};

/// True for a real day of the Gregorian calendar, 1900 to 2199.
bool is_real_day(int year, int month, int day);

}  // namespace tranchain
