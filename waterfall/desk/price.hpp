// Price: what payments of a tranche are worth, by yield or over a curve. Advice in floating point,
// never a signed figure; the formulas are QuantLib's.
//
// Amounts are yuan, prices per 100 of outstanding principal, rates fractions (0.0430), times years
// by actual/365. A payment on the settlement day belongs to the seller.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/date.hpp"
#include "data/error.hpp"
#include "data/money.hpp"
#include "waterfall/desk/analytics.hpp"

namespace tranchain {

enum class Compounding : std::uint8_t {
    annual,
    semiannual,
    quarterly,
    monthly,
    continuous,
    simple
};

/// What a buyer gets: the payments after settlement, and what stands on that day.
struct Position {
    std::vector<HolderPayment> payments; ///< ascending; those up to settlement are left out
    Date settlement;
    Money outstanding; ///< principal on settlement; > 0
    Money accrued;     ///< interest earned to settlement and not yet paid
    Compounding compounding = Compounding::annual;

    [[nodiscard]] double per_100(Money amount) const;
};

/// A discount curve from the settlement day on; QuantLib's, behind a wall.
class Curve {
public:
    enum class Points : std::uint8_t { zeros, pars };
    using Point = std::pair<Date, double>;
    /// A flat rate, compounded yearly.
    static Curve flat(Date from, double rate);
    /// Zero rates compounded yearly, their continuous rates linear between the points, or rates of
    /// par bonds with yearly coupons, from which the discount factors are found year by year. Flat
    /// before the first and after the last point. Errors: no point, a point not after the one
    /// before it or `from`, a par point that is neither within a year nor on a whole year, rates
    /// without a curve.
    [[nodiscard]] static Result<Curve> of(Date from, Points kind, std::span<const Point> points);
    [[nodiscard]] double discount(Date date) const;
    struct Inside;

private:
    friend std::optional<double> spread_of(const Position&, const Curve&, double);
    friend std::optional<double> price_from_spread(const Position&, const Curve&, double);
    explicit Curve(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}
    std::shared_ptr<const Inside> inside_;
};

// Dirty prices; none where nothing is paid or no rate gives that price.
std::optional<double> price_from_yield(const Position& holding, double yield);
std::optional<double> yield_of(const Position& holding, double dirty);
/// Z-spread: added to the curve's continuous zero rates.
std::optional<double> price_from_spread(const Position& holding, const Curve& curve, double spread);
std::optional<double> spread_of(const Position& holding, const Curve& curve, double dirty);
/// Discount margin: each period from one payment to the next is discounted simply, at the curve's
/// forward rate for it plus the margin.
std::optional<double> price_from_margin(const Position& holding, const Curve& curve, double margin);
std::optional<double> margin_of(const Position& holding, const Curve& curve, double dirty);

struct Sensitivity {
    double macaulay = 0, modified = 0; ///< years
    double convexity = 0;              ///< years squared
    double dv01 = 0; ///< dirty price at half a basis point less, minus that at half more
};
std::optional<Sensitivity> sensitivity_of(const Position& holding, double yield);

struct Life {
    std::optional<double> average_365, average_30_360; ///< years to principal, weighted by amount
    std::optional<Date> first_principal, last_principal;
    std::optional<Date> last_payment;
};
Life life_of(const Position& holding);

/// Yearly rate of one who pays `dirty`, takes the payments up to `sold` inclusive and sells there
/// for `proceeds` (yuan; accrued interest included).
std::optional<double>
holder_return(const Position& holding, double dirty, Date sold, double proceeds);

/// Name, version and the tolerance that solved rates hold to.
std::string pricing_library();
inline constexpr double pricing_tolerance = 1.0e-10;

} // namespace tranchain
