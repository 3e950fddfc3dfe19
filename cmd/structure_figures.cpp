// Structure figures: taken from the program and from the distributions of a run.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/structure_figures.hpp"

#include <fmt/core.h>

#include "waterfall/desk/analytics.hpp"
#include "waterfall/exact/notice.hpp"

namespace tranchain {

Value share_of_faces(const Program& program, Money part)
{
    Money total;
    for (const Tranche& t : program.tranches) total += t.notional.empty() ? t.face : zero;
    // As a number, so that a column of them is aligned like that of its changes.
    return total == zero ? Value() : Value::number(percent_of_whole(part, total).text());
}

std::vector<StructureFigure> structure_figures()
{
    return {{"present", "present", false},
            {"amount", "amount"},
            {"thickness", "thickness"},
            {"subordination", "subordination"},
            {"coupon", "coupon"}};
}

std::vector<Value> structure_of(const Program& program, std::size_t tranche)
{
    const Tranche& t = program.tranches[tranche];
    Money below;
    for (const Tranche& other : program.tranches) {
        if (other.rank > t.rank && other.notional.empty()) below += other.face;
    }
    Value coupon;
    if (t.coupon_rule) coupon = "by rule";
    else if (t.coupon) coupon = Value::number(t.coupon->str());
    return {true, t.face, t.notional.empty() ? share_of_faces(program, t.face) : Value(),
            share_of_faces(program, below), std::move(coupon)};
}

std::vector<StructureFigure> payment_figures()
{
    return {{"wal", "WAL"},
            {"repaid_on", "repaid on"},
            {"unpaid_interest", "interest unpaid"},
            {"unpaid_principal", "principal unpaid"}};
}

std::vector<Value> payments_of(const Program& program, const Projection& run, std::size_t tranche)
{
    const Tranche& t = program.tranches[tranche];
    Money interest, principal = t.face;
    Value repaid;
    std::vector<HolderPayment> payments;
    for (const Distribution& d : run.distributions) {
        const TrancheLine& line = d.tranches[tranche];
        interest = line.arrears_after;
        principal = line.closing;
        if (repaid.is_null() && principal == zero) repaid = d.booked;
        payments.push_back(
            {d.booked, line.interest_paid + line.residual_paid, line.principal_paid});
    }
    const auto life = analyse(payments, t.face, t.face, program.closing).average_life;
    // The life of what was repaid alone would be shorter the less is repaid.
    const bool whole = life && !repaid.is_null();
    return {whole ? Value::number(fmt::format("{:.4f}", *life)) : Value(), std::move(repaid),
            interest, principal};
}

std::vector<StructureFigure> deal_figures()
{
    return {{"fees", "fees paid"},
            {"residual", "residual paid"},
            {"first_trigger", "first to fire", false},
            {"fired_on", "fired on", true, "first_trigger"},
            {"last_payment", "last payment"}};
}

std::vector<Value> deal_figures_of(const Program& program, const Projection& run)
{
    Money fees, residual;
    Value last;
    for (const Distribution& d : run.distributions) {
        for (const FeeLine& fee : d.fees) fees += fee.paid + fee.above_cap_paid;
        for (const TrancheLine& t : d.tranches) residual += t.residual_paid;
        if (d.total > zero) last = d.booked;
    }
    const bool fired = !run.fired.empty();
    return {fees, residual, fired ? Value(fired_id(program, run.fired.front())) : Value(),
            fired ? Value(run.fired.front().effective) : Value(), std::move(last)};
}

} // namespace tranchain
