// Proof file: making and reading it.
// SPDX-License-Identifier: Apache-2.0
#include "chain/proof_file.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "chain/proof.hpp"
#include "data/attempt.hpp"
#include "data/merkle.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::string_view kind = "tranchain/proof/v1";

Json json_of(const std::vector<Hash>& path)
{
    Json::Array out;
    for (const Hash& hash : path) out.push_back(hex(hash));
    return out;
}

void put(Json& json, const SealedRecord& sealed)
{
    json["block"] =
        Json::object({{"header", sealed.header}, {"path", json_of(sealed.block_path)}});
    Json::Array lines;
    const Note& n = sealed.checkpoint;
    const std::string note = n.lines.empty() ? n.text : n.str();
    for (const auto line : split(std::string_view(note).substr(0, note.size() - 1), '\n'))
        lines.push_back(std::string(line));
    json["checkpoint"] = std::move(lines);
    json["record"] = Json::object({{"index", sealed.index},
                                   {"leaf", sealed.leaf},
                                   {"path", json_of(sealed.record_path)}});
}

Json json_of(const OpenedRow& row)
{
    Json::Array fields;
    for (const OpenedField& f : row.fields) {
        fields.push_back(Json::object({{"index", f.index},
                                       {"name", f.name},
                                       {"path", json_of(f.path)},
                                       {"salt", hex(f.salt)},
                                       {"value", f.value}}));
    }
    return Json::object({{"count", row.count},
                         {"fields", std::move(fields)},
                         {"fields_root", hex(row.fields_root)},
                         {"index", row.index},
                         {"path", json_of(row.path)}});
}

/// Reads objects of the file and keeps the problems of all of them.
class Reader {
public:
    Errors errors;

    std::vector<Hash> path(Fields& f)
    {
        std::vector<Hash> out;
        for (const std::string& text : f.texts("path")) {
            const auto hash = hash_from_hex(text);
            if (!hash || out.size() == longest_merkle_path) {
                f.add("path", "is not a list of at most 63 hashes");
                break;
            }
            out.push_back(*hash);
        }
        return out;
    }
    std::int64_t number(Fields& f, std::string_view key)
    {
        const std::int64_t n = f.integer(key);
        if (n < 0) f.add(key, "is below 0");
        return n;
    }
    void done(Fields& f)
    {
        for (Error& e : f.finish()) errors.push_back(std::move(e));
    }
    void sealed(Fields& f, SealedRecord& out, const std::string& where)
    {
        Fields block(f.object("block"), where + ".block");
        out.header = block.text("header");
        out.block_path = path(block);
        done(block);
        std::string note;
        for (const std::string& line : f.texts("checkpoint")) note += line + "\n";
        if (Checkpoint::parse(note))   // of a block that is final by the one after it only
            out.checkpoint = {note, {}};
        else if (auto parsed = Note::parse(note))
            out.checkpoint = std::move(*parsed);
        else
            f.add("checkpoint", "is not a note: " + parsed.error().message);
        Fields record(f.object("record"), where + ".record");
        out.index = number(record, "index");
        out.leaf = record.text("leaf");
        out.record_path = path(record);
        done(record);
    }
    OpenedRow row(const Json& json)
    {
        Fields f(json, "proof.rows");
        OpenedRow out;
        out.count = number(f, "count");
        out.fields_root = hash_from_hex(f.hash("fields_root")).value_or(Hash{});
        out.index = number(f, "index");
        out.path = path(f);
        for (const Json& one : f.array("fields")) {
            Fields g(one, "proof.rows.fields");
            OpenedField& field = out.fields.emplace_back();
            field.index = number(g, "index");
            field.name = g.text("name");
            field.path = path(g);
            field.salt = hash_from_hex(g.hash("salt")).value_or(Hash{});
            field.value = g.text("value");
            done(g);
        }
        done(f);
        return out;
    }
};

/// One row with its fields opened; index and path are left to the caller.
Result<OpenedRow> open_fields(const Row& row, std::span<const std::string> names)
{
    OpenedRow out;
    out.count = static_cast<std::int64_t>(row.fields.size());
    std::vector<Hash> leaves;
    for (const auto& [name, value] : row.fields)
        leaves.push_back(field_leaf(name, field_salt(row.secret, name), value));
    out.fields_root = merkle_root(leaves);
    for (const std::string& name : names)
        if (!row.field(name))
            return fail(Code::not_found, fmt::format("row '{}' has no field '{}'", row.key, name));
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        const auto& [name, value] = row.fields[i];
        if (!names.empty() && std::ranges::find(names, name) == names.end()) continue;
        out.fields.push_back({static_cast<std::int64_t>(i), name, value,
                              field_salt(row.secret, name), inclusion_proof(leaves, i)});
    }
    return out;
}

} // namespace

std::string ProofFile::str() const
{
    Json json;
    json["kind"] = std::string(kind);
    json["genesis"] = genesis;
    put(json, *this);
    Json::Array changes;
    for (const SealedRecord& sealed : governance) put(changes.emplace_back(), sealed);
    if (!changes.empty()) json["governance"] = std::move(changes);
    if (!rows.empty()) {
        Json::Array list;
        for (const OpenedRow& row : rows) list.push_back(json_of(row));
        json["rows"] = std::move(list);
    }
    if (!reader.empty()) json["reader"] = reader;
    return json.canonical() + "\n";
}

Result<ProofFile> ProofFile::parse(std::string_view bytes)
{
    if (!bytes.ends_with('\n')) return fail(Code::invalid_input, "no newline ends the proof file");
    TRANCHAIN_TRY(const Json json, parse_canonical(bytes.substr(0, bytes.size() - 1)));
    if (!json.is_object()) return fail(Code::invalid_input, "this is not a proof file");
    Reader read;
    ProofFile out;
    Fields f(json, "proof");
    if (f.text("kind") != kind) f.add("kind", fmt::format("is not '{}'", kind));
    out.genesis = f.text("genesis");
    read.sealed(f, out, "proof");
    if (f.has("governance")) {
        for (const Json& json_of_one : f.array("governance")) {
            Fields g(json_of_one, "proof.governance");
            read.sealed(g, out.governance.emplace_back(), "proof.governance");
            read.done(g);
        }
        if (out.governance.empty()) f.add("governance", "is empty: leave it out");
    }
    if (f.has("rows")) {
        for (const Json& row : f.array("rows")) out.rows.push_back(read.row(row));
        if (std::ranges::adjacent_find(out.rows, std::greater_equal<>(), &OpenedRow::index) !=
                out.rows.end() ||
            out.rows.empty())
            f.add("rows", "are not one or more by index, each once");
    }
    if (f.has("reader")) out.reader = f.text("reader");
    read.done(f);
    if (!read.errors.empty()) return tl::make_unexpected(first_of(read.errors));
    return out;
}

Result<std::vector<OpenedRow>> open_rows(std::span<const Row> rows,
                                         std::span<const std::string> keys,
                                         std::span<const std::string> names)
{
    const std::set<std::string_view> wanted(keys.begin(), keys.end());
    std::vector<Hash> leaves;
    std::vector<std::size_t> found;
    for (const Row& row : rows) {
        if (wanted.contains(row.key)) found.push_back(leaves.size());
        leaves.push_back(row_leaf(row));
    }
    for (const std::string& key : keys)
        if (std::ranges::find(rows, key, &Row::key) == rows.end())
            return fail(Code::not_found, fmt::format("the record has no row '{}'", key));
    std::vector<OpenedRow> out;
    for (const std::size_t at : found) {
        TRANCHAIN_TRY(OpenedRow row, open_fields(rows[at], names));
        row.index = static_cast<std::int64_t>(at);
        row.path = inclusion_proof(leaves, at);
        out.push_back(std::move(row));
    }
    return out;
}

Result<ProofFile> prove_record(std::span<const std::string> headers,
                               std::string_view body,
                               const Note& checkpoint,
                               const Genesis& genesis,
                               std::size_t index)
{
    ProofFile out;
    out.genesis = genesis.to_json().canonical();
    out.header = headers.back();
    out.checkpoint = checkpoint;
    std::vector<Hash> leaves;
    for (const std::string& header : headers) leaves.push_back(leaf_hash(header));
    out.block_path = inclusion_proof(leaves, leaves.size() - 1);
    TRANCHAIN_TRY(const auto records, one(parse_body(body)));
    if (index >= records.size())
        return fail(Code::not_found, fmt::format("the block has no record {}", index + 1));
    std::vector<Hash> hashes;
    for (const SignedRecord& record : records) hashes.push_back(record.leaf());
    out.index = static_cast<std::int64_t>(index);
    out.leaf = records[index].canonical();
    out.record_path = inclusion_proof(hashes, index);
    return out;
}

} // namespace tranchain
