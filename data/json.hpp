// Json: the restricted JSON that is hashed and signed: one value, one byte string.
//
// RFC 8785 restricted as tranchain-chain(5) says: objects, arrays, strings, integers |n| <= 2^53-1,
// true and false; no null, no floats. Illegal values cannot be held, so writing cannot fail.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "data/date.hpp"
#include "data/digest.hpp"
#include "data/error.hpp"
#include "data/money.hpp"

namespace tranchain {

/// Two to the 53rd less one: what every reader of JSON keeps exact.
inline constexpr std::int64_t json_integer_max = 9'007'199'254'740'991;
inline constexpr std::size_t json_depth_max = 16;

class Json {
public:
    using Array = std::vector<Json>;
    using Object = std::map<std::string, Json, std::less<>>;  // keys in byte order, as RFC 8785

    Json() : value_(Object{}) {}
    Json(bool value) : value_(value) {}                              // NOLINT: literals read well
    Json(std::int64_t value);                                        // NOLINT; |n| <= 2^53-1
    Json(int value) : Json(static_cast<std::int64_t>(value)) {}      // NOLINT
    Json(std::string value) : value_(std::move(value)) {}            // NOLINT
    Json(std::string_view value) : value_(std::string(value)) {}     // NOLINT
    Json(const char* value) : value_(std::string(value)) {}          // NOLINT
    Json(Money value) : value_(value.str()) {}                       // NOLINT
    Json(Date value) : value_(value.str()) {}                        // NOLINT
    Json(Array value) : value_(std::move(value)) {}                  // NOLINT
    Json(Object value) : value_(std::move(value)) {}                 // NOLINT
    static Json object(std::initializer_list<Object::value_type> members) { return Object(members); }
    static Json array() { return Array{}; }

    [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(value_); }
    [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(value_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(value_); }
    [[nodiscard]] bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
    [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(value_); }

    // Asking for another type than the value has is a bug; ask is_...() or use Fields below first.
    [[nodiscard]] const Object& as_object() const;
    [[nodiscard]] Object& as_object();
    [[nodiscard]] const Array& as_array() const;
    [[nodiscard]] Array& as_array();
    [[nodiscard]] const std::string& as_string() const;
    [[nodiscard]] std::int64_t as_integer() const;
    [[nodiscard]] bool as_bool() const;

    /// Member of an object, or nullptr.
    [[nodiscard]] const Json* find(std::string_view key) const;
    /// Member of an object, made if absent.
    Json& operator[](std::string_view key);
    void push_back(Json value);

    /// The canonical bytes: sorted keys, no spaces, shortest escapes.
    [[nodiscard]] std::string canonical() const;
    /// Indented, for people.
    [[nodiscard]] std::string pretty() const;

    bool operator==(const Json&) const = default;

private:
    std::variant<bool, std::int64_t, std::string, Array, Object> value_;
};

/// Reads canonical bytes and nothing else: re-encodes and demands equality. Refuses duplicate keys,
/// numbers that are not integers, null, depth above 16 (the outermost object is depth 1), keys
/// outside [a-z0-9_]+, strings with the forbidden characters of tranchain-chain(5).
[[nodiscard]] Result<Json> parse_canonical(std::string_view bytes);

/// Reads JSON with free white space, key order and escapes, else as strict as parse_canonical.
[[nodiscard]] Result<Json> parse_json(std::string_view text);

/// Typed reader of one object that collects every problem, and refuses members nobody asked for.
///
///     Fields f(json, "record");
///     r.deal = f.text("deal");  r.date = f.date("business_date");
///     if (auto e = f.finish(); !e.empty()) ...
///
/// A missing or ill-typed member gives a default value and one error; `optional_` forms accept
/// absence. `where` names the object in messages: "record.business_date is not a date".
/// What `make` makes of each item, in their order.
template <class T, class Make>
Json::Array json_list(const std::vector<T>& items, Make&& make)
{
    Json::Array out;
    for (const T& item : items) out.push_back(make(item));
    return out;
}

class Fields {
public:
    Fields(const Json& object, std::string where);  ///< keeps a reference to `object`
    Fields(Json&&, std::string) = delete;

    bool has(std::string_view key);
    std::string text(std::string_view key);
    std::int64_t integer(std::string_view key);
    std::int64_t integer_from(std::string_view key, std::int64_t least);  ///< below it is a problem
    bool boolean(std::string_view key);
    Money money(std::string_view key);
    Date date(std::string_view key);
    std::string hash(std::string_view key);          ///< 64 lower-case hex digits
    Hash digest(std::string_view key);               ///< the same as bytes; zeros where it is a problem
    const Json& object(std::string_view key);
    const Json::Array& array(std::string_view key);
    std::vector<std::string> texts(std::string_view key);
    void add(std::string_view key, std::string problem);  ///< a problem found by the caller
    /// All problems, plus one for each member that was never asked for.
    Errors finish();

private:
    const Json* get(std::string_view key);
    const Json& json_;
    std::string where_;
    std::vector<std::string> asked_;
    Errors errors_;
};

}  // namespace tranchain
