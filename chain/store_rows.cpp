// Store: rows with their secrets, submissions, and the contract's private state (X.rows.db).
// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "chain/store.hpp"
#include "data/attempt.hpp"
#include "data/json_canonical.hpp"

namespace tranchain {

namespace {

std::string leaves_of(const Row& row)
{
    std::string leaves;
    for (const auto& [name, value] : row.fields)
        leaves += view(field_leaf(name, field_salt(row.secret, name), value));
    return leaves;
}

/// A row as stored; nothing if the stored text is not the list of fields it should be.
std::optional<Row> read_row(Statement& s)
{
    Row row;
    row.key = s.text(0);
    const std::string_view secret = s.view(2);
    if (!read_pairs(s.view(1), row.fields) || secret.size() != row.secret.size()) {
        return std::nullopt;
    }
    std::copy(secret.begin(), secret.end(), row.secret.begin());
    return row;
}

}  // namespace

Result<Database*> Store::rows_file()
{
    if (rows_) return &*rows_;
    return fail(Code::not_found, "'" + rows_path(path_) + "' does not exist",
                {}, "rows come with a bundle that was exported --to this member");
}

Result<> Store::put_rows(const std::string& record_hash, const std::vector<Row>& rows)
{
    TRANCHAIN_TRY(const bool known, has_rows(record_hash));
    if (known || rows.empty()) return {};
    TRANCHAIN_TRY(Database * db, rows_file());
    TRANCHAIN_TRY(Transaction t, Transaction::begin(*db));
    TRANCHAIN_TRY(Statement s, db->prepare("INSERT INTO row VALUES(?1,?2,?3,?4,?5,?6)"));
    std::int64_t position = 0;
    for (const Row& row : rows) {
        s.bind(1, record_hash).bind(2, position++).bind(3, row.key).bind(4, canonical_pairs(row.fields));
        s.bind_blob(5, view(row.secret)).bind_blob(6, leaves_of(row));
        TRANCHAIN_DO(s.run());
    }
    return t.commit();
}

Result<std::optional<std::vector<Row>>> Store::rows(const std::string& record_hash)
{
    if (!rows_) return std::optional<std::vector<Row>>{};
    TRANCHAIN_TRY(Statement s, rows_->prepare("SELECT key, fields, secret FROM row "
                                              "WHERE record = ?1 ORDER BY position"));
    s.bind(1, record_hash);
    std::vector<Row> rows;
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) break;
        auto row = read_row(s);
        // A row that cannot be read is handed on empty, so that its root differs and is reported.
        rows.push_back(row ? std::move(*row) : Row{s.text(0), {{"", ""}}, {}});
    }
    if (rows.empty()) return std::optional<std::vector<Row>>{};
    return std::optional<std::vector<Row>>(std::move(rows));
}

Result<bool> Store::has_rows(const std::string& record_hash)
{
    if (!rows_) return false;
    TRANCHAIN_TRY(Statement s, rows_->prepare("SELECT 1 FROM row WHERE record = ?1 LIMIT 1"));
    s.bind(1, record_hash);
    return s.step();
}

Result<std::set<std::string>> Store::records_with_row(const std::string& key)
{
    std::set<std::string> found;
    TRANCHAIN_TRY(Database * db, rows_file());
    TRANCHAIN_TRY(Statement s, db->prepare("SELECT DISTINCT record FROM row WHERE key = ?1"));
    s.bind(1, key);
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return found;
        found.insert(s.text(0));
    }
}

Result<std::optional<RowDifference>> Store::row_difference(const std::string& record_hash)
{
    using None = std::optional<RowDifference>;
    if (!rows_) return None{};
    TRANCHAIN_TRY(Statement s, rows_->prepare("SELECT key, fields, secret, leaves FROM row "
                                              "WHERE record = ?1 ORDER BY position"));
    s.bind(1, record_hash);
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return None{};
        const auto row = read_row(s);
        if (!row) return None({s.text(0), ""});
        const std::string wanted = leaves_of(*row);
        const std::string stored = s.text(3);
        if (wanted == stored) continue;
        if (wanted.size() != stored.size()) return None({row->key, ""});
        std::string field;
        int differing = 0;
        for (std::size_t i = 0; i < row->fields.size(); ++i) {
            if (wanted.compare(i * 32, 32, stored, i * 32, 32) == 0) continue;
            if (++differing == 1) field = row->fields[i].first;
        }
        // All fields at once: the secret was changed, not a field.
        if (differing > 1 && differing == static_cast<int>(row->fields.size())) field = "secret";
        return None({row->key, field});
    }
}

Result<> Store::put_submission(const SignedRecord& record)
{
    const std::string hash = hex(record.record.hash());
    TRANCHAIN_TRY(Database * db, rows_file());
    TRANCHAIN_TRY(Transaction t, Transaction::begin(*db));
    TRANCHAIN_DO(db->run("INSERT OR IGNORE INTO submission(hash, record) VALUES(?1,?2)",
                        [&](Statement& s) {
                            s.bind(1, hash).bind(2, record.record.to_json().canonical());
                        }));
    for (const RecordSignature& signature : record.signatures)
        TRANCHAIN_DO(db->run("INSERT OR REPLACE INTO submission_signature VALUES(?1,?2,?3)",
                            [&](Statement& s) {
                                s.bind(1, hash).bind(2, signature.member);
                                s.bind(3, to_text(signature.signature));
                            }));
    return t.commit();
}

Result<std::vector<SignedRecord>> Store::submissions()
{
    return read_submissions([](std::string_view, std::string_view) -> Result<bool> { return true; });
}

Result<std::vector<SignedRecord>> Store::submissions_not_settled()
{
    TRANCHAIN_TRY(Statement sealed, db_.prepare("SELECT 1 FROM record WHERE hash = ?1"));
    return read_submissions([&](std::string_view hash, std::string_view record) -> Result<bool> {
        if (record.find("\"replaces\":") != record.npos) return true;
        sealed.reset();
        sealed.bind(1, hash);
        TRANCHAIN_TRY(const bool found, sealed.step());
        return !found;
    });
}

Result<std::vector<SignedRecord>> Store::read_submissions(const Wanted& wanted)
{
    std::vector<SignedRecord> all;
    if (!rows_) return all;
    TRANCHAIN_TRY(Statement s, rows_->prepare("SELECT hash, record FROM submission ORDER BY arrival"));
    TRANCHAIN_TRY(Statement g, rows_->prepare("SELECT member, signature FROM submission_signature "
                                           "WHERE hash = ?1 ORDER BY member"));
    for (;;) {
        TRANCHAIN_TRY(const bool more, s.step());
        if (!more) return all;
        TRANCHAIN_TRY(const bool take, wanted(s.view(0), s.view(1)));
        if (!take) continue;
        TRANCHAIN_TRY(const Json json, parse_canonical(s.view(1)));
        TRANCHAIN_TRY(Record record, one(Record::from_json(json)));
        SignedRecord entry{std::move(record), {}};
        g.reset();
        g.bind(1, s.view(0));
        for (;;) {
            TRANCHAIN_TRY(const bool another, g.step());
            if (!another) break;
            TRANCHAIN_TRY(const Signature signature, parse_signature(g.view(1)));
            entry.signatures.push_back({g.text(0), signature});
        }
        all.push_back(std::move(entry));
    }
}

Result<std::optional<std::string>> Store::private_state(const std::string& deal,
                                                        std::int64_t height)
{
    if (!rows_) return std::optional<std::string>{};
    TRANCHAIN_TRY(Statement s, rows_->prepare("SELECT bytes FROM private_state WHERE deal = ?1 AND "
                                              "height <= ?2 ORDER BY height DESC LIMIT 1"));
    s.bind(1, deal).bind(2, height);
    TRANCHAIN_TRY(const bool found, s.step());
    if (!found) return std::optional<std::string>{};
    return std::optional<std::string>(s.text(0));
}

Result<> Store::put_private_state(const std::string& deal, std::int64_t height,
                                  const std::string& bytes)
{
    TRANCHAIN_TRY(Database * db, rows_file());
    TRANCHAIN_TRY(Transaction t, Transaction::begin(*db));
    // The one before stays: the public file may not have reached `height` when the power goes.
    TRANCHAIN_TRY(Statement old, db->prepare("DELETE FROM private_state WHERE deal = ?1 AND "
                                             "height < (SELECT max(height) FROM private_state "
                                             "WHERE deal = ?1 AND height < ?2)"));
    old.bind(1, deal).bind(2, height);
    TRANCHAIN_DO(old.run());
    TRANCHAIN_TRY(Statement s, db->prepare("INSERT OR REPLACE INTO private_state VALUES(?1,?2,?3)"));
    s.bind(1, deal).bind(2, height).bind_blob(3, bytes);
    TRANCHAIN_DO(s.run());
    return t.commit();
}

Result<std::vector<std::string>> Store::integrity_check()
{
    TRANCHAIN_TRY(auto problems, db_.integrity_check());
    if (rows_) {
        TRANCHAIN_TRY(const auto more, rows_->integrity_check());
        problems.insert(problems.end(), more.begin(), more.end());
    }
    return problems;
}

}  // namespace tranchain
