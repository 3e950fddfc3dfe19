// Toml: toml++ behind typed getters; its exceptions end here.
// SPDX-License-Identifier: Apache-2.0
#include "data/toml.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "data/csv.hpp"
#include "data/input_name.hpp"
#include "data/text.hpp"
#include "data/toml_document.hpp"

namespace tranchain {

namespace {

/// The library's message without its capital letter.
std::string plain(std::string_view description)
{
    constexpr std::string_view begins = "Error while parsing ";
    if (description.substr(0, begins.size()) != begins) { return std::string(description); }
    return fmt::format("cannot read this as {}", description.substr(begins.size()));
}

}  // namespace

struct TomlTable::Impl {
    std::shared_ptr<TomlDocument> doc;
    const toml::table* table = nullptr; // null: an absent table; every getter gives defaults
    std::string name;                   // dotted, for messages
    Source where;

    const toml::node* get(std::string_view key, bool required) const;
    /// The node if `good`; else reports that it must be `wanted` and gives nullptr.
    template <class Good>
    const toml::node*
    typed(std::string_view key, bool required, const char* wanted, Good good) const;
    [[nodiscard]] std::string full(std::string_view key) const
    {
        return name.empty() ? std::string(key) : fmt::format("{}.{}", name, key);
    }
    Located located(const toml::node& node) const;
    std::shared_ptr<Impl> child(const toml::table* its, std::string key, Source at) const
    {
        return std::make_shared<Impl>(Impl{doc, its, std::move(key), std::move(at)});
    }
    std::optional<Located> text(std::string_view key, bool required) const;
    template <class T>
    std::optional<T> parsed(std::string_view key, bool required, const char* form) const;
    std::optional<Date> date(std::string_view key, bool required) const;
    std::optional<std::int64_t> integer(std::string_view key, bool required) const;
    std::optional<TomlTable> sub_table(std::string_view key, bool required) const;
};

const toml::node* TomlTable::Impl::get(std::string_view key, bool required) const
{
    if (table == nullptr) {
        return nullptr;
    }
    doc->asked[table].insert(std::string(key));
    const toml::node* node = table->get(key);
    if (node == nullptr && required) {
        doc->fail(where, fmt::format("'{}' is missing", full(key)));
    }
    return node;
}

template <class Good>
const toml::node*
TomlTable::Impl::typed(std::string_view key, bool required, const char* wanted, Good good) const
{
    const toml::node* node = get(key, required);
    if (node == nullptr || doc->refused.contains(node)) {
        return nullptr;
    }
    if (!good(*node)) {
        doc->fail(doc->source(*node),
                  fmt::format("'{}' must be {}, not {}", full(key), wanted, toml_type_name(*node)));
        return nullptr;
    }
    return node;
}

/// Moves past the opening quotes, and past the line break that `"""` swallows.
Located TomlTable::Impl::located(const toml::node& node) const
{
    Located result{**node.as_string(), doc->source(node)};
    std::size_t i = doc->offset(node.source().begin);
    const std::string& text = doc->text;
    const char quote = i < text.size() ? text[i] : '\0';
    if (quote != '"' && quote != '\'') {
        return result;
    }
    const bool multi_line =
        text.compare(i, 3, std::string(3, quote)) == 0 && result.where.length != 2;
    const int quotes = multi_line ? 3 : 1;
    result.where.column += quotes;
    result.where.length = std::max(0, result.where.length - 2 * quotes);
    i += static_cast<std::size_t>(quotes);
    if (multi_line && i < text.size() && (text[i] == '\n' || text.compare(i, 2, "\r\n") == 0)) {
        ++result.where.line;
        result.where.column = 1;
    }
    return result;
}

std::optional<Located> TomlTable::Impl::text(std::string_view key, bool required) const
{
    const auto* node = typed(key, required, "a string", [](auto& n) { return n.is_string(); });
    if (node == nullptr) {
        return std::nullopt;
    }
    Located value = located(*node);
    if (!is_signable_text(value.text)) {
        doc->fail(value.where,
                  fmt::format("'{}' holds a control or direction character", full(key)));
    }
    return value;
}

template <class T>
std::optional<T>
TomlTable::Impl::parsed(std::string_view key, bool required, const char* form) const
{
    const auto* node = typed(key, required, form, [](auto& n) { return n.is_string(); });
    if (node == nullptr) {
        return std::nullopt;
    }
    const Located value = located(*node);
    auto result = T::parse(value.text);
    if (!result) {
        doc->fail(doc->source(*node), result.error().message, result.error().hint);
        return std::nullopt;
    }
    return *result;
}

std::optional<Date> TomlTable::Impl::date(std::string_view key, bool required) const
{
    const auto* node = typed(key, required, "a date such as 2018-11-08 without quotes",
                             [](auto& n) { return n.is_date(); });
    if (node == nullptr) {
        return std::nullopt;
    }
    const toml::date& d = **node->as_date();
    if (!is_real_day(d.year, d.month, d.day)) {
        doc->fail(doc->source(*node),
                  fmt::format("'{}' is not a day from 1900 to 2199", full(key)));
        return std::nullopt;
    }
    return Date::of(d.year, d.month, d.day);
}

std::optional<std::int64_t> TomlTable::Impl::integer(std::string_view key, bool required) const
{
    const auto* node = typed(key, required, "an integer", [](auto& n) { return n.is_integer(); });
    if (node == nullptr) {
        return std::nullopt;
    }
    return **node->as_integer();
}

std::optional<TomlTable> TomlTable::Impl::sub_table(std::string_view key, bool required) const
{
    const auto* node = typed(key, required, "a table", [](auto& n) { return n.is_table(); });
    if (node == nullptr) {
        return std::nullopt;
    }
    doc->asked[node->as_table()];
    return TomlTable(child(node->as_table(), full(key), doc->source(*node)));
}

Source TomlTable::where() const
{
    return impl_->where;
}

Source TomlTable::where(std::string_view key) const
{
    const toml::node* node = impl_->table == nullptr ? nullptr : impl_->table->get(key);
    if (node == nullptr) {
        return impl_->where;
    }
    return node->is_string() ? impl_->located(*node).where : impl_->doc->source(*node);
}

bool TomlTable::has(std::string_view key) const
{
    return impl_->table != nullptr && impl_->table->contains(key);
}

Located TomlTable::text(std::string_view key)
{
    return impl_->text(key, true).value_or(Located{{}, where(key)});
}
Money TomlTable::money(std::string_view key)
{
    return impl_->parsed<Money>(key, true, R"(an amount in quotes such as "1500.00")")
        .value_or(Money{});
}
Rate TomlTable::rate(std::string_view key)
{
    return impl_->parsed<Rate>(key, true, R"(a rate in quotes such as "4.10%")").value_or(Rate{});
}
Date TomlTable::date(std::string_view key)
{
    return impl_->date(key, true).value_or(Date{});
}
std::int64_t TomlTable::integer(std::string_view key)
{
    return impl_->integer(key, true).value_or(0);
}

bool TomlTable::boolean(std::string_view key)
{
    const auto* node =
        impl_->typed(key, true, "true or false", [](auto& n) { return n.is_boolean(); });
    return node != nullptr && **node->as_boolean();
}

std::vector<Located> TomlTable::texts(std::string_view key)
{
    std::vector<Located> result;
    const auto* node =
        impl_->typed(key, true, "an array of strings", [](auto& n) { return n.is_array(); });
    if (node == nullptr) {
        return result;
    }
    for (const auto& item : *node->as_array()) {
        if (impl_->doc->refused.contains(&item)) {
            continue;
        }
        if (!item.is_string()) {
            impl_->doc->fail(impl_->doc->source(item),
                             fmt::format("'{}' must hold strings only, not {}", impl_->full(key),
                                         toml_type_name(item)));
            continue;
        }
        result.push_back(impl_->located(item));
        if (!is_signable_text(result.back().text)) {
            impl_->doc->fail(
                result.back().where,
                fmt::format("'{}' holds a control or direction character", impl_->full(key)));
        }
    }
    return result;
}

TomlTable TomlTable::table(std::string_view key)
{
    if (auto found = impl_->sub_table(key, true)) {
        return *found;
    }
    return TomlTable(impl_->child(nullptr, impl_->full(key), impl_->where));
}

std::vector<TomlTable> TomlTable::tables(std::string_view key)
{
    std::vector<TomlTable> result;
    const auto* node = impl_->typed(key, false, "a list of tables, each under [[...]]",
                                    [](auto& n) { return n.is_array(); });
    if (node == nullptr) {
        return result;
    }
    for (const auto& item : *node->as_array()) {
        if (const auto* table = item.as_table()) {
            impl_->doc->asked[table];
            result.emplace_back(impl_->child(table, impl_->full(key), impl_->doc->source(item)));
        } else if (!impl_->doc->refused.contains(&item)) {
            impl_->doc->fail(impl_->doc->source(item),
                             fmt::format("'{}' must hold tables only, not {}", impl_->full(key),
                                         toml_type_name(item)));
        }
    }
    return result;
}

std::optional<Located> TomlTable::optional_text(std::string_view key)
{
    return impl_->text(key, false);
}
std::optional<Money> TomlTable::optional_money(std::string_view key)
{
    return impl_->parsed<Money>(key, false, R"(an amount in quotes such as "1500.00")");
}
std::optional<Rate> TomlTable::optional_rate(std::string_view key)
{
    return impl_->parsed<Rate>(key, false, R"(a rate in quotes such as "4.10%")");
}
std::optional<Date> TomlTable::optional_date(std::string_view key)
{
    return impl_->date(key, false);
}
std::optional<std::int64_t> TomlTable::optional_integer(std::string_view key)
{
    return impl_->integer(key, false);
}
std::optional<TomlTable> TomlTable::optional_table(std::string_view key)
{
    return impl_->sub_table(key, false);
}

std::vector<std::string> TomlTable::keys() const
{
    std::vector<std::pair<std::pair<std::uint32_t, std::uint32_t>, std::string>> placed;
    if (impl_->table != nullptr) {
        for (const auto& [key, node] : *impl_->table) {
            const toml::source_position at = key.source().begin;
            placed.push_back({{at.line, at.column}, std::string(key.str())});
        }
    }
    std::sort(placed.begin(), placed.end());
    std::vector<std::string> result;
    result.reserve(placed.size());
    for (auto& [at, name] : placed) {
        result.push_back(std::move(name));
    }
    return result;
}

void TomlTable::fail(std::string_view key, std::string message, std::string hint)
{
    if (impl_->table != nullptr) {
        impl_->doc->asked[impl_->table].insert(std::string(key));
    }
    impl_->doc->fail(where(key), std::move(message), std::move(hint));
}

Checked<TomlFile> TomlFile::parse(std::string_view text, std::string file_name)
{
    auto doc = std::make_shared<TomlDocument>();
    doc->file = std::move(file_name);
    doc->text = std::string(text);
    doc->line_starts.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            doc->line_starts.push_back(i + 1);
        }
    }
    try {
        doc->root = toml::parse(text, doc->file);
    } catch (const toml::parse_error& problem) {
        const toml::source_position at = problem.source().begin;
        return tl::make_unexpected(
            Errors{{Code::invalid_input,
                    plain(problem.description()),
                    {doc->file, static_cast<int>(at.line), static_cast<int>(at.column)},
                    {}}});
    }
    refuse_inexact(*doc, doc->root);
    doc->asked[&doc->root];
    TomlFile file;
    file.root_ =
        std::make_shared<TomlTable::Impl>(TomlTable::Impl{doc, &doc->root, "", {doc->file, 1, 1}});
    return file;
}

Checked<TomlFile> TomlFile::read(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) {
        return tl::make_unexpected(Errors{bytes.error()});
    }
    return parse(*bytes, input_name(path));
}

TomlTable TomlFile::root()
{
    return TomlTable(root_);
}

const std::string& TomlFile::text() const
{
    return root_->doc->text;
}

Errors TomlFile::finish()
{
    TomlDocument& doc = *root_->doc;
    for (const auto& [table, asked] : doc.asked) {
        const std::vector<std::string> known(asked.begin(), asked.end());
        for (const auto& [key, node] : *table) {
            if (asked.contains(key.str())) {
                continue;
            }
            const auto match = closest(key.str(), known);
            doc.fail(doc.key_source(key), fmt::format("unknown key '{}'", key.str()),
                     match ? fmt::format("did you mean '{}'?", *match) : "");
        }
    }
    std::stable_sort(doc.errors.begin(), doc.errors.end(), [](const Error& a, const Error& b) {
        return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
    });
    return doc.errors;
}

} // namespace tranchain
