// Reading assumptions from a scenario file.
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "data/name.hpp"
#include "data/text.hpp"
#include "waterfall/assumption.hpp"

namespace tranchain {

namespace {

using Kind = Assumption::Kind;

constexpr std::int64_t max_days = 1000;
constexpr std::int64_t max_days_early = 365;
constexpr std::int64_t shares_most = 1000 * Rate::one; ///< what a Rate can say
/// Later, what is past due has defaulted before the money of a long holiday is booked.
constexpr std::int64_t repurchase_days_max = 20;

/// `90 days 20.00%` as days and the text of the share, if the days are from `least` on.
std::optional<std::pair<std::int64_t, std::string>> days_and_share(const std::string& text, std::int64_t least)
{
    const auto parts = split(text, ' ');
    std::int64_t n = 0;
    if (parts.size() != 3 || parts[1] != "days") return std::nullopt;
    const char* end = parts[0].data() + parts[0].size();
    if (std::from_chars(parts[0].data(), end, n).ptr != end || n < least || n > max_days) return std::nullopt;
    return std::pair{n, std::string(parts[2])};
}

/// One `[[table]]`; its problems stand where the value stands.
class AssumptionReader {
public:
    AssumptionReader(TomlTable& table, Kind kind) : table_(table) { out_.kind = kind; }

    Assumption read()
    {
        out_.where = table_.where();
        out_.of = read_scope(table_);
        if (out_.kind == Kind::timing) {
            out_.paid = read_timing(table_);
            return out_;
        }
        share();
        if (out_.kind == Kind::delay || out_.kind == Kind::early) out_.days = days(max_days);
        if (out_.kind == Kind::repurchase) out_.days = days(repurchase_days_max);
        if (out_.kind == Kind::dilution) {
            out_.rate = read_percent(table_, "rate", table_.text("rate").text);
            if (table_.has("made_good")) out_.made_good = table_.boolean("made_good");
        }
        if (out_.kind == Kind::default_ && table_.has("recovery")) {
            out_.recovery = read_recovery(table_);
        }
        return out_;
    }

private:
    void share()
    {
        const int given = table_.has("share") + table_.has("curve") + table_.has("vector");
        if (given > 1) table_.fail("share", "one of 'share', 'curve' and 'vector' is enough");
        out_.share.constant = Rate::ppb(Rate::one);
        if (const auto text = table_.optional_text("share")) {
            out_.share.constant = read_percent(table_, "share", text->text);
        }
        if (table_.has("vector")) {
            for (const Located& text : table_.texts("vector")) {
                out_.share.months.push_back(read_percent(table_, "vector", text.text));
            }
        }
        if (!table_.has("curve")) return;
        for (const Located& text : table_.texts("curve")) {
            const auto space = text.text.find(' ');
            const auto date = Date::parse(text.text.substr(0, space));
            if (!date || space == std::string::npos) {
                table_.fail("curve", fmt::format("'{}' is not a point of a curve", text.text),
                            "write a date and a share, such as \"2019-07-01 2.50%\"");
                continue;
            }
            auto& points = out_.share.points;
            if (!points.empty() && points.back().first >= *date) {
                table_.fail("curve", fmt::format("{} is out of order", date->str()));
            }
            const std::string share(trim(text.text.substr(space)));
            points.emplace_back(*date, read_percent(table_, "curve", share));
        }
    }

    std::int64_t days(std::int64_t most)
    {
        const std::int64_t n = table_.integer("days");
        if (table_.has("days") && (n < 1 || n > most)) {
            table_.fail("days",
                        fmt::format("{} is not a number of days from 1 to {}", n, most));
            return 1;
        }
        return n;
    }

    TomlTable& table_;
    Assumption out_;
};

} // namespace

Rate read_percent(TomlTable& table, const char* key, const std::string& text)
{
    if (text.empty()) return {};
    const auto rate = Rate::parse(text);
    if (rate && *rate >= Rate{} && *rate <= Rate::ppb(Rate::one)) return *rate;
    table.fail(key, fmt::format("'{}' is not a percentage from 0% to 100%", text),
               "write it as \"2.50%\"");
    return {};
}

Scope read_scope(TomlTable& table)
{
    Scope of;
    const auto text = table.optional_text("of");
    if (!text || text->text == "pool") return of;
    static const std::vector<std::string> heads{"pool",    "bought",   "group",
                                                "obligor", "industry", "receivable",
                                                "rating",  "region",   "supplier"};
    const auto space = text->text.find(' ');
    const std::string head = text->text.substr(0, space);
    const auto found = std::find(heads.begin(), heads.end(), head);
    const bool named = space != std::string::npos;
    if (found == heads.end()) {
        const auto near = closest(head, heads);
        table.fail("of", fmt::format("'{}' is nothing an assumption can be about", head),
                   near ? fmt::format("did you mean '{}'?", *near)
                        : "known: " + join(heads, ", "));
        return of;
    }
    of.kind = static_cast<Scope::Kind>(found - heads.begin());
    if (named) of.name = plain_name(text->text.substr(space));
    const bool wants_name = of.kind >= Scope::Kind::group;
    if (wants_name == of.name.empty()) {
        table.fail("of",
                   wants_name ? fmt::format("which {}?", head)
                              : fmt::format("'{}' stands alone", head),
                   wants_name ? fmt::format("write it as \"{} NAME\"", head) : "");
    }
    return of;
}

std::vector<std::pair<std::int64_t, Rate>> read_recovery(TomlTable& table)
{
    std::vector<std::pair<std::int64_t, Rate>> out;
    std::int64_t sum = 0;
    for (const Located& text : table.texts("recovery")) {
        const auto read = days_and_share(text.text, 1);
        if (!read) {
            table.fail("recovery", fmt::format("'{}' is not a recovery", text.text),
                       "write days after the due date and a share of what is unpaid, such as "
                       "\"90 days 20.00%\"");
            continue;
        }
        out.emplace_back(read->first, read_percent(table, "recovery", read->second));
        sum += out.back().second.in_ppb();
    }
    if (sum > Rate::one) table.fail("recovery", "more is recovered than was unpaid");
    return out;
}

std::vector<std::pair<std::int64_t, Rate>> read_timing(TomlTable& table)
{
    std::vector<std::pair<std::int64_t, Rate>> out;
    std::int64_t sum = 0;
    bool formed = true;
    for (const Located& text : table.texts("paid")) {
        const auto read = days_and_share(text.text, -max_days_early);
        if (!read || (!out.empty() && out.back().first >= read->first)) {
            formed = false;
            table.fail("paid",
                       read ? fmt::format("'{}' is out of order", text.text)
                            : fmt::format("'{}' is not a day of payment", text.text),
                       "write days after the due date, rising, with a minus before it, and a share of "
                       "receivables, such as \"-5 days 40.00%\"");
            continue;
        }
        out.emplace_back(read->first, read_percent(table, "paid", read->second));
        sum += out.back().second.in_ppb();
    }
    if (formed && sum != Rate::one && table.has("paid")) {
        const bool sayable = sum <= shares_most;
        table.fail("paid", sayable ? fmt::format("the shares sum to {}, not to 100%", Rate::ppb(sum).str())
                                   : std::string("the shares sum to more than 100,000%, not to 100%"));
    }
    return out;
}

std::vector<Assumption> read_assumptions(TomlTable& root)
{
    static constexpr std::pair<const char*, Kind> tables[]{{"dilution", Kind::dilution},
                                                           {"early", Kind::early},
                                                           {"delay", Kind::delay},
                                                           {"default", Kind::default_},
                                                           {"repurchase", Kind::repurchase},
                                                           {"replenishment", Kind::replenishment},
                                                           {"timing", Kind::timing}};
    std::vector<Assumption> out;
    for (const auto& [key, kind] : tables) {
        for (TomlTable& table : root.tables(key)) out.push_back(AssumptionReader(table, kind).read());
    }
    return out;
}

} // namespace tranchain
