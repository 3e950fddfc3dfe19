// Charts of a run.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/run_charts.hpp"

#include <algorithm>
#include <utility>

namespace tranchain {

namespace {

Chart money_chart(const std::string& key, Caption title, Chart::Kind kind, const std::string& currency)
{
    Chart chart{key, std::move(title), kind};
    chart.money = true;
    chart.unit = chart_currency(currency);
    return chart;
}

Chart balances_chart(const Program& program, const Projection& p)
{
    Chart chart = money_chart("balances", {"Balance of each tranche", "各档证券余额"}, Chart::Kind::areas,
                              program.currency);
    chart.dated = true;
    chart.points.push_back(program.closing.str());
    for (const Tranche& t : program.tranches) {
        chart.series.push_back({{t.id, t.id}, {chart_value(t.face)}});
    }
    for (const Distribution& d : p.distributions) {
        chart.points.push_back(d.date.unadjusted.str());
        for (std::size_t i = 0; i < d.tranches.size(); ++i) {
            chart.series[i].values.emplace_back(chart_value(d.tranches[i].closing));
        }
    }
    return chart;
}

Chart payments_chart(const Program& program, const Projection& p)
{
    Chart chart = money_chart("payments", {"Payments of each distribution", "各期兑付金额"},
                              Chart::Kind::bars, program.currency);
    chart.dated = true;
    chart.series = {{{"fees", "税费"}, {}}, {{"interest", "利息"}, {}}};
    for (const Tranche& t : program.tranches) {
        chart.series.push_back({{"principal " + t.id, t.id + " 本金"}, {}});
    }
    chart.series.push_back({{"residual", "剩余收益"}, {}});
    for (const Distribution& d : p.distributions) {
        chart.points.push_back(d.date.unadjusted.str());
        Money fees;
        Money interest;
        Money residual;
        for (const FeeLine& fee : d.fees) fees += fee.paid + fee.above_cap_paid;
        for (std::size_t i = 0; i < d.tranches.size(); ++i) {
            const TrancheLine& t = d.tranches[i];
            interest += t.interest_paid;
            residual += t.residual_paid;
            chart.series[2 + i].values.emplace_back(chart_value(t.principal_paid));
        }
        chart.series[0].values.emplace_back(chart_value(fees));
        chart.series[1].values.emplace_back(chart_value(interest));
        chart.series.back().values.emplace_back(chart_value(residual));
    }
    return chart;
}

constexpr std::size_t longest_label = 32;  // a clause that pays several is shown by whom it pays

bool counts_days(const Trigger& t) { return t.clock == Trigger::Clock::consecutive_days; }

}  // namespace

Chart margin_chart(const std::string& trigger, const std::string& currency,
                   const std::vector<JudgedDay>& days)
{
    Chart chart = money_chart("margin", {"Trigger " + trigger, "触发条款 " + trigger}, Chart::Kind::steps,
                              currency);
    chart.dated = true;
    chart.right = {"days in a row", "连续天数"};
    chart.series = {{{"value", "实际值"}, {}},
                    {{"threshold", "阈值"}, {}},
                    {{"days in a row", "连续天数"}, {}, true}};
    for (const JudgedDay& d : days) {
        chart.points.push_back(d.date.str());
        chart.series[0].values.emplace_back(chart_value(d.value));
        chart.series[1].values.emplace_back(chart_value(d.threshold));
        chart.series[2].values.emplace_back(static_cast<double>(d.count));
    }
    return chart;
}

void add_run_charts(Answer& answer, const Program& program, const Projection& p)
{
    answer.chart(balances_chart(program, p));
    answer.chart(payments_chart(program, p));
    std::vector<JudgedDay> days;
    for (const ProjectionDay& d : p.days) {
        if (d.judged) days.push_back({d.date, d.value, d.threshold, d.count});
    }
    const auto daily = std::find_if(program.triggers.begin(), program.triggers.end(), counts_days);
    if (daily != program.triggers.end()) answer.chart(margin_chart(daily->id, program.currency, days));
}

void add_distribution_chart(Answer& answer, const Program& program, const Distribution& d)
{
    const std::string day = d.date.unadjusted.str();
    Chart chart = money_chart("waterfall", {"Distribution of " + day, day + " 收益分配"},
                              Chart::Kind::falls, program.currency);
    chart.series = {{{"from", "自"}, {}}, {{"own funds", "自有资金"}, {}}, {{"lent or drawn", "借入或支取"}, {}}};
    const auto bar = [&](const std::string& label, Money from, Money to, Money helped) {
        chart.points.push_back(label);
        chart.series[0].values.emplace_back(chart_value(from));
        chart.series[1].values.emplace_back(chart_value(to));
        chart.series[2].values.emplace_back(chart_value(from + helped));
    };
    std::string book;
    for (const Line& l : d.lines) {
        if (l.book != book) {
            book = l.book;
            const Money available = book == "principal" ? d.principal_available : d.income_available;
            bar("[" + book + "]", available, zero, zero);
        }
        const Money helped = l.lent + l.drawn + l.borrowed;
        const std::string& label = l.clause.size() > longest_label ? l.payee : l.clause;
        if (l.paid != zero) bar(label, l.left + l.paid - helped, l.left, helped);
    }
    answer.chart(std::move(chart));
}

}  // namespace tranchain
