// Mutation: each parser on thousands of changed copies of good input: a value or an error, no abort.
//
// Changes are what damage and malice do: bits, bytes, cuts, pieces doubled, moved, or replaced by
// words that parsers trip over. Seeded; TRANCHAIN_TORTURE repeats.
// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <functional>
#include <iterator>
#include <random>

#include <boost/test/unit_test.hpp>

#include "chain/block.hpp"
#include "chain/bundle.hpp"
#include "chain/genesis.hpp"
#include "chain/proof.hpp"
#include "chain/state.hpp"
#include "data/csv.hpp"
#include "data/json.hpp"
#include "data/mapping.hpp"
#include "data/tape.hpp"
#include "data/toml.hpp"
#include "tests/alliance_fixture.hpp"
#include "tests/judge_fixture.hpp"
#include "tests/seed.hpp"
#include "waterfall/exact/deal_file.hpp"
#include "waterfall/exact/pool.hpp"
#include "waterfall/exact/program_json.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(mutation_tests)

std::string bytes_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(file.good(), path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// One to four changes.
std::string mutated(std::string bytes, std::mt19937_64& random)
{
    static const std::vector<std::string> words{
        "-1", "9223372036854775807", "-9223372036854775808", "9007199254740992", "1e999", "\0x",
        "\xff\xfe", "\xef\xbb\xbf", "[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\"\"", "null",
        "9999999999999.99", "-0.00", "2199-12-31", "0000-00-00", "1900-01-01", "\r\n", "\"", "%",
        "100000.00%", "(((((((((((((((((((((((((", "min(", " * ", "\xe4\xb8\x87", "\n\n"};
    const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
    for (std::size_t n = 1 + below(4); n > 0; --n) {
        const std::size_t at = below(bytes.size() + 1);
        const std::size_t size = below(1 + std::min<std::size_t>(40, bytes.size() - at));
        switch (below(7)) {
        case 0:
            if (at < bytes.size())
                bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^
                                              (1U << below(8)));
            break;
        case 1:
            if (at < bytes.size()) bytes[at] = static_cast<char>(random() % 256);
            break;
        case 2:
            bytes.erase(at, size);
            break;
        case 3:
            bytes.insert(at, bytes.substr(at, size));
            break;
        case 4:
            bytes.insert(at, words[below(words.size())]);
            break;
        case 5:
            bytes.replace(at, size, words[below(words.size())]);
            break;
        case 6:
            if (below(8) == 0) bytes.resize(at);
            break;
        }
    }
    return bytes;
}

/// `parse` says whether it accepted what it got: the good input it must, half of it it must not.
void try_copies(const std::string& good, std::size_t copies,
                       const std::function<bool(const std::string&)>& parse)
{
    std::mt19937_64 random(test_seed());
    BOOST_TEST(parse(good));
    BOOST_TEST(!parse(good.substr(0, good.size() / 2)));
    for (std::size_t i = 0; i < copies * test_torture(); ++i)
        static_cast<void>(parse(mutated(good, random)));
}

struct Grown {
    Grown() { a.grow(3); }
    Alliance a;
};


BOOST_AUTO_TEST_CASE(canonical_text)
{
    const std::string text = build_terms(test::small_deal(), Hash{}).public_part.canonical();
    try_copies(text, 400, [](const std::string& s) {
        const auto json = parse_canonical(s);
        if (json) BOOST_TEST(json->canonical() == s);   // one value, one text
        if (!json) return false;
        const Json* program = json->is_object() ? json->find("program") : nullptr;
        if (!program) return false;
        const auto read = program_from_json(*program);
        return read && unsound(*read).empty();
    });
    try_copies(text, 400, [](const std::string& s) { return parse_json(s).has_value(); });
}

/// Every kind of bytes that members exchange, as a small chain has them.
BOOST_FIXTURE_TEST_CASE(what_members_exchange, Grown)
{
    const StoredBlock block = **a.at(0).store().block(2);
    try_copies(block.header, 2000, [](const std::string& s) { return Header::parse(s).has_value(); });
    try_copies(block.checkpoint.str(), 2000, [&](const std::string& s) {
        const auto note = Note::parse(s);
        if (note) static_cast<void>(Checkpoint::parse(note->text));
        if (note)
            for (const NoteLine& line : note->lines) static_cast<void>(cosignature_parts(line));
        return note && check_endorsements(*note, a.at(0).chain(), 1, a.genesis.members, 3).empty();
    });
    const std::string entry = block.body.substr(0, block.body.find('\n'));
    try_copies(entry, 2000, [&](const std::string& s) {
        const auto parsed = SignedRecord::parse(s);
        const bool good = parsed && check_signatures(*parsed, a.genesis.members).empty();
        if (good) BOOST_TEST(s == entry);   // what was signed, and nothing else
        return good;
    });
    try_copies(a.record(1, "statement", 9, {1, 2}).str(), 1000, [](const std::string& s) {
        return SubmissionFile::parse(s, "s").has_value();
    });
    const std::string bundle = export_bundle(a.at(0), "custodian", 0)->str();
    try_copies(bundle, 60, [&](const std::string& s) {
        const auto b = Bundle::parse(s, "b");
        return b && import_bundle(a.at(1), *b).has_value();
    });
    try_copies(a.at(0).state().to_json().canonical(), 1000, [](const std::string& s) {
        return ChainState::parse(s).has_value();
    });
    InclusionProof inclusion;
    inclusion.path = {sha256("a"), sha256("b")};
    inclusion.checkpoint = block.checkpoint;
    try_copies(inclusion.str(), 2000, [&](const std::string& s) {
        const auto p = InclusionProof::parse(s);
        if (p) static_cast<void>(verify_inclusion(*p, block.header));
        return p.has_value();
    });
}

BOOST_AUTO_TEST_CASE(files_of_people)
{
    const std::string deal = bytes_of("data/deal/jdht-2018-6.toml");
    try_copies(deal, 150, [](const std::string& s) { return parse_deal(s, "d.toml").has_value(); });
    const std::string map = bytes_of("data/map/ibm-ar.toml");
    try_copies(map, 300, [](const std::string& s) {
        const auto mapping = parse_mapping(s, "m.toml");
        if (mapping)
            static_cast<void>(parse_ledger("invoiceNumber,x\n1,2\n", "l.csv", *mapping));
        return mapping.has_value();
    });
    std::string tape = bytes_of("tests/golden/life/tape.csv");
    try_copies(tape, 1000, [](const std::string& s) { return parse_tape(s, "t.csv").has_value(); });
    std::mt19937_64 random(test_seed());
    const std::string csv = "\xef\xbb\xbf" "a,b,\xe9\x87\x91\xe9\xa2\x9d\r\n1,\"x,\"\"y\",3\r\n";
    for (std::size_t i = 0; i < 2000 * test_torture(); ++i)
        static_cast<void>(parse_csv(mutated(csv, random), "c.csv"));
}

/// Private state comes from the member's own disk, which may be damaged too.
BOOST_AUTO_TEST_CASE(private_state)
{
    test::Driver d(test::small_deal());
    d.snapshot({{"R-1", "o1", "2019-03-15", "500000.00", "495000.00"}});
    d.close(test::date("2019-02-01"));
    try_copies(d.with.private_state(), 2000,
               [](const std::string& s) { return Pool::from_bytes(s).has_value(); });
    std::mt19937_64 random(test_seed());
    const std::string state = d.with.public_state();
    for (std::size_t i = 0; i < 100 * test_torture(); ++i)
        static_cast<void>(Judge::open(mutated(state, random), std::nullopt));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
