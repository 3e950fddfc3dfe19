// Value change: numbers that are texts are subtracted as whole numbers of their last decimal.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/value_change.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/core.h>

namespace tranchain {

namespace {

constexpr std::size_t decimals_max = 9;

/// `-12.340%`: digits -12340, three decimals, a percent sign.
struct WrittenNumber {
    std::int64_t digits = 0;
    std::size_t decimals = 0;
    bool percent = false;
};

std::optional<WrittenNumber> written_number(const Value& value)
{
    if (!value.is_number() && !value.is_rate()) return std::nullopt;
    std::string text = value.text();
    WrittenNumber w;
    if (text.ends_with('%')) {
        w.percent = true;
        text.pop_back();
    }
    if (const auto point = text.find('.'); point != std::string::npos) {
        w.decimals = text.size() - point - 1;
        text.erase(point, 1);
    }
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, w.digits);
    if (read.ec != std::errc{} || read.ptr != end || w.decimals > decimals_max) return std::nullopt;
    return w;
}

std::optional<std::int64_t> digits_at(const WrittenNumber& w, std::size_t decimals)
{
    std::int64_t digits = w.digits;
    for (std::size_t i = w.decimals; i < decimals; ++i) {
        if (__builtin_mul_overflow(digits, 10, &digits)) return std::nullopt;
    }
    return digits;
}

Value from_digits(std::int64_t digits, std::size_t decimals, bool percent)
{
    std::string text = std::to_string(digits < 0 ? -digits : digits);
    if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
    if (decimals > 0) text.insert(text.size() - decimals, 1, '.');
    return Value::number(fmt::format("{}{}{}", digits < 0 ? "-" : "", text, percent ? "%" : ""));
}

} // namespace

Value change_between(const Value& from, const Value& to)
{
    if (from.date() != nullptr && to.date() != nullptr) {
        return static_cast<std::int64_t>(*to.date() - *from.date());
    }
    if (from.money() != nullptr && to.money() != nullptr) return *to.money() - *from.money();
    if (from.integer() != nullptr && to.integer() != nullptr) {
        return *to.integer() - *from.integer();
    }
    const auto a = written_number(from);
    const auto b = written_number(to);
    if (!a || !b || a->percent != b->percent) return {};
    const std::size_t decimals = std::max(a->decimals, b->decimals);
    const auto low = digits_at(*a, decimals);
    const auto high = digits_at(*b, decimals);
    std::int64_t digits = 0;
    if (!low || !high || __builtin_sub_overflow(*high, *low, &digits)) return {};
    return from_digits(digits, decimals, a->percent);
}

std::optional<double> number_of(const Value& value)
{
    std::string text = value.text();
    if (text.ends_with('%')) text.pop_back();
    double number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(number)
                                                                           : std::nullopt;
}

} // namespace tranchain
