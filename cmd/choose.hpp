// Choose: which of several things with names a command is about.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/error.hpp"

namespace tranchain {

struct Choice {
    const char* owner;  ///< `the chain`
    const char* what;   ///< `deal`
    const char* option; ///< `--deal`
};
/// The ids of tranches, triggers and the like, in their order.
template <class Named> std::vector<std::string> ids_of(const std::vector<Named>& all)
{
    std::vector<std::string> ids;
    for (const Named& one : all) ids.push_back(one.id);
    return ids;
}

/// Index in `ids` of the one named, or of the only one where `named` is empty. Errors: not_found for
/// a name that is not there (with the closest one) and where there is none at all; usage where none
/// of several is named.
[[nodiscard]] Result<std::size_t>
choose(const Choice& choice, const std::vector<std::string>& ids, const std::string& named);

} // namespace tranchain
