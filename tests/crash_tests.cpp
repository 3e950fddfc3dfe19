// Crash: kill -9 while submitting, proposing, answering, endorsing, sealing, importing, repairing.
//
// Each stage is one command of one member on a copy of his files. After the kill the copy is opened
// again: the last block is whole or absent, what was handed out is in database and guard, asking
// again gives the same vote even when a rival lies beside it, and the database alone, put back as
// it was before, is refused and repaired from the guard.
// TRANCHAIN_TORTURE multiplies the kills, TRANCHAIN_SEED chooses them.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <functional>
#include <random>

#include "chain/proof.hpp"
#include "chain/verify.hpp"
#include "tests/alliance_fixture.hpp"
#include "tests/kill.hpp"
#include "tests/seed.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(crash_tests, *boost::unit_test::label("slow"))

namespace {

namespace fs = std::filesystem;

enum class Vote : std::uint8_t { none, ready, endorsement };

struct Stage {
    std::string name;
    std::size_t member = 0;
    Vote vote = Vote::none;
    std::int64_t blocks = 0;                 ///< it may append
    std::string base;                        ///< folder with the member's files before it
    std::function<std::string(Replica&, std::int64_t now)> act;   ///< bytes handed out, or "!..."
    std::optional<Candidate> rival;          ///< another header for the same vote
    std::vector<ReadyAnswer> rival_answers;
    std::optional<Note> rival_note;
};

template <class T> std::string said(const Result<T>& result)
{
    return "!" + result.error().id + ": " + result.error().message;
}

/// What must have succeeded: the test ends with its error otherwise.
template <class T> T got(Result<T> result)
{
    BOOST_REQUIRE_MESSAGE(result, (result ? "" : said(result)));
    return std::move(*result);
}

void copy_folder(const std::string& from, const std::string& to)
{
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
}

class Torture {
public:
    Torture() { prepare(); }

    void run(const Stage& stage, std::int64_t kills, std::mt19937_64& random)
    {
        copy_folder(stage.base, place());
        const Killed whole = run_and_kill([&] { return acted(stage); }, 0);
        BOOST_REQUIRE_MESSAGE(whole.finished && whole.said.rfind('!', 0) != 0,
                              stage.name + ": " + whole.said);
        std::int64_t killed = 0;
        for (std::int64_t i = 0; i < kills; ++i) {
            const auto at = static_cast<std::int64_t>(
                1 + random() % static_cast<std::uint64_t>(whole.stops));
            copy_folder(stage.base, place());
            const Killed k = run_and_kill([&] { return acted(stage); }, at);
            if (!k.finished) ++killed;
            BOOST_TEST_CONTEXT(stage.name << " killed at system call stop " << at << " of "
                                          << whole.stops)
                check(stage, k);
        }
        killed_ += killed;
        BOOST_TEST_MESSAGE(stage.name << ": " << whole.stops << " stops, " << killed << " killed");
    }

    std::vector<Stage> stages;
    [[nodiscard]] std::int64_t killed() const { return killed_; }

private:
    [[nodiscard]] std::string place() const { return a_.folder / "copy"; }
    [[nodiscard]] std::string database(const Stage& s) const
    {
        return place() + "/" + alliance_names[s.member] + ".db";
    }
    [[nodiscard]] Signer signer(const Stage& s) const
    {
        Signer signer = a_.signer(s.member);
        signer.guard_folder = place() + "/" + alliance_names[s.member] + ".key.guard";
        return signer;
    }
    Result<Replica> open(const Stage& s) const
    {
        auto store = Store::open(database(s), Open::write);
        if (!store) return tl::make_unexpected(store.error());
        return Replica::open(std::move(*store), a_.contract, signer(s));
    }
    std::string acted(const Stage& s) const
    {
        auto replica = open(s);
        return replica ? s.act(*replica, a_.now) : said(replica);
    }

    /// Keeps what the member has now; his act starts from there.
    Stage& stage(const std::string& name, std::size_t member, Vote vote)
    {
        Stage& s = stages.emplace_back();
        s.name = name;
        s.member = member;
        s.vote = vote;
        s.base = a_.folder / ("stage-" + std::to_string(stages.size()));
        a_.close(member);
        fs::create_directory(s.base);
        const std::string who = alliance_names[member];
        for (const char* end : {".db", ".rows.db", ".key.guard"})
            fs::copy(a_.folder / (who + end), s.base + "/" + who + end,
                     fs::copy_options::recursive);
        a_.open(member);
        return s;
    }

    /// Another header for the proposal, with as many attempts more, ready answers and the orderer's
    /// endorsement: what a lying orderer would need.
    void add_rival(Stage& s, const Proposal& p, std::int64_t attempts)
    {
        Header other = p.header;
        other.time += 1;
        other.attempt += attempts;
        Candidate c{other.epoch, other.height, other.attempt, other.hash(), other.canonical(),
                    p.candidate.body};
        for (std::size_t i = 0; i < a_.keys.size(); ++i) {
            if (i == s.member) continue;
            ReadyAnswer answer;
            answer.chain = other.chain;
            answer.height = c.height;
            answer.attempt = c.attempt;
            answer.header = c.hash;
            answer.member = alliance_names[i];
            answer.sign(a_.keys[i]);
            s.rival_answers.push_back(answer);
        }
        const std::string text = *a_.at(s.member).checkpoint_text(c);
        s.rival_note = Note{text, {cosign(a_.keys[0], key_name(other.chain, "manager"), text,
                                          a_.now)}};
        s.rival = std::move(c);
    }

    static std::string answered(Replica& r, std::int64_t now)
    {
        const auto answer = r.answer(now);
        return answer ? answer->canonical() : said(answer);
    }
    static std::string endorsed(Replica& r, std::int64_t now)
    {
        const auto note = r.endorse(now);
        return note ? note->str() : said(note);
    }
    static std::string repaired(Replica& r, std::int64_t now)
    {
        const std::string first = endorsed(r, now);
        return first.rfind("!restored-database", 0) == 0 ? endorsed(r, now) : first;
    }

    void prepare();
    void check(const Stage& s, const Killed& killed);
    void check_votes(const Stage& s, const std::string& handed_out);
    std::string ask_again(const Stage& s, bool with_rival);

    Alliance a_;
    std::int64_t killed_ = 0;
};

/// Plays one block and a half, and keeps the files before every command.
void Torture::prepare()
{
    a_.grow(2);
    const SubmissionFile s1 = a_.record(1, "statement", 1, {5, 6});
    stage("submit", 1, Vote::none).act = [s1](Replica& r, std::int64_t) {
        const auto taken = r.take(s1.signed_record, &s1.rows);
        return taken ? std::string() : said(taken);
    };
    a_.submit(s1);
    stage("propose", 0, Vote::ready).act = [](Replica& r, std::int64_t now) {
        const auto p = r.propose(now);
        return p ? std::to_string(p->candidate.attempt) + ":" + hex(p->candidate.hash) : said(p);
    };
    const auto p = a_.at(0).propose(a_.now);
    BOOST_REQUIRE(p);
    a_.send_all(0);
    Stage& answer = stage("answer", 1, Vote::ready);
    answer.act = answered;
    add_rival(answer, *p, 0);
    answer.rival_answers.clear();
    for (std::size_t i = 1; i < 4; ++i) {
        BOOST_REQUIRE(a_.at(i).answer(a_.now));
        BOOST_REQUIRE(a_.send(i, 0));
    }
    Stage& first = stage("endorse as orderer", 0, Vote::endorsement);
    first.act = endorsed;
    add_rival(first, *p, 1);
    BOOST_REQUIRE(a_.at(0).endorse(a_.now));
    a_.send_all(0);
    Stage& second = stage("endorse", 1, Vote::endorsement);
    second.act = endorsed;
    add_rival(second, *p, 1);
    const std::string before = second.base;
    for (std::size_t i = 1; i < 4; ++i) {
        BOOST_REQUIRE(a_.at(i).endorse(a_.now));
        BOOST_REQUIRE(a_.send(i, 0));
    }
    Stage& repair = stage("repair", 1, Vote::endorsement);
    repair.act = repaired;
    add_rival(repair, *p, 1);
    for (const char* end : {"custodian.db", "custodian.rows.db"})
        fs::copy_file(before + "/" + end, repair.base + "/" + end,
                      fs::copy_options::overwrite_existing);

    Stage& seal = stage("seal", 0, Vote::none);
    seal.blocks = 1;
    seal.act = [](Replica& r, std::int64_t) {
        const auto done = r.finish();
        return done ? std::string() : said(done);
    };
    Stage& import = stage("import", 3, Vote::none);
    a_.finish(0);
    a_.send_all(0);
    a_.submit(a_.record(1, "statement", 2, {7}));
    a_.seal();
    const Bundle bundle = *export_bundle(a_.at(0), "trustee", 0);
    import.blocks = 2;
    import.act = [bundle](Replica& r, std::int64_t) {
        const auto done = import_bundle(r, bundle);
        return done ? std::string() : said(done);
    };
    for (std::size_t i = 0; i < 4; ++i) a_.close(i);   // no lock is held across a fork
}

/// The command again, after a rival header with all it needs has come in.
std::string Torture::ask_again(const Stage& s, bool with_rival)
{
    auto replica = open(s);
    if (!replica) return said(replica);
    if (with_rival && s.rival) {
        static_cast<void>(replica->take(*s.rival));
        for (const ReadyAnswer& answer : s.rival_answers) static_cast<void>(replica->take(answer));
        static_cast<void>(replica->take_endorsements(s.rival->height, *s.rival_note));
    }
    return s.act(*replica, a_.now + 9);
}

void Torture::check(const Stage& s, const Killed& killed)
{
    std::int64_t tip = -1;
    {
        Store store = got(Store::open(database(s), Open::write));
        BOOST_TEST(got(store.integrity_check()).empty());
        const auto report = got(verify_chain(source_of(store), a_.contract, {}));
        BOOST_TEST(report.good(), (report.good() ? "" : report.findings.front().str()));
        tip = report.newest;
        BOOST_TEST(got(store.state()).height == tip);
    }
    Store before = got(Store::open(s.base + "/" + alliance_names[s.member] + ".db", Open::read));
    const std::int64_t old_tip = got(before.tip());
    BOOST_TEST((tip >= old_tip && tip <= old_tip + s.blocks));
    const std::string handed_out = killed.finished ? killed.said : "";
    if (s.vote == Vote::none) {
        const std::string again = ask_again(s, false);
        BOOST_TEST(again == "");
        Replica after = got(open(s));
        BOOST_TEST(after.tip() == old_tip + s.blocks);
        if (s.name == "submit") BOOST_TEST(got(after.open_submissions()).size() == 1u);
        return;
    }
    check_votes(s, handed_out);
}

void Torture::check_votes(const Stage& s, const std::string& handed_out)
{
    std::optional<Hash> in_database;
    std::optional<Hash> in_guard;
    bool used = !handed_out.empty();   // what another may have seen
    {
        Store store = got(Store::open(database(s), Open::write));
        const Guard guard = got(Guard::open(signer(s).guard_folder, a_.genesis.chain_id(), true));
        if (s.vote == Vote::ready) {
            const auto own = got(store.newest_ready());
            if (own && own->height == 2) in_database = own->hash;
            if (guard.ready() && guard.ready()->height == 2) in_guard = guard.ready()->hash;
            const std::vector<ReadyAnswer> answers = got(store.answers(2));
            for (const ReadyAnswer& answer : answers)
                used = used || answer.member == alliance_names[s.member];
        } else {
            const auto own = got(store.endorsement(1, 2));
            if (own) in_database = own->hash;
            if (guard.endorsement() && guard.endorsement()->height == 2)
                in_guard = guard.endorsement()->hash;
            const auto notes = got(store.endorsements(2));
            for (const auto& [member, note] : notes)
                used = used || member == alliance_names[s.member];
        }
    }
    if (s.name != "repair") {
        if (used) BOOST_TEST((in_database.has_value() && in_guard.has_value()));
        if (in_guard) BOOST_TEST((in_database == in_guard));
    }
    const bool voted = in_database || in_guard;
    // The same question gives the same bytes, and a rival cannot win what is voted already.
    const std::string again = ask_again(s, voted);
    BOOST_TEST(again.rfind('!', 0) != 0, again);
    if (!handed_out.empty()) BOOST_TEST(again == handed_out);
    BOOST_TEST(ask_again(s, true) == again);
    // The database alone goes back to what it was.
    const std::string stem = place() + "/" + alliance_names[s.member];
    for (const char* end : {".db", ".rows.db"}) {
        for (const char* more : {"-wal", "-shm"}) fs::remove(stem + end + more);
        fs::copy_file(s.base + "/" + alliance_names[s.member] + end, stem + end,
                      fs::copy_options::overwrite_existing);
    }
    if (s.name != "repair") {
        const std::string refused = ask_again(s, true);
        BOOST_TEST(refused.rfind("!restored-database", 0) == 0, refused);
    }
    // The guard knows the header of an own proposal by its hash alone: the next attempt is made.
    const std::string once_more = ask_again(s, true);
    if (s.name == "propose") {
        BOOST_TEST(once_more.substr(0, 2) == "2:", once_more);
        BOOST_TEST(ask_again(s, true) == once_more);
    } else {
        BOOST_TEST(once_more == again);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(kill_at_random_system_calls)
{
    Torture torture;
    const std::int64_t kills = 26 * static_cast<std::int64_t>(test_torture());
    std::mt19937_64 random(test_seed());
    BOOST_TEST(static_cast<std::int64_t>(torture.stages.size()) * kills >= 200);
    for (const Stage& stage : torture.stages) torture.run(stage, kills, random);
    std::printf("kill -9: %lld times\n", static_cast<long long>(torture.killed()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
