// Pool input: the tapes of a run, and what will become of their receivables.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/pool_input.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/core.h>

#include "waterfall/sample_files.hpp"

namespace tranchain {

namespace {

/// `sample-15` in servicer_ref: the seed that a sample tape was drawn with.
std::uint64_t seed_of(const Tape& tape)
{
    constexpr std::string_view mark = "sample-";
    const std::string ref = tape.receivables.empty() ? "" : tape.receivables.front().servicer_ref;
    if (!ref.starts_with(mark) || ref.size() > 24) return 15;
    std::uint64_t seed = 0;
    for (char c : ref.substr(mark.size())) {
        if (c < '0' || c > '9') return 15;
        seed = seed * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return seed;
}

} // namespace

bool is_built_in(const std::string& scenario)
{
    return scenario == "base" || scenario == "stressed";
}

Checked<Scenario> named_scenario(const std::string& name, std::uint64_t seed)
{
    if (!is_built_in(name)) return read_scenario(name);
    return name == "base" ? base_scenario(seed) : stressed_scenario(seed);
}

Checked<ProjectionInput>
read_pool(const Program& program, const std::string& pool, const std::string& scenario)
{
    ProjectionInput input;
    input.program = program;
    std::uint64_t seed = 0;
    std::vector<std::string> candidates;
    std::string opening = pool;
    const bool folder = std::filesystem::is_directory(pool);
    if (folder) {
        auto sample = read_sample_folder(pool);
        if (!sample) return tl::make_unexpected(Errors{sample.error()});
        seed = sample->seed;
        opening = sample->opening;
        candidates = sample->candidates;
    }
    auto tape = read_tape(opening);
    if (!tape) return tl::make_unexpected(tape.error());
    if (!folder) seed = seed_of(*tape);
    for (const std::string& path : candidates) {
        auto offered = read_tape(path);
        if (!offered) return tl::make_unexpected(offered.error());
        if (offered->receivables.empty()) continue;
        const Date as_of = offered->receivables.front().snapshot_date;
        input.candidates.push_back({as_of, std::move(offered->receivables)});
    }
    // A sample pool offers invoices; to a tape of other payments nothing is offered.
    const bool invoices = std::any_of(
        tape->receivables.begin(), tape->receivables.end(),
        [](const Receivable& r) { return r.asset_type == AssetType::factoring; });
    if (!folder && program.purchase && (invoices || tape->receivables.empty())) {
        std::set<std::string> taken;
        for (const Receivable& r : tape->receivables) taken.insert(r.asset_id);
        SampleTerms terms;
        terms.closing = program.closing;
        terms.last_tape = program.revolving_until;
        terms.discount = program.purchase->discount;
        const SampleWorld world(seed, terms); // outlives the loop over what it holds
        for (CandidateTape offered : world.candidates()) {
            std::erase_if(offered.rows,
                          [&](const Receivable& r) { return taken.contains(r.asset_id); });
            input.candidates.push_back(std::move(offered));
        }
    }
    if (!tape->receivables.empty() && tape->receivables.front().snapshot_date != program.closing) {
        return tl::make_unexpected(Errors{
            {Code::invalid_input,
             fmt::format("the tape is as of {}, the deal closes on {}",
                         tape->receivables.front().snapshot_date.str(), program.closing.str()),
             {opening, 2, 0, 0},
             "a run starts with the tape of closing"}});
    }
    input.opening = std::move(tape->receivables);
    input.seed = seed;
    auto assumed = named_scenario(scenario, seed);
    if (!assumed) return tl::make_unexpected(assumed.error());
    input.scenario = std::move(*assumed);
    if (Errors wrong = misfits(input); !wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return input;
}

void bind_pool(Setup& s, std::string& pool)
{
    s.option("--pool", pool, "POOL", "a folder of 'pool generate', or the tape of closing")
        .file()
        .required();
}

} // namespace tranchain
