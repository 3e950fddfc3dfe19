// The annual paper: a calendar year of the plan.
//
// A distribution belongs to the year in which it left the bank, so that payments and cash agree;
// its cap belongs to the fee year in which its unadjusted date falls, as the terms say.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

/// Distributions that left the bank on days of the subject.
std::vector<const Json*> paid_in(const PaperSubject& s)
{
    std::vector<const Json*> out;
    for (const Json& d : s.deal.distributions) {
        const Date on = date_in(d, "paid_on");
        if (on >= s.from && on <= s.to) out.push_back(&d);
    }
    return out;
}

/// What came in and what left, by what it was for.
void cash_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const ReportDay* before = s.deal.before(s.from);
    const auto days = s.deal.between(s.from, s.to);
    const Money opening = (before ? before->book : s.deal.opening).balance(Account::bank);
    Money in, distributed, bought, other;
    for (const ReportDay* day : days) {
        for (const Posting& posting : day->journal) {
            for (const auto& [account, amount] : posting.entries) {
                if (account != Account::bank) continue;
                if (amount > zero)
                    in += amount;
                else if (posting.why.starts_with("distribution/"))
                    distributed -= amount;
                else if (posting.why.starts_with("purchase/"))
                    bought -= amount;
                else
                    other -= amount;
            }
        }
    }
    Table& t = answer.table("cash", {{"item", w("item", "项目")}, {"amount", w("amount", "金额")}},
                            w("cash at the bank", "资金收支情况"));
    t.add({w("opening", "期初余额"), opening});
    t.add({w("+ received", "加: 收入"), in});
    t.add({w("- distributed", "减: 分配支出"), -distributed});
    t.add({w("- paid for receivables", "减: 循环购买支出"), -bought});
    t.add({w("- other", "减: 其他支出"), -other});
    t.add({w("closing", "期末余额"),
           days.empty() ? opening : days.back()->book.balance(Account::bank)});
}

void year_tranches_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("tranches",
                            {{"tranche", w("tranche", "证券")},
                             {"rating", w("rating at closing", "设立时评级")},
                             {"opening", w("opening principal", "期初本金")},
                             {"interest_paid", w("interest paid", "实付收益")},
                             {"principal_paid", w("principal paid", "实付本金")},
                             {"residual_paid", w("residual paid", "实付剩余收益")},
                             {"arrears", w("interest unpaid", "欠付收益")},
                             {"closing", w("closing principal", "期末本金")}},
                            w("payments per tranche", "各档证券兑付情况"));
    for (std::size_t i = 0; i < s.deal.program.tranches.size(); ++i) {
        const Tranche& tranche = s.deal.program.tranches[i];
        Money opening = tranche.face, closing = tranche.face, interest, principal, residual,
              arrears;
        for (const Json& d : s.deal.distributions) {
            const Json& line = list_in(d, "tranches")[i];
            const Date on = date_in(d, "paid_on");
            if (on > s.to) break;
            closing = money_in(line, "closing");
            arrears = money_in(line, "arrears");
            if (on < s.from)
                opening = closing;
            else {
                interest += money_in(line, "interest_paid");
                principal += money_in(line, "principal_paid");
                residual += money_in(line, "residual_paid");
            }
        }
        t.add(
            {tranche.id, tranche.rating, opening, interest, principal, residual, arrears, closing});
    }
}

void year_distributions_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("distributions",
                            {{"payment_date", w("payment date", "兑付日")},
                             {"paid_on", w("paid on", "实际划款日")},
                             {"priority", w("priority of payments", "分配顺序")},
                             {"total", w("leaves the bank", "划出总额")}},
                            w("distributions", "历次分配"));
    for (const Json* d : paid_in(s))
        t.add({date_in(*d, "date"), date_in(*d, "paid_on"), phase_words(text_in(*d, "priority"), w),
               money_in(*d, "total")});
}

void fees_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("fees",
                            {{"fee", w("fee", "费用")},
                             {"accrued", w("accrued", "本年计提")},
                             {"paid", w("paid", "本年实付")},
                             {"above_cap_paid", w("paid above its cap", "实付超限部分")},
                             {"unpaid", w("still due", "期末未付")}},
                            w("fees", "费用"));
    const auto distributions = paid_in(s);
    for (std::size_t i = 0; i < s.deal.program.fees.size(); ++i) {
        Money accrued, paid, above, unpaid;
        for (const Json* d : distributions) {
            const Json& line = list_in(*d, "fees")[i];
            accrued += money_in(line, "accrued");
            paid += money_in(line, "paid");
            above += money_in(line, "above_cap_paid");
            unpaid = money_in(line, "carried") + money_in(line, "above_cap");
        }
        t.add({s.deal.program.fees[i].id, accrued, paid, above, unpaid});
    }
}

struct YearCap {
    std::vector<std::string> fees;
    Money cap;
    bool operator==(const YearCap&) const = default;
};

void add_caps(const std::vector<Step>& steps, std::vector<YearCap>& out)
{
    for (const Step& step : steps) {
        add_caps(step.otherwise, out);
        if (!step.cap_per_year) continue;
        const YearCap cap{step.payees, *step.cap_per_year};
        if (std::find(out.begin(), out.end(), cap) == out.end()) out.push_back(cap);
    }
}

/// Each cap in each fee year that had a distribution in the days of the subject.
void caps_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    std::vector<YearCap> caps;
    for (const auto& [phase, priority] : s.deal.program.priorities)
        for (const auto* steps : {&priority.income, &priority.principal, &priority.all})
            add_caps(*steps, caps);
    if (caps.empty()) return;
    Table& t = answer.table("caps",
                            {{"fees", w("fees", "费用")},
                             {"year_from", w("fee year from", "费用年度起日")},
                             {"cap", w("cap", "年度上限")},
                             {"paid", w("paid within it", "上限内已付")},
                             {"left", w("left", "剩余额度")}},
                            w("fees against their caps", "费用与优先支出上限"));
    const Date closing = s.deal.program.closing;
    for (const YearCap& cap : caps) {
        for (int year = 0; closing.plus_months(12 * year) <= s.to; ++year) {
            const Date first = closing.plus_months(12 * year),
                       next = closing.plus_months(12 * year + 12);
            Money paid;
            bool seen = false;
            for (const Json& d : s.deal.distributions) {
                const Date named = date_in(d, "date"), on = date_in(d, "paid_on");
                if (named < first || named >= next || on > s.to) continue;
                seen = seen || on >= s.from;
                for (const Json& line : list_in(d, "fees"))
                    if (std::find(cap.fees.begin(), cap.fees.end(), text_in(line, "id")) !=
                        cap.fees.end())
                        paid += money_in(line, "paid");
            }
            if (seen) t.add({join(cap.fees, ", "), first, cap.cap, paid, cap.cap - paid});
        }
    }
}

void events_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    std::vector<std::pair<Date, std::vector<Value>>> events;
    const auto add = [&](Date date, const char* what, const std::string& about) {
        if (date >= s.from && date <= s.to) events.push_back({date, {date, what, about}});
    };
    for (const ReportEffect& e : s.deal.effects)
        add(e.date, w("trigger took effect", "触发事件生效"),
            s.deal.program.triggers[e.trigger].id);
    for (const auto& [date, group] : s.deal.insolvent)
        add(date, w("obligor group insolvent", "债务人集团破产"), group);
    for (const Json& d : s.deal.distributions)
        for (const Json& demand : list_in(d, "support"))
            add(date_in(d, "calculation"), w("demand on the supporter", "差额支付通知"),
                fmt::format("{} {}", text_in(demand, "covers"),
                            money_in(demand, "amount").grouped()));
    std::stable_sort(events.begin(), events.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Table& t = answer.table(
        "events",
        {{"date", w("date", "日期")}, {"event", w("event", "事项")}, {"about", w("about", "内容")}},
        w("events", "重大事项"));
    for (auto& [date, row] : events) t.add(std::move(row));
}

} // namespace

void annual_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    answer.title(fmt::format("{} {} {}", s.deal.program.name, s.to.year(),
                             w("annual report", "年度资产管理报告")));
    answer.field("plan", w("plan", "专项计划"), s.deal.program.name)
        .field("currency", w("currency", "币种"), s.deal.program.currency)
        .field("year", w("year", "年度"), s.to.year())
        .field("from", w("from", "起日"), s.from)
        .field("to", w("to the end of", "止日(日终)"), s.to);
    pool_table(s, w, answer);
    collections_table(s, w, answer);
    cash_table(s, w, answer);
    accounts_table(s, w, answer);
    year_tranches_table(s, w, answer);
    year_distributions_table(s, w, answer);
    fees_table(s, w, answer);
    caps_table(s, w, answer);
    triggers_table(s, w, answer);
    events_table(s, w, answer);
}

} // namespace tranchain
