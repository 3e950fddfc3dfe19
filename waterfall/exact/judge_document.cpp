// Judging papers: what they say of themselves, and whether the receivables are known.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "waterfall/exact/document.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/judge_parts.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

/// A paper of the deal has one row without receivable; the others one for each.
std::optional<Error> misbound(const DocumentPart& part, const DocumentRow& row, const Pool& pool)
{
    if (row.asset_id.empty() != (part.count == 0)) {
        return pool_finding("sum-differs", part.count == 0
                                               ? "count is 0, a row names a receivable"
                                               : "a row names no receivable, count is not 0");
    }
    if (row.asset_id.empty() || pool.find(row.asset_id) != nullptr) return std::nullopt;
    return pool_finding("unknown-asset",
                        fmt::format("'{}' is in no snapshot and no purchase", row.asset_id));
}

} // namespace

Verdict Judge::judge_document(const Record& record, const std::vector<Row>* rows)
{
    auto part = parse_document(record.public_part);
    if (!part) return refused(std::move(part.error()));
    if (record.covers || record.corrects) {
        return refused("bad-record", "a document declares no days and corrects nothing");
    }
    if (record.rows != std::max<std::int64_t>(part->count, 1)) {
        return refused("sum-differs", "count is not that of the rows");
    }
    if (part->expires) {
        if (part->expires->year() < first_year || part->expires->year() > last_year) {
            return refused("wrong-date", fmt::format("it expires {}, in no year of a deal",
                                                     part->expires->str()));
        }
        if (record.business_date && *part->expires < *record.business_date) {
            return refused("wrong-date",
                           fmt::format("it is dated {} and expires {}, before that",
                                       record.business_date->str(), part->expires->str()));
        }
    }
    if (rows == nullptr) return accepted();
    Errors findings;
    for (const Row& row : *rows) {
        const auto read = read_document(row);
        if (!read) {
            findings.push_back(read.error());
        } else if (auto wrong = misbound(*part, *read, pool())) {
            findings.push_back(std::move(*wrong));
        }
    }
    return findings.empty() ? accepted() : refused(std::move(findings));
}

} // namespace tranchain
