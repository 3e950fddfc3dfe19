// Lines of a priority and triggers as plain sentences.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/explain.hpp"

#include <array>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "data/text.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

/// Some payees have one rank and so share, though the line does not say pro rata.
bool shares_by_rank(const Step& s, const Program& p)
{
    const auto rank = [&](const std::string& id) {
        for (const Tranche& t : p.tranches) {
            if (t.id == id) return t.rank;
        }
        return 0;
    };
    for (std::size_t i = 1; i < s.payees.size(); ++i) {
        if (!s.pro_rata && rank(s.payees[i]) > 0 && rank(s.payees[i - 1]) == rank(s.payees[i])) {
            return true;
        }
    }
    return false;
}

std::string names(const std::vector<std::string>& ids, Language l)
{
    return join(ids, l == Language::english ? ", " : "、");
}

std::string step_english(const Step& s, const Program& p)
{
    const std::string who = names(s.payees, Language::english);
    const char* shared = s.pro_rata ? " in proportion to what is due" : "";
    const bool many = s.payees.size() > 1;
    switch (s.kind) {
    case Step::Kind::pay_fees:
        return fmt::format("pay the {} {}{}", many ? "fees" : "fee", who, shared);
    case Step::Kind::pay_interest:
        return fmt::format("pay the interest due on {}{}", who,
                           many && !s.pro_rata ? ", one after the other" : shared);
    case Step::Kind::pay_principal:
        return fmt::format("repay the principal of {}{}", who,
                           many && !s.pro_rata ? ", one after the other" : shared);
    case Step::Kind::cover_losses:
        return "give to principal what it lost on receivables and what it lent to income, less "
               "what "
               "earlier payments on this line gave back";
    case Step::Kind::pay_fees_above_cap:
        return "pay the fees that a yearly cap left due";
    case Step::Kind::pay_rest_to_principal:
        return "move all that is left to principal";
    case Step::Kind::pay_rest_to_tranche:
        return fmt::format("pay all that is left to {}", who);
    case Step::Kind::cover_income_shortfall:
        return "lend to income what it lacks for tax, capped fees, servicing and interest";
    case Step::Kind::buy_receivables:
        return "spend on receivables that meet the criteria and limits";
    case Step::Kind::keep_rest:
        return "keep what is left for later";
    case Step::Kind::fund_reserve:
        return fmt::format("set aside for reserve '{}' what it lacks of its target", who);
    case Step::Kind::pay_facility_interest:
        return fmt::format("pay the interest due to facility '{}'", who);
    case Step::Kind::pay_facility_premium:
        return fmt::format("pay the premium due to facility '{}'", who);
    case Step::Kind::repay_facility:
        return fmt::format("repay what is drawn of facility '{}'", who);
    case Step::Kind::judge_trigger:
        return fmt::format("judge trigger '{}' on what the lines before leave; the lines after it "
                           "see the answer",
                           who);
    case Step::Kind::release_reserve:
        return fmt::format("take from reserve '{}' what it holds above its target", who);
    }
    invariant(false);
    (void)p;
    return {};
}

std::string step_chinese(const Step& s)
{
    const std::string who = names(s.payees, Language::chinese);
    const char* shared = s.pro_rata ? "（按应付金额比例）" : "";
    const char* order = s.payees.size() > 1 && !s.pro_rata ? "（依次）" : shared;
    switch (s.kind) {
    case Step::Kind::pay_fees:
        return fmt::format("支付费用{}{}", who, shared);
    case Step::Kind::pay_interest:
        return fmt::format("支付{}应付利息{}", who, order);
    case Step::Kind::pay_principal:
        return fmt::format("偿付{}本金{}", who, order);
    case Step::Kind::cover_losses:
        return "以收入弥补本金的资产损失及本金对收入的垫付，扣除本项此前已补足的金额";
    case Step::Kind::pay_fees_above_cap:
        return "支付超出年度上限而未付的费用";
    case Step::Kind::pay_rest_to_principal:
        return "将剩余资金全部转入本金科目";
    case Step::Kind::pay_rest_to_tranche:
        return fmt::format("将剩余资金全部支付给{}", who);
    case Step::Kind::cover_income_shortfall:
        return "以本金垫付收入不足以支付的税费、限额内费用、服务费及利息";
    case Step::Kind::buy_receivables:
        return "循环购买符合合格标准及集中度限制的应收账款";
    case Step::Kind::keep_rest:
        return "剩余资金留存";
    case Step::Kind::fund_reserve:
        return fmt::format("补足储备金“{}”至目标金额", who);
    case Step::Kind::pay_facility_interest:
        return fmt::format("支付流动性额度“{}”应付利息", who);
    case Step::Kind::pay_facility_premium:
        return fmt::format("支付流动性额度“{}”应付承诺费", who);
    case Step::Kind::repay_facility:
        return fmt::format("偿还流动性额度“{}”已提取款项", who);
    case Step::Kind::judge_trigger:
        return fmt::format("按前列各项分配后的结果判断触发事件“{}”，其后各项据此适用", who);
    case Step::Kind::release_reserve:
        return fmt::format("释放储备金“{}”超出目标金额的部分", who);
    }
    invariant(false);
    return {};
}

/// `at the end of 2 of the last 3 calculation dates`
std::string period_words(const Trigger& t, Words date, Language l)
{
    const std::string_view day = date.in(l);
    if (l == Language::chinese) {
        if (t.of_last > 0)
            return fmt::format("最近{}个{}中有{}个日终", t.of_last, day, t.days);
        return t.days == 1 ? fmt::format("任一{}日终", day)
                           : fmt::format("连续{}个{}日终", t.days, day);
    }
    if (t.of_last > 0) {
        return fmt::format("at the end of {} of the last {} judged dates (each a {})", t.days,
                           t.of_last, day);
    }
    return t.days == 1 ? fmt::format("at the end of a {}", day)
                       : fmt::format("at the end of each of {} judged dates in a row (each a {})",
                                     t.days, day);
}

const char* days(int count)
{
    return count == 1 ? "day" : "days";
}

std::string grace_words(const Trigger& t, Language l)
{
    const bool en = l == Language::english;
    if (t.grace_calendar.empty()) {
        return en ? fmt::format(" and this lasts for {} more calendar {}", t.grace,
                                days(t.grace))
                  : fmt::format("且其后{}个自然日内未消除", t.grace);
    }
    return en ? fmt::format(" and this lasts for {} more {} {}", t.grace, t.grace_calendar,
                            days(t.grace))
              : fmt::format("且其后{}个{}工作日内未消除", t.grace, t.grace_calendar);
}

Words effect_words(Trigger::Effect effect)
{
    switch (effect) {
    case Trigger::Effect::accelerate:
        return {", accelerated amortization begins at the end of that day",
                "，则自该日日终起加速清偿"};
    case Trigger::Effect::event_of_default:
        return {", an event of default is declared and the ledgers are merged that day",
                "，则构成违约事件，当日合并收入与本金科目"};
    case Trigger::Effect::stop_buying:
        return {", nothing more is bought from the end of that day",
                "，则自该日日终起停止循环购买"};
    case Trigger::Effect::call:
        return {", the originator may take the whole pool back by the next payment date and "
                "nothing more is bought",
                "，则原始权益人可于下一兑付日前回购全部资产，且停止循环购买"};
    case Trigger::Effect::enforce:
        return {", enforcement begins at the end of that day", "，则自该日日终起进入处置执行期"};
    case Trigger::Effect::end:
        return {", the deal ends at the end of that day: nothing more is distributed",
                "，则专项计划于该日日终终止，不再分配"};
    case Trigger::Effect::notice:
        return {", everybody is told, and the clauses that name it apply from the next day",
                "，则通知各方，引用该事件的条款自次日起适用"};
    }
    invariant(false);
    return {};
}

std::string clock_words(const Trigger& t, Language l)
{
    const bool en = l == Language::english;
    switch (t.clock) {
    case Trigger::Clock::consecutive_days:
        if (t.days == 1) return en ? "at the end of a calendar day" : "任一自然日日终";
        return en ? fmt::format("at the end of each of {} calendar days in a row", t.days)
                  : fmt::format("连续{}个自然日日终", t.days);
    case Trigger::Clock::days_after_payment:
        return en ? fmt::format("still at the end of {} {} days after a payment date", t.days,
                                t.calendar)
                  : fmt::format("兑付日后第{}个{}工作日日终仍", t.days, t.calendar);
    case Trigger::Clock::days_after_final:
        return en ? fmt::format("still at the end of {} {} days after the legal final date", t.days,
                                t.calendar)
                  : fmt::format("法定到期日后第{}个{}工作日日终仍", t.days, t.calendar);
    case Trigger::Clock::calculation_dates:
        return period_words(t, {"calculation date", "计算日"}, l);
    case Trigger::Clock::before_payments:
        return period_words(t, {"day before a payment date", "兑付日前一日"}, l);
    case Trigger::Clock::after_payments:
        return period_words(t, {"day on which a distribution is paid", "分配支付日"}, l);
    case Trigger::Clock::inside_payments:
        if (t.days == 1 && t.of_last == 0) {
            return en ? "at the line of a distribution that judges it" : "分配中判断该事件时";
        }
        return t.of_last > 0
                   ? (en ? fmt::format("at {} of the last {} lines of distributions that judge it",
                                       t.days, t.of_last)
                         : fmt::format("最近{}次分配中判断该事件时有{}次", t.of_last, t.days))
                   : (en ? fmt::format("at {} lines in a row of distributions that judge it",
                                       t.days)
                         : fmt::format("连续{}次分配中判断该事件时", t.days));
    }
    invariant(false);
    return {};
}

constexpr std::array<Words, 6> phase_words{{{"the revolving period", "循环期"},
                                            {"amortization", "摊还期"},
                                            {"accelerated amortization", "加速清偿期"},
                                            {"default", "违约处置期"},
                                            {"enforcement", "处置执行期"},
                                            {"the end", "终止后"}}};

} // namespace

std::string explain(const Step& s, const Program& p, Language l)
{
    const bool en = l == Language::english;
    std::string out = en ? step_english(s, p) : step_chinese(s);
    if (shares_by_rank(s, p)) {
        out += en ? ", those of one rank in proportion to what is due" : "，同一顺位按应付金额比例";
    }
    if (s.cap_per_year) {
        out += en ? fmt::format(", together at most {} in a fee year", amount_text(*s.cap_per_year, p))
                  : fmt::format("，每费用年度合计不超过{}", amount_text(*s.cap_per_year, p));
    }
    if (s.limit) {
        out += en ? ", at most " + explain(*s.limit, p, l) : "，不超过" + explain(*s.limit, p, l);
    }
    if (s.due_share) {
        out += en ? fmt::format(", at most {} of what is due", s.due_share->str())
                  : fmt::format("，不超过应付金额的{}", s.due_share->str());
    }
    if (s.keep) {
        out += en ? fmt::format(", leaving {} in its ledger", explain(*s.keep, p, l))
                  : fmt::format("，科目至少留存{}", explain(*s.keep, p, l));
    }
    if (!s.supports.empty()) out += explain_supports(s, p, l);
    if (s.only_if) {
        out += en ? ", but only if " + explain(*s.only_if, p, l)
                  : "（仅当" + explain(*s.only_if, p, l) + "）";
    }
    for (const Step& other : s.otherwise) {
        out += (en ? "; if not, " : "；否则") + explain(other, p, l);
    }
    return out;
}

std::string explain(const Trigger& t, const Program& p, Language l)
{
    const bool en = l == Language::english;
    const auto phase = [&](Phase at) { return phase_words[static_cast<std::size_t>(at)].in(l); };
    std::string out = en ? fmt::format("if {} {}", clock_words(t, l), explain_test(t, p, l))
                         : fmt::format("若{}{}", clock_words(t, l), explain_test(t, p, l));
    if (t.during) {
        out += en ? fmt::format(" (judged during {} only)", phase(*t.during))
                  : fmt::format("（仅在{}判断）", phase(*t.during));
    }
    if (t.grace > 0) out += grace_words(t, l);
    out += effect_words(t.effect).in(l);
    if (t.price) {
        out += (en ? "; the price is " : "；价格为") + explain(*t.price, p, l);
    }
    if (t.cured_by > 0) {
        const bool dates = is_dated(t.clock);
        if (t.cured_by == 1) {
            out += en ? fmt::format("; one compliant {} ends this", dates ? "judged date" : "day")
                      : fmt::format("；任一{}达标则恢复", dates ? "判断日" : "自然日");
        } else {
            out += en ? fmt::format("; {} compliant {} in a row end this", t.cured_by,
                                    dates ? "judged dates" : "days")
                      : fmt::format("；连续{}个{}达标则恢复", t.cured_by,
                                    dates ? "判断日" : "自然日");
        }
    }
    if (t.carry_forward_days > 0) {
        out +=
            en ? fmt::format("; a day without a close repeats the last value for {} {} and then "
                             "counts as a breach",
                             t.carry_forward_days, days(t.carry_forward_days))
               : fmt::format("；缺日沿用前值{}日，其后视为不达标", t.carry_forward_days);
    } else if (t.clock == Trigger::Clock::consecutive_days) {
        out += en ? "; a day without a close counts as a breach" : "；缺日视为不达标";
    }
    return out;
}

std::string explain_terms(const Tranche& t, const Program& p, Language l)
{
    const bool en = l == Language::english;
    std::string out;
    if (!t.resets.empty()) {
        out += en ? fmt::format("; the rate is read on {} reset dates from {} to {} and holds "
                                 "for the periods that begin on or after them",
                                 t.resets.size(), t.resets.front().str(), t.resets.back().str())
                   : fmt::format("；利率于{}个重置日（{}至{}）确定，适用于其后开始的计息期",
                                 t.resets.size(), t.resets.front().str(),
                                 t.resets.back().str());
    }
    if (!t.notional.empty()) {
        const std::string of = join(t.notional, en ? ", " : "、");
        out += en ? "; it has no principal: interest runs on that of " + of
                   : "；无本金，以" + of + "的未偿本金为名义本金计息";
    }
    if (t.capitalises) {
        const std::string test = explain(*t.capitalises, p, l);
        out += en ? "; on a payment date on which " + test +
                         ", interest is not paid but becomes principal"
                   : "；兑付日若" + test + "，则当期利息不支付而计入本金";
    }
    if (t.lockout) {
        out += en ? fmt::format("; before {} it takes no principal, but in default",
                                 t.lockout->str())
                   : fmt::format("；{}前不偿付本金（违约后除外）", t.lockout->str());
    }
    return out;
}

} // namespace tranchain
