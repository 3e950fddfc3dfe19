// Which assumptions do not fit the receivables and the deal they are made about.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "data/text.hpp"
#include "waterfall/exact/support.hpp"
#include "waterfall/projection.hpp"

namespace tranchain {

namespace {

class Fit {
public:
    Fit(const ProjectionInput& input, const Scenario& scenario)
        : input_(input), scenario_(scenario)
    {
    }

    Errors judge()
    {
        for (const Assumption& a : scenario_.assumptions) {
            bought(a);
            named(a);
            early(a);
            kind(a);
            for (const auto& [date, rate] : a.share.points) {
                if (date <= input_.program.legal_final) continue;
                add(a, fmt::format("the curve goes on after legal final {}",
                                   input_.program.legal_final.str()));
            }
        }
        for (const ValueTable& t : scenario_.tables) table(t);
        factors();
        call();
        support();
        if (const auto& insolvency = scenario_.insolvency) {
            if (!any([&](const Receivable& r) { return r.obligor_group == insolvency->group; })) {
                errors_.push_back({Code::invalid_input,
                                   fmt::format("no receivable is of group '{}'", insolvency->group),
                                   scenario_.insolvency_where,
                                   {}});
            }
        }
        return std::move(errors_);
    }

private:
    void add(const Assumption& a, std::string message)
    {
        errors_.push_back({Code::invalid_input, std::move(message), a.where, {}});
    }

    template <class Test>
    bool any(Test test) const
    {
        const auto in = [&](const std::vector<Receivable>& rows) {
            return std::any_of(rows.begin(), rows.end(), test);
        };
        return in(input_.opening) ||
               std::any_of(input_.candidates.begin(), input_.candidates.end(),
                           [&](const CandidateTape& tape) { return in(tape.rows); });
    }

    /// A factor that multiplies nothing was meant for something.
    void factors()
    {
        static constexpr const char* words[]{"dilution", "early",      "delay",
                                             "default",  "repurchase", "replenishment"};
        const Rate one = Rate::ppb(Rate::one);
        const auto assumed = [&](Assumption::Kind kind) {
            return std::any_of(scenario_.assumptions.begin(), scenario_.assumptions.end(),
                               [&](const Assumption& a) { return a.kind == kind; });
        };
        for (std::size_t i = 0; i < std::size(words); ++i) {
            const auto kind = static_cast<Assumption::Kind>(i);
            if (scenario_.factors[kind] == one || assumed(kind)) continue;
            errors_.push_back({Code::invalid_input,
                               fmt::format("a factor of {0} and no [[{0}]] to multiply", words[i]),
                               scenario_.factors_where,
                               {}});
        }
        const bool recovers =
            std::any_of(scenario_.assumptions.begin(), scenario_.assumptions.end(),
                        [](const Assumption& a) { return !a.recovery.empty(); });
        if (scenario_.factors.recovery == one || recovers) return;
        errors_.push_back({Code::invalid_input,
                           "a factor of recovery and no [[default]] that recovers anything",
                           scenario_.factors_where,
                           {}});
    }

    void call()
    {
        if (!scenario_.call_where) return;
        const auto& triggers = input_.program.triggers;
        if (std::any_of(triggers.begin(), triggers.end(),
                        [](const Trigger& t) { return t.price.has_value(); })) {
            return;
        }
        errors_.push_back({Code::invalid_input, "the deal has no call that could be exercised",
                           *scenario_.call_where, {}});
    }

    void support()
    {
        if (!scenario_.support_where || receives_support(input_.program)) return;
        errors_.push_back({Code::invalid_input,
                           "the deal has no reserve for what a supporter pays",
                           *scenario_.support_where,
                           "[support] of the deal names it: into = \"...\""});
    }

    /// A curve of the scenario stands for one of the deal's.
    void table(const ValueTable& t)
    {
        const Source where = place_of(t);
        const auto& deals = input_.program.tables;
        const auto found = std::find_if(deals.begin(), deals.end(),
                                        [&](const ValueTable& d) { return d.id == t.id; });
        if (found == deals.end()) {
            std::vector<std::string> known;
            for (const ValueTable& d : deals) known.push_back(d.id);
            const auto near = closest(t.id, known);
            errors_.push_back({Code::invalid_input,
                               fmt::format("the deal has no table '{}'", t.id), where,
                               near ? fmt::format("did you mean '{}'?", *near) : std::string()});
        } else if (found->is_rate != t.is_rate) {
            errors_.push_back({Code::invalid_input,
                               fmt::format("table '{}' of the deal holds {}", t.id,
                                           found->is_rate ? "rates" : "amounts"),
                               where,
                               {}});
        }
    }

    [[nodiscard]] Source place_of(const ValueTable& t) const
    {
        Source where = scenario_.tables_where;
        where.line = t.clause.line;
        where.column = t.clause.column;
        return where;
    }

    void bought(const Assumption& a)
    {
        const bool about_purchases =
            a.kind == Assumption::Kind::replenishment || a.of.kind == Scope::Kind::bought;
        if (about_purchases && !input_.program.purchase) {
            add(a, "the assumption is about purchases and this deal buys nothing");
        }
    }

    void named(const Assumption& a)
    {
        if (a.of.name.empty()) return;
        struct Column {
            Scope::Kind kind;
            std::string Receivable::*field;
            const char* plural;
        };
        static constexpr Column columns[]{
            {Scope::Kind::industry, &Receivable::obligor_industry, "industries"},
            {Scope::Kind::rating, &Receivable::obligor_rating, "ratings"},
            {Scope::Kind::region, &Receivable::obligor_region, "regions"}};
        const auto* column = std::find_if(std::begin(columns), std::end(columns),
                                          [&](const Column& c) { return c.kind == a.of.kind; });
        if (column != std::end(columns) &&
            !any([&](const Receivable& r) { return !(r.*(column->field)).empty(); })) {
            add(a, fmt::format("the assumption is about {} and the tapes have no {}",
                               a.of.words(), column->plural));
        } else if (!any([&](const Receivable& r) { return a.of.covers(r, true); })) {
            add(a, fmt::format("no receivable is of {}", a.of.words()));
        }
    }

    /// Goods are returned and invoices corrected; an instalment plan or a written schedule has none.
    /// And nobody takes back what was sold without recourse.
    void kind(const Assumption& a)
    {
        const auto covered = [&](const Receivable& r) { return a.of.covers(r, true); };
        const bool dilution = a.kind == Assumption::Kind::dilution;
        if (!dilution && a.kind != Assumption::Kind::repurchase) return;
        if (!any(covered)) return; // said by others
        const bool fits = any([&](const Receivable& r) {
            return covered(r) && (dilution ? r.asset_type == AssetType::factoring
                                           : r.recourse != Recourse::none);
        });
        if (fits) return;
        add(a, dilution ? fmt::format("dilution of {}: none of its receivables is an invoice",
                                      a.of.words())
                        : fmt::format("repurchase of {}: all its receivables were sold without "
                                      "recourse",
                                      a.of.words()));
    }

    /// Nothing can be paid so long before it falls due that nobody owned it yet.
    void early(const Assumption& a)
    {
        if (a.kind != Assumption::Kind::early) return;
        const bool possible = any([&](const Receivable& r) {
            return a.of.covers(r, true) &&
                   due_of(r) - r.snapshot_date > a.days;
        });
        if (!possible) {
            add(a, fmt::format("paid {} days early: no receivable of {} has so long to run", a.days,
                               a.of.words()));
        }
    }

    const ProjectionInput& input_;
    const Scenario& scenario_;
    Errors errors_;
};

} // namespace

Errors misfits(const ProjectionInput& input, const Scenario& scenario)
{
    return Fit(input, scenario).judge();
}

Errors misfits(const ProjectionInput& input)
{
    return misfits(input, input.scenario);
}

} // namespace tranchain
