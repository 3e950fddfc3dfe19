// Reading the parts of a deal file that are sentences: purchases, schedules, triggers, priorities.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "waterfall/exact/deal_reader.hpp"

namespace tranchain {

void DealReader::table_of_values(TomlTable& table)
{
    ValueTable t;
    std::vector<std::string> ids = names_.rate_tables;
    ids.insert(ids.end(), names_.amount_tables.begin(), names_.amount_tables.end());
    t.id = id(table, "table", ids);
    bool first = true;
    for (const Located& text : table.texts("values")) {
        const TableRow row = take(parse_table_row(text));
        if (first) {
            t.is_rate = row.is_rate;
            t.clause = clause("table." + t.id, text.text, text.where);
        } else {
            t.clause.text += ", " + text.text;
            if (row.is_rate != t.is_rate || row.point.from <= t.points.back().from) {
                table.fail("values",
                           fmt::format("'{}' does not follow the row before it", text.text),
                           "rows are all rates or all amounts, in the order of their dates");
            }
        }
        first = false;
        t.points.push_back(row.point);
    }
    if (t.points.empty()) table.fail("values", "a table needs a row");
    (t.is_rate ? names_.rate_tables : names_.amount_tables).push_back(t.id);
    p().tables.push_back(std::move(t));
}

/// A constant is the coupon itself; a formula is evaluated for each interest period.
void DealReader::coupon(TomlTable& table, Tranche& t)
{
    const auto text = table.optional_text("coupon");
    if (!text) return;
    const bool formula = text->text.find_first_of(" (") != std::string::npos ||
                         std::find(names_.rate_tables.begin(), names_.rate_tables.end(),
                                   text->text) != names_.rate_tables.end();
    if (!formula) {
        t.coupon = rate(table, "coupon", fmt::format("tranche '{}'", t.id));
        return;
    }
    t.coupon = Rate{};
    t.coupon_rule = take(parse_rate(*text, names_));
}

void DealReader::purchase(TomlTable& table)
{
    const Located price = table.text("price");
    const Located settle = table.optional_text("settle").value_or(Located{"T+1", {}});
    const PriceRule rule = sentence(table, "price", price, parse_price);
    const DayRule days = take(parse_settle(settle));
    p().purchase =
        Purchase{rule.discount, rule.basis, days.days, days.calendar,
                 clause("purchase", price.text + ", settles " + settle.text, price.where),
                 rule.form, rule.fees};
}

void DealReader::eligibility(TomlTable& table)
{
    int n = 0;
    if (table.has("criteria")) {
        for (const Located& text : table.texts("criteria")) {
            Criterion c = take(parse_criterion(text));
            c.clause = clause(fmt::format("eligibility.criteria.{}", ++n), text.text, text.where);
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

void DealReader::schedule(TomlTable& table)
{
    ScheduleRule s;
    s.where = table.where();
    s.during = sentence(table, "during", table.text("during"), parse_phases);
    s.until = table.optional_date("until");
    s.first = table.optional_date("first");
    s.pay = sentence(table, "pay", table.text("pay"), parse_pay_rule);
    if (const auto roll = table.optional_text("roll")) s.roll = this->roll(*roll);
    if (const auto text = table.optional_text("calendar"))
        s.calendars = take(parse_calendars(*text));
    const bool revolving =
        std::find(s.during.begin(), s.during.end(), Phase::revolving) != s.during.end();
    if (revolving && s.during.size() > 1) {
        table.fail("during", "the revolving period needs a schedule of its own");
    }
    if (revolving && !s.until) table.fail("until", "'until' of the revolving period is missing");
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

Roll DealReader::roll(const Located& text)
{
    static const std::vector<std::string> words{"following", "modified following", "preceding",
                                                "none"};
    const auto found = std::find(words.begin(), words.end(), text.text);
    if (found == words.end()) unknown(text, "a way to roll a date", words);
    return found == words.end() ? Roll::following : static_cast<Roll>(found - words.begin());
}

void DealReader::timetable(TomlTable& table)
{
    for (std::size_t i = 0; i < names::milestone.size(); ++i) {
        const auto text = table.optional_text(names::milestone[i]);
        if (!text) continue;
        Milestone m;
        m.kind = static_cast<Milestone::Kind>(i);
        const DayRule rule = take(parse_milestone(*text));
        m.before_payment = rule.days < 0;
        m.days = rule.days < 0 ? -rule.days : rule.days;
        m.calendar = rule.calendar;
        m.clause = clause("timetable." + std::string(names::milestone[i]), text->text, text->where);
        p().timetable.push_back(std::move(m));
    }
}

void DealReader::trigger(TomlTable& table)
{
    Trigger t;
    t.id = id(table, "trigger", triggers_);
    const Located when = table.text("when");
    const Located clock = table.text("for");
    const Located then = table.optional_text("then").value_or(Located{"accelerate", {}});
    TestRule test = sentence(table, "when", when, [this](const Located& text) {
        return parse_trigger_test(text, names_);
    });
    t.when = std::move(test.when);
    t.test = std::move(test.test);
    const ClockRule rule = sentence(table, "for", clock, parse_clock);
    t.clock = rule.clock;
    t.days = rule.days;
    t.of_last = rule.of_last;
    t.calendar = rule.calendar;
    t.effect = take(parse_effect(then));
    std::string text = "when " + when.text + " for " + clock.text;
    if (const auto during = table.optional_text("during")) {
        const auto phases = take(parse_phases(*during));
        if (phases.size() > 1) table.fail("during", "a trigger is judged in one state, or in all");
        if (!phases.empty()) t.during = phases.front();
        text += " during " + during->text;
    }
    if (const auto missing = table.optional_text("on_missing_day")) {
        t.carry_forward_days = take(parse_missing_day(*missing));
        text += "; on a missing day " + missing->text;
    }
    if (const auto grace = table.optional_text("grace")) {
        const DayRule days = take(parse_grace(*grace));
        t.grace = days.days;
        t.grace_calendar = days.calendar;
        if (t.clock != Trigger::Clock::consecutive_days && !is_dated(t.clock)) {
            table.fail("grace", "days after a date are a grace already", "give more of them");
        }
        text += "; grace " + grace->text;
    }
    if (t.effect == Trigger::Effect::enforce && t.during != Phase::defaulted) {
        table.fail("then", "only a deal in default can be enforced", "write during = \"default\"");
    }
    if (t.clock == Trigger::Clock::inside_payments) {
        for (const auto* key : {"during", "grace"}) {
            if (table.has(key)) table.fail(key, "the line that judges it says when, and nothing else");
        }
    }
    const bool call = t.effect == Trigger::Effect::call;
    if (const auto price = table.optional_text("price")) {
        if (!call) table.fail("price", "only a call has a price", "write then = \"call\"");
        t.price = take(parse_expr(*price, names_));
        text += "; price " + price->text;
    } else if (call) {
        table.fail("then", "a call needs a price", "such as price = \"pool balance\"");
    }
    if (const auto cure = table.optional_text("cured_by")) {
        t.cured_by = take(parse_cure(*cure, is_dated(t.clock)));
        if (!can_be_cured(t.effect)) {
            table.fail("cured_by", fmt::format("what '{}' does is for ever", then.text),
                       "only 'stop buying' and 'notice' can be cured");
        }
        text += "; cured by " + cure->text;
    }
    t.clause = clause("trigger." + t.id, text + "; then " + then.text, when.where);
    place("trigger." + t.id + ".for", clock.where);
    p().triggers.push_back(std::move(t));
}

void DealReader::support(TomlTable& table)
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
    text += "; pays " + pays.text;
    if (const auto into = table.optional_text("into")) {
        const auto& known = names_.reserves;
        if (std::find(known.begin(), known.end(), into->text) == known.end()) {
            unknown(*into, "a reserve", known);
        } else {
            s.into = into->text;
            text += "; into " + into->text;
        }
    }
    s.clause = clause("support", text, table.where("covers"));
    p().support = std::move(s);
}

void DealReader::judged(const Step& line, const Source& where)
{
    if (line.kind != Step::Kind::judge_trigger) return;
    for (const Trigger& t : p().triggers) {
        if (t.id != line.payees.front() || t.clock == Trigger::Clock::inside_payments) continue;
        errors_.push_back({Code::invalid_input,
                           fmt::format("trigger '{}' is not judged by lines", t.id), where,
                           "write for = \"1 period inside the distribution\""});
    }
}

std::vector<Step> DealReader::steps(TomlTable& table, std::string_view key, const std::string& path)
{
    std::vector<Step> out;
    if (!table.has(key)) return out;
    int n = 0;
    for (const Located& text : table.texts(key)) {
        Step step = take(parse_step(text, names_));
        step.clause = clause(fmt::format("{}.{}.{}", path, key, ++n), text.text, text.where);
        for (Step& other : step.otherwise) other.clause = step.clause;
        judged(step, text.where);
        for (const Step& other : step.otherwise) judged(other, text.where);
        out.push_back(std::move(step));
    }
    return out;
}

void DealReader::priorities(TomlTable& table)
{
    for (const std::string& name : table.keys()) {
        const auto phase = from_name<Phase>(name);
        if (!phase || *phase == Phase::ended) {
            unknown({name, table.where(name)}, "a state of a deal",
                    {"revolving", "amortization", "accelerated", "default", "enforcement"});
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

void DealReader::sources()
{
    for (TomlTable& table : all("source")) {
        DaySource s;
        s.id = table.text("id").text;
        const Located type = table.text("type");
        static const std::vector<std::string> types{"statement", "collections"};
        if (!type.text.empty() && std::find(types.begin(), types.end(), type.text) == types.end()) {
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

namespace {

/// Records that a deal has only if it names one of them, and who authors them if it does not say.
/// Naming one asks for all of its group.
struct AskedRecord {
    std::string_view type, author;
    int group;
};
constexpr std::array<AskedRecord, 3> asked_records{{{"instruction", "plan_manager", 1},
                                                    {"execution", "custodian", 1},
                                                    {"correction", "plan_manager", 2}}};

} // namespace

std::map<std::string, std::vector<std::string>> DealReader::default_authors()
{
    return {{"terms", {"plan_manager"}},   {"distribution", {"plan_manager"}},
            {"snapshot", {"servicer"}},    {"purchase", {"servicer"}},
            {"collections", {"servicer"}}, {"dilution", {"servicer"}},
            {"statement", {"custodian"}},  {"insolvency", {"servicer", "plan_manager", "trustee"}}};
}

void DealReader::roles(std::string_view key, std::map<std::string, std::vector<std::string>>& into)
{
    auto table = root_.optional_table(key);
    if (!table) return;
    std::vector<std::string> known;
    for (const auto& [type, names] : default_authors()) known.push_back(type);
    for (const AskedRecord& asked : asked_records) known.emplace_back(asked.type);
    known.emplace_back("document");
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

void DealReader::ask_records()
{
    std::vector<int> groups;
    for (const AskedRecord& asked : asked_records) {
        const std::string type(asked.type);
        if (p().authors.contains(type) || p().approvals.contains(type)) {
            groups.push_back(asked.group);
        }
    }
    for (const AskedRecord& asked : asked_records) {
        if (std::find(groups.begin(), groups.end(), asked.group) == groups.end()) continue;
        p().authors.try_emplace(std::string(asked.type),
                                std::vector<std::string>{std::string(asked.author)});
    }
}

} // namespace tranchain
