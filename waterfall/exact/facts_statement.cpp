// The custodian's statement: entries of one account, and the days they declare complete.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "data/json_canonical.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/facts_rows.hpp"

namespace tranchain {

std::string entry_key(std::string_view account, std::int64_t number, std::int64_t entry)
{
    return fmt::format("{}/{:06}/{:08}", account, number, entry);
}

namespace {

std::string entry_text(const std::string& account, std::int64_t number, const StatementEntry& e)
{
    ObjectText text;
    text.add("account", account).add("amount", e.amount.str());
    if (!e.counterparty.empty()) text.add("counterparty", e.counterparty);
    text.add("date", e.date.str()).add("entry", e.entry);
    if (!e.obligor_code.empty()) text.add("obligor_code", e.obligor_code);
    return text.add("reference", e.reference).add("statement", number).take();
}

/// A row as entry_text writes it, without escapes; nothing if it is another, right or wrong.
std::optional<StatementRow> read_usual_line(std::string_view bytes)
{
    ObjectView o(bytes);
    StatementRow r;
    std::string_view account, amount, date, counterparty, code, reference;
    if (!o.take("account", account) || !o.take("amount", amount) ||
        (o.next_is("counterparty") && !o.take("counterparty", counterparty)) ||
        !o.take("date", date) || !o.take("entry", r.entry.entry) ||
        (o.next_is("obligor_code") && !o.take("obligor_code", code)) ||
        !o.take("reference", reference) || !o.take("statement", r.number) || !o.finished()) {
        return std::nullopt;
    }
    const auto money = Money::parse(amount);
    const auto day = Date::parse(date);
    if (!money || !day) return std::nullopt;
    r.account = account;
    r.entry.date = *day;
    r.entry.amount = *money;
    r.entry.reference = reference;
    r.entry.counterparty = counterparty;
    r.entry.obligor_code = code;
    return r;
}

} // namespace

StatementPart statement_part(const std::string& account,
                             std::int64_t number,
                             Money opening,
                             const std::vector<StatementEntry>& entries)
{
    std::map<Date, StatementPart::Day> days;
    StatementPart part{account, number, opening, opening, {}};
    for (const StatementEntry& e : entries) {
        part.closing += e.amount;
        StatementPart::Day& day = days[e.date];
        if (e.amount > zero)
            day.credits += e.amount;
        else
            day.debits.push_back({e.reference, -e.amount});
    }
    for (auto& [date, day] : days) {
        day.date = date;
        std::sort(day.debits.begin(), day.debits.end());
        part.days.push_back(std::move(day));
    }
    return part;
}

Submission build_statement(const std::string& account,
                           std::int64_t number,
                           Money opening,
                           Record::Covers covers,
                           std::vector<StatementEntry> entries,
                           const RandomSource& random)
{
    std::vector<Row> rows;
    rows.reserve(entries.size());
    for (const StatementEntry& e : entries) {
        rows.push_back(
            single_row(entry_key(account, number, e.entry), entry_text(account, number, e)));
    }
    const StatementPart part = statement_part(account, number, opening, entries);
    Json::Array list;
    for (const auto& day : part.days) {
        Json::Array debits;
        for (const Debit& d : day.debits) {
            debits.push_back(Json::object({{"reference", d.reference}, {"amount", d.amount}}));
        }
        list.push_back(Json::object(
            {{"date", day.date}, {"credits", day.credits}, {"debits", std::move(debits)}}));
    }
    Record r;
    r.type = record_type::statement;
    r.covers = covers;
    r.public_part = Json::object({{"account", account},
                                  {"number", number},
                                  {"opening", opening},
                                  {"closing", part.closing},
                                  {"days", std::move(list)}});
    return with_rows(std::move(r), seal_rows(std::move(rows), random));
}

namespace {

StatementPart::Day parse_day(const Json& json, Errors& errors)
{
    Fields f(json, "statement.days");
    StatementPart::Day day;
    day.date = f.date("date");
    day.credits = f.money("credits");
    if (day.credits < zero) f.add("credits", "is below zero");
    for (const Json& debit : f.array("debits")) {
        Fields d(debit, "statement.days.debits");
        Debit one{d.text("reference"), d.money("amount")};
        if (one.amount <= zero) d.add("amount", "is not above zero");
        if (!day.debits.empty() && one < day.debits.back()) d.add("reference", "is out of order");
        day.debits.push_back(std::move(one));
        for (Error& e : d.finish()) errors.push_back(std::move(e));
    }
    for (Error& e : f.finish()) errors.push_back(std::move(e));
    return day;
}

} // namespace

Checked<StatementPart> parse_statement(const Json& part)
{
    Fields f(part, "statement");
    StatementPart s;
    s.account = f.text("account");
    s.number = f.integer("number");
    s.opening = f.money("opening");
    s.closing = f.money("closing");
    Errors inner;
    Money sum = s.opening;
    for (const Json& json : f.array("days")) {
        StatementPart::Day day = parse_day(json, inner);
        if (!s.days.empty() && day.date <= s.days.back().date) f.add("days", "are not ascending");
        sum += day.credits;
        for (const Debit& d : day.debits) sum -= d.amount;
        s.days.push_back(std::move(day));
    }
    if (sum != s.closing) {
        f.add("closing",
              fmt::format("is {}, but opening and entries give {}", s.closing.str(), sum.str()));
    }
    Errors e = f.finish();
    e.insert(e.end(), inner.begin(), inner.end());
    if (!e.empty()) return tl::make_unexpected(std::move(e));
    return s;
}

namespace {

Result<StatementRow> read_any_line(const Row& row)
{
    auto json = row_object(row);
    if (!json) return tl::make_unexpected(std::move(json.error()));
    Fields f(*json, fmt::format("row '{}'", row.key));
    StatementRow r;
    r.account = f.text("account");
    r.number = f.integer("statement");
    r.entry.entry = f.integer("entry");
    r.entry.date = f.date("date");
    r.entry.amount = f.money("amount");
    r.entry.reference = f.text("reference");
    if (f.has("counterparty")) r.entry.counterparty = f.text("counterparty");
    if (f.has("obligor_code")) r.entry.obligor_code = f.text("obligor_code");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(bad_row(std::move(e)));
    return r;
}

} // namespace

Result<StatementRow> read_statement_row(const Row& row)
{
    std::optional<StatementRow> usual;
    if (const std::string* text = single_text(row)) usual = read_usual_line(*text);
    auto read = usual ? Result<StatementRow>(std::move(*usual)) : read_any_line(row);
    if (!read) return read;
    const StatementEntry& e = read->entry;
    const auto wrong = [&](std::string_view what) {
        return tl::make_unexpected(Error{
            Code::invalid_input, fmt::format("row '{}'.{}", row.key, what), {}, {}, "bad-row"});
    };
    if (e.amount == zero) return wrong("amount is zero");
    if (e.entry < 1 || e.entry > 99'999'999) return wrong("entry is out of range");
    if (row.key != entry_key(read->account, read->number, e.entry)) {
        return wrong("entry does not fit the key");
    }
    return read;
}

} // namespace tranchain
