// Judging the sources of days: the custodian's statements and the servicer's collections.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "waterfall/exact/business_day.hpp"
#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/judge_parts.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

/// Whether the record declares the very next days of its source, and its author may.
std::optional<Verdict> judge_days(const DaySource& source,
                                  const SourceState& at,
                                  const Record& record,
                                  const Context& context)
{
    if (!record.covers || record.covers->to < record.covers->from) {
        return refused("bad-record", fmt::format("a {} covers days", record.type));
    }
    if (record.covers->from <= at.complete_through) {
        return refused("day-complete", fmt::format("'{}' declared {} complete", source.id,
                                                   record.covers->from.str()));
    }
    if (record.covers->from > at.complete_through + 1) {
        return not_yet(fmt::format("the {} of '{}' for {}", record.type, source.id,
                                   (at.complete_through + 1).str()));
    }
    if (holds_role(context, source.by)) return std::nullopt;
    const Date open_to_others = record.covers->to + source.latest_days;
    if (source.instead.empty() || !holds_role(context, source.instead)) {
        return refused("wrong-author",
                       fmt::format("'{}' may not declare days of '{}'", record.author, source.id));
    }
    if (business_day(context.time) > open_to_others) return std::nullopt;
    return not_yet(fmt::format("the {} may declare {} of '{}' after {}", source.instead,
                               record.covers->to.str(), source.id, open_to_others.str()));
}

bool inside(Date day, const Record::Covers& covers)
{
    return day >= covers.from && day <= covers.to;
}

Error differs(Date day, std::string_view field, Money stated, Money rows)
{
    return {Code::answer_no,
            fmt::format("{}: {} is stated as {}, rows give {}", day.str(), field, stated.str(),
                        rows.str()),
            {},
            {},
            "sum-differs"};
}

Errors compare_statement(const StatementPart& part, const std::vector<StatementRow>& rows)
{
    std::map<Date, StatementPart::Day> sums;
    std::int64_t next = 1;
    for (const StatementRow& r : rows) {
        if (r.account != part.account || r.number != part.number || r.entry.entry != next++) {
            return {{Code::answer_no,
                     fmt::format("row '{}' is not an entry of this statement, or an "
                                 "entry is missing before it",
                                 entry_key(r.account, r.number, r.entry.entry)),
                     {},
                     {},
                     "bad-row"}};
        }
        StatementPart::Day& day = sums[r.entry.date];
        if (r.entry.amount > zero)
            day.credits += r.entry.amount;
        else
            day.debits.push_back({r.entry.reference, -r.entry.amount});
    }
    Errors findings;
    for (const auto& stated : part.days) {
        StatementPart::Day& day = sums[stated.date];
        std::sort(day.debits.begin(), day.debits.end());
        if (day.credits != stated.credits) {
            findings.push_back(differs(stated.date, "credits", stated.credits, day.credits));
        }
        if (day.debits != stated.debits) {
            findings.push_back(
                {Code::answer_no,
                 fmt::format("{}: debits are not those of the rows", stated.date.str()),
                 {},
                 {},
                 "sum-differs"});
        }
        sums.erase(stated.date);
    }
    for (const auto& [date, day] : sums) {
        findings.push_back({Code::answer_no,
                            fmt::format("{}: rows have entries, none is stated", date.str()),
                            {},
                            {},
                            "sum-differs"});
    }
    return findings;
}

/// What is ordered under a reference, if that is known already.
std::optional<Money> ordered(const DealState& state, const std::string& reference)
{
    if (const auto at = state.payables.find(reference); at != state.payables.end())
        return at->second;
    if (const auto at = state.purchases.find(reference); at != state.purchases.end()) {
        return at->second.price;
    }
    for (const Payout& p : state.payouts) {
        if (!p.paid && distribution_reference(p.unadjusted) == reference) return p.total;
    }
    return std::nullopt;
}

Errors compare_orders(const DealState& state, const StatementPart& part)
{
    std::map<std::string, Money> paid;
    for (const auto& [date, day] : state.open) {
        for (const Debit& d : day.debits) paid[d.reference] += d.amount;
    }
    Errors findings;
    for (const auto& day : part.days) {
        for (const Debit& d : day.debits) {
            const Money sum = paid[d.reference] += d.amount;
            const auto order = ordered(state, d.reference);
            if (!order || sum <= *order) continue;
            findings.push_back({Code::answer_no,
                                fmt::format("{}: {} paid for '{}', {} is ordered", day.date.str(),
                                            sum.str(), d.reference, order->str()),
                                {},
                                {},
                                "paid-too-much"});
        }
    }
    return findings;
}

/// Receipts allocated before they came in, or more unapplied cash taken than there is.
std::optional<Verdict> judge_funds(const DealState& state, const CollectionsPart& part, Date to)
{
    std::map<Date, CollectionsPart::Day> stated;
    for (const auto& day : part.days) stated[day.date] = day;
    Money collection = state.book.balance(Account::collection_account);
    Money unapplied =
        state.book.balance(Account::unapplied) - borne_by(state, Account::unapplied);
    for (Date d = state.closed_through + 1; d <= to; ++d) {
        if (const auto at = state.open.find(d); at != state.open.end()) {
            const OpenDay& o = at->second;
            collection += o.credits - o.collected - o.unapplied - o.other_income - o.support;
            unapplied += o.unapplied;
            for (const Debit& debit : o.debits) {
                if (debit.reference.starts_with("transfer/")) collection -= debit.amount;
            }
        }
        if (const auto at = stated.find(d); at != stated.end()) {
            const CollectionsPart::Day& day = at->second;
            collection -= day.amount + day.unapplied + day.income + day.support;
            unapplied += at->second.unapplied;
        }
        if (collection < zero) {
            return refused("above-receipts", fmt::format("{}: {} more is allocated than came in",
                                                         d.str(), (-collection).str()));
        }
        if (unapplied < zero) {
            return refused("above-receipts", fmt::format("{}: {} more unapplied cash is used than "
                                                         "there is",
                                                         d.str(), (-unapplied).str()));
        }
    }
    return std::nullopt;
}

Errors compare_collections(const CollectionsPart& part, const std::vector<Allocation>& rows)
{
    std::map<Date, CollectionsPart::Day> sums;
    CollectionsPart::Day* day = nullptr;
    for (const Allocation& a : rows) { // rows are in order of their dates
        if (day == nullptr || day->date != a.date) {
            day = &sums[a.date];
            day->date = a.date;
        }
        day->sum_of(a.kind) += a.amount;
    }
    Errors findings;
    for (const auto& stated : part.days) {
        const CollectionsPart::Day rows_give = sums[stated.date];
        const auto compare = [&](std::string_view field, Money a, Money b) {
            if (a != b) findings.push_back(differs(stated.date, field, a, b));
        };
        compare("amount", stated.amount, rows_give.amount);
        compare("unapplied", stated.unapplied, rows_give.unapplied);
        compare("income", stated.income, rows_give.income);
        compare("support", stated.support, rows_give.support);
        sums.erase(stated.date);
    }
    for (const auto& [date, sum] : sums) {
        findings.push_back({Code::answer_no,
                            fmt::format("{}: rows have allocations, none is stated", date.str()),
                            {},
                            {},
                            "sum-differs"});
    }
    return findings;
}

} // namespace

Verdict Judge::judge_statement(const Record& record,
                               const StatementPart& part,
                               const Context& context,
                               const Behind<StatementEntry>& behind)
{
    const DaySource* source = nullptr;
    for (const DaySource& s : program_->sources) {
        if (s.type == record_type::statement && s.id == part.account) source = &s;
    }
    if (source == nullptr) {
        return refused("unknown-account",
                       fmt::format("the terms name no account '{}'", part.account));
    }
    SourceState& at = state_.sources[source->id];
    if (auto problem = judge_days(*source, at, record, context)) return *problem;
    if (part.number != at.number + 1) {
        return refused("wrong-number", fmt::format("statement {} follows {} of '{}'", part.number,
                                                   at.number, source->id));
    }
    if (part.opening != at.closing) {
        return refused("opening-differs", fmt::format("opening is {}, the account stood at {}",
                                                      part.opening.str(), at.closing.str()));
    }
    if (part.closing < zero) return refused("overdrawn", "closing is below zero");
    for (const auto& day : part.days) {
        if (!inside(day.date, *record.covers)) {
            return refused("wrong-date", fmt::format("{} is not covered", day.date.str()));
        }
    }
    if (!records_breaks(*program_)) { // else what is paid above its order is a break of its day
        if (Errors findings = compare_orders(state_, part); !findings.empty()) {
            return refused(std::move(findings));
        }
    }
    if (behind.facts != nullptr) {
        for (const StatementEntry& e : *behind.facts) {
            if (e.amount <= zero) continue;
            pool_->add_receipt(entry_key(part.account, part.number, e.entry), e.date, e.amount);
        }
    }
    if (behind.rows != nullptr) {
        std::vector<StatementRow> entries;
        Errors findings = read_rows(*behind.rows, entries, read_statement_row);
        if (findings.empty()) findings = compare_statement(part, entries);
        if (!findings.empty()) return refused(std::move(findings));
        pool_->expect_receipts(entries.size());
        for (std::size_t i = 0; i < entries.size(); ++i) { // a row's key is its entry's
            const StatementEntry& e = entries[i].entry;
            if (e.amount > zero) pool_->add_receipt((*behind.rows)[i].key, e.date, e.amount);
        }
    }
    for (const auto& day : part.days) {
        OpenDay& open = state_.open[day.date];
        open.credits += day.credits;
        open.debits.insert(open.debits.end(), day.debits.begin(), day.debits.end());
        std::sort(open.debits.begin(), open.debits.end());
    }
    at = {record.covers->to, part.number, part.closing};
    return accepted();
}

Verdict Judge::judge_collections(const Record& record,
                                 const CollectionsPart& part,
                                 const Context& context,
                                 const Behind<Allocation>& behind)
{
    const DaySource* source = nullptr;
    for (const DaySource& s : program_->sources) {
        if (s.type != record_type::collections) continue;
        const bool his = holds_role(context, s.by) || holds_role(context, s.instead);
        if (source == nullptr || his) source = &s;
    }
    if (source == nullptr) return refused("no-sources", "the terms ask nobody for collections");
    SourceState& at = state_.sources[source->id];
    if (auto problem = judge_days(*source, at, record, context)) return *problem;
    for (const auto& day : part.days) {
        if (!inside(day.date, *record.covers)) {
            return refused("wrong-date", fmt::format("{} is not covered", day.date.str()));
        }
        if (day.support != zero && !receives_support(*program_)) {
            return refused("no-support", fmt::format("{}: the terms name no reserve for money of a "
                                                     "supporter",
                                                     day.date.str()));
        }
    }
    for (const DaySource& s : program_->sources) {
        if (s.type != record_type::statement) continue;
        const Date complete = state_.sources[s.id].complete_through;
        if (complete < record.covers->to) {
            return not_yet(fmt::format("the statement of '{}' for {}", s.id, (complete + 1).str()));
        }
    }
    if (auto problem = judge_funds(state_, part, record.covers->to)) return *problem;
    if (behind) {
        std::vector<Allocation> read;
        Errors findings;
        if (behind.rows != nullptr) {
            findings = read_rows(*behind.rows, read, read_allocation);
            if (findings.empty()) findings = compare_collections(part, read);
        }
        const auto& allocations = behind.facts != nullptr ? *behind.facts : read;
        if (findings.empty()) findings = pool_->add_allocations(allocations);
        if (!findings.empty()) return refused(std::move(findings));
    }
    for (const auto& day : part.days) {
        OpenDay& open = state_.open[day.date];
        open.collected += day.amount;
        open.unapplied += day.unapplied;
        open.other_income += day.income;
        open.support += day.support;
    }
    at.complete_through = record.covers->to;
    return accepted();
}

} // namespace tranchain
