// Judging the priorities of payments of a deal.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/check.hpp"
#include "waterfall/exact/names.hpp"
#include "waterfall/exact/price.hpp"

namespace tranchain {

namespace {

enum class Funds : std::uint8_t { income, principal, all };
constexpr std::string_view book_name(Funds book)
{
    return book == Funds::income ? "income" : book == Funds::principal ? "principal" : "all";
}

class PriorityCheck {
public:
    PriorityCheck(const DealFile& deal, Errors& findings)
        : deal_(deal), p_(deal.program), findings_(findings)
    {
    }

    void judge()
    {
        check_states(deal_, findings_);
        for (const auto& [phase, priority] : p_.priorities) {
            const std::vector<const Step*> steps = lines_of(priority);
            lines(phase, Funds::income, priority.income);
            lines(phase, Funds::principal, priority.principal);
            lines(phase, Funds::all, priority.all);
            if (priority.all.empty()) {
                claimed(phase, Funds::income, priority.income);
                claimed(phase, Funds::principal, priority.principal);
            } else {
                claimed(phase, Funds::all, priority.all);
            }
            caps(steps);
            payments(phase, steps);
        }
        fees();
        check_reserves(deal_, findings_);
        purchases();
    }

private:
    void find(std::string_view id, Source where, std::string message, std::string hint = {})
    {
        findings_.push_back(
            deal_finding(id, std::move(where), std::move(message), std::move(hint)));
    }
    Source at(Phase phase) const { return deal_.at(fmt::format("priority.{}", name_of(phase))); }
    static bool
    has(const std::vector<const Step*>& steps, Step::Kind kind, const std::string& payee)
    {
        return std::any_of(steps.begin(), steps.end(), [&](const Step* s) {
            return s->kind == kind &&
                   std::find(s->payees.begin(), s->payees.end(), payee) != s->payees.end();
        });
    }
    static bool takes_rest(const Step& s)
    {
        return s.kind == Step::Kind::keep_rest || s.kind == Step::Kind::pay_rest_to_principal ||
               s.kind == Step::Kind::pay_rest_to_tranche;
    }

    /// A test or a limit stands in the way of taking all.
    static bool may_leave(const Step& s)
    {
        return s.only_if || s.limit || s.keep || s.due_share;
    }

    /// What the lines of a ledger leave must be taken by one of them.
    void claimed(Phase phase, Funds book, const std::vector<Step>& steps)
    {
        const auto takes_all = [](const Step& s) {
            return takes_rest(s) && !s.limit && !s.keep && !s.due_share;
        };
        if (std::any_of(steps.begin(), steps.end(), takes_all)) return;
        find("money-unclaimed", steps.empty() ? at(phase) : deal_.at(steps.back().clause),
             fmt::format("no line takes what is left of {} in state '{}'", book_name(book),
                         name_of(phase)),
             book == Funds::income ? "end with 'pay rest to principal'"
                                  : "end with 'pay rest to' a tranche, or 'keep rest'");
    }

    void lines(Phase phase, Funds book, const std::vector<Step>& steps)
    {
        const Step* rest = nullptr;
        for (const Step& step : steps) {
            if (rest != nullptr && step.kind != Step::Kind::judge_trigger) {
                find("line-after-rest", deal_.at(step.clause),
                     fmt::format("'{}' gets nothing: '{}' before it takes all", step.clause.text,
                                 rest->clause.text));
            }
            if (takes_rest(step) && !may_leave(step)) rest = &step;
            const auto home = home_of(step.kind);
            if (home && *home != book) {
                find("line-in-wrong-ledger", deal_.at(step.clause),
                     fmt::format("'{}' is a line of {}, not of {}", step.clause.text,
                                 book_name(*home), book_name(book)));
            }
            if (step.kind == Step::Kind::buy_receivables && phase != Phase::revolving) {
                find("buy-out-of-place", deal_.at(step.clause),
                     fmt::format("nothing is bought in state '{}'", name_of(phase)));
            }
        }
    }

    /// The ledger that a kind of line belongs to, if it belongs to one only.
    static std::optional<Funds> home_of(Step::Kind kind)
    {
        switch (kind) {
        case Step::Kind::cover_losses:
        case Step::Kind::pay_rest_to_principal:
            return Funds::income;
        case Step::Kind::cover_income_shortfall:
        case Step::Kind::buy_receivables:
            return Funds::principal;
        case Step::Kind::pay_fees:
        case Step::Kind::pay_interest:
        case Step::Kind::pay_principal:
        case Step::Kind::pay_fees_above_cap:
        case Step::Kind::pay_rest_to_tranche:
        case Step::Kind::keep_rest:
        case Step::Kind::fund_reserve:
        case Step::Kind::release_reserve:
        case Step::Kind::pay_facility_interest:
        case Step::Kind::pay_facility_premium:
        case Step::Kind::repay_facility:
        case Step::Kind::judge_trigger:
            return std::nullopt;
        }
        return std::nullopt;
    }

    void caps(const std::vector<const Step*>& steps)
    {
        const Step* open = nullptr;
        bool capped = false;
        for (const Step* step : steps) {
            if (step->cap_per_year) {
                open = step;
                capped = true;
            } else if (step->kind == Step::Kind::pay_fees_above_cap) {
                if (!capped) {
                    find("line-without-cap", deal_.at(step->clause),
                         "'pay fees above cap' stands after no line with a yearly cap");
                }
                open = nullptr;
            }
        }
        if (open != nullptr) {
            find("cap-without-line", deal_.at(open->clause),
                 "what this cap leaves due is never paid", "add a later line 'pay fees above cap'");
        }
    }

    void payments(Phase phase, const std::vector<const Step*>& steps)
    {
        const Tranche* after = nullptr; // the senior one whose principal must come first
        for (const Tranche& t : p_.tranches) {
            if (t.coupon && !has(steps, Step::Kind::pay_interest, t.id)) {
                find("interest-never-paid", at(phase),
                     fmt::format("interest of tranche '{}' is not paid in state '{}'", t.id,
                                 name_of(phase)),
                     fmt::format("add a line 'pay interest {}'", t.id));
            }
            const bool paid = has(steps, Step::Kind::pay_principal, t.id);
            const bool rest = has(steps, Step::Kind::pay_rest_to_tranche, t.id);
            if (phase != Phase::revolving && !paid && !rest && t.notional.empty()) {
                find("principal-never-paid", at(phase),
                     fmt::format("principal of tranche '{}' is not paid in state '{}'", t.id,
                                 name_of(phase)),
                     fmt::format("add a line 'pay principal {}'", t.id));
            }
            if (paid && after != nullptr) in_rank(steps, *after, t);
            if (paid && after != nullptr && after->rank == t.rank) together(steps, *after, t);
            if (paid) after = &t;
        }
    }

    /// Tranches of one rank are paid by the same lines, so that they share.
    void
    together(const std::vector<const Step*>& steps, const Tranche& first, const Tranche& second)
    {
        for (const Step* step : steps) {
            if (step->kind != Step::Kind::pay_principal && step->kind != Step::Kind::pay_interest) {
                continue;
            }
            const auto names = [&](const Tranche& t) {
                return std::find(step->payees.begin(), step->payees.end(), t.id) !=
                       step->payees.end();
            };
            if (names(first) == names(second) || !told_.insert(first.id).second) continue;
            find("rank-twice", deal_.at(step->clause),
                 fmt::format("'{}' and '{}' both have rank {} and this line pays only one of them",
                             first.id, second.id, first.rank),
                 fmt::format("name both, such as '{}, {}'", first.id, second.id));
        }
    }

    void
    in_rank(const std::vector<const Step*>& steps, const Tranche& senior, const Tranche& junior)
    {
        if (senior.rank == junior.rank) return;
        for (const Step* step : steps) {
            if (step->kind != Step::Kind::pay_principal) continue;
            const auto end = step->payees.end();
            const auto s = std::find(step->payees.begin(), end, senior.id);
            const auto j = std::find(step->payees.begin(), end, junior.id);
            if (s < j || (s != end && step->pro_rata)) return;
            if (j != end) {
                find("rank-order", deal_.at(step->clause),
                     fmt::format("principal of '{}', rank {}, is paid before '{}', rank {}",
                                 junior.id, junior.rank, senior.id, senior.rank));
                return;
            }
        }
    }

    void fees()
    {
        for (const Fee& fee : p_.fees) {
            std::vector<Phase> without;
            for (const auto& [phase, priority] : p_.priorities) {
                if (!has(lines_of(priority), Step::Kind::pay_fees, fee.id))
                    without.push_back(phase);
            }
            if (without.empty()) continue;
            const Source where = deal_.at("fee." + fee.id);
            if (without.size() == p_.priorities.size()) {
                find("fee-never-paid", where,
                     fmt::format("fee '{}' is declared and no priority pays it", fee.id),
                     fmt::format("add a line 'pay {}', or remove the fee", fee.id));
            } else {
                for (const Phase phase : without) {
                    find("fee-unpaid-in-state", at(phase),
                         fmt::format("fee '{}' accrues and is not paid in state '{}'", fee.id,
                                     name_of(phase)));
                }
            }
        }
    }

    void purchases()
    {
        const Step* buys = nullptr;
        for (const auto& [phase, priority] : p_.priorities) {
            for (const Step* step : lines_of(priority)) {
                if (step->kind == Step::Kind::buy_receivables) buys = step;
            }
        }
        if (buys != nullptr && !p_.purchase) {
            find("purchase-undefined", deal_.at(buys->clause),
                 "receivables are bought and the deal states no price",
                 "add [purchase] with a price");
        } else if (buys == nullptr && p_.purchase) {
            find("purchase-unused", deal_.at(p_.purchase->clause),
                 "the deal states a price and no line buys receivables",
                 "add a line 'buy receivables' to [priority.revolving]");
        }
        yields_reachable();
    }

    /// The yield of a price moves one way with the days, so the shortest and the longest tenor tell.
    void yields_reachable()
    {
        if (!p_.purchase || needs_financed(*p_.purchase)) return;
        std::int64_t longest = days_limit;
        for (const Criterion& c : p_.criteria) {
            if (c.kind == Criterion::Kind::tenor_at_most) longest = c.days;
        }
        const Money face = Money::fen(1'000'000'000);
        for (const Criterion& c : p_.criteria) {
            if (c.kind != Criterion::Kind::yield_at_least) continue;
            const auto reached = [&](std::int64_t days) {
                const Date settle = p_.closing;
                const Money price = price_of(*p_.purchase, face, face, settle,
                                             settle + static_cast<std::int32_t>(days));
                return yields(face, price, days, c.rate);
            };
            if (reached(1) || reached(longest)) continue;
            find("yield-unreachable", deal_.at(c.clause),
                 fmt::format("no receivable earns {} at the price '{}'", c.rate.str(),
                             p_.purchase->clause.text));
        }
    }

    const DealFile& deal_;
    const Program& p_;
    Errors& findings_;
    std::set<std::string> told_; ///< tranches whose rank was found to be shared in words only
};

} // namespace

void check_priorities(const DealFile& deal, Errors& findings)
{
    PriorityCheck(deal, findings).judge();
}

} // namespace tranchain
