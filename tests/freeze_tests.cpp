// Freeze: statements are durable before they are signed, nothing false is believed, and whoever
// breaks his own is convicted.
// SPDX-License-Identifier: Apache-2.0
#include "tests/takeover_fixture.hpp"

#include <filesystem>

#include "chain/proof.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(freeze_tests)

namespace {

const Indexes rest = {1, 2, 3};

std::string id_of(const auto& result)
{
    return result ? "" : result.error().id;
}

/// The manager's block is endorsed by him and the trustee, then he is silent; not taken over yet.
void left_in_flight(Frozen& a)
{
    a.submit(a.record(0, "terms", 1));
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    a.pass(0, rest);
    for (const std::size_t i : rest) {
        BOOST_REQUIRE(a.at(i).answer(a.now)->verdict == Stance::ready);
        a.pass(i, 0);
    }
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.pass(0, 3);
    BOOST_REQUIRE(a.at(3).endorse(a.now));
}

Bundle from(Frozen& a, std::size_t i, std::size_t to)
{
    return *export_bundle(a.at(i), alliance_names[to], 0);
}

std::string wrong(const ProofFile& proof)
{
    const auto read = ProofFile::parse(proof.str());
    if (!read) return "unreadable";
    std::set<std::string> ids;
    for (const Finding& f : check_proof(*read, {}).findings) ids.insert(f.id);
    std::string all;
    for (const std::string& id : ids) all += (all.empty() ? "" : " ") + id;
    return all;
}

} // namespace

// Store, then guard, then key: after each of them the same statement is made, and no other.
BOOST_AUTO_TEST_CASE(a_crash_loses_no_statement)
{
    Frozen a;
    a.arm(1, 2);
    a.state(1, 2, 1);
    a.pass(1, 2);
    const std::string own = a.database(2);
    const std::string guard = a.folder / "servicer.key.guard";
    a.close(2);
    std::filesystem::copy_file(own, own + ".old");
    std::filesystem::copy(guard, guard + ".old");
    a.open(2);
    const Freeze f = a.state(2, 2, 1);
    // After the store and before the guard: the guard is the old one.
    a.close(2);
    std::filesystem::remove_all(guard);
    std::filesystem::copy(guard + ".old", guard);
    a.open(2);
    BOOST_TEST(id_of(a.at(2).endorse(a.now)) == "closed-epoch");
    BOOST_TEST((*a.at(2).freeze({}) == f));
    // The database comes back from before it: the guard remembers.
    a.close(2);
    std::filesystem::remove(own);
    std::filesystem::copy_file(own + ".old", own);
    a.open(2);
    BOOST_TEST(id_of(a.at(2).freeze({2, "servicer", a.log_of(2).public_key()})) ==
               "restored-database");
    BOOST_TEST(id_of(a.at(2).endorse(a.now)) == "closed-epoch");
    BOOST_TEST((*a.at(2).freeze({}) == f));
    // A statement that the guard has in other words is not made again.
    a.close(2);
    for (const auto& file : std::filesystem::directory_iterator(guard))
        if (file.path().extension() == ".freeze") {
            Freeze other = f;
            other.orderer = "servicer";
            BOOST_REQUIRE(write_file(file.path().string(), other.intent(), 0600));
        }
    a.open(2);
    BOOST_TEST(id_of(a.at(2).freeze({})) == "bad-database");
}

BOOST_AUTO_TEST_CASE(what_a_takeover_must_hold)
{
    Frozen a;
    left_in_flight(a);
    a.freeze(1, 2, rest);
    a.take_over(1, rest);
    const auto record = parse_body((*a.at(1).store().block(2))->body)->front().record;
    const Takeover good = *Takeover::from_json(record.public_part);
    const Header below = *Header::parse((*a.at(1).store().block(1))->header);
    const Below on{below.hash(), 1, 1, a.genesis.members};
    const ChainState after = *a.at(1).in_force(1);
    const auto with = [&](auto change) {
        Takeover t = good;
        Below b = on;
        ChainState s = after;
        change(t, b, s);
        std::set<std::string> ids;
        for (const Finding& f : check_takeover(t, b, s)) ids.insert(f.id);
        std::string all;
        for (const std::string& id : ids) all += (all.empty() ? "" : " ") + id;
        return all;
    };
    using T = Takeover&;
    using B = Below&;
    using S = ChainState&;
    const auto again = [&](Freeze& f) {
        for (std::size_t i = 0; i < 4; ++i)
            if (alliance_names[i] == f.member) f.sign(a.keys[i]);
    };
    BOOST_TEST(good.statements.size() == 3U);
    BOOST_TEST(with([](T, B, S) {}) == "");
    BOOST_TEST(with([](T t, B, S) { t.statements.clear(); }) == "bad-takeover");
    BOOST_TEST(with([](T t, B, S) { t.statements.pop_back(); }).starts_with("no-quorum"));
    BOOST_TEST(with([](T t, B, S) { std::swap(t.statements[0], t.statements[1]); }) ==
               "bad-takeover");
    BOOST_TEST(with([](T t, B, S) { t.statements[0] = t.statements[1]; }) ==
               "bad-takeover"); // one member twice is not two
    BOOST_TEST(with([&](T t, B, S) {
                   t.statements[0].epoch = 3;
                   again(t.statements[0]);
               }) == "bad-takeover");
    BOOST_TEST(with([&](T t, B, S) {
                   t.statements[0].orderer = "servicer";
                   again(t.statements[0]);
               }) == "bad-takeover");
    BOOST_TEST(with([](T, B, S s) { s.epoch = 2; }) == "bad-takeover");
    BOOST_TEST(with([](T t, B, S) { t.statements[0].signature[3] ^= 1; }) ==
               "bad-freeze no-quorum");
    BOOST_TEST(with([&](T t, B, S) {
                   t.statements[2].member = "zeta";
                   t.statements[2].sign(a.keys[3]);
               }) == "bad-freeze no-quorum");
    BOOST_TEST(with([&](T t, B, S) { // an older header than proved
                   for (Freeze& f : t.statements) {
                       if (f.endorsed->height == 0) continue;
                       f.endorsed->attempt = 2;
                       f.endorsed->header = sha256("a newer one");
                       again(f);
                   }
               }) == "stale-base");
    BOOST_TEST(with([&](T t, B, S) { // one of two headers at one place
                   t.statements[0].endorsed = t.statements[2].endorsed;
                   t.statements[0].endorsed->header = sha256("another one");
                   again(t.statements[0]);
               }) == "stale-base");
    BOOST_TEST(with([](T, B b, S) { b.header = sha256("not named"); }) == "stale-base");
    BOOST_TEST(with([](T t, B, S) { t.ready.clear(); }) == "unproved-base");
    BOOST_TEST(with([](T t, B, S) { t.ready.resize(2); }) == "unproved-base");
    BOOST_TEST(with([](T t, B, S) { t.ready[1] = t.ready[0]; }) ==
               "bad-takeover unproved-base");
    BOOST_TEST(with([](T t, B, S) { t.ready[0].signature[3] ^= 1; }) == "unproved-base");
    BOOST_TEST(with([](T, B, S s) { s.log_key = Frozen::log_of(2).public_key(); }) == "bound-key");
    BOOST_TEST(with([&](T t, B, S) {
                   for (Freeze& f : t.statements) {
                       f.orderer = "nobody";
                       again(f);
                   }
               }) == "bad-change");
}

BOOST_AUTO_TEST_CASE(what_is_not_believed)
{
    Frozen a;
    left_in_flight(a);
    a.arm(1, 2);
    a.state(1, 2, 1);
    a.pass(1, 3);
    a.state(3, 2, 1);
    const Bundle good = from(a, 3, 2);
    BOOST_REQUIRE(good.freezes.size() == 2U);
    const auto taken = [&](auto change) {
        Bundle b = good;
        change(b);
        return id_of(import_bundle(a.at(2), b));
    };
    using B = Bundle&;
    BOOST_TEST(taken([](B b) { b.freezes[0].signature[9] ^= 1; }) == "bad-freeze");
    BOOST_TEST(taken([&](B b) {
                   b.freezes[0].member = "nobody";
                   b.freezes[0].sign(a.keys[1]);
               }) == "bad-freeze");
    // An attacker among the four: a header that nobody was ready for.
    BOOST_TEST(taken([&](B b) {
                   Freeze& f = b.freezes[0];
                   f.endorsed = Freeze::Endorsed{1, 1, 9, sha256("nothing")};
                   f.sign(a.keys[1]);
               }) == "bad-freeze");
    // A statement about a block whose answers are kept back.
    Frozen other;
    BOOST_TEST(id_of(import_bundle(other.at(2), [&] {
                   Bundle b = good;
                   b.answers.clear();
                   return b;
               }())) == "bad-freeze");
    BOOST_TEST(taken([&](B b) { // one that we signed and know nothing of
                   Freeze f = b.freezes[0];
                   f.member = "servicer";
                   f.sign(a.keys[2]);
                   b.freezes.push_back(f);
               }) == "unknown-own-signature");
    BOOST_TEST(a.at(2).wishes()->empty()); // all of it or nothing
    BOOST_TEST(taken([](B) {}) == "");
    BOOST_TEST(a.at(2).wishes()->front().statements.size() == 2U);
    // Two statements for one epoch are evidence, and only one of them counts.
    const auto found = import_bundle(a.at(2), [&] {
        Bundle b = good;
        b.freezes[0].endorsed.reset();
        b.freezes[0].sign(a.keys[1]);
        return b;
    }());
    BOOST_REQUIRE(found);
    BOOST_REQUIRE(found->notices.size() == 1U);
    BOOST_TEST(found->notices[0].find("[two-freezes] 'custodian'") != std::string::npos);
    BOOST_TEST(a.at(2).wishes()->front().statements.size() == 2U);
}

// A new orderer who lies: he goes on from block 0 and hides that the trustee endorsed block 1.
BOOST_AUTO_TEST_CASE(a_new_orderer_cannot_hide_a_block)
{
    Frozen a;
    left_in_flight(a);
    a.freeze(1, 2, rest);
    Takeover t;
    t.statements = a.at(1).wishes()->front().statements;
    Bundle b = from(a, 1, 2);
    const auto forged = [&](const Takeover& takeover) {
        const Header zero = *a.at(1).newest_header();
        Block block;
        block.records.push_back({takeover.record(), {}});
        Header& h = block.header;
        h = zero;
        h.epoch = 2;
        h.height = 1;
        h.orderer = "custodian";
        h.prev = zero.hash();
        h.time = a.now;
        ChainState s = a.at(1).state();
        s.former[s.log_key] = "";
        s.epoch = 2;
        s.orderer = "custodian";
        s.log_key = Frozen::log_of(2).public_key();
        h.state = s.hash();
        block.seal_body();
        b.proposal = Candidate{2, 1, 1, h.hash(), h.canonical(), block.body()};
        b.proposal_note.reset();
        return id_of(import_bundle(a.at(2), b));
    };
    BOOST_TEST(forged(t) == "stale-base");
    t.statements.resize(2); // without the trustee's
    BOOST_TEST(forged(t) == "no-quorum");
    t.statements.push_back(t.statements[1]);
    BOOST_TEST(forged(t) == "bad-takeover");
    BOOST_TEST((*a.at(2).newest_candidate())->epoch == 1);
    a.take_over(1, rest); // the honest way
    BOOST_TEST(a.agreed(rest).height == 2);
}

BOOST_AUTO_TEST_CASE(a_late_endorsement_convicts_after_the_lag_only)
{
    Frozen a;
    left_in_flight(a);
    a.freeze(1, 2, rest);
    a.take_over(1, rest);
    Signatures all = *signatures_of(a.at(2).store(), 0);
    const auto late = [&](std::size_t who, std::int64_t days) {
        Signatures more = all;
        const std::string text = Checkpoint{a.at(2).chain(), 2, sha256("another")}.text();
        more.notes.push_back({text, {cosign(a.keys[who], key_name(a.at(2).chain(),
                                                                  alliance_names[who]),
                                            text, a.now + days * 86'400)}});
        std::string ids;
        for (const Finding& f : find_evidence(more, a.at(2).chain(), a.genesis.members.all()))
            ids += f.id + " ";
        return ids;
    };
    BOOST_TEST(late(2, 0) == "");
    BOOST_TEST(late(2, 29) == "");
    BOOST_TEST(late(2, 31) == "late-endorsement ");
    BOOST_TEST(late(3, 31) == "two-endorsements late-endorsement "); // he endorsed block 1 too
    BOOST_TEST(late(0, 31) == "two-endorsements ");                  // he stated nothing
}

BOOST_AUTO_TEST_CASE(a_proof_goes_over_epochs)
{
    Frozen a;
    left_in_flight(a);
    a.freeze(1, 2, rest);
    a.take_over(1, rest);
    a.submit(a.record(2, "statement", 1, {4}));
    a.take_over(1, rest);
    for (const std::int64_t height : {1, 2, 3}) {
        ProofFile proof = proof_of(a.at(2), height, height + 1);
        BOOST_TEST(wrong(proof) == "", "block " << height);
        proof.governance.clear();
        // Block 1 is final by the takeover only.
        BOOST_TEST((height == 1) == (wrong(proof) == "no-quorum"), "block " << height);
    }
    ProofFile proof = proof_of(a.at(2), 1, 2);
    proof.governance[0].checkpoint.lines.resize(2);
    BOOST_TEST(wrong(proof) == "no-quorum");
    // A bundle without the block that carries it.
    Bundle b = *export_bundle(a.at(2), "", 0);
    b.blocks.erase(3);
    BOOST_TEST(a.findings(source_of(b)) == "");
    b.blocks.erase(2);
    BOOST_TEST(a.findings(source_of(b)) == "no-quorum");
    // A lower block may have no line at all; a bundle carries it as the text alone.
    b = *export_bundle(a.at(2), "", 0);
    b.blocks.at(1).checkpoint.lines.clear();
    const auto read = Bundle::parse(b.str(), "x.tcb");
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
    BOOST_TEST(a.findings(source_of(*read)) == "");
    b.blocks.at(2).checkpoint.lines.resize(3); // log line and two: too few
    BOOST_TEST(a.findings(source_of(b)) == "no-quorum");
}

// The block in flight removes a member: q of the five before it, and of the four after it.
BOOST_AUTO_TEST_CASE(a_block_that_changes_the_members_is_gone_on_from)
{
    Frozen a(5);
    SubmissionFile s;
    Record& r = s.signed_record.record;
    r.chain = a.genesis.chain_id();
    r.type = "member";
    r.author = "custodian";
    r.seq = 1;
    r.valid_until = a.now + 86400;
    r.approvals_required = {"manager", "servicer", "trustee"};
    r.public_part = Json::object({{"change", "remove"}, {"name", "fifth"}});
    for (const std::size_t i : {0U, 1U, 2U, 3U}) s.signed_record.sign(a.keys[i], alliance_names[i]);
    a.submit(s);
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    a.pass(0, {1, 2, 3, 4});
    for (const std::size_t i : {1U, 2U, 3U, 4U}) {
        BOOST_REQUIRE(a.at(i).answer(a.now));
        a.pass(i, 0);
    }
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.pass(0, 3);
    BOOST_REQUIRE(a.at(3).endorse(a.now));
    a.freeze(1, 2, {1, 2, 3});
    BOOST_TEST(a.at(1).propose(a.now).error().message.find("'manager' proposes") == 0U);
    a.freeze(1, 2, {1, 4}); // it votes on that block still
    a.take_over(1, rest);
    BOOST_TEST(a.agreed(rest).height == 2);
    BOOST_TEST(a.at(2).state().members.size() == 4U);
    a.clean(rest);
    BOOST_TEST(wrong(proof_of(a.at(2), 1, 2)) == "");
    BOOST_TEST(wrong(proof_of(a.at(2), 2, 3)) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
