// Healing: one honest refusal, missing part, old answer or skewed clock, at n = 3 and n = 4, by each
// member in turn: a later attempt becomes final, and never two blocks at one height.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "tests/alliance_fixture.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(healing_tests, *boost::unit_test::label("slow"))

namespace {

namespace data = boost::unit_test::data;

const std::vector<std::size_t> sizes = {3, 4};
const std::vector<std::size_t> who = {1, 2, 3};

/// Terms sealed and one statement submitted and proposed.
struct Proposed {
    explicit Proposed(std::size_t members) : a(members)
    {
        a.grow(2);
        first = a.record(1, "statement", 1, {5, 6});
        a.submit(first);
        BOOST_REQUIRE(a.at(0).propose(a.now));
        a.send_all(0);
    }
    /// The author replaces the statement, and the next attempt becomes final everywhere.
    void heal()
    {
        SubmissionFile next = a.record(1, "statement", 1, {7, 6});
        next.signed_record.record.replaces = first.signed_record.record.hash();
        next.signed_record.sign(a.keys[1], "custodian");
        a.submit(next);
        a.seal();
        expect_final();
    }
    void expect_final()
    {
        const std::string header = (*a.at(0).store().block(2))->header;
        for (std::size_t i = 0; i < a.replicas.size(); ++i) {
            BOOST_TEST(a.at(i).tip() == 2);
            BOOST_TEST(((*a.at(i).store().block(2))->header == header));
        }
    }
    Alliance a;
    SubmissionFile first;
};

}  // namespace

BOOST_DATA_TEST_CASE(refusal, data::make(sizes) * data::make(who), members, member)
{
    if (member >= members) return;
    Proposed p(members);
    for (std::size_t i = 1; i < members; ++i) {
        BOOST_REQUIRE(i == member ? p.a.at(i).refuse("no") : p.a.at(i).answer(p.a.now));
        BOOST_REQUIRE(p.a.send(i, 0));
    }
    // At n = 4 three are ready anyway, and the orderer may go either way.
    p.heal();
}

BOOST_DATA_TEST_CASE(missing_rows, data::make(sizes) * data::make(who), members, member)
{
    if (member >= members) return;
    Alliance a(members);
    a.grow(2);
    const SubmissionFile s = a.record(1, "statement", 1, {5});
    BOOST_REQUIRE(a.at(0).take(s.signed_record, &s.rows));
    const auto proposal = a.at(0).propose(a.now);
    BOOST_REQUIRE(proposal);
    for (std::size_t i = 1; i < members; ++i) {
        BOOST_REQUIRE(a.at(i).take(proposal->candidate));
        if (i != member) BOOST_REQUIRE(a.at(i).take(s.signed_record, &s.rows));
        const auto answer = a.at(i).answer(a.now);
        BOOST_REQUIRE(answer);
        BOOST_TEST((answer->verdict == (i == member ? Stance::not_yet : Stance::ready)));
        BOOST_REQUIRE(a.send(i, 0));
    }
    BOOST_REQUIRE(a.at(member).take(s.signed_record, &s.rows));
    a.seal();   // someone said "not yet", so a new attempt is made
    for (std::size_t i = 0; i < members; ++i) BOOST_TEST(a.at(i).tip() == 2);
}

BOOST_DATA_TEST_CASE(late_answer, data::make(sizes) * data::make(who), members, member)
{
    if (member >= members) return;
    Proposed p(members);
    const auto late = p.a.at(member).answer(p.a.now);
    BOOST_REQUIRE(late);
    p.heal();
    // The answer to the first attempt comes after the second is final, and changes nothing.
    BOOST_REQUIRE(p.a.at(0).take(*late));
    p.expect_final();
}

BOOST_DATA_TEST_CASE(skewed_clock, data::make(sizes) * data::make(who), members, member)
{
    if (member >= members) return;
    Proposed p(members);
    for (const std::int64_t off : {-p.a.genesis.policy.skew - 1, p.a.genesis.policy.lag + 1}) {
        const auto answer = p.a.at(member).answer(p.a.now + off);
        BOOST_REQUIRE(answer);
        BOOST_TEST((answer->verdict == Stance::not_yet));
    }
    BOOST_REQUIRE(p.a.send(member, 0));
    p.heal();
}

BOOST_DATA_TEST_CASE(unknown_version, data::make(sizes), members)
{
    Alliance a(members);
    a.grow(2);
    SubmissionFile s = a.record(1, "statement", 1, {5});
    s.signed_record.record.type = "recover";
    s.signed_record.sign(a.keys[1], "custodian");
    a.submit(s);
    const auto proposal = a.at(0).propose(a.now);
    BOOST_REQUIRE(!proposal);
    BOOST_TEST(proposal.error().message.find("unknown-type") != std::string::npos);
    SubmissionFile known = a.record(1, "statement", 1, {5});
    known.signed_record.record.replaces = s.signed_record.record.hash();
    known.signed_record.sign(a.keys[1], "custodian");
    a.submit(known);
    a.seal();
    BOOST_TEST(a.at(members - 1).tip() == 2);
}

BOOST_DATA_TEST_CASE(expired_record, data::make(sizes), members)
{
    Alliance a(members);
    a.grow(2);
    SubmissionFile s = a.record(1, "statement", 1, {5});
    s.signed_record.record.valid_until = a.now + 10;
    s.signed_record.sign(a.keys[1], "custodian");
    a.submit(s);
    const auto late = a.at(0).propose(a.now + 11);
    BOOST_REQUIRE(!late);
    BOOST_TEST(late.error().message.find("expired-record") != std::string::npos);
    // What comes after it waits for its replacement, and its own number is not what is wrong.
    a.submit(a.record(1, "statement", 2, {6}));
    const auto later = a.at(0).propose(a.now + 11);
    BOOST_REQUIRE(!later);
    BOOST_TEST(later.error().message.find("number 2: waits for number 1, which expired") !=
               std::string::npos, later.error().message);
    BOOST_TEST(later.error().message.find("bad-seq") == std::string::npos);
    SubmissionFile fresh = a.record(1, "statement", 1, {5});
    fresh.signed_record.record.replaces = s.signed_record.record.hash();
    fresh.signed_record.sign(a.keys[1], "custodian");
    a.submit(fresh);
    a.seal();
    BOOST_TEST(a.at(0).tip() == 2);
}

BOOST_DATA_TEST_CASE(orderer_gone_after_his_endorsement, data::make(sizes), members)
{
    Proposed p(members);
    for (std::size_t i = 1; i < members; ++i) {
        BOOST_REQUIRE(p.a.at(i).answer(p.a.now));
        BOOST_REQUIRE(p.a.send(i, 0));
    }
    BOOST_REQUIRE(p.a.at(0).endorse(p.a.now));
    p.a.send_all(0);
    p.a.close(0);
    // Whoever holds q ready answers and the orderer's endorsement finishes without him.
    for (std::size_t i = 1; i < members; ++i) BOOST_REQUIRE(p.a.at(i).endorse(p.a.now));
    for (std::size_t i = 2; i < members; ++i) BOOST_REQUIRE(p.a.send(i, 1));
    p.a.finish(1);
    BOOST_TEST(p.a.at(1).tip() == 2);
    p.a.open(0);
    BOOST_REQUIRE(p.a.send(1, 0));
    BOOST_TEST(p.a.at(0).tip() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
