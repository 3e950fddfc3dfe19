// Credit code: the unified social credit identifier of Chinese organizations (GB 32100-2015).
//
// 18 characters of 0-9 A-Z without I O S V Z: department, kind, six digits of region, nine of the
// organization, one check character.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "data/error.hpp"

namespace tranchain {

/// Fails with the reason: wrong length, lower case, an old 15-digit business licence, a letter the
/// code does not use, or a wrong check character (the hint names the right one).
[[nodiscard]] Result<> check_credit_code(std::string_view code);
/// The check character of the first 17 characters, which must be of the alphabet (a bug otherwise).
char credit_code_check_character(std::string_view first17);

} // namespace tranchain
