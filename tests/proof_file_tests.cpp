// Proof file: what was opened is shown, and every part that is changed is named.
// SPDX-License-Identifier: Apache-2.0
#include "chain/proof_file.hpp"

#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(proof_file_tests)

namespace {

const std::vector<std::string> three{"custodian", "manager", "trustee"};

std::vector<Row> rows()
{
    std::vector<Row> out;
    for (const char* id : {"R-1", "R-2", "R-3"}) {
        Row row;
        row.key = id;
        row.fields = {{"asset_id", id}, {"face", "100.00"}, {"due", "2019-01-31"}};
        row.secret = sha256(std::string("secret of ") + id);
        out.push_back(std::move(row));
    }
    return out;
}

/// Block 3 has two records; the second holds the rows above. R-2 and its face are opened.
struct Sample {
    Genesis genesis = test::alliance();
    std::vector<Block> blocks = test::chain(genesis, 3);
    ProofFile proof;
    std::string trusted;

    Sample()
    {
        auto second = test::signed_record(genesis, "servicer", 4);
        second.record.rows = 3;
        second.record.rows_root = rows_root(rows());
        second.sign(test::key_of("servicer"), "servicer");
        blocks.push_back(test::block(genesis, &blocks.back().header,
                                     {test::signed_record(genesis, "servicer", 3), second}));
        std::vector<std::string> headers;
        for (const Block& b : blocks) headers.push_back(b.header.canonical());
        proof = prove_record(headers, blocks.back().body(),
                             test::checkpoint(genesis, blocks, three), genesis, 1)
                    .value();
        proof.rows = open_rows(rows(), std::vector<std::string>{"R-2"},
                               std::vector<std::string>{"asset_id", "face"})
                         .value();
        trusted = hex(sha256(genesis.to_json().canonical()));
    }
};

std::string ids(const ProofFile& proof, const std::optional<std::string>& trusted = {})
{
    std::set<std::string> all;
    for (const Finding& f : check_proof(proof, trusted).findings) all.insert(f.id);
    std::string out;
    for (const std::string& id : all) out += (out.empty() ? "" : " ") + id;
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_good_one_comes_back_and_holds)
{
    const Sample s;
    const auto read = ProofFile::parse(s.proof.str()).value();
    BOOST_TEST((read == s.proof));
    BOOST_TEST(ids(read, s.trusted) == "");
    const auto report = check_proof(read, {});
    BOOST_TEST(report.endorsements == 3U);
    BOOST_TEST(report.header.height == 3);
    BOOST_TEST(report.record.record.seq == 4);
    BOOST_TEST(read.rows.at(0).fields.at(1).value == "100.00");
    BOOST_TEST(s.proof.str().find("2019-01-31") == std::string::npos); // not opened, not told
    BOOST_TEST(s.proof.str().find("R-3") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_changed_part_is_named)
{
    const Sample s;
    const auto changed = [&](auto change) {
        ProofFile p = s.proof;
        change(p);
        return ids(p, s.trusted);
    };
    using P = ProofFile&;
    BOOST_TEST(changed([](P p) { p.rows[0].fields[1].value = "999.00"; }) == "bad-rows-root");
    BOOST_TEST(changed([](P p) { p.rows[0].fields[1].name = "price"; }) == "bad-rows-root");
    BOOST_TEST(changed([](P p) { p.rows[0].fields[1].salt[0] ^= 1; }) == "bad-rows-root");
    BOOST_TEST(changed([](P p) { p.rows[0].fields[1].index = 0; }) == "bad-rows-root");
    BOOST_TEST(changed([](P p) { p.rows[0].count = 4; }) == "bad-rows-root");
    BOOST_TEST(changed([](P p) { p.rows[0].index = 0; }) == "bad-rows-root");
    BOOST_TEST(changed([](P p) { p.rows[0].path.pop_back(); }) == "bad-rows-root");
    BOOST_TEST(changed([](P p) { p.index = 0; }) == "bad-records-root");
    BOOST_TEST(changed([](P p) { p.record_path[0][0] ^= 1; }) == "bad-records-root");
    BOOST_TEST(changed([](P p) { p.block_path.clear(); }) == "bad-checkpoint");
    BOOST_TEST(changed([](P p) { p.genesis = "{}"; }) == "bad-genesis");
    BOOST_TEST(changed([](P p) { p.header = "{}"; }) == "bad-header");
    // A header of another height with the same checkpoint.
    BOOST_TEST(changed([&](P p) { p.header = s.blocks[2].header.canonical(); }) ==
               "bad-checkpoint bad-records-root");
}

BOOST_AUTO_TEST_CASE(the_quorum_is_that_of_the_trusted_genesis)
{
    const Sample s;
    ProofFile few = s.proof;
    few.checkpoint = test::checkpoint(s.genesis, s.blocks, {"custodian", "manager"});
    BOOST_TEST(ids(few) == "no-quorum");
    few.checkpoint.lines.push_back(few.checkpoint.lines.back());
    BOOST_TEST(ids(few) == "no-quorum"); // one member twice

    // A forger's own alliance of the same names: sound in itself, but another genesis.
    ProofFile forged = s.proof;
    auto other = s.genesis;
    other.random = sha256("another chain");
    forged.genesis = other.to_json().canonical();
    BOOST_TEST(ids(forged, s.trusted).find("bad-genesis") != std::string::npos);
    BOOST_TEST(ids(forged).find("bad-chain") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_author_must_have_signed)
{
    // q members that agree can seal anything except another party's signature.
    const Sample s;
    SignedRecord unsigned_one = test::signed_record(s.genesis, "servicer", 3);
    unsigned_one.signatures[0].signature[0] ^= 1;
    auto blocks = test::chain(s.genesis, 3);
    blocks.push_back(test::block(s.genesis, &blocks.back().header, {unsigned_one}));
    std::vector<std::string> headers;
    for (const Block& b : blocks) headers.push_back(b.header.canonical());
    const auto proof = prove_record(headers, blocks.back().body(),
                                    test::checkpoint(s.genesis, blocks, three), s.genesis, 0)
                           .value();
    BOOST_TEST(ids(proof) == "bad-record-signature");
}

BOOST_AUTO_TEST_CASE(the_reader_is_strict)
{
    const Sample s;
    const std::string good = s.proof.str();
    const auto refused = [&](const std::string& from, const std::string& to) {
        std::string bytes = good;
        const auto at = bytes.find(from);
        BOOST_REQUIRE(at != std::string::npos);
        return !ProofFile::parse(bytes.replace(at, from.size(), to));
    };
    BOOST_TEST(refused("\n", ""));
    BOOST_TEST(refused("{\"block\"", "{ \"block\""));
    BOOST_TEST(refused("\"kind\":", "\"kine\":"));
    BOOST_TEST(refused("proof/v1", "proof/v2"));
    BOOST_TEST(refused("\"index\":1", "\"index\":-1"));
    BOOST_TEST(refused("\"salt\":\"", "\"salt\":\"00"));
    BOOST_TEST(!ProofFile::parse("[]\n"));
    BOOST_TEST(!ProofFile::parse("\"x\"\n"));
    ProofFile twice = s.proof;
    twice.rows.push_back(twice.rows[0]);
    BOOST_TEST(!ProofFile::parse(twice.str()));
}

BOOST_AUTO_TEST_CASE(rows_are_opened_by_key)
{
    const auto all = rows();
    const auto two = open_rows(all, std::vector<std::string>{"R-3", "R-1"}, {}).value();
    BOOST_REQUIRE(two.size() == 2U);
    BOOST_TEST(two[0].index == 0);
    BOOST_TEST(two[1].index == 2);
    BOOST_TEST(two[1].fields.size() == 3U);
    BOOST_TEST(!open_rows(all, std::vector<std::string>{"R-4"}, {}));
    BOOST_TEST(!open_rows(all, std::vector<std::string>{"R-1"}, std::vector<std::string>{"nix"}));
}

BOOST_AUTO_TEST_SUITE_END()
