// Dividing tapes.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/strata.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "data/tape_schema.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

void add(Stratum& s, const Receivable& r, Date as_of)
{
    ++s.count;
    s.face += r.current_balance;
    s.price += r.purchase_price;
    s.face_days += Int128{r.current_balance.in_fen()} * (due_of(r) - as_of);
}

const TapeColumn* column_named(std::string_view name)
{
    for (const TapeColumn& c : tape_schema()) {
        if (c.name == name) return &c;
    }
    return nullptr;
}

bool holds_amounts(const TapeColumn& c)
{
    return std::holds_alternative<Field<Money>>(c.member) ||
           std::holds_alternative<Field<std::optional<Money>>>(c.member);
}
bool holds_dates(const TapeColumn& c)
{
    return std::holds_alternative<Field<Date>>(c.member) ||
           std::holds_alternative<Field<std::optional<Date>>>(c.member);
}

std::vector<Money> powers_of_ten()
{
    std::vector<Money> bands;
    for (std::int64_t yuan = 1'000; yuan <= 1'000'000'000; yuan *= 10) {
        bands.push_back(Money::fen(yuan * 100));
    }
    return bands;
}

/// The band of an amount: its number, for order, and its label.
std::pair<std::string, std::string> band(const std::string& text, const std::vector<Money>& bands)
{
    const auto amount = Money::parse(text);
    if (!amount) return {"", ""};
    const auto above =
        std::find_if(bands.begin(), bands.end(), [&](Money bound) { return *amount <= bound; });
    const auto index = static_cast<std::size_t>(above - bands.begin());
    std::string label = above == bands.end() ? "above " + bands.back().str()
                        : index == 0
                            ? "up to " + above->str()
                            : fmt::format("{} to {}", bands[index - 1].str(), above->str());
    return {fmt::format("{:04}", index + 1), std::move(label)};
}

constexpr AgeingBucket china[]{
    {0, "not past due"}, {30, "1-30"}, {60, "31-60"}, {90, "61-90"}, {no_end, "over 90"}};
constexpr AgeingBucket esma[]{
    {0, "not past due"}, {29, "1-29"},     {59, "30-59"},    {89, "60-89"},
    {119, "90-119"},     {149, "120-149"}, {179, "150-179"}, {no_end, "180 and more"}};

} // namespace

Result<std::vector<Stratum>>
stratify(const Tape& tape, std::string_view column, const std::vector<Money>& bands, Date as_of)
{
    const TapeColumn* c = column_named(column);
    if (c == nullptr) {
        std::vector<std::string> known;
        for (const TapeColumn& k : tape_schema()) known.emplace_back(k.name);
        const auto near = closest(column, known);
        return fail(Code::not_found, fmt::format("'{}' is not a column of a tape", column), {},
                    near ? fmt::format("did you mean '{}'?", *near)
                         : "tranchain-pool(5) lists the columns");
    }
    if (!bands.empty() && !holds_amounts(*c)) {
        return fail(Code::usage, fmt::format("'{}' holds no amounts, so it has no bands", column));
    }
    const std::vector<Money> bounds = bands.empty() ? powers_of_ten() : bands;
    std::map<std::string, Stratum> groups; // by what gives their order
    for (const Receivable& r : tape.receivables) {
        std::string key = canonical_text(r, *c);
        std::string label = key;
        if (holds_amounts(*c)) std::tie(key, label) = band(key, bounds);
        if (holds_dates(*c)) key = label = key.substr(0, 7);
        Stratum& s = groups[key];
        s.label = std::move(label);
        add(s, r, as_of);
    }
    std::vector<Stratum> out;
    for (auto& [key, stratum] : groups) out.push_back(std::move(stratum));
    if (!holds_amounts(*c) && !holds_dates(*c)) {
        std::stable_sort(out.begin(), out.end(),
                         [](const Stratum& a, const Stratum& b) { return a.face > b.face; });
    }
    return out;
}

std::size_t bucket_of(std::span<const AgeingBucket> buckets, int days)
{
    const auto at = std::find_if(buckets.begin(), buckets.end(),
                                 [&](const AgeingBucket& b) { return days <= b.upto; });
    return static_cast<std::size_t>(at - buckets.begin());
}

std::vector<Stratum> age(const Tape& tape, std::string_view buckets, Date as_of)
{
    const std::span<const AgeingBucket> bounds =
        buckets == "esma"    ? std::span<const AgeingBucket>(esma)
        : buckets == "china" ? std::span<const AgeingBucket>(china)
                             : std::span<const AgeingBucket>(trade_buckets);
    std::vector<Stratum> out;
    for (const AgeingBucket& b : bounds) out.push_back({b.label, 0, {}, {}, 0});
    for (const Receivable& r : tape.receivables) {
        add(out[bucket_of(bounds, as_of - due_of(r))], r, as_of);
    }
    return out;
}

std::string_view name(TapeChange::Kind kind)
{
    static constexpr std::string_view names[]{"added", "removed", "changed"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<TapeChange> tape_changes(const Tape& before, const Tape& after)
{
    std::map<std::string_view, std::size_t> old;
    for (std::size_t i = 0; i < before.receivables.size(); ++i) {
        old[before.receivables[i].asset_id] = i;
    }
    const auto line = [](const Tape& tape, std::size_t i) {
        return i < tape.lines.size() ? tape.lines[i] : 0;
    };
    const auto has = [](const Tape& tape, std::string_view column) {
        return std::find(tape.columns.begin(), tape.columns.end(), column) != tape.columns.end();
    };
    std::vector<TapeChange> out;
    for (std::size_t i = 0; i < after.receivables.size(); ++i) {
        const Receivable& r = after.receivables[i];
        const auto found = old.find(r.asset_id);
        if (found == old.end()) {
            out.push_back({TapeChange::Kind::added, r.asset_id, "", "", r.current_balance.str(), 0,
                           line(after, i)});
            continue;
        }
        const Receivable& was = before.receivables[found->second];
        for (const TapeColumn& c : tape_schema()) {
            if (c.name == "snapshot_date" || !has(before, c.name) || !has(after, c.name)) continue;
            std::string a = canonical_text(was, c);
            std::string b = canonical_text(r, c);
            if (a == b) continue;
            out.push_back({TapeChange::Kind::changed, r.asset_id, std::string(c.name), std::move(a),
                           std::move(b), line(before, found->second), line(after, i)});
        }
        old.erase(found);
    }
    for (std::size_t i = 0; i < before.receivables.size(); ++i) {
        const Receivable& r = before.receivables[i];
        if (!old.contains(r.asset_id)) continue;
        out.push_back({TapeChange::Kind::removed, r.asset_id, "", r.current_balance.str(), "",
                       line(before, i), 0});
    }
    return out;
}

} // namespace tranchain
