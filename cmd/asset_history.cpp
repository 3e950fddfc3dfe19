// Asset history: the rows of every record that name one receivable, and its chain of title.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/asset_history.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "data/attempt.hpp"
#include "data/json.hpp"
#include "waterfall/exact/facts.hpp"

namespace tranchain {

namespace {

std::string cell_of(const Row& row, std::string_view column)
{
    const std::string* value = row.field(column);
    return value ? *value : std::string();
}

class AssetReader {
public:
    AssetReader(Store& store, std::string id)
        : store_(store), id_(std::move(id)), quoted_id_(Json(id_).canonical())
    {
    }

    static bool is_wanted(const std::string& type)
    {
        static constexpr std::array types{record_type::snapshot,    record_type::purchase,
                                          record_type::collections, record_type::dilution,
                                          record_type::insolvency,  record_type::document};
        return std::ranges::find(types, type) != types.end();
    }

    Result<> take(const RecordPlace& place, const Record& record)
    {
        place_ = &place;
        if (place.type == record_type::document) return paper(place, record);
        if (record.rows == 0) return {};
        TRANCHAIN_TRY(const auto rows, signed_rows(store_, place, record));
        if (!rows)
            return fail(
                Code::not_found,
                fmt::format("the rows of a {} in block {} are not here", place.type, place.height),
                {store_.path()}, "a member's database has them");
        if (place.type == record_type::insolvency) return insolvency(record, *rows);
        for (const Row& row : *rows) {
            if (place.type == record_type::collections) {
                TRANCHAIN_DO(allocation(row));
            } else if (place.type == record_type::dilution) {
                TRANCHAIN_DO(dilution(row));
            } else if (row.key == id_) {
                TRANCHAIN_DO(owned(record, row));
            }
        }
        return {};
    }

    AssetHistory history;

private:
    void
    add(std::optional<Date> date, std::string what, std::optional<Money> amount, std::string detail)
    {
        history.events.push_back({*place_, date, std::move(what), amount, std::move(detail)});
    }

    Result<> owned(const Record& record, const Row& row)
    {
        TRANCHAIN_TRY(const Holding h, read_holding(row));
        const bool bought = record.type == record_type::purchase;
        add(bought ? h.purchase_date : record.business_date, bought ? "bought" : "owned at closing",
            h.face, fmt::format("for {}, due {}", h.price.str(), h.due.str()));
        history.tape = row;
        return {};
    }

    Result<> allocation(const Row& row)
    {
        if (row.fields.front().second.find(quoted_id_) == std::string::npos)
            return {}; // a million of them
        TRANCHAIN_TRY(const Allocation a, read_allocation(row));
        if (a.asset_id != id_) return {};
        add(a.date,
            a.kind == AllocationKind::dilution ? "dilution made good" : std::string(name(a.kind)),
            a.amount, fmt::format("receipt {}", a.receipt));
        return {};
    }

    Result<> dilution(const Row& row)
    {
        TRANCHAIN_TRY(const Dilution d, read_dilution(row));
        if (d.asset_id != id_) return {};
        add(d.date, d.reason, d.amount,
            d.due ? fmt::format("now due {}", d.due->str()) : std::string("lost to dilution"));
        if (d.reason == "writeoff") history.events.back().detail = "written off";
        return {};
    }

    /// Of the obligor; who becomes owner later meets it in the criteria.
    Result<> insolvency(const Record& record, const std::vector<Row>& rows)
    {
        if (!history.tape) return {};
        const std::string obligor = cell_of(*history.tape, "obligor_code");
        TRANCHAIN_TRY(const InsolvencyPart part, one(parse_insolvency(record.public_part)));
        const auto is_his = [&](const Row& row) { return row.key == obligor; };
        if (std::ranges::any_of(rows, is_his))
            add(part.date, "insolvency", std::nullopt, fmt::format("of the obligor, {}", obligor));
        return {};
    }

    Result<> paper(const RecordPlace& place, const Record& record)
    {
        TRANCHAIN_TRY(SealedDocument d, sealed_document(store_, place, record));
        if (!d.rows) {
            history.withheld.push_back(withheld_words(d));
            return {};
        }
        for (const DocumentRow& row : *d.rows) {
            if (!row.asset_id.empty() && row.asset_id != id_) continue;
            std::string detail = row.asset_id.empty() ? "of the deal" : "";
            const auto more = [&](const std::string& text) {
                if (!text.empty()) detail += (detail.empty() ? "" : "; ") + text;
            };
            if (!row.number.empty()) more("no. " + row.number);
            more(party_words(row.parties));
            if (d.part.expires) more("good to " + d.part.expires->str());
            more(fmt::format("SHA-256 {}", hex(d.part.sha256).substr(0, 12)));
            add(d.dated, d.part.kind, std::nullopt, std::move(detail));
            d.rows = std::vector<DocumentRow>{row};
            history.papers.push_back(std::move(d));
            break;
        }
        return {};
    }

    Store& store_;
    std::string id_;
    std::string quoted_id_; ///< as rows in JSON write it
    const RecordPlace* place_ = nullptr;
};

/// Which of two papers shows a link better.
bool is_better(const SealedDocument& a, const SealedDocument& b, Date today)
{
    const auto rank = [&](const SealedDocument& d) {
        return std::tuple(!d.expired(today), d.by_obligor, d.part.count > 0, d.place.height,
                          d.place.position);
    };
    return rank(a) > rank(b);
}

} // namespace

Result<AssetHistory> asset_history(Store& store,
                                   const std::string& deal,
                                   const std::string& asset_id,
                                   std::optional<std::int64_t> last)
{
    AssetReader reader(store, asset_id);
    TRANCHAIN_DO(each_sealed(store, deal, last, AssetReader::is_wanted,
                             [&](const RecordPlace& place, const Record& record) {
                                 return reader.take(place, record);
                             }));
    return std::move(reader.history);
}

std::vector<TitleLink> chain_of_title(const AssetHistory& history, Date today)
{
    std::vector<TitleLink> links{{"contract", "the contract the claim comes from (基础合同)"},
                                 {"invoice", "its invoice (发票)"},
                                 {"delivery", "goods or services were delivered (交付)"},
                                 {"transfer", "the claim was transferred (转让协议)"},
                                 {"notice", "the obligor was told (转让通知)"},
                                 {"confirmation", "the obligor said that he owes it (确权)"},
                                 {"registry", "the transfer is registered (中登网登记)"}};
    for (TitleLink& link : links) {
        const bool by_deal =
            link.name == "transfer" || link.name == "notice" || link.name == "registry";
        for (const SealedDocument& d : history.papers) {
            const bool shows = d.part.kind == link.name ||
                               (link.name == "delivery" && d.part.kind == "warehouse-receipt");
            if (!shows || (d.part.count == 0 && !by_deal)) continue;
            if (d.dated && *d.dated > today) continue;
            if (!link.paper || is_better(d, *link.paper, today)) link.paper = &d;
        }
    }
    return links;
}

} // namespace tranchain
