// Governance log: the set in force at each height.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "chain/block.hpp"
#include "chain/governance.hpp"
#include "chain/takeover.hpp"
#include "data/attempt.hpp"

namespace tranchain {

GovernanceLog::GovernanceLog(ChainState genesis)
    : states_{{0, genesis}}, before_(std::move(genesis))
{
}

Judgement
GovernanceLog::judge(const SignedRecord& entry, std::int64_t height, std::int64_t time,
                     const Header* opens)
{
    if (height != height_) enact(enactment_, before_);
    height_ = height;
    if (Findings found = check_form(entry, time, before_); !found.empty())
        return {Ruling::refused, std::move(found), {}, {}};
    if (opens && entry.record.type == "takeover") return begin_epoch(entry, height, *opens);
    Judgement j = govern(entry, before_, enactment_);
    if (j.ruling != Ruling::accepted) return j;
    ChainState after = before_;
    Enactment all = enactment_;
    enact(all, after);
    if (states_.back().first > height) states_.pop_back(); // the block has changed more than that
    states_.emplace_back(height + 1, std::move(after));
    return j;
}

Judgement
GovernanceLog::begin_epoch(const SignedRecord& entry, std::int64_t height, const Header& header)
{
    const ChainState& voted = at(height - 1);
    const Below below{header.prev, height - 1, voted.epoch, voted.members};
    ChainState after = before_;
    Judgement j = take_over(entry.record, below, after);
    if (j.ruling != Ruling::accepted) return j;
    if (after.epoch != header.epoch || after.orderer != header.orderer)
        return {Ruling::refused,
                {make_finding(finding::bad_epoch,
                              fmt::format("the header states epoch {} of '{}', its takeover leads to "
                                          "epoch {} of '{}'",
                                          header.epoch, header.orderer, after.epoch, after.orderer))},
                {},
                {}};
    before_ = std::move(after);
    states_.emplace_back(height, before_);
    return j;
}

const ChainState& GovernanceLog::at(std::int64_t height) const
{
    auto it = states_.rbegin();
    while (it + 1 != states_.rend() && it->first > height) ++it;
    return it->second;
}

std::vector<Member> GovernanceLog::ever() const
{
    std::vector<Member> out;
    for (const auto& [from, state] : all())
        for (const Member& m : state.members.all())
            if (std::ranges::none_of(
                    out, [&](const Member& o) { return o.name == m.name && o.key == m.key; }))
                out.push_back(m);
    std::ranges::stable_sort(out, {}, &Member::name);
    return out;
}

Result<GovernanceLog> governance_of(Store& store)
{
    const auto damaged = [&](std::int64_t height) {
        return fail(Code::invalid_input, fmt::format("block {} is missing or damaged", height),
                    {store.path()}, "run 'chain verify' on the database");
    };
    const auto records_of = [&](const std::optional<StoredBlock>& block) {
        return block ? parse_body(block->body) : Checked<std::vector<SignedRecord>>();
    };
    TRANCHAIN_TRY(const auto first, store.block(0));
    const auto founding = records_of(first);
    if (!founding || founding->empty()) return damaged(0);
    TRANCHAIN_TRY(const Genesis genesis, one(genesis_from_record(founding->front().record)));
    GovernanceLog log(ChainState::from_genesis(genesis));
    TRANCHAIN_TRY(const auto places, store.governance_records());
    for (const RecordPlace& p : places) {
        TRANCHAIN_TRY(const auto block, store.block(p.height));
        const auto records = records_of(block);
        const auto at = static_cast<std::size_t>(p.position);
        const auto header = block ? Header::parse(block->header) : Checked<Header>();
        if (!records || !header || at >= records->size()) return damaged(p.height);
        const Judgement j = log.judge((*records)[at], p.height, header->time,
                                      at == 0 ? &*header : nullptr);
        if (j.ruling != Ruling::accepted) return damaged(p.height);
    }
    return log;
}

} // namespace tranchain
