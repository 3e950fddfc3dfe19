// Report fields.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/report_fields.hpp"

#include <array>

#include <fmt/core.h>

#include "waterfall/exact/names.hpp"

namespace tranchain {

std::string per_unit(Money amount, std::int64_t units)
{
    if (units == 0) return "0.0000";
    const std::int64_t parts = amount.in_fen() * 100 / units;
    return fmt::format("{}.{:04}", parts / 10'000, parts % 10'000);
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

void paper_head(const PaperSubject& s, const PaperWords& w, Answer& answer)
{
    const Json& d = s.distribution;
    answer.field("plan", w("plan", "专项计划"), s.deal.program.name)
        .field("currency", w("currency", "币种"), s.deal.program.currency)
        .field("payment_date", w("payment date", "兑付日"), date_in(d, "date"))
        .field("paid_on", w("paid on", "实际划款日"), date_in(d, "paid_on"))
        .field("from", w("collection period from", "归集期间起日"), date_in(d, "collection_from"))
        .field("to", w("to", "归集期间止日"), date_in(d, "calculation"));
}

std::vector<const ReportDay*> days_of_period(const PaperSubject& s)
{
    const Date from = date_in(s.distribution, "collection_from");
    const Date to = date_in(s.distribution, "calculation");
    std::vector<const ReportDay*> out;
    for (const ReportDay& day : s.deal.days) {
        if (day.date >= from && day.date <= to) out.push_back(&day);
    }
    return out;
}

const ReportDay* day_before(const ReportDeal& deal, Date date)
{
    const ReportDay* last = nullptr;
    for (const ReportDay& day : deal.days) {
        if (day.date >= date) break;
        last = &day;
    }
    return last;
}

} // namespace tranchain
