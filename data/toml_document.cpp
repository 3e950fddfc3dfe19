// Toml document: places of nodes, and what no file may hold.
// SPDX-License-Identifier: Apache-2.0
#include "data/toml_document.hpp"

#include "data/text.hpp"

namespace tranchain {

/// Byte offset of a position counted in characters.
std::size_t TomlDocument::offset(toml::source_position at) const
{
    if (at.line == 0 || at.line > line_starts.size()) {
        return text.size();
    }
    std::size_t i = line_starts[at.line - 1];
    for (std::uint32_t column = 1; column < at.column && i < text.size(); ++column) {
        ++i;
        while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) {
            ++i;
        }
    }
    return i;
}

Source TomlDocument::source(const toml::node& node) const
{
    const toml::source_region& region = node.source();
    Source where{file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
    if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
        where.length = static_cast<int>(region.end.column - region.begin.column);
    }
    return where;
}

Source TomlDocument::key_source(const toml::key& key) const
{
    return {file, static_cast<int>(key.source().begin.line),
            static_cast<int>(key.source().begin.column),
            static_cast<int>(count_characters(key.str()))};
}

const char* toml_type_name(const toml::node& node)
{
    switch (node.type()) {
    case toml::node_type::none:
        return "nothing";
    case toml::node_type::table:
        return "a table";
    case toml::node_type::array:
        return "an array";
    case toml::node_type::string:
        return "a string";
    case toml::node_type::integer:
        return "an integer";
    case toml::node_type::floating_point:
        return "a floating-point number";
    case toml::node_type::boolean:
        return "a boolean";
    case toml::node_type::date:
        return "a date";
    case toml::node_type::time:
        return "a time";
    case toml::node_type::date_time:
        return "a date with a time";
    }
    return "nothing";
}

void refuse_inexact(TomlDocument& doc, const toml::node& node)
{
    if (const auto* table = node.as_table()) {
        for (const auto& [key, child] : *table) {
            refuse_inexact(doc, child);
        }
    } else if (const auto* array = node.as_array()) {
        for (const auto& child : *array) {
            refuse_inexact(doc, child);
        }
    } else if (node.is_floating_point()) {
        doc.refused.insert(&node);
        doc.fail(doc.source(node), "floating-point numbers are not allowed",
                 R"(write amounts and rates as strings, such as "1500.00" or "4.10%")");
    } else if (node.is_time() || node.is_date_time()) {
        doc.refused.insert(&node);
        doc.fail(doc.source(node), "times of day are not allowed", "write a date: 2018-11-08");
    }
}

} // namespace tranchain
