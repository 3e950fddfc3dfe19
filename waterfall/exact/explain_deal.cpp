// A whole program as plain sentences, section by section.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "data/text.hpp"
#include "waterfall/exact/explain.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/timetable.hpp"

namespace tranchain {

namespace {

class Explainer {
public:
    Explainer(const Program& program, Language language)
        : p_(program), l_(language), en_(language == Language::english)
    {
    }

    std::vector<Explanation> explain_all()
    {
        deal();
        for (const Tranche& t : p_.tranches) tranche(t);
        for (const ValueTable& t : p_.tables) {
            section_ = en_ ? "Tables" : "数值表";
            say(t.clause.number, en_ ? fmt::format("'{}' is {}", t.id, t.clause.text)
                                     : fmt::format("“{}”：{}", t.id, t.clause.text));
        }
        for (const Reserve& r : p_.reserves) reserve(r);
        for (const Facility& f : p_.facilities) {
            section_ = en_ ? "Facilities" : "流动性额度";
            say(f.clause.number, explain(f, p_, l_));
        }
        for (const Fee& f : p_.fees) fee(f);
        purchases();
        dates();
        section_ = en_ ? "Triggers" : "触发事件";
        for (const Trigger& t : p_.triggers) say(t.clause.number, explain(t, p_, l_));
        for (const auto& [phase, priority] : p_.priorities) this->priority(phase, priority);
        timetable();
        if (p_.support) support(*p_.support);
        sources();
        return std::move(out_);
    }

private:
    void say(const std::string& number, std::string sentence)
    {
        if (en_ && !sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z') {
            sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
        }
        sentence += en_ ? "." : "。";
        out_.push_back({section_, number, std::move(sentence)});
    }
    std::string amount(Money money) const { return p_.currency + " " + money.grouped(); }
    std::string measure(Measure m) const
    {
        Expr e;
        e.kind = Expr::Kind::measure;
        e.measure = m;
        return explain(e, p_, l_);
    }

    void deal()
    {
        section_ = en_ ? "Deal" : "计划";
        if (p_.tranches.empty()) {
            say("deal", en_ ? fmt::format("'{}' judges triggers only; it has no notes", p_.id)
                            : fmt::format("“{}”仅判断触发事件，无证券", p_.id));
            return;
        }
        say("deal",
            en_ ? fmt::format("'{}' closes on {}, is expected to be repaid by {} and must be by {}",
                              p_.name, p_.closing.str(), p_.expected_maturity.str(),
                              p_.legal_final.str())
                : fmt::format("“{}”于{}设立，预期到期日{}，法定到期日{}", p_.name, p_.closing.str(),
                              p_.expected_maturity.str(), p_.legal_final.str()));
        if (p_.revolving_until >= p_.closing) {
            say("schedule.revolving",
                en_ ? fmt::format("receivables may be bought until {}, that day included",
                                  p_.revolving_until.str())
                    : fmt::format("循环购买截至{}（含）", p_.revolving_until.str()));
        }
        say("deal.rounding",
            en_ ? fmt::format(
                      "amounts are rounded to two decimals {}; payments per unit of {} to {} "
                      "decimals, {}",
                      rounding(p_.amount_rounding), amount(p_.unit), p_.per_unit_places,
                      rounding(p_.per_unit_rounding))
                : fmt::format("金额{}至分；每份（{}）金额{}至{}位小数",
                              rounding(p_.amount_rounding), amount(p_.unit),
                              rounding(p_.per_unit_rounding), p_.per_unit_places));
    }

    std::string_view rounding(Rounding r) const
    {
        switch (r) {
        case Rounding::half_up:
            return en_ ? "with halves up" : "四舍五入";
        case Rounding::half_even:
            return en_ ? "with halves to even" : "银行家舍入";
        case Rounding::down:
            return en_ ? "downwards" : "向下舍入";
        case Rounding::up:
            return en_ ? "upwards" : "向上舍入";
        case Rounding::truncate:
            return en_ ? "by cutting after each product" : "每次乘除后截断";
        }
        return "";
    }

    void tranche(const Tranche& t)
    {
        section_ = en_ ? "Notes" : "证券";
        const std::string_view days = name_of(t.day_count);
        const std::string interest =
            t.coupon_rule
                ? (en_ ? fmt::format(
                             "bears simple interest a year ({}) at a rate fixed on the first "
                             "day of each period: {}",
                             days, explain(*t.coupon_rule, p_, l_))
                       : fmt::format("单利（{}），年利率于每一计息期首日确定：{}", days,
                                     explain(*t.coupon_rule, p_, l_)))
            : t.coupon
                ? (en_ ? fmt::format("bears {} simple interest a year ({})", t.coupon->str(), days)
                       : fmt::format("年利率{}，单利（{}）", t.coupon->str(), days))
                : std::string(en_ ? "bears no coupon and takes what is left"
                                  : "无票面利率，取得剩余收益");
        const std::string late = !t.deferred ? ""
                                 : en_
                                     ? fmt::format("; unpaid interest bears {}", t.deferred->str())
                                     : fmt::format("；未付利息按{}计息", t.deferred->str());
        say("tranche." + t.id,
            en_ ? fmt::format("tranche {}, rank {}{}, has a face of {} in {} units and {}", t.id,
                              t.rank, t.rating.empty() ? "" : ", rated " + t.rating, amount(t.face),
                              t.face.in_fen() / p_.unit.in_fen(), interest + late + explain_terms(t, p_, l_))
                : fmt::format("{}，顺位{}{}，面值{}，共{}份，{}", t.id, t.rank,
                              t.rating.empty() ? "" : "，评级" + t.rating, amount(t.face),
                              t.face.in_fen() / p_.unit.in_fen(), interest + late + explain_terms(t, p_, l_)));
    }

    void reserve(const Reserve& r)
    {
        section_ = en_ ? "Reserves" : "储备金";
        const std::string target = explain(r.target, p_, l_);
        const std::string opening =
            r.opening == zero ? "" : en_ ? "; it opens with " + amount(r.opening)
                                         : "；设立时存入" + amount(r.opening);
        say(r.clause.number,
            en_ ? fmt::format("'{}' holds cash up to its target, {}{}; an event of default merges "
                              "it with the ledgers",
                              r.id, target, opening)
                : fmt::format("“{}”：目标金额为{}{}；违约事件发生时并入本金科目", r.id, target,
                              opening));
    }

    std::string base(const Fee& f) const
    {
        return f.formula ? explain(*f.formula, p_, l_) : measure(f.base);
    }
    std::string days(const std::vector<Date>& dates) const
    {
        if (dates.size() == 1) return dates.front().str();
        return en_ ? fmt::format("each of {} days, {} to {}", dates.size(), dates.front().str(),
                                 dates.back().str())
                   : fmt::format("{}至{}共{}日", dates.front().str(), dates.back().str(),
                                 dates.size());
    }

    void fee(const Fee& f)
    {
        section_ = en_ ? "Fees and tax" : "税费";
        std::string text;
        switch (f.kind) {
        case Fee::Kind::flat_rate:
            text = en_ ? fmt::format("'{}' is {} of {}", f.id, f.rate.str(), base(f))
                       : fmt::format("{}：{}的{}", f.id, base(f), f.rate.str());
            break;
        case Fee::Kind::annual_rate:
            text = en_ ? fmt::format(
                             "'{}' accrues each day at {} a year on {} at the start of that day",
                             f.id, f.rate.str(), base(f))
                       : fmt::format("{}：按日初{}以年费率{}逐日计提", f.id, base(f),
                                     f.rate.str());
            break;
        case Fee::Kind::annual_amount:
            text =
                en_ ? fmt::format("'{}' accrues {} a year, a 365th of it each day", f.id,
                                  amount(f.amount))
                    : fmt::format("{}：每年{}，每日计提三百六十五分之一", f.id, amount(f.amount));
            break;
        case Fee::Kind::each_payment:
            text = en_ ? fmt::format("'{}' is {} on every payment date", f.id, base(f))
                       : fmt::format("{}：每一兑付日{}", f.id, base(f));
            break;
        case Fee::Kind::on_dates:
            text = en_ ? fmt::format("'{}' is {} on {}, and is due at the first payment date from "
                                     "then on",
                                     f.id, base(f), days(f.dates))
                       : fmt::format("{}：{}各{}，于其后首个兑付日支付", f.id, days(f.dates),
                                     base(f));
            break;
        case Fee::Kind::target:
            text = en_ ? fmt::format("'{}' is what all paid on it so far lacks of {}", f.id, base(f))
                       : fmt::format("{}：累计应付{}减已付金额", f.id, base(f));
            break;
        }
        say(f.clause.number, text);
    }

    void purchases()
    {
        section_ = en_ ? "Purchases" : "循环购买";
        if (p_.purchase) {
            say(p_.purchase->clause.number, explain(*p_.purchase, p_, l_));
        }
        for (const Criterion& c : p_.criteria) say(c.clause.number, criterion(c));
        for (const Limit& l : p_.limits) say(l.clause.number, limit(l));
    }

    std::string criterion(const Criterion& c) const
    {
        switch (c.kind) {
        case Criterion::Kind::tenor_at_most:
            return en_ ? fmt::format("on the purchase day it falls due within {} days", c.days)
                       : fmt::format("购买日至到期日不超过{}日", c.days);
        case Criterion::Kind::due_at_latest:
            return en_ ? fmt::format("it falls due on {} at the latest", c.date.str())
                       : fmt::format("到期日不晚于{}", c.date.str());
        case Criterion::Kind::not_past_due:
            return en_ ? "it is not past due on the purchase day" : "购买日未逾期";
        case Criterion::Kind::obligor_solvent:
            return en_ ? "its obligor is not recorded as insolvent"
                       : "债务人未被记录为丧失清偿能力";
        case Criterion::Kind::confirmed:
            return en_ ? "the obligor has confirmed it in some form" : "债务人已以某种形式确认";
        case Criterion::Kind::yield_at_least:
            return en_ ? fmt::format("at its price it earns at least {} a year, simple, from "
                                     "settlement to its due date",
                                     c.rate.str())
                       : fmt::format("按购买价格计算自交割日至到期日的单利年化收益率不低于{}",
                                     c.rate.str());
        case Criterion::Kind::undisputed:
            return en_ ? "it is not in dispute" : "不存在商业纠纷";
        }
        return {};
    }

    std::string limit(const Limit& l) const
    {
        if (l.each) {
            return en_ ? fmt::format(
                             "after a purchase no obligor group holds more than {} of the pool "
                             "balance plus cash in the principal ledger",
                             l.share.str())
                       : fmt::format("购买后任一债务人集团占资产池余额加本金科目现金不超过{}",
                                     l.share.str());
        }
        return en_ ? fmt::format(
                         "after a purchase the {} largest obligor groups together hold no more "
                         "than {} of the pool balance plus cash in the principal ledger",
                         l.count, l.share.str())
                   : fmt::format("购买后前{}大债务人集团合计占资产池余额加本金科目现金不超过{}",
                                 l.count, l.share.str());
    }

    void dates()
    {
        section_ = en_ ? "Payment dates" : "兑付日";
        list("schedule.revolving", p_.revolving_dates, en_ ? "while revolving" : "循环期内");
        list("schedule.monthly", p_.monthly_dates,
             en_ ? "in amortization, accelerated amortization and default"
                 : "摊还、加速清偿及违约后");
    }

    void
    list(const std::string& number, const std::vector<PaymentDate>& all, const std::string& when)
    {
        if (all.empty()) return;
        std::vector<std::string> rolled;
        std::size_t provisional = 0;
        for (const PaymentDate& d : all) {
            if (d.provisional) ++provisional;
            if (d.adjusted == d.unadjusted) continue;
            rolled.push_back(
                en_ ? fmt::format("{} is paid on {}", d.unadjusted.str(), d.adjusted.str())
                    : fmt::format("{}顺延至{}", d.unadjusted.str(), d.adjusted.str()));
        }
        std::string text =
            en_ ? fmt::format("{} there are {} payment dates, {} to {}, each calculated "
                              "at the end of the month before",
                              when, all.size(), all.front().unadjusted.str(),
                              all.back().unadjusted.str())
                : fmt::format("{}共{}个兑付日，{}至{}，计算日为上月最后一日", when, all.size(),
                              all.front().unadjusted.str(), all.back().unadjusted.str());
        if (!rolled.empty()) text += (en_ ? "; " : "；") + join(rolled, en_ ? ", " : "，");
        if (provisional > 0) {
            text += en_ ? fmt::format("; {} are provisional", provisional)
                        : fmt::format("；其中{}个为暂定", provisional);
        }
        say(number, text);
    }

    void priority(Phase phase, const Priority& priority)
    {
        static const std::map<Phase, std::pair<const char*, const char*>> titles{
            {Phase::revolving, {"while revolving", "循环期"}},
            {Phase::amortization, {"in amortization", "摊还期"}},
            {Phase::accelerated, {"in accelerated amortization", "加速清偿期"}},
            {Phase::defaulted, {"after default", "违约后"}},
            {Phase::enforcement, {"in enforcement", "处置执行期"}}};
        const auto title = titles.at(phase);
        const auto lines = [&](const std::vector<Step>& steps, const char* english,
                               const char* chinese) {
            section_ = en_ ? fmt::format("Priority of {} {}", english, title.first)
                           : fmt::format("{}{}分配顺序", title.second, chinese);
            for (const Step& step : steps) say(step.clause.number, explain(step, p_, l_));
        };
        lines(priority.income, "income", "收入");
        lines(priority.principal, "principal", "本金");
        lines(priority.all, "all funds", "全部资金");
    }

    void timetable()
    {
        section_ = en_ ? "Timetable" : "时间表";
        static constexpr const char* chinese[]{"资产服务机构转付", "托管报告",     "资产服务报告",
                                               "分配指令",         "收益分配报告", "资金划付",
                                               "权益登记日"};
        for (const Milestone& m : p_.timetable) {
            const auto kind = static_cast<std::size_t>(m.kind);
            const auto base =
                en_ ? (m.before_payment ? "before the payment" : "after the calculation date")
                    : (m.before_payment ? "兑付日前" : "核算日后");
            say(m.clause.number,
                en_ ? fmt::format("{} falls {} {} {} {}", milestone_words(m.kind), m.days,
                                  m.calendar, m.days == 1 ? "day" : "days", base)
                    : fmt::format("{}：{}第{}个{}工作日", chinese[kind], base, m.days, m.calendar));
        }
    }

    void support(const Support& s)
    {
        section_ = en_ ? "Support" : "差额支付";
        std::vector<std::string> covers;
        for (const auto& c : s.covers) {
            const char* what =
                c.interest ? (en_ ? "interest of " : "利息") : (en_ ? "principal of " : "本金");
            const char* when =
                c.at_expected_maturity ? (en_ ? " at expected maturity" : "（预期到期日）") : "";
            covers.push_back(en_ ? what + c.tranche + when : c.tranche + what + when);
        }
        say(s.clause.number,
            en_ ? fmt::format("the {} makes good what is short for {}, {} {} days before payment",
                              s.by, join(covers, ", "), s.days_before, s.calendar)
                : fmt::format("{}于兑付日前第{}个{}工作日补足{}的差额", s.by, s.days_before,
                              s.calendar, join(covers, "、")));
        if (s.into.empty()) return;
        say(s.clause.number,
            en_ ? fmt::format("what is short is judged on the calculation date and demanded; what the "
                              "{} pays is kept in reserve {} and pays nothing else",
                              s.by, s.into)
                : fmt::format("核算日测算差额并发出差额支付通知；{}支付的款项记入储备{}，专项用于上述项目",
                              s.by, s.into));
    }

    void sources()
    {
        section_ = en_ ? "Daily records" : "每日记录";
        for (const DaySource& s : p_.sources) {
            say("source." + s.id,
                en_ ? fmt::format(
                          "each day is declared complete for '{}' by a {} of the {} within {} "
                          "days; after that the {} may declare it",
                          s.id, s.type == "statement" ? "statement" : "collections record", s.by,
                          s.latest_days, s.instead)
                    : fmt::format("“{}”每日由{}以{}在{}日内申报完整，逾期由{}代为申报", s.id, s.by,
                                  s.type == "statement" ? "对账单" : "回款记录", s.latest_days,
                                  s.instead));
        }
    }

    const Program& p_;
    Language l_;
    bool en_;
    std::string section_;
    std::vector<Explanation> out_;
};

} // namespace

std::vector<Explanation> explain(const Program& program, Language language)
{
    return Explainer(program, language).explain_all();
}

} // namespace tranchain
