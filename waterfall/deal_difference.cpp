// Comparing two programs clause by clause.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/deal_difference.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "data/rate.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

/// Something that can differ by itself: a sentence, or one value of a table.
struct Part {
    std::string key;
    std::string owner; ///< `tranche.A` for its fields, `priority.default.all` for its lines
    std::string words;
    std::string typed; ///< canonical, without words and numbers
    Source where;
};

/// What a value means: neither its words nor its number, nor the rank that follows from its place.
Json bare(const Json& json)
{
    if (json.is_array()) {
        Json out = Json::array();
        for (const Json& item : json.as_array()) out.push_back(bare(item));
        return out;
    }
    if (!json.is_object()) return json;
    Json out;
    const bool clause = json.find("clause") != nullptr;
    for (const auto& [key, value] : json.as_object()) {
        if (key != "clause" && !(clause && key == "rank")) out[key] = bare(value);
    }
    return out;
}

std::string plain(std::string_view key, const Json& value)
{
    if (value.is_string()) return value.as_string();
    if (value.is_integer() && key == "coupon") return Rate::ppb(value.as_integer()).str();
    if (value.is_array()) {
        std::string out;
        for (const Json& item : value.as_array()) {
            out += (out.empty() ? "" : ", ") +
                   (item.is_string() ? item.as_string() : item.canonical());
        }
        return out;
    }
    return value.canonical();
}

/// The key of a deal file that a member of the program was read from.
std::string file_key(const std::string& member)
{
    if (member == "revolving_until") return "schedule.revolving.until";
    if (member.ends_with("_rounding") || member == "per_unit_places") return "deal.rounding";
    return "deal." + member;
}

std::string dates_of(const Json::Array& dates)
{
    if (dates.empty()) return "none";
    return fmt::format("{} dates, {} to {}", dates.size(),
                       dates.front().find("unadjusted")->as_string(),
                       dates.back().find("unadjusted")->as_string());
}

class DealParts {
public:
    explicit DealParts(const DealSide& side) : side_(side)
    {
        for (const auto& [key, value] : side.program.as_object()) {
            if (key == "v") continue;
            if (key == "revolving_dates" || key == "monthly_dates") {
                const std::string schedule = "schedule." + key.substr(0, key.find('_'));
                add(schedule, "", dates_of(value.as_array()), value,
                    place(schedule + ".pay", "deal"));
            } else if (value.is_object() || (value.is_array() && key != "calendars")) {
                walk(value, key);
            } else if (key != "calendars") {
                add(file_key(key) == "deal.rounding" ? "deal.rounding." + key : "deal." + key, "",
                    plain(key, value), value, place(file_key(key), "deal"));
            }
        }
    }
    std::vector<Part> parts;

private:
    Source place(const std::string& path, const std::string& otherwise) const
    {
        if (side_.file == nullptr) return {};
        return side_.file->at(side_.file->places.contains(path) ? path : otherwise);
    }
    void add(std::string key, std::string owner, std::string words, const Json& value, Source where)
    {
        parts.push_back({std::move(key), std::move(owner), std::move(words),
                         bare(value).canonical(), std::move(where)});
    }

    void sentence(const Json& value, const Json& clause)
    {
        const std::string& number = clause.find("number")->as_string();
        const auto dot = number.rfind('.');
        const bool line = dot != std::string::npos &&
                          number.find_first_not_of("0123456789", dot + 1) == std::string::npos;
        Source where = side_.file != nullptr ? place_of(number) : Source{};
        add(number, line ? number.substr(0, dot) : "", clause.find("text")->as_string(), value,
            std::move(where));
    }

    void walk(const Json& value, const std::string& path)
    {
        if (value.is_array()) {
            const auto& items = value.as_array();
            if (std::all_of(items.begin(), items.end(),
                            [](const Json& j) { return j.is_string(); })) {
                add(path, "", plain(path, value), value, place(path, "deal"));
                return;
            }
            for (const Json& item : items) walk(item, path);
        } else if (value.is_object() && value.find("clause") != nullptr) {
            sentence(value, *value.find("clause"));
        } else if (value.is_object() && value.find("id") != nullptr) {
            // `tranches` holds each `tranche`
            const std::string owner =
                path.substr(0, path.size() - 1) + "." + value.find("id")->as_string();
            for (const auto& [key, field] : value.as_object()) {
                if (key == "id") continue;
                const std::string full = owner + "." + key;
                add(full, owner, plain(key, field), field, place(full, owner));
            }
        } else if (value.is_object()) {
            for (const auto& [key, member] : value.as_object()) walk(member, path + "." + key);
        } else {
            add(path, "", plain(path, value), value, place(path, "deal"));
        }
    }

    /// Where the sentence of that number stands. The program keeps it beside the sentence, and
    /// the record that is signed does not, so it is looked up once for all.
    Source place_of(const std::string& number)
    {
        if (clauses_.empty()) collect();
        const auto found = clauses_.find(number);
        return found == clauses_.end() ? side_.file->at("deal") : side_.file->at(found->second);
    }
    void collect()
    {
        const auto note = [this](const auto& list) {
            for (const auto& item : list) clauses_[item.clause.number] = item.clause;
        };
        const Program& p = side_.file->program;
        note(p.fees);
        note(p.tables);
        note(p.reserves);
        note(p.facilities);
        note(p.criteria);
        note(p.limits);
        note(p.timetable);
        note(p.triggers);
        if (p.purchase) clauses_["purchase"] = p.purchase->clause;
        if (p.support) clauses_["support"] = p.support->clause;
        for (const auto& [phase, priority] : p.priorities) {
            note(priority.income);
            note(priority.principal);
            note(priority.all);
        }
    }

    const DealSide& side_;
    std::map<std::string, Clause> clauses_;
};

using ChangeKind = ClauseChange::Kind;
using Group = std::vector<const Part*>;

bool numbered(const Part& part)
{
    return !part.owner.empty() &&
           part.key.find_first_not_of("0123456789", part.owner.size() + 1) == std::string::npos;
}

class PartComparer {
public:
    PartComparer(const std::vector<Part>& before, const std::vector<Part>& after)
    {
        std::map<std::string, Group> a = grouped(before);
        std::map<std::string, Group> b = grouped(after);
        std::set<std::string> keys;
        for (const auto& [key, group] : a) keys.insert(key);
        for (const auto& [key, group] : b) keys.insert(key);
        for (const std::string& key : keys) compare(a[key], b[key]);
    }
    std::vector<ClauseChange> changes;

private:
    /// Lines of one list together, fields of one table together, everything else by itself.
    static std::map<std::string, Group> grouped(const std::vector<Part>& parts)
    {
        std::map<std::string, Group> out;
        for (const Part& p : parts) out[p.owner.empty() ? p.key : p.owner].push_back(&p);
        return out;
    }

    void add(ChangeKind kind, const Part* a, const Part* b)
    {
        ClauseChange c;
        c.kind = kind;
        c.clause = a != nullptr ? a->key : b->key;
        const bool silent = kind == ChangeKind::changed && a->words == b->words;
        if (a != nullptr) {
            c.before = silent ? a->typed : a->words;
            c.before_at = a->where;
        }
        if (b != nullptr) {
            c.after = silent ? b->typed : b->words;
            c.after_at = b->where;
        }
        if (silent && a->key.starts_with("schedule.")) name_first_date(a->typed, b->typed, c);
        changes.push_back(std::move(c));
    }

    /// Two lists of dates as long as each other: the first that differs is enough.
    static void name_first_date(const std::string& a, const std::string& b, ClauseChange& c)
    {
        const auto one = parse_json("{\"d\":" + a + "}");
        const auto two = parse_json("{\"d\":" + b + "}");
        if (!one || !two || !one->find("d")->is_array() || !two->find("d")->is_array()) return;
        const auto& x = one->find("d")->as_array();
        const auto& y = two->find("d")->as_array();
        for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
            if (x[i] == y[i]) continue;
            c.before = x[i].canonical();
            c.after = y[i].canonical();
            return;
        }
    }

    void same_place(const Part* a, const Part* b)
    {
        if (a->typed != b->typed) {
            add(ChangeKind::changed, a, b);
        } else if (a->words != b->words) {
            add(ChangeKind::reworded, a, b);
        }
    }

    void compare(const Group& a, const Group& b)
    {
        if (!a.empty() && !b.empty() && (numbered(*a.front()) || numbered(*b.front()))) {
            lines(a, b);
        } else if (a.empty() || b.empty()) {
            whole(a.empty() ? ChangeKind::added : ChangeKind::removed, a.empty() ? b : a);
        } else {
            fields(a, b);
        }
    }

    /// A table or a list that only one deal has: one change for a table, one for each line.
    void whole(ChangeKind kind, const Group& group)
    {
        const bool table = !group.front()->owner.empty() && !numbered(*group.front());
        Part all = *group.front();
        if (table) all.key = all.owner;
        if (table) all.words.clear();
        for (const Part* p : group) {
            if (!table) {
                add(kind, kind == ChangeKind::added ? nullptr : p, kind == ChangeKind::added ? p : nullptr);
            } else if (!p->words.empty()) {
                all.words += (all.words.empty() ? "" : ", ") + p->key.substr(all.key.size() + 1) +
                             " " + p->words;
            }
        }
        if (table) {
            add(kind, kind == ChangeKind::added ? nullptr : &all, kind == ChangeKind::added ? &all : nullptr);
        }
    }

    void fields(const Group& a, const Group& b)
    {
        for (const Part* p : a) {
            const auto q = std::find_if(b.begin(), b.end(),
                                        [&](const Part* other) { return other->key == p->key; });
            if (q == b.end()) {
                add(ChangeKind::removed, p, nullptr);
            } else {
                same_place(p, *q);
            }
        }
        for (const Part* q : b) {
            if (std::none_of(a.begin(), a.end(), [&](const Part* p) { return p->key == q->key; })) {
                add(ChangeKind::added, nullptr, q);
            }
        }
    }

    /// Longest common subsequence by meaning: lengths[i][j] is that of a[i..] and b[j..].
    static std::vector<std::vector<int>> common(const Group& a, const Group& b)
    {
        std::vector<std::vector<int>> lengths(a.size() + 1, std::vector<int>(b.size() + 1, 0));
        for (std::size_t i = a.size(); i-- > 0;) {
            for (std::size_t j = b.size(); j-- > 0;) {
                lengths[i][j] = a[i]->typed == b[j]->typed
                                    ? lengths[i + 1][j + 1] + 1
                                    : std::max(lengths[i + 1][j], lengths[i][j + 1]);
            }
        }
        return lengths;
    }

    void lines(const Group& a, const Group& b)
    {
        const auto lengths = common(a, b);
        Group gone, come;
        std::vector<std::pair<Group, Group>> gaps(1);
        for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
            if (i < a.size() && j < b.size() && a[i]->typed == b[j]->typed) {
                same_place(a[i++], b[j++]);
                gaps.emplace_back();
            } else if (j == b.size() || (i < a.size() && lengths[i + 1][j] >= lengths[i][j + 1])) {
                gaps.back().first.push_back(a[i++]);
            } else {
                gaps.back().second.push_back(b[j++]);
            }
        }
        take_moved(gaps);
        for (const auto& [left, right] : gaps) {
            const std::size_t both = std::min(left.size(), right.size());
            for (std::size_t i = 0; i < both; ++i) add(ChangeKind::changed, left[i], right[i]);
            for (std::size_t i = both; i < left.size(); ++i) add(ChangeKind::removed, left[i], nullptr);
            for (std::size_t i = both; i < right.size(); ++i) add(ChangeKind::added, nullptr, right[i]);
        }
    }

    /// The order of a priority is its meaning; criteria and limits hold in any order.
    void take_moved(std::vector<std::pair<Group, Group>>& gaps)
    {
        for (auto& [left, unused] : gaps) {
            std::erase_if(left, [&](const Part* p) {
                for (auto& [other, right] : gaps) {
                    const auto q = std::find_if(right.begin(), right.end(), [&](const Part* there) {
                        return there->typed == p->typed;
                    });
                    if (q == right.end()) continue;
                    if (p->owner.starts_with("priority.")) add(ChangeKind::moved, p, *q);
                    right.erase(q);
                    return true;
                }
                return false;
            });
        }
    }
};

} // namespace

std::string_view name(ClauseChange::Kind kind)
{
    static constexpr std::string_view names[]{"changed", "added", "removed", "moved", "reworded"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<ClauseChange> deal_differences(const DealSide& before, const DealSide& after)
{
    const DealParts a(before);
    const DealParts b(after);
    PartComparer comparer(a.parts, b.parts);
    const auto line = [](const ClauseChange& c) {
        return c.kind == ChangeKind::removed ? c.before_at.line : c.after_at.line;
    };
    std::stable_sort(
        comparer.changes.begin(), comparer.changes.end(),
        [&](const ClauseChange& x, const ClauseChange& y) { return line(x) < line(y); });
    return std::move(comparer.changes);
}

} // namespace tranchain
