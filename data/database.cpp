// Database: the one file that talks to SQLite.
// SPDX-License-Identifier: Apache-2.0
#include "data/database.hpp"

#include <fmt/core.h>
#include <sqlite3.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "data/assert.hpp"
#include "data/attempt.hpp"
#include "data/database_files.hpp"

namespace tranchain {

namespace {

Code code_of(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return Code::busy;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
        return Code::invalid_input;
    default:
        return Code::io;
    }
}

tl::unexpected<Error> sqlite_error(sqlite3* db, int rc, const std::string& path)
{
    const int detail = db != nullptr ? sqlite3_extended_errcode(db) : rc;
    std::string reason = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    if ((rc & 0xFF) == SQLITE_FULL) {
        reason = "the disk is full";
    }
    if ((detail & 0xFF) == SQLITE_IOERR || (rc & 0xFF) == SQLITE_CANTOPEN) {
        if (const int number = db != nullptr ? sqlite3_system_errno(db) : 0; number != 0) {
            reason += fmt::format(" ({})", std::generic_category().message(number));
        }
    }
    const Code code = code_of(rc);
    return fail(code, fmt::format("database '{}': {}", path, reason), {path, 0, 0},
                code == Code::busy ? "another program writes to it; try again" : "");
}

std::string file_of(sqlite3* db)
{
    const char* name = sqlite3_db_filename(db, "main");
    return name != nullptr ? name : "";
}

Result<> execute(sqlite3* db, const std::string& sql, const std::string& path)
{
    const int rc = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    if (rc != SQLITE_OK) {
        return sqlite_error(db, rc, path);
    }
    return {};
}

Result<std::int64_t> query_integer(sqlite3* db, const std::string& sql, const std::string& path)
{
    sqlite3_stmt* stmt = nullptr;
    int rc = sqlite3_prepare_v2(db, sql.c_str(), -1, &stmt, nullptr);
    std::int64_t value = 0;
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        value = sqlite3_column_int64(stmt, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    if (rc != SQLITE_OK) {
        return sqlite_error(db, rc, path);
    }
    return value;
}

/// The file is ours and of a version this program knows.
Result<> check_kind(sqlite3* db,
                    const std::string& schema,
                    const std::string& path,
                    const Database::Kind& kind)
{
    const auto id = query_integer(db, fmt::format("PRAGMA {}.application_id", schema), path);
    if (!id) {
        return tl::make_unexpected(id.error());
    }
    if (static_cast<std::uint32_t>(*id) != kind.application_id) {
        return fail(Code::invalid_input,
                    fmt::format("'{}' is not the kind of database expected here", path),
                    {path, 0, 0},
                    fmt::format("its application id is {:#010x}, not {:#010x}",
                                static_cast<std::uint32_t>(*id), kind.application_id));
    }
    const auto version = query_integer(db, fmt::format("PRAGMA {}.user_version", schema), path);
    if (!version) {
        return tl::make_unexpected(version.error());
    }
    if (*version != kind.schema_version) {
        return fail(Code::invalid_input,
                    fmt::format("'{}' has schema version {}, this program knows {}", path, *version,
                                kind.schema_version),
                    {path, 0, 0}, *version > kind.schema_version ? "use a newer tranchain" : "");
    }
    return {};
}

/// Puts the schema and identity into a new file; all or nothing.
Result<> make_schema(sqlite3* db, const std::string& path, const Database::Kind& kind)
{
    auto done = execute(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", path);
    if (!done) {
        return done;
    }
    return execute(db,
                   fmt::format("BEGIN IMMEDIATE; {} ; PRAGMA application_id={}; "
                               "PRAGMA user_version={}; COMMIT;",
                               kind.schema, static_cast<std::int32_t>(kind.application_id),
                               kind.schema_version),
                   path);
}

} // namespace

// ---- Statement ---------------------------------------------------------------------------------

Statement::~Statement()
{
    sqlite3_finalize(stmt_);
}

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_), stmt_(std::exchange(other.stmt_, nullptr))
{
}

// A bind fails only for a wrong index or out of memory.
Statement& Statement::bind(int index, std::int64_t value)
{
    invariant(sqlite3_bind_int64(stmt_, index, value) == SQLITE_OK);
    return *this;
}
Statement& Statement::bind(int index, std::string_view text)
{
    invariant(sqlite3_bind_text64(stmt_, index, text.data() != nullptr ? text.data() : "",
                                  text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
    return *this;
}
Statement& Statement::bind_blob(int index, std::string_view bytes)
{
    invariant(sqlite3_bind_blob64(stmt_, index, bytes.data() != nullptr ? bytes.data() : "",
                                  bytes.size(), SQLITE_TRANSIENT) == SQLITE_OK);
    return *this;
}
Statement& Statement::bind_null(int index)
{
    invariant(sqlite3_bind_null(stmt_, index) == SQLITE_OK);
    return *this;
}

Result<bool> Statement::step()
{
    const int rc = sqlite3_step(stmt_);
    if (rc == SQLITE_ROW) {
        return true;
    }
    if (rc == SQLITE_DONE) {
        return false;
    }
    auto error = sqlite_error(db_, rc, file_of(db_));
    sqlite3_reset(stmt_);
    return error;
}

Result<> Statement::run()
{
    for (;;) {
        auto more = step();
        if (!more) {
            return tl::make_unexpected(more.error());
        }
        if (!*more) {
            break;
        }
    }
    reset();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(stmt_);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(stmt_, column);
}

std::string_view Statement::view(int column) const
{
    const void* bytes = sqlite3_column_blob(stmt_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column));
    return bytes == nullptr ? std::string_view()
                            : std::string_view(static_cast<const char*>(bytes), size);
}

std::string Statement::text(int column) const
{
    return std::string(view(column));
}

bool Statement::is_null(int column) const
{
    return sqlite3_column_type(stmt_, column) == SQLITE_NULL;
}

// ---- Database ----------------------------------------------------------------------------------

struct Database::Impl {
    std::string path;
    Open how = Open::read;
    sqlite3* db = nullptr;
    std::vector<DatabasePlan> plans;    // main first; a copy lives as long as the connection
    std::vector<std::string> log_files; // logs with content that a reader must leave alone

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl();
    Result<> configure();
};

Database::Impl::~Impl()
{
    if (db == nullptr) {
        return;
    }
    if (how != Open::read) {
        sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    } else {
        bool keep = false;
        for (const std::string& log : log_files) {
            keep = keep || size_or_zero(log) > 0;
        }
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
    }
    sqlite3_close_v2(db);
}

Result<> Database::Impl::configure()
{
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, 5000);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (how == Open::read) {
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    return execute(db,
                   "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; "
                   "PRAGMA synchronous=FULL;",
                   path);
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, Open how, const Kind& kind)
{
    auto chosen = plan_database(path, how);
    if (!chosen) {
        return tl::make_unexpected(chosen.error());
    }
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->how = how;
    const int rc =
        sqlite3_open_v2(chosen->uri.c_str(), &impl->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    if (rc != SQLITE_OK) {
        return sqlite_error(impl->db, rc, path);
    }
    if (chosen->keep_log) {
        impl->log_files.push_back(path + "-wal");
    }
    impl->plans.push_back(std::move(*chosen));
    auto done = impl->configure();
    if (done && how == Open::create) {
        done = make_schema(impl->db, path, kind);
        if (done) {
            sync_folder(path);
        } else {
            ::unlink(path.c_str());
        }
    }
    if (done) {
        done = check_kind(impl->db, "main", path, kind);
    }
    if (done && how == Open::read) {
        done = execute(impl->db, "PRAGMA query_only=ON", path);
    }
    if (!done) {
        return tl::make_unexpected(done.error());
    }
    return Database(std::move(impl));
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt* stmt = nullptr;
    const int rc = sqlite3_prepare_v3(impl_->db, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt, nullptr);
    if (rc != SQLITE_OK) {
        return sqlite_error(impl_->db, rc, impl_->path);
    }
    return Statement(impl_->db, stmt);
}

Result<> Database::run(std::string_view sql)
{
    return execute(impl_->db, std::string(sql), impl_->path);
}

Result<> Database::run(std::string_view sql, const std::function<void(Statement&)>& bind)
{
    TRANCHAIN_TRY(Statement s, prepare(sql));
    bind(s);
    return s.run();
}

Result<std::vector<std::string>> Database::integrity_check()
{
    auto stmt = prepare("PRAGMA integrity_check");
    if (!stmt) {
        return tl::make_unexpected(stmt.error());
    }
    std::vector<std::string> problems;
    for (;;) {
        auto more = stmt->step();
        if (!more) {
            return tl::make_unexpected(more.error());
        }
        if (!*more) {
            return problems;
        }
        if (std::string line = stmt->text(0); line != "ok") {
            problems.push_back(std::move(line));
        }
    }
}

const std::string& Database::path() const
{
    return impl_->path;
}

Result<>
Database::attach(const std::string& other, std::string_view schema_name, Open how, const Kind& kind)
{
    invariant((how == Open::read) == (impl_->how == Open::read));
    if (how == Open::create) { // through a connection of its own: the DDL names no schema
        auto made = open(other, Open::create, kind);
        if (!made) {
            return tl::make_unexpected(made.error());
        }
        how = Open::write;
    }
    auto chosen = plan_database(other, how);
    if (!chosen) {
        return tl::make_unexpected(chosen.error());
    }
    const std::string schema(schema_name);
    {
        auto stmt = prepare(fmt::format("ATTACH ? AS {}", schema));
        if (!stmt) {
            return tl::make_unexpected(stmt.error());
        }
        if (auto done = stmt->bind(1, std::string_view(chosen->uri)).run(); !done) {
            return done;
        }
    }
    if (chosen->keep_log) {
        impl_->log_files.push_back(other + "-wal");
    }
    impl_->plans.push_back(std::move(*chosen));
    auto done = execute(impl_->db, fmt::format("PRAGMA {}.synchronous=FULL", schema), other);
    if (done) {
        done = check_kind(impl_->db, schema, other, kind);
    }
    if (!done) {
        Error error = done.error();
        static_cast<void>(execute(impl_->db, fmt::format("DETACH {}", schema), other));
        return tl::make_unexpected(std::move(error));
    }
    return {};
}

// ---- Transaction -------------------------------------------------------------------------------

Result<Transaction> Transaction::begin(Database& db)
{
    if (auto done = db.run("BEGIN IMMEDIATE"); !done) {
        return tl::make_unexpected(done.error());
    }
    return Transaction(db);
}

Transaction::Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}

Transaction::~Transaction()
{
    if (db_ != nullptr) {
        static_cast<void>(db_->run("ROLLBACK"));
    }
}

Result<> Transaction::commit()
{
    auto done = db_->run("COMMIT");
    if (done) {
        db_ = nullptr;
    }
    return done;
}

} // namespace tranchain
