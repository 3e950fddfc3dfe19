// Simulation plan: written and read.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "data/json.hpp"
#include "waterfall/desk/simulation_plan.hpp"

namespace tranchain {

namespace {

constexpr const char* plan_format = "tranchain.simulation.plan/1";
/// With a t copula: the mixing table of /1 had 4,096 cells alike, and no tail below 0.05%.
constexpr const char* student_plan_format = "tranchain.simulation.plan/2";
constexpr const char* plan_hint = "make the plan again with 'tranchain simulate plan'";
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

/// integers() that rise, or stay, from `least` to `most`.
std::vector<std::int64_t> rising(Fields& f, const char* key, std::size_t size, std::int64_t least,
                                 std::int64_t most)
{
    std::vector<std::int64_t> out = integers(f, key, size, std::max(-least, most));
    if (!out.empty() && out.front() < least) f.add(key, "starts too low");
    if (!std::is_sorted(out.begin(), out.end())) f.add(key, "falls, where it has to rise");
    return out;
}

/// `read(fields)` of each object of an array.
template <class Read>
void each(Fields& f, const char* key, Errors& wrong, const Read& read)
{
    const Json::Array& items = f.array(key);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].is_object()) {
            f.add(key, "holds something else than objects");
            return;
        }
        Fields fields(items[i], fmt::format("{}[{}]", key, i));
        read(fields);
        const Errors errors = fields.finish();
        wrong.insert(wrong.end(), errors.begin(), errors.end());
    }
}

/// Of a class: the chance rises by month, and falls as the factors get better.
void check_thresholds(Fields& f, const std::vector<std::int64_t>& table)
{
    constexpr std::size_t row = Copula::grid_size;
    bool falls = true;
    bool rises = true;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (i % row > 0) falls = falls && table[i] <= table[i - 1];
        if (i >= row) rises = rises && table[i] >= table[i - row];
    }
    if (!falls) f.add("thresholds", "rise with the factors, where they have to fall");
    if (!rises) f.add("thresholds", "fall from one month to the next, where they have to rise");
    if (std::any_of(table.begin(), table.end(), [](std::int64_t t) { return t < 0; })) {
        f.add("thresholds", "are below zero");
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
    for (const auto& [key, weight] : {std::pair{"market_weight", &c.market_weight},
                                      std::pair{"sector_weight", &c.sector_weight}}) {
        *weight = f.integer(key);
        if (*weight < 0 || *weight > 65536) f.add(key, "is not 0 to 65536");
    }
    constexpr std::int64_t furthest = Copula::z_max * Copula::factor_one;
    c.factor = rising(f, "factor", Copula::factor_size, -furthest, furthest);
    each(f, "classes", wrong, [&](Fields& one) {
        const auto size = static_cast<std::size_t>(c.months) * Copula::grid_size;
        c.classes.push_back(integers(one, "thresholds", size, word_count));
        check_thresholds(one, c.classes.back());
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
    c.mixing = rising(f, "mixing", StudentCopula::mixing_size, 0,
                      StudentCopula::mixing_max * StudentCopula::one);
    c.normal = rising(f, "normal", StudentCopula::normal_size, 0, word_count);
    c.scale = f.integer("scale");
    if (c.scale < 1 << 16 || c.scale > StudentCopula::scale_max << 16) f.add("scale", "is out of range");
    each(f, "classes", wrong, [&](Fields& one) {
        c.classes.push_back(rising(one, "quantiles", static_cast<std::size_t>(plan.copula.months),
                                   -StudentCopula::certain, StudentCopula::certain));
    });
    if (!plan.copula.classes.empty()) f.add("classes", "are in a plan with Gaussian classes");
}

/// Ends of classes rise: a word below an end and below no earlier one is in the class.
template <class Class>
void check_end(Fields& f, const std::vector<Class>& classes)
{
    const std::int64_t before = classes.size() < 2 ? 0 : classes[classes.size() - 2].below;
    if (classes.back().below < before) f.add("below", "falls, where it has to rise");
    if (classes.back().below < 0 || classes.back().below > word_count) f.add("below", "is out of range");
}

void read_frequencies(Fields& f, SimulationPlan& plan, Errors& wrong)
{
    each(f, "late", wrong, [&](Fields& one) {
        plan.late.push_back({one.integer("below"), one.integer("days")});
        check_end(one, plan.late);
        if (plan.late.back().days < 1 || plan.late.back().days > 1000) one.add("days", "is not 1 to 1000");
    });
    if (!f.has("dilution")) return;
    each(f, "dilution", wrong, [&](Fields& one) {
        SimulationPlan::Dilution d{one.integer("below"), {}, one.boolean("made_good")};
        const std::int64_t rate = one.integer("rate");
        if (rate < 0 || rate > Rate::one) one.add("rate", "is not 0 to 1000000000");
        else d.rate = Rate::ppb(rate);
        plan.dilution.push_back(d);
        check_end(one, plan.dilution);
    });
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
        if (!plan.obligors.empty() && o.code <= plan.obligors.back().code) {
            one.add("code", "does not come after the one before it");
        }
        plan.obligors.push_back(std::move(o));
    });
    std::int64_t recovered = 0;
    each(f, "recovery", wrong, [&](Fields& one) {
        const std::int64_t days = one.integer("days");
        const std::int64_t share = one.integer("share");
        if (days < 1 || days > 1000) one.add("days", "is not 1 to 1000");
        if (share < 0 || share > Rate::one) one.add("share", "is not 0 to 1000000000");
        else plan.recovery.emplace_back(days, Rate::ppb(share));
        recovered = std::min(recovered + std::max(share, std::int64_t{0}), 2 * Rate::one);
        if (recovered > Rate::one) one.add("share", "makes more than all come back");
    });
    read_frequencies(f, plan, wrong);
}

} // namespace

std::string plan_text(const SimulationPlan& plan)
{
    Json j;
    j["format"] = plan.student ? student_plan_format : plan_format;
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
    const Source where{file, 1, 0, 0};
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto json = parse_canonical(text);
    if (!json || !json->is_object()) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input, "this is not a plan", where,
                    "'tranchain simulate plan' writes one"}});
    }
    const Json* format = json->find("format");
    if (format != nullptr && *format == Json(plan_format) && json->find("student") != nullptr) {
        return tl::make_unexpected(Errors{
            {Code::invalid_input, "this plan of a t copula is from before its tail was drawn finely",
             where, plan_hint}});
    }
    SimulationPlan plan;
    Errors wrong;
    Fields f(*json, "plan");
    const char* expected = f.has("student") ? student_plan_format : plan_format;
    if (f.text("format") != expected) f.add("format", fmt::format("is not {}", expected));
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
    for (Error& e : wrong) {
        e.where = where;
        e.hint = plan_hint;
    }
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return plan;
}

} // namespace tranchain
