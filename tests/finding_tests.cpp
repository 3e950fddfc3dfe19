// Findings: ids are unique words; those that few faults lead to are made here, one by one.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "chain/store_schema.hpp"
#include "chain/verify.hpp"
#include "data/database.hpp"
#include "tests/alliance_fixture.hpp"

namespace tranchain {

BOOST_AUTO_TEST_SUITE(finding_tests)

/// Whether the report of a bundle or database has this finding at this block.
bool has(const Result<VerifyReport>& report, std::string_view id, std::int64_t block)
{
    BOOST_REQUIRE(report);
    for (const Finding& f : report->findings)
        if (f.id == id && f.block == block) return true;
    return false;
}

struct Chain {
    Chain() { a.grow(5); }
    Alliance a;

    Result<VerifyReport> check(const Bundle& b)
    {
        return verify_chain(source_of(b), a.contract, {});
    }
    Bundle bundle(const std::string& to = "trustee") { return *export_bundle(a.at(0), to, 0); }

    /// A bundle whose block 4 has a header that was changed and encoded again.
    template <class Change>
    Result<VerifyReport> with_header(Change change)
    {
        Bundle b = bundle();
        Header h = *Header::parse(b.blocks.at(4).header);
        change(h);
        b.blocks.at(4).header = h.canonical();
        return check(b);
    }
    /// A bundle whose block 4 holds a record that its author signed so.
    template <class Change>
    Result<VerifyReport> with_record(Change change)
    {
        Bundle b = bundle(""); // rows would be missed first
        SignedRecord s = parse_body(b.blocks.at(4).body)->front();
        change(s.record);
        s.signatures.clear();
        s.sign(a.keys[1], "custodian");
        b.blocks.at(4).body = s.canonical() + "\n";
        return check(b);
    }
    /// A database in which what is stored of a member's line on block 4 was replaced.
    Result<VerifyReport> with_stored_line(const std::string& member, const Note& note)
    {
        a.close(0);
        {
            auto db = Database::open(a.database(0), Open::write, public_kind);
            BOOST_REQUIRE(db);
            BOOST_REQUIRE(
                db->run("DROP TRIGGER IF EXISTS endorsement_u; UPDATE endorsement SET note = '" +
                        note.str() + "' WHERE height = 4 AND member = '" + member + "'"));
        }
        auto store = Store::open(a.database(0), Open::read);
        return verify_chain(source_of(*store), a.contract, {});
    }
};


BOOST_AUTO_TEST_CASE(ids_are_unique_words)
{
    std::set<std::string_view> seen;
    for (const auto& [id, meaning] : chain_findings()) {
        BOOST_TEST_CONTEXT(id)
        {
            BOOST_TEST(seen.insert(id).second);
            BOOST_TEST(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") ==
                       std::string_view::npos);
            BOOST_TEST(!meaning.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(text_names_the_place)
{
    Finding f = make_finding(finding::bad_rows_root, "another root", 41, "2 (snapshot)");
    f.row = "R-1";
    f.field = "face";
    BOOST_TEST(f.str() ==
               "block 41, record 2 (snapshot), row R-1, field face: [bad-rows-root] another root");
    BOOST_TEST(make_finding(finding::bad_genesis, "x").str() == "[bad-genesis] x");
}

BOOST_FIXTURE_TEST_CASE(a_header_not_in_force, Chain)
{
    BOOST_TEST(has(with_header([](Header& h) { h.orderer = "custodian"; }), "bad-orderer", 4));
    BOOST_TEST(has(with_header([](Header& h) { h.members = sha256("others"); }), "bad-members", 4));
    Bundle b = bundle();
    b.blocks.at(4).header = "{}";
    BOOST_TEST(has(check(b), "bad-header", 4));
}

BOOST_FIXTURE_TEST_CASE(a_record_that_no_block_may_hold, Chain)
{
    BOOST_TEST(has(with_record([](Record& r) { r.v = 2; }), "unknown-version", 4));
    BOOST_TEST(has(with_record([](Record& r) { r.seq = 9; }), "bad-seq", 4));
    BOOST_TEST(
        has(with_record([](Record& r) { r.valid_until += 100'000'000; }), "bad-validity", 4));
    BOOST_TEST(
        has(with_record([](Record& r) { r.public_part["wait"] = 99; }), "refused-record", 4));
}

BOOST_FIXTURE_TEST_CASE(rows_out_of_order, Chain)
{
    Bundle b = bundle();
    auto& rows = b.rows.at(hex(parse_body(b.blocks.at(4).body)->front().record.hash()));
    std::swap(rows.front(), rows.back());
    BOOST_TEST(has(check(b), "bad-rows-order", 4));
}

BOOST_FIXTURE_TEST_CASE(a_log_line_of_another_key, Chain)
{
    Note note = (*a.at(0).store().block(4))->checkpoint;
    const std::string origin = Checkpoint::parse(note.text)->origin;
    note.lines = {sign_log_line(Key::from_seed(sha256("another log")), origin, note.text)};
    BOOST_TEST(has(with_stored_line("", note), "bad-log-line", 4));
}

/// Four members sign where three are needed, so the quorum alone would not miss the fourth.
BOOST_FIXTURE_TEST_CASE(a_stored_endorsement_under_another_key, Chain)
{
    const auto notes = *a.at(0).store().endorsements(4);
    const auto servicer = std::find_if(notes.begin(), notes.end(),
                                       [](const auto& n) { return n.first == "servicer"; });
    BOOST_REQUIRE((servicer != notes.end()));
    Note note = servicer->second;
    note.lines.front().key_id ^= 1;
    BOOST_TEST(has(with_stored_line("servicer", note), "bad-endorsement", 4));
}

/// Another machine answers with our key; its answer comes back to us in a bundle.
BOOST_FIXTURE_TEST_CASE(an_answer_of_our_key_that_we_did_not_give, Chain)
{
    a.submit(a.record(1, "statement", 4, {8}));
    a.now += 60;
    BOOST_REQUIRE(a.at(0).propose(a.now));
    Bundle b = *export_bundle(a.at(0), "custodian", 0);
    ReadyAnswer answer = b.answers.at(0);
    answer.member = "custodian";
    answer.sign(a.keys[1]);
    b.answers.push_back(answer);
    const auto imported = import_bundle(a.at(1), b);
    BOOST_REQUIRE(!imported);
    BOOST_TEST(imported.error().id == "unknown-own-signature");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tranchain
