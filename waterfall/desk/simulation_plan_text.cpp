// Simulation plan: written and read.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "data/json.hpp"
#include "waterfall/desk/simulation_plan.hpp"

namespace tranchain {

namespace {

constexpr const char* plan_format = "tranchain.simulation.plan/1";
constexpr std::int64_t word_count = std::int64_t{1} << 32;

Json integers(const std::vector<std::int64_t>& values)
{
    Json::Array out;
    for (const std::int64_t v : values) out.emplace_back(v);
    return out;
}

std::vector<std::int64_t> integers(Fields& f, const char* key, std::size_t size, std::int64_t most)
{
    std::vector<std::int64_t> out;
    for (const Json& j : f.array(key)) {
        if (!j.is_integer() || j.as_integer() < -most || j.as_integer() > most) {
            f.add(key, "holds something else than the integers of a table");
            return std::vector<std::int64_t>(size);
        }
        out.push_back(j.as_integer());
    }
    if (out.size() != size) f.add(key, fmt::format("is not a table of {} integers", size));
    out.resize(size);
    return out;
}

/// `read(fields)` of each object of an array.
template <class Read>
void each(Fields& f, const char* key, Errors& wrong, const Read& read)
{
    for (const Json& item : f.array(key)) {
        if (!item.is_object()) {
            f.add(key, "holds something else than objects");
            return;
        }
        Fields fields(item, key);
        read(fields);
        const Errors errors = fields.finish();
        wrong.insert(wrong.end(), errors.begin(), errors.end());
    }
}

void read_tables_of_plan(Fields& f, SimulationPlan& plan, Errors& wrong)
{
    Copula& c = plan.copula;
    c.months = f.integer("months");
    if (c.months < 1 || c.months > 120) {
        f.add("months", "is not 1 to 120");
        c.months = 1;
    }
    c.market_weight = f.integer("market_weight");
    c.sector_weight = f.integer("sector_weight");
    for (const std::int64_t w : {c.market_weight, c.sector_weight}) {
        if (w < 0 || w > 65536) f.add("market_weight", "or sector_weight is not 0 to 65536");
    }
    c.factor = integers(f, "factor", Copula::factor_size, Copula::z_max * Copula::factor_one);
    each(f, "classes", wrong, [&](Fields& one) {
        const auto size = static_cast<std::size_t>(c.months) * Copula::grid_size;
        c.classes.push_back(integers(one, "thresholds", size, word_count));
        const auto& table = c.classes.back();
        if (std::any_of(table.begin(), table.end(), [](std::int64_t t) { return t < 0; })) {
            one.add("thresholds", "are below zero");
        }
    });
}

Json student_json(const StudentCopula& c)
{
    Json classes = Json::array();
    for (const auto& quantiles : c.classes) {
        classes.push_back(Json::object({{"quantiles", integers(quantiles)}}));
    }
    return Json::object({{"mixing", integers(c.mixing)},
                         {"normal", integers(c.normal)},
                         {"scale", c.scale},
                         {"classes", std::move(classes)}});
}

void read_student(Fields& f, SimulationPlan& plan, Errors& wrong)
{
    StudentCopula& c = plan.student.emplace();
    c.mixing = integers(f, "mixing", StudentCopula::mixing_size,
                        StudentCopula::mixing_max * StudentCopula::one);
    c.normal = integers(f, "normal", StudentCopula::normal_size, word_count);
    for (const auto& [key, table] : {std::pair{"mixing", &c.mixing}, std::pair{"normal", &c.normal}}) {
        if (std::any_of(table->begin(), table->end(), [](std::int64_t t) { return t < 0; })) {
            f.add(key, "is below zero");
        }
    }
    c.scale = f.integer("scale");
    if (c.scale < 0 || c.scale > StudentCopula::scale_max << 16) f.add("scale", "is out of range");
    each(f, "classes", wrong, [&](Fields& one) {
        c.classes.push_back(integers(one, "quantiles", static_cast<std::size_t>(plan.copula.months),
                                     StudentCopula::quantile_max * StudentCopula::one));
    });
    if (!plan.copula.classes.empty()) f.add("classes", "are in a plan with Gaussian classes");
}

void read_obligors(Fields& f, SimulationPlan& plan, Errors& wrong)
{
    each(f, "obligors", wrong, [&](Fields& one) {
        SimulationPlan::Obligor o{one.text("code"), one.integer("class"), one.integer("sector")};
        if (o.class_index < -1 ||
            o.class_index >= static_cast<std::int64_t>(plan.classes())) {
            one.add("class", "is not a class of the plan");
        }
        if (o.sector < 0 || o.sector > std::int64_t{1} << 31) one.add("sector", "is out of range");
        plan.obligors.push_back(std::move(o));
    });
    each(f, "recovery", wrong, [&](Fields& one) {
        const std::int64_t days = one.integer("days");
        const std::int64_t share = one.integer("share");
        if (days < 1 || days > 1000) one.add("days", "is not 1 to 1000");
        if (share < 0 || share > Rate::one) one.add("share", "is not 0 to 1000000000");
        else plan.recovery.emplace_back(days, Rate::ppb(share));
    });
    each(f, "late", wrong, [&](Fields& one) {
        plan.late.push_back({one.integer("below"), one.integer("days")});
        const SimulationPlan::Late& late = plan.late.back();
        if (late.below < 0 || late.below > word_count) one.add("below", "is out of range");
        if (late.days < 1 || late.days > 1000) one.add("days", "is not 1 to 1000");
    });
    if (!f.has("dilution")) return;
    each(f, "dilution", wrong, [&](Fields& one) {
        SimulationPlan::Dilution d{one.integer("below"), {}, one.boolean("made_good")};
        if (d.below < 0 || d.below > word_count) one.add("below", "is out of range");
        const std::int64_t rate = one.integer("rate");
        if (rate < 0 || rate > Rate::one) one.add("rate", "is not 0 to 1000000000");
        else d.rate = Rate::ppb(rate);
        plan.dilution.push_back(d);
    });
}

} // namespace

std::string plan_text(const SimulationPlan& plan)
{
    Json j;
    j["format"] = plan_format;
    j["version"] = plan.version;
    j["deal"] = plan.deal;
    j["pool"] = plan.pool;
    j["scenario"] = plan.scenario;
    j["model"] = plan.model;
    j["seed"] = plan.seed;
    j["paths"] = plan.paths;
    if (!plan.sampling.is_plain()) j["strata"] = strata_json(plan.sampling);
    j["months"] = plan.copula.months;
    j["market_weight"] = plan.copula.market_weight;
    j["sector_weight"] = plan.copula.sector_weight;
    j["factor"] = integers(plan.copula.factor);
    Json files = Json::array();
    for (const auto& f : plan.files) {
        files.push_back(Json::object({{"file", f.name}, {"sha256", f.sha256}}));
    }
    j["files"] = std::move(files);
    Json classes = Json::array();
    for (const auto& table : plan.copula.classes) {
        classes.push_back(Json::object({{"thresholds", integers(table)}}));
    }
    j["classes"] = std::move(classes);
    if (plan.student) j["student"] = student_json(*plan.student);
    Json obligors = Json::array();
    for (const auto& o : plan.obligors) {
        obligors.push_back(
            Json::object({{"code", o.code}, {"class", o.class_index}, {"sector", o.sector}}));
    }
    j["obligors"] = std::move(obligors);
    Json recovery = Json::array();
    for (const auto& [days, share] : plan.recovery) {
        recovery.push_back(Json::object({{"days", days}, {"share", share.in_ppb()}}));
    }
    j["recovery"] = std::move(recovery);
    Json late = Json::array();
    for (const auto& l : plan.late) {
        late.push_back(Json::object({{"below", l.below}, {"days", l.days}}));
    }
    j["late"] = std::move(late);
    if (!plan.dilution.empty()) {
        Json dilution = Json::array();
        for (const auto& d : plan.dilution) {
            dilution.push_back(Json::object(
                {{"below", d.below}, {"rate", d.rate.in_ppb()}, {"made_good", d.made_good}}));
        }
        j["dilution"] = std::move(dilution);
    }
    return j.canonical() + "\n";
}

Checked<SimulationPlan> read_plan(std::string_view text, const std::string& file)
{
    const Source where{file, 0, 0, 0};
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto json = parse_canonical(text);
    if (!json || !json->is_object()) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input, "this is not a plan", where,
                    "'tranchain simulate plan' writes one"}});
    }
    SimulationPlan plan;
    Errors wrong;
    Fields f(*json, "plan");
    if (f.text("format") != plan_format) f.add("format", fmt::format("is not {}", plan_format));
    plan.version = f.text("version");
    plan.deal = f.text("deal");
    plan.pool = f.text("pool");
    plan.scenario = f.text("scenario");
    plan.model = f.text("model");
    plan.seed = f.integer("seed");
    if (plan.seed < 0) f.add("seed", "is below zero");
    plan.paths = f.integer("paths");
    if (plan.paths < 1 || plan.paths > SimulationPlan::paths_max) f.add("paths", "is out of range");
    plan.sampling = read_strata(f, plan.paths);
    each(f, "files", wrong, [&](Fields& one) {
        plan.files.push_back({one.text("file"), one.hash("sha256")});
    });
    read_tables_of_plan(f, plan, wrong);
    if (f.has("student")) {
        Fields student(f.object("student"), "student");
        read_student(student, plan, wrong);
        const Errors errors = student.finish();
        wrong.insert(wrong.end(), errors.begin(), errors.end());
    }
    read_obligors(f, plan, wrong);
    const Errors errors = f.finish();
    wrong.insert(wrong.begin(), errors.begin(), errors.end());
    for (Error& e : wrong) e.where = where;
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return plan;
}

} // namespace tranchain
