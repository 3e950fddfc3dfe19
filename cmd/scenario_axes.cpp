// Scenario axes: reads lists and ranges.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/scenario_axes.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t values_max = 100'001;
constexpr std::int64_t delay_days_max = 365;

std::string option_of(const Axis& axis) { return fmt::format("--{}", axis.key()); }

Result<std::int64_t> parse_value(const Axis& axis, std::string_view text)
{
    if (axis.kind == Axis::Kind::delay) {
        std::int64_t days = 0;
        const auto end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, days);
        if (read.ec == std::errc{} && read.ptr == end && days >= 0 && days <= delay_days_max) return days;
        return fail(Code::usage,
                    fmt::format("{}: '{}' is not a delay of 0 to {} days", option_of(axis), text,
                                delay_days_max),
                    {}, "write days as 0,15,30 or 0:90:15");
    }
    const auto rate = Rate::parse(text);
    if (rate && *rate >= Rate{} && rate->in_ppb() <= Rate::one) return rate->in_ppb();
    return fail(Code::usage,
                fmt::format("{}: '{}' is not a share of 0% to 100%", option_of(axis), text), {},
                "write shares as 0%,5%,10% or 0%:20%:5%");
}

Result<std::vector<std::int64_t>> parse_range(const Axis& axis,
                                              const std::vector<std::string_view>& parts)
{
    TRANCHAIN_TRY(const std::int64_t from, parse_value(axis, parts[0]));
    TRANCHAIN_TRY(const std::int64_t to, parse_value(axis, parts[1]));
    TRANCHAIN_TRY(const std::int64_t step, parse_value(axis, parts[2]));
    if (step == 0 || from > to) {
        return fail(Code::usage, fmt::format("{}: the range has no values", option_of(axis)), {},
                    "write FROM:TO:STEP, from the lower value upwards");
    }
    if ((to - from) / step >= values_max) {
        return fail(Code::usage,
                    fmt::format("{}: the range has more than {} values", option_of(axis),
                                values_max),
                    {}, "take a larger step");
    }
    std::vector<std::int64_t> values;
    for (std::int64_t value = from; value <= to; value += step) values.push_back(value);
    return values;
}

} // namespace

const char* Axis::key() const
{
    switch (kind) {
    case Kind::default_share:
        return "default";
    case Kind::recovery:
        return "recovery";
    case Kind::dilution:
        return "dilution";
    case Kind::delay:
        return "delay";
    case Kind::coupon:
        break;
    }
    return "coupon";
}

Value Axis::shown(std::int64_t value) const
{
    return kind == Kind::delay ? Value(value) : Value::rate(Rate::ppb(value).str());
}

void Axis::put(std::size_t index, Stress& stress) const
{
    const std::int64_t value = values[index];
    switch (kind) {
    case Kind::default_share:
        stress.default_share = Rate::ppb(value);
        break;
    case Kind::recovery:
        stress.recovery = Rate::ppb(value);
        break;
    case Kind::dilution:
        stress.dilution = Rate::ppb(value);
        break;
    case Kind::delay:
        stress.delay_days = value;
        break;
    case Kind::coupon:
        break;
    }
}

Result<Axis> parse_axis(Axis::Kind kind, const std::string& text)
{
    Axis axis{kind, {}};
    if (const auto parts = split(text, ':'); parts.size() == 3) {
        TRANCHAIN_TRY(axis.values, parse_range(axis, parts));
        return axis;
    }
    for (const std::string_view part : split(text, ',')) {
        TRANCHAIN_TRY(const std::int64_t value, parse_value(axis, trim(part)));
        if (!axis.values.empty() && value <= axis.values.back()) {
            return fail(Code::usage,
                        fmt::format("{}: '{}' does not follow the value before it", option_of(axis),
                                    trim(part)),
                        {}, "write each value once, from the lowest to the highest");
        }
        axis.values.push_back(value);
    }
    return axis;
}

Result<std::vector<Axis>> read_axes(const AxisWords& words, const Scenario& base)
{
    std::vector<Axis> axes;
    const std::pair<Axis::Kind, const std::optional<std::string>*> given[]{
        {Axis::Kind::default_share, &words.default_share},
        {Axis::Kind::recovery, &words.recovery},
        {Axis::Kind::dilution, &words.dilution},
        {Axis::Kind::delay, &words.delay}};
    for (const auto& [kind, text] : given) {
        if (!*text) continue;
        TRANCHAIN_TRY(Axis axis, parse_axis(kind, **text));
        axes.push_back(std::move(axis));
    }
    if (words.recovery_days < 1 || words.recovery_days > 1000) {
        return fail(Code::usage, "--recovery-days is 1 to 1000");
    }
    const bool defaults =
        words.default_share ||
        std::any_of(base.assumptions.begin(), base.assumptions.end(),
                    [](const Assumption& a) { return a.kind == Assumption::Kind::default_; });
    if (words.recovery && !defaults) {
        return fail(Code::usage, "--recovery: nothing defaults in this scenario", {},
                    "give --default too");
    }
    if (words.default_share && base.stress != Rate::ppb(Rate::one)) {
        return fail(Code::usage,
                    fmt::format("--default: scenario '{}' multiplies shares by {}", base.name,
                                base.stress.str()),
                    {}, "leave its stress factor out: the axis says the share itself");
    }
    return axes;
}

void add_axis_options(Setup& s, AxisWords& words)
{
    s.option("--default", words.default_share, "SHARES",
             "share of receivables that default: 0%,5%,10% or 0%:20%:5%");
    s.option("--recovery", words.recovery, "SHARES", "share recovered of what defaults");
    s.option("--recovery-days", words.recovery_days, "N",
             "days from the due date to the recovery; 180 if left out");
    s.option("--dilution", words.dilution, "SHARES", "share that every face loses");
    s.option("--delay", words.delay, "DAYS", "days by which every payment is late: 0,15,30");
}

} // namespace tranchain
