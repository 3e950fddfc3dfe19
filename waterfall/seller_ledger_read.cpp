// Seller ledger, files: invoices through a mapping or by our own names, events beside them.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "data/csv.hpp"
#include "data/digest.hpp"
#include "data/input_name.hpp"
#include "data/text.hpp"
#include "waterfall/seller_ledger.hpp"

namespace tranchain {

namespace {

class LedgerEventReader {
public:
    LedgerEventReader(const CsvTable& table, const Mapping& mapping)
        : table_(table), mapping_(mapping), cells_(table, errors_)
    {
    }

    Checked<std::vector<LedgerEvent>> read()
    {
        find_columns();
        if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
        std::vector<LedgerEvent> out;
        for (const CsvTable::Row& row : table_.rows) out.push_back(event(row));
        if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
        return out;
    }

private:
    enum Place : std::uint8_t { id, date, kind, amount };
    static constexpr std::array<const char*, 4> names{"id", "date", "kind", "amount"};
    static constexpr std::array<const char*, 3> kinds{"payment", "dilution", "writeoff"};

    static std::string theirs(const std::map<std::string, Located, std::less<>>& renamed,
                              const char* ours)
    {
        const auto found = renamed.find(ours);
        return found == renamed.end() ? std::string(ours) : found->second.text;
    }

    void find_columns()
    {
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string name = theirs(mapping_.events, names[i]);
            columns_[i] = table_.column(name);
            if (columns_[i] >= 0) continue;
            const auto near = closest(name, table_.header);
            errors_.push_back({Code::invalid_input, fmt::format("column '{}' is missing", name),
                               {table_.file, 1, 1, 0},
                               near ? fmt::format("did you mean '{}'? [events] of the mapping says so", *near)
                                    : "events have id, date, kind, amount, or the columns that "
                                      "[events] of the mapping names"});
        }
    }

    LedgerEvent event(const CsvTable::Row& row)
    {
        LedgerEvent e;
        e.where = {table_.file, row.line, 0, 0};
        e.id = cells_.text(row, columns_[id]);
        if (const auto day = mapping_.dates.read(cells_.ascii(row, columns_[date]))) {
            e.date = *day;
        } else {
            cells_.fail(row, columns_[date], day.error().message, day.error().hint);
        }
        const auto money = parse_loose_money(cells_.ascii(row, columns_[amount]),
                                             mapping_.decimal_mark, mapping_.thousands_mark);
        if (money) {
            e.amount = *money;
        } else {
            cells_.fail(row, columns_[amount], money.error().message, money.error().hint);
        }
        e.kind = kind_of(row);
        return e;
    }

    LedgerFlow::Kind kind_of(const CsvTable::Row& row)
    {
        const std::string word = cells_.text(row, columns_[kind]);
        std::vector<std::string> known;
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            known.push_back(theirs(mapping_.kinds, kinds[i]));
            if (word == known.back()) return static_cast<LedgerFlow::Kind>(i);
        }
        cells_.fail(row, columns_[kind], fmt::format("'{}' is no kind of event", word),
                    fmt::format("one of {}; [kinds] of a mapping says other words", join(known, ", ")));
        return LedgerFlow::Kind::payment;
    }

    const CsvTable& table_;
    const Mapping& mapping_;
    Errors errors_;
    CsvCells cells_;
    std::array<int, 4> columns_{};
};

/// At least one day of settlement, or one payment: else all would seem to default.
bool says_what_was_paid(const Ledger& ledger, const std::vector<LedgerEvent>& events)
{
    return std::any_of(ledger.invoices.begin(), ledger.invoices.end(),
                       [](const Invoice& i) { return i.settled_date.has_value(); }) ||
           std::any_of(events.begin(), events.end(),
                       [](const LedgerEvent& e) { return e.kind == LedgerFlow::Kind::payment; });
}

} // namespace

Checked<std::vector<LedgerEvent>>
parse_ledger_events(std::string_view bytes, std::string file_name, const Mapping& mapping)
{
    const auto table = parse_csv(bytes, std::move(file_name));
    if (!table) return tl::make_unexpected(table.error());
    return LedgerEventReader(*table, mapping).read();
}

Checked<SellerLedger> read_seller_ledger(const LedgerFiles& files)
{
    const auto bytes = read_file(files.ledger);
    if (!bytes) return tl::make_unexpected(Errors{bytes.error()});
    const std::string name = input_name(files.ledger);
    std::vector<LedgerInput> inputs{{"ledger", files.ledger, hex(sha256(*bytes))}};
    Mapping mapping;
    if (files.map) {
        const auto text = read_file(*files.map);
        if (!text) return tl::make_unexpected(Errors{text.error()});
        auto read = parse_mapping(*text, input_name(*files.map));
        if (!read) return tl::make_unexpected(read.error());
        mapping = std::move(*read);
        inputs.push_back({"mapping", *files.map, hex(sha256(*text))});
    } else {
        const auto table = parse_csv(*bytes, name);
        if (!table) return tl::make_unexpected(table.error());
        mapping = plain_mapping(table->header);
        for (auto& [ours, theirs] : mapping.columns) theirs.where = {name, 1, 1, 0};
    }
    const auto ledger = parse_ledger(*bytes, name, mapping);
    if (!ledger) return tl::make_unexpected(ledger.error());
    std::vector<LedgerEvent> events;
    if (files.events) {
        const auto text = read_file(*files.events);
        if (!text) return tl::make_unexpected(Errors{text.error()});
        auto read = parse_ledger_events(*text, input_name(*files.events), mapping);
        if (!read) return tl::make_unexpected(read.error());
        events = std::move(*read);
        inputs.push_back({"events", *files.events, hex(sha256(*text))});
    }
    auto out = seller_ledger(*ledger, mapping, events, files.as_of);
    if (!out) return out;
    if (!says_what_was_paid(*ledger, events)) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input,
                    "nothing says what was paid of these invoices",
                    {name, 1, 0, 0},
                    "--events FILE has the payments, or a column settled_date the days, under another "
                    "name if [columns] of a mapping says so"}});
    }
    out->inputs = std::move(inputs);
    return out;
}

} // namespace tranchain
