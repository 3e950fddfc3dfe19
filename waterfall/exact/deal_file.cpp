// Reading a deal file: the TOML of tranchain-deal(5).
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/deal_file.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/csv.hpp"
#include "data/text.hpp"
#include "data/toml.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

bool is_id(std::string_view text)
{
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), good) &&
           !(text[0] >= '0' && text[0] <= '9') && text[0] != '-' && text.back() != '-';
}

/// Reads one file; collects errors of sentences beside those of the TOML tables.
class DealReader {
public:
    explicit DealReader(TomlFile& file) : file_(file), root_(file.root()) {}

    DealFile read()
    {
        deal();
        for (TomlTable& table : all("tranche")) tranche(table);
        for (TomlTable& table : all("fee")) fee(table);
        rank_tranches();
        if (auto table = root_.optional_table("purchase")) purchase(*table);
        if (auto table = root_.optional_table("eligibility")) eligibility(*table);
        for (TomlTable& table : all("schedule")) schedule(table);
        for (TomlTable& table : all("trigger")) trigger(table);
        std::stable_sort(
            p().triggers.begin(), p().triggers.end(), [](const auto& a, const auto& b) {
                return a.effect > b.effect; // event_of_default outranks accelerate on one day
            });
        int rank = 0;
        for (Trigger& t : p().triggers) t.rank = ++rank;
        if (auto table = root_.optional_table("support")) support(*table);
        if (auto table = root_.optional_table("priority")) priorities(*table);
        sources();
        p().authors = default_authors();
        p().approvals = {{"distribution", {"custodian"}}};
        roles("authors", p().authors);
        roles("approvals", p().approvals);
        return std::move(out_);
    }

    Errors errors()
    {
        Errors out = file_.finish();
        out.insert(out.end(), errors_.begin(), errors_.end());
        std::stable_sort(out.begin(), out.end(), [](const Error& a, const Error& b) {
            return std::pair(a.where.line, a.where.column) <
                   std::pair(b.where.line, b.where.column);
        });
        return out;
    }

private:
    Program& p() { return out_.program; }

    template <class T>
    T take(Result<T> result)
    {
        if (result) return std::move(*result);
        errors_.push_back(result.error());
        return T{};
    }
    std::vector<TomlTable> all(std::string_view key) { return root_.tables(key); }
    void place(const std::string& path, const Source& where) { out_.places.emplace(path, where); }
    static Clause clause(std::string number, std::string text, const Source& where)
    {
        return {std::move(number), std::move(text), where.line, where.column};
    }

    /// An id that no other has; reports it otherwise.
    std::string id(TomlTable& table, std::string_view kind, std::vector<std::string>& taken)
    {
        std::string text = table.text("id").text;
        const auto& reserved = reserved_ids();
        if (text.empty()) return text;
        if (!is_id(text)) {
            table.fail("id", fmt::format("'{}' cannot be an id", text),
                       "use letters, digits, '_' and '-', and begin with a letter");
        } else if (std::find(reserved.begin(), reserved.end(), text) != reserved.end()) {
            table.fail("id",
                       fmt::format("'{}' is a word of the clauses and cannot be an id", text));
        } else if (std::find(taken.begin(), taken.end(), text) != taken.end()) {
            table.fail("id", fmt::format("{} '{}' is declared twice", kind, text));
        } else {
            taken.push_back(text);
        }
        place(fmt::format("{}.{}", kind, text), table.where("id"));
        return text;
    }

    void deal()
    {
        TomlTable table = root_.table("deal");
        for (const std::string& key : table.keys()) place("deal." + key, table.where(key));
        place("deal", table.where());
        const Located id = table.text("id");
        p().id = id.text;
        if (!id.text.empty() && !is_id(id.text)) {
            table.fail("id", fmt::format("'{}' cannot be an id", id.text),
                       "use letters, digits, '_' and '-', and begin with a letter");
        }
        p().name = table.optional_text("name").value_or(id).text;
        p().currency = table.optional_text("currency").value_or(Located{"CNY", {}}).text;
        const bool notes = root_.has("tranche");
        p().closing =
            notes ? table.date("closing") : table.optional_date("closing").value_or(Date{});
        p().cut_off = table.optional_date("cut_off").value_or(p().closing);
        p().legal_final =
            notes ? table.date("legal_final") : table.optional_date("legal_final").value_or(Date{});
        p().expected_maturity = table.optional_date("expected_maturity").value_or(p().legal_final);
        p().revolving_until = p().closing - 1;
        p().unit = table.optional_money("unit").value_or(Money::fen(100'00));
        if (p().unit <= zero) table.fail("unit", "a unit must be above zero");
        out_.size = table.optional_money("size");
        if (const auto text = table.optional_text("day_count")) day_count_ = day_count(*text);
        if (auto rounding = table.optional_table("rounding")) this->rounding(*rounding);
    }

    void rounding(TomlTable& table)
    {
        if (auto text = table.optional_text("amount")) p().amount_rounding = mode(*text);
        if (auto text = table.optional_text("per_unit")) p().per_unit_rounding = mode(*text);
        if (auto places = table.optional_integer("per_unit_places")) {
            if (*places < 0 || *places > 8) {
                table.fail("per_unit_places", "per-unit amounts have 0 to 8 decimals");
            } else {
                p().per_unit_places = static_cast<int>(*places);
            }
        }
    }

    Rounding mode(const Located& text)
    {
        auto result = parse_rounding(text.text);
        if (!result) result.error().where = text.where;
        return take(std::move(result));
    }

    template <class E>
    E choice(const Located& text, std::string_view what)
    {
        if (const auto value = from_name<E>(text.text)) return *value;
        std::vector<std::string> known;
        for (const std::string_view name : names_of(E{})) known.emplace_back(name);
        unknown(text, what, known);
        return E{};
    }
    DayCount day_count(const Located& text) { return choice<DayCount>(text, "a day count"); }

    void unknown(const Located& text, std::string_view what, const std::vector<std::string>& known)
    {
        const auto near = closest(text.text, known);
        errors_.push_back(
            {Code::invalid_input, fmt::format("'{}' is not {}", text.text, what), text.where,
             near ? fmt::format("did you mean '{}'?", *near) : "known: " + join(known, ", ")});
    }

    std::optional<Rate> rate(TomlTable& table, std::string_view key, const std::string& of)
    {
        const auto text = table.optional_text(key);
        if (!text) return std::nullopt;
        const auto rate = Rate::parse(text->text);
        if (rate && *rate >= Rate{}) return *rate;
        errors_.push_back(
            {Code::invalid_input,
             rate ? fmt::format("rate '{}' of {} is below zero", text->text, of)
                  : fmt::format("rate '{}' of {} is not a percentage", text->text, of),
             text->where, R"(write up to seven decimals and a percent sign, such as "5.80%")"});
        return Rate{};
    }

    void tranche(TomlTable& table)
    {
        Tranche t;
        t.id = id(table, "tranche", names_.tranches);
        const std::int64_t rank = table.integer("rank");
        if (table.has("rank") && (rank < 1 || rank > 1000)) {
            table.fail("rank", fmt::format("rank {} is not between 1 and 1000", rank));
        } else {
            t.rank = static_cast<int>(rank);
        }
        t.face = table.money("face");
        t.coupon = rate(table, "coupon", fmt::format("tranche '{}'", t.id));
        const auto count = table.optional_text("day_count");
        t.day_count = count ? day_count(*count) : day_count_;
        t.rating = table.optional_text("rating").value_or(Located{}).text;
        for (const auto* key : {"rank", "face", "coupon"}) {
            place(fmt::format("tranche.{}.{}", t.id, key), table.where(key));
        }
        p().tranches.push_back(std::move(t));
    }

    void rank_tranches()
    {
        std::stable_sort(p().tranches.begin(), p().tranches.end(),
                         [](const Tranche& a, const Tranche& b) { return a.rank < b.rank; });
    }

    void fee(TomlTable& table)
    {
        Fee f;
        f.id = id(table, "fee", names_.fees);
        const auto& tranches = names_.tranches;
        if (std::find(tranches.begin(), tranches.end(), f.id) != tranches.end()) {
            table.fail("id", fmt::format("'{}' is already the name of a tranche", f.id));
        }
        const auto per = table.optional_text("per");
        if (per && per->text != "year") unknown(*per, "a period a fee accrues over", {"year"});
        const auto amount = table.optional_money("amount");
        const auto given = rate(table, "rate", fmt::format("fee '{}'", f.id));
        if (amount.has_value() == given.has_value()) {
            table.fail(given ? "amount" : "rate",
                       fmt::format("fee '{}' needs either a rate or an amount", f.id));
        } else if (amount) {
            f.kind = Fee::Kind::annual_amount;
            f.amount = *amount;
            if (*amount < zero) table.fail("amount", "an amount of a fee cannot be below zero");
            if (!per) table.fail("per", "an amount needs 'per = \"year\"'");
            f.clause = clause("fee." + f.id, f.amount.str() + " per year", table.where("amount"));
        } else {
            f.kind = per ? Fee::Kind::annual_rate : Fee::Kind::flat_rate;
            f.rate = *given;
            const Located of = table.text("of");
            if (!of.text.empty()) f.base = take(parse_measure(of));
            f.clause =
                clause("fee." + f.id,
                       fmt::format("{} {}of {}", f.rate.str(), per ? "per year " : "", of.text),
                       table.where("rate"));
        }
        p().fees.push_back(std::move(f));
    }

    void purchase(TomlTable& table)
    {
        const Located price = table.text("price");
        const Located settle = table.optional_text("settle").value_or(Located{"T+1", {}});
        if (price.text.empty()) return;
        const PriceRule rule = take(parse_price(price));
        const DayRule days = take(parse_settle(settle));
        p().purchase =
            Purchase{rule.discount, rule.basis, days.days, days.calendar,
                     clause("purchase", price.text + ", settles " + settle.text, price.where)};
    }

    void eligibility(TomlTable& table)
    {
        int n = 0;
        if (table.has("criteria")) {
            for (const Located& text : table.texts("criteria")) {
                Criterion c = take(parse_criterion(text));
                c.clause =
                    clause(fmt::format("eligibility.criteria.{}", ++n), text.text, text.where);
                p().criteria.push_back(std::move(c));
            }
        }
        n = 0;
        if (table.has("limits")) {
            for (const Located& text : table.texts("limits")) {
                Limit l = take(parse_limit(text));
                l.clause = clause(fmt::format("eligibility.limits.{}", ++n), text.text, text.where);
                p().limits.push_back(std::move(l));
            }
        }
    }

    void schedule(TomlTable& table)
    {
        ScheduleRule s;
        s.where = table.where();
        s.during = take(parse_phases(table.text("during")));
        s.until = table.optional_date("until");
        s.first = table.optional_date("first");
        s.pay = take(parse_pay_rule(table.text("pay")));
        if (const auto roll = table.optional_text("roll")) s.roll = this->roll(*roll);
        if (const auto text = table.optional_text("calendar"))
            s.calendars = take(parse_calendars(*text));
        const bool revolving =
            std::find(s.during.begin(), s.during.end(), Phase::revolving) != s.during.end();
        if (revolving && s.during.size() > 1) {
            table.fail("during", "the revolving period needs a schedule of its own");
        }
        if (revolving && !s.until)
            table.fail("until", "'until' of the revolving period is missing");
        if (!revolving && s.until) {
            table.fail("until", "only the revolving period ends on a day");
        }
        for (const ScheduleRule& other : out_.schedules) {
            if (other.revolving() == revolving) {
                table.fail("during", revolving ? "the revolving period has two schedules"
                                               : "amortization, accelerated and default share one "
                                                 "schedule");
            }
        }
        if (revolving && s.until) p().revolving_until = *s.until;
        const std::string path = revolving ? "schedule.revolving" : "schedule.monthly";
        for (const auto* key : {"until", "first", "pay", "calendar", "during"}) {
            place(fmt::format("{}.{}", path, key), table.where(key));
        }
        out_.schedules.push_back(std::move(s));
    }

    Roll roll(const Located& text)
    {
        static const std::vector<std::string> words{"following", "modified following", "preceding",
                                                    "none"};
        const auto found = std::find(words.begin(), words.end(), text.text);
        if (found == words.end()) unknown(text, "a way to roll a date", words);
        return found == words.end() ? Roll::following : static_cast<Roll>(found - words.begin());
    }

    void trigger(TomlTable& table)
    {
        Trigger t;
        t.id = id(table, "trigger", triggers_);
        const Located when = table.text("when");
        const Located clock = table.text("for");
        const Located then = table.optional_text("then").value_or(Located{"accelerate", {}});
        if (!when.text.empty()) t.when = take(parse_condition(when, names_));
        if (!clock.text.empty()) {
            const ClockRule rule = take(parse_clock(clock));
            t.clock = rule.clock;
            t.days = rule.days;
            t.calendar = rule.calendar;
        }
        t.effect = take(parse_effect(then));
        std::string text = "when " + when.text + " for " + clock.text;
        if (const auto during = table.optional_text("during")) {
            const auto phases = take(parse_phases(*during));
            if (phases.size() > 1)
                table.fail("during", "a trigger is judged in one state, or in all");
            if (!phases.empty()) t.during = phases.front();
            text += " during " + during->text;
        }
        if (const auto missing = table.optional_text("on_missing_day")) {
            t.carry_forward_days = take(parse_missing_day(*missing));
            text += "; on a missing day " + missing->text;
        }
        t.clause = clause("trigger." + t.id, text + "; then " + then.text, when.where);
        place("trigger." + t.id + ".for", clock.where);
        p().triggers.push_back(std::move(t));
    }

    void support(TomlTable& table)
    {
        Support s;
        s.by = table.text("by").text;
        std::string text = "by " + s.by + ":";
        for (const Located& cover : table.texts("covers")) {
            const auto covers = take(parse_cover(cover, names_));
            s.covers.insert(s.covers.end(), covers.begin(), covers.end());
            text += (text.back() == ':' ? " " : ", ") + cover.text;
        }
        const Located pays = table.optional_text("pays").value_or(Located{"T-3 china-bank", {}});
        const DayRule rule = take(parse_support_time(pays));
        s.days_before = rule.days;
        s.calendar = rule.calendar;
        s.clause = clause("support", text + "; pays " + pays.text, table.where("covers"));
        p().support = std::move(s);
    }

    std::vector<Step> steps(TomlTable& table, std::string_view key, const std::string& path)
    {
        std::vector<Step> out;
        if (!table.has(key)) return out;
        int n = 0;
        for (const Located& text : table.texts(key)) {
            Step step = take(parse_step(text, names_));
            step.clause = clause(fmt::format("{}.{}.{}", path, key, ++n), text.text, text.where);
            out.push_back(std::move(step));
        }
        return out;
    }

    void priorities(TomlTable& table)
    {
        for (const std::string& name : table.keys()) {
            const auto phase = from_name<Phase>(name);
            if (!phase || *phase == Phase::ended) {
                unknown({name, table.where(name)}, "a state of a deal",
                        {"revolving", "amortization", "accelerated", "default"});
                (void)table.table(name);
                continue;
            }
            TomlTable lines = table.table(name);
            const std::string path = "priority." + name;
            place(path, lines.where());
            Priority out;
            out.income = steps(lines, "income", path);
            out.principal = steps(lines, "principal", path);
            out.all = steps(lines, "all", path);
            if (!out.all.empty() && !(out.income.empty() && out.principal.empty())) {
                lines.fail("all", fmt::format("'{}' has both 'all' and lines of one ledger", path),
                           "write 'all' alone, or 'income' and 'principal'");
            } else if (out.all.empty() && out.income.empty() && out.principal.empty()) {
                lines.fail("all", fmt::format("'{}' has no line", path));
            }
            p().priorities[*phase] = std::move(out);
        }
    }

    void sources()
    {
        for (TomlTable& table : all("source")) {
            DaySource s;
            s.id = table.text("id").text;
            const Located type = table.text("type");
            static const std::vector<std::string> types{"statement", "collections"};
            if (!type.text.empty() &&
                std::find(types.begin(), types.end(), type.text) == types.end()) {
                unknown(type, "a record that declares days complete", types);
            }
            s.type = type.text;
            s.by = table.text("by").text;
            s.instead = table.text("instead").text;
            const std::int64_t days = table.optional_integer("latest_days").value_or(10);
            if (days < 0 || days > 366) {
                table.fail("latest_days", "the latest day is 0 to 366 days after the day");
            } else {
                s.latest_days = static_cast<int>(days);
            }
            place("source." + s.id, table.where("id"));
            p().sources.push_back(std::move(s));
        }
        if (p().sources.empty() && !p().tranches.empty()) {
            p().sources = {{"plan", "statement", "custodian", 10, "plan_manager"},
                           {"servicer", "collections", "servicer", 10, "plan_manager"}};
        }
    }

    static std::map<std::string, std::vector<std::string>> default_authors()
    {
        return {
            {"terms", {"plan_manager"}},   {"distribution", {"plan_manager"}},
            {"snapshot", {"servicer"}},    {"purchase", {"servicer"}},
            {"collections", {"servicer"}}, {"dilution", {"servicer"}},
            {"statement", {"custodian"}},  {"insolvency", {"servicer", "plan_manager", "trustee"}}};
    }

    void roles(std::string_view key, std::map<std::string, std::vector<std::string>>& into)
    {
        auto table = root_.optional_table(key);
        if (!table) return;
        std::vector<std::string> known;
        for (const auto& [type, names] : default_authors()) known.push_back(type);
        for (const std::string& type : table->keys()) {
            std::vector<std::string> names;
            for (const Located& role : table->texts(type)) names.push_back(role.text);
            if (std::find(known.begin(), known.end(), type) == known.end()) {
                unknown({type, table->where(type)}, "a record that is signed by a party", known);
            } else {
                into[type] = std::move(names);
            }
        }
    }

    TomlFile& file_;
    TomlTable root_;
    DealFile out_;
    Names names_;
    std::vector<std::string> triggers_;
    DayCount day_count_ = DayCount::act_365f;
    Errors errors_;
};

} // namespace

Source DealFile::at(const std::string& path) const
{
    const auto found = places.find(path);
    return found == places.end() ? Source{file, 1, 1, 0} : found->second;
}

Source DealFile::at(const Clause& clause) const
{
    if (clause.line == 0) return {file, 1, 1, 0};
    return {file, clause.line, clause.column, static_cast<int>(count_characters(clause.text))};
}

Checked<DealFile> parse_deal(std::string_view text, std::string file_name)
{
    if (text.empty()) {
        return tl::make_unexpected(Errors{{Code::invalid_input,
                                           "the file is empty",
                                           {file_name, 1, 1, 0},
                                           "'tranchain help deal' shows what a deal file holds"}});
    }
    auto file = TomlFile::parse(text, file_name);
    if (!file) return tl::make_unexpected(std::move(file.error()));
    DealReader reader(*file);
    DealFile deal = reader.read();
    Errors errors = reader.errors();
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    deal.file = std::move(file_name);
    deal.text = std::string(text);
    return deal;
}

Checked<DealFile> read_deal(const std::string& path)
{
    auto bytes = read_file(path);
    if (!bytes) return tl::make_unexpected(Errors{std::move(bytes.error())});
    return parse_deal(*bytes, path == "-" ? "standard input" : path);
}

} // namespace tranchain
