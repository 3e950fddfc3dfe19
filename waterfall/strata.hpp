// Strata: a tape divided by any of its columns, by age, and against another tape.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/tape.hpp"

namespace tranchain {

struct Stratum {
    std::string label;
    std::int64_t count = 0;
    Money face, price;
    Int128 face_days = 0; ///< fen x days to due, for averages
};

/// By the values of a column: text by face, largest first; dates by month; amounts by `bands`
/// (ascending upper bounds, each inclusive), by powers of ten if there are none. Nothing on the
/// tape gives an empty label. Errors: no such column, bands for a column without amounts.
[[nodiscard]] Result<std::vector<Stratum>>
stratify(const Tape& tape, std::string_view column, const std::vector<Money>& bands, Date as_of);

/// Up to so many days past due; the last has no end.
struct AgeingBucket {
    int upto;
    const char* label;
};
inline constexpr int no_end = 1 << 20;
inline constexpr AgeingBucket trade_buckets[]{{0, "not past due"}, {30, "1-30"},    {60, "31-60"},
                                              {90, "61-90"},       {120, "91-120"}, {no_end, "over 120"}};
/// The first that so many days past due are not above.
std::size_t bucket_of(std::span<const AgeingBucket> buckets, int days);

/// `trade`: 1-30 ... over 120 days past due, `esma`: 1-29 ... 180 and more, `china`: 1-30 ... over
/// 90. Every bucket, empty ones too.
std::vector<Stratum> age(const Tape& tape, std::string_view buckets, Date as_of);

struct TapeChange {
    enum class Kind : std::uint8_t { added, removed, changed };
    Kind kind = Kind::changed;
    std::string asset_id, column; ///< no column: the whole row
    std::string before, after;    ///< canonical text; of a whole row its face
    int before_line = 0, after_line = 0;
};
/// By asset_id, in the order of the second tape, removed rows last. The snapshot date, which every
/// later tape changes, is left out, and so are columns that only one tape has.
std::vector<TapeChange> tape_changes(const Tape& before, const Tape& after);
std::string_view name(TapeChange::Kind kind);

} // namespace tranchain
