// Curve: flat, zero and par points as QuantLib term structures.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/desk/curve.hpp"

#include <cmath>

#include <fmt/core.h>
#include <ql/termstructures/yield/discountcurve.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/termstructures/yield/zerocurve.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include "waterfall/desk/quantlib.hpp"

namespace tranchain {

namespace {

using Term = QuantLib::ext::shared_ptr<QuantLib::YieldTermStructure>;

Result<> in_order(Date from, std::span<const Curve::Point> points)
{
    if (points.empty()) return fail(Code::invalid_input, "a curve without a point");
    Date before = from;
    for (const auto& [date, rate] : points) {
        if (date <= before) {
            return fail(Code::invalid_input, fmt::format("the point of {} does not come after {}",
                                                         date.str(), before.str()));
        }
        if (rate <= -0.99) {
            return fail(Code::invalid_input, fmt::format("the rate of {} is too low", date.str()));
        }
        before = date;
    }
    return {};
}

Term zero_curve(Date from, std::span<const Curve::Point> points)
{
    std::vector<QuantLib::Date> dates{to_quantlib(from)};
    std::vector<double> rates{points.front().second};
    for (const auto& [date, rate] : points) {
        dates.push_back(to_quantlib(date));
        rates.push_back(rate);
    }
    return QuantLib::ext::make_shared<QuantLib::ZeroCurve>(dates, rates, QuantLib::Actual365Fixed(),
                                                           QuantLib::Linear(), QuantLib::Compounded,
                                                           QuantLib::Annual);
}

QuantLib::Date anniversary(Date from, int years)
{
    return to_quantlib(from) + years * QuantLib::Years;
}

/// A par bond of n years costs 1 = c (t1 d1 + ... + tn dn) + dn; years without a point take the
/// rate on the line between their neighbours.
Result<Term> par_curve(Date from, std::span<const Curve::Point> points)
{
    const QuantLib::Actual365Fixed counter;
    const QuantLib::Date start = to_quantlib(from);
    const QuantLib::Date first_year = anniversary(from, 1);
    std::vector<QuantLib::Date> dates{start};
    std::vector<double> factors{1.0};
    double annuity = 0;
    double last_rate = points.front().second;
    int year = 0;
    for (const auto& [date, rate] : points) {
        const QuantLib::Date end = to_quantlib(date);
        if (end < first_year) {
            dates.push_back(end);
            factors.push_back(1 / (1 + rate * counter.yearFraction(start, end)));
            last_rate = rate;
            continue;
        }
        int years = year;
        while (anniversary(from, years) < end) ++years;
        if (anniversary(from, years) != end) {
            return fail(Code::invalid_input,
                        fmt::format("the par point of {} is not a whole number of years after {}",
                                    date.str(), from.str()));
        }
        for (const int first = year; year < years;) {
            ++year;
            const double weight = static_cast<double>(year - first) / (years - first);
            const double coupon =
                first == 0 && year < years ? rate : last_rate + (rate - last_rate) * weight;
            const QuantLib::Date coupon_day = anniversary(from, year);
            const double span = counter.yearFraction(anniversary(from, year - 1), coupon_day);
            const double factor = (1 - coupon * annuity) / (1 + coupon * span);
            if (factor <= 0) {
                return fail(Code::invalid_input,
                            fmt::format("the par points up to {} have no curve", date.str()));
            }
            annuity += span * factor;
            dates.push_back(coupon_day);
            factors.push_back(factor);
        }
        last_rate = rate;
    }
    return QuantLib::ext::make_shared<QuantLib::DiscountCurve>(dates, factors, counter);
}

} // namespace

Curve Curve::flat(Date from, double rate)
{
    return Curve(std::make_shared<Inside>(Inside{QuantLib::ext::make_shared<QuantLib::FlatForward>(
        to_quantlib(from), rate, QuantLib::Actual365Fixed(), QuantLib::Compounded,
        QuantLib::Annual)}));
}

Result<Curve> Curve::of(Date from, Points kind, std::span<const Point> points)
{
    if (auto checked = in_order(from, points); !checked) {
        return tl::make_unexpected(checked.error());
    }
    Term term;
    if (kind == Points::zeros) {
        term = zero_curve(from, points);
    } else {
        auto made = par_curve(from, points);
        if (!made) return tl::make_unexpected(made.error());
        term = *made;
    }
    term->enableExtrapolation();
    return Curve(std::make_shared<Inside>(Inside{term}));
}

double Curve::discount(Date date) const
{
    return inside_->term_structure->discount(to_quantlib(date), true);
}

} // namespace tranchain
