// Diagnostic: file:line:column first, then what is wrong, the line itself, and what to write
// instead. SPDX-License-Identifier: Apache-2.0
#include "cmd/diagnostic.hpp"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>

#include "cmd/outcome.hpp"
#include "cmd/terminal.hpp"
#include "cmd/value.hpp"
#include "data/csv.hpp"
#include "data/encoding.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::size_t widest_excerpt = 160; // characters; of longer lines the part around the caret
constexpr std::size_t longest_message = 400; // bytes; nothing a person reads is longer

/// The lines of the files named in messages, each file read once.
class Excerpts {
public:
    std::optional<std::string> line(const std::string& file, int number)
    {
        if (file.empty() || file == "-" || number < 1) {
            return std::nullopt;
        }
        const std::string& text = load(file);
        std::size_t begin = 0;
        for (int i = 1; i < number; ++i) {
            begin = text.find('\n', begin);
            if (begin == std::string::npos) {
                return std::nullopt;
            }
            ++begin;
        }
        std::string found = text.substr(begin, text.find('\n', begin) - begin);
        if (!found.empty() && found.back() == '\r') {
            found.pop_back();
        }
        if (found.empty() || invalid_utf8(found)) {
            return std::nullopt;
        }
        for (char& c : found) {
            if (static_cast<unsigned char>(c) < 0x20) {
                c = ' ';
            }
        }
        return found;
    }

private:
    const std::string& load(const std::string& file)
    {
        auto [entry, is_new] = files_.try_emplace(file);
        struct stat info {};
        if (is_new && ::stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
            std::string bytes = read_file(file).value_or("");
            if (auto text = decode_text(bytes, file)) {
                bytes = std::move(text->text);
            }
            entry->second = std::move(bytes);
        }
        return entry->second;
    }
    std::map<std::string, std::string> files_;
};

/// Columns that the first `characters` of `text` take, wide ones counted twice.
std::size_t display_width(std::string_view text, std::size_t characters)
{
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size() && characters > 0; --characters) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        const bool wide = (lead >= 0xE3 && lead <= 0xED) || lead == 0xEF || lead == 0xF0;
        width += wide ? 2 : 1;
        i += bytes;
    }
    return width;
}

std::string place(const Source& where)
{
    if (where.file.empty()) {
        return where.line > 0 ? fmt::format("line {}", where.line) : "";
    }
    if (where.line < 1) {
        return where.file;
    }
    if (where.column < 1) {
        return fmt::format("{}:{}", where.file, where.line);
    }
    return fmt::format("{}:{}:{}", where.file, where.line, where.column);
}

/// Byte at which the character number `n` begins, from 0.
std::size_t byte_of(std::string_view text, std::size_t n)
{
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U && n-- == 0) {
            break;
        }
    }
    return at;
}

std::string excerpt(const Source& where, Excerpts& excerpts)
{
    auto line = excerpts.line(where.file, where.line);
    if (!line) {
        return "";
    }
    auto before = static_cast<std::size_t>(std::max(0, where.column - 1));
    auto length = static_cast<std::size_t>(std::max(1, where.length));
    if (const std::size_t all = count_characters(*line); all > widest_excerpt) {
        if (where.column < 1 || before > all) {
            return "";
        }
        length = std::min(length, widest_excerpt / 2);
        const std::size_t from = before < widest_excerpt / 2 ? 0 : before - widest_excerpt / 2;
        const std::size_t to = std::min(all, from + widest_excerpt);
        const std::size_t at = byte_of(*line, from);
        line = (from > 0 ? "..." : "") + line->substr(at, byte_of(*line, to) - at) +
               (to < all ? "..." : "");
        before = before - from + (from > 0 ? 3 : 0);
    }
    const std::string number = std::to_string(where.line);
    std::string text = fmt::format("{:>5} | {}\n", number, *line);
    if (where.column < 1) {
        return text;
    }
    const std::size_t indent = display_width(*line, before);
    const std::size_t carets =
        std::max<std::size_t>(1, display_width(*line, before + length) - indent);
    text += fmt::format("{:>{}} | {}{}\n", "", std::max<std::size_t>(5, number.size()),
                        std::string(indent, ' '), std::string(carets, '^'));
    return text;
}

/// A message that quotes something huge keeps its two ends.
std::string shortened(const std::string& message)
{
    const std::size_t all = count_characters(message);
    if (message.size() <= longest_message || all <= longest_message / 2) {
        return message;
    }
    const std::size_t kept = longest_message / 4;
    return message.substr(0, byte_of(message, kept)) + "..." +
           message.substr(byte_of(message, all - kept));
}

} // namespace

const char* code_name(Code code)
{
    switch (code) {
    case Code::answer_no:
        return "answer_no";
    case Code::usage:
        return "usage";
    case Code::invalid_input:
        return "invalid_input";
    case Code::not_found:
        return "not_found";
    case Code::denied:
        return "denied";
    case Code::busy:
        return "busy";
    case Code::io:
        return "io";
    }
    return "";
}

int exit_status(const Errors& problems)
{
    if (problems.empty()) {
        return 0;
    }
    switch (problems.front().code) {
    case Code::answer_no:
        return 1;
    case Code::usage:
        return 2;
    case Code::invalid_input:
        return 3;
    case Code::not_found:
        return 4;
    case Code::denied:
        return 5;
    case Code::busy:
    case Code::io:
        return 6;
    }
    return 6;
}

std::string describe(const Errors& problems, bool color)
{
    const char* red = color ? "\x1b[1;31m" : "";
    const char* plain = color ? "\x1b[0m" : "";
    Excerpts excerpts;
    std::string text;
    std::size_t shown = 0;
    std::size_t told = 0;
    for (const Error& e : problems) {
        if (e.message.empty()) {
            continue;
        }
        ++told;
        if (shown == most_shown) {
            continue;
        }
        ++shown;
        const std::string where = place(e.where);
        text += fmt::format("{}{}{}error:{} {}{}\n", where.empty() ? "tranchain" : where, ": ", red,
                            plain, e.id.empty() ? "" : "[" + e.id + "] ", shortened(e.message));
        text += excerpt(e.where, excerpts);
        if (!e.hint.empty()) {
            text += fmt::format("hint: {}\n", e.hint);
        }
    }
    if (told > shown) {
        text += fmt::format("and {} more\n", told - shown);
    }
    return text;
}

std::string describe_as_json(const Errors& problems)
{
    std::string text;
    for (const Error& e : problems) {
        if (e.message.empty()) {
            continue;
        }
        Value object = Value::object();
        object.set("schema", "tranchain.error/1");
        object.set("code", code_name(e.code));
        object.set("status", static_cast<std::int64_t>(exit_status({e})));
        object.set("message", shortened(e.message));
        if (!e.id.empty()) {
            object.set("id", e.id);
        }
        if (!e.where.file.empty()) {
            object.set("file", e.where.file);
        }
        if (e.where.line > 0) {
            object.set("line", static_cast<std::int64_t>(e.where.line));
        }
        if (e.where.column > 0) {
            object.set("column", static_cast<std::int64_t>(e.where.column));
        }
        if (!e.hint.empty()) {
            object.set("hint", e.hint);
        }
        text += object.json() + "\n";
    }
    return text;
}

void report(const Errors& problems, const Globals& globals)
{
    const std::string text = globals.format == Format::json
                                 ? describe_as_json(problems)
                                 : describe(problems, use_color(STDERR_FILENO, globals.color));
    std::fwrite(text.data(), 1, text.size(), stderr);
}

} // namespace tranchain
