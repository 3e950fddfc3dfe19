// Value: an ordered JSON writer.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/value.hpp"

#include <fmt/core.h>

#include "data/assert.hpp"
#include "data/rate.hpp"

namespace tranchain {

namespace {

void write_text(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
            }
            else { out += c; }
        }
    }
    out += '"';
}

/// Line break and indentation between items; `indent` < 0 keeps everything on one line.
void next_line(std::string& out, int indent)
{
    if (indent >= 0) { out.append(1, '\n').append(static_cast<std::size_t>(indent) * 2, ' '); }
}

}  // namespace

Value::Value(const Json& json)
{
    if (json.is_bool()) { value_ = json.as_bool(); }
    else if (json.is_integer()) { value_ = json.as_integer(); }
    else if (json.is_string()) { value_ = json.as_string(); }
    else if (json.is_array()) {
        Array items;
        for (const Json& item : json.as_array()) { items.emplace_back(item); }
        value_ = std::move(items);
    }
    else {
        Object members;
        for (const auto& [key, member] : json.as_object()) { members.emplace_back(key, member); }
        value_ = std::move(members);
    }
}

Value Value::object(std::initializer_list<Object::value_type> members)
{
    Value value;
    value.value_ = Object(members);
    return value;
}

Value Value::array(std::initializer_list<Value> items) { return Array(items); }

Value Value::texts(const std::vector<std::string>& items)
{
    return Array(items.begin(), items.end());
}

Value Value::number(std::string text)
{
    Value value;
    value.value_ = Number{std::move(text)};
    return value;
}

Value Value::rate(std::string text)
{
    Value value;
    value.value_ = Number{std::move(text), true};
    return value;
}

Value& Value::set(std::string key, Value value)
{
    auto* members = std::get_if<Object>(&value_);
    invariant(members != nullptr);
    for (auto& [name, old] : *members) {
        if (name == key) {
            old = std::move(value);
            return *this;
        }
    }
    members->emplace_back(std::move(key), std::move(value));
    return *this;
}

Value& Value::push(Value value)
{
    auto* items = std::get_if<Array>(&value_);
    invariant(items != nullptr);
    items->push_back(std::move(value));
    return *this;
}

bool Value::is_number() const
{
    return integer() != nullptr || money() != nullptr ||
           (std::holds_alternative<Number>(value_) && !is_rate());
}

std::string Value::text() const
{
    if (is_null()) { return ""; }
    if (const auto* text = std::get_if<std::string>(&value_)) { return *text; }
    if (const auto* money = std::get_if<Money>(&value_)) { return money->str(); }
    if (const auto* day = date()) { return day->str(); }
    if (const auto* number = std::get_if<Number>(&value_)) { return number->text; }
    if (const auto* items = std::get_if<Array>(&value_)) {
        std::string all;
        for (const Value& item : *items) { all += (all.empty() ? "" : " ") + item.text(); }
        return all;
    }
    return json();
}

std::string Value::shown() const
{
    if (is_null()) { return "-"; }
    if (const auto* flag = std::get_if<bool>(&value_)) { return *flag ? "yes" : "no"; }
    if (const auto* money = std::get_if<Money>(&value_)) { return money->grouped(); }
    return text();
}

void Value::write(std::string& out, int indent) const
{
    const int inner = indent < 0 ? indent : indent + 1;
    if (is_null()) { out += "null"; }
    else if (const auto* flag = std::get_if<bool>(&value_)) { out += *flag ? "true" : "false"; }
    else if (const auto* number = std::get_if<std::int64_t>(&value_)) { out += std::to_string(*number); }
    else if (const auto* text = std::get_if<std::string>(&value_)) { write_text(out, *text); }
    else if (const auto* money = std::get_if<Money>(&value_)) { write_text(out, money->str()); }
    else if (const auto* day = date()) { write_text(out, day->str()); }
    else if (const auto* decimal = std::get_if<Number>(&value_)) { write_text(out, decimal->text); }
    else if (const auto* items = std::get_if<Array>(&value_)) {
        out += '[';
        for (std::size_t i = 0; i < items->size(); ++i) {
            if (i > 0) { out += ','; }
            next_line(out, inner);
            (*items)[i].write(out, inner);
        }
        if (!items->empty()) { next_line(out, indent); }
        out += ']';
    }
    else if (const auto* members = std::get_if<Object>(&value_)) {
        out += '{';
        for (std::size_t i = 0; i < members->size(); ++i) {
            if (i > 0) { out += ','; }
            next_line(out, inner);
            write_text(out, (*members)[i].first);
            out += indent < 0 ? ":" : ": ";
            (*members)[i].second.write(out, inner);
        }
        if (!members->empty()) { next_line(out, indent); }
        out += '}';
    }
}

std::string Value::json() const
{
    std::string out;
    write(out, -1);
    return out;
}

std::string Value::pretty_json() const
{
    std::string out;
    write(out, 0);
    return out + "\n";
}

Value percent_of_whole(Money part, Money whole)
{
    if (whole == zero) return Value::rate("0.00%");
    // Of a small whole the share may be a million billion: its hundredths alone would not fit.
    const std::int64_t units = part.in_fen() / whole.in_fen();
    const std::int64_t rest = divide_rounded(Int128{part.in_fen() % whole.in_fen()} * 10000,
                                             Int128{whole.in_fen()}, Rounding::half_up);
    return Value::rate(fmt::format("{}.{:02d}%", units * 100 + rest / 100, rest % 100));
}

}  // namespace tranchain
