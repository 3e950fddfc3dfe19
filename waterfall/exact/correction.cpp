// Breaks between the ledgers and the bank, and what corrects them.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/correction.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "waterfall/exact/facts.hpp"
#include "waterfall/exact/state_orders.hpp"

namespace tranchain {

bool records_breaks(const Program& program)
{
    return program.authors.contains(std::string(record_type::correction));
}

bool may_be_ordered(const DealState& state, const std::string& reference)
{
    for (const Payout& p : state.payouts) {
        if (!p.paid && distribution_reference(p.unadjusted) == reference) return true;
    }
    if (state.purchases.contains(reference)) return true;
    const auto dated = [&](std::string_view prefix) {
        if (!reference.starts_with(prefix)) return std::optional<Date>{};
        const auto day = Date::parse(reference.substr(prefix.size(), 10)); // YYYY-MM-DD
        return day ? std::optional(*day) : std::nullopt;
    };
    const auto payment = dated("distribution/");
    const auto settle = dated("purchase/");
    return (payment && *payment > state.accrued_from) || (settle && *settle > state.closed_through);
}

std::set<std::string> awaited_orders(const Program& program, const DealState& state)
{
    std::set<std::string> out;
    for (const PaymentDate& d : payment_dates(program, state)) {
        if (d.unadjusted <= state.accrued_from) continue;
        if (d.provisional || d.adjusted > state.closed_through + 1) break;
        out.insert(distribution_reference(d.unadjusted));
    }
    return out;
}

const BankBreak* purchasable_break(const DealState& state, Date day)
{
    for (const BankBreak& b : state.breaks) {
        if (b.date == day && b.reference.starts_with(fmt::format("purchase/{}/", day.str())))
            return &b;
    }
    return nullptr;
}

void record_break(DealState& state, BankBreak gap)
{
    const auto at = std::upper_bound(state.breaks.begin(), state.breaks.end(), gap);
    state.breaks.insert(at, std::move(gap));
}

Money bank_holds(const DealState& state)
{
    Money sum = state.book.balance(Account::bank);
    for (const BankBreak& b : state.breaks) sum -= b.amount;
    for (const Explained& e : state.explained) sum -= e.gap.amount;
    return sum;
}

Money borne_by(const DealState& state, Account ledger)
{
    Money sum;
    for (const Explained& e : state.explained) {
        if (e.ledger == ledger) sum += e.gap.amount;
    }
    return sum;
}

void book_corrections(DealState& state, Date day, Journal* journal)
{
    for (const auto& [gap, ledger] : state.explained) {
        state.book.post(
            Posting::payment(day, "correction of " + gap.reference, ledger, gap.amount), journal);
    }
    state.explained.clear();
}

Json correction_part(const CorrectionPart& c)
{
    return Json::object({{"concerns", c.gap.date},
                         {"reference", c.gap.reference},
                         {"amount", c.gap.amount},
                         {"ledger", name(c.ledger)},
                         {"reason", c.reason}});
}

Checked<CorrectionPart> parse_correction(const Json& part)
{
    Fields f(part, "correction");
    CorrectionPart c;
    c.gap = {f.date("concerns"), f.text("reference"), f.money("amount")};
    const auto ledger = bearing_ledger(f.text("ledger"));
    if (!ledger) f.add("ledger", "is not 'income', 'principal' or 'unapplied'");
    c.ledger = ledger.value_or(Account::income);
    c.reason = f.text("reason");
    if (c.reason.empty() || c.reason.size() > correction_reason_limit) {
        f.add("reason", fmt::format("is empty or longer than {} bytes", correction_reason_limit));
    }
    if (Errors errors = f.finish(); !errors.empty()) return tl::make_unexpected(std::move(errors));
    return c;
}

} // namespace tranchain
