// Many scenarios in one process: everything is read and checked once, then only looked at.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/waterfall_scenarios.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/core.h>

#include "cmd/inputs.hpp"
#include "cmd/parallel.hpp"
#include "cmd/periods.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/terminal.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

std::vector<Column> columns_of(const Program& program)
{
    std::vector<Column> columns{{"scenario"}, {"last", "last paid"}, {"bought"},
                                {"lowest_margin", "lowest margin"}, {"fired_on", "fired on"}};
    for (const Tranche& t : program.tranches) {
        columns.push_back({t.id + "_last_payment", t.id + " repaid"});
        columns.push_back({t.id + "_interest", t.id + " interest"});
        columns.push_back({t.id + "_unpaid_interest", t.id + " interest unpaid"});
        columns.push_back({t.id + "_unpaid_principal", t.id + " principal unpaid"});
    }
    return columns;
}

std::vector<Value> line_of(const Program& program, const Projection& p)
{
    const auto lowest = lowest_margin(p, program.closing, program.legal_final);
    const bool paid = !p.distributions.empty();
    std::vector<Value> row{p.scenario.name, paid ? Value(p.distributions.back().booked) : Value(),
                           p.bought_face, lowest ? Value(*lowest) : Value(),
                           p.fired.empty() ? Value() : Value(p.fired.front().effective)};
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        Money interest;
        Value repaid;
        for (const Distribution& d : p.distributions) {
            interest += d.tranches[i].interest_paid + d.tranches[i].residual_paid;
            if (repaid.is_null() && d.tranches[i].closing == zero) repaid = d.booked;
        }
        row.insert(row.end(),
                   {repaid, interest, paid ? p.distributions.back().tranches[i].arrears_after : zero,
                    paid ? p.distributions.back().tranches[i].closing : program.tranches[i].face});
    }
    return row;
}

}  // namespace

Result<std::vector<std::string>> scenario_names(const std::vector<std::string>& given)
{
    std::vector<std::string> names;
    for (const std::string& name : given) {
        std::error_code ec;
        if (!std::filesystem::is_directory(name, ec)) {
            names.push_back(name);
            continue;
        }
        std::set<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(name, ec)) {
            if (entry.path().extension() == ".toml") files.insert(entry.path().string());
        }
        if (ec || files.empty()) {
            return fail(Code::not_found, fmt::format("no scenario file is in '{}'", name), {name},
                        "their names end in .toml");
        }
        names.insert(names.end(), files.begin(), files.end());
    }
    if (names.empty()) names.emplace_back("base");
    return names;
}

Checked<std::vector<Scenario>> read_scenarios(const ProjectionInput& input,
                                              const std::vector<std::string>& names)
{
    std::vector<Scenario> scenarios{input.scenario};
    Errors wrong;
    for (auto name = names.begin() + 1; name != names.end(); ++name) {
        auto scenario = named_scenario(*name, input.seed);
        Errors errors = scenario ? misfits(input, *scenario) : std::move(scenario.error());
        if (scenario) scenarios.push_back(std::move(*scenario));
        std::move(errors.begin(), errors.end(), std::back_inserter(wrong));
    }
    if (!wrong.empty()) return tl::make_unexpected(std::move(wrong));
    return scenarios;
}

Result<> named_apart(const std::vector<Scenario>& scenarios)
{
    std::set<std::string> taken;
    for (const Scenario& s : scenarios) {
        if (taken.insert(s.name).second) continue;
        return fail(Code::usage, fmt::format("two scenarios are called '{}'", s.name));
    }
    return {};
}

Outcome compare_scenarios(const Program& program, const std::string& deal, const std::string& pool,
                          const std::vector<std::string>& names, std::int64_t threads, const Globals& globals,
                          Output& out)
{
    TRANCHAIN_TRY(threads, thread_count(threads));
    const auto input = read_pool(program, pool, names.front());
    if (!input) return input.error();
    const auto scenarios = read_scenarios(*input, names);
    if (!scenarios) return scenarios.error();
    std::vector<Result<std::vector<Value>>> lines(scenarios->size());
    { // the line of progress is gone before the answer is written
        Progress progress("running scenarios", lines.size(), globals);
        in_parallel(lines.size(), threads, [&](std::size_t i) {
            const auto played = project(*input, (*scenarios)[i]);
            lines[i] = played ? Result<std::vector<Value>>(line_of(program, *played))
                              : tl::make_unexpected(played.error());
            progress.step();
        });
    }
    Answer answer("tranchain.waterfall.scenarios/1");
    answer.field("deal", "deal", program.id);
    answer.field("pool", "pool", pool);
    Table& table = answer.table("scenarios", columns_of(program));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i]) {
            Error error = std::move(lines[i].error());
            error.message = fmt::format("scenario '{}': {}", (*scenarios)[i].name, error.message);
            return error;
        }
        table.add(std::move(*lines[i]));
    }
    TRANCHAIN_DO(add_inputs(answer, {deal, pool, names, {}}, out));
    return out.write(answer);
}

}  // namespace tranchain
