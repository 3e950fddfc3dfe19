// Block: headers, bodies and links of a six-block chain, and every flipped byte of them.
// SPDX-License-Identifier: Apache-2.0
#include "chain/block.hpp"

#include <boost/test/unit_test.hpp>

#include "data/csv.hpp"
#include "tests/alliance.hpp"

using namespace tranchain;

BOOST_AUTO_TEST_SUITE(block_tests)

namespace {

std::string ids(const Errors& errors)
{
    std::string out;
    for (const auto& error : errors) {
        out += (out.empty() ? "" : " ") + error.id;
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(blocks_come_back)
{
    const auto blocks = test::chain(test::alliance(), 6);
    const Header* previous = nullptr;
    for (const Block& block : blocks) {
        BOOST_TEST((Header::parse(block.header.canonical()).value() == block.header));
        BOOST_TEST((parse_body(block.body()).value() == block.records));
        BOOST_TEST(ids(check_body(block.header, block.body())) == "");
        BOOST_TEST(ids(check_link(block.header, previous)) == "");
        previous = &block.header;
    }
    BOOST_TEST((blocks[3].header.prev == sha256(blocks[2].header.canonical())));
    BOOST_TEST((blocks[3].header.leaf() == leaf_hash(blocks[3].header.canonical())));
}

// A changed header either does not read, or no longer is the leaf that was endorsed.
BOOST_AUTO_TEST_CASE(every_flipped_byte_of_a_header_is_found)
{
    const auto blocks = test::chain(test::alliance(), 6);
    for (const Block& block : blocks) {
        const auto bytes = block.header.canonical();
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            auto changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            const auto read = Header::parse(changed);
            BOOST_TEST((!read || read->leaf() != block.header.leaf()), "byte " << i);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_of_a_body_is_found)
{
    const auto blocks = test::chain(test::alliance(), 2);
    const auto bytes = blocks[1].body();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        const auto found = ids(check_body(blocks[1].header, changed));
        BOOST_TEST(found.starts_with("bad-body-hash"), "byte " << i << ": " << found);
    }
    BOOST_TEST(ids(check_body(blocks[1].header, bytes + bytes)) ==
               "bad-body-size bad-body-hash bad-records-root");
    BOOST_TEST(ids(check_body(blocks[1].header, "")) == "bad-body-size bad-body-hash bad-body");
    BOOST_TEST(!parse_body(bytes.substr(0, bytes.size() - 1)).has_value());
}

BOOST_AUTO_TEST_CASE(malformed_headers)
{
    const Json good = test::chain(test::alliance(), 2)[1].header.to_json();
    const auto refused = [&](const char* key, Json value) {
        Json json = good;
        json[key] = std::move(value);
        return !Header::parse(json.canonical()).has_value();
    };
    BOOST_TEST(refused("v", 2));
    BOOST_TEST(refused("attempt", 0));
    BOOST_TEST(refused("epoch", 0));
    BOOST_TEST(refused("height", -1));
    BOOST_TEST(refused("records", 0));
    BOOST_TEST(refused("body_size", 0));
    BOOST_TEST(refused("rules", 0));
    BOOST_TEST(refused("time", 0));
    BOOST_TEST(refused("orderer", "e2"));
    BOOST_TEST(refused("prev", "00"));
    BOOST_TEST(refused("chain", 1));
    BOOST_TEST(refused("more", 1));
    BOOST_TEST(refused("chain", std::string(header_limit, 'x')));
    BOOST_TEST(!Header::parse(good.pretty()).has_value());
    BOOST_TEST(!Header::parse("[]").has_value());
}

BOOST_AUTO_TEST_CASE(broken_links)
{
    const auto blocks = test::chain(test::alliance(), 3);
    const auto link = [&](auto change) {
        Header header = blocks[2].header;
        change(header);
        return ids(check_link(header, &blocks[1].header));
    };
    BOOST_TEST(link([](Header& h) { h.chain = "other/0123456789abcdef"; }) == "bad-chain");
    BOOST_TEST(link([](Header& h) { h.height = 3; }) == "bad-height");
    BOOST_TEST(link([](Header& h) { h.prev[0] ^= 1; }) == "bad-prev-hash");
    BOOST_TEST(link([&](Header& h) { h.time = blocks[1].header.time; }) == "");
    BOOST_TEST(link([&](Header& h) { h.time = blocks[1].header.time - 1; }) == "bad-time");
    BOOST_TEST(link([](Header& h) { h.epoch = 0; }) == "bad-epoch");
    BOOST_TEST(link([](Header& h) { h.rules = 0; }) == "bad-rules");
    BOOST_TEST(link([](Header& h) { h.rules = newest_rules + 1; }) == "bad-rules");
    const auto first = [&](auto change) {
        Header header = blocks[0].header;
        change(header);
        return ids(check_link(header, nullptr));
    };
    BOOST_TEST(first([](Header& h) { h.height = 1; }) == "bad-height");
    BOOST_TEST(first([](Header& h) { h.prev[0] = 1; }) == "bad-genesis");
    BOOST_TEST(first([](Header& h) { h.attempt = 2; }) == "bad-genesis");
}

// The page says that every byte of its example can be made again.
BOOST_AUTO_TEST_CASE(the_worked_example_of_the_manual)
{
    std::string page = read_file("man/tranchain-chain.5").value();
    std::erase(page, '\n');
    for (auto at = page.find("\\(em"); at != std::string::npos; at = page.find("\\(em")) {
        page.replace(at, 4, "\xe2\x80\x94");
    }
    const auto genesis = test::alliance(3);
    const auto blocks = test::chain(genesis, 2);
    const Header& header = blocks[1].header;
    ReadyAnswer ready;
    ready.chain = genesis.chain_id();
    ready.height = 1;
    ready.header = header.hash();
    ready.member = "custodian";
    ready.sign(test::key_of("custodian"));
    std::string note =
        test::checkpoint(genesis, blocks, {"custodian", "manager", "servicer"}).str();
    std::erase(note, '\n');
    for (const std::string& part :
         {genesis.to_json().canonical(), genesis.chain_id(), blocks[1].records[0].canonical(),
          header.canonical(), ".Li " + hex(blocks[1].records[0].leaf()).substr(0, 16),
          ".Li " + hex(header.hash()).substr(0, 16), ".Li " + hex(header.leaf()).substr(0, 16),
          ready.canonical(), note}) {
        BOOST_TEST(page.find(part) != std::string::npos, part);
    }
}

BOOST_AUTO_TEST_SUITE_END()
