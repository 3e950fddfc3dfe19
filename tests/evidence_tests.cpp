// Evidence: who signed two things is named with both hashes; honest members never are.
// SPDX-License-Identifier: Apache-2.0
#include "tests/alliance_fixture.hpp"

#include "chain/evidence.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(evidence_tests)

namespace {

Findings judge(Alliance& a, const Signatures& all)
{
    return find_evidence(all, a.at(0).chain(), a.genesis.members.all());
}

ReadyAnswer answer(Alliance& a, std::size_t who, const std::string& header, std::int64_t attempt)
{
    ReadyAnswer r;
    r.chain = a.at(0).chain();
    r.height = 4;
    r.attempt = attempt;
    r.header = sha256(header);
    r.member = alliance_names[who];
    r.sign(a.keys[who]);
    return r;
}

}  // namespace

BOOST_AUTO_TEST_CASE(honest_members_leave_none)
{
    Alliance a;
    a.grow(4);
    Signatures all = *signatures_of(a.at(0).store(), 0);
    const Signatures more = *signatures_of(*export_bundle(a.at(3), "manager", 0), 0);
    all.notes.insert(all.notes.end(), more.notes.begin(), more.notes.end());
    all.answers.insert(all.answers.end(), more.answers.begin(), more.answers.end());
    all.records.insert(all.records.end(), more.records.begin(), more.records.end());
    BOOST_TEST(judge(a, all).empty());
    BOOST_TEST(all.notes.size() > 8u);
}

BOOST_AUTO_TEST_CASE(two_endorsements)
{
    Alliance a;
    a.start();
    const std::string chain = a.at(0).chain();
    Signatures all;
    for (const char* root : {"one", "two"}) {
        const std::string text = Checkpoint{chain, 5, sha256(root)}.text();
        all.notes.push_back({text, {cosign(a.keys[1], key_name(chain, "custodian"), text, a.now)}});
    }
    const Findings found = judge(a, all);
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found.front().id == "two-endorsements");
    BOOST_TEST(found.front().block == 4);
    BOOST_TEST(found.front().message.find(hex(sha256("one"))) != std::string::npos);
    BOOST_TEST(found.front().message.find(hex(sha256("two"))) != std::string::npos);

    // A signature that does not verify convicts nobody; nor do two epochs, or two sizes.
    all.notes[1].lines[0].signature[20] = static_cast<char>(all.notes[1].lines[0].signature[20] ^ 1);
    BOOST_TEST(judge(a, all).empty());
    const std::string later = Checkpoint{chain + "/e2", 5, sha256("two")}.text();
    all.notes[1] = {later, {cosign(a.keys[1], key_name(chain, "custodian"), later, a.now)}};
    BOOST_TEST(judge(a, all).empty());
}

BOOST_AUTO_TEST_CASE(two_ready_answers)
{
    Alliance a;
    a.start();
    Signatures all;
    all.answers = {answer(a, 0, "one", 1), answer(a, 0, "two", 2), answer(a, 1, "two", 1)};
    BOOST_TEST(judge(a, all).empty());
    all.answers.push_back(answer(a, 0, "three", 2));
    const Findings found = judge(a, all);
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found.front().id == "two-ready-answers");
    all.answers.back().header = sha256("four");           // no longer what was signed
    BOOST_TEST(judge(a, all).empty());
}

BOOST_AUTO_TEST_CASE(two_records_under_one_number)
{
    Alliance a;
    a.start();
    Signatures all;
    const SignedRecord first = a.record(2, "statement", 1, {5}).signed_record;
    SignedRecord second = a.record(2, "statement", 1, {6}).signed_record;
    second.record.replaces = first.record.hash();
    second.sign(a.keys[2], "servicer");
    all.records = {first, second};
    BOOST_TEST(judge(a, all).empty());                     // replacing is honest
    const SignedRecord third = a.record(2, "statement", 1, {7}).signed_record;
    all.records.push_back(third);
    const Findings found = judge(a, all);
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found.front().id == "two-records");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
