// Analytics: a QuantLib leg made of exact payments.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/analytics.hpp"

#include <ql/cashflows/cashflows.hpp>
#include <ql/cashflows/simplecashflow.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include "waterfall/desk/quantlib.hpp"

namespace tranchain {

namespace {

std::optional<double> yield_of(const QuantLib::Leg& leg, double price, const QuantLib::Date& settlement)
{
    try {
        return QuantLib::CashFlows::yield(leg, price, QuantLib::Actual365Fixed(),
                                          QuantLib::Compounded, QuantLib::Annual, false, settlement,
                                          settlement, 1.0e-12, 200, 0.05);
    } catch (const std::exception&) {
        return std::nullopt;  // the solver found no rate
    }
}

}  // namespace

Analytics analyse(std::span<const HolderPayment> payments, Money face, Money price, Date settlement)
{
    Analytics result;
    const QuantLib::Actual365Fixed counter;
    const QuantLib::Date start = to_quantlib(settlement);
    QuantLib::Leg leg;
    Money interest, principal, total;
    double weighted = 0;
    for (const HolderPayment& p : payments) {
        interest += p.interest;
        principal += p.principal;
        const Money amount = p.interest + p.principal;
        if (amount == zero) continue;
        total += amount;
        const QuantLib::Date date = to_quantlib(p.date);
        weighted += yuan(p.principal) * counter.yearFraction(start, date);
        leg.push_back(QuantLib::ext::make_shared<QuantLib::SimpleCashFlow>(yuan(amount), date));
        result.last_payment = p.date;
    }
    if (principal > zero) result.average_life = weighted / yuan(principal);
    if (price > zero && total > zero) result.yield = yield_of(leg, yuan(price), start);
    if (face > zero) {
        result.interest_per_100 = 100.0 * yuan(interest) / yuan(face);
        result.principal_per_100 = 100.0 * yuan(principal) / yuan(face);
    }
    return result;
}

}  // namespace tranchain
