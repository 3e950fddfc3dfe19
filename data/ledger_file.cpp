// Ledger file: a servicer's export read through a mapping, and what becomes of its lines.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "data/assert.hpp"
#include "data/csv.hpp"
#include "data/mapping.hpp"
#include "data/tape_schema.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

class LedgerReader {
public:
    LedgerReader(CsvTable table, const Mapping& mapping)
        : table_(std::move(table)), mapping_(mapping), cells_(table_, errors_)
    {
    }
    Checked<Ledger> read();

private:
    void find_columns();
    Invoice read_row(const CsvTable::Row& row);
    void check(const CsvTable::Row& row, const Invoice& invoice);
    Date date(const CsvTable::Row& row, int column);
    Money money(const CsvTable::Row& row, int column);
    [[nodiscard]] int index(std::string_view ours) const
    {
        const auto it = indexes_.find(ours);
        return it == indexes_.end() ? -1 : it->second;
    }
    static std::string_view raw(const CsvTable::Row& row, int column)
    {
        return row.fields[static_cast<std::size_t>(column)];
    }
    void cell_error(const CsvTable::Row& row, int column, const Error& error)
    {
        cells_.fail(row, column,
                    fmt::format("{} in column '{}'", error.message,
                                table_.header[static_cast<std::size_t>(column)]),
                    error.hint);
    }

    CsvTable table_;
    const Mapping& mapping_;
    Errors errors_;
    CsvCells cells_;
    std::map<std::string, int, std::less<>> indexes_; // our name, place in the file
    std::unordered_map<std::string, int> ids_;
};

void LedgerReader::find_columns()
{
    for (const auto& [ours, theirs] : mapping_.columns) {
        const int at = table_.column(theirs.text);
        indexes_[ours] = at;
        if (at >= 0) {
            continue;
        }
        const auto match = closest(theirs.text, table_.header);
        errors_.push_back({Code::invalid_input,
                           fmt::format("'{}' has no column '{}'", table_.file, theirs.text),
                           theirs.where,
                           match ? fmt::format("did you mean '{}'?", *match)
                                 : "it has " + join(table_.header, ", ")});
    }
}

Date LedgerReader::date(const CsvTable::Row& row, int column)
{
    const auto date = mapping_.dates.read(cells_.ascii(row, column));
    if (date) {
        return *date;
    }
    cell_error(row, column, date.error());
    return {};
}

Money LedgerReader::money(const CsvTable::Row& row, int column)
{
    const std::string text = cells_.ascii(row, column);
    const auto money = parse_loose_money(text, mapping_.decimal_mark, mapping_.thousands_mark);
    if (money) {
        if (text.find(mapping_.thousands_mark) != std::string::npos) {
            cells_.count(separators_dropped, row, column);
        }
        return *money;
    }
    cell_error(row, column, money.error());
    return {};
}

Invoice LedgerReader::read_row(const CsvTable::Row& row)
{
    Invoice invoice;
    invoice.line = row.line;
    invoice.id = cells_.text(row, index("id"));
    invoice.obligor = cells_.text(row, index("obligor"));
    invoice.invoice_date = date(row, index("invoice_date"));
    invoice.due_date = date(row, index("due_date"));
    const int settled = index("settled_date");
    if (settled >= 0 && !trim(raw(row, settled)).empty()) {
        invoice.settled_date = date(row, settled);
        invoice.settled_column = table_.at(row, settled).column;
    }
    invoice.amount = money(row, index("amount"));
    for (const TapeColumn& column : tape_schema()) {
        const int at = index(column.name);
        if (at >= 0 && std::holds_alternative<Field<std::string>>(column.member)) {
            if (!column.required && trim(raw(row, at)).empty()) continue;
            invoice.more.emplace_back(column.name, column.free_text ? cells_.free_text(row, at)
                                                                    : cells_.text(row, at));
        }
    }
    return invoice;
}

void LedgerReader::check(const CsvTable::Row& row, const Invoice& invoice)
{
    if (invoice.amount < zero) {
        cells_.fail(row, index("amount"),
                    fmt::format("the amount '{}' is negative", invoice.amount.str()));
    }
    if (invoice.due_date < invoice.invoice_date) {
        cells_.fail(row, index("due_date"),
                    fmt::format("due on {}, before the invoice of {}", invoice.due_date.str(),
                                invoice.invoice_date.str()));
    }
    if (invoice.settled_date && *invoice.settled_date < invoice.invoice_date) {
        cells_.fail(row, index("settled_date"),
                    fmt::format("settled on {}, before the invoice of {}",
                                invoice.settled_date->str(), invoice.invoice_date.str()));
    }
}

Checked<Ledger> LedgerReader::read()
{
    find_columns();
    if (!errors_.empty()) {
        return tl::make_unexpected(std::move(errors_));
    }
    Ledger ledger;
    ledger.file = table_.file;
    ledger.invoices.reserve(table_.rows.size());
    for (const CsvTable::Row& row : table_.rows) {
        const std::size_t before = errors_.size();
        Invoice invoice = read_row(row);
        if (errors_.size() == before) {
            check(row, invoice);
        }
        const auto [first, fresh] = ids_.emplace(invoice.id, row.line);
        if (!fresh && !invoice.id.empty()) {
            cells_.fail(row, index("id"), fmt::format("'{}' appears a second time", invoice.id),
                        fmt::format("it stands first on line {}", first->second));
        }
        ledger.invoices.push_back(std::move(invoice));
    }
    if (!errors_.empty()) {
        return tl::make_unexpected(std::move(errors_));
    }
    ledger.conversions = table_.conversions;
    for (std::string& made : cells_.conversions()) {
        ledger.conversions.push_back(std::move(made));
    }
    return ledger;
}

Checked<Ledger> from_table(Checked<CsvTable> table, const Mapping& mapping)
{
    if (!table) {
        return tl::make_unexpected(std::move(table.error()));
    }
    return LedgerReader(std::move(*table), mapping).read();
}

const TapeColumn& column_named(std::string_view name)
{
    const auto schema = tape_schema();
    const auto it = std::find_if(schema.begin(), schema.end(),
                                 [&](const TapeColumn& column) { return column.name == name; });
    invariant(it != schema.end());
    return *it;
}

Receivable receivable_on(const Invoice& invoice, const Mapping& mapping, Date day)
{
    Receivable r;
    for (const auto& [name, text] : mapping.constants) {
        invariant(set_canonical(r, column_named(name), text).has_value());
    }
    r.asset_id = invoice.id;
    r.invoice_no = invoice.id;
    r.obligor_code = invoice.obligor;
    r.snapshot_date = day;
    r.purchase_date = day;
    r.invoice_date = invoice.invoice_date;
    r.due_date = invoice.due_date;
    r.invoice_amount = invoice.amount;
    r.original_balance = invoice.amount;
    r.current_balance = invoice.amount;
    r.purchase_price = invoice.amount;
    r.days_past_due = std::max(0, day - invoice.due_date);
    r.status = r.days_past_due > 0 ? Status::delinquent : Status::performing;
    for (const auto& [name, text] : invoice.more) {
        invariant(set_canonical(r, column_named(name), text).has_value());
    }
    if (r.obligor_group.empty()) {
        r.obligor_group = r.obligor_code;
    }
    return r;
}

} // namespace

Checked<Ledger> parse_ledger(std::string_view bytes, std::string file_name, const Mapping& mapping)
{
    return from_table(parse_csv(bytes, std::move(file_name)), mapping);
}

Checked<Ledger> read_ledger(const std::string& path, const Mapping& mapping)
{
    return from_table(read_csv(path), mapping);
}

Tape receivables_on(const Ledger& ledger, const Mapping& mapping, Date day)
{
    Tape tape;
    tape.file = ledger.file;
    for (const TapeColumn& column : tape_schema()) {
        const std::string name(column.name);
        if (column.required || mapping.columns.contains(name) || mapping.constants.contains(name)) {
            tape.columns.push_back(name);
        }
    }
    for (const Invoice& invoice : ledger.invoices) {
        if (!invoice.outstanding(day)) {
            continue;
        }
        tape.receivables.push_back(receivable_on(invoice, mapping, day));
        tape.lines.push_back(invoice.line);
    }
    tape.conversions = ledger.conversions;
    return tape;
}

std::vector<Settlement> settlements(const Ledger& ledger, Date from, Date to)
{
    std::vector<Settlement> result;
    for (const Invoice& invoice : ledger.invoices) {
        if (!invoice.settled_date || *invoice.settled_date < from || *invoice.settled_date > to) {
            continue;
        }
        result.push_back({*invoice.settled_date, invoice.id, invoice.obligor, invoice.amount});
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const Settlement& a, const Settlement& b) { return a.date < b.date; });
    return result;
}

} // namespace tranchain
