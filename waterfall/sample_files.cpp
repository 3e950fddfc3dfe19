// Sample files: tapes, then one projection per branch written as the members' files.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/sample_files.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/csv.hpp"
#include "data/json.hpp"
#include "data/tape.hpp"
#include "waterfall/asset/contracts.hpp"
#include "waterfall/asset/sample.hpp"
#include "waterfall/exact/purchase.hpp"
#include "waterfall/record_files.hpp"

namespace tranchain {

namespace {

/// Writes files of a folder that can be made again from its seed: no fsync.
class Writer {
public:
    explicit Writer(std::string folder) : folder_(std::move(folder)) {}

    Result<> folder(const std::string& name)
    {
        std::error_code error;
        std::filesystem::create_directories(folder_ + "/" + name, error);
        if (error) {
            return fail(Code::io, fmt::format("cannot make the folder: {}", error.message()),
                        {folder_ + "/" + name, 0, 0, 0});
        }
        return {};
    }
    Result<> file(const std::string& name, std::string_view text)
    {
        const std::string path = folder_ + "/" + name;
        std::ofstream out(path, std::ios::binary | std::ios::trunc);
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        out.close();
        if (!out) return fail(Code::io, std::string("cannot write: ") + std::strerror(errno), {path, 0, 0, 0});
        ++files_;
        return {};
    }
    [[nodiscard]] std::int64_t files() const { return files_; }

private:
    std::string folder_;
    std::int64_t files_ = 0;
};

std::string tape_text(const std::vector<Receivable>& rows)
{
    Tape tape;
    tape.columns = sample_tape_columns();
    tape.receivables = rows;
    return tape_csv(tape);
}

/// Writes the steps of one branch as they happen, and the order in which to hand them in.
class Branch {
public:
    Branch(Writer& writer, std::string name) : writer_(writer), name_(std::move(name))
    {
        act("snapshot", Date::of(2018, 11, 8), "../tape-2018-11-08.csv");
    }

    void step(const ProjectionStep& s)
    {
        const Date day = s.covers.to;
        if (!s.dilutions.empty()) write("dilution", "dilutions", day, dilutions_csv(s.dilutions));
        if (s.insolvency) {
            write("insolvency", "insolvency", s.insolvency->date,
                  insolvency_csv({s.insolvency->date, s.insolvency->group, s.insolvency->obligors}));
        }
        write("statement", "statements", day,
              statement_csv({"plan", s.number, s.covers, s.opening, s.closing, s.entries}));
        write("collections", "collections", day, collections_csv({s.covers, s.allocations}));
        act("close", day, "");
        if (s.notice) act("notice", day, "");
        for (Date distribution : s.distributions) act("distribution", distribution, "");
        if (!s.bought.empty()) {
            auto rows = s.bought;
            for (Receivable& r : rows) r.snapshot_date = s.purchase_day;
            write("purchase", "purchase", s.purchase_day, tape_text(rows));
        }
    }
    Result<> finish()
    {
        if (failed_) return tl::make_unexpected(*failed_);
        return writer_.file(name_ + "/story.csv", "order,act,date,file\n" + story_);
    }

private:
    void act(const std::string& what, Date day, const std::string& file)
    {
        story_ += csv_line(std::vector<std::string>{std::to_string(++acts_), what, day.str(), file});
    }
    void write(const std::string& what, const std::string& stem, Date day, const std::string& text)
    {
        const std::string file = fmt::format("{}-{}.csv", stem, day.str());
        const Result<> written = writer_.file(name_ + "/" + file, text);
        if (!written && !failed_) failed_ = written.error();
        act(what, day, file);
    }

    Writer& writer_;
    std::string name_;
    std::string story_;
    std::int64_t acts_ = 0;
    std::optional<Error> failed_;
};

std::string scenario_text(const Scenario& s)
{
    std::string text = fmt::format("name = \"{}\"\nseed = {}\n", s.name, s.seed);
    if (s.insolvency) {
        text += fmt::format("\n# The group stops paying on that day, and nobody buys it back.\n"
                            "[insolvency]\ndate = {}\ngroup = \"{}\"\n",
                            s.insolvency->date.str(), s.insolvency->group);
    }
    return text;
}

Result<Projection> write_branch(Writer& writer, const ProjectionInput& input)
{
    const std::string& name = input.scenario.name;
    TRANCHAIN_DO(writer.folder(name));
    TRANCHAIN_DO(writer.file(name + ".toml", scenario_text(input.scenario)));
    Branch branch(writer, name);
    TRANCHAIN_TRY(Projection projection,
                  project(input, [&branch](const ProjectionStep& step) { branch.step(step); }));
    TRANCHAIN_DO(branch.finish());
    return projection;
}

}  // namespace

Result<SampleSummary> write_sample(const std::string& folder, const SampleWorld& world,
                                   const Program& program, const std::string& deal_text)
{
    Writer writer(folder);
    SampleSummary summary;
    Json candidates = Json::array();
    TRANCHAIN_DO(writer.folder("."));
    TRANCHAIN_DO(writer.file(program.id + ".toml", deal_text));
    const std::string opening = fmt::format("tape-{}.csv", world.terms().closing.str());
    TRANCHAIN_DO(writer.file(opening, tape_text(world.opening())));
    TRANCHAIN_DO(writer.file("malformed.csv", malformed_tape_csv(world)));
    TRANCHAIN_DO(writer.file("ineligible.csv", ineligible_tape_csv(world)));
    for (const CandidateTape& tape : world.candidates()) {
        const std::string file = fmt::format("candidates-{}.csv", tape.as_of.str());
        TRANCHAIN_DO(writer.file(file, tape_text(tape.rows)));
        candidates.push_back(file);
        summary.candidates += static_cast<std::int64_t>(tape.rows.size());
        for (const Receivable& r : tape.rows) summary.candidate_face += r.current_balance;
    }
    for (const Receivable& r : world.opening()) {
        summary.opening_face += r.current_balance;
        summary.opening_price += r.purchase_price;
    }
    ProjectionInput input{program, world.opening(), world.candidates(), base_scenario(world.seed())};
    TRANCHAIN_TRY(summary.base, write_branch(writer, input));
    input.scenario = stressed_scenario(world.seed());
    TRANCHAIN_TRY(summary.stressed, write_branch(writer, input));
    const Json manifest = Json::object({{"schema", "tranchain.pool.generate/1"},
                                        {"seed", static_cast<std::int64_t>(world.seed())},
                                        {"deal", program.id + ".toml"},
                                        {"opening", opening},
                                        {"opening_face", summary.opening_face},
                                        {"opening_price", summary.opening_price},
                                        {"candidates", candidates}});
    TRANCHAIN_DO(writer.file("manifest.json", manifest.pretty()));
    summary.files = writer.files();
    return summary;
}

namespace {

/// A list of contracts and the tape of its payments, owned from `settle`.
Result<std::vector<Receivable>> write_contracts(Writer& writer, const std::string& list,
                                                const std::string& file, const std::string& tape,
                                                const Program& program, Date settle,
                                                std::int64_t& count)
{
    TRANCHAIN_DO(writer.file(file, list));
    const auto contracts = parse_contracts(list, file);
    if (!contracts) return tl::make_unexpected(contracts.error().front());
    count = static_cast<std::int64_t>(contracts->size());
    std::vector<Receivable> rows;
    for (const AssetContract& c : *contracts) {
        for (Receivable& r : receivables_of(c, &*program.purchase, settle)) {
            rows.push_back(std::move(r));
        }
    }
    TRANCHAIN_DO(writer.file(tape, tape_csv(tape_of(rows))));
    return rows;
}

}  // namespace

Result<ContractSummary> write_contract_sample(const std::string& folder, std::uint64_t seed,
                                              const Program& program, const std::string& deal_text)
{
    const Money notes = notes_proceeds(program) - reserves_opening(program);
    if (!program.purchase || notes <= zero) {
        return fail(Code::invalid_input, "the deal states no price at which receivables are bought");
    }
    Writer writer(folder);
    ContractSummary summary;
    Json candidates = Json::array();
    ContractSampler sampler(seed);
    TRANCHAIN_DO(writer.folder("."));
    TRANCHAIN_DO(writer.file(program.id + ".toml", deal_text));
    const std::string day = program.closing.str();
    const std::string opening = fmt::format("tape-{}.csv", day);
    TRANCHAIN_TRY(const auto rows,
                  write_contracts(writer, sampler.list(program.closing, notes),
                                  fmt::format("contracts-{}.csv", day), opening, program,
                                  program.closing, summary.contracts));
    summary.payments = static_cast<std::int64_t>(rows.size());
    for (const Receivable& r : rows) {
        summary.face += r.current_balance;
        summary.price += r.purchase_price;
    }
    const Money weekly = Money::fen(notes.in_fen() / 20 / 10000 * 10000);
    Date monday = program.closing + 1;
    while (monday.weekday() != 1) ++monday;
    for (; settlement_day(program, monday) <= program.revolving_until; monday = monday + 7) {
        const std::string file = fmt::format("candidates-{}.csv", monday.str());
        std::int64_t contracts = 0;
        TRANCHAIN_TRY(const auto offered,
                      write_contracts(writer, sampler.list(monday, weekly),
                                      fmt::format("contracts-{}.csv", monday.str()), file, program,
                                      settlement_day(program, monday), contracts));
        candidates.push_back(file);
        summary.candidates += static_cast<std::int64_t>(offered.size());
        for (const Receivable& r : offered) summary.candidate_face += r.current_balance;
    }
    const Json manifest = Json::object({{"schema", "tranchain.pool.generate/1"},
                                        {"seed", static_cast<std::int64_t>(seed)},
                                        {"deal", program.id + ".toml"},
                                        {"opening", opening},
                                        {"opening_face", summary.face},
                                        {"opening_price", summary.price},
                                        {"candidates", candidates}});
    TRANCHAIN_DO(writer.file("manifest.json", manifest.pretty()));
    summary.files = writer.files();
    return summary;
}

Result<SampleFolder> read_sample_folder(const std::string& folder)
{
    const std::string path = folder + "/manifest.json";
    TRANCHAIN_TRY(const std::string text, read_file(path));
    const auto json = parse_json(text);
    if (!json) return fail(Code::invalid_input, json.error().message, {path, 0, 0, 0});
    Fields fields(*json, "manifest");
    SampleFolder result;
    fields.text("schema");
    fields.text("deal");
    fields.money("opening_face");
    fields.money("opening_price");
    result.seed = static_cast<std::uint64_t>(fields.integer("seed"));
    result.opening = folder + "/" + fields.text("opening");
    for (const std::string& file : fields.texts("candidates")) {
        result.candidates.push_back(folder + "/" + file);
    }
    const Errors errors = fields.finish();
    if (!errors.empty()) return fail(Code::invalid_input, errors.front().message, {path, 0, 0, 0});
    return result;
}

}  // namespace tranchain
