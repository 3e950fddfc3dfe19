// The servicer's collections: which receipt pays which receivable.
//
// Up to 10^6 allocations arrive in one record, so a row of the usual shape is read in place; any
// other goes through the canonical reader, which says what is wrong with it.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "data/json_canonical.hpp"
#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/facts_rows.hpp"

namespace tranchain {

namespace {

constexpr std::array<std::string_view, 6> kind_names{"payment", "dilution",   "unapplied",
                                                     "income",  "repurchase", "support"};

bool has_asset(AllocationKind kind)
{
    return kind == AllocationKind::payment || kind == AllocationKind::dilution ||
           kind == AllocationKind::repurchase;
}

std::string text_of(const Allocation& a)
{
    ObjectText text;
    text.add("amount", a.amount.str());
    if (has_asset(a.kind)) text.add("asset_id", a.asset_id);
    return text.add("date", a.date.str())
        .add("kind", name(a.kind))
        .add("receipt", a.receipt)
        .take();
}

/// A row as text_of writes it, without escapes; nothing if it is another, right or wrong.
std::optional<Allocation> read_usual_allocation(std::string_view text)
{
    ObjectView o(text);
    std::string_view amount, asset, date, kind, receipt;
    if (!o.take("amount", amount) || (o.next_is("asset_id") && !o.take("asset_id", asset)) ||
        !o.take("date", date) || !o.take("kind", kind) || !o.take("receipt", receipt) ||
        !o.finished()) {
        return std::nullopt;
    }
    const auto money = Money::parse(amount);
    const auto day = Date::parse(date);
    const auto what = allocation_kind(kind);
    if (!money || !day || !what) return std::nullopt;
    return Allocation{*day, std::string(receipt), std::string(asset), *what, *money};
}

Result<Allocation> read_any_allocation(const Row& row)
{
    auto json = row_object(row);
    if (!json) return tl::make_unexpected(std::move(json.error()));
    Fields f(*json, fmt::format("row '{}'", row.key));
    Allocation a;
    a.date = f.date("date");
    a.receipt = f.text("receipt");
    const auto kind = allocation_kind(f.text("kind"));
    if (!kind) f.add("kind", "is not payment, dilution, unapplied, income, repurchase or support");
    a.kind = kind.value_or(AllocationKind::payment);
    a.amount = f.money("amount");
    if (f.has("asset_id")) a.asset_id = f.text("asset_id");
    if (Errors e = f.finish(); !e.empty()) return tl::make_unexpected(bad_row(std::move(e)));
    return a;
}

/// `date/receipt/nnnn`
bool fits_key(std::string_view key, const Allocation& a)
{
    const std::string date = a.date.str();
    const std::size_t head = date.size() + 1 + a.receipt.size() + 1;
    if (key.size() <= head || !key.starts_with(date) || key[date.size()] != '/') return false;
    if (key.substr(date.size() + 1, a.receipt.size()) != a.receipt || key[head - 1] != '/') {
        return false;
    }
    for (const char c : key.substr(head)) {
        if (c < '0' || c > '9') return false;
    }
    return true;
}

} // namespace

std::string_view name(AllocationKind kind)
{
    return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<AllocationKind> allocation_kind(std::string_view word)
{
    for (std::size_t i = 0; i < kind_names.size(); ++i) {
        if (kind_names[i] == word) return static_cast<AllocationKind>(i);
    }
    return std::nullopt;
}

Money& CollectionsPart::Day::sum_of(AllocationKind kind)
{
    switch (kind) {
    case AllocationKind::payment:
    case AllocationKind::dilution:
    case AllocationKind::repurchase:
        break;
    case AllocationKind::unapplied:
        return unapplied;
    case AllocationKind::income:
        return income;
    case AllocationKind::support:
        return support;
    }
    return amount;
}

CollectionsPart collections_part(const std::vector<Allocation>& allocations)
{
    std::map<Date, CollectionsPart::Day> days;
    CollectionsPart::Day* day = nullptr;
    for (const Allocation& a : allocations) { // most come in order of their dates
        if (day == nullptr || day->date != a.date) {
            day = &days[a.date];
            day->date = a.date;
        }
        day->sum_of(a.kind) += a.amount;
    }
    CollectionsPart part;
    for (const auto& [date, sums] : days) part.days.push_back(sums);
    return part;
}

Submission build_collections(Record::Covers covers,
                             std::vector<Allocation> allocations,
                             const RandomSource& random)
{
    std::map<std::pair<Date, std::string>, int> numbers;
    std::vector<Row> rows;
    rows.reserve(allocations.size());
    for (const Allocation& a : allocations) {
        const int n = ++numbers[{a.date, a.receipt}];
        rows.push_back(
            single_row(fmt::format("{}/{}/{:04}", a.date.str(), a.receipt, n), text_of(a)));
    }
    Json::Array list;
    for (const CollectionsPart::Day& day : collections_part(allocations).days) {
        Json json = Json::object({{"date", day.date},
                                  {"amount", day.amount},
                                  {"unapplied", day.unapplied},
                                  {"income", day.income}});
        if (day.support != zero) json["support"] = day.support;
        list.push_back(std::move(json));
    }
    Record r;
    r.type = record_type::collections;
    r.covers = covers;
    r.public_part = Json::object({{"days", std::move(list)}});
    return with_rows(std::move(r), seal_rows(std::move(rows), random));
}

Checked<CollectionsPart> parse_collections(const Json& part)
{
    Fields f(part, "collections");
    CollectionsPart result;
    Errors inner;
    for (const Json& json : f.array("days")) {
        Fields d(json, "collections.days");
        CollectionsPart::Day day;
        day.date = d.date("date");
        day.amount = d.money("amount");
        day.unapplied = d.money("unapplied");
        day.income = d.money("income");
        if (d.has("support")) day.support = d.money("support");
        if (day.amount < zero) d.add("amount", "is below zero");
        if (day.income < zero) d.add("income", "is below zero");
        if (day.support < zero) d.add("support", "is below zero");
        if (!result.days.empty() && day.date <= result.days.back().date) {
            d.add("date", "is not ascending");
        }
        for (Error& e : d.finish()) inner.push_back(std::move(e));
        result.days.push_back(day);
    }
    Errors e = f.finish();
    e.insert(e.end(), inner.begin(), inner.end());
    if (!e.empty()) return tl::make_unexpected(std::move(e));
    return result;
}

Result<Allocation> read_allocation(const Row& row)
{
    std::optional<Allocation> usual;
    if (const std::string* text = single_text(row)) usual = read_usual_allocation(*text);
    auto read = usual ? Result<Allocation>(std::move(*usual)) : read_any_allocation(row);
    if (!read) return read;
    const Allocation& a = *read;
    const auto wrong = [&](std::string_view what) {
        return tl::make_unexpected(Error{
            Code::invalid_input, fmt::format("row '{}': {}", row.key, what), {}, {}, "bad-row"});
    };
    if (has_asset(a.kind) == a.asset_id.empty()) return wrong("asset_id does not fit the kind");
    if (a.amount == zero || (a.amount < zero && a.kind != AllocationKind::unapplied)) {
        return wrong("amount is not above zero");
    }
    if (!fits_key(row.key, a)) return wrong("the key does not fit date and receipt");
    return read;
}

} // namespace tranchain
