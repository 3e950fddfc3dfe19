// Periods: what a run shows of each payment date.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/periods.hpp"

#include <algorithm>

#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

Money sum_between(const std::map<Date, Money>& days, Date from, Date to)
{
    Money sum;
    for (auto it = days.lower_bound(from); it != days.end() && it->first <= to; ++it) sum += it->second;
    return sum;
}

const ProjectionDay* day_of(const Projection& p, Date date)
{
    const auto found = std::lower_bound(p.days.begin(), p.days.end(), date,
                                        [](const ProjectionDay& d, Date at) { return d.date < at; });
    return found != p.days.end() && found->date == date ? &*found : nullptr;
}

std::vector<Column> period_columns(const Program& program)
{
    std::vector<Column> columns{{"date"},
                                {"paid"},
                                {"from"},
                                {"to"},
                                {"state"},
                                {"income_collected", "income"},
                                {"principal_collected", "principal"},
                                {"bought"},
                                {"loan", "lent to income"},
                                {"covered", "losses covered"},
                                {"fees"}};
    for (const Tranche& t : program.tranches) {
        columns.push_back({t.id + "_interest", t.id + " interest"});
        columns.push_back({t.id + "_principal", t.id + " principal"});
        columns.push_back({t.id + "_balance", t.id + " balance"});
    }
    for (const Reserve& r : program.reserves) {
        columns.push_back({r.id + "_reserve", "reserve " + r.id});
        columns.push_back({r.id + "_drawn", r.id + " drawn"});
    }
    for (const Facility& f : program.facilities) {
        columns.push_back({f.id + "_owed", f.id + " owed"});
        columns.push_back({f.id + "_undrawn", f.id + " undrawn"});
    }
    for (const char* key : {"cash_left", "pool_balance", "test_value", "margin", "lowest_margin"}) {
        std::string title = key;
        std::replace(title.begin(), title.end(), '_', ' ');
        columns.push_back({key, title});
    }
    return columns;
}

void add_period(Table& table, const Projection& p, const Distribution& d)
{
    const Date to = d.date.calculation;
    const Money collected = sum_between(p.collected, d.collection_from, to);
    Money fees;
    for (const FeeLine& fee : d.fees) fees += fee.paid + fee.above_cap_paid;
    const ProjectionDay* day = day_of(p, to);
    const auto lowest = lowest_margin(p, d.collection_from, to);
    std::vector<Value> row{d.date.unadjusted,
                           d.booked,
                           d.collection_from,
                           to,
                           name_of(d.priority),
                           d.income_collected,
                           collected - d.income_collected,
                           sum_between(p.bought, d.collection_from, to),
                           d.loan,
                           d.covered,
                           fees};
    for (const TrancheLine& t : d.tranches) {
        row.insert(row.end(), {t.interest_paid + t.residual_paid, t.principal_paid, t.closing});
    }
    for (const ReserveLine& r : d.reserves) row.insert(row.end(), {r.closing, r.drawn});
    for (const FacilityLine& f : d.facilities) row.insert(row.end(), {f.closing, f.undrawn});
    const bool judged = day != nullptr && day->judged;
    row.insert(row.end(), {d.income_left + d.principal_left,
                           day != nullptr ? Value(day->figures.pool_balance) : Value(),
                           judged ? Value(day->value) : Value(), judged ? Value(day->margin()) : Value(),
                           lowest ? Value(*lowest) : Value()});
    table.add(std::move(row));
}

}  // namespace

std::optional<Money> lowest_margin(const Projection& p, Date from, Date to)
{
    std::optional<Money> lowest;
    for (const ProjectionDay& d : p.days) {
        if (d.date < from || d.date > to || !d.judged) continue;
        if (!lowest || d.margin() < *lowest) lowest = d.margin();
    }
    return lowest;
}

Table& add_periods(Answer& answer, const Program& program, const Projection& p)
{
    Table& table = answer.table("periods", period_columns(program));
    for (const Distribution& d : p.distributions) add_period(table, p, d);
    return table;
}

}  // namespace tranchain
