// Run table: read, and compared.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/run_table.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/core.h>

#include "data/csv.hpp"

namespace tranchain {

namespace {

constexpr std::array<std::string_view, 8> inputs = {
    "paid", "from", "to", "state", "income_collected", "principal_collected", "bought",
    "pool_balance"};

bool is_input(std::string_view column)
{
    return std::find(inputs.begin(), inputs.end(), column) != inputs.end();
}

bool same(const std::string& ours, const std::string& theirs)
{
    if (ours == theirs) return true;
    const auto a = parse_loose_money(ours);
    const auto b = parse_loose_money(theirs);
    return a && b && *a == *b;
}

std::size_t column_at(const std::vector<std::string>& names, std::string_view name)
{
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::map<std::string, const std::vector<std::string>*> by_date(const RunTable& table)
{
    std::map<std::string, const std::vector<std::string>*> rows;
    const std::size_t date = column_at(table.columns, "date");
    for (const auto& row : table.rows) rows.emplace(row[date], &row);
    return rows;
}

} // namespace

const FigureDifference* RunComparison::first_input() const
{
    const auto found = std::find_if(differences.begin(), differences.end(),
                                    [](const FigureDifference& d) { return d.input; });
    return found == differences.end() ? nullptr : &*found;
}

bool RunComparison::agree() const
{
    return differences.empty() && dates_missing.empty() && dates_unknown.empty();
}

Checked<RunTable> read_run_table(const std::string& path)
{
    const auto csv = read_csv(path);
    if (!csv) return tl::make_unexpected(csv.error());
    Errors errors;
    const int date = csv->column("date");
    if (date < 0) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input,
                    "column 'date' is missing",
                    {csv->file, 1, 1, 0},
                    "'waterfall run -f csv' writes the columns that are compared"}});
    }
    RunTable table;
    table.columns = csv->header;
    CsvCells cells(*csv, errors);
    std::map<Date, int> seen;
    for (const CsvTable::Row& row : csv->rows) {
        const std::size_t before = errors.size();
        const Date day = cells.date(row, date);
        if (errors.size() == before && !seen.emplace(day, row.line).second) {
            cells.fail(row, date, fmt::format("the date {} comes twice", day.str()),
                       fmt::format("first in line {}", seen[day]));
        }
        table.rows.emplace_back(row.fields.begin(), row.fields.end());
        table.rows.back()[static_cast<std::size_t>(date)] = day.str();
    }
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return table;
}

RunComparison compare_runs(const RunTable& ours, const RunTable& theirs)
{
    RunComparison out;
    struct Pair {
        std::string name;
        std::size_t ours, theirs;
    };
    std::vector<Pair> columns;
    for (std::size_t i = 0; i < ours.columns.size(); ++i) {
        const std::string& name = ours.columns[i];
        if (name == "date") continue;
        const std::size_t at = column_at(theirs.columns, name);
        if (at == theirs.columns.size()) {
            out.columns_missing.push_back(name);
        } else {
            columns.push_back({name, i, at});
        }
    }
    for (const std::string& name : theirs.columns) {
        if (column_at(ours.columns, name) == ours.columns.size()) out.columns_unknown.push_back(name);
    }
    std::stable_partition(columns.begin(), columns.end(),
                          [](const Pair& p) { return is_input(p.name); });
    const auto mine = by_date(ours);
    const auto other = by_date(theirs);
    for (const auto& [date, row] : mine) {
        const auto found = other.find(date);
        if (found == other.end()) {
            out.dates_missing.push_back(date);
            continue;
        }
        for (const Pair& column : columns) {
            const std::string& a = (*row)[column.ours];
            const std::string& b = (*found->second)[column.theirs];
            ++out.compared;
            if (same(a, b)) {
                ++out.equal;
            } else {
                out.differences.push_back({date, column.name, is_input(column.name), a, b});
            }
        }
    }
    for (const auto& [date, row] : other) {
        if (!mine.contains(date)) out.dates_unknown.push_back(date);
    }
    return out;
}

} // namespace tranchain
