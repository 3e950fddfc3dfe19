// Judging the support of a deal.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/core.h>

#include "waterfall/exact/check.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/support.hpp"

namespace tranchain {

namespace {

class SupportCheck {
public:
    SupportCheck(const DealFile& deal, Errors& findings)
        : deal_(deal), p_(deal.program), s_(*deal.program.support), findings_(findings)
    {
    }

    void judge()
    {
        for (const Support::Cover& cover : s_.covers) {
            if (cover.interest && !bears_interest(cover.tranche)) {
                find("support-without-claim", s_.clause,
                     fmt::format("the support covers interest of '{}', which has no coupon",
                                 cover.tranche));
            }
        }
        if (!receives_support(p_)) return;
        for (const SupportMisuse& m : misused_support(p_)) find("support-elsewhere", m.clause, m.what);
        for (const Support::Cover& cover : s_.covers) drawn(cover);
    }

private:
    void find(std::string_view id, const Clause& clause, std::string message, std::string hint = {})
    {
        findings_.push_back(
            deal_finding(id, deal_.at(clause), std::move(message), std::move(hint)));
    }
    bool bears_interest(const std::string& id) const
    {
        return std::any_of(p_.tranches.begin(), p_.tranches.end(),
                           [&](const Tranche& t) { return t.id == id && t.coupon; });
    }

    /// Wherever a priority pays what is covered, some line of it must draw on the reserve.
    void drawn(const Support::Cover& cover)
    {
        const auto kind = cover.interest ? Step::Kind::pay_interest : Step::Kind::pay_principal;
        for (const auto& [phase, priority] : p_.priorities) {
            if (!cover.interest && phase == Phase::revolving) continue;
            const Step* pays = nullptr;
            bool draws = false;
            for (const Step* s : lines_of(priority)) {
                if (s->kind != kind ||
                    std::find(s->payees.begin(), s->payees.end(), cover.tranche) == s->payees.end()) {
                    continue;
                }
                pays = s;
                draws = draws || draws_on(*s, s_.into);
            }
            if (pays == nullptr || draws) continue;
            find("support-not-drawn", pays->clause,
                 fmt::format("in state '{}' {} of '{}' is covered, and no line draws on reserve '{}'",
                             name_of(phase), cover.interest ? "interest" : "principal",
                             cover.tranche, s_.into),
                 fmt::format("write '{} supported by {}'", pays->clause.text, s_.into));
        }
    }

    const DealFile& deal_;
    const Program& p_;
    const Support& s_;
    Errors& findings_;
};

} // namespace

void check_support(const DealFile& deal, Errors& findings)
{
    if (deal.program.support) SupportCheck(deal, findings).judge();
}

} // namespace tranchain
