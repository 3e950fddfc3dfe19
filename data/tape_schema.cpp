// Tape schema: the table of columns, and canonical text to and from each type.
// SPDX-License-Identifier: Apache-2.0
#include "data/tape_schema.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "data/assert.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

using R = Receivable;

// stored: never reorder; a row's root depends on this order.
const std::array schema = {
    TapeColumn{"asset_id", true, &R::asset_id},
    TapeColumn{"contract_no", true, &R::contract_no},
    TapeColumn{"snapshot_date", true, &R::snapshot_date},
    TapeColumn{"seller_code", true, &R::seller_code},
    TapeColumn{"seller_name", false, &R::seller_name, true},
    TapeColumn{"obligor_code", true, &R::obligor_code},
    TapeColumn{"obligor_name", false, &R::obligor_name, true},
    TapeColumn{"obligor_group", false, &R::obligor_group},
    TapeColumn{"obligor_rating", false, &R::obligor_rating, true},
    TapeColumn{"obligor_industry", false, &R::obligor_industry, true},
    TapeColumn{"obligor_region", false, &R::obligor_region, true},
    TapeColumn{"invoice_type", true, &R::invoice_type},
    TapeColumn{"invoice_code", true, &R::invoice_code},
    TapeColumn{"invoice_no", true, &R::invoice_no},
    TapeColumn{"invoice_amount", true, &R::invoice_amount},
    TapeColumn{"trade_contract_no", true, &R::trade_contract_no},
    TapeColumn{"delivery_date", false, &R::delivery_date},
    TapeColumn{"invoice_date", true, &R::invoice_date},
    TapeColumn{"due_date", true, &R::due_date},
    TapeColumn{"extended_due_date", false, &R::extended_due_date},
    TapeColumn{"currency", true, &R::currency},
    TapeColumn{"original_balance", true, &R::original_balance},
    TapeColumn{"current_balance", true, &R::current_balance},
    TapeColumn{"financed_amount", true, &R::financed_amount},
    TapeColumn{"holdback", false, &R::holdback},
    TapeColumn{"purchase_date", true, &R::purchase_date},
    TapeColumn{"purchase_price", true, &R::purchase_price},
    TapeColumn{"discount_rate", false, &R::discount_rate},
    TapeColumn{"recourse", true, &R::recourse},
    TapeColumn{"disclosed", true, &R::disclosed},
    TapeColumn{"confirmation", true, &R::confirmation},
    TapeColumn{"confirmation_date", false, &R::confirmation_date},
    TapeColumn{"registry_no", true, &R::registry_no},
    TapeColumn{"registry_expiry", false, &R::registry_expiry},
    TapeColumn{"doc_hash", false, &R::doc_hash, true},
    TapeColumn{"status", true, &R::status},
    TapeColumn{"days_past_due", true, &R::days_past_due},
    TapeColumn{"arrears_amount", false, &R::arrears_amount},
    TapeColumn{"default_date", false, &R::default_date},
    TapeColumn{"default_amount", false, &R::default_amount},
    TapeColumn{"collected_cum", true, &R::collected_cum},
    TapeColumn{"dilution_cum", true, &R::dilution_cum},
    TapeColumn{"dilution_reason", false, &R::dilution_reason},
    TapeColumn{"writeoff_cum", true, &R::writeoff_cum},
    TapeColumn{"recovery_cum", true, &R::recovery_cum},
    TapeColumn{"repurchase_date", false, &R::repurchase_date},
    TapeColumn{"repurchase_amount", false, &R::repurchase_amount},
    TapeColumn{"eligible", false, &R::eligible},
    TapeColumn{"servicer_ref", false, &R::servicer_ref, true},
    TapeColumn{"asset_type", false, &R::asset_type},
};

const std::array column_names = [] {
    std::array<std::string_view, schema.size()> names;
    std::transform(schema.begin(), schema.end(), names.begin(),
                   [](const TapeColumn& column) { return column.name; });
    return names;
}();

constexpr std::string_view invoice_types[] = {"special", "ordinary", "digital", "none"};
constexpr std::string_view recourses[] = {"full", "limited", "none"};
constexpr std::string_view disclosures[] = {"notified", "hidden"};
constexpr std::string_view confirmations[] = {"stamped", "electronic", "implied", "none"};
constexpr std::string_view statuses[] = {"performing",  "delinquent", "defaulted", "repurchased",
                                         "written_off", "collected",  "disputed"};
constexpr std::string_view dilution_reasons[] = {"",       "return", "rebate", "discount",
                                                 "setoff", "error",  "dispute"};
constexpr std::string_view asset_types[] = {"factoring", "instalment", "scheduled"};

template <class E>
std::string_view name_of(E value)
{
    return names_of<E>()[static_cast<std::size_t>(value)];
}

// One overload per type of member: text out.
std::string print(const std::string& value)
{
    return value;
}
std::string print(Money value)
{
    return value.str();
}
std::string print(Date value)
{
    return value.str();
}
std::string print(Rate value)
{
    return value.str();
}
std::string print(std::int64_t value)
{
    return std::to_string(value);
}
std::string print(bool value)
{
    return value ? "true" : "false";
}
template <class E>
requires std::is_enum_v<E> std::string print(E value)
{
    return std::string(name_of(value));
}
template <class T>
std::string print(const std::optional<T>& value)
{
    return value ? print(*value) : std::string();
}

// And text in; the caller compares with what print makes of it.
Result<> scan(std::string_view text, std::string& value)
{
    value = text;
    return {};
}
template <class T>
requires requires(std::string_view text)
{
    T::parse(text);
}
Result<> scan(std::string_view text, T& value)
{
    auto parsed = T::parse(text);
    if (!parsed) {
        return tl::make_unexpected(parsed.error());
    }
    value = *parsed;
    return {};
}
Result<> scan(std::string_view text, std::int64_t& value)
{
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) {
        return fail(Code::invalid_input, fmt::format("'{}' is not a whole number", text));
    }
    return {};
}
Result<> scan(std::string_view text, bool& value)
{
    if (text != "true" && text != "false") {
        return fail(Code::invalid_input, fmt::format("'{}' is not true or false", text));
    }
    value = text == "true";
    return {};
}
template <class E>
requires std::is_enum_v<E> Result<> scan(std::string_view text, E& value)
{
    const auto names = names_of<E>();
    const auto it = std::find(names.begin(), names.end(), text);
    if (it == names.end()) {
        return fail(Code::invalid_input, fmt::format("'{}' is not one of its words", text));
    }
    value = static_cast<E>(it - names.begin());
    return {};
}
template <class T>
Result<> scan(std::string_view text, std::optional<T>& value)
{
    value.reset();
    return text.empty() ? Result<>() : scan(text, value.emplace());
}

} // namespace

template <>
std::span<const std::string_view> names_of<InvoiceType>()
{
    return invoice_types;
}
template <>
std::span<const std::string_view> names_of<Recourse>()
{
    return recourses;
}
template <>
std::span<const std::string_view> names_of<Disclosed>()
{
    return disclosures;
}
template <>
std::span<const std::string_view> names_of<Confirmation>()
{
    return confirmations;
}
template <>
std::span<const std::string_view> names_of<Status>()
{
    return statuses;
}
template <>
std::span<const std::string_view> names_of<DilutionReason>()
{
    return dilution_reasons;
}
template <>
std::span<const std::string_view> names_of<AssetType>()
{
    return asset_types;
}

std::string_view name(InvoiceType value)
{
    return name_of(value);
}
std::string_view name(Recourse value)
{
    return name_of(value);
}
std::string_view name(Disclosed value)
{
    return name_of(value);
}
std::string_view name(Confirmation value)
{
    return name_of(value);
}
std::string_view name(Status value)
{
    return name_of(value);
}
std::string_view name(DilutionReason value)
{
    return name_of(value);
}
std::string_view name(AssetType value)
{
    return name_of(value);
}

std::span<const TapeColumn> tape_schema()
{
    return schema;
}
std::span<const std::string_view> tape_columns()
{
    return column_names;
}

std::vector<std::string> required_tape_columns()
{
    std::vector<std::string> names;
    for (const TapeColumn& column : schema) {
        if (column.required) {
            names.emplace_back(column.name);
        }
    }
    return names;
}

std::string canonical_text(const Receivable& receivable, const TapeColumn& column)
{
    return std::visit([&](auto member) { return print(receivable.*member); }, column.member);
}

Result<> set_canonical(Receivable& receivable, const TapeColumn& column, std::string_view text)
{
    if (!is_signable_text(text)) {
        return fail(Code::invalid_input, "holds a control or direction character");
    }
    auto done =
        std::visit([&](auto member) { return scan(text, receivable.*member); }, column.member);
    if (done && canonical_text(receivable, column) != text) {
        return fail(Code::invalid_input, fmt::format("'{}' is not canonical", text), {},
                    fmt::format("write '{}'", canonical_text(receivable, column)));
    }
    return done;
}

} // namespace tranchain
