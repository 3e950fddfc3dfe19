// Scenario: what is assumed of the obligors, by name or from a TOML file.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "data/toml.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

Scenario base_scenario(std::uint64_t seed)
{
    Scenario s;
    s.seed = seed;
    return s;
}

Scenario stressed_scenario(std::uint64_t seed)
{
    Scenario s = base_scenario(seed);
    s.name = "stressed";
    s.insolvency = Scenario::Insolvency{Date::of(2019, 12, 1), "G01"};
    return s;
}

namespace {

Scenario::Earnings read_earnings(TomlTable& table, Errors& wrong)
{
    Scenario::Earnings out;
    out.rate = table.rate("rate");
    if (out.rate < Rate{} || out.rate > Rate::ppb(Rate::one)) {
        table.fail("rate", "cash earns 0% to 100% a year");
    }
    const auto count = table.optional_text("day_count");
    if (count && count->text != "act/365f" && count->text != "act/360") {
        table.fail("day_count", "interest on cash is counted by days",
                   "write \"act/365f\" or \"act/360\"");
    }
    if (count && count->text == "act/360") out.basis = 360;
    const Located usual{"21 Mar, Jun, Sep, Dec", {}};
    auto rule = parse_pay_rule(table.optional_text("credited").value_or(usual));
    if (rule) {
        out.credited = std::move(*rule);
    } else {
        wrong.push_back(std::move(rule.error()));
    }
    return out;
}

/// `[factors]`: what multiplies each kind of assumption.
void read_factors(TomlTable& table, Scenario& s)
{
    using Kind = Assumption::Kind;
    static constexpr std::pair<const char*, Kind> keys[]{{"dilution", Kind::dilution},
                                                         {"early", Kind::early},
                                                         {"delay", Kind::delay},
                                                         {"default", Kind::default_},
                                                         {"repurchase", Kind::repurchase},
                                                         {"replenishment", Kind::replenishment}};
    const auto read = [&](const char* key, Rate& factor) {
        const auto given = table.optional_rate(key);
        if (!given) return;
        if (*given < Rate{} || *given > Rate::ppb(100 * Rate::one)) {
            table.fail(key, "a factor is 0% to 10000%");
        }
        factor = *given;
    };
    s.factors_where = table.where();
    for (const auto& [key, kind] : keys) read(key, s.factors[kind]);
    read("recovery", s.factors.recovery);
}

/// `[[table]]` with an id and values as in a deal file: an index as the scenario has it.
void read_tables(TomlTable& root, Scenario& s, Errors& wrong)
{
    for (TomlTable& table : root.tables("table")) {
        ValueTable t;
        const Located id = table.text("id");
        t.id = id.text;
        s.tables_where = table.where("id");
        t.clause.line = s.tables_where.line;
        t.clause.column = s.tables_where.column;
        for (const ValueTable& other : s.tables) {
            if (other.id == t.id) table.fail("id", fmt::format("table '{}' stands twice", t.id));
        }
        const std::size_t known = wrong.size();
        for (const Located& text : table.texts("values")) {
            auto row = parse_table_row(text);
            if (!row) {
                wrong.push_back(std::move(row.error()));
                continue;
            }
            if (!t.points.empty() &&
                (row->is_rate != t.is_rate || row->point.from <= t.points.back().from)) {
                table.fail("values",
                           fmt::format("'{}' does not follow the row before it", text.text),
                           "rows are all rates or all amounts, in the order of their dates");
            }
            t.is_rate = row->is_rate;
            t.points.push_back(row->point);
        }
        if (t.points.empty() && wrong.size() == known) {
            table.fail("values", "a table needs a row");
        }
        s.tables.push_back(std::move(t));
    }
}

} // namespace

Checked<Scenario> read_scenario(const std::string& path)
{
    auto file = TomlFile::read(path);
    if (!file) return tl::make_unexpected(file.error());
    TomlTable root = file->root();
    Scenario s;
    s.name = root.text("name").text;
    if (const auto seed = root.optional_integer("seed")) {
        if (*seed < 0) root.fail("seed", "a seed is not negative");
        s.seed = static_cast<std::uint64_t>(*seed);
    }
    if (const auto delay = root.optional_integer("delay_days")) {
        if (*delay < 0 || *delay > 365) root.fail("delay_days", "a delay is 0 to 365 days");
        s.delay_days = *delay;
    }
    if (auto table = root.optional_table("insolvency")) {
        s.insolvency = Scenario::Insolvency{table->date("date"), table->text("group").text};
        s.insolvency_where = table->where("group");
    }
    if (const auto stress = root.optional_rate("stress")) {
        if (*stress < Rate{} || *stress > Rate::ppb(100 * Rate::one)) {
            root.fail("stress", "a stress factor is 0% to 10000%");
        }
        s.stress = *stress;
    }
    if (auto table = root.optional_table("factors")) read_factors(*table, s);
    if (const auto call = root.optional_text("call")) {
        s.call_where = root.where("call");
        if (call->text != "exercised") {
            root.fail("call", fmt::format("'{}' is not what an originator does", call->text),
                      "write \"exercised\", or leave it out: then the call is not assumed");
        }
    }
    if (const auto support = root.optional_text("support")) {
        s.support_where = root.where("support");
        if (support->text != "paid") {
            root.fail("support", fmt::format("'{}' is not what a supporter does", support->text),
                      "write \"paid\", or leave it out: then nothing of him is assumed");
        }
    }
    Errors wrong;
    if (auto table = root.optional_table("earnings")) s.earnings = read_earnings(*table, wrong);
    s.assumptions = read_assumptions(root);
    read_tables(root, s, wrong);
    Errors errors = file->finish();
    errors.insert(errors.end(), wrong.begin(), wrong.end());
    if (!errors.empty()) return tl::make_unexpected(errors);
    return s;
}

}  // namespace tranchain
