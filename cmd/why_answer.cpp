// Why answer: what was due and by which clause, the payment, the records.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/why_answer.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "cmd/accepted.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/instruction.hpp"
#include "waterfall/exact/working.hpp"

namespace tranchain {

namespace {

Language why_language(const WhySubject& s)
{
    return s.w.chinese ? Language::chinese : Language::english;
}

std::string payee_item(const Step& step, const std::string& payee)
{
    switch (step.kind) {
    case Step::Kind::pay_interest:
        return payee + ".interest";
    case Step::Kind::pay_principal:
        return payee + ".principal";
    case Step::Kind::pay_rest_to_tranche:
        return payee + ".residual";
    case Step::Kind::pay_fees:
        return "fee." + payee;
    case Step::Kind::pay_fees_above_cap:
        return payee.empty() ? "" : "fee." + payee + ".above-cap";
    case Step::Kind::fund_reserve:
    case Step::Kind::release_reserve:
        return "reserve." + payee;
    case Step::Kind::pay_facility_interest:
        return "facility." + payee + ".interest";
    case Step::Kind::pay_facility_premium:
        return "facility." + payee + ".premium";
    case Step::Kind::repay_facility:
        return "facility." + payee + ".principal";
    case Step::Kind::judge_trigger:
        return "trigger." + payee;
    case Step::Kind::cover_losses:
    case Step::Kind::pay_rest_to_principal:
    case Step::Kind::cover_income_shortfall:
    case Step::Kind::buy_receivables:
    case Step::Kind::keep_rest:
        return "";
    }
    return "";
}

bool leaves_the_account(const Step& step)
{
    return !paid_item(step.kind).empty();
}

/// `deal.toml:42:11` where the deal file was given and has that clause.
std::string clause_place(const WhySubject& s, const Line& line)
{
    if (!s.source) return "";
    const Step* step = step_of(*s.source, line);
    if (step == nullptr || step->clause.text != line.clause) return "";
    return fmt::format("{}:{}:{}", s.source_file, step->clause.line, step->clause.column);
}

/// Of all lines of the item. What one line leaves due of a payee's claim the next one states again.
std::pair<Money, Money> due_and_paid(const WhySubject& s)
{
    std::map<std::pair<std::string, Step::Kind>, std::pair<Money, Money>> claims;
    for (const std::size_t i : s.item.lines) {
        const Line& line = s.d.lines[i];
        const Step* step = step_of(s.report.program, line);
        auto& [due, paid] = claims[{line.payee, step ? step->kind : Step::Kind::keep_rest}];
        due = max(due, paid + line.due);
        paid += line.paid;
    }
    std::pair<Money, Money> sum;
    for (const auto& [claim, one] : claims) {
        sum.first += one.first;
        sum.second += one.second;
    }
    return sum;
}

/// One sentence for who reads nothing else.
std::string why_summary(const WhySubject& s, Money due, Money paid)
{
    const PaperWords& w = s.w;
    const Line& first = s.d.lines[s.item.lines.front()];
    std::string out = fmt::format(fmt::runtime(w("Of {} due under the clause \"{}\", {} was paid",
                                                 "依据条款“{1}”，应付{0}，实付{2}")),
                                  due.grouped(), first.clause, paid.grouped());
    Money lent, drawn, borrowed;
    for (const std::size_t i : s.item.lines) {
        lent += s.d.lines[i].lent;
        drawn += s.d.lines[i].drawn;
        borrowed += s.d.lines[i].borrowed;
    }
    std::vector<std::string> parts;
    const auto part = [&](Money amount, const char* english, const char* chinese) {
        if (amount != zero) parts.push_back(fmt::format(fmt::runtime(w(english, chinese)), amount.grouped()));
    };
    const Step* step = step_of(s.report.program, first);
    if (step != nullptr && leaves_the_account(*step)) {
        const Money own = paid - lent - drawn - borrowed;
        if (first.book == "all")
            part(own, "{} out of the ledgers, which are merged", "{}来自合并后的科目");
        else if (first.book == "income")
            part(own, "{} out of the income ledger", "{}来自收入科目");
        else
            part(own, "{} out of the principal ledger", "{}来自本金科目");
        part(lent, "{} lent by the principal ledger", "{}由本金科目垫付");
        part(drawn, "{} drawn from reserves", "{}由储备金支取");
        part(borrowed, "{} lent by facilities", "{}由流动性额度垫付");
    }
    if (!parts.empty()) out += w(": ", "：") + join(parts, w(", ", "，"));
    return out + w(".", "。");
}

std::size_t terms_of(const WhyDeal& deal)
{
    for (std::size_t i = 0; i < deal.records.size(); ++i)
        if (deal.records[i].record.type == record_type::terms) return i;
    return 0;
}

/// By the number of the clause, each once: what `else` puts in its place has the same.
std::vector<const Line*> clauses_of(const WhySubject& s)
{
    std::vector<const Line*> out;
    for (const std::size_t i : s.item.lines)
        if (out.empty() || out.back()->number != s.d.lines[i].number) out.push_back(&s.d.lines[i]);
    return out;
}

std::string clause_meaning(const WhySubject& s, const Line& line)
{
    const Step* step = step_of(s.report.program, line);
    return step ? explain(*step, s.report.program, why_language(s)) : std::string();
}

void clause_fields(WhySubject& s, Answer& answer)
{
    const PaperWords& w = s.w;
    const Line& line = *clauses_of(s).front();
    const std::string place = clause_place(s, line);
    answer.field("clause", w("clause", "条款"), line.number)
        .field("words", w("its words", "条款原文"), line.clause)
        .field("meaning", w("what it does", "含义"), clause_meaning(s, line))
        .field("place", w("its place", "文件位置"),
               place.empty() ? Value() : Value(place))
        .field("terms", w("terms in record", "条款记录"), s.refs(terms_of(s.deal)));
    if (!s.source)
        answer.note(w("Its line and column: give the deal file with --terms.",
                      "条款所在行列：以 --terms 指定条款文件。"));
}

void further_clauses(WhySubject& s, Answer& answer)
{
    const auto clauses = clauses_of(s);
    if (clauses.size() < 2) return;
    const PaperWords& w = s.w;
    Table& t = answer.table("clauses",
                            {{"clause", w("clause", "条款")},
                             {"place", w("its place", "文件位置")},
                             {"words", w("its words", "条款原文")},
                             {"meaning", w("what it does", "含义")}},
                            w("all clauses of this item", "本项涉及的全部条款"));
    for (const Line* line : clauses)
        t.add({line->number, clause_place(s, *line), line->clause, clause_meaning(s, *line)});
}

void working_table(WhySubject& s, Answer& answer)
{
    const PaperWords& w = s.w;
    Table& t = answer.table("working",
                            {{"line", w("line", "序号")},
                             {"payee", w("payee", "收款方")},
                             {"step", w("step", "计算步骤")},
                             {"figure", w("figure", "数值")}},
                            w("how what is due was computed", "应付金额的计算过程"));
    for (const std::size_t i : s.item.lines) {
        const Line& line = s.d.lines[i];
        for (const WorkingStep& step :
             working_of(s.report.program, s.asked.before, s.d, i, why_language(s))) {
            Value figure;
            if (const Money* money = std::get_if<Money>(&step.figure))
                figure = *money;
            else
                figure = std::get<std::string>(step.figure);
            t.add({short_number(line.number), line.payee, step.what, figure});
        }
    }
}

/// The entry of the statement's rows that is this debit.
Result<std::string>
debit_entry(const WhySubject& s, const WhyRecord& r, Date date, const std::string& reference)
{
    if (!s.rows) return std::string(s.w("rows not in this copy", "本副本不含明细行"));
    TRANCHAIN_TRY(const auto rows, (*s.rows)(hex(r.record.hash())));
    if (!rows) return std::string(s.w("rows not in this copy", "本副本不含明细行"));
    for (const Row& row : *rows) {
        TRANCHAIN_TRY(const StatementRow entry, read_statement_row(row));
        if (entry.entry.date == date && entry.entry.amount < zero && entry.entry.reference == reference)
            return row.key;
    }
    return std::string();
}

void records_table(WhySubject& s, Answer& answer)
{
    const PaperWords& w = s.w;
    Table& t = answer.table("records",
                            {{"record", w("record", "记录")},
                             {"height", w("block", "区块")},
                             {"number", w("its record", "区块内序号")},
                             {"type", w("type", "类型")},
                             {"author", w("signed by", "签署方")},
                             {"seq", w("his number", "签署方编号")},
                             {"hash", w("hash, SHA-256", "哈希（SHA-256）")}},
                            w("the signed records named above", "以上所引的签名记录"));
    for (const RecordRefs::Used& u : s.refs.used()) {
        const Record& r = s.deal.records[u.record].record;
        const bool computed = r.author.empty();
        t.add({fmt::format("{}/{}", u.height, u.number), u.height, u.number, r.type,
               computed ? w("(computed by all)", "（各方计算）") : r.author,
               computed ? Value() : Value(r.seq), hex(r.hash())});
    }
    const RecordRefs::Used& one = s.refs.used().back();
    answer.note(fmt::format(fmt::runtime(w("{0}/{1} is record {1} of block {0}: 'tranchain chain show {0} "
                                           "--record {1}' prints it.",
                                           "{0}/{1} 即区块{0}的第{1}条记录，可用 tranchain chain show {0} "
                                           "--record {1} 查看。")),
                            one.height, one.number));
}

} // namespace

std::string short_number(const std::string& number)
{
    const auto phase = number.find('.');
    const auto rest = phase == std::string::npos ? phase : number.find('.', phase + 1);
    return rest == std::string::npos ? number : number.substr(rest + 1);
}

std::vector<WhyItem> why_items(const Program& program, const Distribution& d)
{
    std::vector<WhyItem> items;
    for (std::size_t i = 0; i < d.lines.size(); ++i) {
        const Step* step = step_of(program, d.lines[i]);
        std::string id = step && !d.lines[i].payee.empty() ? payee_item(*step, d.lines[i].payee) : "";
        if (id.empty()) id = short_number(d.lines[i].number);
        const auto at = std::find_if(items.begin(), items.end(),
                                     [&](const WhyItem& item) { return item.id == id; });
        if (at == items.end())
            items.push_back({std::move(id), {i}});
        else
            at->lines.push_back(i);
    }
    return items;
}

void why_head(WhySubject& s, Answer& answer)
{
    const PaperWords& w = s.w;
    const auto [due, paid] = due_and_paid(s);
    const std::string date = s.d.date.unadjusted.str();
    answer.title(w.chinese
                     ? fmt::format("{} {}：应付{}，实付{}", date, s.item.id, due.grouped(), paid.grouped())
                     : fmt::format("{} on {}: {} due, {} paid", s.item.id, date, due.grouped(),
                                   paid.grouped()));
    answer.note(why_summary(s, due, paid));
    answer.field("deal", w("deal", "专项计划"), s.report.program.id)
        .field("date", w("distribution", "分配（未调整日）"), s.d.date.unadjusted)
        .field("paid_on", w("to be paid on", "划款日"), s.d.booked)
        .field("record", w("its record", "分配记录"), s.refs(s.asked.record))
        .field("interest_from", w("interest from", "计息起日"), s.d.interest_from)
        .field("collection_from", w("collection period from", "归集期间起日"), s.d.collection_from)
        .field("calculation", w("to the calculation date", "计算日"), s.d.date.calculation)
        .field("item", w("item", "项目"), s.item.id)
        .field("due", w("due", "应付"), due)
        .field("paid", w("paid", "实付"), paid)
        .field("unpaid", w("left unpaid", "未付"), due - paid);
    clause_fields(s, answer);
    working_table(s, answer);
    further_clauses(s, answer);
}

Result<> why_payment(WhySubject& s, Answer& answer)
{
    const PaperWords& w = s.w;
    const std::string reference = distribution_reference(s.d.date.unadjusted);
    const Line& line = s.d.lines[s.item.lines.front()];
    const Step* step = step_of(s.report.program, line);
    if (step == nullptr || !leaves_the_account(*step)) {
        answer.note(w("This line moves money inside the account of the plan: no debit of the bank belongs "
                      "to it.",
                      "本项为专项计划账户内部划转，银行流水中无对应支出。"));
        answer.data("debits", Value::array());
        records_table(s, answer);
        return {};
    }
    Money left = s.d.total;
    Table& t = answer.table("debits",
                            {{"date", w("booked on", "记账日")},
                             {"reference", w("reference", "附言")},
                             {"amount", w("amount", "金额")},
                             {"record", w("statement in record", "对账单记录")},
                             {"entry", w("account/statement/entry", "账户/对账单/笔号")},
                             {"author", w("signed by", "签署方")}},
                            w("the bank's debit that paid the distribution", "支付本次分配的银行支出"));
    for (std::size_t i = 0; i < s.deal.records.size(); ++i) {
        const WhyRecord& r = s.deal.records[i];
        if (r.record.type != record_type::statement) continue;
        const auto part = parse_statement(r.record.public_part);
        if (!part) continue;
        for (const auto& day : part->days) {
            for (const Debit& debit : day.debits) {
                if (debit.reference != reference) continue;
                TRANCHAIN_TRY(const std::string entry, debit_entry(s, r, day.date, reference));
                t.add({day.date, debit.reference, debit.amount, s.refs(i), entry, r.record.author});
                left -= debit.amount;
            }
        }
    }
    if (s.d.total == zero)
        answer.note(w("Nothing of this distribution leaves the bank.", "本次分配无款项自托管账户划出。"));
    else if (t.rows().empty())
        answer.note(w("Not paid yet: no statement in this copy has a debit for it.",
                      "尚未支付：本副本的对账单中无对应支出。"));
    else if (left > zero)
        answer.note(fmt::format(fmt::runtime(w("Not paid in full yet: {} of {} has not left the bank.",
                                               "尚未付清：{}（共{}）未划出。")),
                                left.grouped(), s.d.total.grouped()));
    else
        answer.note(fmt::format(fmt::runtime(w("The debit is of all that the distribution pays, {}; this "
                                               "item is part of it.",
                                               "该笔支出为本次分配总额{}，本项包含在内。")),
                                s.d.total.grouped()));
    records_table(s, answer);
    return {};
}

} // namespace tranchain
