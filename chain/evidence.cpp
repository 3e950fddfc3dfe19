// Evidence: pairs of signatures that no honest key makes.
// SPDX-License-Identifier: Apache-2.0
#include "chain/evidence.hpp"

#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "chain/takeover.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

/// The longest lag that a policy allows: who dates the block may date it so far back.
constexpr std::int64_t longest_lag = 2'592'000;

void add_statements(Signatures& s, const std::vector<SignedRecord>& records, std::int64_t time)
{
    if (records.empty() || records.front().record.type != "takeover") return;
    const auto takeover = Takeover::from_json(records.front().record.public_part);
    if (!takeover) return;
    for (const Freeze& f : takeover->statements) {
        s.freezes.push_back(f);
        s.closed.emplace_back(f, time + longest_lag);
    }
}

} // namespace

Result<Signatures> signatures_of(const Bundle& b, std::int64_t from)
{
    Signatures s;
    s.answers = b.answers;
    for (const auto& [height, block] : b.blocks) {
        if (height < from) continue;
        s.notes.push_back(block.checkpoint);
        TRANCHAIN_TRY(auto records, one(parse_body(block.body)));
        TRANCHAIN_TRY(const Header header, one(Header::parse(block.header)));
        add_statements(s, records, header.time);
        s.records.insert(s.records.end(), records.begin(), records.end());
    }
    s.freezes.insert(s.freezes.end(), b.freezes.begin(), b.freezes.end());
    if (b.proposal_note) s.notes.push_back(*b.proposal_note);
    if (b.proposal) {
        TRANCHAIN_TRY(auto records, one(parse_body(b.proposal->body)));
        s.records.insert(s.records.end(), records.begin(), records.end());
    }
    for (const SubmissionFile& submission : b.submissions)
        s.records.push_back(submission.signed_record);
    return s;
}

Result<Signatures> signatures_of(Store& store, std::int64_t from)
{
    Signatures s;
    // What begins an epoch may stand above the next height.
    TRANCHAIN_TRY(const std::int64_t highest, store.highest());
    for (std::int64_t h = from; h <= highest; ++h) {
        TRANCHAIN_TRY(const auto notes, store.endorsements(h));
        for (const auto& [member, note] : notes) s.notes.push_back(note);
        TRANCHAIN_TRY(const auto answers, store.answers(h));
        s.answers.insert(s.answers.end(), answers.begin(), answers.end());
        TRANCHAIN_TRY(const auto block, store.block(h));
        if (!block) continue;
        TRANCHAIN_TRY(const auto records, one(parse_body(block->body)));
        TRANCHAIN_TRY(const Header header, one(Header::parse(block->header)));
        add_statements(s, records, header.time);
        s.records.insert(s.records.end(), records.begin(), records.end());
    }
    TRANCHAIN_TRY(const auto stated, store.freezes(0));
    s.freezes.insert(s.freezes.end(), stated.begin(), stated.end());
    TRANCHAIN_TRY(const auto waiting, store.submissions());
    s.records.insert(s.records.end(), waiting.begin(), waiting.end());
    return s;
}

namespace {

void endorsements_of(const Signatures& all, const std::string& chain, const Member& m,
                     Findings& found)
{
    std::map<std::pair<std::string, std::uint64_t>, Hash> roots;
    for (const Note& note : all.notes) {
        const auto checkpoint = Checkpoint::parse(note.text);
        if (!checkpoint) continue;
        const std::string& origin = checkpoint->origin;
        if (origin != chain && origin.rfind(chain + "/e", 0) != 0) continue;
        for (const NoteLine& line : note.lines) {
            if (line.name != key_name(chain, m.name)) continue;
            const auto known = roots.find({origin, checkpoint->size});
            if (known != roots.end() && known->second == checkpoint->root) continue;
            if (!verify_cosignature(line, line.name, m.key, note.text)) continue;
            if (known == roots.end()) {
                roots[{origin, checkpoint->size}] = checkpoint->root;
                continue;
            }
            found.push_back(make_finding(
                finding::two_endorsements,
                fmt::format("'{}' endorsed root {} and root {} at size {} of '{}'", m.name,
                            hex(known->second), hex(checkpoint->root), checkpoint->size, origin),
                static_cast<std::int64_t>(checkpoint->size) - 1));
        }
    }
}

void statements_of(const Signatures& all, const std::string& chain, const Member& m, Findings& found)
{
    std::map<std::int64_t, const Freeze*> firsts;
    std::set<std::int64_t> told;
    for (const Freeze& f : all.freezes) {
        if (f.member != m.name || f.chain != chain) continue;
        const auto known = firsts.find(f.epoch);
        if (known != firsts.end() && known->second->intent() == f.intent()) continue;
        if (!f.verify(m.key)) continue;
        if (known == firsts.end()) {
            firsts.emplace(f.epoch, &f);
            continue;
        }
        if (!told.insert(f.epoch).second) continue;
        found.push_back(make_finding(
            finding::two_freezes,
            fmt::format("'{}' stated {} and {} for epoch {}", m.name,
                        hex(sha256(known->second->intent())), hex(sha256(f.intent())), f.epoch)));
    }
}

/// 1 for the chain id itself, N for `CHAIN/eN`, 0 for anything else.
std::int64_t epoch_of(std::string_view origin, const std::string& chain)
{
    if (origin == chain) return 1;
    std::int64_t epoch = 0;
    if (!origin.starts_with(chain + "/e")) return 0;
    origin.remove_prefix(chain.size() + 2);
    const auto [end, ec] = std::from_chars(origin.data(), origin.data() + origin.size(), epoch);
    return ec == std::errc() && end == origin.data() + origin.size() ? epoch : 0;
}

/// A signature in an epoch that its own statement closed, dated after the statement was sealed.
void late_of(const Signatures& all, const std::string& chain, const Member& m, Findings& found)
{
    std::set<std::string> told;
    for (const auto& [f, closed] : all.closed) {
        if (f.member != m.name || f.chain != chain || !f.verify(m.key)) continue;
        for (const Note& note : all.notes) {
            const auto checkpoint = Checkpoint::parse(note.text);
            const std::int64_t epoch = checkpoint ? epoch_of(checkpoint->origin, chain) : 0;
            if (epoch == 0 || epoch >= f.epoch) continue;
            for (const NoteLine& line : note.lines) {
                const auto parts = cosignature_parts(line);
                if (line.name != key_name(chain, m.name) || !parts || parts->time <= closed ||
                    !verify_cosignature(line, line.name, m.key, note.text) ||
                    !told.insert(note.text).second)
                    continue;
                found.push_back(make_finding(
                    finding::late_endorsement,
                    fmt::format("'{}' endorsed root {} in epoch {} at time {}, having stated for "
                                "epoch {} that it would not, sealed before time {}",
                                m.name, hex(checkpoint->root), epoch, parts->time, f.epoch, closed),
                    static_cast<std::int64_t>(checkpoint->size) - 1));
            }
        }
    }
}

void answers_of(const Signatures& all, const std::string& chain, const Member& m, Findings& found)
{
    std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Hash> headers;
    for (const ReadyAnswer& a : all.answers) {
        if (a.member != m.name || a.verdict != Stance::ready || a.chain != chain) continue;
        if (!a.verify(m.key)) continue;
        const auto [it, fresh] = headers.try_emplace({a.epoch, a.height, a.attempt}, a.header);
        if (fresh || it->second == a.header) continue;
        found.push_back(make_finding(
            finding::two_ready_answers,
            fmt::format("'{}' was ready for header {} and header {} in attempt {}", m.name,
                        hex(it->second), hex(a.header), a.attempt), a.height));
    }
}

bool signed_by(const SignedRecord& record, const Member& m)
{
    for (const RecordSignature& g : record.signatures)
        if (g.member == m.name && verify(m.key, record.record.signed_text(), g.signature))
            return true;
    return false;
}

void records_of(const Signatures& all, const std::string& chain, const Member& m, Findings& found)
{
    std::map<std::tuple<std::string, std::int64_t, std::string>, const SignedRecord*> firsts;
    for (const SignedRecord& s : all.records) {
        const Record& r = s.record;
        if (r.author != m.name || r.chain != chain || r.seq == 0) continue;
        const auto [it, fresh] =
            firsts.try_emplace({r.deal, r.seq, r.replaces ? hex(*r.replaces) : ""}, &s);
        if (fresh || it->second->record.hash() == r.hash()) continue;
        if (!signed_by(s, m)) continue;
        if (!signed_by(*it->second, m)) {   // not by this key: it convicts nobody
            it->second = &s;
            continue;
        }
        found.push_back(make_finding(
            finding::two_records,
            fmt::format("'{}' signed record {} and record {} under number {} of deal '{}'", m.name,
                        hex(it->second->record.hash()), hex(r.hash()), r.seq, r.deal)));
    }
}

}  // namespace

Findings find_evidence(const Signatures& all, const std::string& chain,
                       std::span<const Member> members)
{
    Findings found;
    for (const Member& m : members) {
        endorsements_of(all, chain, m, found);
        answers_of(all, chain, m, found);
        statements_of(all, chain, m, found);
        late_of(all, chain, m, found);
        records_of(all, chain, m, found);
    }
    return found;
}

Result<std::optional<GovernanceLog>> governance_of(const Bundle& b)
{
    std::optional<GovernanceLog> log;
    std::int64_t next = 0;
    for (const auto& [height, block] : b.blocks) {
        if (height != next++) break;
        TRANCHAIN_TRY(const auto records, one(parse_body(block.body)));
        TRANCHAIN_TRY(const Header header, one(Header::parse(block.header)));
        if (height == 0) {
            if (records.empty()) return fail(Code::invalid_input, "block 0 is damaged");
            TRANCHAIN_TRY(const Genesis genesis, one(genesis_from_record(records.front().record)));
            log.emplace(ChainState::from_genesis(genesis));
            continue;
        }
        for (const SignedRecord& r : records) {
            if (!is_governance(r.record.type)) continue;
            const Header* opens = &r == &records.front() ? &header : nullptr;
            if (log->judge(r, height, header.time, opens).ruling != Ruling::accepted) return log;
        }
    }
    return log;
}

Result<std::vector<std::string>> note_evidence(Replica& replica, const Bundle& bundle,
                                               std::int64_t from)
{
    TRANCHAIN_TRY(Signatures all, signatures_of(replica.store(), from));
    TRANCHAIN_TRY(const Signatures more, signatures_of(bundle, from));
    all.notes.insert(all.notes.end(), more.notes.begin(), more.notes.end());
    all.answers.insert(all.answers.end(), more.answers.begin(), more.answers.end());
    all.records.insert(all.records.end(), more.records.begin(), more.records.end());
    all.freezes.insert(all.freezes.end(), more.freezes.begin(), more.freezes.end());
    std::vector<std::string> messages;
    TRANCHAIN_TRY(const auto members, replica.members_ever());
    for (const Finding& f : find_evidence(all, replica.chain(), members)) {
        TRANCHAIN_DO(replica.store().put_evidence(f.id, f.str()));
        messages.push_back(f.str());
    }
    return messages;
}

}  // namespace tranchain
