// Judging what explains a break between the ledgers and the bank.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "waterfall/exact/correction.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/judge_parts.hpp"

namespace tranchain {

namespace {

/// What a ledger holds that nothing accepted so far will take out of it.
Money free_of(const DealState& state, Account ledger)
{
    Money sum = state.book.balance(ledger) - borne_by(state, ledger);
    if (ledger == Account::unapplied) {
        for (const auto& [day, open] : state.open) sum += min(open.unapplied, zero);
        return sum;
    }
    for (const Payout& p : state.payouts) {
        if (p.paid) continue;
        sum -= max(ledger == Account::income ? p.income_out : p.principal_out, zero);
    }
    if (ledger == Account::principal) {
        for (const auto& [reference, pending] : state.purchases) sum -= pending.price;
    }
    return sum;
}

} // namespace

Verdict Judge::judge_correction(const Record& record)
{
    if (!records_breaks(*program_)) {
        return refused("not-asked", "the terms record no breaks: [authors] of the deal names nobody "
                                    "who corrects them");
    }
    auto part = parse_correction(record.public_part);
    if (!part) return refused(std::move(part.error()));
    if (record.business_date) return refused("wrong-date", "a correction has no business_date");
    const auto at = std::find(state_.breaks.begin(), state_.breaks.end(), part->gap);
    if (at == state_.breaks.end()) {
        return refused("no-such-break",
                       fmt::format("{}: no break of {} for '{}' is open", part->gap.date.str(),
                                   part->gap.amount.str(), part->gap.reference));
    }
    if (const Money left = free_of(state_, part->ledger); left < part->gap.amount) {
        return refused("no-cash", fmt::format("{} holds {} for it, {} is asked", name(part->ledger),
                                              left.str(), part->gap.amount.str()));
    }
    state_.breaks.erase(at);
    const Explained one{part->gap, part->ledger};
    auto& list = state_.explained;
    list.insert(std::upper_bound(list.begin(), list.end(), one), one);
    return accepted();
}

} // namespace tranchain
