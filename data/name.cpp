// Names: comparing free text.
// SPDX-License-Identifier: Apache-2.0
#include "data/name.hpp"

#include "data/csv.hpp"
#include "data/text.hpp"

namespace tranchain {

std::string plain_name(std::string_view text)
{
    return std::string(trim(half_width(text)));
}

bool same_name(std::string_view cell, std::string_view plain)
{
    if (cell == plain) return true;
    // Nothing to convert: full-width forms begin with EF, U+3000 is E3 80 80.
    const bool as_it_is = cell.find('\xEF') == std::string_view::npos &&
                          cell.find("\xE3\x80\x80") == std::string_view::npos &&
                          trim(cell).size() == cell.size();
    return !as_it_is && plain_name(cell) == plain;
}

} // namespace tranchain
