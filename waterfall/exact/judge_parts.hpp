// What the judges of single record types share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"
#include "waterfall/exact/bounds.hpp"
#include "waterfall/exact/judge.hpp"

namespace tranchain {

Verdict accepted();
Verdict refused(Errors findings);
Verdict refused(std::string_view id, std::string message);
Verdict not_yet(std::string waits_for);
bool holds_role(const Context& context, std::string_view role);
/// What is computed must be said to the letter: a payment's day and its public part.
std::optional<Verdict> judge_as_computed(const Record& said, Date paid_on, const Json& part);
/// Whether the days up to `through` are open and declared by every source.
std::optional<Verdict> judge_through(const Program& program, const DealState& state, Date through);

inline Money size_of(const Holding& h)
{
    return h.face;
}
inline Money size_of(const StatementRow& r)
{
    return r.entry.amount;
}
inline Money size_of(const StatementEntry& e)
{
    return e.amount;
}
inline Money size_of(const Allocation& a)
{
    return a.amount;
}
inline Money size_of(const Dilution& d)
{
    return d.amount;
}
inline Money size_of(const std::string&)
{
    return zero;
}

/// Reads every row; findings name each that cannot be read. Amounts too large to add up are one.
template <class T, class Read>
Errors read_rows(const std::vector<Row>& rows, std::vector<T>& out, Read read)
{
    Errors findings;
    out.reserve(rows.size());
    Gross gross;
    for (const Row& row : rows) {
        auto one = read(row);
        if (one) {
            gross.add(size_of(*one));
            out.push_back(std::move(*one));
        } else {
            findings.push_back(std::move(one.error()));
        }
    }
    if (gross.too_large()) {
        findings.push_back({Code::answer_no,
                            "the amounts of the rows are too large together",
                            {},
                            {},
                            "too-large"});
    }
    return findings;
}

} // namespace tranchain
