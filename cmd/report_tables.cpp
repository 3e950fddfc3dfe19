// Report tables: what several papers say about the same days.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"

namespace tranchain {

void pool_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const ReportDay* before = s.deal.before(s.from);
    const Money opening = before ? before->totals.pool_balance : s.deal.opening_pool;
    DaySheet sum;
    Money bought;
    Money closing = opening;
    for (const ReportDay* day : s.deal.between(s.from, s.to)) {
        for (const DaySheet::Bought& b : day->sheet.bought) bought += b.face;
        sum.paid += day->sheet.paid;
        sum.diluted += day->sheet.diluted;
        sum.repurchased += day->sheet.repurchased;
        sum.defaulted_face += day->sheet.defaulted_face;
        sum.defaults += day->sheet.defaults;
        closing = day->totals.pool_balance;
        sum.live_count = day->sheet.live_count;
    }
    answer.field("receivables", w("receivables at the end", "期末资产笔数"), sum.live_count)
        .field("defaults", w("receivables defaulted in the period", "本期新增违约笔数"),
               sum.defaults);
    Table& t =
        answer.table("pool", {{"item", w("item", "项目")}, {"face", w("unpaid face", "未偿面值")}},
                     w("pool balance", "资产池余额变动"));
    t.add({w("opening", "期初余额"), opening});
    t.add({w("+ bought", "加: 循环购买"), bought});
    t.add({w("- paid by obligors", "减: 债务人付款"), -sum.paid});
    t.add({w("- dilution", "减: 折让"), -sum.diluted});
    t.add({w("- taken back", "减: 回购"), -sum.repurchased});
    t.add({w("- defaulted", "减: 新增违约"), -sum.defaulted_face});
    t.add({w("closing", "期末余额"), closing});
}

void collections_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Money to_principal, to_income, recovered, loss;
    const auto days = s.deal.between(s.from, s.to);
    for (const ReportDay* day : days) {
        to_principal += day->sheet.to_principal;
        to_income += day->sheet.to_income;
        recovered += day->sheet.recovered;
        loss += day->sheet.loss + day->sheet.defaulted_cost;
    }
    const Figures f = days.empty() ? Figures{} : days.back()->totals;
    answer
        .field("defaulted_to_date", w("defaulted since closing", "累计违约金额"),
               f.defaulted_to_date)
        .field("bought_to_date",
               w("bought since closing, with the pool of closing", "累计入池金额"),
               f.bought_to_date)
        .field("default_rate", w("cumulative default rate", "累计违约率"),
               cumulative_percent(f.defaulted_to_date, f.bought_to_date));
    Table& t =
        answer.table("collections", {{"item", w("item", "项目")}, {"amount", w("amount", "金额")}},
                     w("collections and losses", "回款与损失"));
    t.add({w("collections to principal", "计入本金科目的回款"), to_principal});
    t.add({w("of which recovered after default or dilution", "其中: 违约及折让后回收"), recovered});
    t.add({w("collections to income", "计入收入科目的回款"), to_income});
    t.add({w("cost lost to default and dilution", "违约及折让损失(成本)"), loss});
}

void triggers_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("triggers",
                            {{"trigger", w("trigger", "触发事件")},
                             {"judged", w("days judged", "判断天数")},
                             {"breached", w("days in breach", "突破天数")},
                             {"lowest", w("lowest margin", "最小裕度")},
                             {"lowest_on", w("on", "日期")},
                             {"value", w("last value", "期末值")},
                             {"threshold", w("last threshold", "期末阈值")},
                             {"count", w("days in a row", "连续天数")},
                             {"effective", w("took effect", "生效日")}},
                            w("triggers", "触发事件监测"));
    const auto days = s.deal.between(s.from, s.to);
    for (std::size_t i = 0; i < s.deal.program.triggers.size(); ++i) {
        std::int64_t judged = 0, breached = 0;
        const Reading* last = nullptr;
        const Reading* lowest = nullptr;
        for (const ReportDay* day : days) {
            const auto& reading = day->readings[i];
            if (!reading) continue;
            ++judged;
            breached += reading->breach ? 1 : 0;
            last = &*reading;
            if (!lowest || last->value - last->threshold < lowest->value - lowest->threshold)
                lowest = last;
        }
        Value effective("");
        const std::string& id = s.deal.program.triggers[i].id;
        for (const ReportEffect& e : s.deal.effects)
            if (e.trigger == i && e.date >= s.from && e.date <= s.to) effective = e.date;
        const auto shown = [](const Reading* r, Money value) {
            return r ? Value(value) : Value("");
        };
        t.add({id, judged, breached,
               shown(lowest, lowest ? lowest->value - lowest->threshold : zero),
               lowest ? Value(lowest->date) : Value(""), shown(last, last ? last->value : zero),
               shown(last, last ? last->threshold : zero), last ? Value(last->count) : Value(""),
               effective});
    }
}

namespace {

/// What the ledgers hold more than the bank, where they do.
void not_borne_row(const PaperSubject& s, const PaperWords& w, Table& t)
{
    const ReportDay* before = s.deal.before(s.from);
    const Money opening = before ? before->not_borne() : zero;
    Money last = opening, in, out;
    for (const ReportDay* day : s.deal.between(s.from, s.to)) {
        const Money change = day->not_borne() - last;
        (change > zero ? in : out) += change > zero ? change : -change;
        last = day->not_borne();
    }
    if (opening == zero && in == zero) return;
    t.add({w("paid by the bank and not yet borne", "银行已付尚未入账"), opening, in, out, last});
}

} // namespace

void accounts_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const ReportDay* before = s.deal.before(s.from);
    const Book& opening = before ? before->book : s.deal.opening;
    std::vector<Money> in(opening.size()), out(opening.size());
    const auto days = s.deal.between(s.from, s.to);
    for (const ReportDay* day : days) {
        for (const Posting& posting : day->journal) {
            for (const auto& [account, amount] : posting.entries) {
                const auto i = static_cast<std::size_t>(account);
                const Money change = account == Account::bank ? amount : -amount;
                (change > zero ? in : out)[i] += change > zero ? change : -change;
            }
        }
    }
    Table& t = answer.table("accounts",
                            {{"account", w("account", "账户/科目")},
                             {"opening", w("opening", "期初余额")},
                             {"in", w("in", "收入")},
                             {"out", w("out", "支出")},
                             {"closing", w("closing", "期末余额")}},
                            w("bank account and ledgers", "托管账户及科目"));
    for (std::size_t i = 0; i < opening.size(); ++i) {
        const auto account = static_cast<Account>(i);
        const Money first = opening.balance(account);
        t.add({account_words(s.deal.program, i, w), first, in[i], out[i],
               days.empty() ? first : days.back()->book.balance(account)});
    }
    not_borne_row(s, w, t);
}

void notices_table(const PaperSubject& s,
                   const PaperWords& w,
                   Answer& answer,
                   const ReportEffect* effect)
{
    Table& t = answer.table("notices",
                            {{"notice", w("notice", "通知")},
                             {"block", w("block", "区块")},
                             {"party", w("addressee", "收件方")},
                             {"by", w("by", "期限")},
                             {"action", w("must do", "应采取行动")}},
                            w("who was told", "通知情况"));
    Table& a = answer.table("answers",
                            {{"notice", w("notice", "通知")},
                             {"member", w("member", "成员")},
                             {"block", w("block", "区块")}},
                            w("who acknowledged", "确认情况"));
    for (const ReportNotice& n : s.deal.notices) {
        const auto& triggers = list_in(n.part, "triggers");
        const bool about =
            effect == nullptr ||
            std::any_of(triggers.begin(), triggers.end(), [&](const Json& trigger) {
                return text_in(trigger, "id") == s.deal.program.triggers[effect->trigger].id &&
                       text_in(trigger, "effective") == effect->date.str();
            });
        const bool later = !triggers.empty() && std::all_of(triggers.begin(), triggers.end(), [&](const Json& trigger) {
            return date_in(trigger, "effective") > s.to;
        });
        if (!about || later) continue;
        const std::string hash = n.hash.substr(0, 12);
        for (const Json& to : list_in(n.part, "addressees"))
            t.add({hash, n.height, text_in(to, "party"), day_in(to, "by"), text_in(to, "action")});
        for (const auto& [member, height] : n.answers) a.add({hash, member, height});
    }
}

BankComparison compare_with_bank(const PaperSubject& s)
{
    std::map<std::string, std::map<Date, Money>> closings;
    for (const auto& [part, covers] : s.deal.statements)
        closings[part.account][covers.to] = part.closing;
    BankComparison out;
    for (const ReportDay* day : s.deal.between(s.from, s.to)) {
        Money sum;
        bool all = !closings.empty();
        for (const auto& [account, by_day] : closings) {
            const auto at = by_day.find(day->date);
            all = all && at != by_day.end();
            if (all) sum += at->second;
        }
        if (!all) continue;
        ++out.compared;
        out.breaks += sum == day->book.balance(Account::bank) ? 0 : 1;
    }
    return out;
}

} // namespace tranchain
