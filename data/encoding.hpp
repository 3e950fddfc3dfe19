// Encoding: text of real exports to UTF-8 without BOM (UTF-8 and GB18030, told apart by validity).
//
// GB18030 contains GBK and GB2312, so files of older Chinese software read too.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "data/error.hpp"

namespace tranchain {

struct Decoded {
    std::string text; ///< UTF-8 without BOM
    bool from_gb18030 = false;
};

/// Errors: NUL bytes, UTF-16 (named as such), neither UTF-8 nor GB18030; with the line.
[[nodiscard]] Result<Decoded> decode_text(std::string bytes, const std::string& file_name);
/// UTF-8 to GB18030, for exports to older software and for tests.
[[nodiscard]] Result<std::string> encode_gb18030(std::string_view utf8);

} // namespace tranchain
