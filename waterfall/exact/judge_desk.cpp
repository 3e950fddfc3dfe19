// Judging facts that no record carries: what a desk run feeds.
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "data/assert.hpp"
#include "waterfall/exact/close.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/judge_parts.hpp"
#include "waterfall/exact/pool.hpp"

namespace tranchain {

namespace {

Record head_of(std::string_view type, std::optional<Date> business_date, std::size_t rows)
{
    Record r;
    r.type = type;
    r.business_date = business_date;
    r.rows = static_cast<std::int64_t>(rows);
    return r;
}

template <class Fact>
bool too_large(const std::vector<Fact>& facts)
{
    Gross gross;
    for (const Fact& fact : facts) gross.add(size_of(fact));
    return gross.too_large();
}

Verdict refuse_large(std::string_view type)
{
    return refused("too-large",
                   "the amounts of this " + std::string(type) + " are too large to add up");
}

/// Whoever declares the days of a source.
Context every_source(const Program& program)
{
    Context context;
    for (const DaySource& source : program.sources) context.author_roles.push_back(source.by);
    return context;
}

} // namespace

Verdict Judge::take_snapshot(Date as_of, const std::vector<Holding>& holdings)
{
    if (auto problem = judge_turn(record_type::snapshot)) return *problem;
    if (too_large(holdings)) return refuse_large(record_type::snapshot);
    return judge_snapshot(head_of(record_type::snapshot, as_of, holdings.size()),
                          snapshot_part(as_of, holdings), {nullptr, &holdings});
}

Verdict Judge::take_purchase(Date day, std::int64_t seq, const std::vector<Holding>& holdings)
{
    if (auto problem = judge_turn(record_type::purchase)) return *problem;
    if (too_large(holdings)) return refuse_large(record_type::purchase);
    Record head = head_of(record_type::purchase, day, holdings.size());
    head.seq = seq;
    return judge_purchase(head, purchase_part(settlement_day(*program_, day), holdings),
                          {nullptr, &holdings});
}

Verdict Judge::take_statement(const Record::Covers& covers,
                              const std::string& account,
                              std::int64_t number,
                              Money opening,
                              const std::vector<StatementEntry>& entries)
{
    if (auto problem = judge_turn(record_type::statement)) return *problem;
    if (too_large(entries)) return refuse_large(record_type::statement);
    Record head = head_of(record_type::statement, std::nullopt, entries.size());
    head.covers = covers;
    return judge_statement(head, statement_part(account, number, opening, entries),
                           every_source(*program_), {nullptr, &entries});
}

Verdict Judge::take_collections(const Record::Covers& covers,
                                const std::vector<Allocation>& allocations)
{
    if (auto problem = judge_turn(record_type::collections)) return *problem;
    if (too_large(allocations)) return refuse_large(record_type::collections);
    Record head = head_of(record_type::collections, std::nullopt, allocations.size());
    head.covers = covers;
    return judge_collections(head, collections_part(allocations), every_source(*program_),
                             {nullptr, &allocations});
}

Verdict Judge::take_dilutions(const std::vector<Dilution>& dilutions)
{
    if (auto problem = judge_turn(record_type::dilution)) return *problem;
    if (too_large(dilutions)) return refuse_large(record_type::dilution);
    return judge_dilution(dilution_part(dilutions), {nullptr, &dilutions});
}

Verdict Judge::take_insolvency(Date date,
                               const std::string& group,
                               const std::vector<std::string>& obligors)
{
    if (auto problem = judge_turn(record_type::insolvency)) return *problem;
    const InsolvencyPart part{date, group, static_cast<std::int64_t>(obligors.size())};
    return judge_insolvency(head_of(record_type::insolvency, date, obligors.size()), part,
                            {nullptr, &obligors});
}

Result<Distribution> Judge::take_distribution(Date unadjusted)
{
    if (judge_turn(record_type::distribution)) return fail(Code::busy, "a notice comes first");
    auto d = distribute(*program_, state_, unadjusted);
    if (d) accept(state_, *d);
    return d;
}

Verdict Judge::take_close(Date through, std::int64_t height)
{
    invariant(pool_ != nullptr && program_.has_value());
    if (auto problem = judge_turn(record_type::day_close)) return *problem;
    if (auto problem = judge_through(*program_, state_, through)) return *problem;
    while (state_.closed_through < through && !state_.notice_owed) {
        Pool::Undo undo = pool_->begin_final();
        const Date day = state_.closed_through + 1;
        DaySheet sheet = pool_->close_day(day, undo);
        if (state_.net_pool) sheet.net_pool = pool_->net_pool(*program_, day, undo);
        Journal journal;
        Errors findings = close_day(*program_, state_, sheet, height, &journal);
        if (!findings.empty()) return refused(std::move(findings));
        pool_->commit(undo);
        if (on_day_) on_day_(state_, journal);
    }
    return accepted();
}

} // namespace tranchain
