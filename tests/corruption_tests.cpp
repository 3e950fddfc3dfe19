// Corruption: bytes of the database changed, its log cut, its folder read-only, its disk full.
//
// A change is reported by one of those who read the file (SQLite's own check, the readers of the
// store, the verifier of the chain, the member who opens it to sign), or what is decoded is what it
// was. A log cut short takes the file back to an earlier commit: that is whole by itself, and what
// is lost shows against a newer checkpoint or the guard.
// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chain/verify.hpp"
#include "tests/alliance_fixture.hpp"
#include "tests/kill.hpp"
#include "tests/seed.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(corruption_tests)

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put_bytes(const std::string& path, std::string_view bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Six blocks and a proposal with votes, closed cleanly; the custodian's files are worked on.
struct Files {
    Files()
    {
        a.grow(6);
        a.submit(a.record(2, "statement", 1, {41, 42}));
        a.ask();
        newest = (*a.at(0).store().block(5))->checkpoint;
        for (std::size_t i = 0; i < 4; ++i) a.close(i);
        database = a.database(1);
        rows = Store::rows_path(database);
    }
    /// Everything a reader decodes, or nothing when something is reported.
    [[nodiscard]] std::optional<std::string> decoded(std::optional<Note> against = {}) const
    {
        auto store = Store::open(database, Open::read);
        if (!store) return {};
        const auto problems = store->integrity_check();
        if (!problems || !problems->empty()) return {};
        std::string all;
        if (!content(*store, all)) return {};
        VerifyOptions options;
        options.against = std::move(against);
        const auto report = verify_chain(source_of(*store), a.contract, options);
        if (!report || !report->good()) return {};
        // The member who opens it to sign compares with his guard.
        const auto guard = Guard::open(a.signer(1).guard_folder, a.genesis.chain_id(), true);
        if (!guard || *store->newest_ready() != guard->ready() ||
            *store->newest_endorsement() != guard->endorsement())
            return {};
        return all;
    }
    /// Cheaper than decoded(): equal text means equal content, whatever it is worth.
    [[nodiscard]] std::optional<std::string> raw() const
    {
        auto store = Store::open(database, Open::read);
        std::string all;
        if (!store || !content(*store, all)) return {};
        return all;
    }

    Alliance a;
    Note newest;
    std::string database, rows;

private:
    static void put(std::string& all, const std::string& part)
    {
        all += std::to_string(part.size()) + ":" + part;
    }
    /// All that the readers of a store give; false when one of them reports something.
    [[nodiscard]] static bool content(Store& store, std::string& all)
    {
        const auto heights = store.heights();
        const auto places = store.records();
        const auto state = store.state();
        const auto submissions = store.submissions();
        if (!heights || !places || !state || !submissions) return false;
        for (const std::int64_t h : *heights) {
            const auto block = store.block(h);
            if (!block || !*block) return false;
            const auto records = parse_body((*block)->body);
            if (!records) return false;
            for (const std::string& part : {std::to_string(h), (*block)->header, (*block)->body,
                                            (*block)->checkpoint.str()})
                put(all, part);
            for (const SignedRecord& r : *records)
                if (!rows_of(store, r.record, all)) return false;
        }
        for (const RecordPlace& p : *places) {
            for (const std::string& part : {p.hash, p.deal, p.type, p.author}) put(all, part);
            put(all, std::to_string(p.height) + "/" + std::to_string(p.position) + "/" +
                         std::to_string(p.seq));
            const auto found = store.find_record(p.hash);
            if (!found) return false;
            put(all, *found ? "found" : "lost");
        }
        put(all, state->chain + std::to_string(state->height));
        for (const auto& [deal, text] : state->deals) {
            put(all, deal + text);
            const auto own = store.private_state(deal, state->height);
            if (!own) return false;
            put(all, own->value_or("none"));
        }
        for (const SignedRecord& s : *submissions) {
            put(all, s.canonical());
            if (!rows_of(store, s.record, all)) return false;
        }
        return votes(store, all);
    }
    [[nodiscard]] static bool rows_of(Store& store, const Record& record, std::string& all)
    {
        const auto rows = store.rows(hex(record.hash()));
        if (!rows) return false;
        if (!*rows) return true;
        for (const Row& row : **rows) put(all, row_to_json(row).canonical());
        return true;
    }
    /// What is on its way to the next block, and what the member's key said.
    [[nodiscard]] static bool votes(Store& store, std::string& all)
    {
        for (std::int64_t h = 0; h < 7; ++h) {
            const auto candidates = store.candidates(h);
            const auto answers = store.answers(h);
            const auto notes = store.endorsements(h);
            const auto own = store.endorsement(1, h);
            if (!candidates || !answers || !notes || !own) return false;
            for (const Candidate& c : *candidates) put(all, c.header + c.body);
            for (const ReadyAnswer& answer : *answers) put(all, answer.canonical());
            for (const auto& [member, note] : *notes) put(all, member + note.str());
            if (*own) put(all, (*own)->header + (*own)->body);
        }
        const auto ready = store.newest_ready();
        const auto endorsed = store.newest_endorsement();
        if (!ready || !endorsed) return false;
        if (*ready)
            put(all, hex((*ready)->hash) + std::to_string((*ready)->epoch) + "/" +
                         std::to_string((*ready)->height) + "/" + std::to_string((*ready)->attempt));
        if (*endorsed)
            put(all, hex((*endorsed)->hash) + (*endorsed)->header + (*endorsed)->body +
                         std::to_string((*endorsed)->time));
        return true;
    }
};

/// The bytes around a place, unprintable ones as dots.
std::string excerpt(const std::string& bytes, std::size_t place)
{
    std::string text = bytes.substr(place < 40 ? 0 : place - 40, 80);
    for (char& c : text)
        if (c < ' ' || c > '~') c = '.';
    return "'" + text + "'";
}

/// How many changes of one byte at these places are neither reported nor without effect.
std::size_t unreported(const Files& files, const std::string& path,
                       const std::vector<std::size_t>& places, std::mt19937_64& random)
{
    const std::string sound = bytes_of(path);
    const auto before = files.decoded();
    BOOST_REQUIRE(before.has_value());
    const auto raw = files.raw();
    std::size_t count = 0;
    for (const std::size_t place : places) {
        std::string changed = sound;
        changed[place] = static_cast<char>(static_cast<unsigned char>(changed[place]) ^
                                           (1 + random() % 255));
        put_bytes(path, changed);
        if (files.raw() == raw) continue;          // decoded content unchanged
        const auto after = files.decoded();
        if (!after || after == before) continue;
        if (++count <= 5)
            BOOST_TEST_MESSAGE(path << ": byte " << place << " of " << sound.size()
                                    << " is not reported (seed " << test_seed() << "); it was "
                                    << excerpt(sound, place) << ", is " << excerpt(changed, place));
    }
    put_bytes(path, sound);
    BOOST_TEST((files.decoded() == before));
    return count;
}

std::size_t page_size_of(const std::string& bytes)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const std::size_t size = at(16) * 256u + at(17);
    return size == 1 ? 65536 : size;
}

/// First page, header of every b-tree page, and `others` seeded positions.
std::vector<std::size_t> places_in(const std::string& bytes, std::size_t others,
                                   std::mt19937_64& random)
{
    std::vector<std::size_t> places;
    const std::size_t page = page_size_of(bytes);
    for (std::size_t i = 0; i < page && i < bytes.size(); ++i) places.push_back(i);
    for (std::size_t at = page; at + page <= bytes.size(); at += page) {
        const int kind = static_cast<unsigned char>(bytes[at]);
        const bool inner = kind == 2 || kind == 5;
        if (!inner && kind != 10 && kind != 13) continue;
        for (std::size_t i = 0; i < (inner ? 12u : 8u); ++i) places.push_back(at + i);
    }
    for (std::size_t i = 0; i < others; ++i)
        places.push_back(page + random() % (bytes.size() - page));
    return places;
}

/// Runs `action` in a child with the rights of nobody; its exit status.
int as_nobody(const std::function<int()>& action)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(99);
        ::_exit(action());
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_few_bytes)
{
    const Files files;
    std::mt19937_64 random(test_seed());
    for (const std::string& path : {files.database, files.rows}) {
        const std::string sound = bytes_of(path);
        std::vector<std::size_t> places;
        for (int i = 0; i < 150; ++i) places.push_back(random() % sound.size());
        BOOST_TEST(unreported(files, path, places, random) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(bytes_of_the_public_database, *boost::unit_test::label("slow"))
{
    const Files files;
    std::mt19937_64 random(test_seed());
    const auto places = places_in(bytes_of(files.database), 2000, random);
    BOOST_TEST(places.size() > 6000u);
    BOOST_TEST(unreported(files, files.database, places, random) == 0u);
}

BOOST_AUTO_TEST_CASE(bytes_of_the_rows_database, *boost::unit_test::label("slow"))
{
    const Files files;
    std::mt19937_64 random(test_seed() + 1);
    const auto places = places_in(bytes_of(files.rows), 500, random);
    BOOST_TEST(unreported(files, files.rows, places, random) == 0u);
}

/// A writer is killed before it closes, so its log stays; then the log is cut.
BOOST_AUTO_TEST_CASE(the_log_cut_short, *boost::unit_test::label("slow"))
{
    Files files;
    Alliance& a = files.a;
    for (std::size_t i = 0; i < 4; ++i) a.open(i);
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.send_all(0);
    for (std::size_t i = 1; i < 3; ++i) {
        if (i == 2) BOOST_REQUIRE(a.at(i).endorse(a.now));
        if (i == 2) BOOST_REQUIRE(a.send(i, 0));
    }
    const Bundle bundle = *export_bundle(a.at(0), "custodian", 0);
    for (std::size_t i = 0; i < 4; ++i) a.close(i);
    const auto act = [&] {
        auto replica = Replica::open(*Store::open(files.database, Open::write), a.contract,
                                     a.signer(1));
        if (!replica || !import_bundle(*replica, bundle)) return std::string("!import");
        const auto note = replica->endorse(a.now);
        if (!note) return std::string("!endorse");
        const auto done = replica->finish();
        if (!done || !*done) return std::string("!finish");
        ::_exit(0);   // as a kill does: nothing is closed
    };
    run_and_kill(act, 0);
    const std::string log = files.database + "-wal";
    const std::string whole = bytes_of(log);
    BOOST_REQUIRE(whole.size() > 32u);
    BOOST_REQUIRE(files.decoded().has_value());
    Note newest;
    {
        auto store = Store::open(files.database, Open::read);
        BOOST_TEST(*store->tip() == 6);
        newest = (*store->block(6))->checkpoint;
    }
    const auto content = files.decoded(newest);
    BOOST_REQUIRE(content.has_value());

    std::mt19937_64 random(test_seed() + 2);
    const std::size_t frame = 24 + page_size_of(bytes_of(files.database));
    std::vector<std::size_t> cuts;
    for (std::size_t at = 32; at < whole.size(); at += frame) cuts.push_back(at);
    for (std::size_t i = 0; i < 500; ++i) cuts.push_back(random() % whole.size());
    BOOST_TEST(cuts.size() > 505u);
    std::size_t unnoticed = 0;
    for (const std::size_t cut : cuts) {
        for (const char* end : {"-shm"}) fs::remove(files.database + end);
        put_bytes(log, std::string_view(whole).substr(0, cut));
        // Whole by itself: every block that is there is good.
        auto store = Store::open(files.database, Open::read);
        BOOST_REQUIRE(store);
        const auto report = verify_chain(source_of(*store), a.contract, {});
        BOOST_REQUIRE(report);
        BOOST_TEST(report->good());
        BOOST_TEST((report->newest == 5 || report->newest == 6));
        const auto after = files.decoded(newest);
        if (after && after != content) ++unnoticed;
    }
    BOOST_TEST(unnoticed == 0u);
}

BOOST_AUTO_TEST_CASE(a_read_only_folder_is_read)
{
    for (const bool killed : {false, true}) {
        Files files;
        Alliance& a = files.a;
        if (killed) {
            a.open(0);
            BOOST_REQUIRE(a.at(0).endorse(a.now));
            const Bundle bundle = *export_bundle(a.at(0), "custodian", 0);
            a.close(0);
            run_and_kill([&]() -> std::string {
                auto replica = Replica::open(*Store::open(files.database, Open::write), a.contract,
                                             a.signer(1));
                if (replica) static_cast<void>(import_bundle(*replica, bundle));
                ::kill(::getpid(), SIGKILL);
                return {};
            }, 0);
            BOOST_TEST(fs::file_size(files.database + "-wal") > 0u);
        }
        const auto names = [&] {
            std::vector<std::string> all;
            for (const auto& e : fs::directory_iterator(a.folder.path()))
                all.push_back(e.path().filename());
            std::sort(all.begin(), all.end());
            return all;
        };
        const auto before = names();
        const std::string bytes = bytes_of(files.database);
        for (const auto& e : fs::directory_iterator(a.folder.path()))
            if (!e.is_directory()) ::chmod(e.path().c_str(), 0444);
        ::chmod(a.folder.path().c_str(), 0555);
        const int status = as_nobody([&] {
            auto store = Store::open(files.database, Open::read);
            if (!store) return 2;
            const auto tip = store->tip();
            if (!tip || *tip != 5) return 3;
            const auto report = verify_chain(source_of(*store), a.contract, {});
            if (!report || !report->good() || report->newest != 5) return 4;
            return Store::open(files.database, Open::write) ? 5 : 0;
        });
        ::chmod(a.folder.path().c_str(), 0755);
        BOOST_TEST(status == 0);
        BOOST_TEST(names() == before, boost::test_tools::per_element());
        BOOST_TEST((bytes_of(files.database) == bytes));
    }
}

/// RLIMIT_FSIZE stops every file from growing, as a full disk does.
BOOST_AUTO_TEST_CASE(a_full_disk_loses_nothing)
{
    Files files;
    Alliance& a = files.a;
    a.open(0);
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    const Bundle bundle = *export_bundle(a.at(0), "custodian", 0);
    a.close(0);
    const std::string work = a.folder / "work";
    std::size_t refused = 0;
    std::size_t done = 0;
    for (rlim_t limit = 0; limit <= 240'000; limit += 12'000) {
        fs::remove_all(work);
        fs::create_directory(work);
        for (const std::string& path : {files.database, files.rows})
            fs::copy_file(path, fs::path(work) / fs::path(path).filename());
        fs::copy(a.signer(1).guard_folder, work + "/custodian.key.guard", fs::copy_options::recursive);
        const std::string database = work + "/custodian.db";
        const Signer signer{a.keys[1], work + "/custodian.key.guard", {}};
        const Killed ended = run_and_kill([&]() -> std::string {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit full{limit, limit};
            ::setrlimit(RLIMIT_FSIZE, &full);
            auto store = Store::open(database, Open::write);
            if (!store) return "!" + store.error().message;
            auto replica = Replica::open(std::move(*store), a.contract, signer);
            if (!replica) return "!" + replica.error().message;
            if (const auto in = import_bundle(*replica, bundle); !in) return "!" + in.error().message;
            const auto note = replica->endorse(a.now);
            return note ? note->str() : "!" + note.error().message;
        }, 0);
        BOOST_TEST(ended.finished);
        const bool failed = ended.said.rfind('!', 0) == 0;
        ++(failed ? refused : done);
        auto store = Store::open(database, Open::write);
        BOOST_REQUIRE_MESSAGE(store, (store ? "" : store.error().message));
        BOOST_TEST(store->integrity_check()->empty());
        BOOST_TEST(*store->tip() == 5);
        auto replica = Replica::open(std::move(*store), a.contract, signer);
        BOOST_REQUIRE(replica);
        BOOST_REQUIRE(import_bundle(*replica, bundle));
        const auto again = replica->endorse(a.now + 5);
        BOOST_REQUIRE_MESSAGE(again, (again ? "" : again.error().message));
        if (!failed) BOOST_TEST(again->str() == ended.said);
    }
    BOOST_TEST(refused > 3u);
    BOOST_TEST(done > 3u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
