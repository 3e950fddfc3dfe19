// Store: blocks, votes and submissions of one chain (X.db).
// SPDX-License-Identifier: Apache-2.0
#include "chain/store.hpp"

#include <filesystem>
#include <functional>

#include "chain/finding.hpp"
#include "chain/store_schema.hpp"
#include "data/attempt.hpp"

namespace tranchain {

namespace {

Error damaged(const std::string& path, const std::string& what)
{
    return {Code::invalid_input, what, {path}, "restore the file, or import the chain anew",
            std::string(finding::bad_database)};
}

}  // namespace

std::string Store::rows_path(const std::string& path)
{
    std::filesystem::path p(path);
    if (p.extension() == ".db") p.replace_extension();
    return p.string() + ".rows.db";
}

Result<Store> Store::create(const std::string& path, bool with_rows)
{
    std::optional<Database> rows;
    if (with_rows) { TRANCHAIN_TRY(rows, Database::open(rows_path(path), Open::create, rows_kind)); }
    TRANCHAIN_TRY(Database db, Database::open(path, Open::create, public_kind));
    return Store(path, std::move(db), std::move(rows));
}

Result<Store> Store::open(const std::string& path, Open how)
{
    auto opened = Database::open(path, how, public_kind);
    if (!opened) {
        if (opened.error().code == Code::not_found)
            opened.error().hint = "'chain init' or 'chain import' makes one, -C FILE names another";
        return tl::make_unexpected(std::move(opened.error()));
    }
    Database db = std::move(*opened);
    std::optional<Database> rows;
    const std::string beside = rows_path(path);
    std::error_code ec;
    if (std::filesystem::exists(beside, ec)) {
        TRANCHAIN_TRY(rows, Database::open(beside, how, rows_kind));
    }
    return Store(path, std::move(db), std::move(rows));
}

Result<std::int64_t> Store::tip()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT max(height) FROM block"));
    TRANCHAIN_TRY(const bool any, s.step());
    return any && !s.is_null(0) ? s.integer(0) : -1;
}

Result<std::optional<StoredBlock>> Store::block(std::int64_t height)
{
    TRANCHAIN_TRY(Statement s,
                  db_.prepare("SELECT header, body, checkpoint FROM block WHERE height = ?1"));
    s.bind(1, height);
    TRANCHAIN_TRY(const bool found, s.step());
    if (!found) return std::optional<StoredBlock>{};
    StoredBlock b{height, s.text(0), s.text(1), Note{s.text(2), {}}};
    TRANCHAIN_TRY(const auto notes, endorsements(height));
    for (const auto& [member, note] : notes)
        if (note.text == b.checkpoint.text)
            b.checkpoint.lines.insert(b.checkpoint.lines.end(), note.lines.begin(), note.lines.end());
    return std::optional<StoredBlock>(std::move(b));
}

Result<std::vector<std::string>> Store::headers()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT header FROM block ORDER BY height"));
    std::vector<std::string> all;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        all.push_back(s.text(0));
    }
}

Result<std::vector<std::int64_t>> Store::heights()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT height FROM block ORDER BY height"));
    std::vector<std::int64_t> all;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        all.push_back(s.integer(0));
    }
}

Result<> Store::append(const StoredBlock& block, const std::vector<RecordPlace>& records,
                       const StoredState& state)
{
    return append(std::span(&block, 1), records, state);
}

Result<> Store::append(std::span<const StoredBlock> blocks,
                       const std::vector<RecordPlace>& records, const StoredState& state)
{
    TRANCHAIN_TRY(Transaction t, Transaction::begin(db_));
    for (const StoredBlock& block : blocks)
        TRANCHAIN_DO(db_.run("INSERT INTO block VALUES(?1,?2,?3,?4,?5)", [&](Statement& s) {
            s.bind(1, block.height).bind(2, hex(sha256(block.header))).bind(3, block.header);
            s.bind(4, block.body).bind(5, block.checkpoint.text);
        }));
    TRANCHAIN_TRY(Statement index, db_.prepare("INSERT INTO record VALUES(?1,?2,?3,?4,?5,?6,?7)"));
    for (const RecordPlace& r : records) {
        index.bind(1, r.height).bind(2, r.position).bind(3, r.hash).bind(4, r.deal);
        index.bind(5, r.type).bind(6, r.author).bind(7, r.seq);
        TRANCHAIN_DO(index.run());
    }
    TRANCHAIN_DO(db_.run("INSERT OR REPLACE INTO state VALUES(1,?1,?2)", [&](Statement& s) {
        s.bind(1, state.height).bind(2, state.chain);
    }));
    TRANCHAIN_TRY(Statement deal, db_.prepare("INSERT OR REPLACE INTO deal_state VALUES(?1,?2)"));
    for (const auto& [id, bytes] : state.deals) {
        deal.bind(1, id).bind(2, bytes);
        TRANCHAIN_DO(deal.run());
    }
    return t.commit();
}

Result<StoredState> Store::state()
{
    StoredState state;
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT height, bytes FROM state"));
    TRANCHAIN_TRY(const bool found, s.step());
    if (!found) return state;
    state.height = s.integer(0);
    state.chain = s.text(1);
    TRANCHAIN_TRY(Statement d, db_.prepare("SELECT deal, bytes FROM deal_state ORDER BY deal"));
    for (;;) {
        TRANCHAIN_TRY(const bool more, d.step());
        if (!more) return state;
        state.deals[d.text(0)] = d.text(1);
    }
}

namespace {

Result<std::vector<RecordPlace>> read_places(Statement s)
{
    std::vector<RecordPlace> all;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        all.push_back({s.integer(0), s.integer(1), s.text(2), s.text(3), s.text(4), s.text(5),
                       s.integer(6)});
    }
}

}  // namespace

Result<std::vector<RecordPlace>> Store::records()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT height, position, hash, deal, type, author, seq "
                                           "FROM record ORDER BY height, position"));
    return read_places(std::move(s));
}

Result<std::vector<RecordPlace>> Store::governance_records()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT height, position, hash, deal, type, author, seq "
                                           "FROM record WHERE deal = '' AND height > 0 "
                                           "ORDER BY height, position"));
    return read_places(std::move(s));
}

Result<std::optional<RecordPlace>> Store::find_record(const std::string& hash)
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT height, position, hash, deal, type, author, seq "
                                           "FROM record WHERE hash = ?1"));
    s.bind(1, hash);
    TRANCHAIN_TRY(const auto all, read_places(std::move(s)));
    if (all.empty()) return std::optional<RecordPlace>{};
    return std::optional<RecordPlace>(all.front());
}

Result<> Store::put_candidate(const Candidate& c)
{
    return db_.run("INSERT OR IGNORE INTO candidate VALUES(?1,?2,?3,?4,?5,?6)",
                  [&](Statement& s) {
                      s.bind(1, c.epoch).bind(2, c.height).bind(3, c.attempt).bind(4, hex(c.hash));
                      s.bind(5, c.header).bind(6, c.body);
                  });
}

Result<std::vector<Candidate>> Store::candidates(std::int64_t height)
{
    TRANCHAIN_TRY(Statement s,
                  db_.prepare("SELECT epoch, attempt, hash, header, body FROM candidate "
                              "WHERE height = ?1 ORDER BY epoch, attempt, hash"));
    s.bind(1, height);
    std::vector<Candidate> all;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        Candidate c{s.integer(0), height, s.integer(1), sha256(s.view(3)), s.text(3), s.text(4)};
        if (hex(c.hash) != s.view(2))
            return tl::make_unexpected(damaged(path_, "a stored proposal was changed"));
        all.push_back(std::move(c));
    }
}

Result<> Store::put_answer(const ReadyAnswer& answer)
{
    const std::string bytes = answer.canonical();
    Database* db = &db_;
    if (answer.verdict != Stance::ready) { TRANCHAIN_TRY(db, rows_file()); }
    return db->run("INSERT OR IGNORE INTO answer VALUES(?1,?2,?3,?4,?5,?6)", [&](Statement& s) {
        s.bind(1, answer.epoch).bind(2, answer.height).bind(3, answer.attempt);
        s.bind(4, answer.member).bind(5, hex(sha256(bytes))).bind(6, bytes);
    });
}

Result<std::vector<ReadyAnswer>> Store::answers(std::int64_t height)
{
    std::vector<ReadyAnswer> all;
    for (Database* db : {&db_, rows_ ? &*rows_ : nullptr}) {
        if (!db) continue;
        TRANCHAIN_TRY(Statement s, db->prepare("SELECT bytes FROM answer WHERE height = ?1 "
                                               "ORDER BY epoch, attempt, member, sha256"));
        s.bind(1, height);
        for (;;) {
            TRANCHAIN_TRY(const bool more, s.step());
            if (!more) break;
            auto answer = ReadyAnswer::parse(s.view(0));
            if (!answer) return tl::make_unexpected(damaged(path_, "a stored answer was changed"));
            all.push_back(std::move(*answer));
        }
    }
    return all;
}

Result<> Store::put_endorsement(std::int64_t height, const std::string& member, const Note& note)
{
    return db_.run("INSERT OR IGNORE INTO endorsement VALUES(?1,?2,?3,?4)", [&](Statement& s) {
        s.bind(1, height).bind(2, member).bind(3, hex(sha256(note.text))).bind(4, note.str());
    });
}

Result<std::vector<std::pair<std::string, Note>>> Store::endorsements(std::int64_t height)
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT member, note FROM endorsement WHERE height = ?1 "
                                           "ORDER BY member, checkpoint"));
    s.bind(1, height);
    std::vector<std::pair<std::string, Note>> all;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        auto note = Note::parse(s.view(1));
        if (!note) return tl::make_unexpected(damaged(path_, "a stored endorsement was changed"));
        all.emplace_back(s.text(0), std::move(*note));
    }
}

Result<std::optional<OwnReady>> Store::newest_ready()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT epoch, height, attempt, hash FROM own_ready "
                                           "ORDER BY epoch DESC, height DESC, attempt DESC LIMIT 1"));
    TRANCHAIN_TRY(const bool found, s.step());
    if (!found) return std::optional<OwnReady>{};
    TRANCHAIN_TRY(const Hash hash, hash_from_hex(s.view(3)));
    return std::optional<OwnReady>({s.integer(0), s.integer(1), s.integer(2), hash});
}

Result<> Store::put_ready(const OwnReady& r)
{
    return db_.run("INSERT INTO own_ready VALUES(?1,?2,?3,?4)", [&](Statement& s) {
        s.bind(1, r.epoch).bind(2, r.height).bind(3, r.attempt).bind(4, hex(r.hash));
    });
}

namespace {

/// The header is signed again as it is stored, so it must be the one that was signed first.
Result<std::optional<OwnEndorsement>> read_endorsement(Statement s, const std::string& path)
{
    TRANCHAIN_TRY(const bool found, s.step());
    if (!found) return std::optional<OwnEndorsement>{};
    const Hash hash = sha256(s.view(5));
    if (hex(hash) != s.view(3))
        return tl::make_unexpected(damaged(path, "a stored endorsement of our own was changed"));
    return std::optional<OwnEndorsement>({s.integer(0), s.integer(1), s.integer(2), hash,
                                          s.integer(4), s.text(5), s.text(6)});
}

}  // namespace

Result<std::optional<OwnEndorsement>> Store::newest_endorsement()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT * FROM own_endorsement "
                                           "ORDER BY epoch DESC, height DESC LIMIT 1"));
    return read_endorsement(std::move(s), path_);
}

Result<std::optional<OwnEndorsement>> Store::endorsement(std::int64_t epoch, std::int64_t height)
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT * FROM own_endorsement "
                                           "WHERE epoch = ?1 AND height = ?2"));
    s.bind(1, epoch).bind(2, height);
    return read_endorsement(std::move(s), path_);
}

Result<> Store::put_own_endorsement(const OwnEndorsement& e)
{
    return db_.run("INSERT INTO own_endorsement VALUES(?1,?2,?3,?4,?5,?6,?7)",
                  [&](Statement& s) {
                      s.bind(1, e.epoch).bind(2, e.height).bind(3, e.attempt).bind(4, hex(e.hash));
                      s.bind(5, e.time).bind(6, e.header).bind(7, e.body);
                  });
}

Result<> Store::put_evidence(const std::string& kind, const std::string& bytes)
{
    return db_.run("INSERT OR IGNORE INTO evidence VALUES(?1,?2,?3)", [&](Statement& s) {
        s.bind(1, hex(sha256(bytes))).bind(2, kind).bind(3, bytes);
    });
}

Result<std::vector<std::pair<std::string, std::string>>> Store::evidence()
{
    TRANCHAIN_TRY(Statement s, db_.prepare("SELECT kind, bytes FROM evidence ORDER BY sha256"));
    std::vector<std::pair<std::string, std::string>> all;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        all.emplace_back(s.text(0), s.text(1));
    }
}

}  // namespace tranchain
