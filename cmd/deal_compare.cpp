// deal compare: several structures on one pool, side by side, and what each changes.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <set>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output.hpp"
#include "cmd/parallel.hpp"
#include "cmd/pool_input.hpp"
#include "cmd/structure_figures.hpp"
#include "cmd/value_change.hpp"
#include "cmd/waterfall_scenarios.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/compile.hpp"

namespace tranchain {

namespace {

struct DealCompareOptions {
    std::vector<std::string> deals;
    std::string pool;
    std::vector<std::string> scenarios;
    std::int64_t threads = 0;
};

/// One of the deals, its runs in the order of the scenarios.
struct ComparedDeal {
    std::string file, name;
    ProjectionInput input;
    std::vector<Scenario> scenarios;
    std::vector<Result<Projection>> runs;
    [[nodiscard]] const Program& program() const { return input.program; }
};

Result<> check_deals(const DealCompareOptions& o)
{
    const std::vector<std::string>& files = o.deals;
    if (o.pool == "-" || std::find(o.scenarios.begin(), o.scenarios.end(), "-") != o.scenarios.end()) {
        return fail(Code::usage, "standard input can be read for one deal only", {},
                    "write it to a file: tape and scenarios are read for each deal");
    }
    if (files.size() < 2) {
        return fail(Code::usage, "one deal cannot be compared", {},
                    "name two or more; 'deal show' shows one");
    }
    std::set<std::string> taken;
    for (const std::string& file : files) {
        if (taken.insert(file).second) continue;
        return fail(Code::usage, fmt::format("'{}' is named twice", file));
    }
    return {};
}

/// What is wrong with every deal alike, such as the tape, is said once; the rest by its deal.
Errors said_once(const std::vector<Errors>& of_deals, const std::vector<std::string>& files)
{
    Errors all;
    for (std::size_t i = 0; i < of_deals.size(); ++i) {
        for (Error error : of_deals[i]) {
            const bool shared = std::all_of(of_deals.begin(), of_deals.end(), [&](const Errors& e) {
                return std::find(e.begin(), e.end(), error) != e.end();
            });
            if (shared && i > 0) continue;
            if (!shared && error.where.file != files[i]) {
                error.message = fmt::format("with {}: {}", files[i], error.message);
            }
            all.push_back(std::move(error));
        }
    }
    return all;
}

Checked<ComparedDeal> read_one(const std::string& file, const DealCompareOptions& o,
                               const std::vector<std::string>& names)
{
    auto program = compile_file(file);
    if (!program) return tl::make_unexpected(std::move(program.error()));
    auto input = read_pool(*program, o.pool, names.front());
    if (!input) return tl::make_unexpected(std::move(input.error()));
    auto scenarios = read_scenarios(*input, names);
    if (!scenarios) return tl::make_unexpected(std::move(scenarios.error()));
    return ComparedDeal{file, program->id, std::move(*input), std::move(*scenarios), {}};
}

/// By their ids; by their files where two have one id.
void name_deals(std::vector<ComparedDeal>& deals)
{
    std::set<std::string> ids;
    for (const ComparedDeal& d : deals) ids.insert(d.name);
    if (ids.size() == deals.size()) return;
    for (ComparedDeal& d : deals) d.name = d.file;
}

Checked<std::vector<ComparedDeal>> read_deals(const DealCompareOptions& o,
                                              const std::vector<std::string>& names)
{
    std::vector<ComparedDeal> deals;
    std::vector<Errors> wrong(o.deals.size());
    for (std::size_t i = 0; i < o.deals.size(); ++i) {
        auto one = read_one(o.deals[i], o, names);
        if (!one) {
            wrong[i] = std::move(one.error());
            continue;
        }
        if (const std::string& currency = one->program().currency;
            !deals.empty() && currency != deals.front().program().currency) {
            wrong[i] = {{Code::invalid_input,
                         fmt::format("the deal is in {}, {} in {}", currency, deals.front().file,
                                     deals.front().program().currency),
                         {o.deals[i]},
                         "amounts of two currencies have no difference"}};
        }
        deals.push_back(std::move(*one));
    }
    if (Errors all = said_once(wrong, o.deals); !all.empty()) {
        return tl::make_unexpected(std::move(all));
    }
    name_deals(deals);
    return deals;
}

Result<> play_all(std::vector<ComparedDeal>& deals, std::int64_t threads)
{
    const std::size_t scenarios = deals.front().scenarios.size();
    for (ComparedDeal& d : deals) d.runs.resize(scenarios);
    in_parallel(deals.size() * scenarios, threads, [&](std::size_t number) {
        ComparedDeal& d = deals[number / scenarios];
        const std::size_t i = number % scenarios;
        d.runs[i] = project(d.input, d.scenarios[i]);
    });
    for (ComparedDeal& d : deals) {
        for (std::size_t i = 0; i < scenarios; ++i) {
            if (d.runs[i]) continue;
            Error error = std::move(d.runs[i].error());
            error.message = fmt::format("{}, scenario '{}': {}", d.file, d.scenarios[i].name,
                                        error.message);
            return tl::make_unexpected(std::move(error));
        }
    }
    return {};
}

/// By their lowest place in any of the deals, then in the order in which the deals name them.
std::vector<std::string> all_tranches(const std::vector<ComparedDeal>& deals)
{
    std::vector<std::pair<std::string, int>> ranked;
    for (const ComparedDeal& d : deals) {
        for (const Tranche& t : d.program().tranches) {
            const auto known = std::find_if(ranked.begin(), ranked.end(),
                                            [&](const auto& one) { return one.first == t.id; });
            if (known == ranked.end()) ranked.emplace_back(t.id, t.rank);
            else known->second = std::max(known->second, t.rank);
        }
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.second < b.second; });
    std::vector<std::string> ids;
    for (const auto& [id, rank] : ranked) ids.push_back(id);
    return ids;
}

std::optional<std::size_t> place_in(const Program& program, const std::string& tranche)
{
    for (std::size_t i = 0; i < program.tranches.size(); ++i) {
        if (program.tranches[i].id == tranche) return i;
    }
    return std::nullopt;
}

/// What a line is about; the deal is the same for all figures of the line.
struct ComparedLine {
    std::string scenario, tranche;
    std::size_t deal = 0;
    std::vector<Value> figures;
};
/// Lines in groups: one for each deal, the first deal first.
struct ComparedPart {
    std::string key;
    bool of_scenario = false, of_tranche = false;
    std::vector<StructureFigure> figures;
    std::vector<ComparedLine> lines = {};
};

std::vector<ComparedPart> parts_of(const std::vector<ComparedDeal>& deals)
{
    ComparedPart structure{"structure", false, true, structure_figures()};
    ComparedPart tranches{"tranches", true, true, payment_figures()};
    ComparedPart whole{"deals", true, false, deal_figures()};
    const auto line = [&](ComparedPart& part, const std::string& scenario,
                          const std::string& tranche, std::size_t deal, const auto& figures) {
        const auto place = tranche.empty() ? 0 : place_in(deals[deal].program(), tranche);
        std::vector<Value> absent(part.figures.size());
        if (part.figures.front().key == "present") absent.front() = false;
        part.lines.push_back({scenario, tranche, deal, place ? figures(*place) : std::move(absent)});
    };
    const auto ids = all_tranches(deals);
    for (const std::string& id : ids) {
        for (std::size_t d = 0; d < deals.size(); ++d) {
            line(structure, "", id, d, [&](std::size_t place) {
                return structure_of(deals[d].program(), place);
            });
        }
    }
    for (std::size_t s = 0; s < deals.front().scenarios.size(); ++s) {
        const std::string& name = deals.front().scenarios[s].name;
        for (const std::string& id : ids) {
            for (std::size_t d = 0; d < deals.size(); ++d) {
                line(tranches, name, id, d, [&](std::size_t place) {
                    return payments_of(deals[d].program(), *deals[d].runs[s], place);
                });
            }
        }
        for (std::size_t d = 0; d < deals.size(); ++d) {
            line(whole, name, "", d, [&](std::size_t) {
                return deal_figures_of(deals[d].program(), *deals[d].runs[s]);
            });
        }
    }
    return {std::move(structure), std::move(tranches), std::move(whole)};
}

/// Of figure `f` of a line from that of the first deal; null for the first deal itself.
Value change_of(const ComparedPart& part, std::size_t line, std::size_t f)
{
    const ComparedLine& l = part.lines[line];
    if (l.deal == 0) return {};
    const ComparedLine& first = part.lines[line - l.deal];
    for (std::size_t i = 0; i < f; ++i) {
        const bool asked = part.figures[i].key == part.figures[f].of;
        if (asked && first.figures[i].text() != l.figures[i].text()) return {};
    }
    return change_between(first.figures[f], l.figures[f]);
}

void add_part(Answer& answer, const ComparedPart& part, const std::vector<ComparedDeal>& deals)
{
    std::vector<Column> columns;
    if (part.of_scenario) columns.push_back({"scenario"});
    if (part.of_tranche) columns.push_back({"tranche"});
    columns.push_back({"deal"});
    for (const StructureFigure& f : part.figures) columns.push_back({f.key, f.title});
    for (const StructureFigure& f : part.figures) {
        if (f.has_change) columns.push_back({fmt::format("{}_change", f.key), "+/- " + f.title});
    }
    Table& table = answer.table(part.key, std::move(columns), part.key);
    for (std::size_t i = 0; i < part.lines.size(); ++i) {
        const ComparedLine& l = part.lines[i];
        std::vector<Value> row;
        if (part.of_scenario) row.emplace_back(l.scenario);
        if (part.of_tranche) row.emplace_back(l.tranche);
        row.emplace_back(deals[l.deal].name);
        row.insert(row.end(), l.figures.begin(), l.figures.end());
        for (std::size_t f = 0; f < part.figures.size(); ++f) {
            if (part.figures[f].has_change) row.push_back(change_of(part, i, f));
        }
        table.add(std::move(row));
    }
}

/// One line for each figure, for programs that read one table only.
void add_every_figure(Answer& answer, const std::vector<ComparedPart>& parts,
                      const std::vector<ComparedDeal>& deals)
{
    Table& table = answer.table("figures", {{"scenario"}, {"tranche"}, {"figure"}, {"deal"},
                                            {"value"}, {"change"}});
    for (const ComparedPart& part : parts) {
        for (std::size_t first = 0; first < part.lines.size(); first += deals.size()) {
            for (std::size_t f = 0; f < part.figures.size(); ++f) {
                for (std::size_t i = first; i < first + deals.size(); ++i) {
                    const ComparedLine& l = part.lines[i];
                    table.add({l.scenario, l.tranche, part.figures[f].key, deals[l.deal].name,
                               l.figures[f], change_of(part, i, f)});
                }
            }
        }
    }
}

void note_absent(Answer& answer, const std::vector<ComparedDeal>& deals)
{
    const auto ids = all_tranches(deals);
    for (const ComparedDeal& d : deals) {
        std::vector<std::string> lacking;
        for (const std::string& id : ids) {
            if (!place_in(d.program(), id)) lacking.push_back(id);
        }
        if (!lacking.empty()) {
            answer.note(fmt::format("absent from {}: {}", d.name, join(lacking, ", ")));
        }
    }
}

Outcome run_deal_compare(const DealCompareOptions& o, const Globals&, Output& out)
{
    TRANCHAIN_TRY(const std::int64_t threads, thread_count(o.threads));
    TRANCHAIN_DO(check_deals(o));
    TRANCHAIN_TRY(const auto names, scenario_names(o.scenarios));
    auto deals = read_deals(o, names);
    if (!deals) return deals.error();
    TRANCHAIN_DO(named_apart(deals->front().scenarios));
    TRANCHAIN_DO(play_all(*deals, threads));
    Answer answer("tranchain.deal.compare/1");
    answer.field("pool", "pool", o.pool);
    answer.field("first", "changes are from", deals->front().name);
    const auto parts = parts_of(*deals);
    if (out.format() == Format::csv) add_every_figure(answer, parts, *deals);
    else for (const ComparedPart& part : parts) add_part(answer, part, *deals);
    note_absent(answer, *deals);
    TRANCHAIN_DO(add_inputs(answer,
                            {o.deals.front(), o.pool, names, {}, {o.deals.begin() + 1, o.deals.end()}},
                            out));
    return out.write(answer);
}

} // namespace

void add_deal_compare(Tree& tree)
{
    tree.add<DealCompareOptions>(
        "deal", "compare", "several structures on one pool, side by side", run_deal_compare,
        [](Setup& s, DealCompareOptions& o) {
            s.positional("DEAL", o.deals, "deal files; changes are from the first").file();
            bind_pool(s, o.pool);
            s.option("--scenario", o.scenarios, "NAME",
                     "base, stressed, scenario files or folders of them; base if left out")
                .file();
            bind_threads(s, o.threads);
        });
}

} // namespace tranchain
