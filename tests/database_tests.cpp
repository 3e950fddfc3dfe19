// Tests of data/database: kinds, transactions, and readers that leave nothing behind.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "data/csv.hpp"
#include "data/database.hpp"
#include "tests/folder.hpp"

using namespace tranchain;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(database_tests)

namespace {

constexpr Database::Kind kind{0x54524354, 1, "CREATE TABLE t(k INTEGER PRIMARY KEY, v TEXT)"};
constexpr Database::Kind other_kind{0x54524355, 1, "CREATE TABLE u(k INTEGER PRIMARY KEY, v BLOB)"};

/// A folder of its own for each test; what was made read-only can be removed again.
struct Folder : TestFolder {
    ~Folder() { fs::permissions(path(), fs::perms::owner_all); }
    [[nodiscard]] std::string list() const
    {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(path())) {
            names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        std::string all;
        for (const auto& name : names) {
            all += name + " ";
        }
        return all;
    }
};

void insert(Database& db, int key, std::string_view value)
{
    auto tx = Transaction::begin(db);
    BOOST_REQUIRE(tx);
    auto stmt = db.prepare("INSERT INTO t VALUES(?, ?)");
    BOOST_REQUIRE(stmt);
    BOOST_REQUIRE(stmt->bind(1, key).bind(2, value).run());
    BOOST_REQUIRE(tx->commit());
}

std::int64_t count(Database& db)
{
    auto stmt = db.prepare("SELECT count(*) FROM t");
    BOOST_REQUIRE(stmt);
    BOOST_REQUIRE(stmt->step().value());
    return stmt->integer(0);
}

/// Leaves a database with a log, as a killed writer does.
void killed_writer(const std::string& path)
{
    const pid_t child = ::fork();
    if (child == 0) {
        auto db = Database::open(path, Open::write, kind);
        if (!db || !db->run("INSERT INTO t VALUES(2, 'two')")) {
            ::_exit(1);
        }
        ::_exit(0); // without closing
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE(status == 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(creates_writes_reads)
{
    const Folder folder;
    const std::string path = folder / "a%20b?#.db";
    {
        auto db = Database::open(path, Open::create, kind);
        BOOST_REQUIRE(db);
        insert(*db, 1, std::string_view("o\0ne", 4));
        auto stmt = db->prepare("SELECT v, NULL FROM t");
        BOOST_REQUIRE(stmt);
        BOOST_TEST(stmt->step().value());
        BOOST_TEST((stmt->text(0) == std::string("o\0ne", 4)));
        BOOST_TEST(stmt->is_null(1));
        BOOST_TEST(!stmt->step().value());
        BOOST_TEST(db->integrity_check().value().empty());
    }
    BOOST_TEST(folder.list() == "a%20b?#.db ");
    BOOST_TEST((Database::open(path, Open::create, kind).error().code == Code::invalid_input));
    BOOST_TEST((Database::open(path, Open::read, other_kind).error().code == Code::invalid_input));
    const Database::Kind older{kind.application_id, 0, ""};
    BOOST_TEST(Database::open(path, Open::write, older).error().hint == "use a newer tranchain");
    BOOST_TEST((Database::open(folder / "none", Open::read, kind).error().code == Code::not_found));
    BOOST_REQUIRE(write_file(folder / "text", "not a database, though long enough to be one"));
    BOOST_TEST(
        (Database::open(folder / "text", Open::read, kind).error().code == Code::invalid_input));
    BOOST_REQUIRE(write_file(folder / "empty", ""));
    BOOST_TEST(
        (Database::open(folder / "empty", Open::write, kind).error().code == Code::invalid_input));
    BOOST_TEST(folder.list() == "a%20b?#.db empty text ");
}

BOOST_AUTO_TEST_CASE(rolls_back_unless_committed)
{
    const Folder folder;
    auto db = Database::open(folder / "x.db", Open::create, kind);
    BOOST_REQUIRE(db);
    {
        auto tx = Transaction::begin(*db);
        BOOST_REQUIRE(tx);
        BOOST_REQUIRE(db->run("INSERT INTO t VALUES(1, 'x')"));
    }
    BOOST_TEST(count(*db) == 0);
    insert(*db, 1, "x");
    auto stmt = db->prepare("INSERT INTO t VALUES(1, 'again')");
    BOOST_TEST((stmt->run().error().code == Code::invalid_input));
    BOOST_TEST((db->prepare("SELEC").error().code == Code::invalid_input));
    BOOST_TEST(count(*db) == 1);
}

BOOST_AUTO_TEST_CASE(one_transaction_over_two_files)
{
    const Folder folder;
    {
        auto db = Database::open(folder / "x.db", Open::create, kind);
        BOOST_REQUIRE(db);
        BOOST_REQUIRE(db->attach(folder / "x.rows.db", "rows", Open::create, other_kind));
        auto tx = Transaction::begin(*db);
        BOOST_REQUIRE(tx);
        BOOST_REQUIRE(db->run("INSERT INTO t VALUES(1,'a'); INSERT INTO rows.u VALUES(7, x'00')"));
        BOOST_REQUIRE(tx->commit());
        BOOST_TEST(!db->attach(folder / "none", "more", Open::write, kind));
        BOOST_TEST(!db->attach(folder / "x.db", "more", Open::write, other_kind));
    }
    BOOST_TEST(folder.list() == "x.db x.rows.db ");
    auto db = Database::open(folder / "x.db", Open::read, kind);
    BOOST_REQUIRE(db);
    BOOST_REQUIRE(db->attach(folder / "x.rows.db", "rows", Open::read, other_kind));
    auto stmt = db->prepare("SELECT k FROM rows.u");
    BOOST_REQUIRE(stmt);
    BOOST_TEST(stmt->step().value());
    BOOST_TEST(stmt->integer(0) == 7);
    BOOST_TEST(!db->run("INSERT INTO t VALUES(2,'b')"));
}

BOOST_AUTO_TEST_CASE(readers_leave_nothing)
{
    const Folder folder;
    const std::string path = folder / "x.db";
    {
        auto db = Database::open(path, Open::create, kind);
        BOOST_REQUIRE(db);
        insert(*db, 1, "one");
    }
    const std::string before = read_file(path).value();
    {
        auto db = Database::open(path, Open::read, kind);
        BOOST_REQUIRE(db);
        BOOST_TEST(count(*db) == 1);
    }
    BOOST_TEST(folder.list() == "x.db ");
    BOOST_TEST((read_file(path).value() == before));

    killed_writer(path);
    BOOST_TEST(folder.list() == "x.db x.db-shm x.db-wal ");
    const std::string log = read_file(path + "-wal").value();
    for (const bool with_shm : {true, false}) {
        if (!with_shm) {
            fs::remove(path + "-shm");
        }
        auto db = Database::open(path, Open::read, kind);
        BOOST_REQUIRE(db);
        BOOST_TEST(count(*db) == 2);
    }
    BOOST_TEST(folder.list() == "x.db x.db-wal ");
    BOOST_TEST((read_file(path).value() == before));
    BOOST_TEST((read_file(path + "-wal").value() == log));

    // A reader beside a living writer sees what is committed, and the writer cleans up.
    {
        auto writer = Database::open(path, Open::write, kind);
        BOOST_REQUIRE(writer);
        insert(*writer, 3, "three");
        auto reader = Database::open(path, Open::read, kind);
        BOOST_REQUIRE(reader);
        BOOST_TEST(count(*reader) == 3);
        insert(*writer, 4, "four");
        BOOST_TEST(count(*reader) == 4);
    }
    BOOST_TEST(folder.list() == "x.db ");
}

/// Private copies that lie in the temporary folder now.
std::size_t copies(const std::string& in)
{
    std::size_t n = 0;
    for (const auto& entry : fs::directory_iterator(in)) {
        if (entry.path().filename().string().starts_with("tranchain-copy-")) ++n;
    }
    return n;
}

BOOST_AUTO_TEST_CASE(reads_in_a_read_only_folder)
{
    // Private copies go to a folder of this test's own, since other processes make some too.
    const Folder temporary;
    fs::permissions(temporary.path(), fs::perms(0777));
    ::setenv("TMPDIR", temporary.path().c_str(), 1);
    // The superuser may write anywhere, so a child without that power does the reading.
    const Folder folder;
    const std::string path = folder / "x.db";
    {
        BOOST_REQUIRE(Database::open(path, Open::create, kind));
    }
    for (const bool killed : {false, true}) {
        if (killed) {
            killed_writer(path);
        }
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            fs::permissions(entry, fs::perms(0444));
        }
        fs::permissions(folder.path(), fs::perms(0555));
        const pid_t child = ::fork();
        if (child == 0) {
            if (::getuid() == 0 && ::setuid(65534) != 0) {
                ::_exit(9);
            }
            int result = 1;
            {
                auto db = Database::open(path, Open::read, kind);
                if (db) {
                    auto stmt = db->prepare("SELECT count(*) FROM t");
                    if (stmt && stmt->step().value_or(false)) {
                        result = stmt->integer(0) == (killed ? 1 : 0) ? 0 : 2;
                    }
                }
                const auto refused = Database::open(path, Open::write, kind);
                if (refused || refused.error().code != Code::io) {
                    result = 3;
                }
            }
            ::_exit(result);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST(WEXITSTATUS(status) == 0);
        fs::permissions(folder.path(), fs::perms::owner_all);
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            fs::permissions(entry, fs::perms(0644));
        }
        BOOST_TEST(folder.list() == (killed ? "x.db x.db-shm x.db-wal " : "x.db "));
    }
    ::unsetenv("TMPDIR");
    BOOST_TEST(copies(temporary.path()) == 0U);
}

BOOST_AUTO_TEST_CASE(full_disk_and_busy_are_named)
{
    const Folder folder;
    const std::string path = folder / "x.db";
    auto first = Database::open(path, Open::create, kind);
    BOOST_REQUIRE(first);
    auto second = Database::open(path, Open::write, kind);
    BOOST_REQUIRE(second);
    BOOST_REQUIRE(second->run("PRAGMA busy_timeout=10"));
    auto tx = Transaction::begin(*first);
    BOOST_REQUIRE(tx);
    const auto blocked = Transaction::begin(*second);
    BOOST_REQUIRE(!blocked);
    BOOST_TEST((blocked.error().code == Code::busy));
    BOOST_TEST(blocked.error().hint == "another program writes to it; try again");
    BOOST_REQUIRE(first->run("PRAGMA max_page_count=3"));
    const auto full = first->run("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c "
                                 "LIMIT 100) INSERT INTO t SELECT x, randomblob(1000) FROM c");
    BOOST_REQUIRE(!full);
    BOOST_TEST((full.error().code == Code::io));
    BOOST_TEST(full.error().message.find("the disk is full") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
