// Generate: sample pools made of integers alone, so that a seed gives the same bytes everywhere.
//
// A SampleWorld holds what a servicer of the reference deal would have on its desk: an opening
// tape, a weekly tape of candidates for purchase, and for each receivable how it will be paid, which
// nobody sees until the day comes. Rates are those measured on real ledgers (see tranchain-pool(5)):
// most cash comes within ten days of the due date, one receivable in eighteen is paid in parts,
// 0.8% of the face is diluted and the seller makes good all of it but 0.2% of the face bought.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/money.hpp"
#include "data/rate.hpp"
#include "data/tape.hpp"

namespace tranchain {

/// SplitMix64: a counter run through a mixer; any seed will do, streams are independent by name.
class Sampler {
public:
    explicit Sampler(std::uint64_t seed) : state_(seed) {}
    /// The stream `name` of `seed`: the same whatever else was drawn.
    Sampler(std::uint64_t seed, std::string_view name);
    std::uint64_t next();
    std::int64_t below(std::int64_t n);                       ///< 0 .. n-1; n > 0
    std::int64_t between(std::int64_t low, std::int64_t high);  ///< inclusive
    bool chance(std::int64_t numerator, std::int64_t denominator);

private:
    std::uint64_t state_;
};

struct SampleParty {
    std::string code;   ///< unified social credit code with its check characters
    std::string name;
    std::string group;  ///< of an obligor: `G01` is the largest
};

/// A unified social credit code with its check characters; serial below 10,000.
std::string sample_credit_code(std::int64_t serial, Sampler& s);

struct CandidateTape {
    Date as_of;                    ///< a Monday
    std::vector<Receivable> rows;  ///< priced as if settled on the next calendar day
};

/// What will happen to one receivable, seen from the day the plan owns it. Dates are calendar days;
/// a bank books a receipt on its next working day.
struct Fate {
    struct Payment {
        Date date;
        Money amount;
        bool by_seller = false;  ///< money for a dilution, not from the obligor
    };
    std::vector<Payment> payments;  ///< by date; an overpayment makes their sum exceed the face
    std::optional<Date> diluted_on;
    Money dilution;
    std::optional<Date> repurchased_on;  ///< seller or originator takes back what is unpaid then
};

struct SampleTerms {
    Date closing = Date::of(2018, 11, 8);
    Date last_tape = Date::of(2020, 11, 2);
    Rate discount = Rate::ppb(70'000'000);
    Money price = Money::fen(150'000'000'000);    ///< of the opening pool, not above
    std::int64_t receivables = 2000;
    Money candidates_a_week = Money::fen(16'100'000'000);
};

/// Face less discount for the days from settlement to the due date, half-up to the fen.
Money discount_price(Money face, Rate discount, std::int64_t days);

class SampleWorld {
public:
    explicit SampleWorld(std::uint64_t seed, const SampleTerms& terms = {});

    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    [[nodiscard]] const SampleTerms& terms() const { return terms_; }
    [[nodiscard]] const std::vector<SampleParty>& obligors() const { return obligors_; }
    [[nodiscard]] const std::vector<SampleParty>& sellers() const { return sellers_; }
    [[nodiscard]] const std::vector<Receivable>& opening() const { return opening_; }
    [[nodiscard]] const std::vector<CandidateTape>& candidates() const { return candidates_; }

private:
    struct Share {
        std::int64_t weight = 0;
        std::int64_t given = 0;  ///< fen so far
    };
    void make_parties();
    void make_opening();
    void make_candidates();
    Receivable make(Date as_of, std::int64_t days, Money face, Sampler& s);
    std::int32_t next_obligor(Money face, Sampler& s);

    std::uint64_t seed_;
    SampleTerms terms_;
    std::vector<SampleParty> obligors_, sellers_;
    std::vector<Share> shares_;
    std::vector<std::vector<std::int32_t>> members_;  ///< obligors of each group
    std::int64_t given_ = 0;
    std::int64_t serial_ = 0;
    std::vector<Receivable> opening_;
    std::vector<CandidateTape> candidates_;
};

/// How a receivable owned from `owned` on is paid; the same for the same seed and asset id.
Fate fate_of(std::uint64_t seed, std::string_view asset_id, Money face, Date due, Date owned);

/// The columns that sample tapes have, in the order of the schema.
std::vector<std::string> sample_tape_columns();
/// A copy of the first rows of the opening tape, each spoilt so that a reader must refuse it.
std::string malformed_tape_csv(const SampleWorld& world);
/// Sound rows that a deal's criteria reject, each for another reason, among good ones.
std::string ineligible_tape_csv(const SampleWorld& world);

}  // namespace tranchain
