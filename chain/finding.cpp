// Finding: the printed form, and the list for manuals and tests.
// SPDX-License-Identifier: Apache-2.0
#include "chain/finding.hpp"

namespace tranchain {

std::string Finding::place() const
{
    std::string place;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (value.empty()) return;
        if (!place.empty()) place += ", ";
        place.append(name).append(" ").append(value);
    };
    if (block >= 0) add("block", std::to_string(block));
    add("record", record);
    add("row", row);
    add("field", field);
    return place;
}

std::string Finding::str() const
{
    const std::string where = place();
    return (where.empty() ? "" : where + ": ") + "[" + id + "] " + message;
}

std::string Finding::text() const
{
    const std::string where = place();
    return (where.empty() ? "" : where + ": ") + message;
}

const std::vector<std::pair<std::string_view, std::string_view>>& chain_findings()
{
    static const std::vector<std::pair<std::string_view, std::string_view>> list = {
#define TRANCHAIN_X(name, id, meaning) {id, meaning},
        TRANCHAIN_CHAIN_FINDINGS(TRANCHAIN_X)
#undef TRANCHAIN_X
    };
    return list;
}

}  // namespace tranchain
