// Statement CSV: a bank's own table, told by a mapping file (tranchain-pool(5)).
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include <fmt/core.h>

#include "data/csv.hpp"
#include "data/statement.hpp"
#include "data/text.hpp"
#include "data/toml.hpp"

namespace tranchain {

namespace {

const std::vector<std::string> statement_names{
    "date",           "value_date", "amount",       "credit", "debit",   "balance",
    "bank_reference", "reference",  "counterparty", "text",   "account", "currency"};

class StatementRows {
public:
    StatementRows(const CsvTable& table, const Mapping& mapping)
        : table_(table), mapping_(mapping), cells_(table, errors_)
    {
        for (const auto& [name, column] : mapping.columns) {
            at_[name] = table.column(column.text);
            if (at_[name] >= 0) continue;
            const auto match = closest(column.text, table.header);
            errors_.push_back({Code::invalid_input,
                               fmt::format("'{}' has no column '{}'", table.file, column.text),
                               column.where,
                               match ? fmt::format("did you mean '{}'?", *match)
                                     : "its columns are " + join(table.header, ", ")});
        }
    }

    Checked<std::vector<BankStatement>> read()
    {
        if (errors_.empty() && table_.rows.empty())
            errors_.push_back({Code::invalid_input,
                               "the statement has no rows",
                               {table_.file, 1, 0},
                               "the file is cut short, or nothing happened"});
        std::vector<BankStatement> statements;
        if (errors_.empty()) {
            for (const CsvTable::Row& row : table_.rows) take(row, statements);
        }
        if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
        for (BankStatement& s : statements) finish(s);
        return statements;
    }

private:
    bool has(const char* name) const { return at_.contains(name); }
    std::string text(const CsvTable::Row& row, const char* name)
    {
        if (const auto c = mapping_.constants.find(name); c != mapping_.constants.end())
            return c->second;
        return has(name) ? one_line(row.fields[static_cast<std::size_t>(at_[name])])
                         : std::string();
    }

    std::optional<Date> day(const CsvTable::Row& row, const char* name)
    {
        if (!has(name)) return std::nullopt;
        const std::string written = cells_.ascii(row, at_[name]);
        const auto date = mapping_.dates.read(written);
        if (date) return *date;
        cells_.fail(row, at_[name],
                    fmt::format("{} in column '{}'", date.error().message,
                                mapping_.columns.find(name)->second.text),
                    date.error().hint);
        return Date();
    }

    /// Nothing where the cell is empty or the column is not mapped.
    std::optional<Money> money(const CsvTable::Row& row, const char* name)
    {
        if (!has(name)) return std::nullopt;
        const std::string written = cells_.ascii(row, at_[name]);
        if (written.empty() || written == "-") return std::nullopt;
        const auto amount =
            parse_loose_money(written, mapping_.decimal_mark, mapping_.thousands_mark);
        if (amount) return *amount;
        cells_.fail(row, at_[name],
                    fmt::format("{} in column '{}'", amount.error().message,
                                mapping_.columns.find(name)->second.text),
                    amount.error().hint);
        return Money();
    }

    void take(const CsvTable::Row& row, std::vector<BankStatement>& statements)
    {
        BankEntry e;
        e.where = {table_.file, row.line, 1};
        e.date = day(row, "date").value_or(Date());
        e.value_date = day(row, "value_date");
        if (has("amount")) {
            e.amount = money(row, "amount").value_or(zero);
        } else {
            const Money credit = money(row, "credit").value_or(zero);
            const Money debit = money(row, "debit").value_or(zero);
            if (credit != zero && debit != zero)
                cells_.fail(row, at_["credit"], "one row is both a credit and a debit",
                            "one of the two columns is empty");
            // A column of debits may be written with its sign or without; of credits it stands.
            e.amount = credit != zero ? credit : debit < zero ? debit : -debit;
        }
        e.balance = money(row, "balance");
        e.bank_reference = text(row, "bank_reference");
        e.reference = text(row, "reference");
        e.counterparty = text(row, "counterparty");
        e.text = text(row, "text");
        const std::string account = text(row, "account"), currency = text(row, "currency");
        if (account.empty())
            cells_.fail(row, std::max(0, has("account") ? at_["account"] : 0),
                        "the row names no account");
        auto same = std::find_if(statements.begin(), statements.end(),
                                 [&](const auto& s) { return s.account == account; });
        if (same == statements.end()) {
            statements.emplace_back();
            same = statements.end() - 1;
            same->where = e.where;
            same->format = "CSV";
            same->account = account;
            same->currency = currency;
        }
        if (same->currency != currency)
            cells_.fail(row, has("currency") ? at_["currency"] : 0,
                        fmt::format("'{}' in an account of '{}'", currency, same->currency),
                        "one account has one currency");
        if (e.amount != zero) same->entries.push_back(std::move(e));
    }

    /// True when each balance is the one before plus the amount.
    static bool runs(const std::vector<BankEntry>& entries)
    {
        for (std::size_t i = 1; i < entries.size(); ++i)
            if (entries[i].balance && entries[i - 1].balance &&
                entries[i - 1].balance->in_fen() + entries[i].amount.in_fen() !=
                    entries[i].balance->in_fen())
                return false;
        return true;
    }

    /// Oldest first, whichever way the bank sorts; balances where every row has one.
    static void finish(BankStatement& s)
    {
        if (s.entries.empty()) return;
        std::vector<BankEntry> turned(s.entries.rbegin(), s.entries.rend());
        const bool newest_first = s.entries.front().date > s.entries.back().date;
        const bool same_day = s.entries.front().date == s.entries.back().date;
        if (newest_first || (same_day && !runs(s.entries) && runs(turned)))
            s.entries = std::move(turned);
        const BankEntry& first = s.entries.front();
        const BankEntry& last = s.entries.back();
        if (!first.balance || !last.balance) return;
        const std::int64_t opening = first.balance->in_fen() - first.amount.in_fen();
        if (opening > Money::max_fen || opening < -Money::max_fen) return;
        // The day before the first row: what was there in the evening.
        const bool earliest = first.date == Date::of(1900, 1, 1);
        s.opening =
            BankBalance{first.where, Money::fen(opening), earliest ? first.date : first.date - 1};
        s.closing = BankBalance{last.where, *last.balance, last.date};
    }

    const CsvTable& table_;
    const Mapping& mapping_;
    Errors errors_;
    CsvCells cells_;
    std::map<std::string, int, std::less<>> at_;
};

} // namespace

Checked<Mapping> parse_statement_mapping(std::string_view text, std::string file_name)
{
    auto file = TomlFile::parse(text, std::move(file_name));
    if (!file) return tl::make_unexpected(std::move(file.error()));
    Mapping mapping;
    TomlTable root = file->root();
    mapping.file = root.where().file;
    if (auto table = root.optional_table("file")) read_mapping_file(*table, mapping);
    TomlTable columns = root.table("columns");
    for (const std::string& key : columns.keys()) {
        if (std::find(statement_names.begin(), statement_names.end(), key) !=
            statement_names.end()) {
            mapping.columns[key] = columns.text(key);
            continue;
        }
        const auto match = closest(key, statement_names);
        columns.fail(key, fmt::format("'{}' is not something a statement can give", key),
                     match ? fmt::format("did you mean '{}'?", *match)
                           : "one of " + join(statement_names, ", "));
    }
    if (auto constants = root.optional_table("constants")) {
        for (const std::string& key : constants->keys()) {
            if (key != "account" && key != "currency")
                constants->fail(key, fmt::format("'{}' cannot be a constant", key),
                                "account or currency");
            else if (mapping.columns.contains(key))
                constants->fail(key, fmt::format("'{}' is both a column and a constant", key));
            else
                mapping.constants[key] = constants->text(key).text;
        }
    }
    const bool both = mapping.columns.contains("credit") && mapping.columns.contains("debit");
    if (!mapping.columns.contains("date"))
        columns.fail("date", "the date is missing", "date = the bank's column");
    if (mapping.columns.contains("amount") == both)
        columns.fail("amount", "the amount is missing, or there are two",
                     "either 'amount', or 'credit' and 'debit'");
    for (const char* key : {"account", "currency"})
        if (!mapping.columns.contains(key) && !mapping.constants.contains(key))
            root.fail("constants", fmt::format("the {} is missing", key),
                      "add it under [columns] or [constants]");
    Errors errors = file->finish();
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return mapping;
}

Checked<std::vector<BankStatement>>
parse_statement_csv(std::string_view bytes, const std::string& file, const Mapping& mapping)
{
    auto table = parse_csv(bytes, file);
    if (!table) return tl::make_unexpected(table.error());
    return StatementRows(*table, mapping).read();
}

} // namespace tranchain
