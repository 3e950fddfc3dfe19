// Judging the facilities of a deal.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include <fmt/core.h>

#include "waterfall/exact/check.hpp"
#include "waterfall/exact/names.hpp"

namespace tranchain {

namespace {

bool any_line(const Program& program, const std::function<bool(const Step&)>& is)
{
    return std::any_of(program.priorities.begin(), program.priorities.end(), [&](const auto& p) {
        const auto lines = lines_of(p.second);
        return std::any_of(lines.begin(), lines.end(), [&](const Step* s) { return is(*s); });
    });
}

bool paid_by(const Program& program, Step::Kind kind, const std::string& id)
{
    return any_line(program, [&](const Step& s) {
        return s.kind == kind && s.payees == std::vector<std::string>{id};
    });
}

void repaid_everywhere(const DealFile& deal, const Facility& f, Errors& findings)
{
    for (const auto& [phase, priority] : deal.program.priorities) {
        const auto lines = lines_of(priority);
        const bool repaid = std::any_of(lines.begin(), lines.end(), [&](const Step* s) {
            return s->kind == Step::Kind::repay_facility && s->payees.front() == f.id;
        });
        if (repaid) continue;
        findings.push_back(deal_finding(
            "facility-unpaid-in-state", deal.at(fmt::format("priority.{}", name_of(phase))),
            fmt::format("what facility '{}' lends is not repaid in state '{}'", f.id,
                        name_of(phase)),
            fmt::format("add a line 'repay facility {}'", f.id)));
    }
}

void check_facility(const DealFile& deal, const Facility& f, Errors& findings)
{
    const Program& p = deal.program;
    const auto find = [&](std::string_view id, std::string message, std::string hint) {
        findings.push_back(
            deal_finding(id, deal.at(f.clause), std::move(message), std::move(hint)));
    };
    const bool drawn = any_line(p, [&](const Step& s) {
        return std::find(s.supports.begin(), s.supports.end(), f.id) != s.supports.end();
    });
    if (!drawn) {
        find("facility-never-drawn", fmt::format("no line is supported by facility '{}'", f.id),
             fmt::format("add 'supported by {}' to the lines it helps", f.id));
    }
    if (!paid_by(p, Step::Kind::repay_facility, f.id)) {
        find("facility-never-repaid",
             fmt::format("what facility '{}' lends is never repaid", f.id),
             fmt::format("add a line 'repay facility {}'", f.id));
    } else {
        repaid_everywhere(deal, f, findings);
    }
    const auto cost = [&](const char* what, Rate rate, Step::Kind kind) {
        if (rate == Rate{} || paid_by(p, kind, f.id)) return;
        find("facility-cost-unpaid",
             fmt::format("the {} of facility '{}' accrues and is never paid", what, f.id),
             fmt::format("add a line 'pay facility {} {}'", what, f.id));
    };
    cost("interest", f.rate, Step::Kind::pay_facility_interest);
    cost("premium", f.premium, Step::Kind::pay_facility_premium);
}

} // namespace

void check_facilities(const DealFile& deal, Errors& findings)
{
    for (const Facility& f : deal.program.facilities) check_facility(deal, f, findings);
}

} // namespace tranchain
