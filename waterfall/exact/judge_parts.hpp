// What the judges of single record types share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

Verdict accepted();
Verdict refused(Errors findings);
Verdict refused(std::string_view id, std::string message);
Verdict not_yet(std::string waits_for);
bool holds_role(const Context& context, std::string_view role);

/// Reads every row; findings name each that cannot be read.
template <class T, class Read>
Errors read_rows(const std::vector<Row>& rows, std::vector<T>& out, Read read)
{
    Errors findings;
    out.reserve(rows.size());
    for (const Row& row : rows) {
        auto one = read(row);
        if (one)
            out.push_back(std::move(*one));
        else
            findings.push_back(std::move(one.error()));
    }
    return findings;
}

} // namespace tranchain
