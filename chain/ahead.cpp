// Ahead: the way from the newest final block to a candidate, walked with its governance.
// SPDX-License-Identifier: Apache-2.0
#include "chain/ahead.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "chain/block.hpp"
#include "chain/takeover.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

tl::unexpected<Error> unfit(std::string_view id, std::string message, std::string hint = {})
{
    auto e = fail(Code::answer_no, std::move(message), {}, std::move(hint));
    e.value().id = id;
    return e;
}

/// Judges what governs in `c`; all of it, or only the takeover.
Result<> walk(GovernanceLog& log, const Candidate& c, bool whole)
{
    TRANCHAIN_TRY(const Header header, one(Header::parse(c.header)));
    TRANCHAIN_TRY(const auto records, one(parse_body(c.body)));
    for (const SignedRecord& r : records) {
        const bool first = &r == &records.front();
        if (!is_governance(r.record.type) || (!whole && !first)) continue;
        if (!whole && r.record.type != "takeover") continue;
        const Judgement j = log.judge(r, c.height, header.time, first ? &header : nullptr);
        if (j.ruling == Ruling::accepted) continue;
        return j.findings.empty() ? unfit(finding::bad_change, "it waits for " + j.waits_for)
                                  : unfit(j.findings.front().id, j.findings.front().text());
    }
    const ChainState& now = log.at(c.height);
    if (header.epoch != now.epoch || header.orderer != now.orderer)
        return unfit(finding::bad_epoch,
                     fmt::format("height {}: epoch {} of '{}' is not what its records lead to",
                                 c.height, header.epoch, header.orderer));
    return {};
}

} // namespace

void Ahead::know(std::vector<Candidate> candidates)
{
    for (Candidate& c : candidates)
        if (!find(c.hash)) known_.push_back(std::move(c));
}

const Candidate* Ahead::find(const Hash& header) const
{
    const auto it = std::ranges::find(known_, header, &Candidate::hash);
    return it == known_.end() ? nullptr : &*it;
}

Result<std::vector<Candidate>> Ahead::below(const Candidate& c) const
{
    std::vector<Candidate> way;
    const Candidate* upper = &c;
    while (true) {
        TRANCHAIN_TRY(const Header header, one(Header::parse(upper->header)));
        if (upper->height == tip_ + 1 && header.prev == newest_) break;
        const Candidate* lower = find(header.prev);
        if (upper->height <= tip_ + 1 || !lower || lower->height + 1 != upper->height)
            return fail(Code::not_found,
                        fmt::format("block {}, header {}, on which height {} stands, is not here",
                                    upper->height - 1, hex(header.prev), upper->height),
                        {}, "import a bundle of a member who has it");
        way.push_back(*lower);
        upper = lower;
    }
    std::ranges::reverse(way);
    return way;
}

Result<ChainState> Ahead::in_force(const Candidate& c) const
{
    if (c.height == tip_ + 1 && c.epoch == next().epoch) return next();
    TRANCHAIN_TRY(const auto way, below(c));
    GovernanceLog log = governed_;
    const auto begins = [&](const Candidate& one) {
        return one.epoch > log.at(one.height).epoch && begins_with_takeover(one.body);
    };
    for (const Candidate& lower : way) {
        if (lower.height > tip_ + 1 && !begins(lower))
            return unfit(finding::bad_epoch, fmt::format("height {} stands on a block that is not "
                                                         "final, but begins no epoch",
                                                         lower.height));
        TRANCHAIN_DO(walk(log, lower, true));
    }
    if (!begins(c))
        return unfit(finding::bad_epoch,
                     fmt::format("height {}: epoch {} begins without a takeover, or is not above "
                                 "epoch {}",
                                 c.height, c.epoch, log.at(c.height).epoch));
    TRANCHAIN_DO(walk(log, c, false));
    return log.at(c.height);
}

Result<> Ahead::check(const Freeze& s, std::span<const ReadyAnswer> answers,
                      const Standing& newest) const
{
    const auto bad = [&](const std::string& why) {
        return unfit(finding::bad_freeze,
                     fmt::format("the statement of '{}' for epoch {} {}", s.member, s.epoch, why));
    };
    if (s.chain != next().chain) return bad("is of chain '" + s.chain + "'");
    if (!is_signed_by_one(s, next().members) && !is_signed_by_one(s, governed_.at(tip_).members))
        return bad("is not signed by a member's key");
    if (!s.endorsed || standing_of(*s.endorsed) < newest) return {};
    const Freeze::Endorsed& e = *s.endorsed;
    if (standing_of(e) == newest) {
        if (e.header == newest_) return {};
        return bad(fmt::format("names header {} in the place of {}, which is final", hex(e.header),
                               hex(newest_)));
    }
    const Candidate* named = find(e.header);
    if (named == nullptr || named->epoch != e.epoch || named->height != e.height ||
        named->attempt != e.attempt)
        return bad(fmt::format("names header {}, which is not here", hex(e.header)));
    TRANCHAIN_TRY(const ChainState voting, in_force(*named));
    if (count_ready(answers, s.chain, e.epoch, e.height, e.attempt, e.header, voting.members) <
        voting.members.quorum())
        return bad(fmt::format("names header {} without its {} ready answers", hex(e.header),
                               voting.members.quorum()));
    return {};
}

std::vector<ReadyAnswer> answers_for(const Freeze& s, std::span<const ReadyAnswer> answers)
{
    std::vector<ReadyAnswer> out;
    for (const ReadyAnswer& a : answers)
        if (s.endorsed && a.verdict == Stance::ready && a.header == s.endorsed->header &&
            a.epoch == s.endorsed->epoch && a.height == s.endorsed->height &&
            a.attempt == s.endorsed->attempt)
            out.push_back(a);
    return out;
}

} // namespace tranchain
