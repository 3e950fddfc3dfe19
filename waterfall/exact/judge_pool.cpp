// Judging what changes the pool: snapshot, purchase, dilution, insolvency.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "waterfall/exact/instruction.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/judge_parts.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/purchase.hpp"
#include "waterfall/exact/trigger.hpp"

namespace tranchain {

namespace {

/// Count and sums of the public part against the rows.
Errors
compare_sums(const std::vector<Holding>& holdings, std::int64_t count, Money face, Money price)
{
    Money faces;
    Money prices;
    for (const Holding& h : holdings) {
        faces += h.face;
        prices += h.price;
    }
    Errors findings;
    const auto differ = [&](std::string_view field, const std::string& stated,
                            const std::string& rows) {
        if (stated != rows) {
            findings.push_back(
                {Code::answer_no,
                 fmt::format("{} is stated as {}, rows give {}", field, stated, rows),
                 {},
                 {},
                 "sum-differs"});
        }
    };
    differ("count", std::to_string(count), std::to_string(holdings.size()));
    differ("face", face.str(), faces.str());
    differ("price", price.str(), prices.str());
    return findings;
}

/// Reads the rows behind a record, if it has rows, and holds them against its count and sums. False
/// when they cannot be read.
template <class Part>
bool read_bought(const Behind<Holding>& behind,
                 const Part& part,
                 std::vector<Holding>& read,
                 Errors& findings)
{
    if (behind.rows == nullptr) return true;
    findings = read_rows(*behind.rows, read, read_holding);
    if (!findings.empty()) return false;
    findings = compare_sums(read, part.count, part.face, part.price);
    return true;
}

void set_reserves_aside(const Program& p, Book& book)
{
    for (std::size_t i = 0; i < p.reserves.size(); ++i) {
        book.post(Posting::transfer(p.closing, "reserve", Account::principal, reserve_account(i),
                                    p.reserves[i].opening),
                  nullptr);
    }
}

} // namespace

Verdict Judge::judge_snapshot(const Record& record,
                              const SnapshotPart& part,
                              const Behind<Holding>& behind)
{
    const Program& p = *program_;
    if (state_.started) return refused("snapshot-given", "the pool of closing is known already");
    if (part.as_of != p.closing || record.business_date != p.closing) {
        return refused("wrong-date", fmt::format("the snapshot is as of {}, closing is {}",
                                                 part.as_of.str(), p.closing.str()));
    }
    if (part.count != record.rows) return refused("sum-differs", "count is not that of the rows");
    const Money cash = notes_proceeds(p) - part.price;
    if (cash < zero) {
        return refused("no-cash", fmt::format("price {} is above the notes' {}", part.price.str(),
                                              notes_proceeds(p).str()));
    }
    const Money set_aside = reserves_opening(p);
    if (cash < set_aside) {
        return refused("no-cash", fmt::format("{} are left of the notes, reserves open with {}",
                                              cash.str(), set_aside.str()));
    }
    if (behind) {
        std::vector<Holding> read;
        Errors findings;
        if (!read_bought(behind, part, read, findings)) return refused(std::move(findings));
        const std::vector<Holding>& holdings = behind.facts != nullptr ? *behind.facts : read;
        append(findings, judge_holdings(p, pool_.get(), p.closing, p.closing, holdings));
        DealState proceeds = state_; // the first purchase, out of what the notes brought in
        proceeds.book.post(
            Posting::receipt(p.closing, "notes", Account::principal, notes_proceeds(p)), nullptr);
        set_reserves_aside(p, proceeds.book);
        append(findings, judge_limits(p, proceeds, *pool_, holdings));
        if (!findings.empty()) return refused(std::move(findings));
        findings = pool_->add_snapshot(holdings, behind.rows);
        if (!findings.empty()) return refused(std::move(findings));
    }
    state_.book.post(Posting::receipt(p.closing, "notes less price", Account::principal, cash),
                     nullptr);
    set_reserves_aside(p, state_.book);
    state_.totals.pool_balance = part.face;
    state_.totals.bought_to_date = part.face;
    state_.totals.principal = cash - set_aside;
    state_.live_count = part.count;
    if (state_.net_pool) state_.net_pool->eligible = part.face; // judged a moment ago
    // The first statement of the first account opens with the cash of closing.
    for (const DaySource& source : p.sources) {
        if (source.type != record_type::statement) continue;
        state_.sources[source.id].closing = cash;
        break;
    }
    state_.started = true;
    return accepted();
}

Verdict Judge::judge_purchase(const Record& record,
                              const PurchasePart& part,
                              const Behind<Holding>& behind)
{
    const Program& p = *program_;
    if (!record.business_date) return refused("bad-record", "a purchase has a business_date");
    const Date day = *record.business_date;
    if (part.count != record.rows) return refused("sum-differs", "count is not that of the rows");
    if (const Date settle = settlement_day(p, day); settle != part.settle) {
        return refused("wrong-date", fmt::format("bought on {} it settles on {}, not {}", day.str(),
                                                 settle.str(), part.settle.str()));
    }
    if (state_.phase != Phase::revolving) {
        return refused("not-revolving", "nothing is bought after the revolving period");
    }
    if (buying_stopped(p, state_)) {
        return refused("buying-stopped", "a trigger in effect stops purchases");
    }
    if (part.settle > p.revolving_until) {
        return refused("not-revolving",
                       fmt::format("no purchase settles after {}", p.revolving_until.str()));
    }
    if (day < p.closing) return refused("wrong-date", "bought before closing");
    if (part.settle <= state_.closed_through) {
        return refused("day-closed", fmt::format("{} is closed", part.settle.str()));
    }
    if (part.settle > state_.closed_through + 1) {
        return not_yet(fmt::format("the close of {}", (part.settle - 1).str()));
    }
    if (const auto next = next_payment(p, state_); next && next->adjusted <= part.settle) {
        return not_yet(fmt::format("the distribution of {}", next->unadjusted.str()));
    }
    const std::string reference = purchase_reference(part.settle, record.seq);
    if (state_.purchases.contains(reference)) {
        return refused("duplicate", fmt::format("'{}' is accepted already", reference));
    }
    Gross bought;
    bought.add(state_.totals.bought_to_date);
    for (const auto& [other, pending] : state_.purchases) bought.add(pending.face);
    bought.add(part.face);
    if (bought.too_large()) return refused("too-large", "more is bought than can be added up");
    if (Errors findings = judge_cash(p, state_, part); !findings.empty()) {
        return refused(std::move(findings));
    }
    if (behind) {
        std::vector<Holding> read;
        Errors findings;
        if (!read_bought(behind, part, read, findings)) return refused(std::move(findings));
        const std::vector<Holding>& holdings = behind.facts != nullptr ? *behind.facts : read;
        append(findings, judge_holdings(p, pool_.get(), day, part.settle, holdings));
        append(findings, judge_limits(p, state_, *pool_, holdings));
        if (!findings.empty()) return refused(std::move(findings));
        findings = pool_->add_purchase(reference, part.settle, holdings, behind.rows);
        if (!findings.empty()) return refused(std::move(findings));
    }
    const PendingPurchase& pending = state_.purchases[reference] = {part.settle, part.count,
                                                                    part.face, part.price};
    const bool desk = behind.facts != nullptr; // there is nobody to instruct or to execute
    if (asks_instructions(p) && !desk) state_.orders[reference] = purchase_order(pending);
    return accepted();
}

Verdict Judge::judge_dilution(const DilutionPart& part, const Behind<Dilution>& behind)
{
    for (const auto& day : part.days) {
        if (day.date <= state_.closed_through) {
            return refused("day-closed", fmt::format("{} is closed", day.date.str()));
        }
        for (const DaySource& source : program_->sources) {
            if (source.type == record_type::collections &&
                day.date <= state_.sources[source.id].complete_through) {
                return refused("day-complete",
                               fmt::format("'{}' declared {} complete", source.id, day.date.str()));
            }
        }
    }
    if (behind.rows != nullptr) {
        std::vector<Dilution> dilutions;
        Errors findings = read_rows(*behind.rows, dilutions, read_dilution);
        if (!findings.empty()) return refused(std::move(findings));
        std::map<Date, DilutionPart::Day> sums;
        for (const auto& day : dilution_part(dilutions).days) sums[day.date] = day;
        for (const auto& day : part.days) {
            const DilutionPart::Day& rows_give = sums[day.date];
            for (const auto& [field, stated, computed] :
                 {std::tuple{"amount", day.amount, rows_give.amount},
                  {"written_off", day.written_off, rows_give.written_off},
                  {"extended", day.extended, rows_give.extended}}) {
                if (stated == computed) continue;
                return refused("sum-differs",
                               fmt::format("{}: {} is stated as {}, rows give {}", day.date.str(),
                                           field, stated.str(), computed.str()));
            }
        }
        if (sums.size() != part.days.size()) return refused("sum-differs", "a day is not stated");
        findings = pool_->add_dilutions(dilutions);
        if (!findings.empty()) return refused(std::move(findings));
    } else if (behind.facts != nullptr) {
        Errors findings = pool_->add_dilutions(*behind.facts);
        if (!findings.empty()) return refused(std::move(findings));
    }
    for (const auto& day : part.days) {
        if (day.amount > zero) state_.open[day.date].diluted += day.amount;
    }
    return accepted();
}

Verdict Judge::judge_insolvency(const Record& record,
                                const InsolvencyPart& part,
                                const Behind<std::string>& behind)
{
    if (part.date <= state_.closed_through) {
        return refused("day-closed", fmt::format("{} is closed", part.date.str()));
    }
    if (record.business_date != part.date) {
        return refused("wrong-date", "business_date is not the date of the insolvency");
    }
    if (part.count != record.rows) return refused("sum-differs", "count is not that of the rows");
    if (behind.facts != nullptr) pool_->add_insolvency(part.date, *behind.facts);
    if (behind.rows != nullptr) {
        std::vector<std::string> codes;
        Errors findings = read_rows(*behind.rows, codes,
                                    [&](const Row& row) { return read_insolvency(row, part); });
        if (!findings.empty()) return refused(std::move(findings));
        pool_->add_insolvency(part.date, codes);
    }
    auto& list = state_.open[part.date].insolvent;
    const GroupInsolvency one{part.group, part.count};
    list.insert(std::upper_bound(list.begin(), list.end(), one), one);
    return accepted();
}

} // namespace tranchain
