// The annual paper: a calendar year of the plan.
//
// A distribution belongs to the year in which it left the bank, so that payments and cash agree; what
// was ordered and not paid is still owed. Its cap belongs to the fee year in which its unadjusted date
// falls, as the terms say.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

/// A distribution ordered up to the end of the subject.
struct Ordered {
    const Json* part;
    std::optional<Date> left; ///< the bank, by then
    [[nodiscard]] bool paid_before(Date day) const { return left && *left < day; }
    [[nodiscard]] bool paid_in(const PaperSubject& s) const { return left && *left >= s.from; }
};

std::vector<Ordered> ordered_by(const PaperSubject& s)
{
    std::vector<Ordered> out;
    for (const Json& d : s.deal.distributions) {
        if (date_in(d, "paid_on") > s.to) break;
        out.push_back({&d, s.deal.left_bank(d, s.to)});
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
    const Money not_borne = days.empty() ? zero : days.back()->not_borne();
    if (not_borne == zero) return;
    t.add({w("- paid by the bank and not yet borne", "减: 银行已付尚未入账"), -not_borne});
    t.add({w("held by the bank", "银行实际余额"), days.back()->bank});
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
    const auto ordered = ordered_by(s);
    for (std::size_t i = 0; i < s.deal.program.tranches.size(); ++i) {
        const Tranche& tranche = s.deal.program.tranches[i];
        Money opening = tranche.face, closing = tranche.face, interest, principal, residual,
              arrears, opening_open, closing_open, interest_open;
        for (const Ordered& d : ordered) {
            const Json& line = list_in(*d.part, "tranches")[i];
            const Money repaid = money_in(line, "principal_paid");
            const bool before = date_in(*d.part, "paid_on") < s.from;
            // A line takes off what is ordered; until the bank has paid it, it is owed.
            closing = money_in(line, "closing");
            arrears = money_in(line, "arrears");
            if (before) opening = closing;
            if (before && !d.paid_before(s.from)) opening_open += repaid;
            if (!d.left) closing_open += repaid;
            if (!d.left) interest_open += money_in(line, "interest_paid");
            if (!d.paid_in(s)) continue;
            interest += money_in(line, "interest_paid");
            principal += repaid;
            residual += money_in(line, "residual_paid");
        }
        opening += opening_open;
        closing += closing_open;
        arrears += interest_open;
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
    for (const Ordered& d : ordered_by(s)) {
        if (d.paid_before(s.from)) continue;
        t.add({date_in(*d.part, "date"), left_bank_words(s, *d.part, s.to, w),
               phase_words(text_in(*d.part, "priority"), w), money_in(*d.part, "total")});
    }
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
    const auto ordered = ordered_by(s);
    for (std::size_t i = 0; i < s.deal.program.fees.size(); ++i) {
        Money accrued, paid, above, unpaid, open;
        for (const Ordered& d : ordered) {
            const Json& line = list_in(*d.part, "fees")[i];
            unpaid = money_in(line, "carried") + money_in(line, "above_cap");
            if (!d.left) open += money_in(line, "paid") + money_in(line, "above_cap_paid");
            if (date_in(*d.part, "paid_on") >= s.from) accrued += money_in(line, "accrued");
            if (!d.paid_in(s)) continue;
            paid += money_in(line, "paid");
            above += money_in(line, "above_cap_paid");
        }
        unpaid += open;
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
            for (std::size_t k = 0; k < s.deal.distributions.size(); ++k) {
                const Json& d = s.deal.distributions[k];
                const Date named = date_in(d, "date"), on = date_in(d, "paid_on");
                if (named < first || named >= next || on > s.to) continue;
                seen = seen || on >= s.from;
                // What a priority without the cap pays does not count against it.
                paid = zero;
                for (const std::string& id : cap.fees)
                    paid += s.deal.fees_after[k]
                                .at(static_cast<std::size_t>(fee_index(s.deal.program, id)))
                                .paid_in_year;
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
