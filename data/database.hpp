// Database: one SQLite connection with prepared statements and transactions (SQLite, WAL, FULL).
//
// The only file that includes sqlite3.h is database.cpp. Errors become Code::busy, io,
// invalid_input (not a database, wrong application id, newer schema) or not_found.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace tranchain {

/// One prepared statement. Bind by position from 1, step, read columns from 0.
class Statement {
public:
    Statement(sqlite3* db, sqlite3_stmt* stmt) : db_(db), stmt_(stmt) {}
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view text);
    Statement& bind_blob(int index, std::string_view bytes);
    Statement& bind_null(int index);
    /// True when a row is there, false when done.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end, ignoring rows, and resets; for INSERT and the like.
    [[nodiscard]] Result<> run();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;      ///< text or blob, as bytes
    [[nodiscard]] std::string_view view(int column) const; ///< valid until the next step
    [[nodiscard]] bool is_null(int column) const;

private:
    sqlite3* db_;
    sqlite3_stmt* stmt_;
};

enum class Open : std::uint8_t { create, write, read };

class Database {
public:
    struct Kind {
        std::uint32_t application_id; ///< stored: never renumber
        int schema_version;           ///< user_version
        const char* schema;           ///< DDL for a new file
    };
    /// `create` makes the file (an existing one is an error), `write` opens it, `read` never
    /// writes: a reader that cannot write beside the file opens it immutable if there is no -wal,
    /// else copies both to a private temporary folder and reads there. Sets WAL, synchronous=FULL,
    /// foreign_keys=ON, trusted_schema=OFF, cell_size_check=ON, busy timeout 5 s. A reader changes
    /// no file and leaves none behind: a log left by a killed writer stays as it was.
    [[nodiscard]] static Result<Database> open(const std::string& path, Open how, const Kind& kind);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database(); ///< closes; a writer first runs wal_checkpoint(TRUNCATE)

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    [[nodiscard]] Result<> run(std::string_view sql);
    /// One statement whose parameters `bind` sets.
    [[nodiscard]] Result<> run(std::string_view sql, const std::function<void(Statement&)>& bind);
    [[nodiscard]] Result<std::vector<std::string>> integrity_check(); ///< empty = sound
    [[nodiscard]] const std::string& path() const;
    /// Makes `other` (a path) a second schema of this connection. One transaction covers both while
    /// the process lives; a crash inside its commit may leave only one of two WAL files committed
    /// (SQLite's documented limit), so what must exist first is committed first.
    [[nodiscard]] Result<>
    attach(const std::string& other, std::string_view schema_name, Open how, const Kind& kind);

private:
    struct Impl;
    explicit Database(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// BEGIN IMMEDIATE; rolls back unless committed.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Database& db);
    Transaction(Transaction&& other) noexcept;
    ~Transaction();
    [[nodiscard]] Result<> commit();

private:
    explicit Transaction(Database& db) : db_(&db) {}
    Database* db_;
};

} // namespace tranchain
