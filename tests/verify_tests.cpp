// Verify: a good chain passes, and each kind of damage is named at its place.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "tests/alliance_fixture.hpp"

#include "chain/verify.hpp"
#include "data/database.hpp"
#include "chain/store_schema.hpp"

namespace tranchain {

namespace verify_tests {

VerifyReport report_of(const Bundle& bundle, const VerifyOptions& options = {})
{
    const CountingContract contract;
    auto report = verify_chain(source_of(bundle), contract, options);
    BOOST_REQUIRE(report);
    return *report;
}

/// `ID@BLOCK`s, for short comparisons.
std::string found(const VerifyReport& r)
{
    std::string all;
    for (const Finding& f : r.findings)
        all += (all.empty() ? "" : " ") + f.id + "@" + std::to_string(f.block);
    return all;
}

struct Grown {
    Grown() { a.grow(5); }
    Alliance a;
    Bundle bundle(const std::string& to = "trustee") { return *export_bundle(a.at(0), to, 0); }
};

/// Changes the row database behind the store's back, triggers and all.
void change_rows(const std::string& path, const std::string& sql)
{
    auto db = Database::open(Store::rows_path(path), Open::write, rows_kind);
    BOOST_REQUIRE(db);
    BOOST_REQUIRE(db->run(sql));
}

/// The same for the public file.
void change_public(const std::string& path, const std::string& sql)
{
    auto db = Database::open(path, Open::write, public_kind);
    BOOST_REQUIRE(db);
    for (const char* table : {"block", "record", "candidate", "endorsement", "answer", "evidence",
                              "own_endorsement"})
        BOOST_REQUIRE(db->run(std::string("DROP TRIGGER IF EXISTS ") + table + "_u"));
    BOOST_REQUIRE(db->run(sql));
}

} // namespace verify_tests

BOOST_FIXTURE_TEST_SUITE(verify_tests, Grown)

BOOST_AUTO_TEST_CASE(good_chain_passes)
{
    const VerifyReport r = report_of(bundle());
    BOOST_TEST(found(r) == "");
    BOOST_TEST(r.blocks == 5);
    BOOST_TEST(r.records == 5);
    BOOST_TEST(r.executed == 5);
    BOOST_TEST(r.rows == 9);
    BOOST_TEST(r.endorsements >= 15);
    BOOST_TEST(r.newest == 4);
    BOOST_TEST(r.not_checked.size() == 1u);
}

BOOST_AUTO_TEST_CASE(outsider_says_what_was_not_checked)
{
    const VerifyReport r = report_of(bundle(""));
    BOOST_TEST(found(r) == "");
    BOOST_TEST(r.not_checked.count("aggregates not checked against rows"));
    BOOST_TEST(r.executed == 5);
}

BOOST_AUTO_TEST_CASE(database_says_the_same)
{
    const auto r = verify_chain(source_of(a.at(2).store()), a.contract, {});
    BOOST_REQUIRE(r);
    BOOST_TEST(found(*r) == "");
    BOOST_TEST(r->executed == 5);
}

BOOST_AUTO_TEST_CASE(changed_record_is_named)
{
    Bundle b = bundle("");
    std::string& body = b.blocks.at(3).body;
    body[body.find("\"total\":") + 8] = '7';
    const VerifyReport r = report_of(b);
    BOOST_TEST(found(r).find("bad-body-hash@3") != std::string::npos);
    bool named = false;
    for (const Finding& f : r.findings)
        named = named || (f.id == "bad-record-signature" &&
                          f.record == "1 (statement of custodian, deal tally, number 2)");
    BOOST_TEST(named);
}

BOOST_AUTO_TEST_CASE(changed_header_breaks_link_and_log)
{
    Bundle b = bundle("");
    std::string& header = b.blocks.at(2).header;
    const std::size_t at = header.find("\"time\":") + 7;
    header[at + 9] = header[at + 9] == '9' ? '8' : '9';
    const std::string text = found(report_of(b));
    BOOST_TEST(text.find("bad-checkpoint@2") != std::string::npos);
    BOOST_TEST(text.find("bad-prev-hash@3") != std::string::npos);
    BOOST_TEST(text.find("bad-checkpoint@4") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(missing_block_is_named)
{
    Bundle b = bundle("");
    b.blocks.erase(2);
    BOOST_TEST(found(report_of(b)).find("missing-block@2") == 0u);
}

BOOST_AUTO_TEST_CASE(forged_state_is_found)
{
    // The orderer alone re-signs nothing: a header whose state is a lie has no quorum either.
    Bundle b = bundle("");
    StoredBlock& last = b.blocks.at(4);
    Header h = *Header::parse(last.header);
    h.state = sha256("lie");
    last.header = h.canonical();
    const std::string text = found(report_of(b));
    BOOST_TEST(text.find("bad-state@4") != std::string::npos);
    BOOST_TEST(text.find("bad-checkpoint@4") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stripped_endorsements_are_found)
{
    Bundle b = bundle("");
    b.blocks.at(3).checkpoint.lines.resize(2);
    BOOST_TEST(found(report_of(b)) == "no-quorum@3");
}

BOOST_AUTO_TEST_CASE(changed_row_is_named_with_its_field)
{
    a.close(2);
    change_rows(a.database(2), "UPDATE row SET fields = '[[\"row\",\"9\"]]' WHERE key = 'row-1001'");
    auto store = Store::open(a.database(2), Open::read);
    BOOST_REQUIRE(store);
    const auto r = verify_chain(source_of(*store), a.contract, {});
    BOOST_REQUIRE(r);
    BOOST_REQUIRE(!r->findings.empty());
    const Finding& f = r->findings.front();
    BOOST_TEST(f.id == "bad-rows-root");
    BOOST_TEST(f.block == 2);
    BOOST_TEST(f.row == "row-1001");
    BOOST_TEST(f.field == "row");
}

BOOST_AUTO_TEST_CASE(missing_and_added_rows_are_found)
{
    a.close(2);
    change_rows(a.database(2), "DELETE FROM row WHERE key = 'row-1001'");
    {
        auto store = Store::open(a.database(2), Open::read);
        const auto r = verify_chain(source_of(*store), a.contract, {});
        BOOST_TEST(found(*r).find("bad-rows-count@2") == 0u);
    }
    change_rows(a.database(2), "DELETE FROM row");
    auto store = Store::open(a.database(2), Open::read);
    const auto r = verify_chain(source_of(*store), a.contract, {});
    BOOST_TEST(found(*r).find("missing-rows@2") == 0u);
}

BOOST_AUTO_TEST_CASE(changed_index_is_found)
{
    a.close(2);
    {
        auto db = Database::open(a.database(2), Open::write, public_kind);
        BOOST_TEST(!db->run("UPDATE record SET author = 'trustee'"));   // the trigger
        BOOST_REQUIRE(db->run("DROP TRIGGER record_u; UPDATE record SET author = 'trustee' "
                              "WHERE height = 3"));
    }
    auto store = Store::open(a.database(2), Open::read);
    BOOST_REQUIRE(store);
    const auto r = verify_chain(source_of(*store), a.contract, {});
    BOOST_TEST(found(*r) == "bad-index@3");
}

/// What is kept beside the final blocks: proposals, own votes, states, submissions, columns.
BOOST_AUTO_TEST_CASE(changes_beside_the_blocks_are_found)
{
    a.submit(a.record(1, "statement", 4, {8}));
    BOOST_REQUIRE(a.at(0).propose(a.now));
    BOOST_REQUIRE(a.send(0, 2));
    a.close(2);
    const std::string path = a.database(2);
    const std::string sound = a.folder / "sound";
    std::filesystem::create_directory(sound);
    const auto copy = [&](const std::string& from, const std::string& to) {
        for (const char* end : {".db", ".rows.db"})
            std::filesystem::copy_file(from + "/servicer" + end, to + "/servicer" + end,
                                       std::filesystem::copy_options::overwrite_existing);
    };
    copy(a.folder.path(), sound);
    const auto after = [&](const std::string& sql, bool rows = false) {
        copy(sound, a.folder.path());
        rows ? change_rows(path, sql) : change_public(path, sql);
        auto store = Store::open(path, Open::read);
        BOOST_REQUIRE(store);
        const auto r = verify_chain(source_of(*store), a.contract, {});
        BOOST_REQUIRE(r);
        return found(*r);
    };
    BOOST_TEST(after("SELECT 1") == "");
    BOOST_TEST(after("UPDATE block SET hash = 'x' WHERE height = 2") == "bad-index@2");
    BOOST_TEST(after("UPDATE candidate SET body = replace(body, '\"total\":8', '\"total\":9') "
                     "WHERE height = 5") == "bad-body-hash@5 bad-records-root@5");
    BOOST_TEST(after("UPDATE candidate SET attempt = 7 WHERE height = 5") == "bad-index@5");
    BOOST_TEST(after("UPDATE own_endorsement SET header = replace(header, '\"height\":4', "
                     "'\"height\":3') WHERE height = 4") == "bad-index@4");
    BOOST_TEST(after("UPDATE own_endorsement SET body = 'x' WHERE height = 4")
                   .find("bad-body-size@4") == 0u);
    BOOST_TEST(after("UPDATE answer SET member = 'trustee' WHERE height = 5") == "bad-answer@5");
    BOOST_TEST(after("UPDATE answer SET attempt = 2 WHERE height = 5") == "bad-index@5");
    BOOST_TEST(after("UPDATE endorsement SET height = 3 WHERE height = 4 AND member = 'trustee'")
                   .find("bad-index@3") != std::string::npos);
    BOOST_TEST(after("INSERT INTO evidence VALUES('00', 'two-records', 'x')") == "bad-index@-1");
    BOOST_TEST(after("UPDATE state SET height = 3") == "bad-index@4");
    BOOST_TEST(after("UPDATE deal_state SET bytes = bytes || ' '") == "bad-index@4");
    BOOST_TEST(after("UPDATE private_state SET bytes = x'31'", true) == "bad-index@4");
    BOOST_TEST(after("DROP TRIGGER submission_u; UPDATE submission SET hash = 'x' "
                     "WHERE arrival = 1", true) == "bad-index@-1");
    BOOST_TEST(after("UPDATE submission_signature SET member = 'trustee'", true)
                   .find("unwanted-signature@-1") != std::string::npos);
}

/// A member signs what he signed before; never what a changed file says he did.
BOOST_AUTO_TEST_CASE(a_changed_own_vote_is_not_signed_again)
{
    a.submit(a.record(1, "statement", 4, {8}));
    a.now += 60;
    a.ask();
    BOOST_REQUIRE(a.at(0).endorse(a.now));
    a.close(0);
    const std::string path = a.database(0);
    change_public(path, "UPDATE own_endorsement SET time = time + 1 WHERE height = 5");
    a.open(0);
    const auto other_time = a.at(0).endorse(a.now);
    BOOST_REQUIRE(!other_time);
    BOOST_TEST(other_time.error().id == "bad-database");
    a.close(0);
    change_public(path, "UPDATE own_endorsement SET time = time - 1, "
                        "header = replace(header, '\"attempt\":1', '\"attempt\":2') "
                        "WHERE height = 5");
    a.open(0);
    const auto other_header = a.at(0).endorse(a.now);
    BOOST_REQUIRE(!other_header);
    BOOST_TEST(other_header.error().id == "bad-database");
}

BOOST_AUTO_TEST_CASE(shorter_and_forked_copies_are_found)
{
    const Bundle b = bundle("");
    VerifyOptions options;
    options.against = b.blocks.at(4).checkpoint;
    BOOST_TEST(found(report_of(b, options)) == "");
    Bundle cut = b;
    cut.blocks.erase(4);
    BOOST_TEST(found(report_of(cut, options)) == "shorter-copy@3");

    const auto against = [&](auto change) {
        auto checkpoint = *Checkpoint::parse(b.blocks.at(4).checkpoint.text);
        change(checkpoint);
        Note forged{checkpoint.text(), {}};
        for (std::size_t i = 0; i < 4; ++i)
            forged.lines.push_back(cosign(a.keys[i], key_name(b.chain, alliance_names[i]),
                                          forged.text, a.now));
        options.against = forged;
        return found(report_of(b, options));
    };
    BOOST_TEST(against([](Checkpoint&) {}) == "");
    BOOST_TEST(against([](Checkpoint& c) {
                   c.root[0] = static_cast<std::uint8_t>(c.root[0] ^ 1);
               }) == "forked-copy@4");
    // The same blocks in another orderer's term.
    BOOST_TEST(against([](Checkpoint& c) { c.origin += "/e2"; }) == "forked-copy@4");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
