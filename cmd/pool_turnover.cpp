// pool turnover: a seller's ledger month by month, and the history that pool reserve reads.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/commands.hpp"
#include "cmd/pool_ledger.hpp"
#include "data/rate.hpp"
#include "waterfall/turnover.hpp"

namespace tranchain {

namespace {

struct TurnoverOptions {
    LedgerOptions files;
    std::int64_t default_lag = 4, dilution_lag = 1;
    std::string by = "month";
};

Value share_or_blank(Money part, Money whole)
{
    return whole > zero ? percent_of_whole(part, whole) : Value();
}

/// amount x days / whole with two decimals, half-up: amount at most 10^15 fen and days at most 92, or
/// twice the one and a third of the other, so that even of one fen it fits 64 bits.
Value ratio_days(Int128 amount, Int128 days, Int128 whole)
{
    if (whole <= 0) return {};
    const std::int64_t n = divide_rounded(amount * days * 100, whole, Rounding::half_up);
    return Value::number(fmt::format("{}.{:02d}", n / 100, n % 100));
}

std::int64_t days_in_month(const TurnoverMonth& m)
{
    return m.first.end_of_month() - m.first + 1;
}

/// Days of sales outstanding: closing over the sales of three months, times their days.
Value sales_days(const std::vector<TurnoverMonth>& months, std::size_t k)
{
    if (k < 2 || !months[k - 2].whole) return {};
    Money sales;
    std::int64_t days = 0;
    for (std::size_t i = k - 2; i <= k; ++i) {
        sales += months[i].sales;
        days += days_in_month(months[i]);
    }
    return ratio_days(months[k].closing.in_fen(), days, sales.in_fen());
}

/// Sales of so many months before month `k`; zero if the ledger does not have them, or not all.
Money sold_before(const std::vector<TurnoverMonth>& months, std::size_t k, std::int64_t lag)
{
    const auto back = static_cast<std::size_t>(lag);
    return back <= k && months[k - back].whole ? months[k - back].sales : zero;
}

void add_turnover_months(Answer& answer, const std::vector<TurnoverMonth>& months, const TurnoverOptions& o)
{
    Table& table = answer.table("months", {{"month"},
                                           {"opening"},
                                           {"sales"},
                                           {"collections"},
                                           {"dilution"},
                                           {"writeoffs", "write-offs"},
                                           {"closing"},
                                           {"recoveries"},
                                           {"defaults"},
                                           {"days_sales", "DSO"},
                                           {"turnover_days", "turnover days"},
                                           {"payment_rate", "payment rate"},
                                           {"dilution_ratio", "dilution ratio"},
                                           {"default_ratio", "default ratio"},
                                           {"delinquency"}},
                                o.by == "month" ? "" : "Month by month");
    for (std::size_t k = 0; k < months.size(); ++k) {
        const TurnoverMonth& m = months[k];
        table.add({m.first.str().substr(0, 7), m.opening, m.sales, m.collections, m.dilution,
                   m.writeoffs, m.closing, m.recoveries, m.defaults, sales_days(months, k),
                   ratio_days(Int128{m.opening.in_fen()} + m.closing.in_fen(), days_in_month(m),
                              Int128{sold_before(months, k, 0).in_fen()} * 2),
                   share_or_blank(m.collections, m.opening),
                   share_or_blank(m.dilution, sold_before(months, k, o.dilution_lag)),
                   share_or_blank(m.defaults, sold_before(months, k, o.default_lag)),
                   share_or_blank(m.aged[3], m.closing)});
    }
}

/// Of fen of many months together, which Money may not hold: a share, and the amount.
Value share_of_months(std::int64_t part, std::int64_t whole)
{
    if (whole <= 0) return {};
    const std::int64_t share = divide_rounded(Int128{part} * 10000, Int128{whole}, Rounding::half_up);
    return Value::rate(fmt::format("{}.{:02d}%", share / 100, share % 100));
}

Value months_amount(std::int64_t fen)
{
    if (fen <= Money::max_fen) return Money::fen(fen);
    return Value::number(fmt::format("{}.{:02d}", fen / 100, fen % 100));
}

void add_rolls(Answer& answer, const Turnover& turnover)
{
    std::vector<Column> columns{{"from"}, {"balance"}};
    for (std::size_t b = 0; b < ageing_buckets; ++b) {
        static constexpr const char* keys[]{"to_0", "to_30", "to_60", "to_90", "to_120", "to_more"};
        columns.push_back({keys[b], trade_buckets[b].label});
    }
    columns.insert(columns.end(), {{"collected"}, {"diluted"}, {"written_off", "written off"}});
    Table& table = answer.table("rolls", columns, "What a month makes of each bucket");
    for (std::size_t b = 0; b < ageing_buckets; ++b) {
        const BucketRoll& roll = turnover.rolls[b];
        std::vector<Value> row{trade_buckets[b].label, months_amount(roll.balance)};
        const auto add = [&](std::int64_t part) {
            row.push_back(share_of_months(part, roll.balance));
        };
        for (const std::int64_t part : roll.to) add(part);
        for (const std::int64_t part : {roll.collected, roll.diluted, roll.written_off}) add(part);
        table.add(std::move(row));
    }
}

Chart turnover_chart(const std::vector<TurnoverMonth>& months, const std::string& currency)
{
    Chart chart{"turnover", {"Unpaid at the end of the month, by days past due", "月末未收余额（按逾期天数）"},
                Chart::Kind::bars};
    chart.money = true;
    chart.unit = chart_currency(currency);
    for (std::size_t b = 0; b < ageing_buckets; ++b) {
        static const Caption captions[]{{"not past due", "未逾期"},    {"1-30", "逾期1-30天"},
                                        {"31-60", "逾期31-60天"},      {"61-90", "逾期61-90天"},
                                        {"91-120", "逾期91-120天"},    {"over 120", "逾期120天以上"}};
        Chart::Series series{captions[b]};
        bool any = false;
        for (const TurnoverMonth& m : months) {
            series.values.emplace_back(chart_value(m.aged[b]));
            any = any || m.aged[b] > zero;
        }
        if (any) chart.series.push_back(std::move(series));
    }
    for (const TurnoverMonth& m : months) chart.points.push_back(m.first.str().substr(0, 7));
    return chart;
}

/// What the required reserve is taken from, and delinquency beside it; gaps as in the table.
Chart ratios_chart(const std::vector<TurnoverMonth>& months, const TurnoverOptions& o)
{
    Chart chart{"ratios", {"Dilution, default and delinquency by month", "各月摊薄率、违约率与逾期率"},
                Chart::Kind::lines};
    chart.unit = {"% of sales; of what is unpaid", "占销售额或未收余额 %"};
    chart.series = {{{"dilution ratio", "摊薄率"}, {}},
                    {{"default ratio", "违约率"}, {}},
                    {{"delinquency", "逾期率（61-90天）"}, {}}};
    for (std::size_t k = 0; k < months.size(); ++k) {
        const TurnoverMonth& m = months[k];
        chart.points.push_back(m.first.str().substr(0, 7));
        chart.series[0].values.push_back(chart_share(m.dilution, sold_before(months, k, o.dilution_lag)));
        chart.series[1].values.push_back(chart_share(m.defaults, sold_before(months, k, o.default_lag)));
        chart.series[2].values.push_back(chart_share(m.aged[3], m.closing));
    }
    std::erase_if(chart.series, [](const Chart::Series& s) {
        return std::none_of(s.values.begin(), s.values.end(), [](const auto& v) { return v.has_value(); });
    });
    return chart;
}

Outcome run_turnover(const TurnoverOptions& o, const Globals& globals, Output& out)
{
    for (const auto& [name, lag] : {std::pair{"--default-lag", o.default_lag}, {"--dilution-lag", o.dilution_lag}}) {
        if (lag < 0 || lag > 24) return Error{Code::usage, fmt::format("{}: {} is not 0 to 24", name, lag), {}, {}};
    }
    const auto ledger = open_ledger(o.files, globals);
    if (!ledger) return ledger.error();
    const Turnover turnover = turnover_of(*ledger, static_cast<std::int32_t>(o.files.default_days));
    if (turnover.months.empty()) {
        return Error{Code::invalid_input,
                     fmt::format("no month had ended by {}", ledger->observed.str()),
                     {o.files.ledger, 1, 0, 0},
                     "--as-of says to which day the ledger is complete"};
    }
    Answer answer("tranchain.pool.turnover/1");
    describe_ledger(answer, *ledger, o.files);
    // CSV is the table that stands first.
    if (o.by == "bucket") add_rolls(answer, turnover);
    add_turnover_months(answer, turnover.months, o);
    if (o.by == "month") add_rolls(answer, turnover);
    answer.chart(turnover_chart(turnover.months, ledger->currency));
    // A line needs two months.
    if (turnover.months.size() > 1) answer.chart(ratios_chart(turnover.months, o));
    add_ledger_inputs(answer, *ledger);
    answer.note(fmt::format("{} opens with nothing{}: what was sold before {} is not in the ledger.",
                            turnover.months.front().first.str().substr(0, 7),
                            turnover.months.front().whole ? "" : ", and no ratio is of its sales",
                            ledger->first.str()));
    const Date end = turnover.months.back().first.end_of_month();
    if (end < ledger->observed) {
        answer.note(fmt::format("Left out: the days after {}, for their month had not ended by {}.", end.str(),
                                ledger->observed.str()));
    }
    return out.write(answer);
}

} // namespace

void add_pool_turnover(Tree& tree)
{
    tree.add<TurnoverOptions>(
        "pool", "turnover", "a ledger month by month: balances, ratios, roll rates", run_turnover,
        [](Setup& s, TurnoverOptions& o) {
            bind_ledger(s, o.files);
            s.option("--by", o.by, "VIEW", "which table is first, and the CSV; month if left out")
                .choices({"month", "bucket"});
            s.option("--default-lag", o.default_lag, "N", "months from sale to default; 4");
            s.option("--dilution-lag", o.dilution_lag, "N", "months from sale to dilution; 1");
        });
}

} // namespace tranchain
