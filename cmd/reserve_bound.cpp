// Reserve bound: net balance less required reserve, less what is senior, in whole steps.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/reserve_bound.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "data/text.hpp"

namespace tranchain {

namespace {

/// DBRS's multiples of losses and expected dilution; at BBB the stricter of the agencies' two.
constexpr std::array<std::pair<const char*, Parts>, 4> rating_factors{{
    {"AAA", 2'500'000'000}, {"AA", 2'250'000'000}, {"A", 2'000'000'000}, {"BBB", 1'750'000'000}}};

/// What stands before the tranche, or beside it at its rank.
Money ahead_of(const Sizing& s, std::vector<std::string>& ids)
{
    Money sum;
    const Tranche& sized = s.program.tranches[s.tranche];
    for (const Tranche& t : s.program.tranches) {
        if (&t == &sized || t.rank > sized.rank || !t.notional.empty()) continue;
        sum += t.face;
        ids.push_back(t.id);
    }
    return sum;
}

void add_largest(ReserveBound& bound, const Sizing& s)
{
    std::vector<std::string> ids;
    const Money ahead = ahead_of(s, ids);
    const Money room = bound.reserve.fundable - ahead;
    const Money largest = room < s.step
                              ? zero
                              : Money::fen(room.in_fen() / s.step.in_fen() * s.step.in_fen());
    bound.lines.add("senior", ids.empty() ? "no tranche is senior" : "amounts of " + join(ids, ", "),
                    ahead);
    bound.lines.add("largest",
                    fmt::format("{} - {}, down to steps of {}", bound.reserve.fundable.str(),
                                ahead.str(), s.step.str()),
                    largest);
    bound.capped = largest > s.face_at(s.points() - 1);
    if (largest > zero) bound.face = bound.capped ? s.face_at(s.points() - 1) : largest;
    bound.binding =
        bound.reserve.dynamic > bound.reserve.floor ? "dynamic reserve" : "concentration floor";
}

} // namespace

Parts rating_factor(const std::string& rating)
{
    const auto known = std::find_if(rating_factors.begin(), rating_factors.end(),
                                    [&](const auto& one) { return one.first == rating; });
    return known == rating_factors.end() ? 0 : known->second;
}

Result<bool> ReserveWords::asked() const
{
    if (history && terms) return true;
    if (history || terms) {
        return fail(Code::usage, "a reserve needs both --history and --terms", {},
                    "as 'pool reserve' takes them");
    }
    if (net.limit || net.deduct) {
        return fail(Code::usage, "--limit and --deduct belong to --history and --terms", {},
                    "they lower the balance that a required reserve is taken of");
    }
    return false;
}

Checked<ReserveBound> reserve_bound(const ReserveWords& words, const Sizing& sizing,
                                    const std::vector<Receivable>& tape)
{
    auto terms = read_reserve_terms(*words.terms);
    if (!terms) return tl::make_unexpected(std::move(terms.error()));
    const auto history = read_reserve_history(*words.history);
    if (!history) return tl::make_unexpected(history.error());
    ReserveBound bound;
    const auto net = add_net_balance(bound.lines, tape, &sizing.program, sizing.program.closing,
                                     words.net);
    if (!net) return tl::make_unexpected(Errors{net.error()});
    if (*net <= zero) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input,
                    fmt::format("the net balance is {}: nothing to lend on", net->str()),
                    {},
                    no_balance_hint}});
    }
    if (words.rating) terms->stress = rating_factor(*words.rating);
    add_stress_factor(bound.lines, terms->stress,
                      words.rating ? "of rating " + *words.rating : "of the terms");
    auto reserve = reserve_of(*history, *terms, *net);
    if (!reserve) {
        Error error = std::move(reserve.error());
        error.where.file = *words.history;
        return tl::make_unexpected(Errors{std::move(error)});
    }
    bound.terms = *terms;
    bound.reserve = std::move(*reserve);
    add_reserve(bound.lines, bound.reserve, *terms, *net);
    add_largest(bound, sizing);
    return bound;
}

} // namespace tranchain
