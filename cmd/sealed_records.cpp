// Walking the records of a chain.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/sealed_records.hpp"

#include <utility>

#include <fmt/core.h>

#include "chain/executor.hpp"
#include "data/attempt.hpp"

namespace tranchain {

Result<> each_sealed(Store& store,
                     const std::string& deal,
                     std::optional<std::int64_t> last,
                     const std::function<bool(const std::string& type)>& wanted,
                     const OnSealed& take)
{
    TRANCHAIN_TRY(const auto places, store.records());
    std::int64_t height = -1;
    std::vector<SignedRecord> records;
    for (const RecordPlace& place : places) {
        if (place.deal.empty() || (!deal.empty() && place.deal != deal)) continue;
        if ((last && place.height > *last) || !wanted(place.type)) continue;
        if (place.height != height) {
            TRANCHAIN_TRY(const auto block, store.block(place.height));
            if (!block)
                return fail(Code::not_found, fmt::format("there is no block {}", place.height));
            TRANCHAIN_TRY(records, one(parse_body(block->body)));
            height = place.height;
        }
        const auto at = static_cast<std::size_t>(place.position);
        if (at >= records.size() || hex(records[at].record.hash()) != place.hash)
            return fail(Code::answer_no, fmt::format("block {}: the record index is wrong", height),
                        {store.path()}, "run 'chain verify'");
        TRANCHAIN_DO(take(place, records[at].record));
    }
    return {};
}

Result<std::optional<std::vector<Row>>>
signed_rows(Store& store, const RecordPlace& place, const Record& record)
{
    TRANCHAIN_TRY(auto rows, store.rows(place.hash));
    if (!rows) return std::optional<std::vector<Row>>();
    if (const Findings found = check_rows(record, *rows); !found.empty()) {
        Finding first = found.front();
        first.block = place.height;
        return tl::make_unexpected(
            Error{Code::answer_no, first.text(), {store.path()}, "run 'chain verify'", first.id});
    }
    return rows;
}

} // namespace tranchain
