// Proof: proof files both ways, who endorsed, and openssl alone as the judge.
// SPDX-License-Identifier: Apache-2.0
#include "chain/proof.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "data/csv.hpp"
#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(proof_tests)

namespace {

const std::vector<std::string> three{"custodian", "manager", "trustee"};

InclusionProof inclusion(std::size_t index, const std::vector<std::string>& endorsers = three)
{
    const auto genesis = test::alliance();
    const auto blocks = test::chain(genesis, 6);
    return {index, inclusion_proof(test::leaves(blocks), index),
            test::checkpoint(genesis, blocks, endorsers)};
}

std::string ids(const Errors& errors)
{
    std::string out;
    for (const auto& error : errors) {
        out += (out.empty() ? "" : " ") + error.id;
    }
    return out;
}

std::string endorsements(const Note& note, std::size_t wanted = 3, std::int64_t epoch = 1)
{
    const auto genesis = test::alliance();
    return ids(check_endorsements(note, genesis.chain_id(), epoch, genesis.members, wanted));
}

} // namespace

BOOST_AUTO_TEST_CASE(inclusion_proofs_come_back_and_hold)
{
    const auto blocks = test::chain(test::alliance(), 6);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto proof = inclusion(i);
        const auto read = InclusionProof::parse(proof.str()).value();
        BOOST_TEST(read.str() == proof.str());
        BOOST_TEST(read.index == i);
        BOOST_TEST(verify_inclusion(read, blocks[i].header.canonical()));
        BOOST_TEST(!verify_inclusion(read, blocks[(i + 1) % 6].header.canonical()));
        BOOST_TEST(!verify_inclusion(read, blocks[i].header.canonical() + " "));
    }
    auto wrong = inclusion(2);
    wrong.index = 6;
    BOOST_TEST(!verify_inclusion(wrong, blocks[2].header.canonical()));
    wrong.checkpoint.text = "x\n";
    BOOST_TEST(!verify_inclusion(wrong, blocks[2].header.canonical()));
}

BOOST_AUTO_TEST_CASE(consistency_proofs_come_back_and_hold)
{
    const auto genesis = test::alliance();
    const auto blocks = test::chain(genesis, 6);
    const auto hashes = test::leaves(blocks);
    for (std::size_t old = 1; old <= 6; ++old) {
        const ConsistencyProof proof{old, consistency_proof(hashes, old),
                                     test::checkpoint(genesis, blocks, three)};
        const auto read = ConsistencyProof::parse(proof.str()).value();
        BOOST_TEST(read.str() == proof.str());
        const std::vector<Block> some(blocks.begin(), blocks.begin() + static_cast<long>(old));
        auto older = Checkpoint::parse(test::checkpoint(genesis, some, {}).text).value();
        BOOST_TEST(verify_consistency(read, older));
        older.root[0] ^= 1;
        BOOST_TEST(!verify_consistency(read, older));
        older.size += 1;
        BOOST_TEST(!verify_consistency(read, older));
    }
}

BOOST_AUTO_TEST_CASE(malformed_proofs)
{
    const std::string good = inclusion(3).str();
    BOOST_TEST(!InclusionProof::parse("").has_value());
    BOOST_TEST(!InclusionProof::parse(good.substr(5)).has_value());
    const std::string head = "c2sp.org/tlog-proof@v1\n";
    const std::string note = "\n" + inclusion(3).checkpoint.str();
    BOOST_TEST(InclusionProof::parse(head + "index 3\n" + note).has_value());
    BOOST_TEST(!InclusionProof::parse(head + "index 03\n" + note).has_value());
    BOOST_TEST(!InclusionProof::parse(head + "index -3\n" + note).has_value());
    BOOST_TEST(!InclusionProof::parse(head + "inde 3\n" + note).has_value());
    BOOST_TEST(!InclusionProof::parse(head + "index 3\nAAAA\n" + note).has_value());
    BOOST_TEST(!InclusionProof::parse(head + "index 3\n\nnote").has_value());
    std::string hash;
    for (int i = 0; i < 64; ++i) {
        hash += "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    }
    BOOST_TEST(!InclusionProof::parse(head + "index 3\n" + hash + note).has_value());
    BOOST_TEST(!ConsistencyProof::parse("old 3").has_value());
}

BOOST_AUTO_TEST_CASE(endorsements_count_once_per_member)
{
    const Note good = inclusion(3).checkpoint;
    BOOST_TEST(endorsements(good) == "");
    BOOST_TEST(endorsements(good, 4) == "no-quorum");
    BOOST_TEST(endorsements(good, 3, 2) == "bad-checkpoint");
    Note bad = good;
    bad.lines[2] = bad.lines[1];
    BOOST_TEST(endorsements(bad) == "no-quorum");
    bad = good;
    bad.lines[1].signature[20] = static_cast<char>(bad.lines[1].signature[20] ^ 1);
    BOOST_TEST(endorsements(bad) == "bad-endorsement no-quorum");
    bad = good;
    bad.lines[1].key_id ^= 1; // a key we do not know: ignored
    BOOST_TEST(endorsements(bad) == "no-quorum");
    bad = good;
    bad.text = "x\n";
    BOOST_TEST(endorsements(bad) == "bad-checkpoint");
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_of_a_note_is_found)
{
    const std::string good = inclusion(3).checkpoint.str();
    const auto log_line_end = good.find('\n', good.find("\n\n") + 2);
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto changed = good;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        const auto read = Note::parse(changed);
        // The log's own line is not ours to judge here: finality does not depend on it.
        const bool in_log_line = i > good.find("\n\n") + 1 && i < log_line_end;
        BOOST_TEST((!read || in_log_line || !endorsements(*read).empty()), "byte " << i);
    }
}

BOOST_AUTO_TEST_CASE(the_policy_names_log_members_and_quorum)
{
    const auto genesis = test::alliance();
    const auto text = policy_text(genesis.chain_id(), 1, genesis.log_key, genesis.members);
    BOOST_TEST(text.starts_with("log " + genesis.chain_id() + "+"));
    BOOST_TEST(text.find("\nwitness trustee " + genesis.chain_id() + "/trustee+") !=
               std::string::npos);
    BOOST_TEST(
        text.ends_with("\ngroup alliance 3 custodian manager servicer trustee\nquorum alliance\n"));
}

BOOST_AUTO_TEST_CASE(openssl_alone_verifies_an_endorsement_and_a_leaf)
{
    std::string folder = (std::filesystem::temp_directory_path() / "proof_tests.XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(folder.data()) != nullptr);
    const auto put = [&](const std::string& name, const std::string& bytes) {
        BOOST_REQUIRE(write_file(folder + "/" + name, bytes).has_value());
        return " '" + folder + "/" + name + "'";
    };
    const auto blocks = test::chain(test::alliance(), 6);
    const std::string name = " " + test::alliance().chain_id() + "/trustee";
    const auto key = put("trustee.pem", public_pem(test::key_of("trustee").public_key()));
    const auto other = put("other.pem", public_pem(test::key_of("manager").public_key()));
    const auto judge = [&](const std::string& arguments) {
        const std::string command = "sh tests/openssl_endorsement.sh" + arguments + " >/dev/null";
        return std::system(command.c_str());
    };
    for (const std::size_t i : {0U, 3U, 5U}) {
        const auto proof = put("proof", inclusion(i).str());
        const auto leaf = put("leaf", blocks[i].header.canonical());
        BOOST_TEST(judge(proof + leaf + name + key) == 0);
    }
    const auto proof = put("proof", inclusion(3).str());
    const auto leaf = put("leaf", blocks[3].header.canonical());
    BOOST_TEST(judge(proof + leaf + name + other) != 0);
    BOOST_TEST(judge(proof + leaf + name + "x" + key) != 0);
    BOOST_TEST(judge(proof + put("bad", blocks[3].header.canonical() + " ") + name + key) != 0);
    auto changed = inclusion(3);
    changed.path[1][0] ^= 1;
    BOOST_TEST(judge(put("bad", changed.str()) + leaf + name + key) != 0);
    std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_SUITE_END()
