// A deal from its text, as it comes back from a record: what is stored is what runs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/test/unit_test.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/exact/program_json.hpp"

namespace tranchain::test {

/// A: 1,000,000.00 at 3.65%, so 100.00 a day; SUB: 100,000.00.
inline const char* const a_and_sub = R"([[tranche]]
id = "A"
rank = 1
face = "1000000.00"
coupon = "3.65%"
[[tranche]]
id = "SUB"
rank = 2
face = "100000.00"
)";

/// A deal in amortization, of A and SUB, paid on the 26th. `parts` are its fees, reserves and the like.
inline std::string amortizing_deal(const std::string& parts, const std::string& priority)
{
    return R"([deal]
id = "small"
closing = 2019-01-31
legal_final = 2020-12-26
)" + std::string(a_and_sub) + parts + R"(
[[schedule]]
during = "amortization, accelerated, default"
pay = "26 monthly"
calendar = "weekdays"
)" + priority;
}

inline Program stored_deal(const std::string& text)
{
    const auto file = parse_deal(text, "x.toml");
    if (!file) BOOST_FAIL(file.error().front().message);
    const auto program = compile(*file);
    if (!program) BOOST_FAIL(program.error().front().message);
    const auto stored = program_from_json(parse_canonical(to_json(*program).canonical()).value());
    if (!stored) BOOST_FAIL(stored.error().front().message);
    BOOST_REQUIRE((*stored == without_places(*program)));
    return *stored;
}

} // namespace tranchain::test
