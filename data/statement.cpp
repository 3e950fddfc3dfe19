// Statement: which format a file has, its encoding, and what all the readers share.
// SPDX-License-Identifier: Apache-2.0
#include "data/statement.hpp"

#include <algorithm>
#include <regex>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/encoding.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

int line_of(std::string_view text, std::size_t offset)
{
    return 1 + static_cast<int>(std::count(
                   text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::string from_latin1(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        const auto u = static_cast<unsigned char>(c);
        if (u < 0x80) {
            out += c;
            continue;
        }
        out += static_cast<char>(0xC0U | (u >> 6U));
        out += static_cast<char>(0x80U | (u & 0x3FU));
    }
    return out;
}

/// Chinese text has bytes above 7F in pairs; a Western letter stands alone between others.
bool has_lone_high_byte(std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size();) {
        std::size_t end = i;
        while (end < bytes.size() && static_cast<unsigned char>(bytes[end]) >= 0x80) ++end;
        if ((end - i) % 2 == 1) return true;
        i = end + 1;
    }
    return false;
}

std::string lower(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// What an XML declaration says of its encoding, in lower case; empty if it says nothing.
std::string declared_encoding(std::string_view bytes)
{
    const std::string head(bytes.substr(0, 200));
    const auto end = head.find("?>");
    const auto at = head.find("encoding");
    if (!head.starts_with("<?xml") || at == head.npos || end == head.npos || at > end) return {};
    const auto open = head.find_first_of("\"'", at);
    if (open == head.npos || open > end) return {};
    return lower(head.substr(open + 1, head.find(head[open], open + 1) - open - 1));
}

/// The text as UTF-8 without BOM. `western`: bytes that are not UTF-8 are Latin-1.
Result<std::string> text_of(std::string bytes, const std::string& file, bool western)
{
    if (western && bytes.find('\0') == bytes.npos && invalid_utf8(bytes)) return from_latin1(bytes);
    TRANCHAIN_TRY(Decoded decoded, decode_text(std::move(bytes), file));
    return std::move(decoded.text);
}

StatementFormat recognised(std::string_view bytes)
{
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    // UTF-16 is some XML, which the decoder refuses by its name.
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        return StatementFormat::camt;
    const auto first = bytes.find_first_not_of(" \t\r\n");
    if (first == bytes.npos) return StatementFormat::any;
    if (bytes[first] == '<') return StatementFormat::camt;
    const std::string head(bytes.substr(0, 2000));
    static const std::regex tag("(^|[\\r\\n}:])\\s*:(20|25P?|28C?|60[FM]):");
    return std::regex_search(head, tag) ? StatementFormat::mt940 : StatementFormat::any;
}

/// Sums in the range of Money, so that no later addition leaves it.
Errors too_large(const std::vector<BankStatement>& statements)
{
    Errors errors;
    for (const BankStatement& s : statements) {
        Int128 sum = 0;
        const auto add = [&](const Money& m) { sum += m < zero ? -m.in_fen() : m.in_fen(); };
        if (s.opening) add(s.opening->amount);
        if (s.closing) add(s.closing->amount);
        for (const BankEntry& e : s.entries) add(e.amount);
        if (sum > Money::max_fen)
            errors.push_back({Code::invalid_input,
                              "the amounts of this statement together exceed 10 trillion", s.where,
                              "such a statement is wrong, or it is in another unit"});
    }
    return errors;
}

} // namespace

Result<Money> parse_bank_amount(std::string_view text, char mark)
{
    const auto refuse = [&](std::string_view what, std::string_view hint) {
        return fail(Code::invalid_input, fmt::format("'{}' {}", text, what), {}, std::string(hint));
    };
    const auto point = text.find(mark);
    std::string_view whole = text.substr(0, point);
    std::string_view decimals = point == text.npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit) ||
        !std::all_of(decimals.begin(), decimals.end(), is_digit))
        return refuse("is not an amount",
                      fmt::format("digits and one '{}', such as 1234{}50", mark, mark));
    while (decimals.size() > 2 && decimals.back() == '0') decimals.remove_suffix(1);
    if (decimals.size() > 2)
        return refuse("has a fraction of a hundredth", "amounts here have two decimals");
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size() - 1));
    auto money = Money::parse(
        fmt::format("{}.{}{}", whole, decimals, std::string(2 - decimals.size(), '0')));
    if (!money) return refuse("is out of range", "at most 10 trillion");
    return money;
}

std::string one_line(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool blank = u <= 0x20 || u == 0x7F;
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    if (is_signable_text(out)) return out;
    // What is left are invisible marks (C1, direction, BOM): they have no place in a reference.
    std::string kept;
    for (std::size_t i = 0; i < out.size();) {
        std::size_t n = 1;
        while (i + n < out.size() && (static_cast<unsigned char>(out[i + n]) & 0xC0U) == 0x80U) ++n;
        const std::string one = out.substr(i, n);
        if (is_signable_text(one)) kept += one;
        i += n;
    }
    return kept;
}

Money BankStatement::credits() const
{
    Money sum;
    for (const BankEntry& e : entries)
        if (e.booked && e.amount > zero) sum += e.amount;
    return sum;
}

Money BankStatement::debits() const
{
    Money sum;
    for (const BankEntry& e : entries)
        if (e.booked && e.amount < zero) sum -= e.amount;
    return sum;
}

Date BankStatement::last_day() const
{
    std::optional<Date> day = to;
    if (closing && (!day || closing->date > *day)) day = closing->date;
    for (const BankEntry& e : entries)
        if (e.booked && (!day || e.date > *day)) day = e.date;
    if (day) return *day;
    return opening ? opening->date : Date();
}

Date BankStatement::first_day() const
{
    Date day = last_day();
    if (from) day = std::min(day, *from);
    // The opening balance carries the day of the closing one before it.
    else if (opening && opening->date < day)
        day = opening->date + 1;
    for (const BankEntry& e : entries)
        if (e.booked) day = std::min(day, e.date);
    return day;
}

Checked<std::vector<BankStatement>> parse_statements(std::string bytes,
                                                     const std::string& file,
                                                     StatementFormat format,
                                                     const Mapping* mapping)
{
    const auto refuse = [](Error e) { return tl::make_unexpected(Errors{std::move(e)}); };
    if (const auto nul = bytes.find('\0');
        nul != bytes.npos && !bytes.starts_with("\xFF\xFE") && !bytes.starts_with("\xFE\xFF"))
        return refuse({Code::invalid_input,
                       "a NUL byte",
                       {file, line_of(bytes, nul), 0},
                       "the file is damaged, or not a text"});
    if (format == StatementFormat::any) format = mapping ? StatementFormat::csv : recognised(bytes);
    if (format == StatementFormat::any)
        return refuse({Code::invalid_input,
                       bytes.empty() ? "the file is empty" : "this is no bank statement",
                       {file, 1, 1},
                       "camt.052, .053, .054 as XML; MT940, MT942 with tags such as ':20:'; or "
                       "CSV with --map FILE"});
    Checked<std::vector<BankStatement>> read;
    if (format == StatementFormat::csv) {
        if (!mapping)
            return refuse({Code::usage,
                           "a CSV statement needs to be told its columns",
                           {file},
                           "--map FILE; see tranchain-pool(5)"});
        read = parse_statement_csv(bytes, file, *mapping);
    } else {
        const bool xml = format == StatementFormat::camt;
        const std::string declared = xml ? declared_encoding(bytes) : "";
        const bool chinese = declared.starts_with("gb");
        const bool western =
            xml ? !declared.empty() && !chinese && declared != "utf-8" && declared != "utf8"
                : has_lone_high_byte(bytes);
        auto text = text_of(std::move(bytes), file, western);
        if (!text) return refuse(text.error());
        read = xml ? parse_camt(*text, file) : parse_mt940(*text, file);
    }
    if (!read) return read;
    if (Errors errors = too_large(*read); !errors.empty())
        return tl::make_unexpected(std::move(errors));
    return read;
}

} // namespace tranchain
