// Bundle: what is in it, written and read.
// SPDX-License-Identifier: Apache-2.0
#include "chain/bundle.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "data/attempt.hpp"

namespace tranchain {

namespace {

std::string rows_text(const std::vector<Row>& rows)
{
    std::string text;
    for (const Row& row : rows) text += row_to_json(row).canonical() + "\n";
    return text;
}

Result<std::vector<Row>> parse_rows(std::string_view text, const std::string& name)
{
    std::vector<Row> rows;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos)
            return fail(Code::answer_no, name + ": the last line is cut short");
        TRANCHAIN_TRY(const Json json, parse_canonical(text.substr(0, end)));
        TRANCHAIN_TRY(Row row, one(row_from_json(json, fmt::format("{}, row {}", name,
                                                                   rows.size() + 1))));
        rows.push_back(std::move(row));
        text.remove_prefix(end + 1);
    }
    return rows;
}

/// `header/00000041` with `prefix` "header/": 41.
std::optional<std::int64_t> height_in(std::string_view name, std::string_view prefix)
{
    if (name.size() != prefix.size() + 8 || name.substr(0, prefix.size()) != prefix) return {};
    std::int64_t height = 0;
    for (const char c : name.substr(prefix.size())) {
        if (c < '0' || c > '9') return {};
        height = height * 10 + (c - '0');
    }
    return height;
}

Entries entries_of(const Bundle& b)
{
    Entries all;
    Json about = Json::object({{"chain", b.chain}, {"v", 1}});
    if (!b.to.empty()) about["to"] = b.to;
    all.emplace_back("tranchain-bundle", about.canonical());
    for (const auto& [height, block] : b.blocks) {
        all.emplace_back(fmt::format("header/{:08}", height), block.header);
        all.emplace_back(fmt::format("body/{:08}", height), block.body);
        // Of a block that is final only by the one above it there may be no line.
        all.emplace_back(fmt::format("checkpoint/{:08}", height),
                         block.checkpoint.lines.empty() ? block.checkpoint.text
                                                        : block.checkpoint.str());
    }
    if (b.proposal) {
        all.emplace_back("proposal/header", b.proposal->header);
        all.emplace_back("proposal/body", b.proposal->body);
    }
    if (b.proposal_note) all.emplace_back("proposal/checkpoint", b.proposal_note->str());
    std::map<std::string, std::string> sorted;
    for (const ReadyAnswer& a : b.answers) {
        const std::string bytes = a.canonical();
        sorted[fmt::format("answer/{:08}/{:04}/{}/{}", a.height, a.attempt, a.member,
                           hex(sha256(bytes)).substr(0, 16))] = bytes;
    }
    for (const Candidate& c : b.bases) {
        const std::string name = fmt::format("base/{:08}/{}/", c.height, hex(c.hash));
        sorted[name + "header"] = c.header;
        sorted[name + "body"] = c.body;
    }
    for (const Freeze& f : b.freezes) {
        const std::string bytes = f.canonical();
        sorted[fmt::format("freeze/{:04}/{}/{}", f.epoch, f.member,
                           hex(sha256(bytes)).substr(0, 16))] = bytes;
    }
    for (const SubmissionFile& s : b.submissions)
        sorted["submission/" + hex(s.signed_record.record.hash())] = s.str();
    for (const auto& [hash, rows] : b.rows) sorted["rows/" + hash] = rows_text(rows);
    all.insert(all.end(), sorted.begin(), sorted.end());
    return all;
}

Result<> read_entry(Bundle& b, const std::string& name, const std::string& bytes,
                    const std::string& file)
{
    if (const auto h = height_in(name, "header/")) {
        b.blocks[*h].height = *h;
        b.blocks[*h].header = bytes;
    } else if (const auto h2 = height_in(name, "body/")) {
        b.blocks[*h2].body = bytes;
    } else if (const auto h3 = height_in(name, "checkpoint/")) {
        if (Checkpoint::parse(bytes)) {
            b.blocks[*h3].checkpoint = {bytes, {}};
        } else {
            TRANCHAIN_TRY(b.blocks[*h3].checkpoint, Note::parse(bytes));
        }
    } else if (name == "proposal/header") {
        TRANCHAIN_TRY(const Header header, one(Header::parse(bytes)));
        b.proposal = Candidate{header.epoch, header.height, header.attempt, sha256(bytes), bytes,
                               {}};
    } else if (name == "proposal/body" && b.proposal) {
        b.proposal->body = bytes;
    } else if (name == "proposal/checkpoint" && b.proposal) {
        TRANCHAIN_TRY(b.proposal_note, Note::parse(bytes));
    } else if (name.rfind("answer/", 0) == 0) {
        TRANCHAIN_TRY(ReadyAnswer a, one(ReadyAnswer::parse(bytes)));
        if (a.verdict != Stance::ready && !b.for_members())
            return bad_bundle(file, "entry '" + name + "' belongs to the members' part");
        b.answers.push_back(std::move(a));
    } else if (name.rfind("base/", 0) == 0 && name.ends_with("/body")) {
        b.bases.emplace_back().body = bytes;   // its header follows
    } else if (name.rfind("base/", 0) == 0 && !b.bases.empty()) {
        TRANCHAIN_TRY(const Header header, one(Header::parse(bytes)));
        Candidate& c = b.bases.back();
        c = {header.epoch, header.height, header.attempt, sha256(bytes), bytes, std::move(c.body)};
    } else if (name.rfind("freeze/", 0) == 0) {
        TRANCHAIN_TRY(Freeze f, one(Freeze::parse(bytes)));
        b.freezes.push_back(std::move(f));
    } else if (name.rfind("submission/", 0) == 0 && b.for_members()) {
        TRANCHAIN_TRY(SubmissionFile s, one(SubmissionFile::parse(bytes, file + ":" + name)));
        b.submissions.push_back(std::move(s));
    } else if (name.rfind("rows/", 0) == 0 && b.for_members()) {
        TRANCHAIN_TRY(b.rows[name.substr(5)], parse_rows(bytes, name));
    } else {
        return bad_bundle(file, "entry '" + name + "' is not allowed");
    }
    return {};
}

}  // namespace

std::string Bundle::str() const
{
    return write_tar(entries_of(*this));
}

Result<Bundle> Bundle::parse(std::string_view bytes, const std::string& file)
{
    TRANCHAIN_TRY(const Entries entries, read_tar(bytes, file));
    if (entries.empty() || entries.front().first != "tranchain-bundle")
        return bad_bundle(file, "this is not a tranchain bundle");
    Bundle b;
    TRANCHAIN_TRY(const Json about, parse_canonical(entries.front().second));
    Fields f(about, "bundle");
    b.chain = f.text("chain");
    if (f.has("to")) b.to = f.text("to");
    if (f.integer("v") != 1) return bad_bundle(file, "the bundle is of a newer version");
    if (auto e = f.finish(); !e.empty()) return bad_bundle(file, first_of(e).message);
    for (std::size_t i = 1; i < entries.size(); ++i) {
        auto read = read_entry(b, entries[i].first, entries[i].second, file);
        if (read) continue;
        Error e = read.error();
        if (e.id.empty()) e.id = finding::bad_bundle;
        if (e.id != finding::bad_bundle || e.where.file.empty())
            e.message = "entry '" + entries[i].first + "': " + e.message;
        e.code = Code::answer_no;
        e.where.file = file;
        return tl::make_unexpected(std::move(e));
    }
    // What was read, written again, is the same: so order, names and completeness are right.
    if (entries_of(b) != entries)
        return bad_bundle(file, "entries are missing, doubled or in another order than bundles have");
    std::int64_t expected = b.blocks.empty() ? 0 : b.blocks.begin()->first;
    for (const auto& [height, block] : b.blocks) {
        if (height != expected)
            return bad_bundle(file, fmt::format("there is a hole: block {} is followed by block {}",
                                         expected - 1, height));
        ++expected;
    }
    return b;
}

Result<Bundle> Bundle::read(const std::string& path)
{
    TRANCHAIN_TRY(const std::string bytes, read_file(path, bundle_limit));
    return parse(bytes, path);
}

Result<Genesis> bundle_genesis(const Bundle& b)
{
    std::string body;
    if (const auto it = b.blocks.find(0); it != b.blocks.end()) {
        body = it->second.body;
    } else if (b.proposal && b.proposal->height == 0) {
        body = b.proposal->body;
    } else {
        return fail(Code::answer_no, "the bundle does not hold block 0", {},
                    "ask for one that starts at genesis");
    }
    TRANCHAIN_TRY(const auto records, one(parse_body(body)));
    if (records.empty()) return fail(Code::answer_no, "block 0 is empty");
    return one(genesis_from_record(records.front().record));
}

}  // namespace tranchain
