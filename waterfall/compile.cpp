// From a deal file to a program with explicit dates.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/compile.hpp"

#include <algorithm>
#include <set>

#include "waterfall/exact/program_json.hpp"
#include "waterfall/schedule/holidays.hpp"
#include "waterfall/schedule/payment_dates.hpp"

namespace tranchain {

namespace {

std::set<std::string> calendars_used(const DealFile& deal)
{
    std::set<std::string> out;
    const Program& p = deal.program;
    if (p.purchase) out.insert(p.purchase->calendar);
    if (p.support) out.insert(p.support->calendar);
    for (const Milestone& m : p.timetable) out.insert(m.calendar);
    for (const Trigger& t : p.triggers) {
        if (!t.calendar.empty()) out.insert(t.calendar);
        if (!t.grace_calendar.empty()) out.insert(t.grace_calendar);
    }
    for (const ScheduleRule& s : deal.schedules) out.insert(s.calendars.begin(), s.calendars.end());
    return out;
}

std::vector<Calendar> chosen(const std::vector<Calendar>& all,
                             const std::vector<std::string>& names)
{
    std::vector<Calendar> out;
    for (const Calendar& calendar : all) {
        if (std::find(names.begin(), names.end(), calendar.name) != names.end()) {
            out.push_back(calendar);
        }
    }
    return out;
}

/// Dates that contradict each other in a way no schedule can be computed from.
Errors impossible(const DealFile& deal)
{
    Errors errors;
    const Program& p = deal.program;
    const auto fail = [&](const char* path, std::string message) {
        errors.push_back({Code::invalid_input, std::move(message), deal.at(path), {}});
    };
    if (p.tranches.empty() && deal.schedules.empty()) return errors;
    if (p.legal_final <= p.closing) {
        fail("deal.legal_final",
             "legal_final " + p.legal_final.str() + " is not after closing " + p.closing.str());
    }
    if (p.legal_final.year() > 2190 || p.closing.year() < 1902) {
        fail("deal.closing", "a deal must lie between 1902 and 2190");
    }
    return errors;
}

} // namespace

Checked<Program> compile(const DealFile& deal)
{
    Errors errors = impossible(deal);
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    Program p = deal.program;
    const bool dated = !(p.tranches.empty() && deal.schedules.empty());
    const Date from = Date::of(dated ? p.closing.year() : 1970, 1, 1);
    const Date to = Date::of(dated ? p.legal_final.year() + 1 : 2199, 12, 31);
    for (const std::string& name : calendars_used(deal)) {
        p.calendars.push_back(make_calendar(name, from, to));
    }
    for (const ScheduleRule& rule : deal.schedules) {
        const bool revolving = rule.revolving();
        const Date until = revolving ? std::min(p.revolving_until, p.legal_final) : p.legal_final;
        const auto calendars = chosen(p.calendars, rule.calendars);
        auto dates = payment_dates(rule, {p.closing, until, p.legal_final}, calendars);
        if (dates.empty()) {
            errors.push_back({Code::invalid_input,
                              std::string("no payment date of this schedule lies within the deal"),
                              rule.where,
                              "the calculation date is the last day of the month before a payment, "
                              "and not before closing"});
        }
        (revolving ? p.revolving_dates : p.monthly_dates) = std::move(dates);
    }
    if (errors.empty()) {
        errors = unsound(p);
        for (Error& error : errors) error.where = deal.at("deal");
    }
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return p;
}

Checked<Program> compile_file(const std::string& path)
{
    return read_deal(path).and_then([](const DealFile& deal) { return compile(deal); });
}

} // namespace tranchain
