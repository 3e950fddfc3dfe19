// Encoding: iconv behind two functions; nothing here depends on the locale.
// SPDX-License-Identifier: Apache-2.0
#include "data/encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

/// Converted text, or the offset of the first byte that does not convert.
struct Conversion {
    std::string text;
    std::optional<std::size_t> failed_at;
};

Conversion convert(std::string_view bytes, const char* to, const char* from)
{
    Conversion result;
    iconv_t cd = iconv_open(to, from);
    if (cd == reinterpret_cast<iconv_t>(-1)) {
        result.failed_at = 0;
        return result;
    }
    std::string input(bytes); // iconv takes a pointer to mutable bytes
    char* in = input.data();
    std::size_t in_left = input.size();
    std::string buffer(std::max<std::size_t>(64, bytes.size() / 2 * 3), '\0');
    while (in_left > 0) {
        char* out = buffer.data();
        std::size_t out_left = buffer.size();
        const std::size_t rc = iconv(cd, &in, &in_left, &out, &out_left);
        const bool full = rc == static_cast<std::size_t>(-1) && errno == E2BIG;
        result.text.append(buffer.data(), buffer.size() - out_left);
        if (rc == static_cast<std::size_t>(-1) && !full) {
            result.failed_at = input.size() - in_left;
            break;
        }
    }
    iconv_close(cd);
    return result;
}

/// Private-use characters appear when bytes of another encoding are read as GB18030.
bool has_private_use(std::string_view utf8)
{
    for (std::size_t i = 0; i + 2 < utf8.size(); ++i) {
        const auto a = static_cast<unsigned char>(utf8[i]);
        const auto b = static_cast<unsigned char>(utf8[i + 1]);
        if (a == 0xEE || (a == 0xEF && b < 0xA4)) {
            return true;
        }
    }
    return false;
}

int line_at(std::string_view bytes, std::size_t offset)
{
    return 1 + static_cast<int>(
                   std::count(bytes.begin(), bytes.begin() + static_cast<long>(offset), '\n'));
}

} // namespace

Result<Decoded> decode_text(std::string bytes, const std::string& file_name)
{
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        return fail(Code::invalid_input, "the file is UTF-16", {file_name, 1, 1},
                    "save it as \"CSV UTF-8\"");
    }
    if (const auto nul = bytes.find('\0'); nul != std::string::npos) {
        return fail(Code::invalid_input, "the file has a NUL byte, so it is not a text file",
                    {file_name, line_at(bytes, nul), 0});
    }
    if (bytes.starts_with(bom)) {
        bytes.erase(0, bom.size());
    }
    const auto bad = invalid_utf8(bytes);
    if (!bad) {
        return Decoded{std::move(bytes), false};
    }
    Conversion conversion = convert(bytes, "UTF-8", "GB18030");
    if (conversion.failed_at || has_private_use(conversion.text)) {
        return fail(Code::invalid_input, "the file is neither UTF-8 nor GB18030",
                    {file_name, line_at(bytes, *bad), 0}, "save it as \"CSV UTF-8\"");
    }
    return Decoded{std::move(conversion.text), true};
}

Result<std::string> encode_gb18030(std::string_view utf8)
{
    Conversion conversion = convert(utf8, "GB18030", "UTF-8");
    if (conversion.failed_at) {
        return fail(Code::invalid_input, "the text has a character that GB18030 lacks");
    }
    return std::move(conversion.text);
}

} // namespace tranchain
