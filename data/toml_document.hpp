// Toml document: the parsed file behind the tables, with places and what was asked of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "data/error.hpp"

namespace tranchain {

/// The parsed file and what was asked of it.
struct TomlDocument {
    std::string file;
    std::string text;
    std::vector<std::size_t> line_starts;
    toml::table root;
    Errors errors;
    std::map<const toml::table*, std::set<std::string, std::less<>>> asked;
    std::set<const toml::node*> refused; // floats and times, reported once when parsed

    [[nodiscard]] std::size_t offset(toml::source_position at) const;
    [[nodiscard]] Source source(const toml::node& node) const;
    [[nodiscard]] Source key_source(const toml::key& key) const;
    void fail(Source where, std::string message, std::string hint = {})
    {
        errors.push_back(
            {Code::invalid_input, std::move(message), std::move(where), std::move(hint)});
    }
};

/// "a string", "a table", ...: for messages.
const char* toml_type_name(const toml::node& node);
/// Reports every inexact number and time of day under `node`.
void refuse_inexact(TomlDocument& doc, const toml::node& node);

} // namespace tranchain
