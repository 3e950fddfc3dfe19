// Judging the reserves of a deal.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/state.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

class ReserveCheck {
public:
    ReserveCheck(const DealFile& deal, Errors& findings)
        : deal_(deal), p_(deal.program), findings_(findings)
    {
    }

    void judge()
    {
        for (const auto& [phase, priority] : p_.priorities) {
            for (const auto* list : {&priority.income, &priority.principal, &priority.all}) {
                if (phase < Phase::defaulted) released_early(*list);
            }
        }
        for (const Reserve& r : p_.reserves) {
            if (!holds_support(p_, r.id)) reserve(r); // that one: check_support()
        }
    }

private:
    void find(std::string_view id, Source where, std::string message, std::string hint)
    {
        findings_.push_back(
            deal_finding(id, std::move(where), std::move(message), std::move(hint)));
    }
    static bool names(const Step& s, Step::Kind kind, const std::string& id)
    {
        return s.kind == kind && s.payees.front() == id;
    }
    static bool
    has(const std::vector<const Step*>& steps, Step::Kind kind, const std::string& id)
    {
        return std::any_of(steps.begin(), steps.end(),
                           [&](const Step* s) { return names(*s, kind, id); });
    }

    void reserve(const Reserve& reserve)
    {
        bool funded = reserve.opening > zero;
        for (const auto& [phase, priority] : p_.priorities) {
            const auto steps = lines_of(priority);
            funded = funded || has(steps, Step::Kind::fund_reserve, reserve.id);
            if (phase >= Phase::defaulted) {
                merged(reserve, steps);
            } else if (phase != Phase::revolving &&
                       !has(steps, Step::Kind::release_reserve, reserve.id)) {
                find("reserve-never-released",
                     deal_.at(fmt::format("priority.{}", name_of(phase))),
                     fmt::format("what reserve '{}' holds above its target stays there in state "
                                 "'{}'",
                                 reserve.id, name_of(phase)),
                     fmt::format("add a line 'release reserve {}'", reserve.id));
            }
        }
        if (!funded) {
            find("reserve-never-funded", deal_.at(reserve.clause),
                 fmt::format("reserve '{}' opens with nothing and no line funds it", reserve.id),
                 fmt::format("add 'opening', or a line 'fund reserve {}'", reserve.id));
        }
    }

    /// The target of the reserve that the line releases asks what is outstanding.
    [[nodiscard]] bool follows_notes(const Step& step) const
    {
        const int i = reserve_index(p_, step.payees.front());
        return i >= 0 && asks_for(p_.reserves[static_cast<std::size_t>(i)].target,
                                  {Measure::tranche_balance, Measure::senior_balance,
                                   Measure::outstanding_notes});
    }

    /// Its target follows what earlier lines repaid, so what a repayment frees comes after it.
    void released_early(const std::vector<Step>& steps)
    {
        const Step* release = nullptr;
        for (const Step& step : steps) {
            if (step.kind == Step::Kind::release_reserve && follows_notes(step)) release = &step;
            if (step.kind != Step::Kind::pay_principal || release == nullptr) continue;
            const auto senior = std::find_if(
                step.payees.begin(), step.payees.end(), [&](const std::string& id) {
                    const int i = tranche_index(p_, id);
                    return i >= 0 && p_.tranches[static_cast<std::size_t>(i)].coupon;
                });
            if (senior == step.payees.end()) continue;
            find("reserve-released-early", deal_.at(release->clause),
                 fmt::format("'{}' comes before principal of '{}' is repaid: its target does not "
                             "know of that yet",
                             release->clause.text, *senior),
                 fmt::format("write it after '{}'", step.clause.text));
            return;
        }
    }

    void merged(const Reserve& reserve, const std::vector<const Step*>& steps)
    {
        for (const Step* s : steps) {
            const bool named =
                names(*s, Step::Kind::fund_reserve, reserve.id) ||
                names(*s, Step::Kind::release_reserve, reserve.id) ||
                std::find(s->supports.begin(), s->supports.end(), reserve.id) != s->supports.end();
            if (!named) continue;
            find("reserve-merged", deal_.at(s->clause),
                 fmt::format("reserve '{}' is merged with the ledgers at default", reserve.id),
                 "leave it out of this line: its money is among all funds");
        }
    }

    const DealFile& deal_;
    const Program& p_;
    Errors& findings_;
};

} // namespace

void check_reserves(const DealFile& deal, Errors& findings)
{
    ReserveCheck(deal, findings).judge();
}

} // namespace tranchain
