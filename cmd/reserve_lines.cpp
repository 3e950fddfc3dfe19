// Reserve lines: each with the figures of its formula in place.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/reserve_lines.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/rate.hpp"
#include "data/text.hpp"
#include "waterfall/eligibility.hpp"
#include "waterfall/exact/net_pool.hpp"

namespace tranchain {

namespace {

std::string percent(Parts parts)
{
    return Rate::ppb(parts).str();
}

/// Parts as a plain number: 1.314285714.
std::string plain(Parts parts)
{
    std::string text = fmt::format("{}.{:09d}", parts / 1'000'000'000, parts % 1'000'000'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

void add_losses(ReserveLines& lines, const PoolReserve& r, const ReserveTerms& t)
{
    lines.add("loss_ratio", "highest three-month average default ratio", Value::rate(percent(r.loss_ratio)));
    lines.add("loss_horizon_ratio",
              fmt::format("sales of {} months / net balance", plain(t.loss_horizon)),
              Value::number(plain(r.loss_horizon)));
    lines.add(
        "loss_reserve",
        fmt::format("{} x {} x {}", plain(t.stress), percent(r.loss_ratio), plain(r.loss_horizon)),
        Value::rate(percent(r.loss)));
    lines.add("expected_dilution", "twelve-month average dilution ratio",
              Value::rate(percent(r.expected_dilution)));
    lines.add("dilution_spike", "highest dilution ratio", Value::rate(percent(r.spike)));
    lines.add(
        "dilution_volatility",
        fmt::format("({0} - {1}) x {0} / {1}", percent(r.spike), percent(r.expected_dilution)),
        Value::rate(percent(r.volatility)));
    lines.add("dilution_horizon_ratio",
              fmt::format("sales of {} months / net balance", plain(t.dilution_horizon)),
              Value::number(plain(r.dilution_horizon)));
    lines.add("dilution_reserve",
              fmt::format("{} x ({} x {} + {})", plain(r.dilution_horizon), plain(t.stress),
                          percent(r.expected_dilution), percent(r.volatility)),
              Value::rate(percent(r.dilution)));
}

/// What a limit of the command line or else those of the deal leave out of `groups`.
Result<Money> add_excess(ReserveLines& lines, const Program& deal, std::vector<Money> groups,
                         Money eligible, const NetTerms& terms)
{
    Money excess;
    std::string formula = "no limit is given";
    if (terms.limit) {
        const auto limit = Rate::parse(*terms.limit);
        if (!limit || limit->in_ppb() <= 0) {
            return fail(Code::usage, fmt::format("--limit: '{}' is not a share", *terms.limit), {},
                        "write it as 10%");
        }
        excess = excess_concentration(groups, limit->in_ppb(), eligible);
        formula = fmt::format("sum over groups of max(0, group - {} x eligible)", limit->str());
    } else if (!deal.limits.empty()) {
        std::vector<std::string> words;
        for (const Limit& limit : deal.limits) words.push_back(limit.clause.text);
        excess = excess_concentration(deal.limits, std::move(groups), eligible);
        formula = fmt::format("above the deal's limits of eligible: {}", join(words, ", "));
    }
    lines.add("excess_concentration", std::move(formula), excess);
    return excess;
}

} // namespace

void ReserveLines::add(const char* line, std::string formula, Value figure)
{
    rows_.push_back({line, std::move(figure), std::move(formula)});
}

void ReserveLines::add_to(Answer& answer) const
{
    Table& table = answer.table("lines", {{"line"}, {"figure"}, {"formula"}});
    for (const auto& row : rows_) table.add(row);
}

Result<Money> add_net_balance(ReserveLines& lines, const std::vector<Receivable>& tape,
                              const Program* deal, std::optional<Date> as_of, const NetTerms& terms)
{
    const Program no_criteria;
    const Program& program = deal != nullptr ? *deal : no_criteria;
    Money outstanding, eligible;
    GroupFaces faces;
    for (const Receivable& r : tape) {
        outstanding += r.current_balance;
        if (!rejections(program, r, as_of.value_or(r.snapshot_date)).empty()) continue;
        eligible += r.current_balance;
        faces[r.obligor_group] += r.current_balance;
    }
    lines.add("outstanding", "sum of the tape", outstanding);
    lines.add("eligible",
              deal != nullptr ? "rows that no criterion of the deal rejects" : "all: no deal is named",
              eligible);
    std::vector<Money> groups;
    for (const auto& [group, face] : faces) groups.push_back(face);
    TRANCHAIN_TRY(const Money excess, add_excess(lines, program, std::move(groups), eligible, terms));
    const Money deducted = terms.deduct.value_or(zero);
    if (terms.deduct) {
        lines.add("deducted", "unapplied cash, contra, deferred revenue: as given", deducted);
    }
    const Money balance = eligible - excess - deducted;
    lines.add("net_balance", "eligible - excess - deducted", balance);
    return balance;
}

void add_stress_factor(ReserveLines& lines, Parts stress, std::string origin)
{
    lines.add("stress_factor", std::move(origin), Value::number(plain(stress)));
}

void add_reserve(ReserveLines& lines, const PoolReserve& r, const ReserveTerms& t, Money balance)
{
    add_losses(lines, r, t);
    lines.add("dynamic_reserve", "loss reserve + dilution reserve", Value::rate(percent(r.dynamic)));
    lines.add("reserve_floor",
              fmt::format("{} + {} x {}", percent(t.concentration), percent(r.expected_dilution),
                          plain(r.dilution_horizon)),
              Value::rate(percent(r.floor)));
    lines.add("governs", "the higher of dynamic reserve and floor",
              r.dynamic > r.floor ? "dynamic" : "floor");
    lines.add(
        "days_sales_outstanding",
        fmt::format("{} / {} x {} days", balance.str(), r.quarter_sales.str(), r.quarter_days),
        Value::number(plain(r.days_sales)));
    lines.add("yield_reserve",
              fmt::format("{} x {} / 360 x ({} x {} + {})", plain(t.yield_factor),
                          plain(r.days_sales), plain(t.rate_factor), percent(t.rate),
                          percent(t.fees)),
              Value::rate(percent(r.yield)));
    lines.add("servicing_reserve",
              fmt::format("{} x {} x {} / 360", percent(t.servicing_fee), plain(t.servicing_factor),
                          plain(r.days_sales)),
              Value::rate(percent(r.servicing)));
    lines.add("required_reserve",
              fmt::format("{} + {} + {}", percent(std::max(r.dynamic, r.floor)), percent(r.yield),
                          percent(r.servicing)),
              Value::rate(percent(r.required)));
    lines.add("borrowing_base",
              fmt::format("{} x (1 - {}), down", balance.str(), percent(r.required)), r.fundable);
}

void add_reserve_chart(Answer& answer, const PoolReserve& r, const ReserveTerms& t)
{
    const auto in_percent = [](Parts parts) { return static_cast<double>(parts) / 1e7; };
    Chart chart{"reserve", {"Required reserve: dynamic and floor", "所需准备金：动态与下限"},
                Chart::Kind::bars};
    chart.unit = {"% of net balance", "占净应收账款余额 %"};
    chart.points = {"dynamic", "floor"};
    const auto part = [&](const char* en, const char* zh, Parts dynamic, Parts floor) {
        chart.series.push_back({{en, zh}, {in_percent(dynamic), in_percent(floor)}});
    };
    part("losses", "信用损失", r.loss, 0);
    part("dilution", "摊薄", r.dilution, r.floor - t.concentration);
    part("large obligors", "大额债务人", 0, t.concentration);
    part("yield", "收益", r.yield, r.yield);
    if (r.servicing > 0) part("servicing", "服务商替换", r.servicing, r.servicing);
    answer.chart(std::move(chart));
}

void add_reserve_months(Answer& answer, const PoolReserve& reserve)
{
    Table& months = answer.table("months", {{"month"},
                                            {"default_ratio", "default ratio"},
                                            {"three_months", "three-month average"},
                                            {"dilution_ratio", "dilution ratio"}});
    for (const PoolReserve::Month& m : reserve.months) {
        months.add({m.first.str().substr(0, 7), Value::rate(percent(m.default_ratio)),
                    m.three_months ? Value::rate(percent(*m.three_months)) : Value(),
                    Value::rate(percent(m.dilution_ratio))});
    }
}

} // namespace tranchain
