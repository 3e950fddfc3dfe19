// Record: its JSON both ways, and the bytes that are signed and hashed.
//
// Reading is the inverse of writing: a member that would be left out when written (an empty text, a
// zero) is refused, so one record has one text and one hash.
// SPDX-License-Identifier: Apache-2.0
#include "data/record.hpp"

#include <algorithm>

#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::int64_t known_version = 1;

/// name/16 hex digits
bool is_chain_id(std::string_view id)
{
    const auto slash = id.rfind('/');
    if (slash == std::string_view::npos || slash == 0 || id.size() - slash != 17) return false;
    return from_hex(id.substr(slash + 1)).has_value();
}

std::string read_text(Fields& fields, std::string_view key)
{
    auto text = fields.text(key);
    if (fields.has(key) && text.empty()) fields.add(key, "is empty; leave it out");
    return text;
}

std::int64_t read_positive(Fields& fields, std::string_view key)
{
    if (!fields.has(key)) return 0;
    const auto value = fields.integer(key);
    if (value <= 0) fields.add(key, "is not above zero");
    return value;
}

std::optional<Hash> read_hash(Fields& fields, std::string_view key)
{
    if (!fields.has(key)) return std::nullopt;
    auto hash = hash_from_hex(fields.hash(key));
    return hash ? std::optional(*hash) : std::nullopt;
}

std::optional<Record::Covers> read_covers(Fields& fields, Errors& errors)
{
    if (!fields.has("covers")) return std::nullopt;
    Fields days(fields.object("covers"), "record.covers");
    const Record::Covers covers{days.date("from"), days.date("to")};
    auto found = days.finish();
    if (found.empty() && covers.to < covers.from) fields.add("covers", "ends before it begins");
    std::ranges::move(found, std::back_inserter(errors));
    return covers;
}

/// Rules between members. A computed record has no author and nothing that only an author can say.
void check_whole(const Record& record, Fields& fields)
{
    if (record.author.empty()) {
        for (const auto* key : {"seq", "valid_until", "replaces", "approvals_required"}) {
            if (fields.has(key)) fields.add(key, "does not apply to a record without author");
        }
    } else {
        for (const auto* key : {"seq", "valid_until"}) {
            if (!fields.has(key)) fields.add(key, "is missing");
        }
    }
    const auto& names = record.approvals_required;
    if (fields.has("approvals_required") && names.empty()) {
        fields.add("approvals_required", "is empty; leave it out");
    }
    if (std::ranges::adjacent_find(names, std::greater_equal<>()) != names.end()) {
        fields.add("approvals_required", "is not sorted without repeats");
    }
    if (record.rows > 0 && !fields.has("rows_root")) fields.add("rows_root", "is missing");
    if (!fields.has("rows") && fields.has("rows_root")) {
        fields.add("rows_root", "does not apply to a record without rows");
    }
}

} // namespace

Json Record::to_json() const
{
    Json json;
    json["v"] = v;
    json["chain"] = chain;
    if (!deal.empty()) json["deal"] = deal;
    json["type"] = type;
    if (!author.empty()) json["author"] = author;
    if (seq != 0) json["seq"] = seq;
    if (replaces) json["replaces"] = hex(*replaces);
    if (valid_until != 0) json["valid_until"] = valid_until;
    if (business_date) json["business_date"] = *business_date;
    if (covers) json["covers"] = Json::object({{"from", covers->from}, {"to", covers->to}});
    if (corrects) json["corrects"] = hex(*corrects);
    if (!approvals_required.empty()) {
        json["approvals_required"] =
            Json::Array(approvals_required.begin(), approvals_required.end());
    }
    json["public"] = public_part;
    if (rows != 0) json["rows"] = rows;
    if (rows_root) json["rows_root"] = hex(*rows_root);
    return json;
}

Checked<Record> Record::from_json(const Json& json)
{
    Errors errors;
    Fields fields(json, "record");
    Record record;
    record.v = fields.integer("v");
    if (fields.has("v") && record.v != known_version) {
        // The members of another version are not ours to judge, so this is all that is said.
        return tl::make_unexpected(Errors{
            {Code::invalid_input,
             "record.v is " + std::to_string(record.v) + ", but this program knows version 1 only",
             {},
             "use the version of tranchain that wrote the record",
             "unknown-version"}});
    }
    record.chain = fields.text("chain");
    if (fields.has("chain") && !is_chain_id(record.chain)) {
        fields.add("chain", "is not a name, a slash and 16 hexadecimal digits");
    }
    if (fields.has("deal")) record.deal = read_text(fields, "deal");
    record.type = read_text(fields, "type");
    if (fields.has("author")) record.author = read_text(fields, "author");
    record.seq = read_positive(fields, "seq");
    record.replaces = read_hash(fields, "replaces");
    record.valid_until = read_positive(fields, "valid_until");
    if (fields.has("business_date")) record.business_date = fields.date("business_date");
    record.covers = read_covers(fields, errors);
    record.corrects = read_hash(fields, "corrects");
    if (fields.has("approvals_required")) {
        record.approvals_required = fields.texts("approvals_required");
    }
    record.public_part = fields.object("public");
    record.rows = read_positive(fields, "rows");
    record.rows_root = read_hash(fields, "rows_root");
    check_whole(record, fields);

    std::ranges::move(fields.finish(), std::back_inserter(errors));
    if (!errors.empty()) return tl::make_unexpected(std::move(errors));
    return record;
}

std::string Record::signed_text() const
{
    return "tranchain/record/v1\n" + to_json().canonical();
}

Hash Record::hash() const
{
    return sha256(to_json().canonical());
}

} // namespace tranchain
