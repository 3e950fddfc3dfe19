// Audit books: follows a deal record by record and recomputes beside the judge what must add up.
//
// The judge has accepted each record again when it comes here; these are second sums, made another
// way: every posting, every account from day to day, the bank against the statements, the pool's
// roll-forward, every clause's count of days, and the totals of distributions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chain/contract.hpp"
#include "chain/finding.hpp"
#include "data/date.hpp"
#include "data/money.hpp"
#include "data/record.hpp"

namespace tranchain {

struct AuditedDistribution {
    std::string deal;
    Date date, paid_on;
    std::string priority;
    std::int64_t lines = 0;
    Money total;
};
struct AuditedTrigger {
    std::string deal, id;
    Date effective;
    std::int64_t count = 0;
};

/// What was recomputed.
struct AuditCounts {
    std::int64_t deals = 0, days = 0, postings = 0, balances = 0, statements = 0;
    std::int64_t bank = 0;        ///< days on which the bank was compared with the statements
    std::int64_t readings = 0;    ///< of clauses
    std::int64_t lines = 0;       ///< of distributions
};

class AuditBooks {
public:
    AuditBooks();
    ~AuditBooks();
    AuditBooks(const AuditBooks&) = delete;
    AuditBooks& operator=(const AuditBooks&) = delete;

    /// After the judge of `session` accepted the record of block `height`.
    void follow(std::int64_t height, const Record& record, Session& session);

    [[nodiscard]] const Findings& findings() const { return findings_; }
    [[nodiscard]] const AuditCounts& counts() const { return counts_; }
    [[nodiscard]] const std::vector<AuditedDistribution>& distributions() const
    {
        return distributions_;
    }
    [[nodiscard]] const std::vector<AuditedTrigger>& triggers() const { return triggers_; }

private:
    struct Deal;
    std::map<std::string, std::unique_ptr<Deal>> deals_;
    Findings findings_;
    AuditCounts counts_;
    std::vector<AuditedDistribution> distributions_;
    std::vector<AuditedTrigger> triggers_;
};

}  // namespace tranchain
