// Reader: fields of one object of a stored program; used by program_read*.cpp only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include "waterfall/exact/names.hpp"
#include "waterfall/exact/program_json.hpp"

namespace tranchain {

/// Fields of one object, with the getters that only programs need.
class Reader : public Fields {
public:
    static constexpr std::int64_t max_rate_ppb = 1'000'000'000'000;

    Reader(const Json& json, std::string where, Errors& errors)
        : Fields(json, where), where_(std::move(where)), all_(errors)
    {
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader()
    {
        for (Error& error : finish()) all_.push_back(std::move(error));
    }

    template <class E>
    E word(std::string_view key)
    {
        const std::string text = this->text(key);
        if (const auto value = from_name<E>(text)) return *value;
        if (!text.empty()) add(key, fmt::format("'{}' is not known to this version", text));
        return E{};
    }
    Rate rate(std::string_view key)
    {
        const std::int64_t ppb = integer(key);
        if (ppb >= -max_rate_ppb && ppb <= max_rate_ppb) return Rate::ppb(ppb);
        add(key, "rate is out of range");
        return {};
    }
    int number(std::string_view key)
    {
        const std::int64_t n = integer(key);
        if (n >= 0 && n <= 1'000'000) return static_cast<int>(n);
        add(key, "number is out of range");
        return 0;
    }
    bool flag(std::string_view key) { return has(key) && boolean(key); }
    Clause clause()
    {
        Clause out;
        Reader r(object("clause"), where_ + ".clause", all_);
        out.number = r.text("number");
        out.text = r.text("text");
        return out;
    }
    template <class T, class F>
    std::vector<T> list(std::string_view key, F&& one)
    {
        std::vector<T> out;
        std::size_t i = 0;
        for (const Json& item : array(key)) {
            out.push_back(one(item, fmt::format("{}.{}.{}", where_, key, ++i), all_));
        }
        return out;
    }
    Errors& all() { return all_; }
    const std::string& where() const { return where_; }

private:
    std::string where_;
    Errors& all_;
};

Expr read_expr(const Json::Array& items, const std::string& where, Errors& errors);
Condition read_condition(const Json& json, const std::string& where, Errors& errors);

} // namespace tranchain
