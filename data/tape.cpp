// Tape: reading with all problems at their place, writing, and rows of a record.
// SPDX-License-Identifier: Apache-2.0
#include "data/tape.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "data/assert.hpp"
#include "data/input_name.hpp"
#include "data/tape_schema.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

/// Reads the rows of one table as they come; every problem goes to errors_.
class TapeReader {
public:
    Checked<Tape> read(std::string bytes, std::string file);

private:
    struct Place {
        const TapeColumn* column;
        int index; // in the file
    };
    void begin(const CsvTable& table);
    void match_columns();
    void read_row(const CsvTable::Row& row);
    void check_row(const CsvTable::Row& row, const Receivable& receivable);
    void check_against_others(const CsvTable::Row& row, const Receivable& receivable);
    void set(const CsvTable::Row& row, const Place& place, Receivable& receivable);
    [[nodiscard]] int index_of(std::string_view column) const { return table_->column(column); }

    template <class E>
    E word(const CsvTable::Row& row, int index);
    std::string code(const CsvTable::Row& row, const Place& place);

    const CsvTable* table_ = nullptr; // while it is read
    Errors errors_;
    std::optional<CsvCells> cells_;
    bool columns_fit_ = false;
    std::vector<Place> places_; // in the order of the schema
    Tape tape_;
    std::unordered_map<std::string, int> ids_;      // asset_id, line
    std::unordered_map<std::string, int> invoices_; // code/number, line
};

void TapeReader::match_columns()
{
    std::vector<std::string> known;
    for (const TapeColumn& column : tape_schema()) {
        known.emplace_back(column.name);
        const int index = index_of(column.name);
        if (index >= 0) {
            places_.push_back({&column, index});
            tape_.columns.emplace_back(column.name);
        }
    }
    std::vector<std::string> missing;
    for (const TapeColumn& column : tape_schema()) {
        if (column.required && index_of(column.name) < 0) {
            missing.emplace_back(column.name);
        }
    }
    for (std::size_t i = 0; i < table_->header.size(); ++i) {
        const std::string& name = table_->header[i];
        if (std::find(known.begin(), known.end(), name) != known.end()) {
            continue;
        }
        // A missing required column is the likeliest thing a wrong name was meant to be.
        auto match = closest(name, missing);
        if (!match) {
            match = closest(name, known);
        }
        errors_.push_back({Code::invalid_input, fmt::format("unknown column '{}'", name),
                           table_->at(static_cast<int>(i)),
                           match
                               ? fmt::format("did you mean '{}'?", *match)
                               : "tranchain-pool(5) lists the columns; --map reads other exports"});
    }
    for (const std::string& name : missing) {
        errors_.push_back({Code::invalid_input,
                           fmt::format("column '{}' is missing", name),
                           {table_->file, 1, 0},
                           ""});
    }
}

template <class E>
E TapeReader::word(const CsvTable::Row& row, int index)
{
    const auto names = names_of<E>();
    const std::string_view text = row.fields[static_cast<std::size_t>(index)];
    const auto it = std::find(names.begin(), names.end(), text);
    if (it != names.end()) {
        return static_cast<E>(it - names.begin());
    }
    const std::vector<std::string> known(names.begin(), names.end());
    const auto match = closest(text, known);
    cells_->fail(row, index,
                fmt::format("'{}' is not a word of column '{}'", text,
                            table_->header[static_cast<std::size_t>(index)]),
                match && !match->empty() ? fmt::format("did you mean '{}'?", *match)
                                         : "one of " + join(known, ", "));
    return E{};
}

std::string TapeReader::code(const CsvTable::Row& row, const Place& place)
{
    if (place.column->free_text) {
        return cells_->free_text(row, place.index);
    }
    // These two are empty for a fully digital invoice, or where the group is the obligor itself.
    const std::string_view name = place.column->name;
    if (row.fields[static_cast<std::size_t>(place.index)].empty() &&
        (name == "invoice_code" || name == "obligor_group" || name == "invoice_no")) {
        return {};
    }
    return cells_->text(row, place.index);
}

void TapeReader::set(const CsvTable::Row& row, const Place& place, Receivable& receivable)
{
    const int i = place.index;
    const bool empty = row.fields[static_cast<std::size_t>(i)].empty();
    const auto read_one = [&](auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>) {
            value = code(row, place);
        } else if constexpr (std::is_same_v<T, Money>) {
            value = cells_->money(row, i);
        } else if constexpr (std::is_same_v<T, Date>) {
            value = cells_->date(row, i);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
            value = cells_->integer(row, i);
        } else if constexpr (std::is_enum_v<T>) {
            value = word<T>(row, i);
        } else if (empty) {
            value.reset();
        } else if constexpr (std::is_same_v<T, std::optional<Date>>) {
            value = cells_->date(row, i);
        } else if constexpr (std::is_same_v<T, std::optional<Money>>) {
            value = cells_->money(row, i);
        } else {
            const std::string text = cells_->text(row, i);
            if constexpr (std::is_same_v<T, std::optional<Rate>>) {
                if (const auto rate = Rate::parse(text)) {
                    value = *rate;
                    return;
                }
                cells_->fail(row, i, fmt::format("'{}' is not a rate", text), "write 7.00%");
            } else {
                value = text == "true";
                if (text == "true" || text == "false") {
                    return;
                }
                cells_->fail(row, i, fmt::format("'{}' is not true or false", text));
            }
        }
    };
    std::visit([&](auto member) { read_one(receivable.*member); }, place.column->member);
}

void TapeReader::check_row(const CsvTable::Row& row, const Receivable& receivable)
{
    for (Flaw& flaw : check_receivable(receivable)) {
        cells_->fail(row, index_of(flaw.column), std::move(flaw.message), std::move(flaw.hint));
    }
    if (receivable.registry_expiry && *receivable.registry_expiry < receivable.due_date) {
        tape_.warnings.push_back({Code::invalid_input, "registry_expiry is before due_date",
                                  table_->at(row, index_of("registry_expiry")), ""});
    }
}

void TapeReader::check_against_others(const CsvTable::Row& row, const Receivable& receivable)
{
    const auto [id, new_id] = ids_.emplace(receivable.asset_id, row.line);
    if (!new_id && !receivable.asset_id.empty()) {
        cells_->fail(row, index_of("asset_id"),
                    fmt::format("asset_id '{}' appears a second time", receivable.asset_id),
                    fmt::format("it stands first on line {}", id->second));
    }
    if (receivable.invoice_type != InvoiceType::none && !receivable.invoice_no.empty()) {
        const auto [invoice, new_invoice] =
            invoices_.emplace(receivable.invoice_code + "/" + receivable.invoice_no, row.line);
        if (!new_invoice) {
            cells_->fail(row, index_of("invoice_no"),
                        fmt::format("invoice '{}' appears a second time", receivable.invoice_no),
                        fmt::format("it stands first on line {}", invoice->second));
        }
    }
    if (tape_.receivables.empty()) {
        return;
    }
    const Receivable& first = tape_.receivables.front();
    if (receivable.snapshot_date != first.snapshot_date) {
        cells_->fail(row, index_of("snapshot_date"),
                    fmt::format("snapshot_date {} differs from {} of the first row",
                                receivable.snapshot_date.str(), first.snapshot_date.str()));
    }
    if (receivable.currency != first.currency) {
        cells_->fail(row, index_of("currency"),
                    fmt::format("currency '{}' differs from '{}' of the first row",
                                receivable.currency, first.currency));
    }
}

void TapeReader::read_row(const CsvTable::Row& row)
{
    const std::size_t before = errors_.size();
    Receivable receivable;
    for (const Place& place : places_) {
        set(row, place, receivable);
    }
    if (receivable.obligor_group.empty()) {
        receivable.obligor_group = receivable.obligor_code;
    }
    const bool parsed = errors_.size() == before;
    if (parsed) {
        check_row(row, receivable);
    }
    check_against_others(row, receivable);
    if (!parsed) {
        return;
    }
    tape_.receivables.push_back(std::move(receivable));
    tape_.lines.push_back(row.line);
}

void TapeReader::begin(const CsvTable& table)
{
    table_ = &table;
    tape_.file = table.file;
    cells_.emplace(table, errors_);
    match_columns();
    columns_fit_ = errors_.empty();
}

Checked<Tape> TapeReader::read(std::string bytes, std::string file)
{
    const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    auto table = scan_csv(std::move(bytes), std::move(file),
                          [&](const CsvTable& so_far, const CsvTable::Row& row) {
                              if (table_ == nullptr) {
                                  begin(so_far);
                                  tape_.receivables.reserve(lines);
                                  ids_.reserve(lines);
                                  invoices_.reserve(lines);
                              }
                              if (columns_fit_) {
                                  read_row(row);
                              }
                          });
    if (!table) {
        return tl::make_unexpected(std::move(table.error()));
    }
    const bool no_rows = table_ == nullptr;
    if (no_rows) {
        begin(*table);
    }
    if (errors_.empty() && no_rows) {
        errors_.push_back(
            {Code::invalid_input, "the tape has a header and no rows", {table->file, 1, 1}, ""});
    }
    if (!errors_.empty()) {
        return tl::make_unexpected(std::move(errors_));
    }
    tape_.conversions = table->conversions;
    for (std::string& made : cells_->conversions()) {
        tape_.conversions.push_back(std::move(made));
    }
    return std::move(tape_);
}

/// The schema's columns of these names, which must stand in its order.
std::vector<const TapeColumn*> columns_of(std::span<const std::string> names)
{
    std::vector<const TapeColumn*> columns;
    auto next = names.begin();
    for (const TapeColumn& column : tape_schema()) {
        if (next != names.end() && *next == column.name) {
            columns.push_back(&column);
            ++next;
        }
    }
    invariant(next == names.end());
    return columns;
}

} // namespace

Checked<Tape> read_tape(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) {
        return tl::make_unexpected(Errors{bytes.error()});
    }
    return TapeReader().read(std::move(*bytes), input_name(path));
}

Checked<Tape> parse_tape(std::string_view bytes, std::string file_name)
{
    return TapeReader().read(std::string(bytes), std::move(file_name));
}

std::string tape_csv(const Tape& tape)
{
    const auto columns = columns_of(tape.columns);
    std::string text = csv_line(tape.columns);
    std::vector<std::string> fields(columns.size());
    for (const Receivable& receivable : tape.receivables) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            fields[i] = canonical_text(receivable, *columns[i]);
        }
        text += csv_line(fields);
    }
    return text;
}

Result<> write_tape(const std::string& path, const Tape& tape)
{
    return write_file(path, tape_csv(tape));
}

Row to_row(const Receivable& receivable, std::span<const std::string> columns)
{
    Row row;
    row.key = receivable.asset_id;
    for (const TapeColumn* column : columns_of(columns)) {
        row.fields.emplace_back(column->name, canonical_text(receivable, *column));
    }
    return row;
}

std::vector<Row> to_rows(const Tape& tape, const RandomSource& random)
{
    std::vector<Row> rows;
    rows.reserve(tape.receivables.size());
    for (const Receivable& receivable : tape.receivables) {
        rows.push_back(to_row(receivable, tape.columns));
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.key < b.key; });
    for (Row& row : rows) {
        row.secret = random();
    }
    return rows;
}

Checked<Receivable> from_row(const Row& row)
{
    Errors errors;
    const auto add = [&](std::string message, std::string hint = {}) {
        errors.push_back({Code::invalid_input,
                          fmt::format("row '{}': {}", row.key, std::move(message)),
                          {},
                          std::move(hint)});
    };
    Receivable receivable;
    const auto schema = tape_schema();
    std::size_t next = 0;
    std::vector<bool> seen(schema.size());
    for (const auto& [name, value] : row.fields) {
        const auto it =
            std::find_if(schema.begin() + static_cast<std::ptrdiff_t>(next), schema.end(),
                         [&](const TapeColumn& column) { return column.name == name; });
        if (it == schema.end()) {
            add(fmt::format("field '{}' is unknown or out of order", name));
            continue;
        }
        next = static_cast<std::size_t>(it - schema.begin()) + 1;
        seen[next - 1] = true;
        if (auto done = set_canonical(receivable, *it, value); !done) {
            add(fmt::format("field '{}': {}", name, done.error().message), done.error().hint);
        }
    }
    for (std::size_t i = 0; i < schema.size(); ++i) {
        if (schema[i].required && !seen[i]) {
            add(fmt::format("field '{}' is missing", schema[i].name));
        }
    }
    if (receivable.asset_id != row.key) {
        add("its key is not its asset_id");
    }
    if (receivable.obligor_group.empty()) {
        receivable.obligor_group = receivable.obligor_code;
    }
    if (!errors.empty()) {
        return tl::make_unexpected(std::move(errors));
    }
    return receivable;
}

} // namespace tranchain
