// Amounts, rates and tests in words.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/explain.hpp"

namespace tranchain {

namespace {

Words measure_words(Measure m)
{
    switch (m) {
    case Measure::pool_balance:
        return {"the pool balance", "资产池余额"};
    case Measure::principal_cash:
        return {"cash in the principal ledger", "本金科目现金"};
    case Measure::income_cash:
        return {"cash in the income ledger", "收入科目现金"};
    case Measure::collection_account:
        return {"receipts in the collection account not yet booked", "监管账户尚未入账的回款"};
    case Measure::unapplied_cash:
        return {"unapplied cash", "未核销现金"};
    case Measure::senior_balance:
        return {"the outstanding principal of the senior notes", "优先级未偿本金"};
    case Measure::outstanding_notes:
        return {"the outstanding principal of all notes", "全部证券未偿本金"};
    case Measure::tranche_balance:
        return {"the outstanding principal of {}", "{}未偿本金"};
    case Measure::interest_unpaid:
        return {"interest of {} due and unpaid", "{}到期未付利息"};
    case Measure::principal_unpaid:
        return {"principal of {} due and unpaid", "{}到期未付本金"};
    case Measure::income_collected:
        return {"income collected in the collection period", "本归集期收入回款"};
    case Measure::income_cumulative:
        return {"all income collected since closing", "设立以来累计收入回款"};
    case Measure::defaulted_cumulative:
        return {"the face of all receivables defaulted since closing",
                "设立以来累计违约应收账款面值"};
    case Measure::losses_cumulative:
        return {"the cost lost to default and dilution since closing", "设立以来累计资产损失"};
    case Measure::recovered_cumulative:
        return {"the recoveries booked to principal since closing", "设立以来累计回收本金"};
    case Measure::uncovered_losses:
        return {"losses and loans to income that income has not made good",
                "尚未以收入弥补的损失及垫付"};
    case Measure::tranche_face:
        return {"the face of {}", "{}面值"};
    case Measure::reserve_balance:
        return {"what reserve '{}' holds", "储备金“{}”余额"};
    case Measure::reserve_required:
        return {"the target of reserve '{}'", "储备金“{}”目标金额"};
    case Measure::reserve_shortfall:
        return {"what reserve '{}' lacks of its target", "储备金“{}”差额"};
    case Measure::eligible_balance:
        return {"the eligible part of the pool balance", "资产池合格余额"};
    case Measure::excess_concentration:
        return {"excess concentration", "超集中度金额"};
    case Measure::net_pool_balance:
        return {"the net pool balance (eligible less excess concentration)",
                "资产池净额（合格余额扣除超集中度）"};
    case Measure::facility_drawn:
        return {"what is drawn of facility '{}'", "流动性额度“{}”已提取未偿还金额"};
    case Measure::facility_undrawn:
        return {"what facility '{}' could still lend", "流动性额度“{}”尚可提取金额"};
    case Measure::bought_cumulative:
        return {"the face at closing plus all face bought since", "设立时面值加循环购买累计面值"};
    }
    invariant(false);
    return {};
}

/// What a collection period adds to a cumulative measure.
Words growth_words(Measure m)
{
    switch (m) {
    case Measure::losses_cumulative:
        return {"the cost lost to default and dilution", "新增资产损失"};
    case Measure::income_cumulative:
        return {"the income booked", "新增收入"};
    case Measure::recovered_cumulative:
        return {"the recoveries booked to principal", "新增回收本金"};
    default:
        return {"the face of receivables that defaulted", "新增违约应收账款面值"};
    }
}

Words compare_words(Compare c)
{
    switch (c) {
    case Compare::less:
        return {"is below", "低于"};
    case Compare::less_equal:
        return {"is at most", "不高于"};
    case Compare::equal:
        return {"equals", "等于"};
    case Compare::not_equal:
        return {"differs from", "不等于"};
    case Compare::greater_equal:
        return {"is at least", "不低于"};
    case Compare::greater:
        return {"is above", "高于"};
    }
    invariant(false);
    return {};
}

bool is_sum(const Expr& e)
{
    return e.kind == Expr::Kind::add || e.kind == Expr::Kind::subtract;
}

std::string inner(const Expr& e, const Program& p, Language l)
{
    const std::string text = explain(e, p, l);
    if (!is_sum(e)) return text;
    return l == Language::english ? "(" + text + ")" : "（" + text + "）";
}

std::string listed(const Expr& e, const Program& p, Language l, std::string_view between)
{
    std::string out;
    for (const Expr& operand : e.operands) {
        if (!out.empty()) out += between;
        out += explain(operand, p, l);
    }
    return out;
}

} // namespace

std::string amount_text(Money money, const Program& program)
{
    return program.currency + " " + money.grouped();
}

std::string explain(const Expr& e, const Program& p, Language l)
{
    const bool en = l == Language::english;
    switch (e.kind) {
    case Expr::Kind::constant:
        return amount_text(e.constant, p);
    case Expr::Kind::measure: {
        const std::string_view words = measure_words(e.measure).in(l);
        return fmt::format(fmt::runtime(words), e.name);
    }
    case Expr::Kind::average: {
        const std::string_view words = e.flow ? growth_words(e.measure).in(l)
                                              : measure_words(e.measure).in(l);
        if (e.flow) {
            return en ? fmt::format("the average of {} in each of the last {} collection periods",
                                    words, e.periods)
                      : fmt::format("最近{}个归集期间{}的平均值", e.periods, words);
        }
        return en ? fmt::format("the average of {} on the last {} calculation dates", words,
                                e.periods)
                  : fmt::format("最近{}个计算日{}的平均值", e.periods, words);
    }
    case Expr::Kind::rate:
        return e.rate.str();
    case Expr::Kind::amount_table:
    case Expr::Kind::rate_table:
        return en ? fmt::format("the value of table '{}'", e.name)
                  : fmt::format("“{}”表值", e.name);
    case Expr::Kind::product:
        return en ? fmt::format("{} times {}", inner(e.operands[1], p, l),
                                inner(e.operands[0], p, l))
                  : fmt::format("{}乘以{}", inner(e.operands[0], p, l), inner(e.operands[1], p, l));
    case Expr::Kind::count:
        return en ? "the number of receivables in the pool" : "资产池应收账款笔数";
    case Expr::Kind::times:
        return en ? fmt::format("{} for each of {}", inner(e.operands[0], p, l),
                                explain(e.operands[1], p, l))
                  : fmt::format("{}乘以{}", inner(e.operands[0], p, l),
                                explain(e.operands[1], p, l));
    case Expr::Kind::compare:
        return explain(Condition{e.operands[0], e.compare, e.operands[1]}, p, l);
    case Expr::Kind::every:
        return listed(e, p, l, en ? " and " : "且");
    case Expr::Kind::some:
        return listed(e, p, l, en ? ", or " : "，或");
    case Expr::Kind::negate:
        return en ? "it is not so that " + explain(e.operands[0], p, l)
                  : "并非" + explain(e.operands[0], p, l);
    case Expr::Kind::fired:
        return en ? fmt::format("trigger '{}' has taken effect", e.name)
                  : fmt::format("触发事件“{}”已生效", e.name);
    case Expr::Kind::since:
        return en ? "the day is " + e.date.str() + " or later" : e.date.str() + "起";
    case Expr::Kind::choose:
        return en ? fmt::format("{} if {}, else {}", inner(e.operands[1], p, l),
                                explain(e.operands[0], p, l), inner(e.operands[2], p, l))
                  : fmt::format("若{}则{}，否则{}", explain(e.operands[0], p, l),
                                inner(e.operands[1], p, l), inner(e.operands[2], p, l));
    case Expr::Kind::add:
        return listed(e, p, l, en ? " plus " : "加");
    case Expr::Kind::subtract:
        return explain(e.operands[0], p, l) + (en ? " less " : "减") + inner(e.operands[1], p, l);
    case Expr::Kind::scale:
        return en ? fmt::format("{} of {}", e.rate.str(), inner(e.operands[0], p, l))
                  : fmt::format("{}的{}", inner(e.operands[0], p, l), e.rate.str());
    case Expr::Kind::minimum:
        return en ? "the smallest of (" + listed(e, p, l, "; ") + ")"
                  : "（" + listed(e, p, l, "；") + "）中最小者";
    case Expr::Kind::maximum:
        return en ? "the largest of (" + listed(e, p, l, "; ") + ")"
                  : "（" + listed(e, p, l, "；") + "）中最大者";
    }
    invariant(false);
    return {};
}

std::string explain_test(const Trigger& t, const Program& p, Language l)
{
    return t.test ? explain(*t.test, p, l) : explain(t.when, p, l);
}

std::string explain(const Condition& c, const Program& p, Language l)
{
    const char* space = l == Language::english ? " " : "";
    return explain(c.left, p, l) + space + std::string(compare_words(c.compare).in(l)) + space +
           explain(c.right, p, l);
}

} // namespace tranchain
