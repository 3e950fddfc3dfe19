// Proof file: checking it, from the genesis that is trusted down to the opened field.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "chain/governance.hpp"
#include "chain/proof.hpp"
#include "chain/proof_file.hpp"
#include "chain/takeover.hpp"
#include "data/merkle.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

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
    /// From genesis to the set in force for the block; each change is judged by the set before it.
    void governance()
    {
        if (!report.genesis) return;
        governed_.emplace(ChainState::from_genesis(*report.genesis));
        std::int64_t last = -1;
        std::int64_t index = -1;
        for (const SealedRecord& change : proof_.governance) {
            Header header;
            SignedRecord record;
            if (!block(change, header) || !this->record(change, header, record)) return lost();
            const bool follows = header.height > last || (header.height == last &&
                                                          change.index > index);
            if (!follows || !is_governance(record.record.type)) {
                add(finding::bad_record, "it is not the next change of policy or members");
                return lost();
            }
            last = header.height;
            index = change.index;
            const Judgement j = governed_->judge(record, header.height, header.time,
                                                 index == 0 ? &header : nullptr);
            for (const Finding& f : j.findings) add(f.id, f.message);
            if (j.ruling != Ruling::accepted) return lost();
            (record.record.type == "takeover" ? newest_takeover_ : newest_change_) = last;
        }
    }
    /// False when there is no header to hang the record on.
    bool proved_block()
    {
        const bool there = block(proof_, report.header);
        if (!there || !governed_) return there;
        // A takeover is in force for its own block, and carries the block below it.
        const std::int64_t above = is_carried(proof_, report.header) ? 1 : 0;
        if (newest_change_ >= report.header.height + above ||
            newest_takeover_ > report.header.height + above)
            add(finding::bad_record, "a change of members is not before the block");
        const MemberSet& members = governed_->at(report.header.height).members;
        if (report.header.members != members.hash()) return true;
        report.members = members;
        report.endorsements = count_endorsements(proof_.checkpoint, report.header.chain, members);
        return true;
    }
    void proved_record()
    {
        if (!record(proof_, report.header, report.record) || !report.genesis) return;
        if (!report.members) return;
        for (const Error& e : check_signatures(report.record, *report.members))
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
    /// Who votes is not known from here on, so nothing below can be judged by it.
    void lost() { governed_.reset(); }

    /// Reads the header, and holds it against the set in force; false if it cannot be read.
    bool block(const SealedRecord& sealed, Header& header)
    {
        auto read = Header::parse(sealed.header);
        if (!read) {
            add(finding::bad_header, read.error().front().message);
            return false;
        }
        header = std::move(*read);
        if (governed_) endorsed(sealed, header);
        return true;
    }
    void endorsed(const SealedRecord& sealed, const Header& h)
    {
        const ChainState& state = governed_->at(h.height);
        if (h.chain != state.chain)
            add(finding::bad_chain,
                "the header is of '" + h.chain + "', the genesis of '" + state.chain + "'");
        if (h.members != state.members.hash())
            return add(finding::bad_members, "the members of the block are not those that genesis "
                                             "and the changes in the file lead to");
        const auto checkpoint = Checkpoint::parse(sealed.checkpoint.text);
        if (checkpoint &&
            (checkpoint->size != static_cast<std::uint64_t>(h.height) + 1 ||
             !leads(h.leaf(), h.height, h.height + 1, sealed.block_path, checkpoint->root)))
            add(finding::bad_checkpoint, "the checkpoint is not that of this header");
        const std::size_t wanted = h.height == 0               ? state.members.size()
                                   : is_carried(sealed, h) ? 0
                                                           : state.members.quorum();
        for (const Error& e : check_endorsements(sealed.checkpoint, state.chain, h.epoch,
                                                 state.members, wanted))
            add(e.id, e.message);
    }
    /// A block of the file begins an epoch on this one; whether it may is judged with it.
    bool is_carried(const SealedRecord& sealed, const Header& h) const
    {
        return std::ranges::any_of(proof_.governance, [&](const SealedRecord& next) {
            const auto header = Header::parse(next.header);
            return header && header->height == h.height + 1 && next.index == 0 &&
                   carries(next.header, next.leaf + "\n", sealed.header);
        });
    }
    /// Reads the record and holds it against its header; false if it cannot be read.
    bool record(const SealedRecord& sealed, const Header& h, SignedRecord& out)
    {
        if (!leads(leaf_hash(sealed.leaf), sealed.index, h.records, sealed.record_path,
                   h.records_root))
            add(finding::bad_records_root,
                fmt::format("the record is not number {} of the block", sealed.index + 1));
        auto read = SignedRecord::parse(sealed.leaf);
        if (!read) {
            add(finding::bad_record, read.error().front().message);
            return false;
        }
        out = std::move(*read);
        if (out.record.chain != h.chain)
            add(finding::bad_chain, "the record is of '" + out.record.chain + "'");
        return true;
    }

    const ProofFile& proof_;
    std::optional<GovernanceLog> governed_; ///< none: genesis or a change is not good
    std::int64_t newest_change_ = -1;
    std::int64_t newest_takeover_ = -1;
};

} // namespace

ProofReport check_proof(const ProofFile& proof, const std::optional<std::string>& genesis_sha256)
{
    Check check(proof);
    check.genesis(genesis_sha256);
    check.governance();
    if (!check.proved_block()) return std::move(check.report);
    check.proved_record();
    for (const OpenedRow& row : proof.rows) check.row(row);
    return std::move(check.report);
}

} // namespace tranchain
