// Value: what an answer holds, for output only: JSON with null, members in the order they were set.
//
// The strict Json of data/ is for what is hashed and signed; this one is for people's programs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "data/date.hpp"
#include "data/json.hpp"
#include "data/money.hpp"

namespace tranchain {

class Value {
public:
    using Array = std::vector<Value>;
    using Object = std::vector<std::pair<std::string, Value>>;

    Value() = default;  ///< null
    Value(std::nullptr_t) {}                                       // NOLINT: literals read well
    Value(bool value) : value_(value) {}                           // NOLINT
    Value(int value) : value_(static_cast<std::int64_t>(value)) {} // NOLINT
    Value(std::int64_t value) : value_(value) {}                   // NOLINT
    Value(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}  // NOLINT
    Value(std::uint32_t value) : value_(static_cast<std::int64_t>(value)) {}  // NOLINT
    Value(const char* value) : value_(std::string(value)) {}       // NOLINT
    Value(std::string value) : value_(std::move(value)) {}         // NOLINT
    Value(std::string_view value) : value_(std::string(value)) {}  // NOLINT
    Value(Money value) : value_(value) {}                          // NOLINT: a decimal string
    Value(Date value) : value_(value) {}                           // NOLINT: YYYY-MM-DD
    Value(const Json& value);                                      // NOLINT
    Value(Array value) : value_(std::move(value)) {}               // NOLINT
    static Value object(std::initializer_list<Object::value_type> members = {});
    static Value array(std::initializer_list<Value> items = {});
    static Value texts(const std::vector<std::string>& items);
    /// A number that programs get as text: an amount per unit, a rate, a share. Digits with a minus, a
    /// point and a percent sign where they are wanted.
    static Value number(std::string text);
    /// The same, aligned as text: a rate beside words. To a workbook it is a number.
    static Value rate(std::string text);

    /// Sets a member of an object, replacing one of that name.
    Value& set(std::string key, Value value);
    Value& push(Value value);  ///< to an array

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    /// Null, or a text with nothing in it.
    [[nodiscard]] bool is_blank() const
    {
        const auto* text = std::get_if<std::string>(&value_);
        return is_null() || (text != nullptr && text->empty());
    }
    /// Plain text as CSV shows it: null is empty, money without grouping, arrays joined by a space.
    [[nodiscard]] std::string text() const;
    /// Text for people: money grouped, true and false as yes and no, null as "-".
    [[nodiscard]] std::string shown() const;
    [[nodiscard]] bool is_number() const;
    [[nodiscard]] const bool* flag() const { return std::get_if<bool>(&value_); }
    [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
    [[nodiscard]] const Money* money() const { return std::get_if<Money>(&value_); }
    [[nodiscard]] const Date* date() const { return std::get_if<Date>(&value_); }
    [[nodiscard]] bool is_rate() const
    {
        const auto* number = std::get_if<Number>(&value_);
        return number != nullptr && number->as_text;
    }
    [[nodiscard]] std::string json() const;         ///< on one line
    [[nodiscard]] std::string pretty_json() const;  ///< indented by two, newline at the end

private:
    struct Number {
        std::string text;
        bool as_text = false; ///< how it is aligned
    };
    void write(std::string& out, int indent) const;
    std::variant<std::monostate, bool, std::int64_t, std::string, Money, Date, Number, Array, Object> value_;
};

/// A share with two decimals, rounded half-up: `12.34%`; nothing of nothing is `0.00%`.
Value percent_of_whole(Money part, Money whole);

}  // namespace tranchain
