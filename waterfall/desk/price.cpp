// Price: QuantLib's cash-flow functions on the payments of a holding.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/price.hpp"

#include <cmath>

#include <ql/cashflows/cashflows.hpp>
#include <ql/cashflows/simplecashflow.hpp>
#include <ql/math/solvers1d/brent.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <ql/time/daycounters/thirty360.hpp>
#include <ql/version.hpp>

#include "waterfall/desk/curve.hpp"
#include "waterfall/desk/quantlib.hpp"

namespace tranchain {

namespace {

struct Convention {
    QuantLib::Compounding compounding;
    QuantLib::Frequency frequency;
};

Convention convention_of(Compounding compounding)
{
    switch (compounding) {
    case Compounding::semiannual:
        return {QuantLib::Compounded, QuantLib::Semiannual};
    case Compounding::quarterly:
        return {QuantLib::Compounded, QuantLib::Quarterly};
    case Compounding::monthly:
        return {QuantLib::Compounded, QuantLib::Monthly};
    case Compounding::continuous:
        return {QuantLib::Continuous, QuantLib::Annual};
    case Compounding::simple:
        return {QuantLib::Simple, QuantLib::Annual};
    case Compounding::annual:
        break;
    }
    return {QuantLib::Compounded, QuantLib::Annual};
}

QuantLib::InterestRate rate_of(const Position& h, double yield)
{
    const auto [compounding, frequency] = convention_of(h.compounding);
    return {yield, QuantLib::Actual365Fixed(), compounding, frequency};
}

bool counts(const Position& h, const HolderPayment& p)
{
    return p.date > h.settlement && p.interest + p.principal > zero;
}

using Flows = std::vector<std::pair<Date, double>>; // yuan

Flows flows_of(const Position& h, std::optional<Date> until = std::nullopt)
{
    Flows flows;
    flows.reserve(h.payments.size() + 1);
    for (const HolderPayment& p : h.payments) {
        if (!counts(h, p) || (until && p.date > *until)) continue;
        flows.emplace_back(p.date, yuan(p.interest + p.principal));
    }
    return flows;
}

QuantLib::Leg leg_of(const Flows& flows)
{
    QuantLib::Leg leg;
    for (const auto& [date, amount] : flows) {
        leg.push_back(QuantLib::ext::make_shared<QuantLib::SimpleCashFlow>(amount, to_quantlib(date)));
    }
    return leg;
}

QuantLib::Leg leg_of(const Position& h) { return leg_of(flows_of(h)); }

/// QuantLib throws where there is no answer.
template <class Compute>
auto answer_of(Compute compute) -> std::optional<decltype(compute())>
{
    try {
        return compute();
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

double to_100(const Position& h, double amount)
{
    return 100.0 * amount / yuan(h.outstanding);
}
double from_100(const Position& h, double price)
{
    return price * yuan(h.outstanding) / 100.0;
}

/// What a leg is worth by continuous rates, in logarithms: convex and nearly straight, so that Newton's
/// method needs a few steps from anywhere. None where it does not settle.
std::optional<double> continuous_yield(const Flows& flows, Date day, double amount)
{
    constexpr int steps_max = 50;
    double rate = 0.05;
    for (int step = 0; step < steps_max; ++step) {
        double worth = 0;
        double weighted = 0;
        for (const auto& [date, then] : flows) {
            const double years = (date - day) / 365.0;
            const double now = then * std::exp(-rate * years);
            worth += now;
            weighted += now * years;
        }
        const double change = std::log(worth / amount) * worth / weighted;
        if (!std::isfinite(change)) return std::nullopt;
        rate += change;
        if (std::abs(change) < pricing_tolerance / 1000) return rate;
    }
    return std::nullopt;
}

/// The same by the convention; simple interest is left to QuantLib's solver.
std::optional<double> quick_yield(const Flows& flows, Date day, double amount,
                                  const Convention& convention)
{
    if (convention.compounding == QuantLib::Simple) return std::nullopt;
    const auto rate = continuous_yield(flows, day, amount);
    if (!rate || convention.compounding == QuantLib::Continuous) return rate;
    const double times = convention.frequency;
    return times * std::expm1(*rate / times);
}

std::optional<double> solved(const Position& h, const Flows& flows, double amount)
{
    if (flows.empty() || amount <= 0) return std::nullopt;
    const auto [compounding, frequency] = convention_of(h.compounding);
    if (const auto quick = quick_yield(flows, h.settlement, amount, {compounding, frequency})) {
        return quick;
    }
    const QuantLib::Date day = to_quantlib(h.settlement);
    const QuantLib::Leg leg = leg_of(flows);
    return answer_of([&] {
        return QuantLib::CashFlows::yield(leg, amount, QuantLib::Actual365Fixed(), compounding,
                                          frequency, false, day, day, pricing_tolerance, 200, 0.05);
    });
}

} // namespace

double Position::per_100(Money amount) const
{
    return 100.0 * yuan(amount) / yuan(outstanding);
}

std::optional<double> price_from_yield(const Position& h, double yield)
{
    const QuantLib::Leg leg = leg_of(h);
    if (leg.empty()) return std::nullopt;
    const QuantLib::Date day = to_quantlib(h.settlement);
    return answer_of([&] {
        return to_100(h, QuantLib::CashFlows::npv(leg, rate_of(h, yield), false, day, day));
    });
}

std::optional<double> yield_of(const Position& h, double dirty)
{
    return solved(h, flows_of(h), from_100(h, dirty));
}

std::optional<double> price_from_spread(const Position& h, const Curve& curve, double spread)
{
    const QuantLib::Leg leg = leg_of(h);
    if (leg.empty()) return std::nullopt;
    const QuantLib::Date day = to_quantlib(h.settlement);
    return answer_of([&] {
        return to_100(h, QuantLib::CashFlows::npv(leg, curve.inside_->term_structure, spread,
                                                  QuantLib::Actual365Fixed(), QuantLib::Continuous,
                                                  QuantLib::NoFrequency, false, day, day));
    });
}

std::optional<double> spread_of(const Position& h, const Curve& curve, double dirty)
{
    const QuantLib::Leg leg = leg_of(h);
    if (leg.empty() || dirty <= 0) return std::nullopt;
    const QuantLib::Date day = to_quantlib(h.settlement);
    return answer_of([&] {
        return QuantLib::CashFlows::zSpread(leg, from_100(h, dirty), curve.inside_->term_structure,
                                            QuantLib::Actual365Fixed(), QuantLib::Continuous,
                                            QuantLib::NoFrequency, false, day, day,
                                            pricing_tolerance, 200, 0.01);
    });
}

std::optional<double> price_from_margin(const Position& h, const Curve& curve, double margin)
{
    Date before = h.settlement;
    double factor = 1, known = 1, worth = 0;
    bool any = false;
    for (const HolderPayment& p : h.payments) {
        if (!counts(h, p)) continue;
        if (p.date > before) {
            const double years = (p.date - before) / 365.0;
            const double next = curve.discount(p.date);
            const double growth = known / next + margin * years;
            if (growth <= 0) return std::nullopt;
            factor /= growth;
            known = next;
            before = p.date;
        }
        worth += factor * yuan(p.interest + p.principal);
        any = true;
    }
    if (!any) return std::nullopt;
    return to_100(h, worth);
}

std::optional<double> margin_of(const Position& h, const Curve& curve, double dirty)
{
    if (leg_of(h).empty() || dirty <= 0) return std::nullopt;
    const auto missing = [&](double margin) {
        const auto price = price_from_margin(h, curve, margin);
        QL_REQUIRE(price, "no price");
        return *price - dirty;
    };
    return answer_of([&] {
        QuantLib::Brent solver;
        solver.setMaxEvaluations(200);
        return solver.solve(missing, pricing_tolerance, 0.01, 0.01);
    });
}

std::optional<Sensitivity> sensitivity_of(const Position& h, double yield)
{
    using QuantLib::CashFlows;
    using QuantLib::Duration;
    const QuantLib::Leg leg = leg_of(h);
    if (leg.empty()) return std::nullopt;
    const QuantLib::Date day = to_quantlib(h.settlement);
    const QuantLib::InterestRate rate = rate_of(h, yield);
    return answer_of([&] {
        Sensitivity s;
        // QuantLib's simple duration is the average time weighted by present value: Macaulay's.
        s.macaulay = CashFlows::duration(leg, rate, Duration::Simple, false, day, day);
        s.modified = CashFlows::duration(leg, rate, Duration::Modified, false, day, day);
        s.convexity = CashFlows::convexity(leg, rate, false, day, day);
        const double half = 0.5e-4;
        s.dv01 = to_100(h, CashFlows::npv(leg, rate_of(h, yield - half), false, day, day) -
                               CashFlows::npv(leg, rate_of(h, yield + half), false, day, day));
        return s;
    });
}

Life life_of(const Position& h)
{
    const QuantLib::Actual365Fixed act_365;
    const QuantLib::Thirty360 thirty_360(QuantLib::Thirty360::BondBasis);
    const QuantLib::Date start = to_quantlib(h.settlement);
    Life life;
    double principal = 0, by_365 = 0, by_360 = 0;
    for (const HolderPayment& p : h.payments) {
        if (!counts(h, p)) continue;
        life.last_payment = p.date;
        if (p.principal == zero) continue;
        if (!life.first_principal) life.first_principal = p.date;
        life.last_principal = p.date;
        const QuantLib::Date date = to_quantlib(p.date);
        principal += yuan(p.principal);
        by_365 += yuan(p.principal) * act_365.yearFraction(start, date);
        by_360 += yuan(p.principal) * thirty_360.yearFraction(start, date);
    }
    if (principal > 0) {
        life.average_365 = by_365 / principal;
        life.average_30_360 = by_360 / principal;
    }
    return life;
}

std::optional<double> holder_return(const Position& h, double dirty, Date sold, double proceeds)
{
    Flows flows = flows_of(h, sold);
    if (sold > h.settlement) flows.emplace_back(sold, proceeds);
    return solved(h, flows, from_100(h, dirty));
}

std::string pricing_library()
{
    return std::string("QuantLib ") + QL_VERSION;
}

} // namespace tranchain
