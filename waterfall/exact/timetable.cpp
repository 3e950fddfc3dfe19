// Days of a distribution, counted on the calendars of the program.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/timetable.hpp"

#include <algorithm>
#include <array>

#include "data/assert.hpp"

namespace tranchain {

namespace {

using Kind = Milestone::Kind;

const Calendar& calendar_of(const Program& program, const std::string& name)
{
    const auto found = std::find_if(program.calendars.begin(), program.calendars.end(),
                                    [&](const Calendar& c) { return c.name == name; });
    invariant(found != program.calendars.end());
    return *found;
}

Date back(const Calendar& calendar, Date day, int days)
{
    while (days > 0) {
        day = day - 1;
        if (is_business_day(calendar, day)) --days;
    }
    return day;
}

struct Need {
    Kind first, then; ///< `then` must not come before `first`
};
constexpr std::array<Need, 7> needs{{
    {Kind::remittance, Kind::custodian_report},
    {Kind::remittance, Kind::allocation},
    {Kind::custodian_report, Kind::allocation},
    {Kind::servicer_report, Kind::allocation},
    {Kind::allocation, Kind::report},
    {Kind::allocation, Kind::transfer},
    {Kind::report, Kind::record},
}};

const Milestone* find(const Program& program, Kind kind)
{
    for (const Milestone& m : program.timetable) {
        if (m.kind == kind) return &m;
    }
    return nullptr;
}

std::vector<PaymentDate> all_dates(const Program& program)
{
    std::vector<PaymentDate> dates = program.revolving_dates;
    dates.insert(dates.end(), program.monthly_dates.begin(), program.monthly_dates.end());
    return dates;
}

} // namespace

Date milestone_day(const Program& program, const Milestone& m, const PaymentDate& payment)
{
    const Calendar& calendar = calendar_of(program, m.calendar);
    if (m.before_payment) return back(calendar, payment.adjusted, m.days);
    return m.days == 0 ? payment.calculation
                       : add_business_days(calendar, payment.calculation, m.days);
}

Date support_day(const Program& program, const Support& support, const PaymentDate& payment)
{
    return back(calendar_of(program, support.calendar), payment.adjusted, support.days_before);
}

std::vector<TimetableConflict> timetable_conflicts(const Program& program)
{
    std::vector<TimetableConflict> out;
    const auto dates = all_dates(program);
    for (const Need& need : needs) {
        const Milestone* first = find(program, need.first);
        const Milestone* then = find(program, need.then);
        if (first == nullptr || then == nullptr) continue;
        for (const PaymentDate& d : dates) {
            const Date day = milestone_day(program, *first, d);
            const Date limit = milestone_day(program, *then, d);
            if (day <= limit) continue;
            out.push_back({first, then, d, day, limit});
            break;
        }
    }
    for (const Milestone& m : program.timetable) {
        for (const PaymentDate& d : dates) {
            const Date day = milestone_day(program, m, d);
            if (day >= d.calculation && day <= d.adjusted) continue;
            out.push_back({&m, nullptr, d, day, day < d.calculation ? d.calculation : d.adjusted});
            break;
        }
    }
    return out;
}

std::string milestone_words(Milestone::Kind kind)
{
    switch (kind) {
    case Kind::remittance:
        return "the servicer's remittance";
    case Kind::custodian_report:
        return "the custodian's report";
    case Kind::servicer_report:
        return "the servicer's report";
    case Kind::allocation:
        return "the allocation";
    case Kind::report:
        return "the report to holders";
    case Kind::transfer:
        return "the transfer to the paying agent";
    case Kind::record:
        return "the record date";
    }
    invariant(false);
    return {};
}

} // namespace tranchain
