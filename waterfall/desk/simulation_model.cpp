// Reading a simulation model.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/simulation_model.hpp"

#include <fmt/core.h>

#include "data/toml.hpp"
#include "waterfall/desk/student.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t months_max = 120;
constexpr std::int64_t late_days_max = 1000;
/// Of 100% everything but the factors would be certain.
constexpr std::int64_t correlation_max = 990'000'000;

void read_correlations(TomlTable& root, SimulationModel& m)
{
    m.correlation = read_percent(root, "correlation", root.text("correlation").text);
    if (const auto text = root.optional_text("sector_correlation")) {
        m.sector_correlation = read_percent(root, "sector_correlation", text->text);
    }
    if (m.correlation.in_ppb() + m.sector_correlation.in_ppb() > correlation_max) {
        root.fail("correlation", "'correlation' and 'sector_correlation' are 99% together at most");
    }
}

void read_copula(TomlTable& root, SimulationModel& m)
{
    const auto copula = root.optional_text("copula");
    const bool is_t = copula && copula->text == "t";
    if (copula && !is_t && copula->text != "gaussian") {
        root.fail("copula", fmt::format("'{}' is not a copula", copula->text),
                  "write \"gaussian\" or \"t\"");
        root.optional_integer("degrees");
        return;
    }
    if (!is_t) {
        if (root.optional_integer("degrees")) {
            root.fail("degrees", "a Gaussian copula has no degrees", "add copula = \"t\"");
        }
        return;
    }
    m.degrees = root.integer("degrees");
    constexpr std::int64_t least = StudentCopula::degrees_min;
    constexpr std::int64_t most = StudentCopula::degrees_max;
    if (root.has("degrees") && (*m.degrees < least || *m.degrees > most)) {
        root.fail("degrees", fmt::format("{} is not {} to {} degrees of freedom", *m.degrees, least, most));
    }
}

void read_classes(TomlTable& root, SimulationModel& m)
{
    for (TomlTable& table : root.tables("class")) {
        SimulationModel::Class c;
        c.where = table.where();
        c.of = read_scope(table);
        if (c.of.kind == Scope::Kind::bought || c.of.kind == Scope::Kind::receivable) {
            table.fail("of", fmt::format("'{}' is not a class of obligors", c.of.words()),
                       "write pool, group NAME, obligor CODE or industry NAME");
        }
        c.yearly = read_percent(table, "default", table.text("default").text);
        if (m.degrees && c.yearly.in_ppb() > 0 && c.yearly.in_ppb() < StudentCopula::yearly_min_ppb) {
            table.fail("default", "a t copula does not draw chances below 0.0001%, other than none",
                       "write \"0.0001%\" or more, or \"0%\"");
        }
        m.classes.push_back(std::move(c));
    }
    if (m.classes.empty()) {
        root.fail("class", "no class of obligors is described",
                  "add [[class]] with default = \"2.00%\"");
    }
}

void read_late(TomlTable& root, SimulationModel& m)
{
    std::int64_t sum = 0;
    for (TomlTable& table : root.tables("late")) {
        SimulationModel::Late late;
        late.share = read_percent(table, "share", table.text("share").text);
        late.days = table.integer("days");
        if (table.has("days") && (late.days < 1 || late.days > late_days_max)) {
            table.fail("days", fmt::format("{} is not a number of days from 1 to {}", late.days,
                                           late_days_max));
        }
        sum += late.share.in_ppb();
        if (sum > Rate::one) table.fail("share", "more than all obligors are late");
        m.late.push_back(late);
    }
}

void read_dilution(TomlTable& root, SimulationModel& m)
{
    std::int64_t sum = 0;
    for (TomlTable& table : root.tables("dilution")) {
        SimulationModel::Dilution d;
        d.where = table.where();
        d.share = read_percent(table, "share", table.text("share").text);
        d.rate = read_percent(table, "rate", table.text("rate").text);
        if (table.has("made_good")) d.made_good = table.boolean("made_good");
        sum += d.share.in_ppb();
        if (sum > Rate::one) table.fail("share", "more than all obligors dilute");
        m.dilution.push_back(std::move(d));
    }
}

} // namespace

Checked<SimulationModel> read_simulation_model(const std::string& path)
{
    auto file = TomlFile::read(path);
    if (!file) return tl::make_unexpected(file.error());
    TomlTable root = file->root();
    SimulationModel m;
    m.name = root.text("name").text;
    m.months = root.integer("months");
    if (root.has("months") && (m.months < 1 || m.months > months_max)) {
        root.fail("months", fmt::format("{} is not a number of months from 1 to {}", m.months,
                                        months_max));
    }
    read_correlations(root, m);
    read_copula(root, m);
    if (root.has("recovery")) m.recovery = read_recovery(root);
    read_classes(root, m);
    read_late(root, m);
    read_dilution(root, m);
    if (Errors errors = file->finish(); !errors.empty()) return tl::make_unexpected(errors);
    return m;
}

} // namespace tranchain
