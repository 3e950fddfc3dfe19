// Genesis: the alliance file, the id, and the record of block 0.
// SPDX-License-Identifier: Apache-2.0
#include "chain/genesis.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(genesis_tests)

namespace {

std::string file(std::size_t members = 4)
{
    const Genesis sample = test::alliance(members);
    std::string out = "name = \"jdht\"\norderer = \"manager\"\n";
    for (const Member& one : sample.members.all()) {
        out += "[[member]]\nname = \"" + one.name + "\"\nroles = [\"" + one.roles[0] +
               "\"]\nkey = \"" + to_text(one.key) + "\"\nrecovery_key = \"" +
               to_text(one.recovery_key) + "\"\n";
    }
    return out;
}

Checked<Genesis> read(const std::string& text)
{
    return parse_alliance(text, "alliance.toml", 1'541'635'200, seeded_random("genesis"),
                          test::log_key().public_key());
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

BOOST_AUTO_TEST_CASE(genesis_comes_back)
{
    const Genesis genesis = test::alliance();
    BOOST_TEST((Genesis::from_json(genesis.to_json()).value() == genesis));
    const Record record = genesis_record(genesis);
    BOOST_TEST((Record::from_json(record.to_json()).value() == record));
    BOOST_TEST((genesis_from_record(record).value() == genesis));
}

BOOST_AUTO_TEST_CASE(the_id_is_name_and_hash)
{
    Genesis genesis = test::alliance();
    const auto id = genesis.chain_id();
    BOOST_TEST(id == "jdht/" + hex(sha256(genesis.to_json().canonical())).substr(0, 16));
    genesis.random[0] ^= 1;
    BOOST_TEST(genesis.chain_id() != id);
}

BOOST_AUTO_TEST_CASE(the_alliance_file_is_read)
{
    const auto genesis = read(file());
    BOOST_REQUIRE(genesis.has_value());
    BOOST_TEST(genesis->members.size() == 4U);
    BOOST_TEST(genesis->policy.skew == 300);
    BOOST_TEST((genesis->succession ==
                std::vector<std::string>{"manager", "custodian", "servicer", "trustee"}));
    BOOST_TEST((genesis->random == seeded_random("genesis")()));
    BOOST_TEST((genesis->log_key == test::log_key().public_key()));

    const auto other = read("log_key = \"" + to_text(test::key_of("x").public_key()) +
                            "\"\nroots = [\"AAAA\"]\nsuites = [\"ed25519\"]\n" + file() +
                            "[policy]\nskew = 60\nlag = 3600\nvalid_until_max = 86400\n"
                            "body_limit = 1048576\n");
    BOOST_REQUIRE(other.has_value());
    BOOST_TEST((other->log_key == test::key_of("x").public_key()));
    BOOST_TEST(other->policy.lag == 3600);
    BOOST_TEST(other->roots.size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_problem_of_the_file_is_reported)
{
    for (const auto& [from, to, part] : std::vector<std::array<std::string, 3>>{
             {"name = \"jdht\"", "name = \"e2\"", "no name for a chain"},
             {"orderer = \"manager\"", "orderer = \"nobody\"", "'nobody' is not a member"},
             {"orderer =", "succession = [\"manager\"]\norderer =", "succession"},
             {"orderer =", "suites = [\"sm2\"]\norderer =", "suites"},
             {"orderer =", "roots = [\"?\"]\norderer =", "base64"},
             {"orderer =", "ordrer =", "ordrer"},
             {"[\"trustee\"]", "[]", "role"},
             {"[\"trustee\"]", "[\"trustee\", \"trustee\"]", "twice"},
             {"[\"trustee\"]", "[\"trustee\"]\nsuite = \"sm2\"", "suite"},
             {"[\"trustee\"]", "[\"trustee\"]\ncertificate = \"?\"", "certificate"},
             {"name = \"trustee\"", "name = \"Trustee\"", "no name for a member"},
             {"name = \"trustee\"", "name = \"servicer\"", "twice"},
             {to_text(test::key_of("trustee").public_key()), "AAAA", "public key"},
             {"orderer =", "policy = {lag = 1}\norderer =", "lag"},
             {"orderer =", "policy = {skew = -1}\norderer =", "skew"},
             {"orderer =", "policy = {valid_until_max = 0}\norderer =", "valid_until_max"},
             {"orderer =", "policy = {body_limit = 1}\norderer =", "body_limit"}}) {
        const auto read_back = read(replaced(file(), from, to));
        BOOST_REQUIRE_MESSAGE(!read_back.has_value(), to);
        bool named = false;
        for (const auto& error : read_back.error()) {
            named = named || error.message.find(part) != std::string::npos;
            BOOST_TEST(error.where.file == "alliance.toml");
        }
        BOOST_TEST(named, to << ": " << read_back.error()[0].message);
    }
    BOOST_TEST(!read("name =").has_value());
    BOOST_TEST(!read_alliance("/nowhere/alliance.toml", 1, seeded_random("x"), {}).has_value());
    BOOST_TEST(!parse_alliance(file(), "a", 1, seeded_random("x"), {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_genesis_that_is_not_whole_is_refused)
{
    const Json good = test::alliance().to_json();
    const auto refused = [&](const char* key, Json value) {
        Json json = good;
        json[key] = std::move(value);
        return !Genesis::from_json(json).has_value();
    };
    BOOST_TEST(refused("v", 2));
    BOOST_TEST(refused("rules", 2));
    BOOST_TEST(refused("rules", 0));
    BOOST_TEST(refused("time", 0));
    BOOST_TEST(refused("log_key", "AAAA"));
    BOOST_TEST(refused("log_key", to_text(test::key_of("manager").public_key())));
    BOOST_TEST(refused("members", Json::Array{}));
    BOOST_TEST(refused("policy", Json::object({})));
    BOOST_TEST(refused("random", "00"));
    BOOST_TEST(refused("succession", Json::Array{"manager"}));
    BOOST_TEST(refused("more", 1));
    Json::Array backwards = good.find("members")->as_array();
    std::reverse(backwards.begin(), backwards.end());
    BOOST_TEST(refused("members", backwards));
    backwards[0]["name"] = "E";
    BOOST_TEST(refused("members", backwards));
}

BOOST_AUTO_TEST_CASE(the_record_must_be_that_of_its_genesis)
{
    const Record good = genesis_record(test::alliance());
    const auto refused = [](const Record& record) {
        const auto read_back = genesis_from_record(record);
        return !read_back.has_value() && read_back.error()[0].id == "bad-genesis";
    };
    Record bad = good;
    bad.chain = "jdht/0000000000000000";
    BOOST_TEST(refused(bad));
    bad = good;
    bad.type = "terms";
    BOOST_TEST(refused(bad));
    bad = good;
    bad.author = "manager";
    BOOST_TEST(refused(bad));
    bad = good;
    bad.business_date = Date{};
    BOOST_TEST(refused(bad));
    bad = good;
    bad.public_part["time"] = 1'541'635'201;
    BOOST_TEST(refused(bad));
    bad.public_part["time"] = 0;
    BOOST_TEST(refused(bad));
}

BOOST_AUTO_TEST_SUITE_END()
