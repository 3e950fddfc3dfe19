// Proof file: making, reading and checking it.
// SPDX-License-Identifier: Apache-2.0
#include "chain/proof_file.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include "chain/proof.hpp"
#include "data/attempt.hpp"
#include "data/merkle.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::string_view kind = "tranchain/proof/v1";
constexpr std::size_t longest_path = 63;

Json json_of(const std::vector<Hash>& path)
{
    Json::Array out;
    for (const Hash& hash : path) out.push_back(hex(hash));
    return out;
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
            if (!hash || out.size() == longest_path) {
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

Hash row_leaf_of(const OpenedRow& row)
{
    using namespace std::string_view_literals;
    std::array<char, 4> count;
    for (std::size_t i = 0; i < 4; ++i)
        count[i] = static_cast<char>((row.count >> (24 - 8 * i)) & 0xFF);
    return sha256({"\0tranchain/row/v1\n"sv, {count.data(), count.size()}, view(row.fields_root)});
}

bool leads(const Hash& leaf,
           std::int64_t index,
           std::int64_t size,
           const std::vector<Hash>& path,
           const Hash& root)
{
    return index >= 0 && size > 0 &&
           root_from_inclusion(leaf, static_cast<std::uint64_t>(index),
                               static_cast<std::uint64_t>(size), path) == root;
}

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

/// The steps of check_proof, each adding what it finds.
class Check {
public:
    explicit Check(const ProofFile& proof) : proof_(proof) {}
    ProofReport report;

    void genesis(const std::optional<std::string>& trusted)
    {
        report.genesis_sha256 = hex(sha256(proof_.genesis));
        if (trusted && *trusted != report.genesis_sha256)
            add(finding::bad_genesis, "the genesis of the proof has SHA-256 " +
                                          report.genesis_sha256 + ", not the one that is trusted");
        const auto json = parse_canonical(proof_.genesis);
        auto read = json ? Genesis::from_json(*json) : Checked<Genesis>();
        if (!json || !read) return add(finding::bad_genesis, "the genesis cannot be read");
        report.genesis = std::move(*read);
    }
    /// False when there is no header to hang the record on.
    bool block()
    {
        auto header = Header::parse(proof_.header);
        if (!header) {
            add(finding::bad_header, header.error().front().message);
            return false;
        }
        report.header = std::move(*header);
        if (report.genesis) endorsed();
        return true;
    }
    void endorsed()
    {
        const Header& h = report.header;
        const std::string chain = report.genesis->chain_id();
        const MemberSet& members = report.genesis->members;
        if (h.chain != chain)
            add(finding::bad_chain,
                "the header is of '" + h.chain + "', the genesis of '" + chain + "'");
        if (h.members != members.hash())
            return add(finding::bad_members, "the members of the block are not those of genesis");
        const auto checkpoint = Checkpoint::parse(proof_.checkpoint.text);
        if (checkpoint &&
            (checkpoint->size != static_cast<std::uint64_t>(h.height) + 1 ||
             !leads(h.leaf(), h.height, h.height + 1, proof_.block_path, checkpoint->root)))
            add(finding::bad_checkpoint, "the checkpoint is not that of this header");
        report.endorsements = count_endorsements(proof_.checkpoint, chain, members);
        const std::size_t wanted = h.height == 0 ? members.size() : members.quorum();
        for (const Error& e :
             check_endorsements(proof_.checkpoint, chain, h.epoch, members, wanted))
            add(e.id, e.message);
    }
    void record()
    {
        const Header& h = report.header;
        if (!leads(leaf_hash(proof_.leaf), proof_.index, h.records, proof_.record_path,
                   h.records_root))
            add(finding::bad_records_root,
                fmt::format("the record is not number {} of the block", proof_.index + 1));
        auto read = SignedRecord::parse(proof_.leaf);
        if (!read) return add(finding::bad_record, read.error().front().message);
        report.record = std::move(*read);
        if (report.record.record.chain != h.chain)
            add(finding::bad_chain, "the record is of '" + report.record.record.chain + "'");
        if (!report.genesis) return;
        for (const Error& e : check_signatures(report.record, report.genesis->members))
            add(e.id, e.message);
    }
    void row(const OpenedRow& row)
    {
        const Record& r = report.record.record;
        Finding f = make_finding(finding::bad_rows_root, "", report.header.height);
        f.row = fmt::format("number {}", row.index + 1);
        if (row.count > 0xFFFFFFFF || !r.rows_root ||
            !leads(row_leaf_of(row), row.index, r.rows, row.path, *r.rows_root)) {
            f.message = fmt::format("it is not one of the {} rows of the record", r.rows);
            report.findings.push_back(f);
        }
        for (const OpenedField& field : row.fields) {
            if (leads(field_leaf(field.name, field.salt, field.value), field.index, row.count,
                      field.path, row.fields_root))
                continue;
            f.field = field.name;
            f.message = "name, value or salt is not what was signed";
            report.findings.push_back(f);
        }
    }

private:
    void add(std::string_view id, std::string message)
    {
        report.findings.push_back(make_finding(id, std::move(message)));
    }
    const ProofFile& proof_;
};

} // namespace

std::string ProofFile::str() const
{
    Json json;
    json["kind"] = std::string(kind);
    json["genesis"] = genesis;
    json["block"] = Json::object({{"header", header}, {"path", json_of(block_path)}});
    Json::Array lines;
    const std::string note = checkpoint.str();
    for (const auto line : split(std::string_view(note).substr(0, note.size() - 1), '\n'))
        lines.push_back(std::string(line));
    json["checkpoint"] = std::move(lines);
    json["record"] =
        Json::object({{"index", index}, {"leaf", leaf}, {"path", json_of(record_path)}});
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
    Fields block(f.object("block"), "proof.block");
    out.header = block.text("header");
    out.block_path = read.path(block);
    read.done(block);
    std::string note;
    for (const std::string& line : f.texts("checkpoint")) note += line + "\n";
    if (auto parsed = Note::parse(note))
        out.checkpoint = std::move(*parsed);
    else
        f.add("checkpoint", "is not a note: " + parsed.error().message);
    Fields record(f.object("record"), "proof.record");
    out.index = read.number(record, "index");
    out.leaf = record.text("leaf");
    out.record_path = read.path(record);
    read.done(record);
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

ProofReport check_proof(const ProofFile& proof, const std::optional<std::string>& genesis_sha256)
{
    Check check(proof);
    check.genesis(genesis_sha256);
    if (!check.block()) return std::move(check.report);
    check.record();
    for (const OpenedRow& row : proof.rows) check.row(row);
    return std::move(check.report);
}

} // namespace tranchain
