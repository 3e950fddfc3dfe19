// Report papers: what each paper says, in English or Chinese, all from the same books.
//
// The period of a paper is the collection period of its distribution. Amounts per unit have four
// decimals, as the depository's confirmation has them; a part beyond is cut, and what was paid per
// unit has none.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chain/governance.hpp"
#include "cmd/output.hpp"
#include "cmd/report_books.hpp"

namespace tranchain {

struct PaperWords {
    bool chinese = false;
    const char* operator()(const char* english, const char* in_chinese) const
    {
        return chinese ? in_chinese : english;
    }
};

/// The alliance at the block a paper is made from.
struct PaperChain {
    const GovernanceLog& members;
    std::int64_t height = 0;
    bool rows = false; ///< every record was compared with its rows
};

/// One deal, seen from one distribution of it, from a trigger that took effect, or over some days.
struct PaperSubject {
    const ReportDeal& deal;
    const PaperChain& chain;
    Date from, to;                      ///< the days it is about, both inclusive
    Json distribution = {};             ///< public part
    std::size_t tranche = 0;            ///< of Program::tranches; for the investor
    const ReportEffect* effect = nullptr;
};

/// 收益分配报告: per tranche and unit, the payment instruction with amounts in capitals, every line.
void distribution_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// 资产服务报告: the pool from the period's beginning to its end, collections, purchases, triggers.
void servicing_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// 托管报告: every ledger, what left the bank, statements, and book against bank.
void custody_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// One tranche through all distributions to this one, per unit and whole.
void investor_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// The evidence of a trigger: every day of its count with the block that holds it, who was told and
/// has answered, and on which day how much would have stopped the count.
void breach_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// 受托管理报告: what the pool is proven by, which checks were made and which were not, the payments
/// recomputed, and the triggers of the period.
void trustee_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// The digest of the terms, the parties, breaches, notices and answers, changes, and losses by month.
void regulator_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// 年度资产管理报告: a calendar year's cash, pool, payments, fees against their caps, and events.
void annual_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);
/// 临时报告: whether one is due, fact by fact, and what the chain cannot know.
void interim_paper(const PaperSubject& s, const PaperWords& w, Answer& answer);

} // namespace tranchain
