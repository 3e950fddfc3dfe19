// pool vintage: static pools of a seller's ledger.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/pool_ledger.hpp"
#include "data/rate.hpp"
#include "waterfall/static_pool.hpp"

namespace tranchain {

namespace {

struct VintageOptions {
    LedgerOptions files;
    std::string by = "month", measure = "defaulted";
    std::int64_t months = 12;
    bool amounts = false;
};

struct VintageMeasure {
    const char* key;
    Caption title;
    Money StaticPoolMonth::*part;
};
const std::array<VintageMeasure, 4> vintage_measures{{
    {"collected", {"Collected before default, by vintage", "各静态池违约前累计回款"}, &StaticPoolMonth::collected},
    {"diluted", {"Diluted before default, by vintage", "各静态池违约前累计摊薄"}, &StaticPoolMonth::diluted},
    {"defaulted", {"Defaulted, by vintage", "各静态池累计违约"}, &StaticPoolMonth::defaulted},
    {"recovered", {"Recovered after default, by vintage", "各静态池违约后累计回收"}, &StaticPoolMonth::recovered},
}};

const VintageMeasure& measure_of(const VintageOptions& o)
{
    return *std::find_if(vintage_measures.begin(), vintage_measures.end(),
                         [&](const VintageMeasure& m) { return o.measure == m.key; });
}

/// All pools that have been seen at an age: their part, and what they had originated.
struct Pooled {
    Money part, originated;
};

std::vector<Pooled> pooled(const std::vector<StaticPool>& pools, Money StaticPoolMonth::*part,
                           std::size_t ages)
{
    std::vector<Pooled> out(ages);
    for (const StaticPool& pool : pools) {
        for (std::size_t m = 0; m < std::min(ages, pool.months.size()); ++m) {
            out[m].part += pool.months[m].*part;
            out[m].originated += pool.originated;
        }
    }
    return out;
}

/// All together, and at most four pools, evenly over the ledger: no two dashes are alike.
Chart vintage_chart(const std::vector<StaticPool>& pools, const VintageMeasure& measure, std::size_t ages)
{
    Chart chart{"vintages", measure.title, Chart::Kind::lines};
    chart.along = {"months since origination", "开票后月数"};
    chart.unit = {"% of what was originated", "占开票金额 %"};
    for (std::size_t m = 0; m < ages; ++m) chart.points.push_back(std::to_string(m));
    std::vector<const StaticPool*> drawable;
    for (const StaticPool& pool : pools)
        if (pool.months.size() > 1) drawable.push_back(&pool);
    Chart::Series all{{"all", "全部"}};
    for (const Pooled& p : pooled(pools, measure.part, ages)) {
        all.values.push_back(chart_share(p.part, p.originated));
    }
    chart.series.push_back(std::move(all));
    const std::size_t shown = std::min<std::size_t>(4, drawable.size());
    for (std::size_t k = 0; k < shown; ++k) {
        const StaticPool& pool = *drawable[shown == 1 ? 0 : k * (drawable.size() - 1) / (shown - 1)];
        Chart::Series series{{pool.label, pool.label}};
        for (std::size_t m = 0; m < ages; ++m) {
            series.values.push_back(m < pool.months.size()
                                        ? chart_share(pool.months[m].*measure.part, pool.originated)
                                        : std::nullopt);
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

void add_vintages(Answer& answer, const std::vector<StaticPool>& pools, const VintageMeasure& measure,
                  std::size_t ages, bool amounts)
{
    std::vector<Column> columns{{"vintage"}, {"count"}, {"originated"}};
    for (std::size_t m = 0; m < ages; ++m) columns.push_back({fmt::format("m{}", m), std::to_string(m)});
    Table& table = answer.table("vintages", columns);
    const auto cell = [&](Money part, Money whole) { return amounts ? Value(part) : percent_of_whole(part, whole); };
    Money originated;
    std::int64_t count = 0;
    for (const StaticPool& pool : pools) {
        std::vector<Value> row{pool.label, pool.count, pool.originated};
        for (std::size_t m = 0; m < ages; ++m) {
            row.push_back(m < pool.months.size() ? cell(pool.months[m].*measure.part, pool.originated) : Value());
        }
        table.add(std::move(row));
        originated += pool.originated;
        count += pool.count;
    }
    std::vector<Value> row{"all", count, originated};
    for (const Pooled& p : pooled(pools, measure.part, ages)) {
        row.push_back(p.originated == zero ? Value() : cell(p.part, p.originated));
    }
    table.add(std::move(row));
}

Outcome run_vintage(const VintageOptions& o, const Globals& globals, Output& out)
{
    if (o.months < 0 || o.months > 120) {
        return Error{Code::usage, fmt::format("--months: {} is not 0 to 120", o.months), {}, {}};
    }
    const auto ledger = open_ledger(o.files, globals);
    if (!ledger) return ledger.error();
    const auto pools = static_pools(*ledger, o.by == "quarter" ? 3 : 1,
                                    static_cast<std::int32_t>(o.files.default_days));
    if (pools.empty()) {
        return Error{Code::invalid_input,
                     fmt::format("no {} with an invoice had ended by {}", o.by, ledger->observed.str()),
                     {o.files.ledger, 1, 0, 0},
                     "--as-of says to which day the ledger is complete"};
    }
    std::size_t ages = 0;
    for (const StaticPool& pool : pools) ages = std::max(ages, pool.months.size());
    ages = std::min(ages, static_cast<std::size_t>(o.months) + 1);
    const VintageMeasure& measure = measure_of(o);
    Answer answer("tranchain.pool.vintage/1");
    describe_ledger(answer, *ledger, o.files);
    answer.field("by", "by", o.by);
    answer.field("measure", "measure", o.measure);
    add_vintages(answer, pools, measure, ages, o.amounts);
    // A line needs two months.
    if (ages > 1) answer.chart(vintage_chart(pools, measure, ages));
    answer.note(fmt::format("A blank has not been seen by {}; 'all' is of the pools that have been.",
                            ledger->observed.str()));
    add_ledger_inputs(answer, *ledger);
    const auto in_them = [&] {
        std::int64_t n = 0;
        for (const StaticPool& pool : pools) n += pool.count;
        return n;
    }();
    const auto left = static_cast<std::int64_t>(ledger->invoices.size()) - in_them;
    if (left > 0) {
        answer.note(fmt::format("Left out: {} invoice{} of a {} that had not ended by then.", left,
                                left == 1 ? "" : "s", o.by));
    }
    return out.write(answer);
}

} // namespace

void add_pool_vintage(Tree& tree)
{
    tree.add<VintageOptions>(
        "pool", "vintage", "static pools of a ledger, by months since origination", run_vintage,
        [](Setup& s, VintageOptions& o) {
            bind_ledger(s, o.files);
            s.option("--by", o.by, "SPAN", "month if left out").choices({"month", "quarter"});
            s.option("--measure", o.measure, "NAME", "defaulted if left out")
                .choices({"collected", "diluted", "defaulted", "recovered"});
            s.option("--months", o.months, "N", "how far to look, 12 if left out");
            s.flag("--amounts", o.amounts, "amounts rather than shares");
        });
}

} // namespace tranchain
