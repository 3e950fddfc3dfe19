// Proof: C2SP proof files both ways, the policy, and who endorsed a checkpoint.
// SPDX-License-Identifier: Apache-2.0
#include "chain/proof.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "chain/finding.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

constexpr std::string_view proof_head = "c2sp.org/tlog-proof@v1\n";

std::string lines_of(std::span<const Hash> path)
{
    std::string out;
    for (const Hash& hash : path) {
        out += to_base64(hash) + "\n";
    }
    return out;
}

struct Parts {
    std::uint64_t number = 0;
    std::vector<Hash> path;
    Note checkpoint;
};

/// `WORD NUMBER`, hashes, an empty line, a note.
Result<Parts> parse_parts(std::string_view bytes, std::string_view word, const std::string& what)
{
    const auto bad = [&](const std::string& why) {
        return fail(Code::invalid_input, "not " + what + ": " + why);
    };
    const auto gap = bytes.find("\n\n");
    if (gap == std::string_view::npos) {
        return bad("no empty line stands before the checkpoint");
    }
    const auto lines = split(bytes.substr(0, gap), '\n');
    Parts out;
    std::string_view first = lines[0];
    if (!first.starts_with(word)) {
        return bad("it does not begin with '" + std::string(word) + "'");
    }
    first.remove_prefix(word.size());
    const auto [end, problem] =
        std::from_chars(first.data(), first.data() + first.size(), out.number);
    if (problem != std::errc{} || std::to_string(out.number) != first) {
        return bad("'" + std::string(first) + "' is not a number");
    }
    if (lines.size() > longest_merkle_path + 1) {
        return bad("its path is too long");
    }
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto hash = from_base64(lines[i]);
        if (!hash || hash->size() != 32) {
            return bad("'" + std::string(lines[i]) + "' is not a hash");
        }
        std::ranges::copy(*hash, out.path.emplace_back().begin());
    }
    auto note = Note::parse(bytes.substr(gap + 2));
    if (!note) {
        return tl::make_unexpected(note.error());
    }
    out.checkpoint = *std::move(note);
    return out;
}

} // namespace

std::string InclusionProof::str() const
{
    return std::string(proof_head) + "index " + std::to_string(index) + "\n" + lines_of(path) +
           "\n" + checkpoint.str();
}

Result<InclusionProof> InclusionProof::parse(std::string_view bytes)
{
    if (!bytes.starts_with(proof_head)) {
        return fail(Code::invalid_input, "not an inclusion proof: it does not begin with "
                                         "'c2sp.org/tlog-proof@v1'");
    }
    return parse_parts(bytes.substr(proof_head.size()), "index ", "an inclusion proof")
        .map([](Parts&& p) {
            return InclusionProof{p.number, std::move(p.path), std::move(p.checkpoint)};
        });
}

std::string ConsistencyProof::str() const
{
    return "old " + std::to_string(old_size) + "\n" + lines_of(path) + "\n" + checkpoint.str();
}

Result<ConsistencyProof> ConsistencyProof::parse(std::string_view bytes)
{
    return parse_parts(bytes, "old ", "a consistency proof").map([](Parts&& p) {
        return ConsistencyProof{p.number, std::move(p.path), std::move(p.checkpoint)};
    });
}

std::string policy_text(std::string_view chain,
                        std::int64_t epoch,
                        const PublicKey& log_key,
                        const MemberSet& members)
{
    std::string out = "log " + verifier_key(origin_of(chain, epoch), log_key_type, log_key) + "\n";
    std::string group = "group alliance " + std::to_string(members.quorum());
    for (const Member& member : members.all()) {
        out += "witness " + member.name + " " +
               verifier_key(key_name(chain, member.name), cosignature_key_type, member.key) + "\n";
        group += " " + member.name;
    }
    return out + group + "\nquorum alliance\n";
}

std::size_t count_endorsements(const Note& note, std::string_view chain, const MemberSet& members)
{
    std::set<std::string_view> good;
    for (const NoteLine& line : note.lines) {
        for (const Member& member : members.all()) {
            if (!good.contains(member.name) &&
                verify_cosignature(line, key_name(chain, member.name), member.key, note.text)) {
                good.insert(member.name);
            }
        }
    }
    return good.size();
}

Errors check_endorsements(const Note& note,
                          std::string_view chain,
                          std::int64_t epoch,
                          const MemberSet& members,
                          std::size_t wanted)
{
    Errors errors;
    const auto checkpoint = Checkpoint::parse(note.text);
    if (!checkpoint) {
        return {found(finding::bad_checkpoint, checkpoint.error().message)};
    }
    if (checkpoint->origin != origin_of(chain, epoch)) {
        errors.push_back(found(finding::bad_checkpoint, "the checkpoint is of '" +
                                                            checkpoint->origin + "', not of '" +
                                                            origin_of(chain, epoch) + "'"));
    }
    for (const Member& member : members.all()) {
        const std::string name = key_name(chain, member.name);
        const std::uint32_t id = note_key_id(name, cosignature_key_type, member.key);
        for (const NoteLine& line : note.lines) {
            if (line.name == name && line.key_id == id &&
                !verify_cosignature(line, name, member.key, note.text)) {
                errors.push_back(found(finding::bad_endorsement,
                                       "the endorsement of '" + member.name + "' does not verify"));
            }
        }
    }
    const std::size_t good = count_endorsements(note, chain, members);
    if (good < wanted) {
        errors.push_back(found(finding::no_quorum, std::to_string(good) + " good endorsements, " +
                                                       std::to_string(wanted) + " are needed"));
    }
    return errors;
}

bool verify_inclusion(const InclusionProof& proof, std::string_view leaf_bytes)
{
    const auto checkpoint = Checkpoint::parse(proof.checkpoint.text);
    return checkpoint && proof.index < checkpoint->size &&
           root_from_inclusion(leaf_hash(leaf_bytes), proof.index, checkpoint->size, proof.path) ==
               checkpoint->root;
}

bool verify_consistency(const ConsistencyProof& proof, const Checkpoint& older)
{
    const auto newer = Checkpoint::parse(proof.checkpoint.text);
    return newer && proof.old_size == older.size && newer->origin == older.origin &&
           verify_consistency(older.size, newer->size, older.root, newer->root, proof.path);
}

} // namespace tranchain
