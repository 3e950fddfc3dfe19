// Record files: the tables behind statements, collections, dilutions and insolvencies.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/record_files.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

using Cells = std::vector<std::string>;

/// The columns of one kind of file, all of them required and no other allowed but the `unread`.
class Columns {
public:
    Columns(const CsvTable& table, const Cells& names, Errors& errors, const Cells& unread = {})
    {
        for (const std::string& name : names) {
            at_.push_back(table.column(name));
            if (at_.back() >= 0) continue;
            errors.push_back({Code::invalid_input,
                              fmt::format("column '{}' is missing", name),
                              {table.file, 1, 0},
                              "the columns are " + join(names, ",")});
        }
        for (std::size_t i = 0; i < table.header.size(); ++i) {
            if (std::find(names.begin(), names.end(), table.header[i]) != names.end()) continue;
            if (std::find(unread.begin(), unread.end(), table.header[i]) != unread.end()) continue;
            const auto match = closest(table.header[i], names);
            errors.push_back({Code::invalid_input,
                              fmt::format("unknown column '{}'", table.header[i]),
                              table.at(static_cast<int>(i)),
                              match ? fmt::format("did you mean '{}'?", *match)
                                    : "the columns are " + join(names, ",")});
        }
    }
    int operator[](std::size_t i) const { return at_[i]; }

private:
    std::vector<int> at_;
};

const Cells statement_columns{"account", "statement", "entry",        "date",        "amount",
                              "balance", "reference", "counterparty", "obligor_code"};
const Cells collections_columns{"date", "receipt", "asset_id", "kind", "amount"};
const Cells proposal_columns{"confidence", "reason"}; // why a line was proposed
const Cells dilution_columns{"asset_id", "date", "amount", "reason"};
const Cells extension_columns{"asset_id", "date", "amount", "reason", "due"};
const Cells insolvency_columns{"date", "obligor_group", "obligor_code"};

std::string_view cell(const CsvTable::Row& row, int column)
{
    return row.fields[static_cast<std::size_t>(column)];
}

Error too_short(const CsvTable& table)
{
    return {Code::invalid_input,
            "the file needs an 'opening' row first and a 'closing' row last",
            {table.file, 1, 1, 0},
            "see tranchain-pool(5)"};
}

/// A day that the file says it covers; judged only where it is a day at all.
Date day_within(CsvCells& cells,
                const CsvTable::Row& row,
                int column,
                const Record::Covers& covers,
                const Errors& errors)
{
    const std::size_t known = errors.size();
    const Date day = cells.date(row, column);
    if (errors.size() == known && (day < covers.from || day > covers.to))
        cells.fail(row, column,
                   fmt::format("{} is outside the days covered, {} to {}", day.str(),
                               covers.from.str(), covers.to.str()));
    return day;
}

/// An amount above zero.
Money above_zero(CsvCells& cells, const CsvTable::Row& row, int column, const Errors& errors)
{
    const std::size_t known = errors.size();
    const Money amount = cells.money(row, column);
    if (errors.size() == known && amount <= zero)
        cells.fail(row, column, fmt::format("the amount '{}' is not above zero", amount.str()));
    return amount;
}

} // namespace

std::string statement_csv(const StatementFile& s)
{
    std::string text = csv_line(statement_columns);
    const std::string number = std::to_string(s.number);
    text += csv_line(Cells{s.account, number, "opening", s.covers.from.str(), "0.00",
                           s.opening.str(), "", "", ""});
    Money balance = s.opening;
    for (const StatementEntry& e : s.entries) {
        balance += e.amount;
        text +=
            csv_line(Cells{s.account, number, std::to_string(e.entry), e.date.str(), e.amount.str(),
                           balance.str(), e.reference, e.counterparty, e.obligor_code});
    }
    text += csv_line(Cells{s.account, number, "closing", s.covers.to.str(), "0.00", s.closing.str(),
                           "", "", ""});
    return text;
}

Checked<StatementFile> parse_statement_file(std::string_view bytes, std::string name)
{
    auto table = parse_csv(bytes, std::move(name));
    if (!table) return tl::make_unexpected(table.error());
    Errors errors;
    const Columns column(*table, statement_columns, errors);
    if (errors.empty() &&
        (table->rows.size() < 2 || cell(table->rows.front(), column[2]) != "opening" ||
         cell(table->rows.back(), column[2]) != "closing")) {
        errors.push_back(too_short(*table));
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    CsvCells cells(*table, errors);
    StatementFile s;
    const auto& first = table->rows.front();
    const auto& last = table->rows.back();
    s.account = cells.text(first, column[0]);
    s.number = cells.integer(first, column[1]);
    s.covers = {cells.date(first, column[3]), cells.date(last, column[3])};
    s.opening = cells.money(first, column[5]);
    s.closing = cells.money(last, column[5]);
    Money balance = s.opening;
    std::set<std::int64_t> numbers;
    for (std::size_t i = 1; i < table->rows.size(); ++i) {
        const auto& row = table->rows[i];
        const std::size_t known = errors.size();
        if (cell(row, column[0]) != s.account) {
            cells.fail(row, column[0],
                       fmt::format("account '{}' in a statement of '{}'", cell(row, column[0]),
                                   s.account));
        }
        if (i + 1 < table->rows.size()) {
            StatementEntry e;
            e.entry = cells.integer(row, column[2]);
            if (errors.size() == known && !numbers.insert(e.entry).second)
                cells.fail(row, column[2], fmt::format("entry {} appears a second time", e.entry));
            e.date = day_within(cells, row, column[3], s.covers, errors);
            e.amount = cells.money(row, column[4]);
            e.reference = cell(row, column[6]);
            e.counterparty = cell(row, column[7]);
            e.obligor_code = cell(row, column[8]);
            balance += e.amount;
            s.entries.push_back(std::move(e));
        }
        // One wrong cell is told once: what follows is judged from the balance that is stated.
        const Money stated = cells.money(row, column[5]);
        if (errors.size() == known && stated != balance) {
            cells.fail(row, column[5],
                       fmt::format("balance '{}' is not the balance before plus the "
                                   "amount, {}",
                                   stated.str(), balance.str()));
        }
        balance = stated;
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    return s;
}

void match_references(StatementFile& statement, const DealState& state)
{
    for (StatementEntry& e : statement.entries) {
        if (e.amount >= zero || !e.reference.starts_with("purchase/")) continue;
        if (state.payables.contains(e.reference) || state.purchases.contains(e.reference)) continue;
        const std::string day =
            e.reference.substr(0, std::string_view("purchase/YYYY-MM-DD").size());
        std::vector<std::string> found;
        for (const auto& [reference, purchase] : state.purchases) {
            if (reference.starts_with(day)) found.push_back(reference);
        }
        for (const auto& [reference, amount] : state.payables) {
            if (reference.starts_with(day) && !state.purchases.contains(reference)) {
                found.push_back(reference);
            }
        }
        if (found.size() == 1) e.reference = found.front();
    }
}

std::string collections_csv(const CollectionsFile& c)
{
    std::string text = csv_line(collections_columns);
    text += csv_line(Cells{c.covers.from.str(), "", "", "opening", "0.00"});
    Money sum;
    for (const Allocation& a : c.allocations) {
        sum += a.amount;
        text += csv_line(Cells{a.date.str(), a.receipt, a.asset_id, std::string(name(a.kind)),
                               a.amount.str()});
    }
    text += csv_line(Cells{c.covers.to.str(), "", "", "closing", sum.str()});
    return text;
}

std::string proposal_csv(Record::Covers covers, const std::vector<ProposedAllocation>& proposed)
{
    Cells header = collections_columns;
    header.insert(header.end(), proposal_columns.begin(), proposal_columns.end());
    std::string text = csv_line(header);
    text += csv_line(Cells{covers.from.str(), "", "", "opening", "0.00", "", ""});
    Money sum;
    for (const auto& [a, confidence, reason] : proposed) {
        sum += a.amount;
        text += csv_line(Cells{a.date.str(), a.receipt, a.asset_id, std::string(name(a.kind)),
                               a.amount.str(), std::string(name(confidence)), reason});
    }
    text += csv_line(Cells{covers.to.str(), "", "", "closing", sum.str(), "", ""});
    return text;
}

Checked<CollectionsFile> parse_collections_file(std::string_view bytes, std::string name)
{
    auto table = parse_csv(bytes, std::move(name));
    if (!table) return tl::make_unexpected(table.error());
    Errors errors;
    const Columns column(*table, collections_columns, errors, proposal_columns);
    if (errors.empty() &&
        (table->rows.size() < 2 || cell(table->rows.front(), column[3]) != "opening" ||
         cell(table->rows.back(), column[3]) != "closing")) {
        errors.push_back(too_short(*table));
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    CsvCells cells(*table, errors);
    CollectionsFile c;
    const auto& last = table->rows.back();
    c.covers = {cells.date(table->rows.front(), column[0]), cells.date(last, column[0])};
    Money sum;
    for (std::size_t i = 1; i + 1 < table->rows.size(); ++i) {
        const auto& row = table->rows[i];
        Allocation a;
        a.date = day_within(cells, row, column[0], c.covers, errors);
        a.receipt = cells.text(row, column[1]);
        a.asset_id = cell(row, column[2]);
        const std::string_view word = cell(row, column[3]);
        a.amount = word == "unapplied" ? cells.money(row, column[4])
                                       : above_zero(cells, row, column[4], errors);
        const auto kind = allocation_kind(word);
        if (!kind) {
            cells.fail(row, column[3], fmt::format("'{}' is not a kind of allocation", word),
                       "write payment, dilution, unapplied, income, repurchase or support");
        } else {
            a.kind = *kind;
        }
        sum += a.amount;
        c.allocations.push_back(std::move(a));
    }
    const std::size_t known = errors.size();
    if (const Money stated = cells.money(last, column[4]);
        errors.size() == known && stated != sum) {
        cells.fail(
            last, column[4],
            fmt::format("the sum '{}' is not that of the rows, {}", stated.str(), sum.str()));
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    return c;
}

std::string dilutions_csv(const std::vector<Dilution>& dilutions)
{
    const bool extended = std::any_of(dilutions.begin(), dilutions.end(),
                                      [](const Dilution& d) { return d.due.has_value(); });
    std::string text = csv_line(extended ? extension_columns : dilution_columns);
    for (const Dilution& d : dilutions) {
        Cells cells{d.asset_id, d.date.str(), d.amount.str(), d.reason};
        if (extended) cells.push_back(d.due ? d.due->str() : "");
        text += csv_line(cells);
    }
    return text;
}

std::string insolvency_csv(const InsolvencyFile& insolvency)
{
    std::string text = csv_line(insolvency_columns);
    for (const std::string& obligor : insolvency.obligors) {
        text += csv_line(Cells{insolvency.date.str(), insolvency.group, obligor});
    }
    return text;
}

Checked<StatementFile> read_statement_file(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) return tl::make_unexpected(Errors{bytes.error()});
    return parse_statement_file(*bytes, path);
}

Checked<CollectionsFile> read_collections_file(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) return tl::make_unexpected(Errors{bytes.error()});
    return parse_collections_file(*bytes, path);
}

Checked<std::vector<Dilution>> read_dilutions_file(const std::string& path)
{
    auto table = read_csv(path);
    if (!table) return tl::make_unexpected(table.error());
    Errors errors;
    const bool extended = table->column("due") >= 0;
    const Columns column(*table, extended ? extension_columns : dilution_columns, errors);
    if (!errors.empty()) return tl::make_unexpected(errors);
    CsvCells cells(*table, errors);
    std::vector<Dilution> result;
    std::set<std::pair<std::string, Date>> seen;
    for (const auto& row : table->rows) {
        result.push_back({cells.text(row, column[0]), cells.date(row, column[1]),
                          above_zero(cells, row, column[2], errors), cells.text(row, column[3])});
        Dilution& d = result.back();
        const bool extension = d.reason == "extension";
        if (extended && (extension || !cell(row, column[4]).empty())) {
            d.due = cells.date(row, column[4]);
        }
        if (extension != d.due.has_value()) {
            cells.fail(row, extension ? column[3] : column[4],
                       extension ? "an extension needs its new due date"
                                 : fmt::format("a {} has no new due date", d.reason),
                       extension ? "add a column 'due'" : "");
        }
        if (!seen.insert({d.asset_id, d.date}).second)
            cells.fail(row, column[0],
                       fmt::format("'{}' on {} appears a second time", d.asset_id, d.date.str()),
                       "a day's dilutions of one receivable are one row");
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    return result;
}

Checked<InsolvencyFile> read_insolvency_file(const std::string& path)
{
    auto table = read_csv(path);
    if (!table) return tl::make_unexpected(table.error());
    Errors errors;
    const Columns column(*table, insolvency_columns, errors);
    if (errors.empty() && table->rows.empty()) {
        errors.push_back({Code::invalid_input, "no obligor is named", {path, 1, 1, 0}, ""});
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    CsvCells cells(*table, errors);
    InsolvencyFile result;
    for (const auto& row : table->rows) {
        const Date date = cells.date(row, column[0]);
        const std::string group = cells.text(row, column[1]);
        if (&row == &table->rows.front()) {
            result.date = date;
            result.group = group;
        } else if (date != result.date || group != result.group) {
            cells.fail(row, column[1],
                       fmt::format("'{}' on {} in a file of '{}' on {}", group, date.str(),
                                   result.group, result.date.str()),
                       "a file has one day and one group");
        }
        const std::string obligor = cells.text(row, column[2]);
        if (std::find(result.obligors.begin(), result.obligors.end(), obligor) !=
            result.obligors.end())
            cells.fail(row, column[2], fmt::format("'{}' appears a second time", obligor));
        result.obligors.push_back(obligor);
    }
    if (!errors.empty()) return tl::make_unexpected(errors);
    return result;
}

} // namespace tranchain
