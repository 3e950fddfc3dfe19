// Choose.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/choose.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/text.hpp"

namespace tranchain {

Result<std::size_t>
choose(const Choice& c, const std::vector<std::string>& ids, const std::string& named)
{
    if (ids.empty()) return fail(Code::not_found, fmt::format("{} has no {}", c.owner, c.what));
    if (named.empty() && ids.size() == 1) return std::size_t{0};
    if (named.empty())
        return fail(Code::usage, fmt::format("{} has {} {}s", c.owner, ids.size(), c.what), {},
                    fmt::format("name one with {}: {}", c.option, join(ids, ", ")));
    const auto at = std::find(ids.begin(), ids.end(), named);
    if (at != ids.end()) return static_cast<std::size_t>(at - ids.begin());
    const auto near = closest(named, ids);
    return fail(Code::not_found, fmt::format("{} has no {} '{}'", c.owner, c.what, named), {},
                near ? fmt::format("did you mean '{}'?", *near) : "it has " + join(ids, ", "));
}

} // namespace tranchain
