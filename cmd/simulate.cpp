// simulate: drawn defaults of obligors through the real waterfall; planned once, run anywhere.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/parallel.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/simulate_chunks.hpp"
#include "cmd/simulate_prepare.hpp"
#include "cmd/simulate_show.hpp"
#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/digest.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/desk/simulation_plan.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t shards_limit = 1'000'000;

struct SimulatePlanOptions {
    std::string deal, pool, model;
    std::string scenario = "base";
    std::string sampling = "plain";
    std::int64_t paths = 10'000, seed = 1;
};
struct SimulateRunOptions {
    std::string plan;
    std::int64_t threads = 0;
    std::optional<std::string> shard;
};
struct SimulateMergeOptions {
    std::vector<std::string> parts;
};

Sampling sampling_named(const std::string& name)
{
    if (name == "stratified") return Sampling::stratified();
    return name == "importance" ? Sampling::importance() : Sampling::plain();
}

/// What is weighted is squared, and has to fit.
Result<> check_faces(const Program& program, const Sampling& sampling)
{
    for (const Tranche& t : program.tranches) {
        if (sampling.is_plain() || t.face.in_fen() <= Sampling::face_max_fen) continue;
        return fail(Code::usage,
                    fmt::format("--sampling: tranche '{}' has more than {} of face", t.id,
                                Money::fen(Sampling::face_max_fen).str()),
                    {}, "leave --sampling out");
    }
    return {};
}

Result<> check_numbers(const SimulatePlanOptions& o)
{
    if (o.paths < 1 || o.paths > SimulationPlan::paths_max) {
        return fail(Code::usage, fmt::format("--paths is 1 to {}", SimulationPlan::paths_max));
    }
    if (o.seed < 0 || o.seed > (std::int64_t{1} << 53) - 1) {
        return fail(Code::usage, "--seed is 0 to 9007199254740991");
    }
    if (!sampling_named(o.sampling).fits(o.paths)) {
        return fail(Code::usage,
                    fmt::format("--paths: {} paths are not whole chunks of {}, two or more", o.paths,
                                SimulationPlan::chunk),
                    {}, "give a multiple of 16, from 32");
    }
    for (const std::string& file : {o.deal, o.pool, o.scenario, o.model}) {
        if (file == "-") {
            return fail(Code::usage, "a plan names its inputs, and standard input has no name", {},
                        "write it to a file first");
        }
    }
    return {};
}

Outcome run_plan(const SimulatePlanOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_DO(check_numbers(o));
    if (globals.output.empty()) {
        return Error{Code::usage, "a plan needs a file", {}, "give -o FILE"};
    }
    const auto program = compile_file(o.deal);
    if (!program) return program.error();
    TRANCHAIN_DO(check_faces(*program, sampling_named(o.sampling)));
    const auto input = read_pool(*program, o.pool, o.scenario);
    if (!input) return input.error();
    const auto model = read_simulation_model(o.model);
    if (!model) return model.error();
    auto plan = plan_simulation(*input, *model);
    if (!plan) return plan.error();
    plan->deal = o.deal;
    plan->pool = o.pool;
    plan->scenario = o.scenario;
    plan->model = o.model;
    plan->seed = o.seed;
    plan->paths = o.paths;
    plan->sampling = sampling_named(o.sampling);
    plan->version = TRANCHAIN_VERSION;
    TRANCHAIN_TRY(const auto digests, digests_of(inputs_of(*plan)));
    for (const InputDigest& d : digests) plan->files.push_back({d.file, d.sha256});
    if (!globals.dry_run) TRANCHAIN_DO(write_file(globals.output, plan_text(*plan)));
    out.say(fmt::format("planned: {} paths of {} obligors in {} chunks", plan->paths,
                        plan->obligors.size(), plan->chunks()));
    return {};
}

/// `3/16`
Result<std::pair<std::int64_t, std::int64_t>> parse_shard(const std::string& text)
{
    std::int64_t k = 0;
    std::int64_t of = 0;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, k);
    const bool slash = first.ec == std::errc{} && first.ptr != end && *first.ptr == '/';
    const auto second = slash ? std::from_chars(first.ptr + 1, end, of) : first;
    if (!slash || second.ec != std::errc{} || second.ptr != end || k < 1 || of < k ||
        of > shards_limit) {
        return fail(Code::usage, fmt::format("--shard: '{}' is not a shard", text), {},
                    "write the third of sixteen as 3/16");
    }
    return std::pair{k, of};
}

/// What of the part is there already; a part of something else is left alone.
Result<SimulationPart> open_part(const std::string& file, const Simulated& what)
{
    SimulationPart part;
    part.file = file;
    part.what = what;
    if (std::filesystem::exists(file)) {
        TRANCHAIN_TRY(const std::string text, read_file(file));
        if (text.find('\n') != std::string::npos) {
            TRANCHAIN_TRY(part, read_part(text, file));
            if (part.what != what) {
                return fail(Code::invalid_input, "this part is of another plan or version",
                            {file, 1, 0, 0}, "name another file with -o");
            }
        }
        if (part.whole == text.size()) return part;
        if (part.whole > 0) {
            TRANCHAIN_DO(write_file(file, std::string_view(text).substr(0, part.whole)));
            return part;
        }
        if (!part_head(what).starts_with(text)) {
            return fail(Code::invalid_input, "this file is not a part", {file, 1, 0, 0},
                        "name another file with -o");
        }
    }
    TRANCHAIN_DO(write_file(file, part_head(what)));
    return part;
}

Outcome run_shard(const PreparedSimulation& p, const std::string& shard, std::int64_t threads,
                  const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const auto place, parse_shard(shard));
    if (globals.output.empty()) {
        return Error{Code::usage, "a shard needs a file for its part", {}, "give -o FILE"};
    }
    TRANCHAIN_TRY(const SimulationPart part, open_part(globals.output, p.what));
    const auto [first, end] = shard_chunks(p.plan.chunks(), place.first, place.second);
    std::vector<std::int64_t> todo;
    for (std::int64_t i = first; i < end; ++i) {
        if (!part.chunks.contains(i)) todo.push_back(i);
    }
    for (const auto& [index, sums] : part.chunks) {
        if (index >= first && index < end) continue;
        return Error{Code::invalid_input, fmt::format("this part holds chunk {} of another shard", index),
                     {globals.output, 0, 0, 0}, "name another file with -o"};
    }
    TRANCHAIN_TRY(PartFile file, PartFile::append(globals.output));
    TRANCHAIN_DO(run_chunks(p.plan, p.input, todo, threads, globals,
                            [&](std::int64_t index, const SimulationSums& sums) {
                                return file.write(part_line(index, sums));
                            }));
    out.say(fmt::format("shard {}: {} chunks, {} of them run now", shard, end - first, todo.size()));
    return {};
}

Outcome run_simulation(const SimulateRunOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const std::int64_t threads, thread_count(o.threads));
    const auto prepared = prepare_simulation(o.plan);
    if (!prepared) return prepared.error();
    if (o.shard) return run_shard(*prepared, *o.shard, threads, globals, out);
    std::vector<std::int64_t> all;
    for (std::int64_t i = 0; i < prepared->plan.chunks(); ++i) all.push_back(i);
    SimulationSums sums;
    TRANCHAIN_DO(run_chunks(prepared->plan, prepared->input, all, threads, globals,
                            [&](std::int64_t, const SimulationSums& chunk) -> Result<> {
                                sums.add(chunk);
                                return {};
                            }));
    return out.write(simulation_answer(prepared->what, sums));
}

Outcome run_merge(const SimulateMergeOptions& o, const Globals&, Output& out)
{
    if (o.parts.empty()) return Error{Code::usage, "no part is named", {}, "name the part files"};
    std::vector<SimulationPart> parts;
    Errors wrong;
    for (const std::string& file : o.parts) {
        const auto text = read_file(file);
        auto part = text ? read_part(*text, file)
                         : Result<SimulationPart>(tl::make_unexpected(text.error()));
        if (part) parts.push_back(std::move(*part));
        else wrong.push_back(std::move(part.error()));
    }
    if (!wrong.empty()) return wrong;
    const auto sums = merge_parts(parts);
    if (!sums) return sums.error();
    return out.write(simulation_answer(parts.front().what, *sums));
}

} // namespace

void add_simulate(Tree& tree)
{
    tree.noun("simulate", "draw what befalls obligors, and count what tranches lose");
    tree.add<SimulatePlanOptions>(
        "simulate", "plan", "write down what every shard must draw from", run_plan,
        [](Setup& s, SimulatePlanOptions& o) {
            s.positional("DEAL", o.deal, "the deal file").file();
            bind_pool(s, o.pool);
            s.option("--model", o.model, "FILE", "how obligors default, are late and dilute").file().required();
            s.option("--scenario", o.scenario, "NAME",
                     "how receivables are paid otherwise: base, stressed or a scenario file")
                .file();
            s.option("--paths", o.paths, "N", "how many futures to draw");
            s.option("--sampling", o.sampling, "HOW", "which futures are drawn, and what each counts for")
                .choices({"plain", "stratified", "importance"});
            s.option("--seed", o.seed, "N", "of everything drawn");
        });
    tree.add<SimulateRunOptions>(
        "simulate", "run", "run a plan, or one shard of it", run_simulation,
        [](Setup& s, SimulateRunOptions& o) {
            s.positional("PLAN", o.plan, "what 'simulate plan' wrote").file();
            bind_threads(s, o.threads);
            s.option("--shard", o.shard, "k/K", "run this part only, into the file of -o");
        });
    tree.add<SimulateMergeOptions>("simulate", "merge", "put the parts of all shards together",
                                   run_merge, [](Setup& s, SimulateMergeOptions& o) {
                                       s.positional("PART", o.parts, "what shards wrote").file();
                                   });
}

} // namespace tranchain
