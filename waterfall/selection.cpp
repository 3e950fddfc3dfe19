// Trying candidates one by one.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/selection.hpp"

#include <fmt/core.h>

#include "waterfall/eligibility.hpp"
#include "waterfall/exact/judge.hpp"
#include "waterfall/exact/price.hpp"

namespace tranchain {

namespace {

class Selector {
public:
    explicit Selector(const SelectionTerms& terms)
        : terms_(terms), limits_(terms.program, terms.groups, terms.base)
    {
    }

    Selection run(const std::vector<const Receivable*>& offered)
    {
        for (const Receivable* r : offered) consider(*r);
        return std::move(out_);
    }

private:
    void refuse(const Receivable& r, const Clause* clause, std::string reason)
    {
        out_.refused.push_back({&r, clause, std::move(reason)});
    }

    void consider(const Receivable& r)
    {
        const Program& program = terms_.program;
        const bool solvent = !terms_.insolvent || !terms_.insolvent(r);
        const auto reasons = rejections(program, r, terms_.purchase_day, solvent);
        for (const Rejection& reason : reasons) refuse(r, reason.clause, reason.reason);
        const Date due = due_of(r);
        if (due <= terms_.settle) {
            refuse(r, nullptr,
                   fmt::format("due on {}, not after settlement on {}", due.str(),
                               terms_.settle.str()));
            return;
        }
        if (!reasons.empty()) return;
        const Money price = price_of(*program.purchase, r.current_balance, r.financed_amount, terms_.settle, due);
        if (out_.price + price > terms_.cash) {
            refuse(r, nullptr,
                   fmt::format("its price {} is above the cash left, {}", price.str(),
                               (terms_.cash - out_.price).str()));
            return;
        }
        take(r, price);
    }

    void take(const Receivable& r, Money price)
    {
        const Holding holding = holding_of(r, terms_.settle, price);
        if (limits_.take(holding)) {
            out_.chosen.emplace_back(&r, price);
            out_.face += r.current_balance;
            out_.price += price;
            return;
        }
        LimitTest with = limits_;
        with.add(holding);
        for (const Error& finding : with.findings()) refuse(r, clause_of(finding), finding.message);
    }

    /// The limit that a finding of the judge quotes.
    const Clause* clause_of(const Error& finding) const
    {
        for (const Limit& limit : terms_.program.limits) {
            if (finding.message.starts_with("'" + limit.clause.text + "'")) return &limit.clause;
        }
        return nullptr;
    }

    const SelectionTerms& terms_;
    LimitTest limits_;
    Selection out_;
};

} // namespace

Selection select_receivables(const SelectionTerms& terms,
                             const std::vector<const Receivable*>& offered)
{
    return Selector(terms).run(offered);
}

} // namespace tranchain
