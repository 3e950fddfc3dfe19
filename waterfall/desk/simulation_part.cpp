// Simulation part: written, read, and put together.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/simulation_part.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/json.hpp"

namespace tranchain {

namespace {

constexpr const char* part_format = "tranchain.simulation.part/1";

std::int64_t chunks_of(std::int64_t paths)
{
    return (paths + SimulationPlan::chunk - 1) / SimulationPlan::chunk;
}

Error damaged_line(const std::string& file, int line, const std::string& why)
{
    return {Code::invalid_input, fmt::format("this line of the part is damaged: {}", why),
            {file, line, 0, 0}, "delete the file and run the shard again"};
}

Result<Simulated> read_head(std::string_view line, const std::string& file)
{
    const auto json = parse_canonical(line);
    const Json* format = json && json->is_object() ? json->find("format") : nullptr;
    if (format == nullptr || *format != Json(part_format)) {
        return fail(Code::invalid_input, "this is not a part of a simulation", {file, 1, 0, 0},
                    "'tranchain simulate run --shard k/K -o FILE' writes one");
    }
    Simulated what;
    Fields f(*json, "part");
    f.text("format");
    what.plan = f.hash("plan");
    what.version = f.text("version");
    what.deal = f.text("deal");
    what.paths = f.integer("paths");
    what.seed = f.integer("seed");
    what.sampling = read_strata(f, what.paths);
    if (what.paths < 1 || what.paths > SimulationPlan::paths_max) f.add("paths", "is out of range");
    for (const Json& t : f.array("tranches")) {
        if (!t.is_object()) {
            f.add("tranches", "are not objects");
            break;
        }
        Fields one(t, "tranche");
        what.tranches.emplace_back(one.text("id"), one.money("face"));
        for (const Error& e : one.finish()) f.add("tranches", e.message);
    }
    what.triggers = f.texts("triggers");
    if (const Errors e = f.finish(); !e.empty()) {
        return tl::make_unexpected(damaged_line(file, 1, e.front().message));
    }
    return what;
}

Result<> read_chunk(std::string_view line, int number, SimulationPart& part)
{
    const auto damaged = [&](const std::string& why) {
        return tl::make_unexpected(damaged_line(part.file, number, why));
    };
    const auto json = parse_canonical(line);
    if (!json) return damaged(json.error().message);
    if (!json->is_object()) return damaged("no sums");
    const Json* index = json->find("chunk");
    const Json* stored = json->find("sums");
    if (index == nullptr || !index->is_integer() || stored == nullptr) return damaged("no sums");
    auto sums = read_sums(*stored, part.what.tranches.size(), part.what.triggers.size());
    if (!sums) return damaged(sums.error().message);
    const std::int64_t i = index->as_integer();
    if (i < 0 || i >= chunks_of(part.what.paths)) return damaged("no such chunk");
    const std::int64_t paths = std::min(SimulationPlan::chunk, part.what.paths - i * SimulationPlan::chunk);
    if (const auto why = chunk_fault(*sums, part.what.sampling, paths)) return damaged(*why);
    if (!part.chunks.emplace(i, std::move(*sums)).second) return damaged("a chunk twice");
    return {};
}

/// `chunk 3`, `chunks 3 to 7`
std::string range(std::int64_t first, std::int64_t last)
{
    return first == last ? fmt::format("chunk {}", first) : fmt::format("chunks {} to {}", first, last);
}

/// Runs of chunks that no part has.
Errors gaps(const std::vector<const SimulationPart*>& owner)
{
    Errors errors;
    const auto count = static_cast<std::int64_t>(owner.size());
    for (std::int64_t i = 0; i < count; ++i) {
        if (owner[static_cast<std::size_t>(i)] != nullptr) continue;
        const std::int64_t first = i;
        while (i + 1 < count && owner[static_cast<std::size_t>(i + 1)] == nullptr) ++i;
        const bool one = first == i;
        errors.push_back({Code::invalid_input,
                          fmt::format("{} of 0 to {} {} in none of the parts", range(first, i),
                                      count - 1, one ? "is" : "are"),
                          {},
                          "run the shard that is missing or was stopped, with the same -o"});
    }
    return errors;
}

} // namespace

Simulated simulated(const SimulationPlan& plan,
                    std::string plan_sha256,
                    std::string version,
                    const Program& program)
{
    Simulated what{std::move(plan_sha256), std::move(version), program.id, plan.paths, plan.seed,
                   plan.sampling, {}, {}};
    for (const Tranche& t : program.tranches) what.tranches.emplace_back(t.id, t.face);
    for (const Trigger& t : program.triggers) what.triggers.push_back(t.id);
    return what;
}

std::string part_head(const Simulated& what)
{
    Json tranches = Json::array();
    for (const auto& [id, face] : what.tranches) {
        tranches.push_back(Json::object({{"id", id}, {"face", face}}));
    }
    Json triggers = Json::array();
    for (const std::string& id : what.triggers) triggers.push_back(id);
    Json head = Json::object({{"format", part_format},
                         {"plan", what.plan},
                         {"version", what.version},
                         {"deal", what.deal},
                         {"paths", what.paths},
                         {"seed", what.seed},
                         {"tranches", std::move(tranches)},
                         {"triggers", std::move(triggers)}});
    if (!what.sampling.is_plain()) head["strata"] = strata_json(what.sampling);
    return head.canonical() + "\n";
}

std::string part_line(std::int64_t chunk, const SimulationSums& sums)
{
    return Json::object({{"chunk", chunk}, {"sums", sums_json(sums)}}).canonical() + "\n";
}

Result<SimulationPart> read_part(std::string_view text, const std::string& file)
{
    SimulationPart part;
    part.file = file;
    int number = 0;
    for (auto end = text.find('\n'); end != std::string_view::npos;
         end = text.find('\n', part.whole)) {
        const std::string_view line = text.substr(part.whole, end - part.whole);
        if (++number == 1) {
            TRANCHAIN_TRY(part.what, read_head(line, file));
        } else {
            TRANCHAIN_DO(read_chunk(line, number, part));
        }
        part.whole = end + 1;
    }
    if (number == 0) {
        return fail(Code::invalid_input, "this part has no first line", {file, 1, 0, 0},
                    "delete the file and run the shard again");
    }
    return part;
}

std::pair<std::int64_t, std::int64_t>
shard_chunks(std::int64_t chunks, std::int64_t k, std::int64_t of)
{
    const auto bound = [&](std::int64_t i) {
        return static_cast<std::int64_t>(Int128{chunks} * i / of);
    };
    return {bound(k - 1), bound(k)};
}

Checked<SimulationSums> merge_parts(const std::vector<SimulationPart>& parts)
{
    const SimulationPart& first = parts.front();
    Errors wrong;
    for (const SimulationPart& part : parts) {
        if (part.what == first.what) continue;
        const bool version = part.what.plan == first.what.plan;
        wrong.push_back({Code::invalid_input,
                         version ? fmt::format("version {} ran this part, {} ran '{}'",
                                               part.what.version, first.what.version, first.file)
                                 : fmt::format("this part is of another plan than '{}'", first.file),
                         {part.file, 1, 0, 0},
                         "merge the parts of one plan, run by one version"});
    }
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    std::vector<const SimulationPart*> owner(static_cast<std::size_t>(chunks_of(first.what.paths)));
    SimulationSums sums;
    for (const SimulationPart& part : parts) {
        for (const auto& [index, chunk] : part.chunks) {
            const SimulationPart*& has = owner[static_cast<std::size_t>(index)];
            if (has != nullptr) {
                wrong.push_back({Code::invalid_input,
                                 fmt::format("chunk {} is in '{}' too", index, has->file),
                                 {part.file, 0, 0, 0},
                                 "name each part once, of shards k/K with one K"});
                break;
            }
            has = &part;
            sums.add(chunk);
        }
    }
    const Errors missing = gaps(owner);
    wrong.insert(wrong.end(), missing.begin(), missing.end());
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return sums;
}

} // namespace tranchain
