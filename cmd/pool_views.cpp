// pool stratify, age, diff: a tape seen from three sides.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/output.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/strata.hpp"

namespace tranchain {

namespace {

struct StratifyOptions {
    std::string tape, by;
    std::string bands;
};
struct AgeOptions {
    std::string tape;
    std::string buckets = "trade";
};
struct PoolDiffOptions {
    std::string before, after;
};

Date day_of(const Tape& tape, const Globals& globals)
{
    return globals.as_of.value_or(tape.receivables.front().snapshot_date);
}

Checked<Tape> read_some(const std::string& path)
{
    auto tape = read_tape(path);
    if (tape && tape->receivables.empty()) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input, "the tape has no receivable", {path, 1, 0, 0}, {}}});
    }
    return tape;
}

Answer strata(const char* schema, const std::string& path, Date as_of)
{
    Answer answer(schema);
    answer.field("tape", "tape", path);
    answer.field("as_of", "as of", as_of);
    return answer;
}

Chart strata_chart(const std::string& title, const std::string& currency, const std::vector<Stratum>& list)
{
    Chart chart{"strata", {"Face by " + title, "面值分布：" + title}, Chart::Kind::bars};
    chart.money = true;
    chart.unit = chart_currency(currency);
    chart.series = {{{"face", "面值"}, {}}};
    for (const Stratum& s : list) {
        chart.points.push_back(s.label);
        chart.series.front().values.emplace_back(chart_value(s.face));
    }
    return chart;
}

/// How much of the face the largest so many lines hold, and would hold if all were equal.
Chart concentration_chart(const std::string& title, const std::vector<Stratum>& list)
{
    Chart chart{"concentration", {"Concentration by " + title, "集中度：" + title}, Chart::Kind::lines};
    chart.along = {"number of them, largest first", "个数（由大到小）"};
    chart.unit = {"% of the face", "占面值 %"};
    chart.series = {{{"the largest", "最大者合计"}, {}}, {{"if all were equal", "若各项均等"}, {}}};
    std::vector<Money> faces;
    Money all;
    for (const Stratum& s : list) {
        faces.push_back(s.face);
        all += s.face;
    }
    if (all == zero) return chart;
    std::sort(faces.begin(), faces.end(), [](Money a, Money b) { return a > b; });
    Money sum;
    for (std::size_t i = 0; i <= faces.size(); ++i) {
        chart.points.push_back(std::to_string(i));
        chart.series[0].values.emplace_back(100 * chart_value(sum) / chart_value(all));
        chart.series[1].values.emplace_back(100 * static_cast<double>(i) / static_cast<double>(faces.size()));
        if (i < faces.size()) sum += faces[i];
    }
    return chart;
}

void add_strata(Answer& answer, const std::string& title, const std::string& currency,
                const std::vector<Stratum>& list)
{
    Stratum all;
    for (const Stratum& s : list) {
        all.count += s.count;
        all.face += s.face;
        all.price += s.price;
    }
    answer.field("receivables", "receivables", all.count);
    answer.field("face", "face", all.face);
    answer.field("price", "price", all.price);
    Table& table = answer.table("strata", {{"value", title},
                                           {"count"},
                                           {"face"},
                                           {"share"},
                                           {"price"},
                                           {"days_to_due", "days to due"},
                                           {"cumulative"}});
    Money sum;
    for (const Stratum& s : list) {
        sum += s.face;
        Value days;
        if (s.face > zero) {
            days = divide_rounded(s.face_days, Int128{s.face.in_fen()}, Rounding::half_up);
        }
        table.add({s.label, s.count, s.face, percent_of_whole(s.face, all.face), s.price, days,
                   percent_of_whole(sum, all.face)});
    }
    answer.chart(strata_chart(title, currency, list));
}

Result<std::vector<Money>> read_bands(const std::string& list)
{
    std::vector<Money> bands;
    if (list.empty()) return bands;
    for (const std::string_view text : split(list, ',')) {
        const auto amount = Money::parse(trim(text));
        if (!amount) {
            return fail(Code::usage, "--bands: " + amount.error().message, {},
                        "write amounts in rising order, such as --bands 100000.00,1000000.00");
        }
        if (!bands.empty() && *amount <= bands.back()) {
            return fail(Code::usage, fmt::format("--bands: {} is not above {}", amount->str(),
                                                 bands.back().str()));
        }
        bands.push_back(*amount);
    }
    return bands;
}

Outcome run_stratify(const StratifyOptions& o, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const auto bands, read_bands(o.bands));
    const auto tape = read_some(o.tape);
    if (!tape) return tape.error();
    const Date as_of = day_of(*tape, globals);
    TRANCHAIN_TRY(const auto list, stratify(*tape, o.by, bands, as_of));
    Answer answer = strata("tranchain.pool.stratify/1", o.tape, as_of);
    answer.field("by", "by", o.by);
    add_strata(answer, o.by, tape->receivables.front().currency, list);
    // A point for every line of it: only where somebody will look.
    const bool drawn = out.format() == Format::html || out.format() == Format::svg;
    if (drawn || !globals.chart.empty()) answer.chart(concentration_chart(o.by, list));
    return out.write(answer);
}

Outcome run_age(const AgeOptions& o, const Globals& globals, Output& out)
{
    const auto tape = read_some(o.tape);
    if (!tape) return tape.error();
    const Date as_of = day_of(*tape, globals);
    Answer answer = strata("tranchain.pool.age/1", o.tape, as_of);
    answer.field("buckets", "buckets", o.buckets);
    add_strata(answer, "days past due", tape->receivables.front().currency,
               age(*tape, o.buckets, as_of));
    return out.write(answer);
}

void note_columns(Answer& answer, const Tape& has, const Tape& lacks)
{
    for (const std::string& c : has.columns) {
        if (std::find(lacks.columns.begin(), lacks.columns.end(), c) != lacks.columns.end())
            continue;
        answer.note(fmt::format("not compared: column '{}', which only {} has", c, has.file));
    }
}

Outcome run_pool_diff(const PoolDiffOptions& o, const Globals&, Output& out)
{
    const auto before = read_tape(o.before);
    if (!before) return before.error();
    const auto after = read_tape(o.after);
    if (!after) return after.error();
    const auto changes = tape_changes(*before, *after);
    const auto count = [&](TapeChange::Kind kind) {
        return static_cast<std::int64_t>(std::count_if(
            changes.begin(), changes.end(), [&](const TapeChange& c) { return c.kind == kind; }));
    };
    const auto face = [](const Tape& tape) {
        Money sum;
        for (const Receivable& r : tape.receivables) sum += r.current_balance;
        return sum;
    };
    const auto day = [](const Tape& tape) {
        return tape.receivables.empty() ? Value() : Value(tape.receivables.front().snapshot_date);
    };
    Answer answer("tranchain.pool.diff/1");
    answer.field("before_as_of", "before as of", day(*before));
    answer.field("after_as_of", "after as of", day(*after));
    answer.field("before_face", "face before", face(*before));
    answer.field("after_face", "face after", face(*after));
    answer.field("added", "rows added", count(TapeChange::Kind::added));
    answer.field("removed", "rows removed", count(TapeChange::Kind::removed));
    answer.field("changed", "fields changed", count(TapeChange::Kind::changed));
    Table& table = answer.table("changes", {{"change"},
                                            {"asset_id"},
                                            {"column"},
                                            {"before"},
                                            {"after"},
                                            {"before_line"},
                                            {"after_line"}});
    const auto line = [](int n) { return n == 0 ? Value() : Value(n); };
    for (const TapeChange& c : changes) {
        table.add({name(c.kind), c.asset_id, c.column, c.before, c.after, line(c.before_line),
                   line(c.after_line)});
    }
    note_columns(answer, *before, *after);
    note_columns(answer, *after, *before);
    TRANCHAIN_DO(out.write(answer));
    return changes.empty() ? Outcome() : answer_no();
}

} // namespace

void add_pool_views(Tree& tree)
{
    tree.add<StratifyOptions>(
        "pool", "stratify", "divide a tape by any of its columns", run_stratify,
        [](Setup& s, StratifyOptions& o) {
            s.positional("TAPE", o.tape, "receivables as CSV, see tranchain-pool(5)").file();
            s.option("--by", o.by, "COLUMN", "the column").required();
            s.option("--bands", o.bands, "AMOUNTS", "upper bounds of bands of amounts, with commas");
            s.as_of(AsOf::day);
        });
    tree.add<AgeOptions>(
        "pool", "age", "divide a tape by days past due", run_age, [](Setup& s, AgeOptions& o) {
            s.positional("TAPE", o.tape, "receivables as CSV").file();
            s.option("--buckets", o.buckets, "NAME", "whose buckets; trade if left out")
                .choices({"trade", "esma", "china"});
            s.as_of(AsOf::day);
        });
    tree.add<PoolDiffOptions>("pool", "diff", "say which rows and fields of two tapes differ", run_pool_diff,
                          [](Setup& s, PoolDiffOptions& o) {
                              s.positional("BEFORE", o.before, "a tape").file();
                              s.positional("AFTER", o.after, "the tape it is compared with").file();
                          });
}

} // namespace tranchain
