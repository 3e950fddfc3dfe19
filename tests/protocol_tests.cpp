// Protocol: four members make blocks; every refusal heals; no key signs twice.
// SPDX-License-Identifier: Apache-2.0
#include "tests/alliance_fixture.hpp"

#include "chain/evidence.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(protocol_tests)

BOOST_AUTO_TEST_CASE(genesis_needs_everyone)
{
    Alliance a;
    for (std::size_t i = 0; i < 3; ++i) BOOST_REQUIRE(a.at(i).endorse(a.now));
    BOOST_REQUIRE(a.send(1, 0));
    BOOST_REQUIRE(a.send(2, 0));
    BOOST_TEST(!a.at(0).finish()->has_value());
    BOOST_REQUIRE(a.at(3).endorse(a.now));
    BOOST_REQUIRE(a.send(3, 0));
    a.finish(0);
    BOOST_TEST(a.at(0).tip() == 0);
}

BOOST_AUTO_TEST_CASE(blocks_become_final_everywhere)
{
    Alliance a;
    a.grow(4);
    for (std::size_t i = 0; i < 4; ++i) {
        BOOST_TEST(a.at(i).tip() == 3);
        BOOST_TEST((a.at(i).state() == a.at(0).state()));
    }
    const auto block = a.at(3).store().block(3);
    BOOST_REQUIRE(block);
    BOOST_TEST((*block)->checkpoint.lines.size() == 5u);   // log line and four members
}

BOOST_AUTO_TEST_CASE(same_question_same_bytes)
{
    Alliance a;
    a.start();
    a.submit(a.record(0, "terms", 1));
    BOOST_REQUIRE(a.at(0).propose(a.now));
    BOOST_TEST(a.at(0).propose(a.now + 5)->repeated);
    a.send_all(0);
    const auto first = a.at(1).answer(a.now);
    BOOST_REQUIRE(first);
    a.open(1);
    BOOST_TEST((*a.at(1).answer(a.now + 99) == *first));
    BOOST_REQUIRE(a.send(1, 0));
    BOOST_REQUIRE(a.at(2).answer(a.now));
    BOOST_REQUIRE(a.send(2, 0));
    const auto mine = a.at(0).endorse(a.now);
    BOOST_REQUIRE(mine);
    a.open(0);
    BOOST_TEST(a.at(0).endorse(a.now + 99)->str() == mine->str());
}

BOOST_AUTO_TEST_CASE(endorsing_waits_for_ready_answers_and_the_orderer)
{
    Alliance a;
    a.start();
    a.submit(a.record(0, "terms", 1));
    BOOST_REQUIRE(a.at(0).propose(a.now));
    BOOST_TEST(!a.at(0).endorse(a.now));                 // one of four is ready
    a.send_all(0);
    for (std::size_t i = 1; i < 3; ++i) {
        BOOST_REQUIRE(a.at(i).answer(a.now));
        BOOST_REQUIRE(a.send(i, 0));
    }
    BOOST_REQUIRE(a.send(0, 1));
    const auto early = a.at(1).endorse(a.now);
    BOOST_REQUIRE(!early);
    BOOST_TEST(early.error().message == "the orderer has not endorsed it yet");
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    BOOST_TEST(!a.at(0).propose(a.now));                 // an endorsed height is finished first
    BOOST_REQUIRE(a.send(0, 1));
    BOOST_REQUIRE(a.at(1).endorse(a.now));
}

BOOST_AUTO_TEST_CASE(refusal_heals)
{
    Alliance a;
    a.grow(2);
    const SubmissionFile wrong = a.record(2, "statement", 1, {5, 6}, 12);
    a.submit(wrong);
    const auto p1 = a.at(0).propose(a.now);
    BOOST_REQUIRE(!p1);                                  // the orderer's own check finds it
    BOOST_TEST(p1.error().message.find("wrong-total") != std::string::npos);

    SubmissionFile doubtful = a.record(2, "statement", 1, {5, 6});
    doubtful.signed_record.record.replaces = wrong.signed_record.record.hash();
    doubtful.signed_record.sign(a.keys[2], "servicer");
    a.submit(doubtful);
    const auto p2 = a.at(0).propose(a.now);
    BOOST_REQUIRE_MESSAGE(p2, (p2 ? "" : p2.error().message));
    BOOST_TEST(p2->header.attempt == 1);
    a.send_all(0);
    const auto refusal = a.at(1).refuse("row row-1000: 5 is not what we booked");
    BOOST_REQUIRE(refusal);
    BOOST_TEST((*a.at(1).answer(a.now) == *refusal));    // a refusal stays one
    BOOST_REQUIRE(a.send(1, 0));

    SubmissionFile right = a.record(2, "statement", 1, {7, 6});
    right.signed_record.record.replaces = doubtful.signed_record.record.hash();
    right.signed_record.sign(a.keys[2], "servicer");
    a.submit(right);
    a.seal();
    BOOST_TEST(a.at(0).tip() == 2);
    const auto block = *a.at(1).store().block(2);
    BOOST_TEST(Header::parse(block->header)->attempt == 2);
}

BOOST_AUTO_TEST_CASE(not_yet_is_not_a_refusal)
{
    Alliance a;
    a.grow(2);
    const SubmissionFile s = a.record(1, "statement", 1, {5});
    // Only the orderer has the rows at first.
    BOOST_REQUIRE(a.at(0).take(s.signed_record, &s.rows));
    const auto p = a.at(0).propose(a.now);
    BOOST_REQUIRE(p);
    BOOST_REQUIRE(a.at(2).take(p->candidate));
    const auto answer = a.at(2).answer(a.now);
    BOOST_REQUIRE(answer);
    BOOST_TEST((answer->verdict == Stance::not_yet));
    BOOST_REQUIRE(a.at(2).take(s.signed_record, &s.rows));
    BOOST_TEST((a.at(2).answer(a.now)->verdict == Stance::ready));
}

BOOST_AUTO_TEST_CASE(skewed_clocks_wait)
{
    Alliance a;
    a.start();
    a.submit(a.record(0, "terms", 1));
    const auto p = a.at(0).propose(a.now);
    a.send_all(0);
    const auto behind = a.at(1).answer(a.now - a.genesis.policy.skew - 1);
    BOOST_TEST((behind->verdict == Stance::not_yet));
    const auto ahead = a.at(2).answer(a.now + a.genesis.policy.lag + 1);
    BOOST_TEST((ahead->verdict == Stance::not_yet));
    BOOST_TEST((a.at(1).answer(a.now)->verdict == Stance::ready));
    // The next attempt is newer, and all follow it.
    BOOST_REQUIRE(a.send(2, 0));
    a.now += a.genesis.policy.lag + 1 - 60;
    a.submit([&] {
        SubmissionFile s = a.record(0, "terms", 1);
        s.signed_record.record.replaces = a.record(0, "terms", 1).signed_record.record.hash();
        s.signed_record.sign(a.keys[0], "manager");
        return s;
    }());
    a.seal();
    BOOST_TEST(a.at(3).tip() == 1);
}

BOOST_AUTO_TEST_CASE(lower_attempts_are_never_answered_again)
{
    Alliance a;
    a.grow(2);
    a.submit(a.record(1, "statement", 1, {5}));
    const auto first = a.at(0).propose(a.now);
    BOOST_REQUIRE(first);
    a.submit(a.record(2, "statement", 1, {6}));
    const auto second = a.at(0).propose(a.now);
    BOOST_REQUIRE(second);
    BOOST_TEST(second->header.attempt == 2);
    a.send_all(0);
    BOOST_REQUIRE(a.at(1).answer(a.now));
    // The first attempt arrives late, with three ready answers forged by members that never saw two.
    BOOST_REQUIRE(a.at(1).take(first->candidate));
    BOOST_TEST((a.at(1).answer(a.now)->header == second->candidate.hash));
}

BOOST_AUTO_TEST_CASE(lying_orderer_is_convicted)
{
    Alliance a;
    a.grow(2);
    a.submit(a.record(1, "statement", 1, {5}));
    const auto p = a.at(0).propose(a.now);
    BOOST_REQUIRE(p);
    a.send_all(0);
    BOOST_REQUIRE(a.at(1).answer(a.now));
    // A second header in the same attempt, signed by the same key.
    Header other = p->header;
    other.time += 1;
    Candidate c = p->candidate;
    c.header = other.canonical();
    c.hash = other.hash();
    ReadyAnswer lie;
    lie.chain = a.at(0).chain();
    lie.height = 2;
    lie.header = c.hash;
    lie.member = "manager";
    lie.sign(a.keys[0]);
    Bundle b;
    b.chain = lie.chain;
    b.to = "custodian";
    b.proposal = c;
    b.answers = {lie};
    const auto imported = import_bundle(a.at(1), b);
    BOOST_REQUIRE_MESSAGE(imported, (imported ? "" : imported.error().message));
    BOOST_REQUIRE(imported->notices.size() == 1u);
    BOOST_TEST(imported->notices.front().find("two-ready-answers") != std::string::npos);
    BOOST_TEST(a.at(1).store().evidence()->size() == 1u);
    BOOST_TEST((a.at(1).answer(a.now)->header == p->candidate.hash));
}

BOOST_AUTO_TEST_CASE(restored_database_is_repaired_from_the_guard)
{
    Alliance a;
    a.grow(2);
    a.close(1);
    const auto copy = std::filesystem::copy_options::overwrite_existing;
    const std::string old = a.folder / "old.db";
    std::filesystem::copy_file(a.database(1), old, copy);
    std::filesystem::copy_file(Store::rows_path(a.database(1)), Store::rows_path(old), copy);
    a.open(1);
    a.submit(a.record(1, "statement", 1, {5}));
    a.ask();
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.send_all(0);
    const auto before = a.at(1).endorse(a.now);
    BOOST_REQUIRE(before);
    a.close(1);
    std::filesystem::copy_file(old, a.database(1), copy);
    std::filesystem::copy_file(Store::rows_path(old), Store::rows_path(a.database(1)), copy);
    a.open(1);
    const auto refused = a.at(1).endorse(a.now + 7);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().id == "restored-database");
    const auto again = a.at(1).endorse(a.now + 7);
    BOOST_REQUIRE_MESSAGE(again, (again ? "" : again.error().message));
    BOOST_TEST(again->str() == before->str());
}

BOOST_AUTO_TEST_CASE(lost_guard_is_refused)
{
    Alliance a;
    a.grow(2);
    a.close(2);
    std::filesystem::remove_all(a.signer(2).guard_folder);
    a.open(2);
    const auto answer = a.at(2).endorse(a.now);
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().id == "missing-guard");
}

BOOST_AUTO_TEST_CASE(stranger_cannot_open_for_signing)
{
    Alliance a;
    Signer s = a.signer(1);
    s.key = Key::from_seed(sha256("stranger"));
    a.close(1);
    const auto replica = Replica::open(*Store::open(a.database(1), Open::write), a.contract, s);
    BOOST_REQUIRE(!replica);
    BOOST_TEST((replica.error().code == Code::denied));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
