// Toml: typed getters over a TOML file in which every value keeps file:line:column.
//
// Money and rates are strings, dates are TOML dates; floats are refused wherever met. All problems
// of a file are collected; keys nobody asked for are errors with the closest known key.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"

namespace tranchain {

/// A string of the file and where it stands (`where.column` points at its first character).
struct Located {
    std::string text;
    Source where;
};

/// One table of the file. Cheap to copy; keeps the document alive.
class TomlTable {
public:
    struct Impl;
    explicit TomlTable(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

    [[nodiscard]] Source where() const;
    [[nodiscard]] Source
    where(std::string_view key) const; ///< of the value; of the table if absent
    bool has(std::string_view key) const;

    // Required: absent or ill-typed values add an error and give a default.
    Located text(std::string_view key);
    Money money(std::string_view key);
    Rate rate(std::string_view key);
    Date date(std::string_view key);
    std::int64_t integer(std::string_view key);
    bool boolean(std::string_view key);
    std::vector<Located> texts(std::string_view key); ///< array of strings
    TomlTable table(std::string_view key);
    std::vector<TomlTable> tables(std::string_view key); ///< [[key]]; empty if absent

    // Optional: absence is no error.
    std::optional<Located> optional_text(std::string_view key);
    std::optional<Money> optional_money(std::string_view key);
    std::optional<Rate> optional_rate(std::string_view key);
    std::optional<Date> optional_date(std::string_view key);
    std::optional<std::int64_t> optional_integer(std::string_view key);
    std::optional<TomlTable> optional_table(std::string_view key);

    [[nodiscard]] std::vector<std::string> keys() const; ///< in the order of the file
    void fail(std::string_view key, std::string message, std::string hint = {});

private:
    std::shared_ptr<Impl> impl_;
};

/// A parsed file: the root table and the problems found so far.
class TomlFile {
public:
    /// Syntax errors give one Error; read errors too.
    [[nodiscard]] static Checked<TomlFile> parse(std::string_view text, std::string file_name);
    [[nodiscard]] static Checked<TomlFile> read(const std::string& path);

    TomlTable root();
    /// Everything reported through the tables, plus every key nobody asked for, in file order.
    Errors finish();
    [[nodiscard]] const std::string& text() const; ///< the bytes that were parsed

private:
    std::shared_ptr<TomlTable::Impl> root_;
};

} // namespace tranchain
