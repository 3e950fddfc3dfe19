// Protocol: one member's side of making blocks: propose, answer, endorse, finish.
//
// A block is proposed by the orderer, answered by each member (ready, refused, not yet), endorsed
// once q are ready, and final with q endorsements. A member is ready for one header per attempt and
// endorses one header per epoch and height, for ever; both are durable in the database and then in
// the guard before the key is used, and the same question gets the same bytes. Time is an argument.
// See tranchain-chain(5), "Two answers".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chain/ahead.hpp"
#include "chain/block.hpp"
#include "chain/executor.hpp"
#include "chain/guard.hpp"
#include "chain/key.hpp"
#include "chain/store.hpp"

namespace tranchain {

/// A key that answers and endorses, with its guard.
struct Signer {
    Key key;
    std::string guard_folder;
    std::optional<Key> log_key;   ///< the orderer's, for the log line
};

/// What a member thinks of a candidate, and what follows from it if all is well.
struct Opinion {
    Stance verdict = Stance::ready;
    std::string reason;                              ///< of the first finding, or what is missing
    Findings findings;
    std::vector<std::string> not_checked;
    Header header;
    std::vector<SignedRecord> records;
    /// Blocks below it that are not final yet and become so with it, lowest first; mostly none.
    std::vector<std::pair<Candidate, std::vector<SignedRecord>>> under;
    StoredState state;                               ///< when ready
    std::map<std::string, std::string> private_states;
};

/// A submission left out of a proposal, and why.
struct LeftOut {
    SignedRecord entry;
    Stance verdict = Stance::not_yet;
    std::string reason;
};

struct Proposal {
    Candidate candidate;
    Header header;
    std::vector<SignedRecord> records;
    std::vector<LeftOut> left_out;
    bool repeated = false;       ///< the newest proposal already says exactly this
};

/// What a member wishes when it states that an epoch is over. What is not said: the next epoch that
/// it may still state, and its next orderer by the succession of genesis.
struct FreezeWish {
    std::optional<std::int64_t> epoch;
    std::optional<std::string> orderer;
    std::optional<PublicKey> log_key;   ///< of a member that wishes to order itself
};

/// Statements for one epoch and orderer.
struct EpochWish {
    std::int64_t epoch = 2;
    std::string orderer;
    std::vector<Freeze> statements;     ///< by member
};

class Replica {
public:
    /// Without a signer the replica reads and seals, but signs nothing.
    [[nodiscard]] static Result<Replica> open(Store store, const Contract& contract,
                                              std::optional<Signer> signer);
    /// A new chain: stores genesis as the candidate of height 0.
    [[nodiscard]] static Result<Replica> found(Store store, const Contract& contract,
                                               std::optional<Signer> signer,
                                               const Genesis& genesis);

    [[nodiscard]] Store& store() { return store_; }
    [[nodiscard]] std::int64_t tip() const { return tip_; }          ///< -1 before genesis is final
    [[nodiscard]] const std::string& chain() const { return state_.chain; }
    /// At the tip; before genesis is final, the state it will make.
    [[nodiscard]] const ChainState& state() const { return state_; }
    [[nodiscard]] const std::string& member() const { return member_; }   ///< empty: no voter
    /// Judges on the state at the tip; used to compose records too.
    [[nodiscard]] Result<std::unique_ptr<Executor>> executor();
    [[nodiscard]] RowSource row_source();

    [[nodiscard]] Result<Proposal> propose(std::int64_t now);
    /// `seen`: this member was ready for it before, so its rows are not hashed once more.
    [[nodiscard]] Result<Opinion> judge(const Candidate& candidate, std::optional<std::int64_t> now,
                                        bool seen = false);
    /// Whether this member's own ready answer or endorsement is for this very candidate.
    [[nodiscard]] Result<bool> has_seen(const Candidate& candidate);
    /// The newest candidate that may become final next, by epoch, height, attempt; or nothing.
    [[nodiscard]] Result<std::optional<Candidate>> newest_candidate();
    [[nodiscard]] Result<ReadyAnswer> answer(std::int64_t now);
    [[nodiscard]] Result<ReadyAnswer> refuse(const std::string& reason);
    /// The wish with its epoch and orderer, which this key may state; with the log key as well if it
    /// stated that epoch already.
    [[nodiscard]] Result<FreezeWish> plan(const FreezeWish& wish);
    /// States that this key answers and endorses nothing more below an epoch; one statement per
    /// epoch, and epochs only rise. The same again says the same bytes.
    [[nodiscard]] Result<Freeze> freeze(const FreezeWish& wish);
    /// Who orders in that epoch, above the one in force, by the succession of genesis.
    [[nodiscard]] Result<std::string> successor(std::int64_t epoch);
    /// Statements for epochs above the one in force, by epoch and orderer.
    [[nodiscard]] Result<std::vector<EpochWish>> wishes();
    /// The checkpoint with the own line; the orderer's also has the log line.
    [[nodiscard]] Result<Note> endorse(std::int64_t now);
    /// Seals the next block if it is final; the height, or nothing.
    [[nodiscard]] Result<std::optional<std::int64_t>> finish();

    // ---- what arrives from others; judged here, stored only if good ----
    // `in_force`: at the height concerned, which blocks of the same file may have changed.
    [[nodiscard]] static Result<> check(const SignedRecord& entry, const std::vector<Row>* rows,
                                        const ChainState& in_force);
    [[nodiscard]] static Result<> check(const Candidate& candidate, const ChainState& in_force);
    [[nodiscard]] static Result<> check(const ReadyAnswer& answer, const ChainState& in_force);
    [[nodiscard]] Result<> take(const SignedRecord& entry, const std::vector<Row>* rows);
    /// Stores what check() found good.
    [[nodiscard]] Result<> keep(const SignedRecord& entry, const std::vector<Row>* rows);
    [[nodiscard]] Result<> take(const Candidate& candidate);
    [[nodiscard]] Result<> take(const ReadyAnswer& answer);
    [[nodiscard]] Result<> take_endorsements(std::int64_t height, const Note& note);
    [[nodiscard]] Result<> take_endorsements(const Candidate& candidate, const Note& note);
    [[nodiscard]] Result<> take_endorsements(std::int64_t height, const Note& note,
                                             const ChainState& in_force);

    /// Takes over blocks that were verified elsewhere (import); rows and private states come first.
    [[nodiscard]] Result<> append(const StoredBlock& block, const Opinion& opinion);
    /// Who would vote above the tip, and on what; knows every stored candidate.
    [[nodiscard]] Result<Ahead> ahead();
    /// Members, orderer, epoch and log key for a candidate above the tip.
    [[nodiscard]] Result<ChainState> in_force_for(const Candidate& candidate);
    /// Candidates that may become final next: of the epoch in force, and good ones that begin a later
    /// epoch; by epoch, height, attempt, hash.
    [[nodiscard]] Result<std::vector<Candidate>> running();
    /// Submissions neither sealed nor replaced, in order of arrival.
    [[nodiscard]] Result<std::vector<SignedRecord>> open_submissions();
    [[nodiscard]] const Contract& contract() const { return *contract_; }
    [[nodiscard]] const std::optional<Header>& newest_header() const { return previous_; }
    /// Where the newest final header stands; from block 0 on.
    [[nodiscard]] Standing newest_standing() const;

    /// Text of the checkpoint that seals `header_bytes` on top of the tip.
    [[nodiscard]] Result<std::string> checkpoint_text(const Candidate& candidate);
    /// Members, orderer, epoch and policy in force for a sealed block or the next one.
    [[nodiscard]] Result<ChainState> in_force(std::int64_t height);
    /// Every (name, key) that ever voted here.
    [[nodiscard]] Result<std::vector<Member>> members_ever();
    /// Of the sealed blocks; read anew after each block.
    [[nodiscard]] Result<GovernanceLog*> governance();
    /// Prepares the guard of a key that takes over from this one: what it signed stays signed.
    [[nodiscard]] Result<> hand_guard_to(const std::string& folder);

private:
    Replica(Store store, const Contract& contract, std::optional<Signer> signer)
        : store_(std::move(store)), contract_(&contract), signer_(std::move(signer))
    {
    }
    [[nodiscard]] Result<> load();
    [[nodiscard]] Result<Guard> ready_to_sign();
    [[nodiscard]] Result<> repair(Guard& guard);
    [[nodiscard]] Result<ReadyAnswer> sign_answer(const Candidate& c, Stance verdict,
                                             const std::string& reason, Guard& guard);
    [[nodiscard]] Result<Note> sign_endorsement(const OwnEndorsement& own);
    [[nodiscard]] Result<Candidate> to_endorse(const Guard& guard);
    /// It was ready for nothing above `candidate`, nor for another header in its place.
    [[nodiscard]] Result<> may_be_ready(const Candidate& candidate);
    /// This key neither closed that epoch nor signed in a later one.
    [[nodiscard]] Result<> may_sign_in(std::int64_t epoch);
    /// What was endorsed where the next block of this epoch may stand: at the next height, and for
    /// the first block of a later epoch at any, because all of them count as one height.
    [[nodiscard]] Result<std::vector<Candidate>> proposed();
    [[nodiscard]] Result<std::optional<OwnEndorsement>> endorsed_next(std::int64_t epoch);
    [[nodiscard]] Result<bool> is_ahead(std::int64_t epoch, const Hash& header);
    [[nodiscard]] Result<> repair_freeze(Guard& guard, bool& restored);
    [[nodiscard]] Result<Freeze> decide(const FreezeWish& wish);
    [[nodiscard]] Result<Freeze> state_freeze(const FreezeWish& wish);
    [[nodiscard]] Result<Freeze> sign_freeze(Freeze freeze, Guard& guard);
    /// The statements by which this member may begin an epoch, the latest one; nothing if too few.
    [[nodiscard]] Result<std::optional<Takeover>> takeover();
    /// Puts the takeover first, on what its statements prove; hashes of records sealed below it.
    [[nodiscard]] Result<std::set<std::string>> begin(Executor& executor, Block& block,
                                                      Takeover takeover);
    [[nodiscard]] Result<> fill(Executor& executor, Block& block, Proposal& proposal,
                                const std::set<std::string>& sealed);
    /// The newest proposal if it says the same, else a new attempt.
    [[nodiscard]] Result<> choose(Block& block, Proposal& proposal);

    Store store_;
    const Contract* contract_;
    std::optional<Signer> signer_;
    std::int64_t tip_ = -1;
    ChainState state_;
    std::map<std::string, std::string> deals_;
    std::string member_;
    std::optional<Header> previous_;
    std::optional<GovernanceLog> governed_;   ///< made when an old height is asked for
};

/// Who voted on the block at a height.
using VoterSource = std::function<Result<MemberSet>(std::int64_t height)>;
/// A candidate on the state of `executor` and after `previous`; moves the executor on. The one
/// function by which proposals are answered, blocks sealed, imported and verified. `voters` is asked
/// about `previous` where the candidate begins an epoch.
[[nodiscard]] Result<Opinion> judge_block(Executor& executor, const Header& previous,
                                          const Candidate& candidate,
                                          std::optional<std::int64_t> now, const RowSource& rows,
                                          bool rows_needed, const VoterSource& voters);
[[nodiscard]] Result<Opinion> judge_genesis(const Candidate& candidate);
/// `2 (collections of servicer, deal jdht-2018-6, number 4)`
std::string place_of(std::size_t index, const Record& record);
/// Index lines of a block.
std::vector<RecordPlace> places_of(std::int64_t height, const std::vector<SignedRecord>& records);
/// Root of the log over these header bytes, in order.
Hash log_root(const std::vector<std::string>& headers);

}  // namespace tranchain
