// Takeover: whatever stands in flight when the orderer falls silent, the others go on, on what was
// or may be final, and nobody honest is ever convicted. The rules are those of model.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/takeover_fixture.hpp"

#include "chain/proof.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(takeover_tests)

namespace {

const Indexes others = {1, 2, 3};

std::string id_of(const auto& result)
{
    return result ? "" : result.error().id;
}

/// The orderer's proposal, with the answers of all, at him alone.
void ask_all(Frozen& a)
{
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    a.pass(0, others);
    for (const std::size_t i : others) {
        const auto answer = a.at(i).answer(a.now);
        BOOST_REQUIRE(answer);
        BOOST_REQUIRE(answer->verdict == Stance::ready);
        a.pass(i, 0);
    }
}

void no_evidence(Frozen& a)
{
    Signatures all;
    for (auto& r : a.replicas) {
        const Signatures more = *signatures_of(r->store(), 0);
        all.notes.insert(all.notes.end(), more.notes.begin(), more.notes.end());
        all.answers.insert(all.answers.end(), more.answers.begin(), more.answers.end());
        all.freezes.insert(all.freezes.end(), more.freezes.begin(), more.freezes.end());
        all.closed.insert(all.closed.end(), more.closed.begin(), more.closed.end());
    }
    const auto found = find_evidence(all, a.at(1).chain(), *a.at(1).members_ever());
    BOOST_TEST(found.empty(), (found.empty() ? "" : found.front().str()));
}

} // namespace

// (a) Silence with nothing in flight; then a life under the new orderer, and one more takeover.
BOOST_AUTO_TEST_CASE(an_orderer_who_is_silent_is_replaced)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    a.seal();
    a.freeze(1, 2, others);
    a.submit(a.record(2, "statement", 1, {5, 7}));
    a.take_over(1, others);
    Header h = a.agreed(others);
    BOOST_TEST(h.height == 2);
    BOOST_TEST(h.epoch == 2);
    BOOST_TEST(h.orderer == "custodian");
    BOOST_TEST(h.records == 2); // what waited is sealed with it
    const ChainState& s = a.at(3).state();
    BOOST_TEST(s.epoch == 2);
    BOOST_TEST(s.orderer == "custodian");
    BOOST_TEST((s.log_key == Frozen::log_of(2).public_key()));
    BOOST_TEST(s.former.at(a.log_key->public_key()) == "");
    const auto block = *a.at(1).store().block(2);
    BOOST_TEST(block->checkpoint.text.starts_with(a.genesis.chain_id() + "/e2\n3\n"));
    BOOST_TEST(block->checkpoint.lines.front().name == a.genesis.chain_id() + "/e2"); // log line
    // The old orderer comes back, gets the blocks, and orders no more.
    a.pass(1, 0);
    BOOST_TEST(a.at(0).propose(a.now).error().message.find("'custodian' proposes") == 0U);
    a.agreed({0, 1, 2, 3});

    a.submit(a.record(3, "statement", 1, {1}));
    a.take_over(1, {0, 1, 2, 3}); // an ordinary block of the new epoch
    BOOST_TEST(a.agreed({0, 1, 2, 3}).height == 3);
    BOOST_TEST(a.agreed({0, 1, 2, 3}).epoch == 2);

    a.freeze(2, 3, {0, 2, 3}); // now the custodian falls silent
    a.take_over(2, {0, 2, 3});
    h = a.agreed({0, 2, 3});
    BOOST_TEST(h.height == 4);
    BOOST_TEST(h.epoch == 3);
    a.pass(2, 1);
    a.clean({0, 1, 2, 3});
    no_evidence(a);
}

// Genesis alone is final: it has no ready answers, and needs none.
BOOST_AUTO_TEST_CASE(an_orderer_who_never_made_a_block)
{
    Frozen a;
    a.freeze(1, 2, others);
    a.take_over(1, others);
    BOOST_TEST(a.agreed(others).height == 1);
    a.pass(1, 0);
    a.clean({0, 1, 2, 3});
}

// (b) A proposed block without q ready answers may be forgotten; its records are sealed again.
BOOST_AUTO_TEST_CASE(a_proposed_block_is_left_behind)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    a.pass(0, 1);
    BOOST_REQUIRE(a.at(1).answer(a.now));
    a.freeze(1, 2, others);
    a.take_over(1, others);
    const Header h = a.agreed(others);
    BOOST_TEST(h.height == 1);
    BOOST_TEST(h.records == 2);
    a.pass(1, 0);
    a.clean({0, 1, 2, 3});
    no_evidence(a);
}

// (c) q were ready, nobody endorsed: it cannot be final, and is left behind too.
BOOST_AUTO_TEST_CASE(a_block_with_a_quorum_ready_and_no_endorsement)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    ask_all(a);
    a.pass(0, others); // the answers
    a.freeze(1, 2, others);
    a.take_over(1, others);
    BOOST_TEST(a.agreed(others).height == 1);
    BOOST_TEST(a.agreed(others).epoch == 2);
    a.pass(1, 0);
    a.clean({0, 1, 2, 3});
    no_evidence(a);
}

// One endorsement is enough: that block may be final somewhere, so the epoch goes on after it.
BOOST_AUTO_TEST_CASE(an_endorsed_block_is_gone_on_from)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    ask_all(a);
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.pass(0, 3);
    BOOST_REQUIRE(a.at(3).endorse(a.now)); // the trustee only
    const Hash header = (*a.at(3).newest_candidate())->hash;
    a.freeze(1, 2, others);
    // The custodian does not know of the orderer's endorsement, but of the trustee's statement.
    a.submit(a.record(2, "statement", 1, {4}));
    a.take_over(1, others);
    const Header h = a.agreed(others);
    BOOST_TEST(h.height == 2);
    BOOST_TEST((h.prev == header));
    const auto below = *a.at(2).store().block(1);
    BOOST_TEST((sha256(below->header) == header));
    BOOST_TEST(count_endorsements(below->checkpoint, a.at(2).chain(), a.at(2).state().members) ==
               2U); // final all the same, by the block after it
    a.pass(1, 0);
    a.agreed({0, 1, 2, 3});
    a.clean({0, 1, 2, 3});
    no_evidence(a);
    // An empty replica takes it all over at once, but not the lower block alone.
    auto fresh = Replica::found(*Store::create(a.folder / "new.db", true), a.contract, {}, a.genesis);
    BOOST_REQUIRE(fresh);
    const auto bundle = *Bundle::parse(export_bundle(a.at(2), "trustee", 0)->str(), "x.tcb");
    Bundle part = bundle;
    part.blocks.erase(2);
    BOOST_TEST(id_of(import_bundle(*fresh, part)) == "no-quorum");
    BOOST_TEST(fresh->tip() == -1);
    const auto taken = import_bundle(*fresh, bundle);
    BOOST_REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().message));
    BOOST_TEST(fresh->tip() == 2);
}

// Final at one member who then states it, unknown as final to the others.
BOOST_AUTO_TEST_CASE(a_block_that_is_final_at_one_member_stays_final)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    ask_all(a);
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.pass(0, others);
    for (const std::size_t i : {1U, 3U}) {
        BOOST_REQUIRE(a.at(i).endorse(a.now));
        a.pass(i, 0);
    }
    a.finish(0); // and the orderer is gone with the final block
    const Header final_block = *a.at(0).newest_header();
    a.freeze(2, 2, others); // the servicer endorsed nothing
    a.take_over(2, others);
    BOOST_TEST((a.agreed(others).prev == final_block.hash()));
    a.pass(2, 0);
    a.agreed({0, 1, 2, 3});
    a.clean({0, 1, 2, 3});
    no_evidence(a);
}

// (d) The orderer splits a height: two headers in two attempts, each endorsed by some.
BOOST_AUTO_TEST_CASE(a_split_height_goes_on_from_the_newer_attempt)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    ask_all(a); // attempt 1: all ready
    const Candidate first = **a.at(0).newest_candidate();
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.pass(0, 1);
    BOOST_REQUIRE(a.at(1).endorse(a.now)); // the custodian endorses the first
    // The liar makes another attempt with the same records, and signs again for it.
    const auto records = *parse_body(first.body);
    Header second = *Header::parse(first.header);
    second.attempt = 2;
    second.time += 1;
    const Candidate c{1, 1, 2, second.hash(), second.canonical(), first.body};
    const auto ready = [&](std::size_t who) {
        ReadyAnswer r{a.at(0).chain(), 1, 1, 2, c.hash, alliance_names[who], Stance::ready, "", {}};
        r.sign(a.keys[who]);
        return r;
    };
    const std::string text = *a.at(2).checkpoint_text(c);
    const Note note{text, {cosign(a.keys[0], key_name(a.at(0).chain(), "manager"), text, a.now)}};
    for (const std::size_t i : {2U, 3U}) {
        BOOST_REQUIRE(a.at(i).take(c));
        BOOST_REQUIRE(a.at(i).store().put_answer(ready(0)));
        const auto answer = a.at(i).answer(a.now);
        BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().message));
        BOOST_TEST((answer->header == c.hash));
    }
    BOOST_TEST((a.at(1).answer(a.now)->header == first.hash)); // endorsed the other: no other answer
    a.pass(2, 3);
    a.pass(3, 2);
    for (const std::size_t i : {2U, 3U}) BOOST_REQUIRE(a.at(i).take_endorsements(1, note));
    BOOST_REQUIRE(a.at(3).endorse(a.now)); // the trustee endorses the second
    // Neither has q: manager and custodian for the first, manager and trustee for the second.
    a.freeze(2, 2, others);
    a.take_over(2, others);
    BOOST_TEST((a.agreed(others).prev == c.hash));
    a.clean(others);
    // What the manager signed twice convicts him and nobody else.
    Signatures all;
    for (auto& r : a.replicas) {
        const Signatures more = *signatures_of(r->store(), 0);
        all.notes.insert(all.notes.end(), more.notes.begin(), more.notes.end());
        all.answers.insert(all.answers.end(), more.answers.begin(), more.answers.end());
    }
    const auto found = find_evidence(all, a.at(1).chain(), a.genesis.members.all());
    BOOST_TEST(!found.empty());
    for (const Finding& f : found) BOOST_TEST(f.message.starts_with("'manager'"), f.str());
    static_cast<void>(records);
}

// (e) What the old orderer and a frozen member still sign in the closed epoch changes nothing.
BOOST_AUTO_TEST_CASE(an_old_orderer_endorses_late)
{
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    ask_all(a);
    a.freeze(1, 2, others);
    BOOST_REQUIRE(a.at(0).endorse(a.now)); // late: he did not state anything, so he may
    a.pass(0, others);
    for (const std::size_t i : others) {
        BOOST_TEST(id_of(a.at(i).endorse(a.now)) == "closed-epoch");
        BOOST_TEST(id_of(a.at(i).answer(a.now)) == "closed-epoch");
        BOOST_TEST(id_of(a.at(i).refuse("no")) == "closed-epoch");
        BOOST_TEST(!a.at(i).finish()->has_value());
    }
    a.take_over(1, others);
    a.pass(1, 0);
    a.agreed({0, 1, 2, 3});
    a.clean({0, 1, 2, 3});
    no_evidence(a); // dated before the takeover: it may have been given before
}

BOOST_AUTO_TEST_CASE(the_first_block_of_an_epoch_may_itself_be_left)
{
    // e2 begins on an endorsed block of e1, is endorsed by some, and its orderer dies too: e3
    // stands on three blocks of which only the lowest is final.
    Frozen a;
    a.submit(a.record(0, "terms", 1));
    ask_all(a);
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.pass(0, 3);
    BOOST_REQUIRE(a.at(3).endorse(a.now));
    a.freeze(1, 2, others);
    a.now += 60;
    BOOST_REQUIRE(a.at(1).propose(a.now));
    a.pass(1, {0, 2, 3});
    for (const std::size_t i : {2U, 3U}) {
        BOOST_REQUIRE(a.at(i).answer(a.now)->verdict == Stance::ready);
        a.pass(i, 1);
    }
    BOOST_REQUIRE(a.at(1).endorse(a.now));
    a.pass(1, 2);
    const auto e = a.at(2).endorse(a.now);
    BOOST_REQUIRE_MESSAGE(e, (e ? "" : e.error().message));
    // The manager is back, the custodian is silent: 0, 2 and 3 go on to e3 under the trustee.
    BOOST_TEST(a.at(2).tip() == 0);
    a.freeze(3, 3, {0, 2, 3});
    a.submit(a.record(2, "statement", 1, {4}));
    a.take_over(3, {0, 2, 3});
    const Header h = a.agreed({0, 2, 3});
    BOOST_TEST(h.height == 3);
    BOOST_TEST(h.epoch == 3);
    BOOST_TEST(Header::parse((*a.at(3).store().block(2))->header)->epoch == 2);
    a.pass(3, 1);
    a.agreed({0, 1, 2, 3});
    a.clean({0, 1, 2, 3});
    no_evidence(a);
    a.submit(a.record(1, "statement", 1, {1}));
    a.take_over(3, {0, 1, 2, 3});
    BOOST_TEST(a.agreed({0, 1, 2, 3}).height == 4);
}

BOOST_AUTO_TEST_CASE(a_statement_is_made_once)
{
    Frozen a;
    a.arm(1, 2);
    const Freeze f = a.state(1, 2, 1);
    BOOST_TEST((a.state(1, 2, 1) == f)); // same question, same bytes
    a.open(1);
    BOOST_TEST((*a.at(1).freeze({}) == f));
    BOOST_TEST(a.at(1).freeze({2, "servicer", {}}).error().message.find("once for ever") !=
               std::string::npos);
    BOOST_TEST(!a.at(1).freeze({1, {}, {}}));
    BOOST_TEST(!a.at(1).freeze({500, {}, {}}));
    BOOST_TEST(!a.at(2).freeze({}));                   // the log key is not known yet
    a.pass(1, 2);
    BOOST_TEST((a.at(2).freeze({})->orderer == "custodian")); // the next of the succession
    BOOST_TEST(!a.at(3).freeze({2, "nobody", {}}));
    // One whose wish differs goes to the next epoch with the others.
    BOOST_TEST(a.at(3).freeze({3, "trustee", a.log_of(2).public_key()}).has_value());
    BOOST_TEST(id_of(a.at(2).freeze({3, "servicer", a.log_key->public_key()})) == "bound-key");
    // Too few: nobody begins anything, and the old orderer has to wait too.
    BOOST_TEST(a.at(1).propose(a.now).error().message.find("'manager' proposes") == 0U);
    a.submit(a.record(0, "terms", 1));
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    a.pass(0, others);
    for (const std::size_t i : others) BOOST_TEST(id_of(a.at(i).answer(a.now)) == "closed-epoch");
}

BOOST_AUTO_TEST_CASE(three_members_need_all_three)
{
    Frozen a(3);
    a.freeze(1, 2, {1, 2});
    BOOST_TEST(a.at(1).propose(a.now).error().message.find("'manager' proposes") == 0U);
    a.pass(1, 0);
    a.state(0, 2, 1); // the old orderer states it himself
    a.pass(0, 1);
    a.take_over(1, {0, 1, 2});
    BOOST_TEST(a.agreed({0, 1, 2}).epoch == 2);
    a.clean({0, 1, 2});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
