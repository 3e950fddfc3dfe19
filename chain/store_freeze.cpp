// Store: freeze statements, and what stands above the newest final block.
//
// The two tables of statements are made when the first one comes, so that a database of a chain
// without any keeps the bytes it had.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "chain/finding.hpp"
#include "chain/store.hpp"
#include "chain/store_schema.hpp"
#include "data/attempt.hpp"

namespace tranchain {

Result<bool> Store::has_table(std::string_view name)
{
    TRANCHAIN_TRY(Statement s,
                  db_.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1"));
    s.bind(1, name);
    return s.step();
}

Result<> Store::make_freeze_tables()
{
    TRANCHAIN_TRY(const bool there, has_table("own_freeze"));
    if (there) return {};
    TRANCHAIN_TRY(Transaction t, Transaction::begin(db_));
    TRANCHAIN_DO(db_.run(freeze_schema));
    return t.commit();
}

Result<> Store::put_freeze(const Freeze& f)
{
    TRANCHAIN_DO(make_freeze_tables());
    // Two for one epoch are evidence; more of them say nothing new.
    TRANCHAIN_TRY(auto same, freezes(f.epoch - 1));
    std::erase_if(same, [&](const Freeze& other) {
        return other.epoch != f.epoch || other.member != f.member;
    });
    if (same.size() >= 2 || std::ranges::any_of(same, [&](const Freeze& other) {
            return other.intent() == f.intent();
        }))
        return {};
    const std::string bytes = f.canonical();
    return db_.run("INSERT OR IGNORE INTO freeze VALUES(?1,?2,?3,?4)", [&](Statement& s) {
        s.bind(1, f.epoch).bind(2, f.member).bind(3, hex(sha256(bytes))).bind(4, bytes);
    });
}

Result<std::vector<Freeze>> Store::freezes(std::int64_t above)
{
    std::vector<Freeze> all;
    TRANCHAIN_TRY(const bool any, has_table("freeze"));
    if (!any) return all;
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT bytes FROM freeze WHERE epoch > ?1 "
                                           "ORDER BY epoch, member, rowid"));
    s.bind(1, above);
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        auto freeze = Freeze::parse(s.view(0));
        if (!freeze)
            return tl::make_unexpected(Error{Code::invalid_input,
                                             "a stored freeze statement was changed",
                                             {path_},
                                             "restore the file, or import the chain anew",
                                             std::string(finding::bad_database)});
        all.push_back(std::move(*freeze));
    }
}

Result<> Store::put_own_freeze(const Freeze& f)
{
    TRANCHAIN_DO(make_freeze_tables());
    return db_.run("INSERT INTO own_freeze VALUES(?1,?2)",
                   [&](Statement& s) { s.bind(1, f.epoch).bind(2, f.intent()); });
}

Result<std::optional<Freeze>> Store::own_freeze()
{
    TRANCHAIN_TRY(const bool any, has_table("own_freeze"));
    if (!any) return std::optional<Freeze>{};
    TRANCHAIN_TRY(Statement s,
                  db_.prepare("SELECT bytes FROM own_freeze ORDER BY epoch DESC LIMIT 1"));
    TRANCHAIN_TRY(const bool found, s.step());
    if (!found) return std::optional<Freeze>{};
    auto freeze = Freeze::from_intent(s.view(0));
    if (!freeze)
        return tl::make_unexpected(Error{Code::invalid_input,
                                         "the stored freeze statement of our own was changed",
                                         {path_},
                                         "restore the file, or import the chain anew",
                                         std::string(finding::bad_database)});
    return std::optional<Freeze>(std::move(*freeze));
}

Result<std::vector<Candidate>> Store::candidates_above(std::int64_t height)
{
    TRANCHAIN_TRY(Statement s,
                  db_.prepare("SELECT epoch, height, attempt, hash, header, body FROM candidate "
                              "WHERE height > ?1 ORDER BY epoch, height, attempt, hash"));
    s.bind(1, height);
    std::vector<Candidate> all;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        all.push_back({s.integer(0), s.integer(1), s.integer(2), sha256(s.view(4)), s.text(4),
                       s.text(5)});
        if (hex(all.back().hash) != s.view(3))
            return tl::make_unexpected(Error{Code::invalid_input,
                                             "a stored proposal was changed",
                                             {path_},
                                             "restore the file, or import the chain anew",
                                             std::string(finding::bad_database)});
    }
}

Result<std::int64_t> Store::highest()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT max(height) FROM (SELECT height FROM block "
                                           "UNION SELECT height FROM candidate "
                                           "UNION SELECT height FROM endorsement "
                                           "UNION SELECT height FROM answer)"));
    TRANCHAIN_TRY(const bool any, s.step());
    return any && !s.is_null(0) ? s.integer(0) : -1;
}

Result<std::optional<OwnEndorsement>> Store::endorsement_in(std::int64_t epoch)
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT max(height) FROM own_endorsement "
                                           "WHERE epoch = ?1"));
    s.bind(1, epoch);
    TRANCHAIN_TRY(const bool any, s.step());
    if (!any || s.is_null(0)) return std::optional<OwnEndorsement>{};
    return endorsement(epoch, s.integer(0));
}

} // namespace tranchain
