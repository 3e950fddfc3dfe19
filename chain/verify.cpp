// Verify: one pass over the blocks, in the order of tranchain-chain(5), "What a verifier checks".
// SPDX-License-Identifier: Apache-2.0
#include "chain/verify.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "chain/executor.hpp"
#include "chain/proof.hpp"
#include "chain/store_check.hpp"
#include "chain/takeover.hpp"
#include "data/attempt.hpp"
#include "data/merkle.hpp"

namespace tranchain {

ChainSource source_of(Store& store)
{
    ChainSource s;
    s.heights = [&store] { return store.heights(); };
    s.block = [&store](std::int64_t h) { return store.block(h); };
    s.rows = [&store](const std::string& hash) { return store.rows(hash); };
    s.row_difference = [&store](const std::string& hash) { return store.row_difference(hash); };
    s.index = [&store] { return store.records(); };
    s.store = &store;
    s.has_rows = store.has_rows_file();
    return s;
}

ChainSource source_of(const Bundle& b)
{
    ChainSource s;
    s.heights = [&b]() -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> all;
        for (const auto& [height, block] : b.blocks) all.push_back(height);
        return all;
    };
    s.block = [&b](std::int64_t h) -> Result<std::optional<StoredBlock>> {
        const auto it = b.blocks.find(h);
        if (it == b.blocks.end()) return std::optional<StoredBlock>{};
        return std::optional<StoredBlock>(it->second);
    };
    s.rows = [&b](const std::string& hash) -> Result<std::optional<std::vector<Row>>> {
        const auto it = b.rows.find(hash);
        if (it == b.rows.end()) return std::optional<std::vector<Row>>{};
        return std::optional<std::vector<Row>>(it->second);
    };
    s.row_difference = [](const std::string&) -> Result<std::optional<RowDifference>> {
        return std::optional<RowDifference>{};
    };
    s.has_rows = b.for_members();
    return s;
}

namespace {

class Walk {
public:
    Walk(const ChainSource& source, const Contract& contract, const VerifyOptions& options)
        : source_(source), contract_(contract), options_(options), executing_(options.execute)
    {
    }

    [[nodiscard]] Result<VerifyReport> run()
    {
        TRANCHAIN_TRY(const auto heights, source_.heights());
        if (heights.empty()) return fail(Code::not_found, "there is no final block yet");
        std::int64_t next = 0;
        for (const std::int64_t height : heights) {
            if (height != next) {
                add(finding::missing_block,
                    height == next + 1 ? fmt::format("block {} is absent", next)
                                       : fmt::format("blocks {} to {} are absent", next,
                                                     height - 1), next);
                stop("blocks after a missing one were not executed");
                previous_.reset();
                whole_ = false;
            }
            TRANCHAIN_TRY(const auto block, source_.block(height));
            if (block) TRANCHAIN_DO(visit(*block));
            next = height + 1;
            if (options_.progress) options_.progress(height + 1, heights.back() + 1);
        }
        TRANCHAIN_DO(check_index());
        TRANCHAIN_DO(check_beside());
        check_against();
        if (!options_.against)
            report_.not_checked.insert("whether a longer chain exists: only --against CHECKPOINT "
                                       "excludes a shorter copy");
        if (!source_.has_rows) report_.not_checked.insert("aggregates not checked against rows");
        if (executor_)
            report_.not_checked.insert(executor_->not_checked().begin(),
                                       executor_->not_checked().end());
        return std::move(report_);
    }

private:
    void add(std::string_view id, std::string message, std::int64_t block, std::string record = {})
    {
        report_.findings.push_back(make_finding(id, std::move(message), block, std::move(record)));
    }

    void stop(const std::string& why)
    {
        if (executing_) report_.not_checked.insert(why);
        executing_ = false;
    }

    Result<> visit(const StoredBlock& block)
    {
        const std::int64_t at = block.height;
        ++report_.blocks;
        report_.newest = at;
        report_.newest_hash = hex(sha256(block.header));
        log_.append(leaf_hash(block.header));
        auto header = Header::parse(block.header);
        if (!header) {
            for (const Error& e : header.error())
                report_.findings.push_back(
                    {std::string(finding::bad_header), e.message, at, {}, {}, {}});
            stop(fmt::format("records of block {} and later were not executed", at));
            previous_.reset();
            return {};
        }
        if (header->height != at)
            add(finding::bad_height, fmt::format("the header states height {}", header->height), at);
        report_.newest_time = header->time;
        if (at == 0) {
            TRANCHAIN_DO(start(block, *header));
        } else {
            if (previous_)
                for (const Error& e : check_link(*header, &*previous_))
                    report_.findings.push_back(finding_of(e, at));
            // What a takeover puts in force is in force for its own block.
            const bool begins = governed_ && header->epoch > governed_->at(at).epoch &&
                                begins_with_takeover(block.body);
            if (!begins) check_in_force(*header, at);
            for (const Error& e : check_body(*header, block.body))
                report_.findings.push_back(finding_of(e, at));
            TRANCHAIN_DO(records(block, *header));
            if (begins) check_in_force(*header, at);
        }
        TRANCHAIN_DO(check_note(block, *header));
        previous_ = std::move(*header);
        return {};
    }

    /// Block 0 tells the chain, its members and the state everything starts from.
    Result<> start(const StoredBlock& block, const Header& header)
    {
        const Candidate c{header.epoch, 0, header.attempt, sha256(block.header), block.header,
                          block.body};
        TRANCHAIN_TRY(Opinion o, judge_genesis(c));
        report_.findings.insert(report_.findings.end(), o.findings.begin(), o.findings.end());
        ++report_.records;
        if (!o.records.empty()) places_ = places_of(0, o.records);
        if (o.verdict != Stance::ready) {
            stop("nothing was executed, because genesis is not good");
            return {};
        }
        TRANCHAIN_TRY(ChainState state, ChainState::parse(o.state.chain));
        report_.chain = state.chain;
        report_.genesis =
            hex(sha256(o.records.front().record.public_part.canonical()));
        governed_.emplace(state);
        ++report_.executed;
        executor_ = std::make_unique<Executor>(
            contract_, std::move(state), std::map<std::string, std::string>{},
            [](const std::string&) { return std::optional<std::string>{}; });
        executor_->trust_rows();   // rows_hold() looks at them first
        return {};
    }

    void check_in_force(const Header& h, std::int64_t at)
    {
        if (!governed_) return;
        const ChainState& s = governed_->at(at);
        if (h.orderer != s.orderer)
            add(finding::bad_orderer, fmt::format("'{}' made it, the orderer is '{}'", h.orderer,
                                                  s.orderer), at);
        if (h.members != s.members.hash())
            add(finding::bad_members, "another member set votes", at);
        if (h.epoch != s.epoch) add(finding::bad_epoch, "another epoch is in force", at);
        if (h.rules != s.rules) add(finding::bad_rules, "another rules version is in force", at);
    }

    Result<> records(const StoredBlock& block, const Header& header)
    {
        const auto parsed = parse_body(block.body);
        if (!parsed) {
            stop(fmt::format("records of block {} and later were not executed", block.height));
            return {};
        }
        for (RecordPlace& p : places_of(block.height, *parsed)) places_.push_back(std::move(p));
        first_ = true;
        if (executing_ && governed_ && header.epoch > governed_->at(block.height).epoch) {
            const ChainState& voted = governed_->at(block.height - 1);
            executor_->begin_epoch({header.prev, block.height - 1, voted.epoch, voted.members});
        }
        for (std::size_t i = 0; i < parsed->size(); ++i) {
            ++report_.records;
            TRANCHAIN_DO(record((*parsed)[i], place_of(i, (*parsed)[i].record), header,
                                block.height));
            first_ = false;
        }
        if (!executing_) return {};
        const Hash state = executor_->state().hash();
        if (state == header.state) return {};
        add(finding::bad_state, fmt::format("the header states state {}, its records lead to {}",
                                            hex(header.state), hex(state)), block.height);
        stop(fmt::format("records after block {} were not executed", block.height));
        return {};
    }

    Result<> record(const SignedRecord& entry, const std::string& name, const Header& header,
                    std::int64_t at)
    {
        const Record& r = entry.record;
        // By itself, so that who votes is known where records are not executed.
        Judgement governed;
        const bool governs = governed_ && is_governance(r.type);
        if (governs)
            governed = governed_->judge(entry, at, header.time, first_ ? &header : nullptr);
        std::optional<std::vector<Row>> rows;
        bool good_rows = true;
        if (r.rows > 0 && source_.has_rows) {
            TRANCHAIN_TRY(rows, source_.rows(hex(r.hash())));
            if (!rows) {
                add(finding::missing_rows, fmt::format("its {} rows are not here", r.rows), at,
                    name);
                good_rows = false;
            } else {
                report_.rows += r.rows;
                TRANCHAIN_TRY(good_rows, rows_hold(r, *rows, name, at));
            }
        }
        if (!executing_ || !good_rows) {
            if (governs)
                refuse(std::move(governed), at, name);
            else if (governed_)
                for (const Error& e : check_signatures(entry, governed_->at(at).members))
                    report_.findings.push_back(finding_of(e, at, name));
            if (!good_rows)
                stop(fmt::format("records from block {} on were not executed, because rows differ",
                                 at));
            return {};
        }
        const auto source = [&](const Record&) -> Result<std::optional<std::vector<Row>>> {
            return std::move(rows);
        };
        TRANCHAIN_TRY(Judgement j, executor_->judge(entry, at, header.time, source, false));
        if (j.ruling == Ruling::accepted) {
            ++report_.executed;
            if (options_.on_record && !r.deal.empty()) {
                TRANCHAIN_TRY(Session * session, executor_->session(r.deal));
                options_.on_record(at, r, *session);
            }
            return {};
        }
        refuse(std::move(j), at, name);
        stop(fmt::format("records after block {}, record {} were not executed", at, name));
        return {};
    }

    /// What keeps a record from being accepted; nothing if it is.
    void refuse(Judgement j, std::int64_t at, const std::string& name)
    {
        if (j.ruling == Ruling::accepted) return;
        if (j.ruling == Ruling::not_yet)
            j.findings.push_back(
                make_finding(finding::refused_record, "it waits for " + j.waits_for));
        if (j.findings.empty())
            j.findings.push_back(make_finding(finding::refused_record, "the contract refuses it"));
        for (Finding& f : j.findings) {
            f.block = at;
            f.record = name;
            report_.findings.push_back(std::move(f));
        }
    }

    /// Count, order and root; a root that differs names the first row and field that were changed.
    Result<bool> rows_hold(const Record& r, const std::vector<Row>& rows, const std::string& name,
                           std::int64_t at)
    {
        Findings found = check_rows(r, rows);
        if (found.empty()) return true;
        TRANCHAIN_TRY(const auto difference, source_.row_difference(hex(r.hash())));
        for (Finding& f : found) {
            f.block = at;
            f.record = name;
            if (difference && f.id == finding::bad_rows_root) {
                f.row = difference->key;
                f.field = difference->field;
            }
            report_.findings.push_back(std::move(f));
        }
        return false;
    }

    Result<> check_note(const StoredBlock& block, const Header& header)
    {
        if (!governed_ || !whole_) return {};
        const ChainState& s = governed_->at(block.height);   // the set before the block
        const Checkpoint wanted{origin_of(s.chain, header.epoch), log_.size(), log_.root()};
        if (block.checkpoint.text != wanted.text())
            add(finding::bad_checkpoint, "the checkpoint is not that of the headers up to here",
                block.height);
        const std::size_t needed = block.height == 0 ? s.members.size() : s.members.quorum();
        for (const Error& e : check_endorsements(block.checkpoint, s.chain, header.epoch, s.members,
                                                 needed)) {
            TRANCHAIN_TRY(const auto next, source_.block(block.height + 1));
            const bool carried = next && carries(next->header, next->body, block.header);
            if (!carried || e.id != finding::no_quorum)
                report_.findings.push_back(finding_of(e, block.height));
        }
        report_.endorsements += static_cast<std::int64_t>(
            count_endorsements(block.checkpoint, s.chain, s.members));
        if (options_.against) {
            const auto other = Checkpoint::parse(options_.against->text);
            // Another origin of this chain is another orderer's term: a fork as much as another root.
            if (other && other->size == log_.size() && other->origin.starts_with(s.chain) &&
                (other->root != wanted.root || other->origin != wanted.origin))
                add(finding::forked_copy,
                    fmt::format("root {} of '{}' here, {} of '{}' in the checkpoint compared with",
                                hex(wanted.root), wanted.origin, hex(other->root), other->origin),
                    block.height);
        }
        return {};
    }

    Result<> check_index()
    {
        if (!source_.index) return {};
        TRANCHAIN_TRY(const auto stored, source_.index());
        if (stored == places_) return {};
        std::size_t i = 0;
        while (i < stored.size() && i < places_.size() && stored[i] == places_[i]) ++i;
        const std::int64_t at = i < places_.size() ? places_[i].height : stored[i].height;
        add(finding::bad_index, "the record index differs from the bodies from here on", at);
        return {};
    }

    /// The rest of a database, against the members and what the blocks led to.
    Result<> check_beside()
    {
        if (!source_.store || !governed_) return {};
        std::optional<Executed> executed;
        if (executing_ && executor_)
            executed = {report_.newest, executor_->state().to_json().canonical(),
                        executor_->deal_states(), executor_->private_states()};
        TRANCHAIN_TRY(Findings found, check_store(*source_.store, *governed_, executed));
        report_.findings.insert(report_.findings.end(), found.begin(), found.end());
        return {};
    }

    void check_against()
    {
        if (!options_.against || !governed_) return;
        const auto other = Checkpoint::parse(options_.against->text);
        if (!other || other->origin.rfind(report_.chain, 0) != 0) {
            add(finding::forked_copy, "the checkpoint compared with is not of this chain", -1);
            return;
        }
        const MemberSet& members =
            governed_->at(static_cast<std::int64_t>(other->size) - 1).members;
        if (count_endorsements(*options_.against, report_.chain, members) < members.quorum())
            add(finding::no_quorum, "the checkpoint compared with is not final", -1);
        if (other->size > log_.size())
            add(finding::shorter_copy,
                fmt::format("this copy ends at block {}, the checkpoint is of block {}",
                            report_.newest, other->size - 1), report_.newest);
    }

    const ChainSource& source_;
    const Contract& contract_;
    const VerifyOptions& options_;
    VerifyReport report_;
    bool executing_;
    bool whole_ = true;
    bool first_ = true;   ///< the record judged now is the first of its block
    std::optional<GovernanceLog> governed_;   ///< none where genesis is not good
    std::unique_ptr<Executor> executor_;
    std::optional<Header> previous_;
    std::vector<RecordPlace> places_;
    Frontier log_;
};

}  // namespace

Result<VerifyReport> verify_chain(const ChainSource& source, const Contract& contract,
                                  const VerifyOptions& options)
{
    return Walk(source, contract, options).run();
}

}  // namespace tranchain
