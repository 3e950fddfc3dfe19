// A deal from its text, as it comes back from a record: what is stored is what runs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/test/unit_test.hpp>

#include "waterfall/compile.hpp"
#include "waterfall/exact/program_json.hpp"

namespace tranchain::test {

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
