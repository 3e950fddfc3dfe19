// Store: a member's or reader's copy of one chain, in two SQLite files.
//
// X.db is public: blocks, endorsements, answers, submissions, own votes, the state at the tip.
// X.rows.db holds rows with their secrets and the contract's private state; it may be absent.
// One append is one transaction of X.db; the rows are made durable before it in a transaction of
// their own, because SQLite does not promise one across two files in WAL mode: a crash in between
// leaves rows nobody asks for, which is harmless. Everything signed is append-only by triggers (a
// guard against accidents; the evidence is the signatures); what can be derived again may be
// replaced. The store knows bytes and places; it judges nothing. See tranchain-chain(5), "Files".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/note.hpp"
#include "chain/sign.hpp"
#include "data/database.hpp"
#include "data/digest.hpp"
#include "data/error.hpp"
#include "data/row.hpp"

namespace tranchain {

struct StoredBlock {
    std::int64_t height = 0;
    std::string header;
    std::string body;
    Note checkpoint;        ///< log line first, then cosignatures by member name
};

/// A proposed block: bytes as they came.
struct Candidate {
    std::int64_t epoch = 1;
    std::int64_t height = 0;
    std::int64_t attempt = 1;
    Hash hash{};
    std::string header;
    std::string body;
};

/// What this member's key was ready for; newest by (epoch, height, attempt).
struct OwnReady {
    std::int64_t epoch = 1;
    std::int64_t height = 0;
    std::int64_t attempt = 1;
    Hash hash{};
    bool operator==(const OwnReady&) const = default;
};

/// What this member's key endorsed: one per epoch and height for ever.
struct OwnEndorsement {
    std::int64_t epoch = 1;
    std::int64_t height = 0;
    std::int64_t attempt = 1;
    Hash hash{};
    std::int64_t time = 0;  ///< timestamp of the cosignature, fixed before the key is used
    std::string header;
    std::string body;
    bool operator==(const OwnEndorsement&) const = default;
};

/// One line of the record index.
struct RecordPlace {
    std::int64_t height = 0;
    std::int64_t position = 0;
    std::string hash;        ///< Record::hash in hex
    std::string deal;
    std::string type;
    std::string author;
    std::int64_t seq = 0;
    bool operator==(const RecordPlace&) const = default;
};

/// State at the newest block: the chain's own part and the contract's text of each deal.
struct StoredState {
    std::int64_t height = -1;
    std::string chain;                              ///< canonical ChainState, empty if none
    std::map<std::string, std::string> deals;       ///< public state of each deal
};

/// First differing field of a stored row, found through the leaves kept beside it.
struct RowDifference {
    std::string key;
    std::string field;
};

class Store {
public:
    /// Makes X.db and, for a member, X.rows.db; an existing one is refused.
    [[nodiscard]] static Result<Store> create(const std::string& path, bool with_rows);
    [[nodiscard]] static Result<Store> open(const std::string& path, Open how);
    static std::string rows_path(const std::string& path);   ///< X.db -> X.rows.db

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool has_rows_file() const { return rows_.has_value(); }

    // ---- final blocks ----
    [[nodiscard]] Result<std::int64_t> tip();      ///< newest height, -1 if empty
    /// The highest height of which anything is here, sealed or not; -1 if nothing.
    [[nodiscard]] Result<std::int64_t> highest();
    [[nodiscard]] Result<std::optional<StoredBlock>> block(std::int64_t height);
    [[nodiscard]] Result<std::vector<std::string>> headers();   ///< by height, without holes checked
    [[nodiscard]] Result<std::vector<std::int64_t>> heights();
    /// Appends a final block with its index, endorsements and the state after it, at once.
    [[nodiscard]] Result<> append(const StoredBlock& block, const std::vector<RecordPlace>& records,
                                  const StoredState& state);
    /// The same for blocks that become final together: one transaction for all of them.
    [[nodiscard]] Result<> append(std::span<const StoredBlock> blocks,
                                  const std::vector<RecordPlace>& records, const StoredState& state);
    [[nodiscard]] Result<StoredState> state();
    [[nodiscard]] Result<std::vector<RecordPlace>> records();
    /// Those of no deal, genesis left out: what changed policy and members.
    [[nodiscard]] Result<std::vector<RecordPlace>> governance_records();
    [[nodiscard]] Result<std::optional<RecordPlace>> find_record(const std::string& hash);

    // ---- on the way to the next block ----
    [[nodiscard]] Result<> put_candidate(const Candidate& candidate);
    [[nodiscard]] Result<std::vector<Candidate>> candidates(std::int64_t height);
    /// All at heights above this one, by epoch, height, attempt and hash.
    [[nodiscard]] Result<std::vector<Candidate>> candidates_above(std::int64_t height);
    [[nodiscard]] Result<> put_answer(const ReadyAnswer& answer);
    [[nodiscard]] Result<std::vector<ReadyAnswer>> answers(std::int64_t height);
    /// `member` empty: the log line. Known ones are left as they are.
    [[nodiscard]] Result<> put_endorsement(std::int64_t height, const std::string& member,
                                           const Note& note);
    /// All notes of single lines known for a height, log line first, then by member.
    [[nodiscard]] Result<std::vector<std::pair<std::string, Note>>> endorsements(std::int64_t height);

    // ---- own votes ----
    [[nodiscard]] Result<std::optional<OwnReady>> newest_ready();
    [[nodiscard]] Result<> put_ready(const OwnReady& ready);
    [[nodiscard]] Result<std::optional<OwnEndorsement>> newest_endorsement();
    [[nodiscard]] Result<std::optional<OwnEndorsement>> endorsement(std::int64_t epoch,
                                                                    std::int64_t height);
    [[nodiscard]] Result<> put_own_endorsement(const OwnEndorsement& endorsement);
    /// That of the greatest height in this epoch.
    [[nodiscard]] Result<std::optional<OwnEndorsement>> endorsement_in(std::int64_t epoch);
    /// What this key stated last, without its signature; one per epoch for ever.
    [[nodiscard]] Result<std::optional<Freeze>> own_freeze();
    [[nodiscard]] Result<> put_own_freeze(const Freeze& freeze);

    // ---- freeze statements of all members ----
    [[nodiscard]] Result<> put_freeze(const Freeze& freeze);
    /// For epochs above this one, by epoch and member.
    [[nodiscard]] Result<std::vector<Freeze>> freezes(std::int64_t above);

    // ---- submissions ----
    /// Adds the record or its new signatures; known ones are left as they are.
    [[nodiscard]] Result<> put_submission(const SignedRecord& record);
    [[nodiscard]] Result<std::vector<SignedRecord>> submissions();   ///< in order of arrival
    /// Those of which the next block may depend: no block holds their record, or they replace another.
    [[nodiscard]] Result<std::vector<SignedRecord>> submissions_not_settled();
    [[nodiscard]] Result<> put_evidence(const std::string& kind, const std::string& bytes);
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> evidence();

    // ---- rows ----
    [[nodiscard]] Result<> put_rows(const std::string& record_hash, const std::vector<Row>& rows);
    [[nodiscard]] Result<std::optional<std::vector<Row>>> rows(const std::string& record_hash);
    [[nodiscard]] Result<bool> has_rows(const std::string& record_hash);
    /// Hashes of the records, sealed or not, that hold a row with this key. Reads the whole table.
    [[nodiscard]] Result<std::set<std::string>> records_with_row(const std::string& key);
    /// Where the stored rows differ from the leaves that were stored with them.
    [[nodiscard]] Result<std::optional<RowDifference>> row_difference(const std::string& record_hash);
    /// Private state of a deal at or below `height`; the newest two are kept.
    [[nodiscard]] Result<std::optional<std::string>> private_state(const std::string& deal,
                                                                   std::int64_t height);
    [[nodiscard]] Result<> put_private_state(const std::string& deal, std::int64_t height,
                                             const std::string& bytes);

    /// What SQLite itself finds wrong with the files; empty = sound.
    [[nodiscard]] Result<std::vector<std::string>> integrity_check();

private:
    friend class StoreCheck;   ///< reads every table
    Store(std::string path, Database db, std::optional<Database> rows)
        : path_(std::move(path)), db_(std::move(db)), rows_(std::move(rows))
    {
    }
    [[nodiscard]] Result<Database*> rows_file();
    using Wanted = std::function<Result<bool>(std::string_view hash, std::string_view record)>;
    [[nodiscard]] Result<std::vector<SignedRecord>> read_submissions(const Wanted& wanted);
    [[nodiscard]] Result<bool> has_table(std::string_view name);
    [[nodiscard]] Result<> make_freeze_tables();

    std::string path_;
    Database db_;
    std::optional<Database> rows_;
};

}  // namespace tranchain
