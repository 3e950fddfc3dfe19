// Why funds: the ledgers that a line was paid from, and what put it there.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/core.h>

#include "cmd/accepted.hpp"
#include "cmd/report_fields.hpp"
#include "cmd/why_answer.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/working.hpp"

namespace tranchain {

namespace {

constexpr std::size_t shown_at_most = 10; ///< without --all
constexpr std::string_view correction_of = "correction of "; ///< before the reference of the debit

/// `purchase` of `purchase/2018-12-04/4`, in words.
std::string movement_words(const std::string& why, const PaperWords& w)
{
    if (why.starts_with(correction_of)) return w("what the bank took and nobody ordered", "银行扣款更正");
    const std::string kind = why.substr(0, why.find('/'));
    constexpr std::array<std::array<const char*, 3>, 8> known{
        {{"collections", "collections from receivables", "应收账款回款"},
         {"other income", "other income: interest on cash, late charges", "其他收入"},
         {"purchase", "paid for receivables bought", "循环购买支出"},
         {"distribution", "taken or moved by distributions", "历次分配转出/转入"},
         {"ledgers merged", "ledgers merged by the default", "违约后科目合并"},
         {"reserve merged", "reserves merged by the default", "违约后储备金并入"},
         {"notes less price", "proceeds of the notes less the opening pool", "发行款减基础资产价款"},
         {"reserve", "set aside for reserves", "转入储备金"}}};
    for (const auto& [word, english, chinese] : known)
        if (kind == word) return w(english, chinese);
    return kind;
}

/// One ledger through one collection period.
struct LedgerPeriod {
    Money opening, closing;
    std::map<std::string, Money> moved; ///< by words
    struct Movement {
        Date date;
        std::string ledger, what, why;
        Money amount;
    };
    std::vector<Movement> movements;
};

LedgerPeriod ledger_period(const WhySubject& s, const std::vector<Account>& accounts)
{
    LedgerPeriod p;
    const auto balance = [&](const Book& book) {
        Money sum;
        for (const Account a : accounts) sum += book.balance(a);
        return sum;
    };
    const ReportDay* before = s.report.before(s.d.collection_from);
    p.opening = p.closing = balance(before ? before->book : s.report.opening);
    for (const ReportDay& day : s.report.days) {
        if (day.date < s.d.collection_from || day.date > s.d.date.calculation) continue;
        p.closing = balance(day.book);
        for (const Posting& posting : day.journal) {
            for (const Posting::Entry& e : posting.entries) {
                if (std::find(accounts.begin(), accounts.end(), e.account) == accounts.end()) continue;
                const std::string what = movement_words(posting.why, s.w);
                p.moved[what] -= e.amount;
                p.movements.push_back(
                    {day.date, account_words(s.report.program, static_cast<std::size_t>(e.account), s.w),
                     what, posting.why, -e.amount});
            }
        }
    }
    return p;
}

class FundsTable {
public:
    FundsTable(WhySubject& s, Answer& answer)
        : s_(s), w_(s.w), table_(answer.table("funds",
                                              {{"ledger", s.w("ledger", "科目")},
                                               {"item", s.w("item", "项目")},
                                               {"amount", s.w("amount", "金额")}},
                                              s.w("from which ledger it was paid, and what was in it",
                                                  "支付来源及科目余额变动")))
    {
    }

    std::vector<LedgerPeriod::Movement> run()
    {
        std::string book;
        Money lent;
        for (const std::size_t i : s_.item.lines) {
            const Line& line = s_.d.lines[i];
            if (line.book != book) open(book = line.book);
            use(i);
            lent += line.lent;
        }
        if (lent != zero || borrows()) lending();
        return std::move(movements_);
    }

private:
    void add(const std::string& item, Money amount) { table_.add({ledger_, item, amount}); }

    bool borrows() const
    {
        const Step* step = step_of(s_.report.program, s_.d.lines[s_.item.lines.front()]);
        return step != nullptr && step->kind == Step::Kind::cover_income_shortfall;
    }

    /// From the end of the period before to the calculation date.
    Money period(const std::vector<Account>& accounts)
    {
        ledger_.clear();
        for (const Account a : accounts)
            ledger_ += (ledger_.empty() ? "" : " + ") +
                       account_words(s_.report.program, static_cast<std::size_t>(a), w_);
        LedgerPeriod p = ledger_period(s_, accounts);
        add(fmt::format(fmt::runtime(w_("at the end of {}", "{}日终余额")), (s_.d.collection_from - 1).str()),
            p.opening);
        for (const auto& [what, amount] : p.moved) add("+ " + what, amount);
        add(fmt::format(fmt::runtime(w_("= on the calculation date, {}", "= 计算日{}余额")),
                        s_.d.date.calculation.str()),
            p.closing);
        movements_.insert(movements_.end(), p.movements.begin(), p.movements.end());
        return p.closing;
    }

    void open(const std::string& book)
    {
        const std::vector<Account> both{Account::income, Account::principal};
        const bool income = book == "income";
        const std::vector<Account> own{income ? Account::income : Account::principal};
        const Money closing = period(book == "all" ? both : own);
        const Money available = book == "principal" ? s_.d.principal_available : s_.d.income_available;
        if (available != closing)
            add(w_("- earlier distributions, computed and not paid by then, and what is gone since",
                   "- 已计算未支付的以前分配及其后转出"),
                available - closing);
        start_ = available;
        if (book != "principal") return;
        if (s_.d.loan != zero) add(w_("- lent to income", "- 垫付收入科目"), -min(s_.d.loan, available));
        const Money moved = s_.d.covered + s_.d.to_principal;
        if (moved != zero) add(w_("+ given by income in this distribution", "+ 本次分配由收入科目转入"), moved);
        start_ = max(zero, available - s_.d.loan) + moved;
    }

    /// What the line found and what it left; both are in the trace.
    void use(std::size_t index)
    {
        const Line& line = s_.d.lines[index];
        Money found = start_;
        for (std::size_t i = 0; i < index; ++i)
            if (s_.d.lines[i].book == line.book) found = s_.d.lines[i].left;
        const std::string number = short_number(line.number) + (line.payee.empty() ? "" : " " + line.payee);
        add(w_("- used by the lines before", "- 前列各项使用"), found - start_);
        add(fmt::format(fmt::runtime(w_("= there for {}", "= 可用于{}")), number), found);
        add(fmt::format(fmt::runtime(w_("- used by {}", "- {}使用")), number), line.left - found);
        add(fmt::format(fmt::runtime(w_("= left after {}", "= {}之后余额")), number), line.left);
        if (line.drawn != zero) support(line, w_("reserves", "储备金"), line.drawn);
        if (line.borrowed != zero) support(line, w_("facilities", "流动性额度"), line.borrowed);
    }

    void support(const Line& line, const std::string& what, Money amount)
    {
        const Step* step = step_of(s_.report.program, line);
        const std::string from = step ? join(step->supports, ", ") : "";
        table_.add({what, fmt::format(fmt::runtime(w_("drawn for {} from {}", "为{}支取，来自{}")),
                                      short_number(line.number), from),
                    amount});
    }

    void lending()
    {
        if (s_.d.lines[s_.item.lines.front()].book != "principal") {
            const Money then = period({Account::principal});
            add(w_("+ received less paid since then", "+ 其后收入减支出"), s_.d.principal_held - then);
        }
        add(w_("= principal cash on the payment date, all that can be lent", "= 兑付日本金科目余额（可垫付上限）"),
            s_.d.principal_held);
        for (const Line& line : s_.d.lines) {
            if (line.lent == zero) continue;
            add(fmt::format(fmt::runtime(w_("- lent to {}", "- 垫付{}")),
                            short_number(line.number) + (line.payee.empty() ? "" : " " + line.payee)),
                -line.lent);
        }
    }

    WhySubject& s_;
    const PaperWords& w_;
    Table& table_;
    std::string ledger_;
    Money start_;
    std::vector<LedgerPeriod::Movement> movements_;
};

std::size_t close_of(const WhySubject& s, Date day)
{
    for (std::size_t i = 0; i < s.deal.records.size(); ++i) {
        const Record& r = s.deal.records[i].record;
        if (r.type == record_type::day_close && r.business_date && *r.business_date >= day) return i;
    }
    return 0;
}

/// Sealed since the close before the one that booked it.
bool corrects(const WhySubject& s, std::size_t record, const LedgerPeriod::Movement& m)
{
    if (record <= close_of(s, m.date - 1) || record >= close_of(s, m.date)) return false;
    const auto part = parse_correction(s.deal.records[record].record.public_part);
    return part && part->gap.amount == -m.amount &&
           part->gap.reference == std::string_view(m.why).substr(correction_of.size());
}

/// The records that a posting was made of; besides its close.
std::vector<std::size_t> origins_of(const WhySubject& s, const LedgerPeriod::Movement& m)
{
    const bool sheet = m.why == "collections" || m.why == "other income";
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < s.deal.records.size(); ++i) {
        const Record& r = s.deal.records[i].record;
        if (sheet && r.type == record_type::collections && r.covers) {
            if (m.date >= r.covers->from && m.date <= r.covers->to) out.push_back(i);
        } else if (r.type == record_type::purchase && m.why.starts_with("purchase/")) {
            const auto part = parse_purchase(r.public_part);
            if (part && purchase_reference(part->settle, r.seq) == m.why) out.push_back(i);
        } else if (r.type == record_type::distribution && m.why.starts_with("distribution/")) {
            if (distribution_reference(date_in(r.public_part, "date")) == m.why) out.push_back(i);
        } else if (r.type == record_type::correction && m.why.starts_with(correction_of)) {
            if (corrects(s, i, m)) out.push_back(i);
        }
    }
    return out;
}

/// Statements that say what the bank took in on that day.
std::vector<std::size_t> statements_of(const WhySubject& s, Date day)
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < s.deal.records.size(); ++i) {
        const Record& r = s.deal.records[i].record;
        if (r.type != record_type::statement) continue;
        const auto part = parse_statement(r.public_part);
        if (!part) continue;
        for (const auto& d : part->days)
            if (d.date == day && d.credits > zero) out.push_back(i);
    }
    return out;
}

std::string refs_text(WhySubject& s, const std::vector<std::size_t>& records)
{
    std::vector<std::string> out;
    for (const std::size_t i : records) out.push_back(s.refs(i));
    return join(out, " ");
}

/// The `most` largest by what `size` says, in their order.
template <class T, class Size> std::vector<T> largest_of(std::vector<T> all, std::size_t most, Size size)
{
    if (all.size() <= most) return all;
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return size(all[a]) > size(all[b]); });
    order.resize(most);
    std::sort(order.begin(), order.end());
    std::vector<T> out;
    for (const std::size_t i : order) out.push_back(std::move(all[i]));
    return out;
}

void say_left_out(const WhySubject& s, std::size_t all, std::size_t shown, Answer& answer)
{
    if (shown < all)
        answer.note(fmt::format(fmt::runtime(s.w("The {} largest of {} are shown; --all shows every one.",
                                                 "仅列示金额最大的{}笔（共{}笔）；--all 列示全部。")),
                                shown, all));
}

void movements_table(WhySubject& s, std::vector<LedgerPeriod::Movement> all, Answer& answer)
{
    const PaperWords& w = s.w;
    const auto shown = s.all ? all : largest_of(all, shown_at_most, [](const auto& m) {
        return m.amount < zero ? -m.amount : m.amount;
    });
    Table& t = answer.table("movements",
                            {{"date", w("date", "日期")},
                             {"ledger", w("ledger", "科目")},
                             {"what", w("what", "事项")},
                             {"amount", w("amount", "金额")},
                             {"records", w("stated in record", "所据记录")},
                             {"statements", w("the bank took it in by statement", "银行入账对账单")},
                             {"close", w("booked by close", "日终关账记录")}},
                            w("what moved the ledger in the collection period", "归集期间科目变动明细"));
    for (const LedgerPeriod::Movement& m : shown) {
        const bool in = m.why == "collections" || m.why == "other income";
        t.add({m.date, m.ledger, m.what, m.amount, refs_text(s, origins_of(s, m)),
               in ? refs_text(s, statements_of(s, m.date)) : "", s.refs(close_of(s, m.date))});
    }
    say_left_out(s, all.size(), shown.size(), answer);
}

Result<> receipts_table(WhySubject& s, Answer& answer)
{
    const PaperWords& w = s.w;
    if (!s.rows) {
        answer.data("receipts", Value());
        answer.note(w("Receipts and receivables: rows not in this copy. The sums above are those that the "
                      "servicer and the custodian signed.",
                      "回款及应收账款明细：本副本不含明细行，以上合计为资产服务机构及托管人签署数据。"));
        return {};
    }
    TRANCHAIN_TRY(const auto all, receipts_between(s.deal, *s.rows, s.d.collection_from, s.d.date.calculation));
    const auto shown =
        s.all ? all : largest_of(all, shown_at_most, [](const WhyReceipt& r) { return r.amount; });
    Table& t = answer.table("receipts",
                            {{"date", w("date", "日期")},
                             {"asset_id", w("receivable", "应收账款")},
                             {"obligor", w("obligor", "债务人")},
                             {"face", w("face", "面值")},
                             {"price", w("bought for", "购买价格")},
                             {"kind", w("kind", "类型")},
                             {"amount", w("received", "回款金额")},
                             {"to_principal", w("to principal", "计入本金")},
                             {"to_income", w("to income", "计入收入")},
                             {"entries", w("account/statement/entry", "账户/对账单/笔号")},
                             {"statements", w("statement in record", "对账单记录")},
                             {"allocated", w("allocated in record", "回款核销记录")},
                             {"bought", w("bought in record", "资产购入记录")}},
                            w("receipts of the period, by receivable", "归集期间逐笔回款"));
    for (const WhyReceipt& r : shown) {
        std::vector<std::string> entries;
        std::set<std::size_t> statements;
        for (const WhyReceipt::Entry& e : r.entries) {
            entries.push_back(e.key);
            statements.insert(e.statement);
        }
        const bool owned = !r.asset.empty();
        t.add({r.date, owned ? Value(r.asset) : Value(), owned ? Value(r.obligor) : Value(),
               owned ? Value(r.face) : Value(), owned ? Value(r.price) : Value(), r.kinds, r.amount,
               r.to_principal, r.to_income, join(entries, " "),
               refs_text(s, {statements.begin(), statements.end()}), s.refs(r.allocated),
               owned ? Value(s.refs(r.bought)) : Value()});
    }
    say_left_out(s, all.size(), shown.size(), answer);
    return {};
}

} // namespace

Result<> why_funds(WhySubject& s, Answer& answer)
{
    auto movements = FundsTable(s, answer).run();
    std::stable_sort(movements.begin(), movements.end(),
                     [](const auto& a, const auto& b) { return a.date < b.date; });
    movements_table(s, std::move(movements), answer);
    return receipts_table(s, answer);
}

} // namespace tranchain
