// Store: what goes in comes out, once; signed things are never changed.
// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "chain/store.hpp"
#include "chain/store_schema.hpp"
#include "tests/folder.hpp"

namespace tranchain {

namespace store_tests {

struct Fresh {
    TestFolder folder;
    std::string path = folder / "x.db";
    Store store = *Store::create(path, true);
};

std::vector<Row> some_rows(std::size_t n)
{
    std::vector<Row> rows;
    const RandomSource random = seeded_random("rows");
    for (std::size_t i = 0; i < n; ++i)
        rows.push_back({"key-" + std::to_string(100 + i), {{"a", "1"}, {"b", "x\"y"}}, random()});
    return rows;
}

} // namespace store_tests

BOOST_FIXTURE_TEST_SUITE(store_tests, Fresh)

BOOST_AUTO_TEST_CASE(empty_store_has_no_tip)
{
    BOOST_TEST(store.tip().value() == -1);
    BOOST_TEST(!store.block(0).value().has_value());
    BOOST_TEST(store.state()->height == -1);
    BOOST_TEST(!Store::create(path, true));   // an existing file is never replaced
    BOOST_TEST(!Store::open(folder / "absent.db", Open::write));
}

BOOST_AUTO_TEST_CASE(blocks_come_back)
{
    const StoredBlock block{0, "header", "body\n", Note{"origin\n1\nroot\n", {}}};
    const std::vector<RecordPlace> places = {{0, 0, "h", "d", "terms", "manager", 1}};
    BOOST_REQUIRE(store.append(block, places, {0, "state", {{"d", "text"}}}));
    BOOST_TEST(store.tip().value() == 0);
    BOOST_TEST((*store.block(0))->body == "body\n");
    BOOST_TEST((store.records().value() == places));
    BOOST_TEST(store.state()->deals.at("d") == "text");
    BOOST_TEST(!store.append(block, places, {0, "other", {}}));   // one block at a height
    BOOST_TEST(store.state()->chain == "state");
}

BOOST_AUTO_TEST_CASE(own_votes_are_kept_once)
{
    BOOST_REQUIRE(store.put_ready({1, 4, 1, sha256("a")}));
    BOOST_REQUIRE(store.put_ready({1, 4, 2, sha256("b")}));
    BOOST_TEST(!store.put_ready({1, 4, 2, sha256("c")}));
    BOOST_TEST((store.newest_ready().value() == OwnReady{1, 4, 2, sha256("b")}));
    const OwnEndorsement e{1, 4, 2, sha256("header"), 99, "header", "body"};
    BOOST_REQUIRE(store.put_own_endorsement(e));
    OwnEndorsement other = e;
    other.hash = sha256("c");
    BOOST_TEST(!store.put_own_endorsement(other));
    BOOST_TEST((store.endorsement(1, 4).value() == e));
}

BOOST_AUTO_TEST_CASE(signed_tables_refuse_changes)
{
    BOOST_REQUIRE(store.put_ready({1, 4, 1, sha256("a")}));
    BOOST_REQUIRE(store.append({0, "h", "b", Note{"c\n", {}}}, {{0, 0, "h", "d", "t", "m", 1}},
                               {0, "s", {}}));
    auto db = Database::open(path, Open::write, public_kind);
    BOOST_REQUIRE(db);
    for (const char* sql : {"DELETE FROM block", "UPDATE block SET body = 'x'",
                            "DELETE FROM record", "UPDATE own_ready SET hash = 'x'",
                            "DELETE FROM own_ready"})
        BOOST_TEST(!db->run(sql), sql);
}

BOOST_AUTO_TEST_CASE(rows_come_back)
{
    const auto rows = some_rows(5);
    BOOST_REQUIRE(store.put_rows("hash", rows));
    BOOST_REQUIRE(store.put_rows("hash", some_rows(3)));   // known already
    const auto read = store.rows("hash").value();
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->size() == 5u);
    BOOST_TEST((read->at(3).fields == rows[3].fields));
    BOOST_TEST((read->at(3).secret == rows[3].secret));
    BOOST_TEST(!store.rows("other").value().has_value());
    BOOST_TEST(!store.row_difference("hash").value().has_value());
}

BOOST_AUTO_TEST_CASE(changed_rows_are_named)
{
    BOOST_REQUIRE(store.put_rows("hash", some_rows(5)));
    auto db = Database::open(Store::rows_path(path), Open::write, rows_kind);
    BOOST_REQUIRE(db->run(R"(UPDATE row SET fields = '[["a","1"],["b","z"]]' WHERE key = 'key-102')"));
    auto d = store.row_difference("hash").value();
    BOOST_REQUIRE(d.has_value());
    BOOST_TEST(d->key == "key-102");
    BOOST_TEST(d->field == "b");
    BOOST_REQUIRE(db->run("UPDATE row SET secret = zeroblob(32) WHERE key = 'key-101'"));
    d = store.row_difference("hash").value();
    BOOST_TEST(d->key == "key-101");
    BOOST_TEST(d->field == "secret");
    BOOST_REQUIRE(db->run("UPDATE row SET fields = 'nonsense' WHERE key = 'key-100'"));
    BOOST_TEST(store.row_difference("hash").value()->key == "key-100");
    BOOST_TEST(store.rows("hash").value()->size() == 5u);
}

BOOST_AUTO_TEST_CASE(two_private_states_are_kept)
{
    for (std::int64_t h = 1; h <= 5; ++h)
        BOOST_REQUIRE(store.put_private_state("d", h, "at " + std::to_string(h)));
    BOOST_TEST(store.private_state("d", 5).value().value() == "at 5");
    BOOST_TEST(store.private_state("d", 4).value().value() == "at 4");
    BOOST_TEST(!store.private_state("d", 3).value().has_value());
}

BOOST_AUTO_TEST_CASE(observers_have_no_rows_file)
{
    auto observer = Store::create(folder / "o.db", false);
    BOOST_REQUIRE(observer);
    BOOST_TEST(!observer->has_rows_file());
    BOOST_TEST(!observer->put_rows("hash", some_rows(1)));
    BOOST_TEST(!observer->rows("hash").value().has_value());
    BOOST_TEST(observer->submissions().value().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tranchain
