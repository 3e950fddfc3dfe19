// Scenario fit: sums of amounts, divided once.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/scenario_fit.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "data/json_canonical.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t days_most = 1000;  ///< of a scenario file, after due
constexpr std::int64_t days_least = -365; ///< before due
constexpr std::size_t timing_points = 20;
constexpr std::int64_t recovery_span = 30;

Rate part_of(Money part, Money whole, Rounding rounding)
{
    if (whole == zero) return {};
    return Rate::ppb(divide_rounded(Int128{part.in_fen()} * Rate::one, Int128{whole.in_fen()}, rounding));
}

/// Amounts with their days, for a mean day.
struct DayMean {
    Money amount;
    Int128 fen_days = 0;
    void add(Money part, std::int64_t day)
    {
        amount += part;
        fen_days += Int128{part.in_fen()} * day;
    }
    [[nodiscard]] std::int64_t day() const
    {
        return divide_rounded(fen_days, Int128{amount.in_fen()}, Rounding::half_up);
    }
};

class ScopeFit {
public:
    ScopeFit(const SellerLedger& ledger, std::int32_t default_days)
        : ledger_(ledger), default_days_(default_days)
    {
    }

    void add(const SellerInvoice& i)
    {
        ++out_.invoices;
        out_.amount += i.amount;
        const LedgerDefaults bad = defaults_of(i, default_days_, ledger_.observed);
        Money diluted;
        for (std::size_t k = 0; k < bad.flows_before; ++k) {
            const LedgerFlow& f = i.flows[k];
            if (f.kind == LedgerFlow::Kind::dilution) diluted += f.amount;
            if (f.kind == LedgerFlow::Kind::payment) {
                paid_[std::clamp<std::int64_t>(f.date - i.due, days_least, days_most)] += f.amount;
            }
        }
        if (diluted > zero) with_dilution_ += i.amount;
        dilution_ += diluted;
        if (!bad.parts.empty()) add_default(i, bad);
    }

    FittedScope fitted(Scope of)
    {
        out_.of = std::move(of);
        out_.diluted = part_of(with_dilution_, out_.amount, Rounding::half_up);
        out_.dilution = part_of(dilution_, with_dilution_, Rounding::half_up);
        out_.defaulted = part_of(out_.defaulted_amount, out_.amount - dilution_, Rounding::half_up);
        fit_timing();
        fit_recovery();
        return std::move(out_);
    }

private:
    struct Fallen {
        Money lost;
        std::int64_t seen = 0; ///< whole spans after due
        std::vector<std::pair<std::int64_t, Money>> back; ///< by days after due, 1 and more
    };

    void add_default(const SellerInvoice& i, const LedgerDefaults& bad)
    {
        const Money lost = bad.amount();
        out_.defaulted_amount += lost;
        Fallen& fallen = fallen_.emplace_back();
        fallen.lost = lost;
        fallen.seen = std::min<std::int64_t>(ledger_.observed - i.due, days_most) / recovery_span;
        for (std::int64_t s = 0; s < fallen.seen; ++s) seen_[s] += lost;
        for (std::size_t k = 0; k < i.flows.size(); ++k) {
            if (!bad.recovers(i, k)) continue;
            const LedgerFlow& f = i.flows[k];
            fallen.back.emplace_back(std::max<std::int64_t>(1, f.date - i.due), f.amount);
        }
    }

    void fit_timing()
    {
        std::vector<DayMean> points;
        Money all;
        for (const auto& [day, amount] : paid_) all += amount;
        Money so_far;
        for (const auto& [day, amount] : paid_) {
            const auto place = static_cast<std::size_t>(
                Int128{so_far.in_fen()} * static_cast<std::int64_t>(timing_points) / all.in_fen());
            const bool single = paid_.size() <= timing_points;
            if (single || points.empty() || place > last_) points.emplace_back();
            last_ = place;
            points.back().add(amount, day);
            so_far += amount;
        }
        if (all == zero) return;
        std::vector<std::int64_t> weights;
        for (const DayMean& p : points) weights.push_back(p.amount.in_fen());
        const auto shares = allocate_pro_rata(Money::fen(Rate::one), weights);
        for (std::size_t p = 0; p < points.size(); ++p) {
            out_.paid.emplace_back(points[p].day(), Rate::ppb(shares[p].in_fen()));
        }
    }

    /// Of the defaults that have seen the last span which half of them have: those only, for shares of
    /// different defaults add up to more than any of them recovered.
    void fit_recovery()
    {
        for (const auto& [number, amount] : seen_) {
            if (Int128{amount.in_fen()} * 2 < out_.defaulted_amount.in_fen()) break;
            out_.recovery_seen = (number + 1) * recovery_span;
            out_.spans.push_back({out_.recovery_seen, amount, {}});
        }
        std::vector<DayMean> back(out_.spans.size());
        for (const Fallen& fallen : fallen_) {
            if (fallen.seen < std::ssize(back)) continue;
            out_.at_risk += fallen.lost;
            for (const auto& [day, amount] : fallen.back) {
                if (day <= out_.recovery_seen) {
                    back[static_cast<std::size_t>((day - 1) / recovery_span)].add(amount, day);
                }
            }
        }
        for (std::size_t s = 0; s < back.size(); ++s) {
            out_.spans[s].back = back[s].amount;
            const Rate part = part_of(back[s].amount, out_.at_risk, Rounding::down);
            if (part > Rate{}) out_.recovery.emplace_back(back[s].day(), part);
        }
    }

    const SellerLedger& ledger_;
    std::int32_t default_days_;
    FittedScope out_;
    std::map<std::int64_t, Money> paid_; ///< by days after due
    std::size_t last_ = 0;
    Money with_dilution_, dilution_;
    std::vector<Fallen> fallen_;
    std::map<std::int64_t, Money> seen_; ///< defaulted amount that has seen all of a span, by its number
};

const std::string& value_of(const SellerInvoice& i, Scope::Kind by)
{
    static const std::string none;
    switch (by) {
    case Scope::Kind::group: return i.group;
    case Scope::Kind::rating: return i.rating;
    case Scope::Kind::region: return i.region;
    case Scope::Kind::industry: return i.industry;
    default: return none;
    }
}

const char* column_of(Scope::Kind by)
{
    switch (by) {
    case Scope::Kind::rating: return "obligor_rating";
    case Scope::Kind::region: return "obligor_region";
    case Scope::Kind::industry: return "obligor_industry";
    default: return "obligor_group";
    }
}

/// The scope in quotes, as `of` has it.
std::string quoted(const Scope& of)
{
    std::string out;
    append_text(out, fmt::format("{} {}", of.kind_word(), of.name));
    return out;
}

/// A comment: of how much of what defaulted recovery is told, and how far.
std::string seen_toml(const FittedScope& s)
{
    std::string out = fmt::format("# {} defaulted", s.defaulted_amount.str());
    if (s.recovery_seen == 0) return out + ", of which less than half has been seen for 30 days after due\n";
    return out + fmt::format("; recovery is of {}, seen to {} days after due\n", s.at_risk.str(), s.recovery_seen);
}

std::string days_toml(const char* key, const std::vector<std::pair<std::int64_t, Rate>>& list)
{
    std::string out = fmt::format("{} = [", key);
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0) out += i % 5 == 0 ? ",\n  " : ", ";
        out += fmt::format("\"{} days {}\"", list[i].first, list[i].second.str());
    }
    return out + "]\n";
}

} // namespace

Result<ScenarioFit> fit_scenario(const SellerLedger& ledger, Scope::Kind by, std::int32_t default_days)
{
    ScenarioFit out;
    std::map<std::string, ScopeFit> scopes;
    for (const SellerInvoice& i : ledger.invoices) {
        if (ledger.observed - i.due <= default_days) {
            ++out.open;
            out.open_amount += i.amount;
            continue;
        }
        const std::string& value = value_of(i, by);
        if (by != Scope::Kind::pool && value.empty()) {
            ++out.unnamed;
            out.unnamed_amount += i.amount;
            continue;
        }
        out.first = out.invoices == 0 ? i.issued : std::min(out.first, i.issued);
        out.last = out.invoices == 0 ? i.issued : std::max(out.last, i.issued);
        ++out.invoices;
        out.amount += i.amount;
        scopes.try_emplace(value, ledger, default_days).first->second.add(i);
    }
    if (out.invoices == 0) {
        return out.unnamed > 0
                   ? fail(Code::invalid_input,
                          fmt::format("no invoice whose fate is known has a value of {}", column_of(by)),
                          {ledger.file, 1, 0, 0},
                          "the ledger needs the column, or a mapping that names it under [columns]")
                   : fail(Code::invalid_input,
                          fmt::format("no invoice fell due more than {} days before {}", default_days,
                                      ledger.observed.str()),
                          {ledger.file, 1, 0, 0}, "what will default of the others is not known yet");
    }
    for (auto& [value, scope] : scopes) out.scopes.push_back(scope.fitted({by, value}));
    return out;
}

std::string assumptions_toml(const ScenarioFit& fit)
{
    std::string out;
    for (const FittedScope& s : fit.scopes) {
        const std::string of = s.of.name.empty() ? "" : "of = " + quoted(s.of) + "\n";
        out += fmt::format("\n# {}: {} invoices of {}\n",
                           s.of.name.empty() ? "all" : quoted(s.of), s.invoices,
                           s.amount.str());
        if (!s.paid.empty()) out += "[[timing]]\n" + of + days_toml("paid", s.paid);
        if (s.dilution > Rate{}) {
            out += fmt::format("[[dilution]]\n{}share = \"{}\"\nrate = \"{}\"\n", of, s.diluted.str(),
                               s.dilution.str());
        }
        if (s.defaulted == Rate{}) continue;
        out += seen_toml(s);
        out += fmt::format("[[default]]\n{}share = \"{}\"\n", of, s.defaulted.str());
        if (!s.recovery.empty()) out += days_toml("recovery", s.recovery);
    }
    return out;
}

} // namespace tranchain
