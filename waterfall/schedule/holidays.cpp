// Holiday lists, from the shipped file or from QuantLib's rules.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/schedule/holidays.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "data/csv.hpp"
#include "data/text.hpp"
#include "waterfall/schedule/business_days.hpp"
#include "waterfall/schedule/quantlib.hpp"

namespace tranchain {

namespace {

constexpr std::string_view china_csv =
#include "embed/data/calendar/china.csv.inc"
    ;

const HolidayFile& china()
{
    static const HolidayFile file = [] {
        auto parsed = parse_holidays(china_csv, "data/calendar/china.csv");
        invariant(parsed.has_value());
        return std::move(*parsed);
    }();
    return file;
}

Calendar cut(const Calendar& whole, Date from, Date to)
{
    Calendar out{whole.name, std::max(from, whole.from), std::min(to, whole.to), {}};
    if (out.from > out.to) out.from = out.to = whole.to;
    for (const Date day : whole.exceptions) {
        if (day >= out.from && day <= out.to) out.exceptions.push_back(day);
    }
    return out;
}

Calendar federal_reserve(Date from, Date to)
{
    const QuantLib::UnitedStates rules(QuantLib::UnitedStates::FederalReserve);
    Calendar out{"us-federal-reserve", from, to, {}};
    for (Date day = from; day <= to; ++day) {
        if (day.weekday() <= 5 && !rules.isBusinessDay(quantlib_date(day))) {
            out.exceptions.push_back(day);
        }
    }
    return out;
}

/// The file without its leading lines that begin with '#'.
std::string_view skip_comments(std::string_view text, int& lines)
{
    while (!text.empty() && text[0] == '#') {
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
        ++lines;
    }
    return text;
}

} // namespace

Calendar make_calendar(std::string_view name, Date from, Date to)
{
    if (name == "china-bank") return cut(china().bank, from, to);
    if (name == "china-exchange") return cut(china().exchange, from, to);
    if (name == "us-federal-reserve") return federal_reserve(from, to);
    invariant(name == "weekdays");
    return {"weekdays", from, to, {}};
}

Checked<HolidayFile> parse_holidays(std::string_view text, std::string file_name)
{
    int comments = 0;
    auto table = parse_csv(skip_comments(text, comments), std::move(file_name));
    if (!table) return tl::make_unexpected(std::move(table.error()));
    Errors errors;
    CsvCells cells(*table, errors);
    HolidayFile out{{"china-exchange", {}, {}, {}}, {"china-bank", {}, {}, {}}};
    const int date = table->column("date");
    const int exchange = table->column("exchange");
    const int bank = table->column("bank");
    if (date < 0 || exchange < 0 || bank < 0 || table->rows.empty()) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input,
                    "not a holiday file: 'date,exchange,bank' and days are needed",
                    {table->file, comments + 1, 1, 0},
                    {}}});
    }
    Date last = Date::of(1900, 1, 1);
    Date first = last;
    for (const CsvTable::Row& row : table->rows) {
        const Date day = cells.date(row, date);
        if (day <= last) cells.fail(row, date, "days are out of order");
        if (&row == &table->rows.front()) first = day;
        last = day;
        const auto note = [&](int column, Calendar& calendar) {
            const std::string state = cells.text(row, column);
            if (state != "open" && state != "closed") {
                cells.fail(row, column, fmt::format("'{}' is neither 'open' nor 'closed'", state));
            }
            if ((state == "open") != (day.weekday() <= 5)) calendar.exceptions.push_back(day);
        };
        note(exchange, out.exchange);
        note(bank, out.bank);
    }
    if (!errors.empty()) {
        for (Error& error : errors) error.where.line += comments;
        return tl::make_unexpected(std::move(errors));
    }
    for (Calendar* calendar : {&out.exchange, &out.bank}) {
        calendar->from = Date::of(first.year(), 1, 1);
        calendar->to = Date::of(last.year(), 12, 31);
    }
    return out;
}

} // namespace tranchain
