// Report books: one record after the other.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/report_books.hpp"

#include "cmd/accepted.hpp"
#include "cmd/contract.hpp"
#include "waterfall/exact/instruction.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

namespace {

std::vector<std::optional<Reading>> readings_of(const DealState& state)
{
    std::vector<std::optional<Reading>> out;
    for (const TriggerState& t : state.triggers) {
        const bool today = !t.run.empty() && t.run.back().date == state.closed_through;
        out.push_back(today ? std::optional(t.run.back()) : std::nullopt);
    }
    return out;
}

Money outstanding_of(const DealState& state)
{
    Money sum;
    for (const TrancheState& t : state.tranches) sum += t.balance;
    return sum;
}

ReportRecord entry_of(std::int64_t height, const Record& r)
{
    ReportRecord out{height, r.type, r.author, hex(r.hash()), r.business_date, r.rows, {}, r.corrects.has_value()};
    if (r.covers) out.date = r.covers->to;
    if (r.rows_root) out.root = hex(*r.rows_root);
    return out;
}

} // namespace

void ReportBooks::close(std::int64_t height, const Record& record, ReportDeal& deal)
{
    const auto part = parse_close(record.public_part);
    for (std::size_t i = 0; part && i < part->days.size() && i < closed_.size(); ++i) {
        const auto& [state, journal] = closed_[i];
        deal.days.push_back({state.closed_through, height, part->days[i], state.totals, outstanding_of(state),
                             state.book, journal, readings_of(state), state.payables, bank_holds(state)});
        deal.phase = state.phase;
        for (const Fired& f : state.fired) {
            if (f.effective != state.closed_through || f.trigger < 0) continue;
            deal.effects.push_back({static_cast<std::size_t>(f.trigger), f.effective});
        }
    }
    if (part) deal.live.push_back({part->through, height, part->live_count, part->live_root});
    closed_.clear();
}

std::vector<const ReportDay*> ReportDeal::between(Date from, Date to) const
{
    std::vector<const ReportDay*> out;
    for (const ReportDay& day : days)
        if (day.date >= from && day.date <= to) out.push_back(&day);
    return out;
}

const ReportDay* ReportDeal::before(Date date) const
{
    const ReportDay* last = nullptr;
    for (const ReportDay& day : days) {
        if (day.date >= date) break;
        last = &day;
    }
    return last;
}

std::optional<Date> ReportDeal::left_bank(const Json& distribution, Date through) const
{
    const std::string reference = distribution_reference(date_in(distribution, "date"));
    const Date ordered = date_in(distribution, "paid_on");
    Money left = money_in(distribution, "total");
    if (left == zero) return ordered <= through ? std::optional(ordered) : std::nullopt;
    for (const ReportDay& day : days) {
        if (day.date > through) break;
        for (const Posting& posting : day.journal) {
            if (posting.why != reference) continue;
            for (const auto& [account, amount] : posting.entries)
                if (account == Account::bank) left += amount;
            if (left == zero) return day.date;
        }
    }
    return {};
}

std::int64_t ReportDeal::closed_in(Date date) const
{
    const auto on = between(date, date);
    return on.empty() ? -1 : on.front()->height;
}

void ReportBooks::follow(std::int64_t height, const Record& record, Session& session)
{
    if (record.deal.empty() || height > last_) return;
    Judge& judge = judge_of(session);
    const auto [at, is_new] = deals_.try_emplace(record.deal);
    if (is_new) {
        judge.on_day([this](const DealState& state, const Journal& journal) {
            closed_.emplace_back(state, journal);
        });
    }
    ReportDeal& deal = at->second;
    deal.records.push_back(entry_of(height, record));
    if (record.type == record_type::terms) {
        deal.program = judge.program();
        if (const auto part = parse_terms(record.public_part)) deal.source_sha256 = part->source_sha256;
    } else if (record.type == record_type::snapshot) {
        deal.opening = judge.state().book;
        deal.opening_pool = judge.state().totals.pool_balance;
    } else if (record.type == record_type::distribution) {
        deal.distributions.push_back(record.public_part);
        deal.fees_after.push_back(judge.state().payouts.back().fees);
    } else if (record.type == record_type::day_close) {
        close(height, record, deal);
    } else if (record.type == record_type::insolvency) {
        if (const auto part = parse_insolvency(record.public_part))
            deal.insolvent.emplace_back(part->date, part->group);
    } else if (record.type == record_type::correction) {
        if (auto part = parse_correction(record.public_part))
            deal.corrections.push_back({height, std::move(*part)});
    } else if (record.type == record_type::notice) {
        deal.notices.push_back({hex(record.hash()), height, record.public_part, {}});
    } else if (record.type == record_type::acknowledgement) {
        const auto hash = parse_acknowledgement(record.public_part);
        for (ReportNotice& n : deal.notices)
            if (hash && n.hash == *hash) n.answers.emplace_back(record.author, height);
    } else if (record.type == record_type::instruction) {
        deal.payments.push_back({hex(record.hash()), height, record.public_part, -1, {}});
    } else if (record.type == record_type::execution) {
        const auto answer = parse_execution(record.public_part);
        for (ReportPayment& p : deal.payments) {
            if (!answer || p.hash != answer->instruction) continue;
            p.answered = height;
            p.refusal = answer->refusal;
        }
    } else if (record.type == record_type::statement && record.covers) {
        if (auto part = parse_statement(record.public_part)) {
            deal.statements.push_back({std::move(*part), *record.covers});
        }
    }
}

} // namespace tranchain
