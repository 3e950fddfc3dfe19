// Publishing: the log as files for a static web server, and the policy that judges them.
// SPDX-License-Identifier: Apache-2.0
#include "cmd/chain_read.hpp"

#include <filesystem>

#include <fmt/core.h>

#include "chain/proof.hpp"
#include "chain/tiles.hpp"
#include "data/attempt.hpp"
#include "data/merkle.hpp"

namespace tranchain {

namespace {

/// Writes a file whose bytes never change, with the folders it needs; one that is there stays.
Result<bool> put(const std::string& path, const std::string& bytes)
{
    std::error_code ec;
    if (std::filesystem::exists(path, ec)) {
        TRANCHAIN_TRY(const std::string old, read_file(path, bundle_limit));
        if (old == bytes) return false;
        return fail(Code::answer_no, "the file is not what this log holds there", {path},
                    "publish into a new folder, and find out who changed this one");
    }
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ec);
    TRANCHAIN_DO(write_file(path, bytes, 0644));
    return true;
}

/// What was published before must be a beginning of what is published now.
Result<>
check_published(const std::string& path, const Checkpoint& now, std::span<const Hash> leaves)
{
    std::error_code ec;
    if (!std::filesystem::exists(path, ec)) return {};
    TRANCHAIN_TRY(const std::string bytes, read_file(path, bundle_limit));
    TRANCHAIN_TRY(const Note note, Note::parse(bytes));
    TRANCHAIN_TRY(const Checkpoint old, Checkpoint::parse(note.text));
    const auto no = [&](std::string_view id, std::string message) {
        return tl::make_unexpected(
            Error{Code::answer_no, std::move(message), {path}, {}, std::string(id)});
    };
    // Each orderer's term has an origin of its own; all begin with the chain's id.
    const auto chain_of = [](const std::string& origin) {
        return origin.substr(0, origin.find('/', origin.find('/') + 1));
    };
    if (chain_of(old.origin) != chain_of(now.origin))
        return no(finding::bad_checkpoint, "another log is published there");
    if (old.size > now.size)
        return no(
            finding::shorter_copy,
            fmt::format("{} blocks are published there, this copy has {}", old.size, now.size));
    if (merkle_root(leaves.first(old.size)) != old.root)
        return no(finding::forked_copy, "the log published there is not a beginning of this one");
    return {};
}

} // namespace

Outcome export_c2sp(Replica& r, const std::string& folder, Output& out)
{
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    const auto headers = r.store().headers();
    if (!headers) return headers.error();
    const auto newest = r.store().block(r.tip());
    if (!newest) return newest.error();
    if (!*newest) return fail(Code::not_found, "there is no final block yet");
    std::vector<Hash> leaves;
    for (const std::string& h : *headers) leaves.push_back(leaf_hash(h));
    const Note& checkpoint = (*newest)->checkpoint;
    const auto in_force = r.in_force(r.tip());
    if (!in_force) return in_force.error();
    const ChainState& s = *in_force; // whose endorsements the newest checkpoint needs
    std::vector<std::pair<std::string, std::string>> files = {
        {"checkpoint", checkpoint.str()},
        {"policy", policy_text(s.chain, s.epoch, s.log_key, s.members)}};
    for (std::size_t i = 0; i < headers->size(); ++i) {
        files.emplace_back(fmt::format("leaf-{}", i), (*headers)[i]);
        files.emplace_back(fmt::format("proof-{}", i),
                           InclusionProof{i, inclusion_proof(leaves, i), checkpoint}.str());
    }
    for (std::size_t old = 1; old < leaves.size(); ++old) {
        files.emplace_back(fmt::format("consistency-{}", old),
                           ConsistencyProof{old, consistency_proof(leaves, old), checkpoint}.str());
        const auto block = r.store().block(static_cast<std::int64_t>(old) - 1);
        // A block that is final only by the one after it may have no line of its own.
        if (block && *block && !(*block)->checkpoint.lines.empty())
            files.emplace_back(fmt::format("checkpoint-{}", old), (*block)->checkpoint.str());
    }
    for (const auto& [name, bytes] : files)
        if (auto w = write_file(folder + "/" + name, bytes, 0644); !w) return w;
    out.say(fmt::format("{}: {} files for {} blocks", folder, files.size(), headers->size()));
    return {};
}

Outcome export_tiles(Replica& r, const std::string& folder, const Globals& globals, Output& out)
{
    TRANCHAIN_TRY(const auto headers, r.store().headers());
    TRANCHAIN_TRY(const auto newest, r.store().block(r.tip()));
    if (!newest) return fail(Code::not_found, "there is no final block yet");
    TRANCHAIN_TRY(const Checkpoint checkpoint, Checkpoint::parse(newest->checkpoint.text));
    std::vector<Hash> leaves;
    for (const std::string& h : headers) leaves.push_back(leaf_hash(h));
    const std::string front = folder + "/checkpoint";
    TRANCHAIN_DO(check_published(front, checkpoint, leaves));
    if (checkpoint.size != leaves.size() || checkpoint.root != merkle_root(leaves))
        return Error{Code::answer_no,
                     "the newest checkpoint is not that of the headers",
                     {r.store().path()},
                     "run 'chain verify'",
                     std::string(finding::bad_checkpoint)};
    const auto files = tiles_of(headers);
    if (globals.dry_run) {
        out.say(fmt::format("{}: {} files for {} blocks", folder, files.size() + headers.size() + 1,
                            headers.size()));
        return {};
    }
    std::size_t written = 0;
    for (const TileFile& file : files) {
        TRANCHAIN_TRY(const bool made, put(folder + "/" + file.path, file.bytes));
        written += made;
    }
    for (std::int64_t height = 0; height <= r.tip(); ++height) {
        TRANCHAIN_TRY(const auto block, r.store().block(height));
        if (!block) return fail(Code::not_found, fmt::format("block {} is missing", height));
        TRANCHAIN_TRY(const bool made,
                      put(folder + "/body/" + hex(sha256(block->body)), block->body));
        written += made;
    }
    // Last, so that a reader never sees a checkpoint before the tiles it needs.
    TRANCHAIN_DO(write_file(front, newest->checkpoint.str(), 0644));
    out.say(fmt::format("{}: {} new files for {} blocks", folder, written + 1, headers.size()));
    return {};
}

Outcome export_policy(Replica& r, const Globals& globals, Output& out)
{
    // Of the set that the newest checkpoint needs; a change that it seals counts from the next.
    TRANCHAIN_TRY(const ChainState s, r.in_force(r.tip()));
    const std::string text = policy_text(s.chain, s.epoch, s.log_key, s.members);
    if (globals.output.empty()) return out.write_raw(text);
    if (globals.dry_run) return {};
    return write_file(globals.output, text, 0644);
}

} // namespace tranchain
