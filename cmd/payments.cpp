// Payments.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/payments.hpp"

#include <fmt/core.h>

#include "cmd/accepted.hpp"
#include "cmd/report_fields.hpp"
#include "data/attempt.hpp"
#include "waterfall/exact/business_day.hpp"
#include "waterfall/exact/instruction.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

/// What the bank paid for a reference up to a day, by the statements.
Money paid_for(const ReportDeal& deal, const std::string& reference)
{
    Money sum;
    for (const ReportStatement& statement : deal.statements) {
        for (const StatementPart::Day& day : statement.part.days) {
            for (const Debit& debit : day.debits)
                if (debit.reference == reference) sum += debit.amount;
        }
    }
    return sum;
}

} // namespace

Result<> add_open_payments(const Globals& globals, Store& store, Answer& answer)
{
    TRANCHAIN_TRY(const std::int64_t time, time_now());
    const Date today = globals.as_of.value_or(business_day(time));
    TRANCHAIN_TRY(const StoredState state, store.state());
    Table* t = nullptr;
    Table* breaks = nullptr;
    for (const auto& [deal, text] : state.deals) {
        // Members are left out where they are empty, and such a name in quotes can stand in no string.
        if (text.find("\"orders\":[") == std::string::npos &&
            text.find("\"breaks\":[") == std::string::npos)
            continue;
        TRANCHAIN_TRY(const auto judge, Judge::open(text, std::nullopt));
        for (const auto& [reference, order] : judge->state().orders) {
            if (t == nullptr)
                t = &answer.table("payments",
                                  {{"deal"}, {"payment"}, {"amount"}, {"latest"}, {"when"},
                                   {"standing"}, {"missing"}},
                                  "ordered and not yet paid");
            const char* when = order.due < today ? "late" : order.due == today ? "today" : "ahead";
            t->add({deal, reference, order.amount(), order.due, when, name_of(order.status),
                    order.missing ? Value(order.missing->amount) : Value()});
        }
        for (const BankBreak& b : judge->state().breaks) {
            if (breaks == nullptr)
                breaks = &answer.table("breaks", {{"deal"}, {"date"}, {"reference"}, {"amount"}},
                                       "paid by the bank and not ordered");
            breaks->add({deal, b.date, b.reference, b.amount});
        }
    }
    return {};
}

void add_instructed(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    if (!asks_instructions(s.deal.program)) return;
    Table& t = answer.table("instructions",
                            {{"payment", w("for", "用途")},
                             {"amount", w("amount", "金额")},
                             {"latest", w("latest", "最晚到账日")},
                             {"instructed", w("instructed in block", "指令区块")},
                             {"answer", w("custodian's answer", "托管人答复")},
                             {"answered", w("answered in block", "答复区块")},
                             {"paid", w("paid by the bank", "银行已付")},
                             {"reason", w("reason of a refusal", "拒绝原因")}},
                            w("payment instructions", "划款指令"));
    const Date from = date_in(s.distribution, "collection_from");
    const Date to = date_in(s.distribution, "paid_on");
    for (const ReportPayment& p : s.deal.payments) {
        const Date latest = date_in(p.part, "latest");
        if (latest < from || latest > to) continue;
        const char* said = p.answered < 0 ? w("open", "未答复")
                           : p.refusal    ? w("refused", "拒绝执行")
                                          : w("executed", "已执行");
        const bool executed = p.answered >= 0 && !p.refusal;
        const std::string reference = text_in(p.part, "reference");
        t.add({reference, money_in(p.part, "amount"), latest, p.height, said,
               p.answered < 0 ? Value() : Value(p.answered),
               executed ? Value(paid_for(s.deal, reference)) : Value(), p.refusal.value_or("")});
    }
}

} // namespace tranchain
