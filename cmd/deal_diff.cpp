// deal diff: what changed between two deals, in clauses.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/csv.hpp"
#include "waterfall/compile.hpp"
#include "waterfall/deal_difference.hpp"
#include "waterfall/exact/program_json.hpp"

namespace tranchain {

namespace {

struct DealDiffOptions {
    std::string before, after;
};

struct Side {
    std::optional<DealFile> file; ///< none for a stored program
    Json program;
};

/// A deal file, or a program as `deal show` writes it.
Checked<Side> read_side(const std::string& path)
{
    Side side;
    if (!path.ends_with(".json")) {
        auto deal = read_deal(path);
        if (!deal) return tl::make_unexpected(std::move(deal.error()));
        auto program = compile(*deal);
        if (!program) return tl::make_unexpected(std::move(program.error()));
        side.program = to_json(*program);
        side.file = std::move(*deal);
        return side;
    }
    const auto bad = [&](Error error) {
        error.where.file = path;
        return tl::make_unexpected(Errors{std::move(error)});
    };
    auto bytes = read_file(path);
    if (!bytes) return bad(std::move(bytes.error()));
    auto json = parse_json(*bytes);
    if (!json) return bad(std::move(json.error()));
    const Json* inner = json->is_object() ? json->find("program") : nullptr;
    auto program = program_from_json(inner != nullptr ? *inner : *json);
    if (!program) return bad(std::move(program.error().front()));
    side.program = to_json(*program);
    return side;
}

std::string place_in_file(const Source& where)
{
    return where.line == 0 ? std::string() : fmt::format("{}:{}", where.file, where.line);
}

void show_for_people(Answer& answer, const ClauseChange& c)
{
    answer.note(fmt::format("{:<8}  {}", name(c.kind), c.clause));
    const auto words = [&](char sign, const std::string& text, const Source& where) {
        if (text.empty() && where.line == 0) return;
        answer.note(
            fmt::format("  {} {}{}{}", sign, text, where.line == 0 ? "" : "  ", place_in_file(where)));
    };
    words('-', c.before, c.before_at);
    words('+', c.after, c.after_at);
}

Outcome run_deal_diff(const DealDiffOptions& o, const Globals&, Output& out)
{
    const auto before = read_side(o.before);
    if (!before) return before.error();
    const auto after = read_side(o.after);
    if (!after) return after.error();
    const Format format = out.format();
    const auto changes =
        deal_differences({before->program, before->file ? &*before->file : nullptr},
                         {after->program, after->file ? &*after->file : nullptr});
    Answer answer("tranchain.deal.diff/1");
    answer.data("before", o.before);
    answer.data("after", o.after);
    if (format == Format::table) {
        for (const ClauseChange& c : changes) show_for_people(answer, c);
        answer.note(changes.empty() ? "both deals say the same"
                                    : fmt::format("{}clauses that differ: {}",
                                                  changes.size() > 1 ? "\n" : "", changes.size()));
    } else {
        Table& table = answer.table(
            "changes",
            {{"change"}, {"clause"}, {"before"}, {"after"}, {"before_line"}, {"after_line"}});
        for (const ClauseChange& c : changes) {
            table.add({name(c.kind), c.clause, c.before, c.after,
                       c.before_at.line == 0 ? Value() : Value(c.before_at.line),
                       c.after_at.line == 0 ? Value() : Value(c.after_at.line)});
        }
    }
    if (auto written = out.write(answer); !written) return written.error();
    return changes.empty() ? Outcome() : answer_no();
}

} // namespace

void add_deal_diff(Tree& tree)
{
    tree.add<DealDiffOptions>("deal", "diff", "say which clauses of two deals differ", run_deal_diff,
                          [](Setup& s, DealDiffOptions& o) {
                              s.positional("BEFORE", o.before,
                                           "a deal file, or a stored program ending in .json")
                                  .file();
                              s.positional("AFTER", o.after, "the deal it is compared with").file();
                          });
}

} // namespace tranchain
