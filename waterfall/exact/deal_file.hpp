// DealFile: a deal as its TOML says it: every sentence parsed, every name resolved, no date
// computed.
//
// Reading reports all problems of the file in one run. waterfall/compile.hpp adds calendars and
// payment dates and makes the program that is signed; check.hpp judges whether the deal makes
// sense. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "waterfall/exact/clause.hpp"
#include "waterfall/exact/program.hpp"

namespace tranchain {

/// What happens to a payment date that is no business day.
enum class Roll : std::uint8_t { following, modified_following, preceding, none };

/// One [[schedule]]: the rule from which payment dates are computed.
struct ScheduleRule {
    std::vector<Phase> during;
    std::optional<Date> until; ///< last day of the revolving period, inclusive
    std::optional<Date> first; ///< unadjusted
    PayRule pay;
    Roll roll = Roll::following;
    std::vector<std::string> calendars; ///< a payment day is a business day of all of them
    Source where;

    [[nodiscard]] bool revolving() const { return during == std::vector{Phase::revolving}; }
};

struct DealFile {
    Program program; ///< payment dates and calendars still empty
    std::vector<ScheduleRule> schedules;
    std::optional<Money> size;            ///< what the faces of the tranches must add up to
    std::map<std::string, Source> places; ///< `deal.closing`, `tranche.A`, `tranche.A.face`, ...
    std::string file;
    std::string text; ///< the bytes that were read

    /// Where a key of the deal stands; the beginning of the file if unknown.
    [[nodiscard]] Source at(const std::string& path) const;
    [[nodiscard]] Source at(const Clause& clause) const;
};

[[nodiscard]] Checked<DealFile> parse_deal(std::string_view text, std::string file_name);
[[nodiscard]] Checked<DealFile> read_deal(const std::string& path);

} // namespace tranchain
