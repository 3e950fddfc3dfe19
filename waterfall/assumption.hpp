// Assumption: what a scenario says about receivables, beside how they are paid by themselves.
//
// Everything is drawn by lot from whole numbers: a receivable is hit or not by its own id and the
// scenario's seed, whatever else is in the pool, so a larger share hits the same receivables and
// more.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/tape.hpp"
#include "data/toml.hpp"
#include "waterfall/generate.hpp"

namespace tranchain {

/// Which receivables an assumption is about.
struct Scope {
    enum class Kind : std::uint8_t {
        pool, bought, group, obligor, industry, receivable, rating, region, supplier
    };
    Kind kind = Kind::pool;
    std::string name; ///< a plain one (data/name.hpp); none for pool and bought (after closing)
    [[nodiscard]] bool covers(const Receivable& receivable, bool bought) const;
    [[nodiscard]] std::string words() const;
    [[nodiscard]] std::string_view kind_word() const; ///< as a scenario file says it
};

/// A share that may change: by the date it is asked for, or by the month since closing.
struct ShareCurve {
    std::vector<std::pair<Date, Rate>> points; ///< from that date on; ascending; before: nothing
    std::vector<Rate> months; ///< first month after closing first; the last goes on
    Rate constant;            ///< if there are neither
    [[nodiscard]] Rate at(Date date, Date closing) const;
};

struct Assumption {
    /// In the order in which they act on a receivable, but for timing, which acts before them.
    enum class Kind : std::uint8_t { dilution, early, delay, default_, repurchase, replenishment, timing };
    Kind kind = Kind::default_;
    Scope of;
    ShareCurve share;      ///< of receivables, by due date; replenishment: of those offered, by day
    std::int64_t days = 0; ///< delay, early; repurchase: after the due date
    Rate rate;             ///< dilution: of face
    bool made_good = false; ///< dilution: the seller pays for it, five days later
    std::vector<std::pair<std::int64_t, Rate>>
        recovery; ///< default: days after due, share of what is unpaid
    /// timing: days after due (before it: below zero), rising, and shares of receivables that sum
    /// to 100%. Each is paid in one sum on one of these days, and nothing of it is diluted.
    std::vector<std::pair<std::int64_t, Rate>> paid;
    Source where;
};

/// What `of = "group G01"` says; the pool where it is left out. Problems are reported through the table.
Scope read_scope(TomlTable& table);
/// `paid = ["-5 days 40.00%", "10 days 60.00%"]`: days -365 to 1000, rising, shares that sum to 100%.
std::vector<std::pair<std::int64_t, Rate>> read_timing(TomlTable& table);
/// `recovery = ["90 days 20.00%"]`: days 1 to 1000, shares that sum to 100% at most.
std::vector<std::pair<std::int64_t, Rate>> read_recovery(TomlTable& table);
/// The share that stands at `key` as `text`, 0% to 100%.
Rate read_percent(TomlTable& table, const char* key, const std::string& text);
/// A receivable owned from `owned` on loses `rate` of its balance, half-up, ten days before it is due;
/// made good, the seller pays for it five days later.
void dilute(Fate& fate, Rate rate, bool made_good, const Receivable& receivable, Date owned);
/// Reads `[[default]]`, `[[delay]]`, `[[early]]`, `[[dilution]]`, `[[repurchase]]`,
/// `[[replenishment]]`, `[[timing]]`; problems are
/// reported through the tables. tranchain-scenario(5) has the grammar.
std::vector<Assumption> read_assumptions(TomlTable& root);

/// What lots are drawn by: a receivable's id; of an instalment its contract, so that who stops
/// paying one pays none of the later ones.
std::string_view lot_of(const Receivable& receivable);
/// True when the lot with this name falls on the receivable.
bool drawn(std::uint64_t seed, std::string_view lot, std::string_view asset_id, Rate share);

/// What multiplies the shares of each kind of assumption, up to 100%, and what is recovered.
struct Factors {
    std::array<Rate, 6> of_kind{}; ///< by Assumption::Kind; timing has no share to multiply
    Rate recovery = Rate::ppb(Rate::one); ///< never more than was unpaid
    Factors() { of_kind.fill(Rate::ppb(Rate::one)); }
    [[nodiscard]] Rate& operator[](Assumption::Kind kind)
    {
        return of_kind[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] Rate operator[](Assumption::Kind kind) const
    {
        return of_kind[static_cast<std::size_t>(kind)];
    }
};
/// share x factor, cut to a whole part per billion, 100% at most.
Rate times(Rate share, Rate factor);

/// Of an invoice whose obligor disputes it in a drawn future; a rate of nothing: he does not.
struct DrawnDilution {
    Rate rate{};
    bool made_good = false;
};

struct AssumptionContext {
    std::uint64_t seed = 0;
    Rate stress = Rate::ppb(Rate::one); ///< multiplies the shares of defaults and dilutions
    Factors factors = {};
    Date closing, owned;
    bool bought = false;
    DrawnDilution drawn = {}; ///< acts after those of the assumptions
};
/// The fate of a receivable changed by every assumption that covers it, of timings the last, and by the
/// dilution drawn.
Fate assumed(const std::vector<Assumption>& assumptions,
             const AssumptionContext& context,
             const Receivable& receivable,
             Fate fate);

} // namespace tranchain
