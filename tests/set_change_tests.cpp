// Changes of the set: blocks, notes, bundles, guards and proofs of a chain whose members change.
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "chain/evidence.hpp"
#include "chain/proof_file.hpp"
#include "chain/verify.hpp"
#include "tests/alliance_fixture.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(set_change_tests)

namespace {

using Indexes = std::vector<std::size_t>;

struct Changing : Alliance {
    explicit Changing(std::size_t members) : Alliance(members) { start(); }

    static MemberChange named(const std::string& what, std::size_t who)
    {
        MemberChange c;
        c.change = what;
        c.name = alliance_names[who];
        return c;
    }
    MemberChange add(std::size_t who)
    {
        keys.push_back(Key::from_seed(sha256("key " + alliance_names[who])));
        MemberChange c;
        c.change = "add";
        Member& m = c.member.emplace();
        m.name = alliance_names[who];
        m.roles = {alliance_names[who]};
        m.key = keys[who].public_key();
        m.recovery_key = Key::from_seed(sha256("recovery " + m.name)).public_key();
        c.proof = keys[who].sign(possession_text(at(0).chain(), m, std::nullopt));
        return c;
    }
    MemberChange rotate(std::size_t who, const Key& key)
    {
        MemberChange c;
        c.change = "rotate";
        c.member = *at(0).state().members.find(alliance_names[who]);
        c.member->key = key.public_key();
        c.proof = key.sign(possession_text(at(0).chain(), *c.member, keys[who].public_key()));
        return c;
    }
    SubmissionFile change(const MemberChange& what, const Indexes& signers)
    {
        SubmissionFile s;
        Record& r = s.signed_record.record;
        r.chain = genesis.chain_id();
        r.type = "member";
        r.author = alliance_names[signers.front()];
        r.seq = at(0).state().seq("", r.author) + 1;
        r.valid_until = now + 86400;
        for (auto i = signers.begin() + 1; i != signers.end(); ++i)
            r.approvals_required.push_back(alliance_names[*i]);
        std::ranges::sort(r.approvals_required);
        r.public_part = what.to_json();
        for (const std::size_t i : signers) s.signed_record.sign(keys[i], alliance_names[i]);
        return s;
    }
    void sealed(const MemberChange& what, const Indexes& signers)
    {
        submit(change(what, signers));
        seal();
    }
    /// An empty database, given everything, then opened with the key of member `who`.
    void join(std::size_t who)
    {
        auto fresh = Replica::found(*Store::create(database(who), true), contract, {}, genesis);
        BOOST_REQUIRE(fresh);
        replicas.push_back(std::make_unique<Replica>(std::move(*fresh)));
        const auto sent = send(0, who);
        BOOST_REQUIRE_MESSAGE(sent, (sent ? "" : sent.error().message));
        open(who);
    }
    std::string findings(const ChainSource& source, bool execute)
    {
        VerifyOptions options;
        options.execute = execute;
        std::set<std::string> ids;
        const auto report = verify_chain(source, contract, options);
        BOOST_REQUIRE(report);
        for (const Finding& f : report->findings) ids.insert(f.id);
        std::string all;
        for (const std::string& id : ids) all += (all.empty() ? "" : " ") + id;
        return all;
    }
    void all_clean()
    {
        for (auto& r : replicas)
            for (const bool execute : {true, false})
                BOOST_TEST(findings(source_of(r->store()), execute) == "");
    }
    /// What a verifier says, and an empty replica, of block `height` under these signatures alone.
    std::string endorsed_by(std::int64_t height, const Indexes& who)
    {
        Bundle b = *export_bundle(at(0), "", 0);
        Note& note = b.blocks.at(height).checkpoint;
        note.lines.clear();
        for (const std::size_t i : who)
            note.lines.push_back(
                cosign(keys[i], key_name(b.chain, alliance_names[i]), note.text, now));
        const std::string quick = findings(source_of(b), false);
        BOOST_TEST(findings(source_of(b), true) == quick);
        const std::string place = folder / "empty.db";
        auto store = Store::create(place, false);
        if (!store) return quick;
        auto fresh = Replica::found(std::move(*store), contract, {}, genesis);
        BOOST_REQUIRE(fresh);
        const auto taken = import_bundle(*fresh, b);
        BOOST_TEST((taken ? "" : taken.error().id) == quick);
        fresh = tl::make_unexpected(Error{});
        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(place + end);
        return quick;
    }
};

std::string wrong_with(const ProofFile& proof)
{
    std::set<std::string> ids;
    const auto read = ProofFile::parse(proof.str());
    if (!read) return "unreadable";
    for (const Finding& f : check_proof(*read, {}).findings) ids.insert(f.id);
    std::string all;
    for (const std::string& id : ids) all += (all.empty() ? "" : " ") + id;
    return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(three_become_five_and_one_leaves)
{
    Changing a(3);
    a.sealed(a.add(3), {0, 1, 2});
    a.join(3);
    a.sealed(a.add(4), {0, 1, 2});   // three of four
    a.join(4);
    a.submit(a.record(0, "terms", 1));
    a.seal();
    a.sealed(a.named("remove", 4), {0, 1, 2, 3});
    BOOST_TEST(a.at(4).member() == "");
    BOOST_TEST(a.at(4).answer(a.now).error().message.find("not a member") != std::string::npos);
    a.replicas.pop_back();
    a.submit(a.record(1, "statement", 1, {1, 2}));
    a.seal();
    BOOST_TEST(a.at(0).state().members.size() == 4U);
    a.all_clean();
}

BOOST_AUTO_TEST_CASE(only_the_set_before_a_block_counts_for_it)
{
    Changing a(4);
    a.sealed(a.add(4), {0, 1, 2, 3});
    a.join(4);
    BOOST_TEST(a.endorsed_by(1, {0, 1, 2}) == "");
    BOOST_TEST(a.endorsed_by(1, {0, 1, 4}) == "no-quorum");   // one block early
    a.submit(a.record(0, "terms", 1));
    a.seal();
    BOOST_TEST(a.endorsed_by(2, {0, 1, 2}) == "no-quorum");   // five need four
    BOOST_TEST(a.endorsed_by(2, {0, 1, 2, 4}) == "");
    a.sealed(a.named("remove", 3), {0, 1, 2, 4});
    BOOST_TEST(a.endorsed_by(3, {0, 1, 2, 3}) == "");         // it still counts for its own removal
    a.replicas.erase(a.replicas.begin() + 3);
    a.submit(a.record(1, "statement", 1, {1}));
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    // Its answer counts no more.
    const auto candidate = *a.at(0).newest_candidate();
    ReadyAnswer late;
    late.chain = a.at(0).chain();
    late.height = 4;
    late.header = candidate->hash;
    late.member = "trustee";
    late.sign(a.keys[3]);
    BOOST_TEST(a.at(0).take(late).error().id == "bad-answer");
}

BOOST_AUTO_TEST_CASE(an_endorsement_of_a_removed_member_counts_no_more)
{
    Changing a(4);
    a.sealed(a.named("remove", 3), {0, 1, 2});
    a.replicas.pop_back();
    a.submit(a.record(0, "terms", 1));
    a.seal();
    BOOST_TEST(a.endorsed_by(2, {0, 1, 2}) == "");
    BOOST_TEST(a.endorsed_by(2, {0, 1, 3}) == "no-quorum");
    a.all_clean();
}

BOOST_AUTO_TEST_CASE(no_block_lowers_the_quorum_it_needs)
{
    Changing a(6);
    a.sealed(a.named("remove", 5), {0, 1, 2, 3, 4});
    BOOST_TEST(a.endorsed_by(1, {0, 1, 2, 3}) == "no-quorum");
    BOOST_TEST(a.endorsed_by(1, {0, 1, 2, 3, 5}) == "");
    a.replicas.pop_back();
    a.submit(a.record(0, "terms", 1));
    a.seal();
    BOOST_TEST(a.endorsed_by(2, {0, 1, 2, 3}) == "");
}

BOOST_AUTO_TEST_CASE(a_new_key_goes_on_where_the_old_one_was)
{
    Changing a(4);
    const Key second = Key::from_seed(sha256("second key"));
    const auto before = a.record(3, "statement", 1, {5});
    a.submit(a.change(a.rotate(3, second), {3}));
    BOOST_REQUIRE(a.at(3).hand_guard_to(a.folder / "second.guard"));
    a.seal();
    a.all_clean();
    BOOST_TEST(a.at(3).member() == "");
    const Key first = a.keys[3];
    const std::string guard = a.folder / "trustee.key.guard";
    a.keys[3] = second;
    std::filesystem::rename(guard, a.folder / "old.guard");
    // Without the guard that was handed on nothing is signed.
    a.open(3);
    a.submit(a.record(0, "terms", 1));
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    a.send_all(0);
    BOOST_TEST(a.at(3).answer(a.now).error().id == "missing-guard");
    std::filesystem::rename(a.folder / "second.guard", guard);
    a.seal();
    a.submit(a.record(3, "statement", 1, {5}));
    a.seal();
    a.all_clean();
    BOOST_TEST(a.endorsed_by(3, {0, 1, 3}) == "");
    a.keys[3] = first;
    BOOST_TEST(a.endorsed_by(3, {0, 1, 3}) == "no-quorum");
    BOOST_TEST(a.endorsed_by(1, {0, 1, 3}) == "");   // for its own block the old key counts
    // What the old key signed and nobody sealed is left aside everywhere.
    BOOST_TEST(!a.at(0).take(before.signed_record, &before.rows));
}

BOOST_AUTO_TEST_CASE(a_late_copy_is_taken_and_its_stale_submissions_are_not)
{
    Changing a(4);
    a.submit(a.record(0, "terms", 1));
    a.seal();
    auto waiting = a.record(3, "statement", 1, {1});
    waiting.signed_record.record.public_part["wait"] = 99;
    waiting.signed_record.sign(a.keys[3], "trustee");
    a.submit(waiting);
    const auto late = *export_bundle(a.at(2), "manager", 0);
    BOOST_REQUIRE(late.submissions.size() == 1U);
    a.sealed(a.named("remove", 3), {0, 1, 2});
    a.replicas.pop_back();
    // It can be sealed no more, so it is neither shown nor handed on.
    BOOST_TEST(a.at(0).open_submissions()->empty());
    BOOST_TEST(export_bundle(a.at(1), "manager", 0)->submissions.empty());
    const auto taken = import_bundle(a.at(0), late);
    BOOST_REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
    BOOST_TEST(taken->submissions == 0);
    BOOST_TEST(a.at(0).open_submissions()->empty());
    a.submit(a.record(1, "statement", 1, {1}));
    a.seal();   // bundles of all members still go round
    a.all_clean();
}

BOOST_AUTO_TEST_CASE(whoever_left_is_convicted_by_the_old_key)
{
    Changing a(4);
    a.sealed(a.named("remove", 3), {0, 1, 2});
    const auto answer = [&](const std::string& header) {
        ReadyAnswer r;
        r.chain = a.at(0).chain();
        r.height = 1;
        r.attempt = 9;
        r.header = sha256(header);
        r.member = "trustee";
        r.sign(a.keys[3]);
        return r;
    };
    Signatures all;
    all.answers = {answer("one"), answer("two")};
    const auto ever = *a.at(0).members_ever();
    const auto found = find_evidence(all, a.at(0).chain(), ever);
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].id == "two-ready-answers");
    const auto bundle = *export_bundle(a.at(0), "", 0);
    BOOST_TEST((*governance_of(bundle))->ever().size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_orderer_hands_over_and_the_chain_goes_on)
{
    Changing a(4);
    auto leave = a.named("remove", 0);
    leave.orderer = "custodian";
    const Key second = Key::from_seed(sha256("second log"));
    leave.log_key = second.public_key();
    a.sealed(leave, {0, 1, 2});
    a.replicas.erase(a.replicas.begin());
    Replica& orderer = a.at(0);
    BOOST_TEST(orderer.state().orderer == "custodian");
    const auto s = a.record(1, "terms", 1);
    a.submit(s);
    a.now += 60;
    BOOST_TEST(a.at(1).propose(a.now).error().message.find("'custodian' proposes") !=
               std::string::npos);
    const auto pass = [&](std::size_t from, std::size_t to) {
        const auto b = export_bundle(a.at(from), alliance_names[to + 1], 0);
        BOOST_REQUIRE(b);
        const auto taken = import_bundle(a.at(to), *b);
        BOOST_REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
    };
    BOOST_REQUIRE(orderer.propose(a.now));
    for (std::size_t i : {1U, 2U}) {
        pass(0, i);
        BOOST_REQUIRE(a.at(i).answer(a.now));
        pass(i, 0);
    }
    BOOST_REQUIRE(orderer.endorse(a.now));
    for (std::size_t i : {1U, 2U}) {
        pass(0, i);
        BOOST_REQUIRE(a.at(i).endorse(a.now));
        pass(i, 0);
    }
    BOOST_REQUIRE(orderer.finish());
    BOOST_TEST(orderer.tip() == 2);
    BOOST_TEST(orderer.newest_header()->epoch == 2);
    BOOST_TEST((*orderer.store().block(2))->checkpoint.text.starts_with(a.genesis.chain_id() +
                                                                        "/e2\n"));
    pass(0, 1);
    a.replicas.pop_back();
    a.all_clean();
    BOOST_TEST(wrong_with(proof_of(orderer, 2, 1)) == "");
}

BOOST_AUTO_TEST_CASE(a_proof_carries_the_changes_before_its_block)
{
    Changing a(3);
    a.submit(a.record(0, "terms", 1));
    a.seal();
    a.sealed(a.add(3), {0, 1, 2});
    a.join(3);
    a.sealed(a.rotate(2, Key::from_seed(sha256("second key"))), {2});
    a.keys[2] = Key::from_seed(sha256("second key"));
    std::filesystem::remove_all(a.folder / "servicer.key.guard");
    a.replicas.erase(a.replicas.begin() + 2);
    a.submit(a.record(1, "statement", 1, {1}));
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    BOOST_TEST(proof_of(a.at(0), 1, 0).str().find("governance") == std::string::npos);
    BOOST_TEST(wrong_with(proof_of(a.at(0), 1, 0)) == "");
    const ProofFile good = proof_of(a.at(0), 3, 2);   // the rotation, by the four
    BOOST_REQUIRE(good.governance.size() == 1U);
    BOOST_TEST(wrong_with(good) == "");
    BOOST_TEST(check_proof(good, {}).members->size() == 4U);
    const auto changed = [&](auto change) {
        ProofFile p = good;
        change(p);
        return wrong_with(p);
    };
    using P = ProofFile&;
    BOOST_TEST(changed([](P p) { p.governance.clear(); }) == "bad-members");
    BOOST_TEST(changed([](P p) { p.governance.push_back(p.governance[0]); }) == "bad-record");
    BOOST_TEST(changed([](P p) { p.governance[0].checkpoint.lines.resize(3); }) == "no-quorum");
    BOOST_TEST(changed([](P p) { p.governance[0].record_path.push_back(Hash{}); }) ==
               "bad-records-root");
    BOOST_TEST(changed([](P p) { p.governance[0].header = p.header; }).starts_with("bad-"));
    BOOST_TEST(changed([](P p) {
                   auto entry = *SignedRecord::parse(p.governance[0].leaf);
                   entry.signatures.pop_back();
                   p.governance[0].leaf = entry.canonical();
               }) == "bad-records-root missing-signature");
    // A change that the block itself seals is not yet in force for it.
    const ProofFile other = proof_of(a.at(0), 2, 1);
    BOOST_TEST(changed([&](P p) { static_cast<SealedRecord&>(p) = other; }) ==
               "bad-record");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
