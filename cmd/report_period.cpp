// Papers about a period: the servicer's report, and the custodian's.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "cmd/payments.hpp"
#include "cmd/report_fields.hpp"

namespace tranchain {

namespace {

void purchases_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("purchases",
                            {{"reference", w("purchase", "循环购买")},
                             {"count", w("receivables", "笔数")},
                             {"face", w("face", "面值")},
                             {"price", w("price", "购买价款")}},
                            w("purchases settled in the period", "本期循环购买"));
    for (const ReportDay* day : s.deal.between(s.from, s.to))
        for (const DaySheet::Bought& b : day->sheet.bought)
            t.add({b.reference, b.count, b.face, b.price});
}

void paid_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("payments",
                            {{"date", w("date", "日期")},
                             {"reference", w("for", "用途")},
                             {"amount", w("amount", "金额")}},
                            w("paid out of the bank", "托管账户付款"));
    for (const ReportDay* day : s.deal.between(s.from, s.to)) {
        for (const Posting& posting : day->journal) {
            for (const auto& [account, amount] : posting.entries) {
                if (account == Account::bank && amount < zero)
                    t.add({posting.date, posting.why, -amount});
            }
        }
    }
}

/// Statements of days of the period, and the book on days on which those of all accounts end.
void statements_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("statements",
                            {{"account", w("account", "账号")},
                             {"number", w("number", "对账单号")},
                             {"from", w("from", "起日")},
                             {"to", w("to", "止日")},
                             {"opening", w("opening", "期初余额")},
                             {"credits", w("credits", "贷方")},
                             {"debits", w("debits", "借方")},
                             {"closing", w("closing", "期末余额")}},
                            w("statements", "银行对账单"));
    for (const auto& [part, covers] : s.deal.statements) {
        if (covers.to < s.from || covers.from > s.to) continue;
        Money credits, debits;
        for (const StatementPart::Day& day : part.days) {
            credits += day.credits;
            for (const Debit& debit : day.debits) debits += debit.amount;
        }
        t.add({part.account, part.number, covers.from, covers.to, part.opening, credits, debits,
               part.closing});
    }
    const BankComparison bank = compare_with_bank(s);
    answer.field("compared", w("days on which book and bank were compared", "账实核对天数"), bank.compared)
        .field("breaks", w("days on which they differ", "核对不符天数"), bank.breaks);
}

} // namespace

void servicing_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    answer.title(fmt::format("{} {}", s.deal.program.name, w("servicing report", "资产服务报告")));
    paper_head(s, w, answer);
    pool_table(s, w, answer);
    collections_table(s, w, answer);
    purchases_table(s, w, answer);
    triggers_table(s, w, answer);
}

void custody_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    answer.title(fmt::format("{} {}", s.deal.program.name, w("custody report", "托管报告")));
    paper_head(s, w, answer);
    accounts_table(s, w, answer);
    paid_table(s, w, answer);
    add_instructed(s, w, answer);
    statements_table(s, w, answer);
}

} // namespace tranchain
