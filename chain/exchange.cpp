// Bundle: made from a replica, and taken over by one.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "chain/bundle.hpp"
#include "chain/coming.hpp"
#include "chain/evidence.hpp"
#include "chain/proof.hpp"
#include "data/attempt.hpp"
#include "data/merkle.hpp"

namespace tranchain {

namespace {

tl::unexpected<Error> no(std::string_view id, std::string message, std::string hint = {})
{
    auto e = fail(Code::answer_no, std::move(message), {}, std::move(hint));
    e.value().id = id;
    return e;
}

Result<> add_rows(Replica& replica, Bundle& b, const Record& record)
{
    if (record.rows == 0) return {};
    const std::string hash = hex(record.hash());
    TRANCHAIN_TRY(auto rows, replica.store().rows(hash));
    if (rows) b.rows.emplace(hash, std::move(*rows));
    return {};
}

Result<> add_proposal(Replica& replica, Bundle& b)
{
    Store& store = replica.store();
    TRANCHAIN_TRY(auto candidate, replica.newest_candidate());
    // What this key endorsed goes on, whatever newer attempt lies about.
    const std::int64_t epoch = candidate ? candidate->epoch : replica.state().epoch;
    TRANCHAIN_TRY(const auto own, epoch > replica.state().epoch
                                      ? store.endorsement_in(epoch)
                                      : store.endorsement(epoch, replica.tip() + 1));
    if (own)
        candidate = Candidate{own->epoch, own->height, own->attempt, own->hash, own->header,
                              own->body};
    if (!candidate) return {};
    TRANCHAIN_TRY(const std::string text, replica.checkpoint_text(*candidate));
    TRANCHAIN_TRY(const auto notes, store.endorsements(candidate->height));
    Note note{text, {}};
    for (const auto& [member, n] : notes)
        if (n.text == text) note.lines.insert(note.lines.end(), n.lines.begin(), n.lines.end());
    if (!note.lines.empty()) b.proposal_note = std::move(note);
    TRANCHAIN_TRY(auto answers, store.answers(candidate->height));
    for (ReadyAnswer& a : answers)
        if (a.epoch == candidate->epoch && a.attempt == candidate->attempt &&
            (b.for_members() || a.verdict == Stance::ready))
            b.answers.push_back(std::move(a));
    if (b.for_members()) {
        TRANCHAIN_TRY(const auto records, one(parse_body(candidate->body)));
        for (const SignedRecord& r : records) TRANCHAIN_DO(add_rows(replica, b, r.record));
    }
    b.proposal = std::move(candidate);
    return {};
}

/// Blocks that are new to the replica, verified in memory.
class Incoming {
public:
    Incoming(Replica& replica, const Bundle& bundle, const Contract& contract)
        : replica_(replica), bundle_(bundle), contract_(contract)
    {
    }

    [[nodiscard]] Result<> verify()
    {
        TRANCHAIN_TRY(executor_, replica_.executor());
        previous_ = replica_.newest_header();
        TRANCHAIN_TRY(const auto headers, replica_.store().headers());
        for (const std::string& h : headers) log_.append(leaf_hash(h));
        std::int64_t next = replica_.tip() + 1;
        for (const auto& [height, block] : bundle_.blocks) {
            if (height < next) {
                TRANCHAIN_DO(compare(height, block));
                continue;
            }
            if (height > next)
                return no(finding::missing_block,
                          fmt::format("the bundle goes on at block {}, but block {} is missing "
                                      "here", height, next),
                          "ask for a bundle that starts earlier");
            TRANCHAIN_DO(verify_block(block));
            ++next;
        }
        return {};
    }

    /// In force after the blocks that are new.
    [[nodiscard]] const ChainState& state() { return executor_->state(); }

    std::vector<std::pair<const StoredBlock*, Opinion>> opinions;
    /// In force for blocks that begin an epoch, by height.
    std::map<std::int64_t, ChainState> beginnings;
    /// It is final by the block after it, which the bundle holds.
    [[nodiscard]] bool is_carried(const StoredBlock& block) const
    {
        const auto next = bundle_.blocks.find(block.height + 1);
        return next != bundle_.blocks.end() &&
               carries(next->second.header, next->second.body, block.header);
    }

private:
    Result<> compare(std::int64_t height, const StoredBlock& block)
    {
        TRANCHAIN_TRY(const auto own, replica_.store().block(height));
        if (own && own->header == block.header && own->body != block.body)
            return no(finding::bad_body_hash,
                      fmt::format("block {}: the bundle's body is not the one its header states",
                                  height));
        if (own && own->header == block.header) return {};
        return no(finding::forked_copy,
                  fmt::format("block {}: the bundle's header has hash {}, ours {}", height,
                              hex(sha256(block.header)), own ? hex(sha256(own->header)) : "none"),
                  "compare both with 'chain evidence'");
    }

    Result<> verify_block(const StoredBlock& block)
    {
        auto header = Header::parse(block.header);
        if (!header)
            return no(finding::bad_header, finding_of(header.error().front(), block.height).text());
        const Candidate c{header->epoch, block.height, header->attempt, sha256(block.header),
                          block.header, block.body};
        const ChainState before = executor_->state();
        TRANCHAIN_TRY(Opinion o, judge(c));
        if (o.verdict != Stance::ready)
            return no(o.findings.empty() ? finding::missing_rows
                                         : std::string_view(o.findings.front().id),
                      o.findings.empty() ? fmt::format("block {}: {}", block.height, o.reason)
                                         : o.findings.front().text(),
                      o.findings.empty() ? "ask for a bundle exported --to this member" : "");
        log_.append(leaf_hash(block.header));
        // The set before the block judges it; that of genesis is told by genesis itself.
        const ChainState& state = block.height == 0 ? executor_->state() : before;
        const Checkpoint wanted{origin_of(state.chain, header->epoch),
                                static_cast<std::uint64_t>(block.height) + 1, log_.root()};
        if (block.checkpoint.text != wanted.text())
            return no(finding::bad_checkpoint,
                      fmt::format("block {}: the checkpoint is not that of these headers",
                                  block.height));
        const std::size_t needed = block.height == 0   ? state.members.size()
                                   : is_carried(block) ? 0
                                                       : state.members.quorum();
        const Errors e = check_endorsements(block.checkpoint, state.chain, header->epoch,
                                            state.members, needed);
        if (!e.empty()) return no(e.front().id, finding_of(e.front(), block.height).text());
        if (header->epoch > before.epoch) {
            beginnings[block.height] = before;
            beginnings[block.height].epoch = header->epoch;
            beginnings[block.height].log_key = executor_->state().log_key;
        }
        voted_ = state.members;
        previous_ = std::move(*header);
        opinions.emplace_back(&block, std::move(o));
        return {};
    }

    Result<Opinion> judge(const Candidate& c)
    {
        if (c.height == 0) {
            TRANCHAIN_TRY(Opinion o, judge_genesis(c));
            if (o.verdict == Stance::ready) {
                TRANCHAIN_TRY(ChainState state, ChainState::parse(o.state.chain));
                if (state.chain != replica_.chain())
                    return fail(Code::answer_no, "block 0 is of another chain");
                executor_ = std::make_unique<Executor>(
                    contract_, std::move(state), std::map<std::string, std::string>{},
                    [](const std::string&) { return std::optional<std::string>{}; });
            }
            return o;
        }
        return judge_block(*executor_, *previous_, c, std::nullopt,
                           [this](const Record& r) { return rows(r); },
                           replica_.store().has_rows_file(),
                           [this](std::int64_t height) { return voters(height); });
    }

    Result<MemberSet> voters(std::int64_t height)
    {
        if (voted_) return *voted_;   // on the block below
        TRANCHAIN_TRY(const ChainState then, replica_.in_force(height));
        return then.members;
    }

    Result<std::optional<std::vector<Row>>> rows(const Record& record)
    {
        const auto it = bundle_.rows.find(hex(record.hash()));
        if (it != bundle_.rows.end()) return std::optional<std::vector<Row>>(it->second);
        return replica_.store().rows(hex(record.hash()));
    }

    Replica& replica_;
    const Bundle& bundle_;
    const Contract& contract_;
    std::unique_ptr<Executor> executor_;
    std::optional<Header> previous_;
    std::optional<MemberSet> voted_;
    Frontier log_;
};

/// By a set that was in force before: the sender does not know yet who left or took another key.
Result<bool> was_good(Replica& replica, const SignedRecord& entry)
{
    if (replica.tip() < 0) return false;
    TRANCHAIN_TRY(GovernanceLog * log, replica.governance());
    const auto& all = log->all();
    return all.size() > 1 && std::ranges::any_of(all, [&](const auto& state) {
               return Replica::check(entry, nullptr, state.second).has_value();
           });
}

Result<> check_own(Replica& replica, const Bundle& b)
{
    if (replica.member().empty()) return {};
    const auto unknown = [&](const std::string& what) {
        auto e = no(finding::unknown_own_signature,
                    "the bundle shows " + what + " of this key that is unknown here",
                    "another machine may use this key, or this one was restored: see 'key resume'");
        e.value().code = Code::denied;
        return e;
    };
    TRANCHAIN_TRY(const auto ready, replica.store().newest_ready());
    for (const ReadyAnswer& a : b.answers) {
        if (a.member != replica.member() || a.verdict != Stance::ready) continue;
        if (a.height <= replica.tip()) continue;
        const auto said = std::tie(a.epoch, a.height, a.attempt);
        const auto known = ready ? std::tuple(ready->epoch, ready->height, ready->attempt)
                                 : std::tuple<std::int64_t, std::int64_t, std::int64_t>();
        if (said > known || (said == known && a.header != ready->hash))
            return unknown("a ready answer");
    }
    TRANCHAIN_TRY(const auto stated, replica.store().own_freeze());
    for (const Freeze& f : b.freezes) {
        if (f.member != replica.member() || !is_signed_by_one(f, replica.state().members)) continue;
        if (!stated || f.epoch > stated->epoch ||
            (f.epoch == stated->epoch && f.intent() != stated->intent()))
            return unknown("a freeze statement");
    }
    if (!b.proposal || !b.proposal_note || b.proposal->height <= replica.tip()) return {};
    TRANCHAIN_TRY(const auto own, replica.store().endorsement(b.proposal->epoch,
                                                              b.proposal->height));
    for (const NoteLine& line : b.proposal_note->lines)
        if (line.name == key_name(replica.chain(), replica.member()) &&
            (!own || own->hash != b.proposal->hash))
            return unknown("an endorsement");
    return {};
}

/// Stores the new blocks, those that are final by a later one together with it; how many.
Result<std::int64_t> append_new(Replica& replica, const Bundle& b, Incoming& incoming)
{
    std::int64_t blocks = 0;
    std::vector<std::pair<Candidate, std::vector<SignedRecord>>> under;
    for (auto& [block, opinion] : incoming.opinions) {
        for (const SignedRecord& r : opinion.records) {
            const auto it = b.rows.find(hex(r.record.hash()));
            if (replica.store().has_rows_file() && it != b.rows.end())
                TRANCHAIN_DO(replica.store().put_rows(it->first, it->second));
        }
        ++blocks;
        if (incoming.is_carried(*block)) {   // appended with the one that carries it
            const Header& h = opinion.header;
            under.emplace_back(Candidate{h.epoch, h.height, h.attempt, sha256(block->header),
                                         block->header, block->body},
                               std::move(opinion.records));
            continue;
        }
        const auto begun = incoming.beginnings.find(block->height);
        TRANCHAIN_DO(begun == incoming.beginnings.end()
                         ? replica.take_endorsements(block->height, block->checkpoint)
                         : replica.take_endorsements(block->height, block->checkpoint,
                                                     begun->second));
        opinion.under = std::exchange(under, {});
        TRANCHAIN_DO(replica.append(*block, opinion));
    }
    return blocks;
}

}  // namespace

Result<Bundle> export_bundle(Replica& replica, const std::string& to, std::int64_t since)
{
    Bundle b;
    b.chain = replica.chain();
    b.to = to;
    if (!to.empty() && !replica.state().members.find(to))
        return fail(Code::not_found, "'" + to + "' is not a member", {},
                    "leave out --to for an outsider: he gets no rows");
    for (std::int64_t h = std::max<std::int64_t>(since, 0); h <= replica.tip(); ++h) {
        TRANCHAIN_TRY(auto block, replica.store().block(h));
        if (!block)
            return fail(Code::invalid_input, fmt::format("block {} is missing", h),
                        {replica.store().path()});
        if (b.for_members()) {
            TRANCHAIN_TRY(const auto records, one(parse_body(block->body)));
            for (const SignedRecord& r : records) TRANCHAIN_DO(add_rows(replica, b, r.record));
        }
        b.blocks.emplace(h, std::move(*block));
    }
    TRANCHAIN_DO(add_proposal(replica, b));
    TRANCHAIN_DO(add_takeover(replica, b));
    if (!b.for_members()) return b;
    TRANCHAIN_TRY(auto open, replica.open_submissions());
    for (SignedRecord& s : open) {
        TRANCHAIN_TRY(auto rows, replica.store().rows(hex(s.record.hash())));
        SubmissionFile submission;
        submission.with_rows = s.record.rows == 0 || rows.has_value();
        if (rows) submission.rows = std::move(*rows);
        b.rows.erase(hex(s.record.hash()));
        submission.signed_record = std::move(s);
        b.submissions.push_back(std::move(submission));
    }
    return b;
}

Result<Imported> import_bundle(Replica& replica, const Bundle& b)
{
    if (b.chain != replica.chain())
        return no(finding::bad_chain, fmt::format("the bundle is of chain '{}', this is '{}'",
                                                  b.chain, replica.chain()));
    Incoming incoming(replica, b, replica.contract());
    TRANCHAIN_DO(incoming.verify());
    for (const auto& [hash, rows] : b.rows)
        if (rows.empty()) return no(finding::bad_bundle, "rows/" + hash + " is empty");
    const ChainState& after = incoming.state();
    std::vector<const SubmissionFile*> submissions;
    for (const SubmissionFile& s : b.submissions) {
        auto good = Replica::check(s.signed_record, s.with_rows ? &s.rows : nullptr, after);
        if (good) {
            submissions.push_back(&s);
            continue;
        }
        TRANCHAIN_TRY(const bool stale, was_good(replica, s.signed_record));
        if (!stale) return tl::make_unexpected(std::move(good.error()));
    }
    if (b.proposal) TRANCHAIN_DO(Replica::check(*b.proposal, after));
    TRANCHAIN_TRY(const Coming coming, Coming::check(replica, b, incoming.opinions, after));
    for (const ReadyAnswer& a : b.answers) {
        const bool old = a.height <= replica.tip();
        TRANCHAIN_TRY(const ChainState then, old ? replica.in_force(a.height) : coming.voting_on(a));
        TRANCHAIN_DO(Replica::check(a, then));
    }
    TRANCHAIN_DO(check_own(replica, b));

    // Nothing is wrong: from here on it is stored.
    Imported done;
    const std::int64_t before = std::max<std::int64_t>(replica.tip(), 0);
    Store& store = replica.store();
    const bool keeps_rows = store.has_rows_file();
    TRANCHAIN_TRY(done.blocks, append_new(replica, b, incoming));
    for (const auto& [height, block] : b.blocks)
        if (height <= replica.tip()) TRANCHAIN_DO(replica.take_endorsements(height, block.checkpoint));
    TRANCHAIN_TRY(done.notices, note_evidence(replica, b, before));
    for (const SubmissionFile* s : submissions) {
        if (!keeps_rows) break;
        TRANCHAIN_DO(replica.keep(s->signed_record, s->with_rows ? &s->rows : nullptr));
        ++done.submissions;
    }
    TRANCHAIN_DO(coming.keep(replica, b));
    if (b.proposal && coming.takes_proposal()) {
        TRANCHAIN_TRY(const auto records, one(parse_body(b.proposal->body)));
        for (const SignedRecord& r : records) {
            const auto it = b.rows.find(hex(r.record.hash()));
            if (!keeps_rows || it == b.rows.end()) continue;
            TRANCHAIN_TRY(const bool known, store.has_rows(it->first));
            if (known) continue;
            if (const Findings f = check_rows(r.record, it->second); f.empty())
                TRANCHAIN_DO(store.put_rows(it->first, it->second));
        }
        TRANCHAIN_DO(replica.take(*b.proposal));
        done.proposal = b.proposal;
        if (b.proposal_note) {
            TRANCHAIN_DO(replica.take_endorsements(*b.proposal, *b.proposal_note));
            done.endorsements = static_cast<std::int64_t>(b.proposal_note->lines.size());
        }
    }
    for (const ReadyAnswer& a : b.answers) {
        // By whom a later height is answered only the blocks between will tell.
        if ((a.height != replica.tip() + 1 && !coming.wants(a)) ||
            (!keeps_rows && a.verdict != Stance::ready))
            continue;
        TRANCHAIN_DO(store.put_answer(a));
        ++done.answers;
    }
    return done;
}

}  // namespace tranchain
