// Record: what one party states and answers for: a public part, and how many rows under which root.
//
// The signed bytes are "tranchain/record/v1\n" + canonical JSON of the members below; a field that
// does not apply is left out, an unknown one is refused. Types are strings in a registry and are
// never renamed. See tranchain-chain(5), "Record".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/date.hpp"
#include "data/digest.hpp"
#include "data/error.hpp"
#include "data/json.hpp"
#include "data/row.hpp"

namespace tranchain {

struct Record {
    std::int64_t v = 1;
    std::string chain;                 ///< name/16 hex digits
    std::string deal;                  ///< empty for governance records
    std::string type;
    std::string author;                ///< member name; empty for computed records (day_close, notice)
    std::int64_t seq = 0;              ///< per author and deal from 1 without gaps; 0 = computed
    std::optional<Hash> replaces;
    std::int64_t valid_until = 0;      ///< UTC seconds; 0 = computed record
    std::optional<Date> business_date;
    struct Covers { Date from; Date to; bool operator==(const Covers&) const = default; };
    std::optional<Covers> covers;      ///< days a source declares complete by this record
    std::optional<Hash> corrects;
    std::vector<std::string> approvals_required;  ///< member names, sorted; empty if none
    Json public_part;                  ///< member `public`
    std::int64_t rows = 0;
    std::optional<Hash> rows_root;     ///< present when rows > 0

    [[nodiscard]] Json to_json() const;
    [[nodiscard]] static Checked<Record> from_json(const Json& json);
    /// "tranchain/record/v1\n" + canonical JSON: what author and approvers sign.
    [[nodiscard]] std::string signed_text() const;
    /// SHA-256 of the canonical JSON: names the record in `replaces`, messages and files.
    [[nodiscard]] Hash hash() const;

    bool operator==(const Record&) const = default;
};

}  // namespace tranchain
