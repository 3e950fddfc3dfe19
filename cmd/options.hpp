// Options: what the command line says before any command reads it, as plain data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "data/date.hpp"

namespace tranchain {

enum class Format : std::uint8_t { table, json, csv, html, svg, xlsx };
/// What -f and the configuration call them.
inline constexpr std::pair<const char*, Format> format_words[]{{"table", Format::table},
                                                               {"json", Format::json},
                                                               {"csv", Format::csv},
                                                               {"html", Format::html},
                                                               {"svg", Format::svg},
                                                               {"xlsx", Format::xlsx}};
enum class ColorMode : std::uint8_t { automatic, always, never };

/// The options every command accepts, before or after its name. Empty text = not given.
struct Globals {
    Format format = Format::table;
    std::string output;           ///< -o: a file instead of standard output
    std::string chain;            ///< -C: the database of one member
    std::string key;              ///< the private key that signs
    std::string passphrase_file;  ///< its first line opens the key
    std::string chart;            ///< which chart to draw
    std::optional<Date> as_of;
    std::optional<std::int64_t> as_of_height; ///< --as-of with a number; never both
    std::string lang = "en";      ///< en or zh
    bool dry_run = false;
    bool quiet = false;
    bool verbose = false;
    ColorMode color = ColorMode::automatic;
    bool pager = true;
    bool input = true;            ///< may ask on the terminal
    std::string config;
};

}  // namespace tranchain
