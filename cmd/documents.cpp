// Documents in a copy of a chain.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/documents.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "chain/executor.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"
#include "waterfall/exact/facts.hpp"

namespace tranchain {

std::vector<std::string> SealedDocument::assets() const
{
    std::vector<std::string> ids;
    for (const DocumentRow& row : rows.value_or(std::vector<DocumentRow>()))
        if (!row.asset_id.empty()) ids.push_back(row.asset_id);
    return ids;
}

namespace {

Result<SealedDocument> public_document(const RecordPlace& place, const Record& record)
{
    TRANCHAIN_TRY(DocumentPart part, one(parse_document(record.public_part)));
    return SealedDocument{place, record.business_date, std::move(part), {}, {}};
}

} // namespace

Result<SealedDocument> sealed_document(Store& store, const RecordPlace& place, const Record& record)
{
    TRANCHAIN_TRY(SealedDocument d, public_document(place, record));
    const auto rows = signed_rows(store, place, record);
    if (!rows && rows.error().id.empty()) return tl::make_unexpected(rows.error());
    if (!rows) d.problem = fmt::format("[{}] {}", rows.error().id, rows.error().message);
    if (!rows || !*rows) return d;
    std::vector<DocumentRow> all;
    for (const Row& row : **rows) {
        auto read = read_document(row);
        if (!read) {
            d.problem = fmt::format("[{}] {}", read.error().id, read.error().message);
            return d;
        }
        all.push_back(std::move(*read));
    }
    d.rows = std::move(all);
    return d;
}

Result<std::vector<SealedDocument>> sealed_documents(Store& store,
                                                     const std::string& deal,
                                                     std::optional<std::int64_t> last,
                                                     DocumentRows rows)
{
    if (!deal.empty()) {
        TRANCHAIN_TRY(const auto places, store.records());
        const auto named = [&](const RecordPlace& p) { return p.deal == deal; };
        if (std::ranges::none_of(places, named))
            return fail(Code::not_found, "the chain has no deal '" + deal + "'", {store.path()});
    }
    std::vector<SealedDocument> all;
    TRANCHAIN_DO(each_sealed(
        store, deal, last, [](const std::string& type) { return type == record_type::document; },
        [&](const RecordPlace& place, const Record& record) -> Result<> {
            TRANCHAIN_TRY(SealedDocument d, rows == DocumentRows::read
                                                ? sealed_document(store, place, record)
                                                : public_document(place, record));
            all.push_back(std::move(d));
            return {};
        }));
    return all;
}

std::string withheld_words(const SealedDocument& document)
{
    const std::string which = fmt::format("the document in block {} (record {})",
                                          document.place.height, document.place.hash.substr(0, 12));
    return document.problem.empty()
               ? fmt::format("the rows of {} are not here", which)
               : fmt::format("the rows of {} are not those that were signed: {}", which,
                             document.problem);
}

std::string party_words(const std::vector<DocumentParty>& parties)
{
    std::vector<std::string> words;
    for (const DocumentParty& p : parties) words.push_back(fmt::format("{} ({})", p.name, p.role));
    return join(words, ", ");
}

} // namespace tranchain
