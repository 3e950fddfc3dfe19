// Mt940: bank statements of SWIFT, MT940 (statement) and MT942 (interim report): lines and tags.
//
// Envelopes such as `{1:...}{4:` and `-}` are passed over. Of field 86 the two usual structures are
// understood (`?20...?32...` and `/NAME/.../REMI/...`); anything else is text as it stands.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "data/statement.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

bool digit_at(std::string_view text, std::size_t i)
{
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
}

bool upper_at(std::string_view text, std::size_t i)
{
    return i < text.size() && text[i] >= 'A' && text[i] <= 'Z';
}

/// One field: its tag and the lines of its value.
struct SwiftField {
    std::string_view tag;
    std::vector<std::string_view> lines;
    int line = 0;
};

/// "61" of ":61:..." with two digits and maybe a letter; empty if the line begins no field.
std::string_view tag_of(std::string_view line)
{
    if (line.size() < 4 || line[0] != ':') return {};
    if (line.starts_with(":NS:")) return line.substr(1, 2);
    if (!digit_at(line, 1) || !digit_at(line, 2)) return {};
    if (line[3] == ':') return line.substr(1, 2);
    return upper_at(line, 3) && line.size() > 4 && line[4] == ':' ? line.substr(1, 3)
                                                                  : std::string_view{};
}

std::vector<SwiftField> fields_of(std::string_view text)
{
    std::vector<SwiftField> fields;
    int number = 0;
    bool inside = false; // a field, which the next line may continue
    for (std::string_view line : split(text, '\n')) {
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with("-}") || line == "-") inside = false;
        const bool envelope = line.starts_with('{') || line.starts_with("-}");
        if (const auto body = line.find("{4:"); envelope && body != line.npos)
            line.remove_prefix(body + 3);
        if (const std::string_view tag = tag_of(line); !tag.empty()) {
            fields.push_back({tag, {line.substr(tag.size() + 2)}, number});
            inside = true;
        } else if (inside) {
            fields.back().lines.push_back(line);
        }
    }
    return fields;
}

class SwiftReader {
public:
    SwiftReader(std::string_view text, const std::string& file)
        : file_(file), fields_(fields_of(text))
    {
        report_ = text.find("{2:O942") != text.npos || text.find("{2:I942") != text.npos;
    }

    Checked<std::vector<BankStatement>> read()
    {
        for (const SwiftField& f : fields_) take(f);
        if (!statements_.empty()) finish(statements_.back());
        if (statements_.empty())
            errors_.push_back({Code::invalid_input,
                               "no field ':20:' begins a statement",
                               {file_, 1, 0},
                               "the file is cut short, or no MT940 or MT942"});
        if (!errors_.empty()) return tl::make_unexpected(std::move(errors_));
        return std::move(statements_);
    }

private:
    void
    complain(const SwiftField& f, std::string message, std::string hint, std::size_t column = 0)
    {
        Source where{file_, f.line, static_cast<int>(column ? column + f.tag.size() + 2 : 1)};
        errors_.push_back({Code::invalid_input, std::move(message), where, std::move(hint)});
    }

    void take(const SwiftField& f)
    {
        // Some banks leave ':20:' out after the first; then ':25:' begins the next statement.
        if (f.tag == "20" || statements_.empty() || (f.tag == "25" && closed_)) {
            if (!statements_.empty()) finish(statements_.back());
            statements_.emplace_back();
            statements_.back().where = {file_, f.line, 1};
            closed_ = false;
            last_ = "";
        }
        BankStatement& s = statements_.back();
        const std::string_view value = trim(f.lines.front());
        if (f.tag == "20")
            s.id = one_line(value);
        else if (f.tag == "25" || f.tag == "25P")
            s.account = one_line(value);
        else if (f.tag == "28" || f.tag == "28C")
            read_number(f, value, s);
        else if (f.tag == "34F")
            interim_ = true, set_currency(f, value.substr(0, 3), s);
        else if (f.tag == "60F" || f.tag == "60M")
            read_balance(f, value, s, s.opening);
        else if (f.tag == "62F" || f.tag == "62M") {
            read_balance(f, value, s, s.closing);
            closed_ = true;
        } else if (f.tag == "61")
            read_entry(f, s);
        else if (f.tag == "86" && last_ == "61" && !s.entries.empty())
            read_information(f, s);
        else if (f.tag == "90C")
            s.stated_credits = read_sum(f, value, s);
        else if (f.tag == "90D")
            s.stated_debits = read_sum(f, value, s);
        last_ = f.tag;
    }

    void finish(BankStatement& s)
    {
        const bool report = report_ || (interim_ && !s.opening && !s.closing);
        s.format = report ? "MT942" : "MT940";
        interim_ = false;
        SwiftField where{"20", {}, s.where.line};
        if (s.account.empty())
            complain(where, "the statement names no account", "a field ':25:' is required");
        if (s.opening && !s.closing)
            complain(where, "the statement has an opening balance and no closing one",
                     "the file is cut short: a field ':62F:' ends a statement");
        if (!report && !s.opening && s.entries.empty() && !s.closing)
            complain(where, "the statement has neither balances nor entries",
                     "the file is cut short");
    }

    void read_number(const SwiftField& f, std::string_view value, BankStatement& s)
    {
        const auto slash = value.find('/');
        const auto number = [&](std::string_view digits) -> std::int64_t {
            digits = trim(digits);
            if (digits.empty() || digits.size() > 18 ||
                !std::all_of(digits.begin(), digits.end(),
                             [](char c) { return c >= '0' && c <= '9'; })) {
                complain(f, fmt::format("'{}' is not a statement number", value),
                         "a number, and perhaps a page, such as 143/1", 1);
                return 0;
            }
            return std::stoll(std::string(digits));
        };
        s.number = number(value.substr(0, slash));
        if (slash != value.npos) s.page = number(value.substr(slash + 1));
    }

    void set_currency(const SwiftField& f, std::string_view currency, BankStatement& s)
    {
        if (!upper_at(currency, 0) || !upper_at(currency, 1) || !upper_at(currency, 2)) {
            complain(f, fmt::format("'{}' is not a currency", currency),
                     "three capital letters, such as CNY");
            return;
        }
        if (s.currency.empty()) s.currency = currency;
        if (s.currency != currency)
            complain(f, fmt::format("'{}' in an account of '{}'", currency, s.currency),
                     "one account has one currency; ask the bank for a statement of each");
    }

    Money money(const SwiftField& f, std::string_view text, std::size_t column)
    {
        auto amount = parse_bank_amount(text, ',');
        if (amount) return *amount;
        complain(f, amount.error().message, amount.error().hint, column);
        return {};
    }

    std::optional<Date> day(const SwiftField& f, std::string_view text, std::size_t column)
    {
        bool good = text.size() == 6;
        for (std::size_t i = 0; good && i < 6; ++i) good = digit_at(text, i);
        const auto two = [&](std::size_t i) { return (text[i] - '0') * 10 + text[i + 1] - '0'; };
        if (good) {
            const int year = two(0) + (two(0) >= 80 ? 1900 : 2000);
            if (is_real_day(year, two(2), two(4)))
                return Date::of(year, static_cast<unsigned>(two(2)), static_cast<unsigned>(two(4)));
        }
        complain(f, fmt::format("'{}' is not a date", text),
                 "year, month and day of two digits each, such as 181203", column);
        return std::nullopt;
    }

    /// 60, 62: C or D, date, currency, amount.
    void read_balance(const SwiftField& f,
                      std::string_view value,
                      BankStatement& s,
                      std::optional<BankBalance>& to)
    {
        if (to) {
            complain(f, "a second balance of this kind", "one statement has one");
            return;
        }
        if (value.size() < 11 || (value[0] != 'C' && value[0] != 'D')) {
            complain(f, fmt::format("'{}' is not a balance", value),
                     "C or D, date, currency and amount, such as C181203CNY1500,00", 1);
            return;
        }
        const auto date = day(f, value.substr(1, 6), 2);
        set_currency(f, value.substr(7, 3), s);
        Money amount = money(f, value.substr(10), 11);
        if (value[0] == 'D') amount = -amount;
        to = BankBalance{{file_, f.line, 1}, amount, date.value_or(Date())};
    }

    /// 90C, 90D: number, currency, sum.
    Money read_sum(const SwiftField& f, std::string_view value, BankStatement& s)
    {
        std::size_t i = 0;
        while (digit_at(value, i)) ++i;
        if (i + 3 >= value.size()) {
            complain(f, fmt::format("'{}' is not a sum", value), "such as 2CNY100,00", 1);
            return {};
        }
        set_currency(f, value.substr(i, 3), s);
        return money(f, value.substr(i + 3), i + 4);
    }

    /// The booking day has no year: the one nearest to the value date.
    static std::optional<Date> nearest(Date value, int month, int day_of_month)
    {
        std::optional<Date> best;
        for (const int year : {value.year() - 1, value.year(), value.year() + 1}) {
            if (!is_real_day(year, month, day_of_month)) continue;
            const Date d =
                Date::of(year, static_cast<unsigned>(month), static_cast<unsigned>(day_of_month));
            if (!best || std::abs(d - value) < std::abs(*best - value)) best = d;
        }
        return best;
    }

    /// 61: value date, [booking day], C, D, RC or RD, [funds code], amount, type,
    /// reference[//bank's].
    void read_entry(const SwiftField& f, BankStatement& s)
    {
        const std::string_view line = f.lines.front();
        BankEntry e;
        e.where = {file_, f.line, 1};
        const auto value_date = day(f, line.substr(0, 6), 1);
        if (!value_date) return;
        e.value_date = e.date = *value_date;
        std::size_t i = 6;
        if (digit_at(line, 6)) {
            std::optional<Date> booked;
            if (digit_at(line, 7) && digit_at(line, 8) && digit_at(line, 9))
                booked = nearest(*value_date, (line[6] - '0') * 10 + line[7] - '0',
                                 (line[8] - '0') * 10 + line[9] - '0');
            if (!booked) {
                complain(f, fmt::format("'{}' is not a booking day", line.substr(6, 4)),
                         "month and day, such as 1203", 7);
                return;
            }
            e.date = *booked;
            i = 10;
        }
        // Expected entries (EC, ED) are not booked.
        if (i < line.size() && line[i] == 'E') e.booked = false, ++i;
        if (i < line.size() && line[i] == 'R') e.reversal = true, ++i;
        const char mark = i < line.size() ? line[i++] : ' ';
        if (mark != 'C' && mark != 'D') {
            complain(f, "an entry is neither credit nor debit", "C, D, RC or RD follows the dates",
                     i);
            return;
        }
        if (upper_at(line, i)) ++i; // funds code
        const std::size_t start = i;
        while (digit_at(line, i) || (i < line.size() && (line[i] == ',' || line[i] == '.'))) ++i;
        e.amount = money(f, line.substr(start, i - start), start + 1);
        // A reversed credit is a debit, a reversed debit a credit.
        if ((mark == 'D') != e.reversal) e.amount = -e.amount;
        std::string_view rest = line.substr(i);
        while (rest.starts_with(' ')) rest.remove_prefix(1);
        rest.remove_prefix(std::min<std::size_t>(4, rest.size())); // N and the type
        const auto bank = rest.find("//");
        e.reference = plain(rest.substr(0, bank));
        if (bank != rest.npos) e.bank_reference = plain(rest.substr(bank + 2));
        for (std::size_t k = 1; k < f.lines.size(); ++k)
            e.text += (e.text.empty() ? "" : " ") + one_line(f.lines[k]);
        if (e.amount != zero) s.entries.push_back(std::move(e));
    }

    static std::string plain(std::string_view text)
    {
        std::string one = one_line(text);
        return one == "NONREF" || one == "NOTPROVIDED" ? std::string() : one;
    }

    /// A full line of 65 characters was broken anywhere, a shorter one where a word ends.
    static std::string joined(const SwiftField& f)
    {
        std::string all;
        for (std::size_t k = 0; k < f.lines.size(); ++k) {
            all += f.lines[k];
            if (count_characters(f.lines[k]) < 65 && !f.lines[k].ends_with(' ')) all += '\n';
        }
        return all;
    }

    static void read_information(const SwiftField& f, BankStatement& s)
    {
        BankEntry& e = s.entries.back();
        const std::string all = joined(f);
        const auto mark = all.find_first_of("?>");
        if (mark == 3 && digit_at(all, 0) && digit_at(all, 4) && digit_at(all, 5)) {
            read_numbered(all, e);
        } else if (all.find("/REMI/") != all.npos || all.find("/NAME/") != all.npos) {
            e.text = slashed(all, "REMI");
            e.counterparty = slashed(all, "NAME");
            if (const std::string end = slashed(all, "EREF");
                !end.empty() && e.reference.size() < 5)
                e.reference = end;
        } else {
            e.text = one_line(all);
        }
    }

    /// 166?00...?20 to ?29 and ?60 to ?63 text, ?32 and ?33 name.
    static void read_numbered(std::string_view all, BankEntry& e)
    {
        const char mark = all[3];
        std::string text, name;
        for (std::size_t at = 3; at + 2 < all.size();) {
            std::size_t end = at + 1;
            while (end < all.size() &&
                   (all[end] != mark || !digit_at(all, end + 1) || !digit_at(all, end + 2)))
                ++end;
            std::string part(all.substr(at + 3, end > at + 3 ? end - at - 3 : 0));
            // Lines break anywhere within this structure.
            std::erase(part, '\n');
            const std::string_view code = all.substr(at + 1, 2);
            if (code[0] == '2' || (code[0] == '6' && code[1] < '4')) text += part;
            if (code == "32" || code == "33") name += part;
            at = end;
        }
        e.text = one_line(text);
        e.counterparty = one_line(name);
    }

    /// The value after /WORD/ up to the next /ABCD/.
    static std::string slashed(std::string_view all, const std::string& word)
    {
        auto at = all.find("/" + word + "/");
        if (at == all.npos) return {};
        at += word.size() + 2;
        std::size_t end = at;
        for (; end < all.size(); ++end) {
            if (all[end] != '/') continue;
            std::size_t k = end + 1;
            while (upper_at(all, k)) ++k;
            if (k - end - 1 >= 3 && k - end - 1 <= 4 && k < all.size() && all[k] == '/') break;
        }
        return one_line(all.substr(at, end - at));
    }

    std::string file_;
    std::vector<SwiftField> fields_;
    std::vector<BankStatement> statements_;
    Errors errors_;
    std::string_view last_;
    bool closed_ = false, interim_ = false, report_ = false;
};

} // namespace

Checked<std::vector<BankStatement>> parse_mt940(std::string_view utf8, const std::string& file)
{
    return SwiftReader(utf8, file).read();
}

} // namespace tranchain
