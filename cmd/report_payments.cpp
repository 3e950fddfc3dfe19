// Papers about what is paid: the distribution report, and the investor's.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/report_fields.hpp"
#include "data/capitals.hpp"

namespace tranchain {

namespace {

std::int64_t units_in(const Json& tranche)
{
    const Json* value = tranche.find("units");
    return value && value->is_integer() ? value->as_integer() : 0;
}

void tranches_table(const Json& d, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("tranches",
                            {{"tranche", w("tranche", "证券")},
                             {"units", w("units", "份数")},
                             {"opening", w("opening principal", "期初本金")},
                             {"interest_due", w("interest due", "应付收益")},
                             {"interest_paid", w("interest paid", "实付收益")},
                             {"principal_paid", w("principal paid", "实付本金")},
                             {"residual_paid", w("residual paid", "实付剩余收益")},
                             {"arrears", w("interest unpaid", "欠付收益")},
                             {"closing", w("closing principal", "期末本金")},
                             {"interest_per_unit", w("interest per unit", "每份收益")},
                             {"principal_per_unit", w("principal per unit", "每份本金")},
                             {"closing_per_unit", w("principal left per unit", "每份剩余本金")}},
                            w("per tranche", "各档证券分配情况"));
    for (const Json& line : list_in(d, "tranches")) {
        const std::int64_t units = units_in(line);
        t.add({text_in(line, "id"), units, money_in(line, "opening"),
               money_in(line, "interest_due"), money_in(line, "interest_paid"),
               money_in(line, "principal_paid"), money_in(line, "residual_paid"),
               money_in(line, "arrears"), money_in(line, "closing"),
               per_unit(money_in(line, "interest_paid"), units),
               per_unit(money_in(line, "principal_paid"), units),
               per_unit(money_in(line, "closing"), units)});
    }
}

/// Who gets what out of the bank. What facilities lend goes to the payees and never is in it, so it
/// is taken off at the end.
void instruction_table(const Json& d, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("instruction",
                            {{"payee", w("payee", "收款方")},
                             {"item", w("item", "用途")},
                             {"amount", w("amount", "金额(小写)")},
                             {"in_capitals", w("in capitals", "金额(大写)")}},
                            w("payment instruction", "划款指令"));
    const auto pay = [&](const Json& line, const char* key, const char* item) {
        const Money amount = money_in(line, key);
        if (amount > zero) t.add({text_in(line, "id"), item, amount, capitals(amount)});
    };
    for (const Json& fee : list_in(d, "fees")) {
        pay(fee, "paid", w("fee", "费用"));
        pay(fee, "above_cap_paid", w("fee above its cap", "超限费用"));
    }
    for (const Json& f : list_in(d, "facilities")) {
        pay(f, "interest_paid", w("facility interest", "流动性额度利息"));
        pay(f, "premium_paid", w("facility premium", "流动性额度费"));
        pay(f, "repaid", w("facility repaid", "偿还流动性额度"));
    }
    for (const Json& line : list_in(d, "tranches")) {
        pay(line, "interest_paid", w("interest", "收益"));
        pay(line, "principal_paid", w("principal", "本金"));
        pay(line, "residual_paid", w("residual", "剩余收益"));
    }
    for (const Json& f : list_in(d, "facilities")) {
        const Money drawn = money_in(f, "drawn");
        if (drawn > zero)
            t.add({text_in(f, "id"), w("paid by the facility", "由流动性额度直接支付"), -drawn, ""});
    }
    const Money total = money_in(d, "total");
    t.add({w("total", "合计"), w("leaves the bank", "自托管账户划出"), total, capitals(total)});
}

void lines_table(const Json& d, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("lines",
                            {{"number", w("clause", "条款")},
                             {"clause", w("words", "条款内容")},
                             {"due", w("due", "应付")},
                             {"paid", w("paid", "实付")},
                             {"left", w("left", "剩余")}},
                            w("priority of payments", "分配顺序"));
    for (const Json& line : list_in(d, "lines")) {
        t.add({text_in(line, "number"), text_in(line, "clause"), money_in(line, "due"),
               money_in(line, "paid"), money_in(line, "left")});
    }
}

void rest_tables(const Json& d, const PaperWords& w, Answer& answer)
{
    if (!list_in(d, "reserves").empty()) {
        Table& t = answer.table("reserves",
                                {{"reserve", w("reserve", "储备金")},
                                 {"opening", w("opening", "期初")},
                                 {"required", w("required", "必备金额")},
                                 {"funded", w("funded", "转入")},
                                 {"drawn", w("drawn", "支取")},
                                 {"released", w("released", "释放")},
                                 {"closing", w("closing", "期末")}},
                                w("reserves", "储备金"));
        for (const Json& r : list_in(d, "reserves")) {
            t.add({text_in(r, "id"), money_in(r, "opening"), money_in(r, "required"),
                   money_in(r, "funded"), money_in(r, "drawn"), money_in(r, "released"),
                   money_in(r, "closing")});
        }
    }
    if (list_in(d, "support").empty()) return;
    Table& t = answer.table("support",
                            {{"covers", w("covers", "差额项目")},
                             {"amount", w("amount", "差额金额")},
                             {"by", w("to be paid by", "支付期限")}},
                            w("demands on the supporter", "差额支付通知"));
    for (const Json& demand : list_in(d, "support")) {
        t.add({text_in(demand, "covers"), money_in(demand, "amount"), day_in(demand, "by")});
    }
}

} // namespace

void distribution_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const Json& d = s.distribution;
    answer.title(fmt::format("{} {}", s.deal.program.name, w("distribution report", "收益分配报告")));
    paper_head(s, w, answer);
    answer.field("interest_from", w("interest from", "计息起日"), date_in(d, "interest_from"))
        .field("priority", w("priority of payments", "分配顺序"), phase_words(text_in(d, "priority"), w))
        .field("total", w("leaves the bank", "划出总额"), money_in(d, "total"));
    tranches_table(d, w, answer);
    instruction_table(d, w, answer);
    lines_table(d, w, answer);
    rest_tables(d, w, answer);
}

void investor_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const Tranche& tranche = s.deal.program.tranches[s.tranche];
    answer.title(fmt::format("{} {}: {}", s.deal.program.name, tranche.id,
                             w("investor report", "投资者报告")));
    answer.field("plan", w("plan", "专项计划"), s.deal.program.name)
        .field("currency", w("currency", "币种"), s.deal.program.currency)
        .field("tranche", w("tranche", "证券"), tranche.id)
        .field("rating", w("rating", "评级"), tranche.rating)
        .field("face", w("face", "发行规模"), tranche.face);
    Table& t = answer.table("payments",
                            {{"payment_date", w("payment date", "兑付日")},
                             {"paid_on", w("paid on", "实际划款日")},
                             {"interest_per_unit", w("interest per unit", "每份收益")},
                             {"principal_per_unit", w("principal per unit", "每份本金")},
                             {"residual_per_unit", w("residual per unit", "每份剩余收益")},
                             {"closing_per_unit", w("principal left per unit", "每份剩余本金")},
                             {"interest_paid", w("interest paid", "实付收益")},
                             {"principal_paid", w("principal paid", "实付本金")},
                             {"residual_paid", w("residual paid", "实付剩余收益")},
                             {"arrears", w("interest unpaid", "欠付收益")},
                             {"closing", w("closing principal", "期末本金")}},
                            w("payments", "历次兑付"));
    const Date last = s.deal.days.empty() ? s.to : s.deal.days.back().date;
    for (const Json& d : s.deal.distributions) {
        if (date_in(d, "date") > date_in(s.distribution, "date")) break;
        const Json& line = list_in(d, "tranches")[s.tranche];
        const std::int64_t units = units_in(line);
        const auto amount = [&](const char* key) { return money_in(line, key); };
        t.add({date_in(d, "date"), left_bank_words(s, d, last, w), per_unit(amount("interest_paid"), units),
               per_unit(amount("principal_paid"), units), per_unit(amount("residual_paid"), units),
               per_unit(amount("closing"), units), amount("interest_paid"),
               amount("principal_paid"), amount("residual_paid"), amount("arrears"),
               amount("closing")});
    }
}

} // namespace tranchain
