// Why books.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/why_books.hpp"

#include <utility>

#include <fmt/core.h>

#include "chain/block.hpp"
#include "cmd/contract.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

void WhyBooks::follow(std::int64_t height, const Record& record, Session& session)
{
    if (record.deal.empty() || height > last_) return;
    reports_.follow(height, record, session);
    WhyDeal& deal = deals_[record.deal];
    const std::size_t at = deal.records.size();
    deal.records.push_back({height, record});
    if (record.type == record_type::distribution && deal.last)
        deal.distributions.push_back({at, std::move(*deal.last)});
    deal.last = judge_of(session).state();
}

std::int64_t RecordRefs::number_of(std::size_t record)
{
    const WhyRecord& r = deal_.records.at(record);
    const auto [at, is_new] = blocks_.try_emplace(r.height);
    if (is_new) {
        const auto block = source_.block(r.height);
        const auto records = block && *block ? parse_body((*block)->body)
                                             : Checked<std::vector<SignedRecord>>();
        for (std::size_t i = 0; records && i < records->size(); ++i)
            at->second[hex((*records)[i].record.hash())] = static_cast<std::int64_t>(i + 1);
    }
    return at->second[hex(r.record.hash())];
}

std::string RecordRefs::operator()(std::size_t record)
{
    const auto [at, is_new] = used_.try_emplace(record);
    if (is_new) at->second = number_of(record);
    return fmt::format("{}/{}", deal_.records.at(record).height, at->second);
}

std::vector<RecordRefs::Used> RecordRefs::used() const
{
    std::vector<Used> out;
    for (const auto& [record, number] : used_)
        out.push_back({deal_.records.at(record).height, number, record});
    return out;
}

} // namespace tranchain
