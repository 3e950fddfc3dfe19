// Membership: who may change the members, what a change may not be, and from when it counts.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "chain/governance.hpp"
#include "chain/proof.hpp"
#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(membership_tests)

namespace {

using Names = std::vector<std::string>;

constexpr std::int64_t a_day = 86'400;

/// Governance of an alliance, block by block; every record has its own block unless told.
struct Governed {
    explicit Governed(std::size_t members = 4)
        : genesis(test::alliance(members)), log(ChainState::from_genesis(genesis))
    {
    }

    static MemberChange add(const std::string& chain, const Member& m, const Key& key)
    {
        MemberChange c;
        c.change = "add";
        c.member = m;
        c.proof = key.sign(possession_text(chain, m, std::nullopt));
        return c;
    }
    [[nodiscard]] MemberChange add(const std::string& name) const
    {
        return add(genesis.chain_id(), test::member(name, {"trustee"}), test::key_of(name));
    }
    [[nodiscard]] MemberChange rotate(const std::string& name, const std::string& key)
    {
        MemberChange c;
        c.change = "rotate";
        c.member = *log.newest().members.find(name);
        const PublicKey old = c.member->key;
        c.member->key = test::key_of(key).public_key();
        c.proof = test::key_of(key).sign(possession_text(genesis.chain_id(), *c.member, old));
        keys[name] = key;
        return c;
    }
    static MemberChange named(const std::string& what, const std::string& name)
    {
        MemberChange c;
        c.change = what;
        c.name = name;
        return c;
    }

    SignedRecord record(const MemberChange& change, const Names& signers)
    {
        SignedRecord out;
        Record& r = out.record;
        r.chain = genesis.chain_id();
        r.type = "member";
        r.author = signers.front();
        r.seq = log.newest().seq("", r.author) + 1;
        r.valid_until = genesis.time + a_day;
        r.approvals_required.assign(signers.begin() + 1, signers.end());
        r.public_part = change.to_json();
        for (const std::string& name : signers) {
            const auto other = keys.find(name);
            // A rotation is signed by the key that it gives up.
            const bool old = change.change == "rotate" || other == keys.end();
            out.sign(test::key_of(old ? name : other->second), name);
        }
        return out;
    }
    std::string judge(const SignedRecord& entry)
    {
        const Judgement j = log.judge(entry, height, genesis.time);
        if (j.ruling == Ruling::accepted) return "accepted";
        return j.ruling == Ruling::not_yet ? "not yet" : j.findings.at(0).id;
    }
    /// In a block of its own.
    std::string next(const MemberChange& change, const Names& signers)
    {
        const SignedRecord entry = record(change, signers);
        ++height;
        return judge(entry);
    }

    Genesis genesis;
    GovernanceLog log;
    std::map<std::string, std::string> keys; ///< of whom rotated
    std::int64_t height = 0;
};

const Names three{"custodian", "manager", "servicer"};
const Names four{"custodian", "manager", "servicer", "trustee"};

} // namespace

BOOST_AUTO_TEST_CASE(a_change_counts_from_the_next_block)
{
    Governed g;
    BOOST_TEST(g.next(g.add("fifth"), three) == "accepted");
    BOOST_TEST(g.log.at(1).members.size() == 4U);
    BOOST_TEST(g.log.at(2).members.size() == 5U);
    BOOST_TEST(g.log.at(2).members.quorum() == 4U);
    BOOST_TEST(g.next(g.named("remove", "trustee"), three) == "no-quorum"); // 4 of 5 must
    BOOST_TEST(g.next(g.named("remove", "trustee"), four) == "accepted");
    BOOST_TEST((g.log.at(g.height).members.find("trustee") != nullptr));
    BOOST_TEST((g.log.newest().members.find("trustee") == nullptr));
    BOOST_TEST(g.log.newest().orderer == "manager");
    BOOST_TEST(g.log.newest().epoch == 1);
}

BOOST_AUTO_TEST_CASE(a_newcomer_signs_nothing_in_the_block_that_adds_it)
{
    Governed g;
    const auto entry = g.record(g.add("fifth"), three);
    g.height = 1;
    BOOST_TEST(g.judge(entry) == "accepted");
    const auto early = g.record(g.named("suspend", "trustee"), {"custodian", "fifth", "manager"});
    BOOST_TEST(g.judge(g.record(g.named("suspend", "trustee"), {"manager", "custodian", "trustee"})) ==
               "not yet"); // one change in a block
    Governed h;
    h.height = 1;
    BOOST_TEST(h.judge(h.record(h.add("fifth"), {"custodian", "fifth", "manager"})) ==
               "unknown-signer");
    BOOST_TEST(g.judge(early) == "unknown-signer");
}

BOOST_AUTO_TEST_CASE(whoever_left_signs_nothing)
{
    Governed g;
    BOOST_TEST(g.next(g.named("remove", "trustee"), three) == "accepted");
    BOOST_TEST(g.next(g.add("fifth"), {"custodian", "manager", "trustee"}) == "unknown-signer");
    Governed s;
    BOOST_TEST(s.next(s.named("suspend", "trustee"), three) == "accepted");
    BOOST_TEST(s.next(s.add("fifth"), {"custodian", "manager", "trustee"}) == "unknown-signer");
    BOOST_TEST(s.next(s.add("trustee"), three) == "bad-change"); // it is still a member
    BOOST_TEST(s.next(s.named("suspend", "trustee"), three) == "bad-change");
    BOOST_TEST(s.next(s.named("resume", "trustee"), three) == "accepted");
    BOOST_TEST((s.log.newest().members == s.genesis.members));
    BOOST_TEST(s.log.newest().suspended.empty());
    BOOST_TEST(s.next(s.add("fifth"), {"custodian", "manager", "trustee"}) == "accepted");
}

BOOST_AUTO_TEST_CASE(the_set_before_the_block_is_the_quorum)
{
    // Six need five, five need four: the removal itself needs five.
    Governed g(6);
    BOOST_TEST(g.next(g.named("remove", "sixth"), four) == "no-quorum");
    BOOST_TEST(g.next(g.named("remove", "sixth"), {"custodian", "fifth", "manager", "servicer",
                                                   "trustee"}) == "accepted");
    BOOST_TEST(g.next(g.named("remove", "fifth"), three) == "no-quorum");
    BOOST_TEST(g.next(g.named("remove", "fifth"), four) == "accepted");
}

BOOST_AUTO_TEST_CASE(three_members_are_the_fewest)
{
    for (const char* what : {"remove", "suspend"}) {
        Governed g(3);
        BOOST_TEST(g.next(g.named(what, "custodian"), three) == "bad-change");
        BOOST_TEST(g.log.newest().members.size() == 3U);
    }
}

BOOST_AUTO_TEST_CASE(a_new_key_proves_that_it_is_there)
{
    Governed g;
    auto change = g.add("fifth");
    change.proof = test::key_of("manager").sign(
        possession_text(g.genesis.chain_id(), *change.member, std::nullopt));
    BOOST_TEST(g.next(change, three) == "no-possession");
    change = g.add("fifth");
    change.member->roles = {"plan_manager"}; // other words than the key signed
    BOOST_TEST(g.next(change, three) == "no-possession");
    change = Governed::add("jdht/0000000000000000", *g.add("fifth").member, test::key_of("fifth"));
    BOOST_TEST(g.next(change, three) == "no-possession"); // of another chain

    Governed r;
    auto rotation = r.rotate("trustee", "second key");
    rotation.proof = test::key_of("second key")
                         .sign(possession_text(r.genesis.chain_id(), *rotation.member, std::nullopt));
    BOOST_TEST(r.next(rotation, {"trustee"}) == "no-possession");
    rotation.proof = test::key_of("trustee").sign(
        possession_text(r.genesis.chain_id(), *rotation.member, test::key_of("trustee").public_key()));
    BOOST_TEST(r.next(rotation, {"trustee"}) == "no-possession");
}

BOOST_AUTO_TEST_CASE(a_rotation_is_signed_by_the_old_key_of_its_member)
{
    Governed g;
    const auto rotation = g.rotate("trustee", "second key");
    BOOST_TEST(g.next(rotation, three) == "bad-change"); // not even by a quorum of others
    auto forged = g.record(rotation, {"trustee"});
    forged.sign(test::key_of("second key"), "trustee");
    ++g.height;
    BOOST_TEST(g.judge(forged) == "bad-record-signature");
    auto more = rotation;
    more.member->roles = {"plan_manager"};
    BOOST_TEST(g.next(more, {"trustee"}) == "bad-change");
    more = rotation;
    more.member->recovery_key = test::key_of("another").public_key();
    BOOST_TEST(g.next(more, {"trustee"}) == "bad-change");
    BOOST_TEST(g.next(rotation, {"trustee"}) == "accepted");
    BOOST_TEST((g.log.at(g.height).members.find("trustee")->key ==
                test::key_of("trustee").public_key()));
    BOOST_TEST(g.next(g.add("fifth"), {"custodian", "manager", "trustee"}) == "accepted");
    g.keys.clear();
    BOOST_TEST(g.next(g.add("sixth"), {"custodian", "manager", "servicer", "trustee"}) ==
               "bad-record-signature"); // by the key given up
}

BOOST_AUTO_TEST_CASE(a_key_is_bound_to_one_name_for_ever)
{
    const auto under = [](Governed& g, const std::string& name, const std::string& key) {
        Member m = test::member(name, {"trustee"});
        m.key = test::key_of(key).public_key();
        return g.next(Governed::add(g.genesis.chain_id(), m, test::key_of(key)), three);
    };
    Governed g;
    BOOST_TEST(under(g, "fifth", "trustee") == "bound-key"); // one member under two names
    BOOST_TEST(under(g, "fifth", "the log") == "bound-key");
    Member m = test::member("fifth", {"trustee"});
    m.key = test::recovery_key_of("trustee").public_key();
    BOOST_TEST(g.next(Governed::add(g.genesis.chain_id(), m, test::recovery_key_of("trustee")),
                      three) == "bound-key");
    m = test::member("fifth", {"trustee"});
    m.recovery_key = test::key_of("trustee").public_key();
    BOOST_TEST(g.next(Governed::add(g.genesis.chain_id(), m, test::key_of("fifth")), three) ==
               "bound-key");
    BOOST_TEST(g.next(g.rotate("servicer", "manager"), {"servicer"}) == "bound-key");
    g.keys.clear();

    BOOST_TEST(g.next(g.named("suspend", "trustee"), three) == "accepted");
    BOOST_TEST(under(g, "fifth", "trustee") == "bound-key");
    BOOST_TEST(g.next(g.named("remove", "trustee"), three) == "accepted");
    BOOST_TEST(under(g, "fifth", "trustee") == "bound-key");
    BOOST_TEST(under(g, "trustee", "trustee") == "bound-key"); // it was given up
    m.key = test::recovery_key_of("trustee").public_key();
    m.recovery_key = test::recovery_key_of("fifth").public_key();
    BOOST_TEST(g.next(Governed::add(g.genesis.chain_id(), m, test::recovery_key_of("trustee")),
                      three) == "bound-key");

    BOOST_TEST(g.next(g.rotate("servicer", "second key"), {"servicer"}) == "accepted");
    BOOST_TEST(under(g, "fifth", "servicer") == "bound-key");
    BOOST_TEST(g.next(g.rotate("servicer", "servicer"), {"servicer"}) != "accepted");
}

BOOST_AUTO_TEST_CASE(a_member_counts_once)
{
    Governed g;
    const std::string chain = g.genesis.chain_id();
    // Twice in one record: such a record cannot be read.
    auto twice = g.record(g.add("fifth"), {"custodian", "manager"});
    twice.signatures.push_back(twice.signatures.back());
    BOOST_TEST(!SignedRecord::parse(twice.canonical()).has_value());
    // With two keys, under one name or two: old and new key of a rotation are one vote at most.
    BOOST_TEST(g.next(g.rotate("trustee", "second key"), {"trustee"}) == "accepted");
    const MemberSet& set = g.log.newest().members;
    Note note{Checkpoint{chain, 3, sha256("root")}.text(), {}};
    const auto line = [&](const std::string& key, const std::string& name) {
        note.lines.push_back(cosign(test::key_of(key), key_name(chain, name), note.text, 7));
    };
    line("trustee", "trustee");
    BOOST_TEST(count_endorsements(note, chain, set) == 0U);
    line("second key", "trustee");
    BOOST_TEST(count_endorsements(note, chain, set) == 1U);
    line("second key", "trustee");
    line("second key", "servicer");
    line("trustee", "manager");
    BOOST_TEST(count_endorsements(note, chain, set) == 1U);
}

BOOST_AUTO_TEST_CASE(a_record_changes_the_members_once)
{
    Governed g;
    const auto removal = g.record(g.named("remove", "trustee"), three);
    g.height = 1;
    BOOST_TEST(g.judge(removal) == "accepted");
    g.height = 2;
    BOOST_TEST(g.judge(removal) == "bad-seq");
    // After the same name joined again with other keys, the old record still removes nobody.
    auto back = g.add("fifth");
    back.member->name = "trustee";
    back = Governed::add(g.genesis.chain_id(), *back.member, test::key_of("fifth"));
    BOOST_TEST(g.next(back, three) == "accepted");
    ++g.height;
    BOOST_TEST(g.judge(removal) == "bad-seq");
    BOOST_TEST((g.log.newest().members.find("trustee") != nullptr));
    // Nor does a record of another chain.
    Governed other(5);
    auto foreign = other.record(other.named("remove", "trustee"), four);
    ++g.height;
    BOOST_TEST(g.judge(foreign) == "bad-chain");
    // An application is used once: its key is given up with the member.
    BOOST_TEST(g.next(g.named("remove", "trustee"), three) == "accepted");
    BOOST_TEST(g.next(back, three) == "bound-key");
}

BOOST_AUTO_TEST_CASE(an_orderer_leaves_to_another_one)
{
    Governed g;
    auto leave = Governed::named("remove", "manager");
    BOOST_TEST(g.next(leave, four) == "bad-change");
    leave.orderer = "custodian";
    leave.log_key = test::log_key().public_key();
    BOOST_TEST(g.next(leave, four) == "bound-key"); // each term has its own log key
    leave.log_key = test::key_of("trustee").public_key();
    BOOST_TEST(g.next(leave, four) == "bound-key");
    leave.log_key = test::key_of("second log").public_key();
    BOOST_TEST(g.next(leave, {"manager", "servicer", "trustee"}) == "bad-change"); // unasked
    leave.orderer = "manager";
    BOOST_TEST(g.next(leave, four) == "bad-change");
    leave.orderer = "stranger";
    BOOST_TEST(g.next(leave, four) == "bad-change");
    leave.orderer = "custodian";
    auto idle = leave;
    idle.name = "trustee";
    BOOST_TEST(g.next(idle, four) == "bad-change"); // the orderer stays
    BOOST_TEST(g.next(leave, three) == "accepted");
    const ChainState& s = g.log.newest();
    BOOST_TEST(s.orderer == "custodian");
    BOOST_TEST(s.epoch == 2);
    BOOST_TEST((s.log_key == leave.log_key));
    BOOST_TEST(s.former.at(test::log_key().public_key()) == "");
    BOOST_TEST((ChainState::parse(s.to_json().canonical()).value() == s));
}

BOOST_AUTO_TEST_CASE(the_state_names_whoever_left_and_nobody_else)
{
    Governed g;
    const std::string before = g.log.newest().to_json().canonical();
    BOOST_TEST(before.find("former") == std::string::npos); // bytes of chains without changes stay
    BOOST_TEST(before.find("suspended") == std::string::npos);
    BOOST_TEST(g.next(g.add("fifth"), three) == "accepted");
    BOOST_TEST(g.next(g.named("suspend", "fifth"), four) == "accepted");
    BOOST_TEST(g.next(g.named("remove", "trustee"), three) == "accepted");
    const ChainState& s = g.log.newest();
    BOOST_TEST(s.former.size() == 2U);
    BOOST_TEST((s.suspended == std::vector{test::member("fifth", {"trustee"})}));
    BOOST_TEST((ChainState::parse(s.to_json().canonical()).value() == s));
    BOOST_TEST(g.log.ever().size() == 5U);
}

BOOST_AUTO_TEST_CASE(what_a_member_record_may_not_say)
{
    Governed g;
    const auto refused = [&](auto change) {
        auto entry = g.record(g.named("remove", "trustee"), three);
        change(entry.record);
        entry.signatures.clear();
        for (const auto& name : entry.signers_needed()) entry.sign(test::key_of(name), name);
        ++g.height;
        return g.judge(entry);
    };
    BOOST_TEST(refused([](Record& r) { r.public_part["change"] = "promote"; }) == "bad-record");
    BOOST_TEST(refused([](Record& r) { r.public_part["quorum"] = 1; }) == "bad-record");
    BOOST_TEST(refused([](Record& r) { r.public_part["name"] = "stranger"; }) == "bad-change");
    BOOST_TEST(refused([](Record& r) { r.public_part = Json(); }) == "bad-record");
    BOOST_TEST(refused([](Record& r) { r.deal = "jdht-2018-6"; }) == "bad-record");
    BOOST_TEST(refused([](Record& r) { r.valid_until += 60 * a_day; }) == "bad-validity");
    BOOST_TEST(refused([](Record& r) { r.valid_until -= 2 * a_day; }) == "expired-record");
    BOOST_TEST(refused([](Record&) {}) == "accepted");
}

BOOST_AUTO_TEST_SUITE_END()
