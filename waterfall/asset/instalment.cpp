// Instalment schedules.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/asset/instalment.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/assert.hpp"

namespace tranchain {

namespace {

Money monthly_interest(Money balance, Rate rate)
{
    return Money::fen(divide_rounded(Int128{balance.in_fen()} * rate.in_ppb(),
                                     Int128{Rate::one} * 12, Rounding::half_up));
}

/// What is left of the principal when `sum` was paid each time. Stops where it only grows.
Money left_after(const InstalmentTerms& t, Money sum)
{
    Money balance = t.principal;
    for (std::int64_t k = 0; k < t.count && balance > zero; ++k) {
        balance = max(zero, balance + monthly_interest(balance, t.rate) - sum);
        if (balance > t.principal) break;
    }
    return balance;
}

/// The smallest sum with which no more than the balloon is left.
Money level_sum(const InstalmentTerms& t)
{
    std::int64_t low = 0;
    std::int64_t high = t.principal.in_fen() + monthly_interest(t.principal, t.rate).in_fen();
    const Money rest = t.method == Method::balloon ? t.balloon : zero;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (left_after(t, Money::fen(middle)) <= rest)
            high = middle;
        else
            low = middle + 1;
    }
    return Money::fen(low);
}

class Instalment : public AssetAdapter {
public:
    [[nodiscard]] AssetType type() const override { return AssetType::instalment; }
    [[nodiscard]] std::string_view about() const override
    {
        return "monthly instalments from first_due on, by method: level, even, interest_only, "
               "balloon, flat_fee";
    }
    [[nodiscard]] std::span<const std::string_view> columns() const override
    {
        static constexpr std::string_view names[]{"method",      "principal", "rate",
                                                  "instalments", "first_due", "balloon"};
        return names;
    }
    [[nodiscard]] std::vector<Due> schedule(std::span<ContractLine> lines) const override
    {
        ContractLine& line = lines.front();
        InstalmentTerms t;
        t.method = static_cast<Method>(line.word("method", method_names));
        t.principal = line.money("principal");
        t.rate = line.rate("rate");
        t.count = line.count("instalments", 1, payments_max);
        t.first = line.date("first_due");
        if (t.principal == zero) {
            line.fail("principal", "the principal is zero");
            return {};
        }
        if (t.method == Method::balloon) {
            t.balloon = line.money("balloon");
            if (t.balloon > t.principal) {
                line.fail("balloon", "the balloon is above the principal");
                return {};
            }
        } else if (line.has("balloon")) {
            line.fail("balloon", fmt::format("a plan by '{}' has no balloon",
                                             method_names[static_cast<std::size_t>(t.method)]));
        }
        return instalments(t);
    }

    /// 92% on the day, 6% up to ten days late, 2% up to thirty. Nobody defaults by himself.
    [[nodiscard]] Fate fate(std::uint64_t seed, const Receivable& r, Date owned) const override
    {
        Sampler s(seed, r.asset_id);
        const std::int64_t u = s.below(100);
        const std::int64_t late = u < 92 ? 0 : u < 98 ? s.between(1, 10) : s.between(11, 25);
        Fate fate;
        fate.payments.push_back({std::max(owned + 1, r.due_date + static_cast<std::int32_t>(late)),
                                 r.current_balance, false});
        return fate;
    }
};

} // namespace

std::vector<Due> instalments(const InstalmentTerms& t)
{
    invariant(t.principal > zero && t.count >= 1 && t.count <= payments_max);
    const bool level = t.method == Method::level || t.method == Method::balloon;
    const Money sum = level ? level_sum(t) : zero;
    const Money part = scale(t.principal, 1, t.count, Rounding::down);
    const Money fee = share(t.principal, t.rate, Rounding::half_up);
    std::vector<Due> out;
    Money left = t.principal;
    for (std::int64_t k = 0; k < t.count; ++k) {
        Due due;
        due.date = t.first.plus_months(static_cast<int>(k));
        due.charge = t.method == Method::flat_fee ? fee : monthly_interest(left, t.rate);
        if (k + 1 == t.count)
            due.principal = left;
        else if (level)
            due.principal = min(left, max(zero, sum - due.charge));
        else if (t.method != Method::interest_only)
            due.principal = part;
        left -= due.principal;
        out.push_back(due);
    }
    return out;
}

const AssetAdapter& instalment_adapter()
{
    static const Instalment adapter;
    return adapter;
}

} // namespace tranchain
