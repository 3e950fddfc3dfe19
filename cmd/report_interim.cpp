// The interim paper: facts on which the rules ask for a report at once.
//
// Asset-backed plans report within days when they do not pay as agreed, when assets are lost for
// more than 10% of the outstanding principal, when expected cash falls by 20% or more, when a
// credit event or a change of parties happens, and on ratings and litigation (SSE guide No. 5 of
// 2024, chapter on interim reports). What the chain holds is computed; the rest is named as not on
// it. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t loss_percent = 10, cash_percent = 20;

/// part / whole against `percent`; `reached` asks for that much, else for more.
bool passes(Money part, Money whole, std::int64_t percent, bool reached)
{
    const Int128 left = Int128{part.in_fen()} * 100, right = Int128{whole.in_fen()} * percent;
    return part > zero && (reached ? left >= right : left > right);
}

struct Fact {
    Money part, whole;         ///< at the last day
    std::optional<Date> since; ///< the first day on which a report was due
    bool due = false;          ///< on the last day
};

/// Net cost lost since closing, of the principal outstanding that day.
Fact loss_fact(const std::vector<const ReportDay*>& days)
{
    Fact f;
    for (const ReportDay* day : days) {
        f.part = day->totals.losses_to_date - day->totals.recovered_to_date;
        f.whole = day->outstanding;
        f.due = passes(f.part, f.whole, loss_percent, false);
        if (f.due && !f.since) f.since = day->date;
    }
    return f;
}

/// The day after the last calculation date that a distribution was made of, or closing.
Date period_start(const PaperSubject& s)
{
    Date start = s.deal.program.closing;
    for (const Json& d : s.deal.distributions)
        if (const Date calculated = date_in(d, "calculation"); calculated < s.to)
            start = std::max(start, calculated + 1);
    return start;
}

/// Every live receivable is to bring its unpaid face, so what the pool is expected to bring is its
/// balance. Of that at the period's beginning and what was bought since: what default and dilution
/// took.
Fact cash_fact(const PaperSubject& s)
{
    const Date start = period_start(s);
    const ReportDay* before = s.deal.before(start);
    Fact f;
    f.whole = before ? before->totals.pool_balance : s.deal.opening_pool;
    for (const ReportDay* day : s.deal.between(start, s.to)) {
        for (const DaySheet::Bought& b : day->sheet.bought) f.whole += b.face;
        f.part += day->sheet.defaulted_face + day->sheet.diluted;
        f.due = passes(f.part, f.whole, cash_percent, true);
        if (f.due && !f.since) f.since = day->date;
    }
    return f;
}

/// What distributions ordered by then and the bank has not paid at the end of a day.
struct Unpaid {
    Money all, interest; ///< what lacks is interest first
};
Unpaid not_left(const ReportDeal& deal, const ReportDay& day)
{
    Unpaid out;
    for (const Json& d : deal.distributions) {
        const auto open = day.payables.find(distribution_reference(date_in(d, "date")));
        if (open == day.payables.end()) continue;
        Money interest;
        for (const Json& line : list_in(d, "tranches")) interest += money_in(line, "interest_paid");
        out.all += open->second;
        out.interest += min(open->second, interest);
    }
    return out;
}

/// Interest unpaid after the last distribution, and what the bank has not paid of those whose day is
/// over.
Fact unpaid_fact(const PaperSubject& s)
{
    Fact f;
    auto next = s.deal.distributions.begin();
    Money arrears;
    for (const ReportDay* day : s.deal.between(s.deal.program.closing, s.to)) {
        for (; next != s.deal.distributions.end() && date_in(*next, "paid_on") <= day->date; ++next) {
            arrears = f.whole = zero;
            for (const Json& line : list_in(*next, "tranches")) {
                arrears += money_in(line, "arrears");
                f.whole += money_in(line, "arrears") + money_in(line, "interest_paid");
            }
        }
        const Unpaid unpaid = not_left(s.deal, *day);
        f.part = arrears + unpaid.interest;
        f.due = f.part > zero || unpaid.all > zero;
        if (!f.due)
            f.since.reset();
        else if (!f.since)
            f.since = day->date;
    }
    return f;
}

class FactTable {
public:
    explicit FactTable(const PaperWords& w) : w_(w) {}
    void measured(const char* fact, const char* rule, const Fact& f)
    {
        rows_.push_back({fact, rule, f.part, f.whole,
                         f.whole == zero ? Value("") : cumulative_percent(f.part, f.whole),
                         f.since ? Value(*f.since) : Value(""), yes_or_no(f.due)});
        any_ = any_ || f.due;
    }
    void counted(const char* fact, const char* rule, std::size_t n, std::optional<Date> since)
    {
        rows_.push_back({fact, rule, n, Value(""), Value(""), since ? Value(*since) : Value(""),
                         yes_or_no(n > 0)});
        any_ = any_ || n > 0;
    }
    void unknown(const char* fact, const char* rule)
    {
        rows_.push_back({fact, rule, Value(""), Value(""), Value(""), Value(""),
                         w_("not on the chain", "链上无此信息")});
    }
    void write(Answer& answer)
    {
        answer.data("due", any_)
            .field("answer", w_("an interim report is due", "是否应出具临时报告"), yes_or_no(any_));
        Table& t = answer.table("facts",
                                {{"fact", w_("fact", "事项")},
                                 {"rule", w_("a report is due", "应报告情形")},
                                 {"measured", w_("measured", "实际值")},
                                 {"of", w_("of", "基数")},
                                 {"share", w_("share", "占比")},
                                 {"since", w_("since", "起始日")},
                                 {"due", w_("due", "是否应报告")}},
                                w_("facts", "事项核查"));
        for (std::vector<Value>& row : rows_) t.add(std::move(row));
    }

private:
    [[nodiscard]] const char* yes_or_no(bool due) const
    {
        return due ? w_("yes", "是") : w_("no", "否");
    }
    const PaperWords& w_;
    std::vector<std::vector<Value>> rows_;
    bool any_ = false;
};

/// Blocks from which another set of members votes, up to the one that closed the last day.
std::size_t changed_sets(const PaperSubject& s)
{
    std::size_t n = 0;
    const auto& states = s.chain.members.all();
    const std::int64_t last = s.deal.closed_in(s.to);
    for (std::size_t i = 1; i < states.size() && states[i].first <= last; ++i)
        if (!(states[i].second.members == states[i - 1].second.members)) ++n;
    return n;
}

void events_facts(const PaperSubject& s, const PaperWords& w, FactTable& facts)
{
    std::optional<Date> effect, insolvency;
    std::size_t effects = 0, groups = 0;
    for (const ReportEffect& e : s.deal.effects) {
        if (e.date > s.to) continue;
        ++effects;
        if (!effect) effect = e.date;
    }
    for (const auto& [date, group] : s.deal.insolvent) {
        if (date > s.to) continue;
        ++groups;
        if (!insolvency) insolvency = date;
    }
    facts.counted(w("triggers that took effect", "触发事件生效"), w("any", "任一发生"), effects,
                  effect);
    facts.counted(w("obligor groups insolvent", "债务人集团破产"), w("any", "任一发生"), groups,
                  insolvency);
    facts.counted(w("changes of the members of the alliance", "联盟成员变更"), w("any", "任一发生"),
                  changed_sets(s), {});
}

} // namespace

void interim_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    answer.title(fmt::format("{} {}", s.deal.program.name, w("interim report", "临时报告")));
    answer.field("plan", w("plan", "专项计划"), s.deal.program.name)
        .field("currency", w("currency", "币种"), s.deal.program.currency)
        .field("as_of", w("as of the end of", "截至日(日终)"), s.to)
        .field("period_from", w("expected cash is watched from", "现金流监测起日"),
               period_start(s));
    FactTable facts(w);
    facts.measured(w("interest not paid as agreed", "未按约定支付收益"), w("any", "任一发生"),
                   unpaid_fact(s));
    facts.measured(w("net loss of assets, of outstanding principal", "资产净损失占未偿本金"),
                   w("more than 10%", "超过10%"), loss_fact(s.deal.between(s.from, s.to)));
    facts.measured(w("expected cash lost since the last calculation date, of what was expected",
                     "上一计算日以来预期现金流减少占比"),
                   w("20% or more", "20%及以上"), cash_fact(s));
    events_facts(s, w, facts);
    facts.unknown(w("rating changed", "信用评级调整"), w("any", "任一发生"));
    facts.unknown(w("litigation, assets frozen or attached", "诉讼、资产冻结或查封"),
                  w("any", "任一发生"));
    facts.unknown(w("a party breaks its contract, or is replaced without leaving the alliance",
                    "参与机构违约或在联盟外变更"),
                  w("any", "任一发生"));
    facts.write(answer);
}

} // namespace tranchain
