// Names: how free text of different files is compared, such as a rating of a ledger and one of a tape.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tranchain {

/// With full-width characters as ASCII and without the blanks around it, U+3000 among them.
std::string plain_name(std::string_view text);
/// plain_name(cell) == plain, which is a plain name; costs nothing more for a cell that is one too.
bool same_name(std::string_view cell, std::string_view plain);

} // namespace tranchain
