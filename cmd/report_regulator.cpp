// The regulator's paper: what a deal was promised to be, by whom, and what became of it.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "cmd/report_fields.hpp"
#include "data/text.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

void terms_fields(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const auto terms =
        std::find_if(s.deal.records.begin(), s.deal.records.end(),
                     [](const ReportRecord& r) { return r.type == record_type::terms; });
    answer.field("plan", w("plan", "专项计划"), s.deal.program.name)
        .field("currency", w("currency", "币种"), s.deal.program.currency)
        .field("closing", w("closing", "设立日"), s.deal.program.closing)
        .field("legal_final", w("legal final maturity", "法定到期日"), s.deal.program.legal_final)
        .field("as_of", w("as of the end of", "截至日(日终)"), s.to);
    if (terms != s.deal.records.end())
        answer
            .field("terms", w("record of the terms, SHA-256", "条款记录摘要(SHA-256)"), terms->hash)
            .field("terms_block", w("sealed in block", "所在区块"), terms->height);
    answer.field("deal_file", w("deal file, SHA-256", "交易文件摘要(SHA-256)"),
                 s.deal.source_sha256);
    const auto days = s.deal.between(s.from, s.to);
    const ReportDay* last = days.empty() ? nullptr : days.back();
    answer
        .field("outstanding", w("outstanding principal", "未偿本金"),
               last ? Value(last->outstanding) : Value(""))
        .field("pool", w("pool balance", "资产池余额"),
               last ? Value(last->totals.pool_balance) : Value(""));
}

/// Who votes at the block of the paper.
void parties_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const MemberSet& members = s.chain.members.at(s.chain.height).members;
    answer.field("quorum",
                 w("members whose signatures make a block final", "区块终局所需签名成员数"),
                 static_cast<std::int64_t>(members.quorum()));
    Table& t = answer.table("parties",
                            {{"member", w("member", "成员")},
                             {"roles", w("roles", "角色")},
                             {"key", w("public key", "公钥")}},
                            w("parties", "参与机构"));
    for (const Member& m : members.all()) t.add({m.name, Value::texts(m.roles), to_text(m.key)});
}

/// What one set of members or policy has that the one before had not.
std::string difference_of(const ChainState& before, const ChainState& after, const PaperWords& w)
{
    std::vector<std::string> out;
    for (const Member& m : after.members.all()) {
        const Member* old = before.members.find(m.name);
        if (old == nullptr)
            out.push_back(fmt::format("{} {}", w("votes:", "加入或恢复:"), m.name));
        else if (old->key != m.key)
            out.push_back(fmt::format("{} {}", w("new key:", "更换密钥:"), m.name));
        else if (!(*old == m))
            out.push_back(fmt::format("{} {}", w("changed:", "变更:"), m.name));
    }
    for (const Member& m : before.members.all())
        if (after.members.find(m.name) == nullptr)
            out.push_back(fmt::format("{} {}", w("votes no more:", "退出或暂停:"), m.name));
    if (before.orderer != after.orderer)
        out.push_back(fmt::format("{} {}", w("orders:", "排序成员:"), after.orderer));
    if (!(before.policy == after.policy)) out.emplace_back(w("policy", "链规则"));
    return join(out, "; ");
}

/// Amendments up to the block that closed the last day: of the alliance, and records that correct others. The terms of a deal are accepted
/// once.
void changes_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const auto terms =
        std::count_if(s.deal.records.begin(), s.deal.records.end(),
                      [](const ReportRecord& r) { return r.type == record_type::terms; });
    const std::int64_t last = s.deal.closed_in(s.to);
    const auto corrections = std::count_if(
        s.deal.records.begin(), s.deal.records.end(), [&](const ReportRecord& r) {
            return r.height <= last && (r.corrects || r.type == record_type::correction);
        });
    answer
        .field("amendments", w("amendments of the terms", "条款修订次数"),
               terms > 0 ? terms - 1 : 0)
        .field("corrections", w("records that correct another", "更正记录数"), corrections);
    Table& t = answer.table(
        "changes",
        {{"block", w("in force from block", "生效起始区块")}, {"change", w("change", "变更内容")}},
        w("changes of members and policy", "成员及规则变更"));
    const auto& states = s.chain.members.all();
    for (std::size_t i = 1; i < states.size(); ++i) {
        if (states[i].first > last) break;
        t.add({states[i].first, difference_of(states[i - 1].second, states[i].second, w)});
    }
}

/// No table in deals whose ledgers and bank never differed.
void corrections_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const std::int64_t last = s.deal.closed_in(s.to);
    Table* t = nullptr;
    for (const auto& [height, part] : s.deal.corrections) {
        if (height > last) continue;
        if (t == nullptr)
            t = &answer.table("borne",
                              {{"date", w("date", "日期")},
                               {"reference", w("paid by the bank for", "银行付款用途")},
                               {"amount", w("amount", "金额")},
                               {"ledger", w("borne by", "承担科目")},
                               {"reason", w("reason", "原因")},
                               {"block", w("block", "区块")}},
                              w("corrections of the books", "账务更正"));
        t->add({part.gap.date, part.gap.reference, part.gap.amount,
                account_words(s.deal.program, static_cast<std::size_t>(part.ledger), w),
                part.reason, height});
    }
}

void breaches_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    Table& t = answer.table("breaches",
                            {{"trigger", w("trigger", "触发事件")},
                             {"effective", w("took effect at the end of", "生效日(日终)")},
                             {"effect", w("effect", "后果")},
                             {"block", w("block", "区块")},
                             {"clause", w("its words", "条款内容")}},
                            w("triggers that took effect", "已生效的触发事件"));
    for (const ReportEffect& e : s.deal.effects) {
        if (e.date > s.to) continue;
        const Trigger& trigger = s.deal.program.triggers[e.trigger];
        const auto on = s.deal.between(e.date, e.date);
        t.add({trigger.id, e.date, std::string(name_of(trigger.effect)),
               on.empty() ? Value("") : Value(on.front()->height), trigger.clause.text});
    }
}

/// By calendar month, and in all.
void losses_table(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    struct Loss {
        Money defaulted, lost, recovered;
    };
    std::map<std::string, Loss> months;
    Loss all;
    for (const ReportDay* day : s.deal.between(s.from, s.to)) {
        const DaySheet& sheet = day->sheet;
        const Loss loss{sheet.defaulted_face, sheet.loss + sheet.defaulted_cost, sheet.recovered};
        for (Loss* into : {&months[day->date.str().substr(0, 7)], &all}) {
            into->defaulted += loss.defaulted;
            into->lost += loss.lost;
            into->recovered += loss.recovered;
        }
    }
    Table& t =
        answer.table("losses",
                     {{"month", w("month", "月份")},
                      {"defaulted", w("face defaulted", "新增违约面值")},
                      {"lost", w("cost lost to default and dilution", "违约及折让损失(成本)")},
                      {"recovered", w("of it recovered", "其中回收")},
                      {"net", w("net loss", "净损失")}},
                     w("losses", "损失"));
    const auto add = [&](const std::string& name, const Loss& l) {
        t.add({name, l.defaulted, l.lost, l.recovered, l.lost - l.recovered});
    };
    for (const auto& [month, loss] : months) add(month, loss);
    add(w("since closing", "设立以来"), all);
}

} // namespace

void regulator_paper(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    answer.title(
        fmt::format("{} {}", s.deal.program.name, w("report to the regulator", "监管报告")));
    terms_fields(s, w, answer);
    const BankComparison bank = compare_with_bank(s);
    answer
        .field("compared", w("days on which book and bank were compared", "账实核对天数"),
               bank.compared)
        .field("breaks", w("days on which they differ", "核对不符天数"), bank.breaks);
    parties_table(s, w, answer);
    breaches_table(s, w, answer);
    notices_table(s, w, answer, nullptr);
    changes_table(s, w, answer);
    corrections_table(s, w, answer);
    losses_table(s, w, answer);
}

} // namespace tranchain
