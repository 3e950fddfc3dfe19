// Documents in a copy of a chain.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/documents.hpp"

#include <utility>

#include <fmt/core.h>

#include "chain/executor.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/facts.hpp"

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
            Error{Code::answer_no, first.str(), {store.path()}, "run 'chain verify'", first.id});
    }
    return rows;
}

std::vector<std::string> SealedDocument::assets() const
{
    std::vector<std::string> ids;
    for (const DocumentRow& row : rows.value_or(std::vector<DocumentRow>()))
        if (!row.asset_id.empty()) ids.push_back(row.asset_id);
    return ids;
}

Result<SealedDocument> sealed_document(Store& store, const RecordPlace& place, const Record& record)
{
    TRANCHAIN_TRY(DocumentPart part, one(parse_document(record.public_part)));
    SealedDocument d{place, record.business_date, std::move(part), {}};
    TRANCHAIN_TRY(const auto rows, signed_rows(store, place, record));
    if (!rows) return d;
    d.rows.emplace();
    for (const Row& row : *rows) {
        TRANCHAIN_TRY(DocumentRow read, read_document(row));
        d.rows->push_back(std::move(read));
    }
    return d;
}

Result<std::vector<SealedDocument>>
sealed_documents(Store& store, const std::string& deal, std::optional<std::int64_t> last)
{
    std::vector<SealedDocument> all;
    TRANCHAIN_DO(each_sealed(
        store, deal, last, [](const std::string& type) { return type == record_type::document; },
        [&](const RecordPlace& place, const Record& record) -> Result<> {
            TRANCHAIN_TRY(SealedDocument d, sealed_document(store, place, record));
            all.push_back(std::move(d));
            return {};
        }));
    return all;
}

std::string party_words(const std::vector<DocumentParty>& parties)
{
    std::vector<std::string> words;
    for (const DocumentParty& p : parties) words.push_back(fmt::format("{} ({})", p.name, p.role));
    return join(words, ", ");
}

} // namespace tranchain
