// Report fields.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/report_fields.hpp"

#include <array>

#include <fmt/core.h>

#include "waterfall/exact/names.hpp"

namespace tranchain {

Value per_unit(Money amount, std::int64_t units)
{
    if (units == 0) return Value::number("0.0000");
    const std::int64_t parts = amount.in_fen() * 100 / units;
    return Value::number(fmt::format("{}.{:04}", parts / 10'000, parts % 10'000));
}

std::string account_words(const Program& program, std::size_t account, const PaperWords& w)
{
    if (account >= account_count) return program.reserves[account - account_count].id;
    constexpr std::array<std::pair<const char*, const char*>, account_count> names{
        {{"bank", "银行存款"},
         {"receipts not yet allocated", "待分配回款"},
         {"unapplied cash", "未核销款项"},
         {"income", "收入科目"},
         {"principal", "本金科目"},
         {"ordered, not yet paid", "已指令未付款"}}};
    return w(names[account].first, names[account].second);
}

std::string phase_words(const std::string& phase, const PaperWords& w)
{
    constexpr std::pair<const char*, const char*> chinese[]{{"revolving", "循环期"},
                                                            {"amortization", "摊还期"},
                                                            {"accelerated", "加速清偿"},
                                                            {"default", "违约"},
                                                            {"enforcement", "处置执行"},
                                                            {"ended", "终止"}};
    for (const auto& [word, in_chinese] : chinese)
        if (phase == word) return w(word, in_chinese);
    return phase;
}

std::string record_words(const std::string& type, const PaperWords& w)
{
    constexpr std::pair<std::string_view, const char*> chinese[]{{record_type::terms, "交易条款"},
                                                                 {record_type::snapshot, "资产池快照"},
                                                                 {record_type::purchase, "循环购买"},
                                                                 {record_type::statement, "银行对账单"},
                                                                 {record_type::collections, "回款分配"},
                                                                 {record_type::dilution, "折让"},
                                                                 {record_type::insolvency, "债务人破产"},
                                                                 {record_type::day_close, "日终"},
                                                                 {record_type::notice, "通知"},
                                                                 {record_type::acknowledgement, "确认"},
                                                                 {record_type::distribution, "分配"},
                                                                 {record_type::document, "单据"}};
    for (const auto& [word, in_chinese] : chinese)
        if (type == word) return w(type.c_str(), in_chinese);
    return type;
}

void paper_head(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const Json& d = s.distribution;
    const auto left =
        s.deal.days.empty() ? std::nullopt : s.deal.left_bank(d, s.deal.days.back().date);
    answer.field("plan", w("plan", "专项计划"), s.deal.program.name)
        .field("currency", w("currency", "币种"), s.deal.program.currency)
        .field("payment_date", w("payment date", "兑付日"), date_in(d, "date"))
        .field("paid_on", left ? w("paid on", "实际划款日") : w("to be paid on", "应划款日"),
               left ? *left : date_in(d, "paid_on"))
        .field("from", w("collection period from", "归集期间起日"), date_in(d, "collection_from"))
        .field("to", w("to", "归集期间止日"), date_in(d, "calculation"));
}

Value day_in(const Json& object, std::string_view key)
{
    const std::string text = text_in(object, key);
    const auto day = Date::parse(text);
    return day ? Value(*day) : Value(text);
}

Value left_bank_words(const PaperSubject& s, const Json& distribution, Date through, const PaperWords& w)
{
    const auto on = s.deal.left_bank(distribution, through);
    return on ? Value(*on) : Value(w("not paid yet", "尚未划款"));
}

Value cumulative_percent(Money part, Money whole)
{
    if (whole == zero) return Value::number("0.0000%");
    const auto parts =
        static_cast<std::int64_t>(Int128{part.in_fen()} * 1'000'000 / whole.in_fen());
    return Value::number(fmt::format("{}.{:04}%", parts / 10'000, parts % 10'000));
}

} // namespace tranchain
