// Judging and making what is computed: closes, notices and distributions.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "data/assert.hpp"
#include "waterfall/exact/close.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/difference.hpp"
#include "waterfall/exact/instruction.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/judge_parts.hpp"
#include "waterfall/exact/notice.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

/// What a close in progress has done: the next state, and how to take the pool back.
struct Judge::Closing {
    DealState next;
    std::vector<DaySheet> sheets;
    Pool::Undo undo;
    std::vector<std::pair<DealState, Journal>> days; ///< for the observer
};

std::optional<Verdict> judge_through(const Program& program, const DealState& state, Date through)
{
    if (through <= state.closed_through) {
        return refused("day-closed", fmt::format("{} is closed", through.str()));
    }
    for (const DaySource& source : program.sources) {
        const Date complete = state.sources.at(source.id).complete_through;
        if (complete < through) {
            return not_yet(fmt::format("'{}' ({}) to declare {} complete", source.id, source.type,
                                       (complete + 1).str()));
        }
    }
    return std::nullopt;
}

namespace {

/// Names the first field of a sheet in which the public part and the rows differ.
Verdict sheet_differs(const DaySheet& stated, const DaySheet& computed)
{
    const auto json = [](const DaySheet& sheet) {
        return build_close({sheet.date, {sheet}, 0, {}})
            .public_part.find("days")
            ->as_array()
            .front();
    };
    const std::string what = first_difference(json(stated), json(computed));
    return refused("sheet-differs", fmt::format("{}: {}", stated.date.str(), what));
}

} // namespace

Verdict Judge::run_close(const ClosePart* stated,
                         Date through,
                         const Context& context,
                         Closing& closing) const
{
    if (pool_) closing.undo = pool_->begin();
    if (!state_.started) return not_yet("the snapshot of closing");
    if (state_.notice_owed) return not_yet("the notice of the triggers that took effect");
    if (auto problem = judge_through(*program_, state_, through)) return *problem;
    const auto days = static_cast<std::size_t>(through - state_.closed_through);
    if (stated != nullptr && stated->days.size() != days) {
        return refused("sheet-not-sound",
                       fmt::format("{} days are stated, {} are closed", stated->days.size(), days));
    }
    closing.next = state_;
    for (std::size_t i = 0; i < days; ++i) {
        const Date day = state_.closed_through + static_cast<std::int32_t>(i) + 1;
        if (closing.next.notice_owed) {
            return refused("past-trigger",
                           fmt::format("a trigger takes effect on {}: close through "
                                       "that day",
                                       (day - 1).str()));
        }
        DaySheet sheet = pool_ ? pool_->close_day(day, closing.undo) : stated->days[i];
        if (pool_ && state_.net_pool) {
            sheet.net_pool = pool_->net_pool(*program_, day, closing.undo);
        }
        if (pool_ && stated != nullptr && !(sheet == stated->days[i])) {
            return sheet_differs(stated->days[i], sheet);
        }
        Journal journal;
        Errors findings =
            tranchain::close_day(*program_, closing.next, sheet, context.height, &journal);
        if (!findings.empty()) {
            const std::string& id = findings.front().id;
            const bool missing = id == unknown_reference || id == not_executed;
            if (missing) return not_yet(findings.front().message);
            return refused(std::move(findings));
        }
        const BankBreak* gap = i > 0 ? purchasable_break(closing.next, day) : nullptr;
        if (gap != nullptr) {
            return not_yet(fmt::format("{}: the bank paid {} for '{}', which may be ordered once {} "
                                       "is closed",
                                       day.str(), gap->amount.str(), gap->reference,
                                       (day - 1).str()));
        }
        closing.sheets.push_back(std::move(sheet));
        if (on_day_) closing.days.emplace_back(closing.next, std::move(journal));
    }
    return accepted();
}

Verdict Judge::judge_close(const Record& record, const Context& context)
{
    auto part = parse_close(record.public_part);
    if (!part) return refused(std::move(part.error()));
    if (record.business_date != part->through) {
        return refused("wrong-date", "business_date is not the day closed through");
    }
    Closing closing;
    Verdict verdict = run_close(&*part, part->through, context, closing);
    if (verdict.accepted() && part->live_count != closing.next.live_count) {
        verdict = refused("sheet-differs", fmt::format("live.count is {}, the days give {}",
                                                       part->live_count, closing.next.live_count));
    }
    if (verdict.accepted() && pool_) {
        if (const std::string root = pool_->live_root(); root != part->live_root) {
            verdict = refused("sheet-differs",
                              fmt::format("live.root is {}, rows give {}", part->live_root, root));
        }
    }
    if (!verdict.accepted()) {
        if (pool_) pool_->roll_back(closing.undo);
        return verdict;
    }
    if (pool_) pool_->commit(closing.undo);
    state_ = std::move(closing.next);
    state_.live_root = part->live_root;
    for (const auto& [state, journal] : closing.days) on_day_(state, journal);
    return verdict;
}

namespace {

Error as_error(const Verdict& verdict)
{
    if (verdict.kind == Verdict::Kind::not_yet) {
        return {Code::busy, verdict.waits_for, {}, {}, ""};
    }
    return verdict.findings.empty() ? Error{} : verdict.findings.front();
}

} // namespace

Result<Record> Judge::make_close(Date through)
{
    if (!pool_) return fail(Code::not_found, "a close is made from rows, and there are none here");
    if (!program_) return fail(Code::busy, "the terms of the deal");
    Closing closing;
    const Verdict verdict = run_close(nullptr, through, {}, closing);
    ClosePart part;
    if (verdict.accepted()) {
        part = {through, std::move(closing.sheets), closing.next.live_count, pool_->live_root()};
    }
    pool_->roll_back(closing.undo);
    if (!verdict.accepted()) return tl::make_unexpected(as_error(verdict));
    return build_close(part);
}

Result<Record> Judge::make_notice() const
{
    if (!program_ || !state_.notice_owed) {
        return fail(Code::answer_no, "no trigger took effect that needs a notice");
    }
    return build_notice(*program_, state_);
}

Verdict Judge::judge_notice(const Record& record)
{
    if (!state_.notice_owed) {
        return refused("no-notice-owed", "no trigger took effect that needs a notice");
    }
    const Record expected = build_notice(*program_, state_);
    if (record.business_date != expected.business_date) {
        return refused("wrong-date", "business_date is not the effective day");
    }
    const std::string what = first_difference(record.public_part, expected.public_part);
    if (!what.empty()) return refused("figure-differs", what);
    state_.notices.push_back({hex(record.hash()), state_.notice_owed->fired, {}});
    state_.notice_owed.reset();
    return accepted();
}

Verdict Judge::judge_acknowledgement(const Record& record, const Context& context)
{
    auto hash = parse_acknowledgement(record.public_part);
    if (!hash) return refused(std::move(hash.error()));
    const auto at = std::find_if(state_.notices.begin(), state_.notices.end(),
                                 [&](const NoticeGiven& n) { return n.hash == *hash; });
    if (at == state_.notices.end()) return refused("unknown-notice", "there is no such notice");
    bool addressed = false;
    std::vector<std::string> fresh;
    for (const Addressee& a : addressees(*program_, state_, at->fired)) {
        if (!holds_role(context, a.party)) continue;
        addressed = true;
        const auto& given = at->acknowledged;
        if (std::find(given.begin(), given.end(), a.party) == given.end()) fresh.push_back(a.party);
    }
    if (!addressed) {
        return refused("not-addressed",
                       fmt::format("the notice is not addressed to '{}'", record.author));
    }
    if (fresh.empty())
        return refused("duplicate", fmt::format("'{}' acknowledged it", record.author));
    at->acknowledged.insert(at->acknowledged.end(), fresh.begin(), fresh.end());
    std::sort(at->acknowledged.begin(), at->acknowledged.end());
    return accepted();
}

Result<Record> Judge::make_distribution(Date unadjusted) const
{
    if (!program_ || !state_.started) return fail(Code::busy, "the snapshot of closing");
    if (const auto gap = unexplained(state_)) return fail(Code::busy, *gap);
    auto d = distribute(*program_, state_, unadjusted);
    if (!d) return tl::make_unexpected(std::move(d.error()));
    Record r;
    r.type = record_type::distribution;
    r.business_date = d->booked;
    r.public_part = distribution_part(*program_, *d);
    return r;
}

Verdict Judge::judge_distribution(const Record& record)
{
    const Json* named = record.public_part.is_object() ? record.public_part.find("date") : nullptr;
    const auto date = named != nullptr && named->is_string() ? Date::parse(named->as_string())
                                                             : Result<Date>(tl::unexpect, Error{});
    if (!date) return refused("bad-record", "distribution.date is not a date");
    if (const auto gap = unexplained(state_)) return not_yet(*gap);
    auto d = distribute(*program_, state_, *date);
    if (!d && d.error().code == Code::busy) return not_yet(d.error().message);
    if (!d) return refused("not-due", d.error().message);
    if (auto no = judge_as_computed(record, d->booked, distribution_part(*program_, *d))) return *no;
    accept(state_, *d);
    if (asks_instructions(*program_) && d->total > zero) {
        state_.orders[distribution_reference(*date)] = distribution_order(*program_, *d);
    }
    return accepted();
}

} // namespace tranchain
