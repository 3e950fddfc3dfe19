// Date: ISO text and the civil calendar, on std::chrono.
// SPDX-License-Identifier: Apache-2.0
#include "data/date.hpp"

#include <algorithm>

#include "data/assert.hpp"

namespace tranchain {

namespace {

namespace ch = std::chrono;

constexpr std::int32_t day_number(ch::year_month_day day)
{
    return static_cast<std::int32_t>(ch::sys_days(day).time_since_epoch().count());
}

constexpr std::int32_t first_day = day_number(ch::year(1900) / 1 / 1);
constexpr std::int32_t last_day = day_number(ch::year(2199) / 12 / 31);

ch::year_month_day civil(std::int32_t days)
{
    return ch::year_month_day(ch::sys_days(ch::days(days)));
}

} // namespace

bool is_real_day(int year, int month, int day)
{
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31) return false;
    return (ch::year(year) / month / day).ok();
}

Result<Date> Date::parse(std::string_view text)
{
    const auto refuse = [&](std::string_view why) {
        return fail(Code::invalid_input, "'" + std::string(text) + "' " + std::string(why), {},
                    "write year, month and day, such as 2018-06-25");
    };
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
    int parts[3] = {0, 0, 0};
    for (std::size_t i = 0, part = 0; shaped && i < text.size(); ++i) {
        if (i == 4 || i == 7) {
            ++part;
        } else if (text[i] < '0' || text[i] > '9') {
            return refuse("is not a date");
        } else {
            parts[part] = parts[part] * 10 + (text[i] - '0');
        }
    }
    if (!shaped) return refuse("is not a date");
    if (parts[0] < 1900 || parts[0] > 2199) return refuse("is not a day of the years 1900 to 2199");
    if (!is_real_day(parts[0], parts[1], parts[2])) return refuse("is not a day of the calendar");
    return of(parts[0], static_cast<unsigned>(parts[1]), static_cast<unsigned>(parts[2]));
}

Date Date::of(int year, unsigned month, unsigned day)
{
    invariant(month <= 12 && day <= 31);
    invariant(is_real_day(year, static_cast<int>(month), static_cast<int>(day)));
    return from_days(day_number(ch::year(year) / ch::month(month) / ch::day(day)));
}

Date Date::from_days(std::int32_t days_since_1970)
{
    invariant(days_since_1970 >= first_day && days_since_1970 <= last_day);
    Date date;
    date.days_ = days_since_1970;
    return date;
}

int Date::year() const
{
    return static_cast<int>(civil(days_).year());
}
unsigned Date::month() const
{
    return static_cast<unsigned>(civil(days_).month());
}
unsigned Date::day() const
{
    return static_cast<unsigned>(civil(days_).day());
}
unsigned Date::weekday() const
{
    return ch::weekday(ch::sys_days(ch::days(days_))).iso_encoding();
}

std::string Date::str() const
{
    const auto ymd = civil(days_);
    const auto two = [](unsigned n) {
        return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
    };
    return std::to_string(static_cast<int>(ymd.year())) + "-" +
           two(static_cast<unsigned>(ymd.month())) + "-" + two(static_cast<unsigned>(ymd.day()));
}

Date Date::end_of_month() const
{
    const auto ymd = civil(days_);
    return from_days(day_number(ch::year_month_day(ymd.year() / ymd.month() / ch::last)));
}

Date Date::plus_months(int months) const
{
    const auto ymd = civil(days_);
    const auto target = ymd.year() / ymd.month() + ch::months(months);
    const auto last = ch::year_month_day_last(target / ch::last).day();
    return from_days(day_number(target / std::min(ymd.day(), last)));
}

Date& Date::operator++()
{
    return *this = *this + 1;
}

} // namespace tranchain
