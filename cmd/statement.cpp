// statement: what the bank says, checked, and written as the rows that `anchor statement` takes.
// SPDX-License-Identifier: Apache-2.0
#include "data/statement.hpp"

#include <regex>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/input_name.hpp"
#include "data/text.hpp"
#include "waterfall/record_files.hpp"

namespace tranchain {

namespace {

struct StatementOptions {
    std::vector<std::string> files;
    std::string format, map, currency;
};

struct ConvertOptions : StatementOptions {
    std::string account;
    std::optional<std::int64_t> number;
    std::optional<Date> from, to;
};

using Statements = std::vector<BankStatement>;

Result<StatementFormat> format_of(const std::string& word)
{
    if (word.empty()) return StatementFormat::any;
    return word == "camt"  ? StatementFormat::camt
           : word == "csv" ? StatementFormat::csv
                           : StatementFormat::mt940;
}

/// All files, all problems; another currency than the one asked for is one.
Checked<Statements> read_all(const StatementOptions& o)
{
    if (o.files.empty())
        return tl::make_unexpected(Errors{{Code::usage,
                                           "FILE is required",
                                           {},
                                           "the statement of the bank, as it was received"}});
    std::optional<Mapping> mapping;
    if (!o.map.empty()) {
        auto text = read_file(o.map);
        if (!text) return tl::make_unexpected(Errors{text.error()});
        auto read = parse_statement_mapping(*text, o.map);
        if (!read) return tl::make_unexpected(read.error());
        mapping = std::move(*read);
    }
    Errors errors;
    Statements all;
    for (const std::string& file : o.files) {
        auto bytes = read_file(file);
        if (!bytes) {
            errors.push_back(bytes.error());
            continue;
        }
        auto read = parse_statements(std::move(*bytes), input_name(file),
                                     *format_of(o.format), mapping ? &*mapping : nullptr);
        if (!read) {
            errors.insert(errors.end(), read.error().begin(), read.error().end());
            continue;
        }
        for (BankStatement& s : *read) {
            if (!o.currency.empty() && !s.currency.empty() && s.currency != o.currency)
                errors.push_back(
                    {Code::invalid_input,
                     fmt::format("a statement in '{}', not in '{}'", s.currency, o.currency),
                     s.where, "one deal has one currency; --currency names another"});
            all.push_back(std::move(s));
        }
    }
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return all;
}

const char* word_of(Holds holds)
{
    return holds == Holds::yes ? "holds" : holds == Holds::no ? "fails" : "skipped";
}

Value balance_of(const std::optional<BankBalance>& balance)
{
    return balance ? Value(balance->amount) : Value();
}

Outcome run_statement_check(const StatementOptions& o, const Globals&, Output& out)
{
    auto all = read_all(o);
    if (!all) return all.error();
    const auto checks = check_statements(*all);
    Answer answer("tranchain.statement.check/1");
    Table& t = answer.table("statements", {{"line"},
                                           {"format"},
                                           {"account"},
                                           {"currency"},
                                           {"number"},
                                           {"from"},
                                           {"to"},
                                           {"opening"},
                                           {"credits"},
                                           {"debits"},
                                           {"closing"},
                                           {"entries"},
                                           {"file", "", true}});
    for (const BankStatement& s : *all)
        t.add({s.where.line, s.format, s.account, s.currency, s.number ? Value(s.number) : Value(),
               s.first_day(), s.last_day(), balance_of(s.opening), s.credits(), s.debits(),
               balance_of(s.closing), s.entries.size(), s.where.file});
    Table& c = answer.table(
        "checks", {{"file"}, {"line"}, {"check"}, {"result"}, {"detail", "", true}}, "checks");
    bool good = true;
    for (const StatementCheck& check : checks) {
        c.add({check.where.file, check.where.line, check.id, word_of(check.holds), check.detail});
        good = good && check.holds != Holds::no;
    }
    TRANCHAIN_DO(out.write(answer));
    return good ? Outcome() : answer_no();
}

/// What a debit pays, where the bank repeats it; else the text of the payer, or the bank's own.
std::string reference_of(const BankEntry& e)
{
    static const std::regex ours("(purchase|distribution)/[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]+)?");
    std::smatch found;
    if (e.amount < zero)
        for (const std::string* text : {&e.reference, &e.text})
            if (text->size() < 4000 && std::regex_search(*text, found, ours)) return found.str();
    for (const std::string* text : {&e.text, &e.reference, &e.bank_reference})
        if (!text->empty()) return *text;
    return "-";
}

/// Whether the statements are one account's, without a gap, all with balances.
Errors unfit(const Statements& all)
{
    Errors errors;
    for (const StatementCheck& c : check_statements(all))
        if (c.holds == Holds::no)
            errors.push_back(
                {Code::answer_no, c.detail, c.where, "'statement check' shows all checks", c.id});
    for (const BankStatement& s : all) {
        if (s.account != all.front().account || s.currency != all.front().currency)
            errors.push_back(
                {Code::invalid_input,
                 fmt::format("account '{}' beside '{}'", s.account, all.front().account), s.where,
                 "convert the files of one account at a time"});
        if (!s.opening || !s.closing)
            errors.push_back({Code::invalid_input, s.format + " without both balances", s.where,
                              "a statement is anchored with them: use camt.053 or MT940"});
    }
    return errors;
}

Result<StatementFile> joined(const Statements& all, const ConvertOptions& o)
{
    const auto order = order_of_statements(all);
    const BankStatement& first = all[order.front()];
    const BankStatement& last = all[order.back()];
    StatementFile file;
    file.account = o.account.empty() ? first.account : o.account;
    if (o.number)
        file.number = *o.number;
    else if (first.number == last.number)
        file.number = first.number;
    if (file.number < 1)
        return fail(Code::usage, "the statement has no single number of its own", first.where,
                    "--number N: one more than that of the statement anchored before");
    file.covers = {o.from.value_or(first.first_day()), o.to.value_or(last.last_day())};
    file.opening = first.opening->amount;
    file.closing = last.closing->amount;
    for (const std::size_t i : order)
        for (const BankEntry& e : all[i].entries) {
            if (!e.booked) continue;
            if (e.date < file.covers.from || e.date > file.covers.to)
                return fail(Code::invalid_input,
                            fmt::format("an entry of {} is outside the days covered, {} to {}",
                                        e.date.str(), file.covers.from.str(), file.covers.to.str()),
                            e.where, "--from and --to have to contain every entry");
            StatementEntry entry;
            entry.entry = static_cast<std::int64_t>(file.entries.size()) + 1;
            entry.date = e.date;
            entry.amount = e.amount;
            entry.reference = reference_of(e);
            entry.counterparty = e.counterparty;
            file.entries.push_back(std::move(entry));
        }
    return file;
}

Outcome run_statement_convert(const ConvertOptions& o, const Globals& globals, Output& out)
{
    auto all = read_all(o);
    if (!all) return all.error();
    if (Errors errors = unfit(*all); !errors.empty()) return errors;
    TRANCHAIN_TRY(const StatementFile file, joined(*all, o));
    const std::string csv = statement_csv(file);
    // Paired: what leaves is what the reader of `anchor statement` accepts.
    if (auto again = parse_statement_file(csv, globals.output.empty() ? "output" : globals.output);
        !again)
        return again.error();
    if (globals.output.empty()) return out.write_raw(csv);
    if (!globals.dry_run) TRANCHAIN_DO(write_file(globals.output, csv));
    out.say(fmt::format("{}: {} entries of {}, {} to {}, {} to {}", globals.output,
                        file.entries.size(), file.account, file.covers.from.str(),
                        file.covers.to.str(), file.opening.str(), file.closing.str()));
    return {};
}

void bind_statement(Setup& s, StatementOptions& o)
{
    s.positional("FILE", o.files, "statements of the bank").file();
    s.option("--as", o.format, "FORMAT", "the format, where the content does not tell it")
        .choices({"camt", "mt940", "csv"});
    s.option("--map", o.map, "FILE", "the columns of a CSV statement").file();
}

} // namespace

void add_statement(Tree& tree)
{
    tree.noun("statement", "read, check and convert the bank's statements");
    tree.add<StatementOptions>(
        "statement", "check", "whether statements add up and follow one another",
        run_statement_check, [](Setup& s, StatementOptions& o) {
            bind_statement(s, o);
            s.option("--currency", o.currency, "CCY", "refuse statements in another currency");
        });
    tree.add<ConvertOptions>(
        "statement", "convert", "write statements as rows for 'anchor statement'",
        run_statement_convert, [](Setup& s, ConvertOptions& o) {
            bind_statement(s, o);
            o.currency = "CNY";
            s.option("--currency", o.currency, "CCY", "the deal's currency; CNY unless given");
            s.option("--account", o.account, "ID", "the deal's name of the account");
            s.option("--number", o.number, "N", "the number of the statement on the chain");
            s.option("--from", o.from, "DATE", "first day covered");
            s.option("--to", o.to, "DATE", "last day covered");
        });
}

} // namespace tranchain
