// Store check: one pass over each table that is not checked as a block.
// SPDX-License-Identifier: Apache-2.0
#include "chain/store_check.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "chain/block.hpp"
#include "chain/executor.hpp"
#include "chain/takeover.hpp"
#include "data/attempt.hpp"

namespace tranchain {

class StoreCheck {
public:
    StoreCheck(Store& store, const GovernanceLog& governed) : store_(store), governed_(governed) {}

    [[nodiscard]] Result<Findings> run(const std::optional<Executed>& executed)
    {
        TRANCHAIN_DO(block_hashes());
        TRANCHAIN_DO(endorsements());
        TRANCHAIN_DO(headers("candidate", "a proposal"));
        TRANCHAIN_DO(headers("own_endorsement", "an own endorsement"));
        TRANCHAIN_DO(answers(store_.db_));
        TRANCHAIN_DO(statements());
        TRANCHAIN_DO(evidence());
        if (executed) TRANCHAIN_DO(states(*executed));
        if (store_.rows_) {
            TRANCHAIN_DO(answers(*store_.rows_));
            TRANCHAIN_DO(submissions());
        }
        return std::move(found_);
    }

private:
    void add(std::string_view id, std::string message, std::int64_t height = -1)
    {
        found_.push_back(make_finding(id, std::move(message), height));
    }

    /// Runs `each` on every row of the answer.
    template <class F>
    Result<> rows_of(Database& db, std::string_view sql, F each)
    {
        TRANCHAIN_TRY(Statement s, db.prepare(sql));
        for (;;) {
            TRANCHAIN_TRY(const bool more, s.step());
            if (!more) return {};
            each(s);
        }
    }

    Result<> block_hashes()
    {
        return rows_of(store_.db_, "SELECT height, hash, header FROM block ORDER BY height",
                       [&](Statement& s) {
                           if (s.view(1) != hex(sha256(s.view(2))))
                               add(finding::bad_index, "the stored hash is not that of the header",
                                   s.integer(0));
                       });
    }

    /// A member's line under a final block's own checkpoint is verified with the block; there a
    /// line of a key that is not his counts as a stranger's, so the key is compared here.
    Result<> endorsements()
    {
        return rows_of(
            store_.db_,
            "SELECT e.height, e.member, e.checkpoint, e.note, b.checkpoint "
            "FROM endorsement e LEFT JOIN block b ON b.height = e.height "
            "ORDER BY e.height, e.member, e.checkpoint",
            [&](Statement& s) {
                const std::int64_t at = s.integer(0);
                const std::string member = s.text(1);
                const ChainState& state = governed_.at(at);
                const auto note = Note::parse(s.view(3));
                const auto checkpoint = note
                                            ? Checkpoint::parse(note->text)
                                            : Result<Checkpoint>(tl::make_unexpected(note.error()));
                if (!checkpoint || note->lines.size() != 1) {
                    add(finding::bad_checkpoint, "a stored endorsement cannot be read", at);
                    return;
                }
                const bool of_log = member.empty();
                const Member* m = state.members.find(member);
                const std::string name =
                    of_log ? checkpoint->origin : key_name(state.chain, member);
                if (s.view(2) != hex(sha256(note->text)) ||
                    checkpoint->size != static_cast<std::uint64_t>(at) + 1 ||
                    note->lines.front().name != name || (!of_log && m == nullptr)) {
                    add(finding::bad_index,
                        fmt::format("an endorsement is stored under '{}'", member), at);
                    return;
                }
                const NoteLine& line = note->lines.front();
                if (!of_log && s.view(4) == note->text &&
                    line.key_id == note_key_id(name, cosignature_key_type, m->key))
                    return;
                // The key of an epoch that is not sealed, or never will be, is not known here.
                if (of_log && std::ranges::none_of(governed_.all(), [&](const auto& then) {
                        return origin_of(state.chain, then.second.epoch) == name;
                    }))
                    return;
                const bool good = of_log
                                      ? std::ranges::any_of(governed_.all(),
                                                            [&](const auto& then) {
                                                                return verify_log_line(
                                                                    line, name,
                                                                    then.second.log_key,
                                                                    note->text);
                                                            })
                                      : verify_cosignature(line, name, m->key, note->text);
                if (!good)
                    add(of_log ? finding::bad_log_line : finding::bad_endorsement,
                        fmt::format("the stored line of '{}' does not verify", name), at);
            });
    }

    Result<> headers(std::string_view table, std::string_view what)
    {
        const std::string sql =
            fmt::format("SELECT t.epoch, t.height, t.attempt, t.hash, t.header, t.body, "
                        "t.header = b.header AND t.body = b.body "
                        "FROM {} t LEFT JOIN block b ON b.height = t.height "
                        "ORDER BY t.height, t.epoch, t.attempt",
                        table);
        return rows_of(store_.db_, sql, [&](Statement& s) {
            const std::int64_t at = s.integer(1);
            const auto header = Header::parse(s.view(4));
            if (!header || header->epoch != s.integer(0) || header->height != at ||
                header->attempt != s.integer(2) || hex(header->hash()) != s.view(3)) {
                add(finding::bad_index, fmt::format("{} is not what it is stored as", what), at);
                return;
            }
            if (s.integer(6) == 1) return;
            for (const Error& e : check_body(*header, s.view(5)))
                add(e.id, fmt::format("{}: {}", what, e.message), at);
        });
    }

    Result<> answers(Database& db)
    {
        return rows_of(db,
                       "SELECT epoch, height, attempt, member, sha256, bytes FROM answer "
                       "ORDER BY height, epoch, attempt, member, sha256",
                       [&](Statement& s) {
                           const std::int64_t at = s.integer(1);
                           const std::string member = s.text(3);
                           const auto a = ReadyAnswer::parse(s.view(5));
                           const ChainState& state = governed_.at(at);
                           const Member* m = state.members.find(member);
                           if (!a || m == nullptr || a->chain != state.chain || !a->verify(m->key))
                               add(finding::bad_answer,
                                   fmt::format("the stored answer of '{}' does not verify", member),
                                   at);
                           else if (a->epoch != s.integer(0) || a->height != at ||
                                    a->attempt != s.integer(2) || a->member != member ||
                                    hex(sha256(s.view(5))) != s.view(4))
                               add(finding::bad_index,
                                   fmt::format("the answer of '{}' is not what it is stored "
                                               "as",
                                               member),
                                   at);
                       });
    }

    /// Of a chain without any there are no such tables.
    Result<> statements()
    {
        TRANCHAIN_TRY(const bool any, store_.has_table("own_freeze"));
        if (!any) return {};
        TRANCHAIN_DO(rows_of(store_.db_,
                             "SELECT epoch, member, sha256, bytes FROM freeze "
                             "ORDER BY epoch, member, sha256",
                             [&](Statement& s) {
                                 const auto f = Freeze::parse(s.view(3));
                                 const bool good =
                                     f && std::ranges::any_of(governed_.all(), [&](const auto& st) {
                                         return is_signed_by_one(*f, st.second.members);
                                     });
                                 if (!good)
                                     add(finding::bad_freeze,
                                         fmt::format("the stored statement of '{}' does not verify",
                                                     s.text(1)));
                                 else if (f->epoch != s.integer(0) || f->member != s.view(1) ||
                                          hex(sha256(s.view(3))) != s.view(2))
                                     add(finding::bad_index,
                                         fmt::format("the statement of '{}' is not what it is "
                                                     "stored as",
                                                     s.text(1)));
                             }));
        return rows_of(store_.db_, "SELECT epoch, bytes FROM own_freeze ORDER BY epoch",
                       [&](Statement& s) {
                           const auto f = Freeze::from_intent(s.view(1));
                           if (!f || f->epoch != s.integer(0))
                               add(finding::bad_index,
                                   "an own statement is not what it is stored as");
                       });
    }

    Result<> evidence()
    {
        return rows_of(store_.db_, "SELECT sha256, bytes FROM evidence ORDER BY sha256",
                       [&](Statement& s) {
                           if (hex(sha256(s.view(1))) != s.view(0))
                               add(finding::bad_index, "stored evidence was changed");
                       });
    }

    Result<> states(const Executed& executed)
    {
        TRANCHAIN_TRY(const StoredState stored, store_.state());
        if (stored.height != executed.height || stored.chain != executed.chain)
            add(finding::bad_index, "the stored state is not the one that the blocks lead to",
                executed.height);
        if (stored.deals != executed.deals)
            add(finding::bad_index, "a deal's stored state is not the one that the blocks lead to",
                executed.height);
        if (!store_.rows_) return {};
        for (const auto& [deal, bytes] : executed.rows) {
            TRANCHAIN_TRY(const auto own, store_.private_state(deal, executed.height));
            if (!own || *own != bytes)
                add(finding::bad_index,
                    fmt::format("the stored rows' state of deal '{}' is not "
                                "the one that the rows lead to",
                                deal),
                    executed.height);
        }
        return {};
    }

    Result<> submissions()
    {
        TRANCHAIN_DO(rows_of(*store_.rows_, "SELECT hash, record FROM submission ORDER BY arrival",
                             [&](Statement& s) {
                                 if (hex(tagged_hash(s)) != s.view(0))
                                     add(finding::bad_index, "a submission is not what it is "
                                                             "stored as");
                             }));
        if (!found_.empty()) return {};
        TRANCHAIN_TRY(const auto all, store_.submissions());
        for (const SignedRecord& s : all) {
            const std::string name = describe(s.record);
            const Findings signed_wrong = signatures(s, name);
            found_.insert(found_.end(), signed_wrong.begin(), signed_wrong.end());
            if (s.record.rows == 0) continue;
            TRANCHAIN_TRY(const auto rows, store_.rows(hex(s.record.hash())));
            if (!rows) continue;
            for (Finding& f : check_rows(s.record, *rows)) {
                f.record = name;
                found_.push_back(std::move(f));
            }
        }
        return {};
    }

    /// It came when any of the sets was in force: what is wrong by all of them.
    Findings signatures(const SignedRecord& entry, const std::string& name)
    {
        Findings wrong;
        for (const auto& [from, state] : governed_.all()) {
            wrong.clear();
            for (const Error& e : check_signatures(entry, state.members))
                if (e.id != finding::missing_signature)
                    wrong.push_back(finding_of(e, -1, name));
            if (wrong.empty()) break;
        }
        return wrong;
    }

    static Hash tagged_hash(const Statement& s)
    {
        const auto json = parse_canonical(s.view(1));
        const auto record = json ? one(Record::from_json(*json))
                                 : Result<Record>(tl::make_unexpected(json.error()));
        return record ? record->hash() : Hash{};
    }

    Store& store_;
    const GovernanceLog& governed_;
    Findings found_;
};

Result<Findings>
check_store(Store& store, const GovernanceLog& governed, const std::optional<Executed>& executed)
{
    return StoreCheck(store, governed).run(executed);
}

} // namespace tranchain
