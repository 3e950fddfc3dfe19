// Takeover against whoever wants to prevent it, and on blocks that change who votes.
// SPDX-License-Identifier: Apache-2.0
#include "tests/takeover_fixture.hpp"

#include <filesystem>

#include "chain/governance.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(takeover_faults_tests)

namespace {

const Indexes honest = {1, 2, 3};

std::string fault_of(const auto& result)
{
    return result ? "" : result.error().id;
}

Freeze as_manager(Frozen& a, Freeze f, std::int64_t height, std::int64_t attempt, const Hash& header)
{
    f.member = "manager";
    f.endorsed = Freeze::Endorsed{1, height, attempt, header};
    f.sign(a.keys[0]);
    return f;
}

SubmissionFile change_of(Frozen& a, const MemberChange& change, const Indexes& signers)
{
    SubmissionFile s;
    Record& r = s.signed_record.record;
    r.chain = a.genesis.chain_id();
    r.type = "member";
    r.author = alliance_names[signers.front()];
    r.seq = 1;
    r.valid_until = a.now + 86400;
    for (std::size_t i = 1; i < signers.size(); ++i)
        r.approvals_required.push_back(alliance_names[signers[i]]);
    std::ranges::sort(r.approvals_required);
    r.public_part = change.to_json();
    for (const std::size_t i : signers) s.signed_record.sign(a.keys[i], alliance_names[i]);
    return s;
}

SubmissionFile removal(Frozen& a, const std::string& what, const std::string& name)
{
    MemberChange c;
    c.change = what;
    c.name = name;
    return change_of(a, c, {1, 0, 2, 3});
}

SubmissionFile rotation(Frozen& a, std::size_t i, const Key& next)
{
    MemberChange c;
    c.change = "rotate";
    c.member = *a.genesis.members.find(alliance_names[i]);
    const PublicKey old = c.member->key;
    c.member->key = next.public_key();
    c.proof = next.sign(possession_text(a.genesis.chain_id(), *c.member, old));
    return change_of(a, c, {i});
}

} // namespace

// The silent manager names another header in the place of the newest final one, which has no way to
// be checked but that it is not that one.
BOOST_AUTO_TEST_CASE(a_lie_about_the_newest_block_prevents_nothing)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    a.seal();
    a.arm(1, 2);
    const Freeze own = a.state(1, 2, 1);
    const Freeze lie = as_manager(a, own, 1, 1, sha256("garbage"));
    Bundle b = *export_bundle(a.at(0), "custodian", 0);
    b.freezes = {lie};
    BOOST_TEST(fault_of(import_bundle(a.at(1), b)) == "bad-freeze");
    b.freezes = {as_manager(a, own, 1, 1, a.at(1).newest_header()->hash())};
    BOOST_TEST(fault_of(import_bundle(a.at(2), b)) == ""); // the truth is taken
    // One that is here all the same is left out, and not handed on.
    BOOST_REQUIRE(a.at(1).store().put_freeze(lie));
    a.pass(1, {2, 3});
    for (const std::size_t i : {2U, 3U}) {
        a.state(i, 2, 1);
        a.pass(i, 1);
    }
    a.take_over(1, honest);
    BOOST_TEST(a.agreed(honest).epoch == 2);
    a.pass(1, 0);
    a.clean({0, 1, 2, 3});
}

// Not even one that names what nobody can prove, should it be stored: q others remain.
BOOST_AUTO_TEST_CASE(an_unproved_statement_is_left_out)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    a.seal();
    a.freeze(1, 2, honest);
    BOOST_REQUIRE(a.at(1).store().put_freeze(
        as_manager(a, a.state(1, 2, 1), 1, 2, sha256("a later attempt"))));
    a.now += 60;
    const auto p = a.at(1).propose(a.now);
    BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message));
    BOOST_TEST(p->header.height == 2);
    const auto t = Takeover::from_json(p->records.front().record.public_part);
    BOOST_REQUIRE(t);
    BOOST_TEST(t->statements.size() == 3U);
}

// The newest final block gave the trustee another key: the set below has the old one.
BOOST_AUTO_TEST_CASE(a_rotation_is_the_newest_block)
{
    const Key next = Key::from_seed(sha256("next key"));
    Frozen a;
    a.submit(rotation(a, 3, next));
    a.seal();
    a.keys[3] = next;
    a.open(3);
    a.freeze(1, 2, honest);
    a.take_over(1, honest);
    BOOST_TEST(a.agreed(honest).height == 2);
    BOOST_TEST(a.agreed(honest).epoch == 2);
    a.pass(1, 0);
    a.clean({0, 1, 2, 3});
}

// The trustee stated it with the old key before the block was final where he is.
BOOST_AUTO_TEST_CASE(a_statement_by_the_key_before_the_newest_block)
{
    const Key next = Key::from_seed(sha256("next key"));
    Frozen a;
    a.submit(rotation(a, 3, next));
    a.now += 60;
    a.ask();
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.pass(0, honest);
    for (const std::size_t i : {1U, 2U}) {
        BOOST_REQUIRE(a.at(i).endorse(a.now));
        a.pass(i, 0);
    }
    a.finish(0);
    a.pass(0, {1, 2}); // and the manager is silent; the trustee does not know that it is final
    BOOST_REQUIRE(a.at(1).tip() == 1);
    BOOST_REQUIRE(a.at(3).tip() == 0);
    a.arm(1, 2);
    const Freeze first = a.state(1, 2, 1);
    Freeze old = first;
    old.member = "trustee";
    old.endorsed.reset();
    old.sign(a.keys[3]);
    Bundle b = *export_bundle(a.at(2), "custodian", 0);
    b.freezes = {old};
    const auto taken = import_bundle(a.at(1), b);
    BOOST_REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
    a.pass(1, 2);
    a.state(2, 2, 1);
    a.pass(2, 1);
    const auto p = a.at(1).propose(a.now);
    BOOST_REQUIRE_MESSAGE(p, (p ? "" : p.error().message));
    BOOST_TEST(p->header.height == 2);
}

// The newest final block took a vote away: q of the set below must state, and he is one of it.
BOOST_AUTO_TEST_CASE(a_removal_is_the_newest_block)
{
    for (const char* what : {"remove", "suspend"}) {
        Frozen a(5);
        a.submit(removal(a, what, "fifth"));
        a.seal();
        BOOST_TEST(a.at(4).member() == "");
        a.freeze(1, 2, honest);
        BOOST_TEST(fault_of(a.at(1).propose(a.now)) == "no-quorum"); // 3 of 5, 4 must
        a.pass(1, 4);
        a.state(4, 2, 1);
        BOOST_TEST(!a.at(4).answer(a.now)); // he states, and signs nothing else
        BOOST_TEST(!a.at(4).endorse(a.now));
        a.pass(4, 1);
        a.take_over(1, honest);
        BOOST_TEST(a.agreed(honest).epoch == 2);
        a.clean(honest);
    }
}

// Ready answers only rise, whatever asks for them; the first statement that came is the one that counts.
BOOST_AUTO_TEST_CASE(nothing_goes_back)
{
    Frozen a;
    a.arm(1, 2);
    const Freeze own = a.state(1, 2, 1);
    const auto guard_of = [&] { return *Guard::open(a.folder / "new.guard", a.at(1).chain(), true); };
    {
        Guard guard = guard_of();
        BOOST_TEST(guard.put(OwnReady{2, 5, 3, sha256("a")}).has_value());
        BOOST_TEST(guard.put(OwnReady{2, 5, 3, sha256("a")}).has_value());
        BOOST_TEST(!guard.put(OwnReady{2, 5, 3, sha256("b")}));
        BOOST_TEST(!guard.put(OwnReady{2, 5, 2, sha256("b")}));
        BOOST_TEST(!guard.put(OwnReady{1, 6, 9, sha256("b")}));
        BOOST_TEST(guard.put(OwnReady{2, 5, 4, sha256("b")}).has_value());
    }
    for (const char* first : {"a", "b"}) { // neither order of hashes counts
        Frozen b;
        std::vector<Freeze> both;
        for (const std::string text : {first, *first == 'a' ? "b" : "a"})
            both.push_back(as_manager(b, own, 0, 1, sha256(text)));
        for (const Freeze& f : both) BOOST_REQUIRE(b.at(2).store().put_freeze(f));
        BOOST_TEST((b.at(2).store().freezes(1)->front() == both.front()));
        both.push_back(as_manager(b, own, 0, 1, sha256("a third")));
        both.back().epoch = 2;
        BOOST_REQUIRE(b.at(2).store().put_freeze(both.back())); // two are evidence, and enough
        BOOST_TEST(b.at(2).store().freezes(1)->size() == 2U);
    }
}

// A header that does not say what its takeover leads to, or a takeover that is not the first record.
BOOST_AUTO_TEST_CASE(a_walk_over_records_alone_asks_the_header)
{
    Frozen a;
    a.freeze(1, 2, honest);
    a.take_over(1, honest);
    const auto block = *a.at(1).store().block(1);
    const Header header = *Header::parse(block->header);
    const SignedRecord entry = parse_body(block->body)->front();
    const auto judged = [&](const Header* opens) {
        GovernanceLog log(ChainState::from_genesis(a.genesis));
        const Judgement j = log.judge(entry, 1, header.time, opens);
        BOOST_TEST(log.newest().epoch == (j.ruling == Ruling::accepted ? 2 : 1));
        return j.findings.empty() ? "" : j.findings.front().id;
    };
    BOOST_TEST(judged(&header) == "");
    BOOST_TEST(judged(nullptr) == "bad-takeover");
    Header other = header;
    other.epoch = 3;
    BOOST_TEST(judged(&other) == "bad-epoch");
    other = header;
    other.orderer = "servicer";
    BOOST_TEST(judged(&other) == "bad-epoch");
}

// A restored database lacks the ready answers; the endorsement was given, and is given again.
BOOST_AUTO_TEST_CASE(an_endorsement_of_a_first_block_is_repeated)
{
    Frozen a;
    a.freeze(1, 2, honest);
    a.pass(1, 2);
    a.now += 60;
    BOOST_REQUIRE(a.at(1).propose(a.now));
    a.pass(1, {2, 3});
    a.close(2);
    const std::string file = a.database(2);
    std::filesystem::copy_file(file, file + ".old");
    a.open(2);
    for (const std::size_t i : {2U, 3U}) {
        BOOST_REQUIRE(a.at(i).answer(a.now)->verdict == Stance::ready);
        a.pass(i, 1);
    }
    BOOST_REQUIRE(a.at(1).endorse(a.now));
    a.pass(1, 2);
    const auto first = a.at(2).endorse(a.now);
    BOOST_REQUIRE_MESSAGE(first, (first ? "" : first.error().message));
    a.close(2);
    std::filesystem::remove(file);
    std::filesystem::copy_file(file + ".old", file);
    a.open(2);
    BOOST_TEST(fault_of(a.at(2).endorse(a.now)) == "restored-database");
    const auto again = a.at(2).endorse(a.now + 5);
    BOOST_REQUIRE_MESSAGE(again, (again ? "" : again.error().message));
    BOOST_TEST(again->str() == first->str());
}

// A header whose way down is not here is left aside; the rest is handed over.
BOOST_AUTO_TEST_CASE(a_statement_without_its_way_is_handed_over)
{
    Frozen a;
    a.arm(1, 2);
    const Freeze own = a.state(1, 2, 1);
    Header h = *a.at(1).newest_header();
    h.height = 2;
    h.prev = sha256("nobody has it");
    const auto body = (*a.at(1).store().block(0))->body;
    BOOST_REQUIRE(a.at(1).store().put_candidate({1, 2, 1, h.hash(), h.canonical(), body}));
    BOOST_REQUIRE(a.at(1).store().put_freeze(as_manager(a, own, 2, 1, h.hash())));
    const auto b = export_bundle(a.at(1), "servicer", 0);
    BOOST_REQUIRE_MESSAGE(b, (b ? "" : b.error().message));
    BOOST_TEST(b->bases.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
