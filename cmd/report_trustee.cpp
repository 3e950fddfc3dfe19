// The trustee's paper: what the pool is proven by, and what was checked and what was not.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"

namespace tranchain {

namespace {

/// What the rows of the period's records, and the receivables owned at its end, hash to. The pool
/// of closing is always there.
void roots_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("roots",
                            {{"record", w("record", "记录")},
                             {"date", w("date", "日期")},
                             {"block", w("block", "区块")},
                             {"rows", w("rows", "行数")},
                             {"root", w("Merkle root of its rows", "明细行默克尔根")}},
                            w("what the rows hash to", "明细数据的密码学凭证"));
    for (const ReportRecord& r : s.deal.records) {
        if (r.root.empty()) continue;
        const bool in_period = r.date && *r.date >= s.from && *r.date <= s.to;
        if (!in_period && r.type != record_type::snapshot) continue;
        t.add({record_words(r.type, w), r.date ? Value(*r.date) : Value(""), r.height, r.rows,
               r.root});
    }
    const ReportLive* owned = nullptr;
    for (const ReportLive& live : s.deal.live) {
        // The last close of the period; where none ends in it, the one that closed its last day.
        if (owned == nullptr || owned->date < s.from || live.date <= s.to) owned = &live;
        if (live.date >= s.to) break;
    }
    if (owned == nullptr) return;
    t.add({w("receivables owned", "期末持有资产"), owned->date, owned->height, owned->count,
           owned->root});
}

void recomputed_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t =
        answer.table("recomputed",
                     {{"payment_date", w("payment date", "兑付日")},
                      {"paid_on", w("paid on", "实际划款日")},
                      {"calculation", w("calculated on", "计算日")},
                      {"priority", w("priority of payments", "分配顺序")},
                      {"lines", w("lines", "分配项数")},
                      {"total", w("leaves the bank", "划出总额")}},
                     w("distributions computed again, to the fen", "重新计算的历次分配(精确到分)"));
    const Date last = s.deal.days.empty() ? s.to : s.deal.days.back().date;
    for (const Json& d : s.deal.distributions) {
        if (date_in(d, "date") > date_in(s.distribution, "date")) break;
        t.add({date_in(d, "date"), left_bank_words(s, d, last, w), date_in(d, "calculation"),
               phase_words(text_in(d, "priority"), w), list_in(d, "lines").size(),
               money_in(d, "total")});
    }
}

/// Days on which some account's opening plus the day's postings is not its closing.
std::int64_t days_not_rolled(const ReportDeal& deal)
{
    std::int64_t wrong = 0;
    const Book* before = &deal.opening;
    for (const ReportDay& day : deal.days) {
        std::vector<Money> sum;
        for (std::size_t i = 0; i < before->size(); ++i)
            sum.push_back(before->balance(static_cast<Account>(i)));
        for (const Posting& posting : day.journal)
            for (const auto& [account, amount] : posting.entries)
                sum[static_cast<std::size_t>(account)] +=
                    account == Account::bank ? amount : -amount;
        bool same = sum.size() == day.book.size();
        for (std::size_t i = 0; same && i < sum.size(); ++i)
            same = sum[i] == day.book.balance(static_cast<Account>(i));
        wrong += same ? 0 : 1;
        before = &day.book;
    }
    return wrong;
}

/// Since closing, up to the block the paper is made from.
void checks_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("checks",
                            {{"check", w("check", "核查事项")},
                             {"number", w("how many", "数量")},
                             {"result", w("result", "结果")}},
                            w("checks made and not made", "已核查与未核查事项"));
    const std::string holds = w("holds", "相符");
    const std::string not_made = w("not made", "未核查");
    std::int64_t rows = 0, readings = 0;
    for (const ReportRecord& r : s.deal.records) rows += r.rows;
    for (const ReportDay& day : s.deal.days)
        readings += std::count_if(day.readings.begin(), day.readings.end(),
                                  [](const auto& r) { return r.has_value(); });
    const auto all_days = static_cast<std::int64_t>(s.deal.days.size());
    const std::int64_t wrong = days_not_rolled(s.deal);
    PaperSubject life = s;
    life.from = s.deal.program.closing;
    life.to = s.deal.days.empty() ? life.from : s.deal.days.back().date;
    const BankComparison bank = compare_with_bank(life);
    const auto differs = [&](std::int64_t n) {
        return n == 0 ? holds : fmt::format("{}: {}", w("differs", "不符"), n);
    };
    const MemberSet& members = s.chain.members.at(s.chain.height).members;
    t.add({fmt::format("{} ({}/{})",
                       w("blocks linked and signed by a quorum", "区块链接并经法定数量成员签名"),
                       members.quorum(), members.size()),
           s.chain.height + 1, holds});
    t.add({w("records judged again by the deal's terms", "按交易条款重新判定的记录"),
           s.deal.records.size(), holds});
    t.add({w("days on which opening + in - out = closing", "期初+收入-支出=期末的日数"), all_days,
           differs(wrong)});
    t.add(
        {w("distributions computed again", "重新计算的分配"), s.deal.distributions.size(), holds});
    t.add({w("triggers read and counted again", "重新判断并计数的触发事件"), readings, holds});
    t.add({w("days on which book and bank were compared", "账实核对天数"), bank.compared,
           differs(bank.breaks)});
    t.add({w("days without a statement's balance to compare", "无对账单余额可核对的天数"),
           all_days - bank.compared, not_made});
    t.add({w("sums of records against their rows", "记录汇总数与明细行核对(行数)"), rows,
           s.chain.rows ? holds : not_made});
    t.add({w("that a statement is the bank's own", "对账单确由银行出具"), s.deal.statements.size(),
           not_made});
    t.add({w("that a receivable exists and was delivered", "基础资产真实且已交付"), Value(""),
           not_made});
}

} // namespace

void trustee_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    answer.title(fmt::format("{} {}", s.deal.program.name, w("trustee report", "受托管理报告")));
    paper_head(s, w, answer);
    pool_table(s, w, answer);
    roots_table(s, w, answer);
    recomputed_table(s, w, answer);
    triggers_table(s, w, answer);
    checks_table(s, w, answer);
}

} // namespace tranchain
