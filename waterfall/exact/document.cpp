// Documents: public part and rows, both ways.
// SPDX-License-Identifier: Apache-2.0
#include "waterfall/exact/document.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "data/text.hpp"
#include "waterfall/exact/facts_rows.hpp"

namespace tranchain {

namespace {

constexpr std::string_view document_fields[]{"asset_id", "number", "parties"};

bool is_party_role(std::string_view text)
{
    return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-';
    });
}

Json parties_json(const std::vector<DocumentParty>& parties)
{
    return json_list(parties, [](const DocumentParty& p) {
        return Json::object({{"name", p.name}, {"role", p.role}});
    });
}

/// Nothing if the text is not the canonical list that parties_json() writes.
std::optional<std::vector<DocumentParty>> read_parties(std::string_view text)
{
    const auto json = parse_canonical(text);
    if (!json || !json->is_array()) return std::nullopt;
    std::vector<DocumentParty> parties;
    for (const Json& item : json->as_array()) {
        if (!item.is_object()) return std::nullopt;
        Fields f(item, "party");
        parties.push_back({f.text("name"), f.text("role")});
        if (!f.finish().empty()) return std::nullopt;
    }
    return parties;
}

Error row_problem(const Row& row, std::string_view what)
{
    return {Code::invalid_input, fmt::format("row '{}': {}", row.key, what), {}, {}, "bad-row"};
}

} // namespace

Checked<DocumentPart> parse_document(const Json& part)
{
    Fields f(part, "document");
    DocumentPart d;
    const Json* const kind = part.find("kind");
    const bool is_text = kind != nullptr && kind->is_string();
    d.kind = f.text("kind");
    // As with record types: a newer program is the remedy, not another record.
    if (is_text && std::ranges::find(document_kinds, d.kind) == document_kinds.end()) {
        return tl::make_unexpected(
            Errors{{Code::invalid_input,
                    fmt::format("document kind '{}' is not known to this version", d.kind),
                    {},
                    {},
                    "unknown-type"}});
    }
    d.sha256 = f.digest("sha256");
    d.size = f.integer_from("size", 1);
    d.count = f.integer_from("count", 0);
    if (f.has("expires")) d.expires = f.date("expires");
    if (Errors errors = f.finish(); !errors.empty()) return tl::make_unexpected(std::move(errors));
    return d;
}

std::string document_key(std::string_view asset_id)
{
    return fmt::format("document/{}", asset_id);
}

std::string wrong_in(const DocumentRow& row)
{
    if (row.number.size() > document_number_limit || !is_signable_text(row.number)) {
        return fmt::format("the number is longer than {} bytes, or not plain text",
                           document_number_limit);
    }
    if (row.parties.size() > document_parties_limit) {
        return fmt::format("there are more than {} parties", document_parties_limit);
    }
    for (const DocumentParty& p : row.parties) {
        if (p.name.empty() || p.name.size() > document_name_limit || !is_signable_text(p.name)) {
            return fmt::format("a party's name is empty, longer than {} bytes, or not plain text",
                               document_name_limit);
        }
        if (!is_party_role(p.role)) {
            return fmt::format("'{}' is not a role: up to 40 letters a to z, digits, - and _",
                               p.role);
        }
    }
    return {};
}

Result<DocumentRow> read_document(const Row& row)
{
    const auto name = [](const auto& field) { return std::string_view(field.first); };
    if (!std::ranges::equal(row.fields, document_fields, {}, name)) {
        return tl::make_unexpected(
            row_problem(row, "has not the fields asset_id, number, parties"));
    }
    DocumentRow d{row.fields[0].second, row.fields[1].second, {}};
    auto parties = read_parties(row.fields[2].second);
    if (!parties) return tl::make_unexpected(row_problem(row, "parties are not a list of them"));
    d.parties = std::move(*parties);
    if (const std::string wrong = wrong_in(d); !wrong.empty()) {
        return tl::make_unexpected(row_problem(row, wrong));
    }
    if (row.key != document_key(d.asset_id)) {
        return tl::make_unexpected(row_problem(row, "asset_id does not fit the key"));
    }
    return d;
}

Submission build_document(DocumentPart part,
                          std::optional<Date> dated,
                          const std::vector<std::string>& assets,
                          const DocumentRow& common,
                          const RandomSource& random)
{
    part.count = static_cast<std::int64_t>(assets.size());
    Json json = Json::object({{"kind", part.kind},
                              {"sha256", hex(part.sha256)},
                              {"size", part.size},
                              {"count", part.count}});
    if (part.expires) json["expires"] = *part.expires;
    Record record;
    record.type = record_type::document;
    record.business_date = dated;
    record.public_part = std::move(json);
    const std::string parties = Json(parties_json(common.parties)).canonical();
    std::vector<Row> rows;
    const auto bind = [&](const std::string& id) {
        rows.push_back({document_key(id),
                        {{"asset_id", id}, {"number", common.number}, {"parties", parties}},
                        {}});
    };
    for (const std::string& id : assets) bind(id);
    if (assets.empty()) bind("");
    return with_rows(std::move(record), seal_rows(std::move(rows), random));
}

} // namespace tranchain
